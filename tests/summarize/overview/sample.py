"""Papers and summaries for tests of overviews, small enough to read."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chatpaper.domain import Claim, Document, Figure, Paper, PostEntry, Result, Section, Summary
from chatpaper.domain.documents import BBox


def make_entry(arxiv_id: str, title: str, text: str, **answers: Any) -> PostEntry:
    """Return a paper of one page of text and one table, with the answers of its summary."""
    document = Document(
        title=title,
        abstract=text.split(". ", maxsplit=1)[0] + ".",
        pages=3,
        sections=(Section("1", "Introduction", 1, 1, text),),
        figures=(
            Figure(
                "Table 1",
                "table",
                "Results on the test set",
                2,
                BBox(0, 0, 1, 1),
                text="\n".join(
                    ("Method | ImageNet FID", *(f"Ours | {row.ours}" for row in _rows(answers)))
                ),
            ),
        ),
    )
    paper = Paper(arxiv_id, title, ("Ada Lovelace",), document.abstract)
    paper = replace(paper, published=datetime(2026, 11, 20, tzinfo=UTC))
    return PostEntry(paper, document, Summary(answers, "en", "fake", "fake", ""))


def make_result(value: str, **changes: Any) -> Result:
    """Return a row of the table of results."""
    row = Result("generation", "ImageNet", "FID", value, "", "", "Table 1", 2)
    return replace(row, **changes)


def claim(text: str, page: int = 1) -> Claim:
    """Return a statement with its page."""
    return Claim(text, text, page, "Introduction")


def _rows(answers: dict[str, Any]) -> tuple[Result, ...]:
    return tuple(answers.get("results", ()))


SAMPLER = make_entry(
    "2611.00001",
    "A Sampler that Stops Early",
    "We sample diffusion models with few steps. Our sampler QuickStop needs 12 steps on ImageNet "
    "and stops when the noise no longer falls.",
    key_takeaways=(claim("QuickStop samples diffusion models in 12 steps on ImageNet."),),
    results=(make_result("3.1"),),
    limitations=("It was tested on ImageNet alone.",),
)
PRUNER = make_entry(
    "2611.00002",
    "Pruning Attention Heads of Translation Models",
    "We prune the attention heads of translation models. Pruning TrimNet removes 40% of the heads "
    "without a loss of BLEU.",
    key_takeaways=(claim("TrimNet removes 40% of the attention heads of translation models."),),
    results=(make_result("2.7"),),
)
