"""What a night costs, by the table of prices: the lines of docs/measured.md and of the READMEs.

`python -m tests.docs.night_price` writes the table in docs/measured.md again. It is what
`--dry-run` estimates before anything is on record, for papers of ordinary length: one call that
reads the paper, and a second one that judges the statements.
"""

import re

from chatpaper.app.publishing import list_asked_fields
from chatpaper.backends import BackendSettings, create_backend
from chatpaper.domain import Completion, Paper
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.extract.document import read_document
from chatpaper.summarize import Summarizer, SummarizerOptions
from chatpaper.summarize.cost.call_log import NoCache
from chatpaper.summarize.cost.estimate import CostEstimator
from chatpaper.summarize.cost.prices import Prices, get_context_tokens
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.verify.judge.second_reader import SecondReader, SecondReaderOptions
from chatpaper.write.formats import load_format
from tests.conftest import LIBRARY, REPOSITORY

PAGE = REPOSITORY / "docs" / "measured.md"
TABLE = re.compile(r"(?<=<!-- night -->\n\n).*?(?=\n<!-- end of night -->)", re.DOTALL)

PAPERS = 30
# The median of 38 published papers, of 13 pages: what the text of their sections takes, without
# references.
ORDINARY_TOKENS = 7_900
# Backend and model: that of the settings, and a larger one of the same maker. What others charge by
# the hour of the day is no figure for a page.
MODELS = (("gemini", "gemini-3.5-flash-lite"), ("gemini", "gemini-3.5-flash"))
# What the example settings ask for, and the default.
FORMATS = ("brief", "daily")


# Opening a backend sends nothing.
_ANY_KEY = "AIzaSyNight"


def estimate_paper(backend_name: str, model: str) -> tuple[int, int]:
    """Estimate the tokens in and out for one paper of ordinary length, both calls together."""
    backend = create_backend(backend_name, BackendSettings(model=model, api_key=_ANY_KEY))
    prompts = Prompts.load()
    estimator = CostEstimator(backend_name, model, Prices())
    second_reader = SecondReader(
        backend,
        prompts,
        NoCache(),
        SecondReaderOptions(get_context_tokens(backend_name, model), "auto", lambda: "", estimator),
    )
    summarizer = Summarizer(
        backend,
        prompts,
        options=SummarizerOptions(estimator=estimator, second_reader=second_reader),
    )
    document = read_document(LIBRARY / "step-budgets.pdf", None)
    paper = Paper("2611.00001", document.title, abstract=document.abstract)
    asked = list_asked_fields([load_format(name) for name in FORMATS])
    estimate = summarizer.estimate(paper, document, asked)
    own_tokens = sum(estimate_tokens(section.text) for section in document.sections)
    return estimate.input_tokens - own_tokens + ORDINARY_TOKENS, estimate.output_tokens


def price_night(backend_name: str, model: str) -> float:
    """Return what a night costs in US dollars."""
    input_tokens, output_tokens = estimate_paper(backend_name, model)
    cost = Prices().cost_usd(
        backend_name, Completion("", model, input_tokens, output_tokens), model
    )
    assert cost is not None, f"{model} is not in the table of prices"
    return cost * PAPERS


def list_lines() -> str:
    """Return the lines of the table: a model in each."""
    rows = []
    for backend_name, model in MODELS:
        input_tokens, output_tokens = estimate_paper(backend_name, model)
        night = price_night(backend_name, model)
        rows.append(
            f"| `{model}` (`{backend_name}`) | {round(input_tokens, -2):,} | "
            f"{round(output_tokens, -2):,} | ${night:.2f} | ${night / PAPERS:.3f} |"
        )
    head = f"| model | tokens in, a paper | tokens out | a night of {PAPERS} papers | a paper |"
    return "\n".join([head, "|---|---|---|---|---|", *rows, ""])


def main() -> None:
    lines = list_lines()
    PAGE.write_text(TABLE.sub(lambda _: lines, PAGE.read_text("utf-8")), "utf-8")
    print(lines)


if __name__ == "__main__":
    main()
