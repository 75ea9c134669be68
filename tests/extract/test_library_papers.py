"""The papers of the example library, whose text is known from their LaTeX sources."""

import json
import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chatpaper.domain import Document
from chatpaper.extract.document import read_document
from chatpaper.extract.pdf.reader import read_pdf

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
STEMS = sorted(path.stem for path in (LIBRARY / "truth").glob("*.json"))
WITH_SECTIONS = [
    stem
    for stem in STEMS
    if json.loads((LIBRARY / "truth" / f"{stem}.json").read_text())["sections"]
]
# Letters of formulas count as words here but not in the truth, where formulas are marked: so not
# quite 1.
LEAST_SIMILARITY = 0.97


@cache
def read(stem: str) -> Document:
    return read_document(LIBRARY / f"{stem}.pdf", None)


@cache
def truth(stem: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((LIBRARY / "truth" / f"{stem}.json").read_text())
    return values


def letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def words(text: str) -> list[str]:
    return re.findall(r"[\u4e00-\u9fff]|[a-zA-ZÀ-ž]{2,}", re.sub(r"⟦.*?⟧", " ", text))


@pytest.mark.parametrize("stem", STEMS)
def test_title_abstract_and_sections(stem: str) -> None:
    document, wanted = read(stem), truth(stem)
    assert letters(document.title) == letters(wanted["title"])
    spared = {letters(section["title"]) for section in wanted["sections_level3"]}
    found = [
        (section.number, letters(section.title), section.page)
        for section in document.sections
        if letters(section.title) not in spared
    ]
    assert found == [(s["number"], letters(s["title"]), s["page"]) for s in wanted["sections"]]


@pytest.mark.parametrize("stem", WITH_SECTIONS)
def test_the_text_is_that_of_the_source(stem: str) -> None:
    texts = {
        (section.number, letters(section.title)): section.text for section in read(stem).sections
    }
    wanted, found = [], []
    for section in truth(stem)["body_text"]:
        wanted += words(section["text"])
        found += words(texts.get((section["number"], letters(section["title"])), ""))
    assert SequenceMatcher(None, wanted, found, autojunk=False).ratio() >= LEAST_SIMILARITY


@pytest.mark.parametrize("stem", STEMS)
def test_links_references_and_hidden_text(stem: str) -> None:
    document, wanted = read(stem), truth(stem)
    assert list(document.links) == wanted["links"]
    assert (document.references.page, document.references.count) == (
        wanted["references"]["page"],
        wanted["references"]["count"],
    )
    assert sorted((hidden.page, hidden.text) for hidden in document.hidden_text) == sorted(
        (hidden["page"], hidden["text"]) for hidden in wanted["hidden_text"]
    )


@pytest.mark.parametrize("stem", WITH_SECTIONS)
def test_the_abstract_is_whole(stem: str) -> None:
    wanted = truth(stem).get("abstract") or ""
    assert letters(read(stem).abstract) == letters(re.sub(r"[⟦⟧]", "", wanted)) or "⟦" in wanted


@pytest.mark.parametrize("stem", WITH_SECTIONS)
def test_every_letter_of_a_page_is_in_one_section_at_most(stem: str) -> None:
    document = read(stem)
    printed = Counter(
        character
        for page in read_pdf(LIBRARY / f"{stem}.pdf").pages
        for line in page.lines
        for character in letters(line.text)
    )
    told = Counter(
        letters(document.abstract + "".join(section.text for section in document.sections))
    )
    assert not {
        character
        for character, times in told.items()
        if character.isascii() and times > printed[character]
    }


@pytest.mark.parametrize("stem", STEMS)
def test_sections_are_in_reading_order_and_know_their_pages(stem: str) -> None:
    sections = read(stem).sections
    pages = [section.page for section in sections]
    assert pages == sorted(pages)
    for section in sections:
        assert all(section.page <= page <= read(stem).pages for page, _ in section.page_starts)
        assert [offset for _, offset in section.page_starts] == sorted(
            {offset for _, offset in section.page_starts}
        )
