"""Real papers whose pages were read by eye: the share of their contents that is found."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chatpaper.domain import Document
from chatpaper.extract.document import read_document

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TRUTHS = sorted((CORPUS / "truth").glob("*.json"))

# No rule can be right on every paper, and papers are added that no rule was made for: so the sum
# over all is held, not each paper. The floors are just below what is measured, so that one more
# paper read wrong is seen.
LEAST_HEADINGS = 0.986  # 731 of 741, each with its wording, page and level
LEAST_TITLES = 0.95  # 40 of 42


@dataclass(frozen=True)
class Count:
    """How many there are in a paper, and the ones that were missed."""

    total: int
    missed: tuple[str, ...]


@pytest.mark.skipif(
    not TRUTHS, reason="the corpus of real papers beside the repository is not there"
)
def test_what_is_found_over_all_papers() -> None:
    headings, titles, disordered = {}, {}, {}
    for path in TRUTHS:
        truth, document = (
            json.loads(path.read_text()),
            read_document(CORPUS / "pdf" / f"{path.stem}.pdf", None),
        )
        headings[path.stem], titles[path.stem] = (
            count_headings(truth, document),
            count_title(truth, document),
        )
        pages = [section.page for section in document.sections]
        if pages != sorted(pages):
            disordered[path.stem] = pages
    assert not disordered
    assert share(headings.values()) >= LEAST_HEADINGS, report("headings", headings)
    assert share(titles.values()) >= LEAST_TITLES, report("titles", titles)


def count_headings(truth: dict[str, Any], document: Document) -> Count:
    found = {(letters(section.title), section.page, section.level) for section in document.sections}
    wanted = [
        (letters(section["title"]), section["page"], section["level"])
        for section in truth["sections"]
    ]
    missed = (
        f"{title} (page {page}, level {level})"
        for title, page, level in wanted
        if (title, page, level) not in found
    )
    return Count(len(wanted), tuple(missed))


def count_title(truth: dict[str, Any], document: Document) -> Count:
    return Count(1, () if letters(document.title) == letters(truth["title"]) else (document.title,))


def share(counts: Iterable[Count]) -> float:
    """Return the share that was found."""
    every = list(counts)
    return 1 - sum(len(count.missed) for count in every) / sum(count.total for count in every)


def report(what: str, counts: Mapping[str, Count]) -> str:
    missed = "\n".join(
        f"{stem}: {'; '.join(count.missed)}" for stem, count in counts.items() if count.missed
    )
    return f"{what}: {share(counts.values()):.4f} found; missed are\n{missed}"


def letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
