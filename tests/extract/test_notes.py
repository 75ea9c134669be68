"""Research notes, letters and comments: text at once after the authors, without any heading."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain import Document
from chatpaper.extract.document import read_document
from tests.extract.drawn_pages import (
    LEADING,
    LEFT_COLUMN,
    RIGHT_COLUMN,
    WHOLE_WIDTH,
    PaperPage,
    draw,
)

BEGINNING = (
    "Dusty Rings (Berg et al. 2018; Dahl, Engel and Falk 2019; Adams, Berg and Brahe 2021) "
    "and Disks (Falk 2022) were"
)
MIDDLE = "Their period has grown by four seconds since that night."
END = "We thank the keepers of the telescope for the light that they left on."
INSTITUTES = ("Institute of Rings, Lund, Sweden", "Centre for Dust, Oslo, Norway")
NARROW = (90.0, 522.0)

Paint = Callable[[PaperPage], object]


def sign(page: PaperPage, baseline: float, *names: str, size: float = 10.0) -> None:
    """Set names in one line, each with the raised number of its institute."""
    x = 200.0
    for number, name in enumerate(names, start=1):
        x = page.text(x, baseline, name, size)
        x = page.text(x, baseline - 3.5, str(number), 6) + 4


def set_institutes(page: PaperPage, top: float, size: float = 8.0) -> None:
    for place, institute in enumerate(INSTITUTES):
        page.centred(WHOLE_WIDTH, top + LEADING * place, institute, size)


def set_column(page: PaperPage, column: tuple[float, float], top: float, *ends: str) -> float:
    """Set a paragraph for each of `ends`, its last line, and return the y coordinate below."""
    for end in ends:
        top = page.prose(column, top, 12) + LEADING
        page.text(column[0], top - 2, end)
        top += 2
    return top


def set_in_one_column(page: PaperPage) -> None:
    """Set a title in capitals and authors in one type, as AASTeX does for research notes."""
    page.centred(WHOLE_WIDTH, 100, "A RING OF DUST THAT ACCELERATES TOWARDS US", 10)
    sign(page, 114, "A. B. Berg,", "C. Dahl,")
    set_institutes(page, 130)
    page.text(54, 190, BEGINNING)
    page.prose(WHOLE_WIDTH, 193, 45)


def set_in_two_columns(page: PaperPage) -> None:
    page.text(120, 80, "A Ring of Dust that Accelerates Towards Us", 16, "tibo")
    page.centred(WHOLE_WIDTH, 104, "Anna Berg and Carl Dahl", 11)
    set_institutes(page, 120, 9)
    page.text(54, 170, "Dusty Rings (Berg 2018; Dahl, Engel and Falk 2019;")
    page.prose(LEFT_COLUMN, 172, 45)
    page.prose(RIGHT_COLUMN, 160, 46)


def set_with_footnotes(page: PaperPage) -> None:
    page.centred(WHOLE_WIDTH, 90, "A Ring of Dust that Accelerates", 12)
    page.centred(WHOLE_WIDTH, 104, "Towards Us", 12)
    page.centred(WHOLE_WIDTH, 126, "Anna Berg and Carl Dahl", 12)
    page.text(54, 170, BEGINNING)
    page.prose(WHOLE_WIDTH, 173, 42)
    page.page.draw_line((54, 700), (200, 700), color=(0, 0, 0), width=0.4)
    set_institutes(page, 712)


def read_note(path: Path, front: Paint, *columns: tuple[float, float]) -> Document:
    def second(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 80, "(1)", 10)
        for column, end in zip((columns[0], columns[-1]), (MIDDLE, END), strict=True):
            at = 100 if len(columns) > 1 or end is MIDDLE else 300
            set_column(page, column, at, end)

    return read_document(draw(path / "note.pdf", front, second), None)


@pytest.mark.parametrize(
    ("front", "columns", "title"),
    [
        (set_in_one_column, (WHOLE_WIDTH,), "A RING OF DUST THAT ACCELERATES TOWARDS US"),
        (
            set_in_two_columns,
            (LEFT_COLUMN, RIGHT_COLUMN),
            "A Ring of Dust that Accelerates Towards Us",
        ),
        (set_with_footnotes, (WHOLE_WIDTH,), "A Ring of Dust that Accelerates Towards Us"),
    ],
    ids=["capitals and marks", "two columns", "footnotes"],
)
def test_a_note_has_front_matter_and_text_and_no_abstract(
    tmp_path: Path, front: Paint, columns: tuple[tuple[float, float], ...], title: str
) -> None:
    note = read_note(tmp_path, front, *columns)
    assert note.title == title
    assert note.abstract == ""
    assert all(name in note.front_matter for name in ("Berg", "Dahl", *INSTITUTES))
    assert "results" not in note.front_matter
    [text] = note.sections
    assert text.text.startswith("Dusty Rings (Berg")
    assert text.text.index("since that night") < text.text.index("that they left on")
    assert text.page == 1


def test_a_narrower_block_before_the_text_is_an_abstract_also_without_headings(
    tmp_path: Path,
) -> None:
    def letter(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 90, "A Ring of Dust that Accelerates Towards Us", 16)
        page.centred(WHOLE_WIDTH, 120, "Anna Berg and Carl Dahl", 11)
        set_column(page, NARROW, 150, MIDDLE)
        page.prose(WHOLE_WIDTH, 340, 30)

    note = read_note(tmp_path, letter, WHOLE_WIDTH)
    assert note.abstract.endswith(MIDDLE)
    assert note.sections[0].text.endswith(END)


def test_a_block_in_the_type_of_the_text_before_a_heading_is_an_abstract(tmp_path: Path) -> None:
    def front(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 90, "A Ring of Dust that Accelerates Towards Us", 16)
        page.centred(WHOLE_WIDTH, 120, "Anna Berg and Carl Dahl", 11)
        top = set_column(page, WHOLE_WIDTH, 150, MIDDLE)
        page.text(
            54, top + 14, "Related terms are dust, rings, and how they are seen by telescopes."
        )
        page.text(54, top + 40, "1 Introduction", 13, "hebo")
        page.prose(WHOLE_WIDTH, top + 56, 24)

    note = read_note(tmp_path, front, WHOLE_WIDTH)
    assert note.abstract.endswith(MIDDLE)


def test_text_behind_pages_without_text_is_no_front_matter(tmp_path: Path) -> None:
    def empty(page: PaperPage) -> None:
        page.page.draw_rect(pymupdf.Rect(54, 54, 558, 700), color=None, fill=(0.9, 0.9, 0.9))

    def text(page: PaperPage) -> None:
        page.prose(WHOLE_WIDTH, 72, 30)
        page.text(54, 460, "4 Conclusion", 13, "hebo")
        page.prose(WHOLE_WIDTH, 470, 20)

    document = read_document(draw(tmp_path / "paper.pdf", empty, empty, empty, text), None)
    assert document.front_matter == ""
    assert document.sections[0].page == 4


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("Rings, Disks and Shells", "Dust Grains, Gas and Plasma Waves"), 2),
        (("RINGS OF DUST AROUND STARS", "Observed with Two Telescopes"), 2),
        (("Rings of Dust around Stars", "A. B. Berg, C. Dahl"), 1),
        (("RINGS OF DUST AROUND STARS", "Anna Berg"), 1),
    ],
)
def test_names_below_a_title_in_its_own_type_are_told_from_its_next_line(
    tmp_path: Path, lines: tuple[str, str], title: int
) -> None:
    def front(page: PaperPage) -> None:
        for place, line in enumerate(lines):
            page.centred(WHOLE_WIDTH, 90 + 15 * place, line, 12.5)
        page.prose(WHOLE_WIDTH, 160, 40)

    assert read_note(tmp_path, front, WHOLE_WIDTH).title == " ".join(lines[:title])
