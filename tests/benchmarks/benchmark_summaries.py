"""How good the summaries of a backend are, over a folder of papers.

`python -m tests.benchmarks.benchmark_summaries FOLDER --backend openai --base-url URL --model NAME`
summarizes each PDF and prints a table: quotes found, numbers and names without support, share of
Chinese, leaks of chatter or prompt, what of the paper was read, calls, tokens, money and seconds.
`--json FILE` keeps the figures; `--baseline FILE` ends with 1 where they are worse than those kept
earlier. What is published is judged, after all checks and repairs.
"""

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from chatpaper.backends import Backend, BackendSettings, RequestParameters, create_backend
from chatpaper.backends.decorators.retry import RetryingBackend
from chatpaper.domain import Claim, Document, FieldAnswer, Paper, Summary, collect_texts
from chatpaper.domain.errors import BackendError, ExtractError
from chatpaper.extract.document import read_document
from chatpaper.fetch.folder import read_folder
from chatpaper.pipeline.documents import complete_metadata
from chatpaper.storage.store import Store
from chatpaper.summarize import Summarizer, SummarizerOptions
from chatpaper.summarize.cost.call_log import CompletionCache
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.form import find_prompt_echoes
from chatpaper.summarize.quality.phrases import find_phrases, without_chatter
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier
from chatpaper.write.formats import load_format

KEY_VARIABLES = ("GEMINI_API_KEY", "OPENAI_API_KEY")
MAX_ATTEMPTS = 3
# A small model on the cores of a laptop takes a quarter of an hour to read a long paper.
TIMEOUT_SECONDS = 2400.0

# How much worse a figure may be than in the baseline before it counts as worse: models do not
# answer alike twice.
TOLERANCES = {
    "failed": 0.0,
    "quotes_found": 0.0,
    "unsupported_numerals": 0.0,
    "unsupported_names": 0.0,
    "leaks": 0.0,
    "marked": 1.0,
    "chinese": 0.05,
    "coverage": 0.01,
    "calls_per_paper": 0.2,
    "tokens_per_paper": 2000.0,
}
BETTER_WHEN_HIGHER = frozenset({"quotes_found", "chinese", "coverage"})

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")


@dataclass(frozen=True)
class Measured:
    """Counts and shares of what would be published of one paper.

    A paper that failed has `failure` alone.
    """

    paper: str
    failure: str = ""
    quotes: int = 0
    quotes_found: int = 0
    numerals: int = 0
    unsupported_numerals: int = 0
    names: int = 0
    unsupported_names: int = 0
    chinese: float = 0.0
    leaks: int = 0
    marked: int = 0
    left_out: int = 0
    coverage: float = 0.0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    seconds: float = 0.0


def measure(
    name: str, summary: Summary, paper: Paper, document: Document, seconds: float
) -> Measured:
    """Measure what a summary is worth, examined afresh and on its own."""
    claims = [
        item
        for answer in summary.answers.values()
        if not isinstance(answer, str)
        for item in answer
    ]
    # What stands without proof bears a mark in place of its quotation, and is counted as such.
    quotes = [item for item in claims if isinstance(item, Claim) and item.quote]
    finder = QuoteFinder(document, paper)
    verifier = Verifier(document, paper, finder)
    statements = [
        Statement(text) for answer in summary.answers.values() for text in collect_texts(answer)
    ]
    checked = [claim for statement in statements for claim in verifier.check(statement)]
    read, left_out = summary.coverage.characters_read, summary.coverage.characters_left_out
    return Measured(
        paper=name,
        quotes=len(quotes),
        quotes_found=sum(
            quote.page > 0 and finder.find(quote.quote) is not None for quote in quotes
        ),
        numerals=sum(claim.kind == "numeral" for claim in checked),
        unsupported_numerals=sum(
            claim.kind == "numeral" and claim.nearness == "nowhere" for claim in checked
        ),
        names=sum(claim.kind == "name" for claim in checked),
        unsupported_names=sum(
            claim.kind == "name" and claim.nearness == "nowhere" for claim in checked
        ),
        chinese=chinese_share(summary.answers),
        leaks=leaks(summary.answers),
        marked=summary.checks.marked,
        left_out=summary.checks.left_out,
        coverage=read / (read + left_out) if read + left_out else 1.0,
        calls=summary.llm_calls,
        input_tokens=summary.input_tokens,
        output_tokens=summary.output_tokens,
        cost_usd=summary.cost_usd,
        seconds=round(seconds, 1),
    )


def chinese_share(answers: Mapping[str, FieldAnswer]) -> float:
    """Return the share of Chinese characters in what was written, against words in Latin script."""
    text = "\n".join(text for answer in answers.values() for text in collect_texts(answer))
    han, latin = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    return round(han / (han + latin), 4) if han + latin else 0.0


def leaks(answers: Mapping[str, FieldAnswer]) -> int:
    """Count chatter, refusals, placeholders and words of the prompt."""
    prompts = Prompts.load()
    sources = [prompts.system_template, *(field.question for field in prompts.all_fields.values())]
    texts = [text for answer in answers.values() for text in collect_texts(answer)]
    found = [
        words for text in texts for words in find_phrases(text, "refusal", "placeholder", "prompt")
    ]
    chatty = [text for text in texts if without_chatter(text) != text.strip()]
    return len(found) + len(chatty) + sum(len(find_prompt_echoes(text, sources)) for text in texts)


def summarized(
    folder: Path,
    backend: Backend,
    language: str,
    most: int | None,
    context: int | None,
    cache: CompletionCache | None = None,
) -> list[Measured]:
    """Summarize the papers of a folder, and measure each as soon as it is done.

    `cache` keeps the answers for later commands.
    """
    summarizer = Summarizer(
        backend,
        Prompts.load(),
        cache,
        SummarizerOptions(language=language, context_tokens=context),
    )
    measured = []
    for found in read_folder(folder)[:most]:
        name = found.pdf.stem
        began = time.monotonic()
        try:
            document = read_document(found.pdf, None)
            paper = complete_metadata(found.paper, document)
            summary = summarizer.summarize(paper, document, load_format("daily").fields)
        except (BackendError, ExtractError) as error:
            calls = error.llm_calls if isinstance(error, BackendError) else 0
            measured.append(Measured(name, failure=f"{type(error).__name__}: {error}", calls=calls))
        else:
            measured.append(measure(name, summary, paper, document, time.monotonic() - began))
        print(f"{len(measured)}: {name} {measured[-1].failure}", file=sys.stderr)
    return measured


def totals(measured: Sequence[Measured]) -> dict[str, float]:
    """Return the figures of all papers together, which are compared with a baseline."""
    done = [each for each in measured if not each.failure]
    quotes, count = sum(each.quotes for each in done), max(1, len(done))
    tokens = sum(each.input_tokens + each.output_tokens for each in done)
    costs = [each.cost_usd for each in done if each.cost_usd is not None]
    return {
        "papers": len(measured),
        "failed": len(measured) - len(done),
        "quotes_found": round(sum(each.quotes_found for each in done) / quotes, 4)
        if quotes
        else 1.0,
        "unsupported_numerals": sum(each.unsupported_numerals for each in done),
        "unsupported_names": sum(each.unsupported_names for each in done),
        "chinese": round(sum(each.chinese for each in done) / count, 4),
        "leaks": sum(each.leaks for each in done),
        "marked": sum(each.marked for each in done),
        "coverage": round(sum(each.coverage for each in done) / count, 4),
        "calls_per_paper": round(sum(each.calls for each in measured) / max(1, len(measured)), 2),
        "tokens_per_paper": round(tokens / count),
        "cost_usd_per_paper": round(sum(costs) / count, 6),
        "seconds_per_paper": round(sum(each.seconds for each in done) / count, 1),
    }


def regressions(now: Mapping[str, float], baseline: Mapping[str, float]) -> list[str]:
    """Return the figures that are worse than those of the baseline by more than is tolerated."""
    return [
        f"{name}: {now[name]:g}, in the baseline {baseline[name]:g}"
        for name, tolerance in TOLERANCES.items()
        if name in baseline
        and (
            baseline[name] - now[name] if name in BETTER_WHEN_HIGHER else now[name] - baseline[name]
        )
        > tolerance
    ]


def table(measured: Sequence[Measured]) -> str:
    """Return the figures by paper, in Markdown, and of all together."""
    head = (
        "| paper | quotes found | numbers w/o support | names w/o support | Chinese | leaks | "
        "marked | left out | read "
    )
    lines = [f"{head}| calls | tokens in + out | USD | s |", f"|{'---|' * 13}"]
    for each in measured:
        if each.failure:
            lines.append(
                f"| {each.paper} | failed after {each.calls} calls: {each.failure} |{' |' * 11}"
            )
            continue
        money = "?" if each.cost_usd is None else f"{each.cost_usd:.4f}"
        lines.append(
            f"| {each.paper} | {each.quotes_found}/{each.quotes} | "
            f"{each.unsupported_numerals}/{each.numerals} | {each.unsupported_names}/{each.names} "
            f"| {each.chinese:.0%} | {each.leaks} | {each.marked} | {each.left_out} | "
            f"{each.coverage:.0%} | {each.calls} | {each.input_tokens} + {each.output_tokens} | "
            f"{money} | {each.seconds:.0f} |"
        )
    together = "\n".join(f"- {name}: {value:g}" for name, value in totals(measured).items())
    return "\n".join(lines) + "\n\n" + together


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0, or 1 where the figures are worse than the baseline."""
    parser = argparse.ArgumentParser(
        description="Measure the summaries of a backend over a folder of papers."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--backend", default="gemini")
    parser.add_argument("--model", default="")
    parser.add_argument("--base-url", default="")
    parser.add_argument("--language", default="zh")
    parser.add_argument("--papers", type=int)
    parser.add_argument("--context-tokens", type=int)
    parser.add_argument("--temperature", type=float)
    parser.add_argument(
        "--extra-parameters", type=json.loads, help="what the server alone knows, as a JSON object"
    )
    parser.add_argument(
        "--state",
        type=Path,
        help="a state_dir: `chatpaper run` with it writes these posts for nothing",
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--baseline", type=Path)
    given = parser.parse_args(arguments)
    key = next((os.environ[variable] for variable in KEY_VARIABLES if os.environ.get(variable)), "")
    settings = BackendSettings(
        given.model,
        given.base_url,
        key,
        timeout_seconds=TIMEOUT_SECONDS,
        parameters=RequestParameters(given.temperature, given.extra_parameters or {}),
    )
    backend = RetryingBackend(create_backend(given.backend, settings), max_attempts=MAX_ATTEMPTS)
    with Store(given.state) if given.state else nullcontext() as store:
        measured = summarized(
            given.folder,
            backend,
            given.language,
            given.papers,
            given.context_tokens,
            store.completions if store else None,
        )
    print(table(measured))
    if given.json:
        record = {"totals": totals(measured), "papers": [asdict(each) for each in measured]}
        given.json.write_text(
            json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    if given.baseline is None:
        return 0
    worse = regressions(totals(measured), json.loads(given.baseline.read_text("utf-8"))["totals"])
    for line in worse:
        print(f"worse: {line}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
