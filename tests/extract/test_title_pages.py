"""Titles on cards, in two styles, and on the title pages of theses and reports."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.extract.document import read_document
from tests.extract.drawn_pages import (
    LEADING,
    LEFT_COLUMN,
    RIGHT_COLUMN,
    WHOLE_WIDTH,
    PaperPage,
    draw,
    text_page,
)

Paint = Callable[[PaperPage], object]


def read_title(path: Path, paint: Paint) -> str:
    def front(page: PaperPage) -> None:
        paint(page)
        page.text(54, 300, "Anna Berg", 10, "helv")
        page.prose(LEFT_COLUMN, 420, 25)
        page.prose(RIGHT_COLUMN, 420, 25)

    return read_document(draw(path / "paper.pdf", front, text_page), None).title


def set_lines(*lines: tuple[str, float, str], leading: float = 24.0) -> Paint:
    """Set lines below each other, each with its type size and font."""

    def paint(page: PaperPage) -> None:
        for place, (text, size, font) in enumerate(lines):
            page.text(80, 90 + leading * place, text, size, font)

    return paint


def paint_card(page: PaperPage) -> None:
    page.page.draw_rect(pymupdf.Rect(54, 60, 558, 130), color=None, fill=(0.85, 0.9, 1.0))
    page.text(80, 100, "Bounds for Layers under Loads", 20, "hebo")


@pytest.mark.parametrize(
    ("paint", "title"),
    [
        (paint_card, "Bounds for Layers under Loads"),
        (
            set_lines(("Bounds for Layers:", 18, "hebo"), ("Random Loads", 15, "heit")),
            "Bounds for Layers: Random Loads",
        ),
        (
            set_lines(
                ("Department of Physics, University of X", 20, "hebo"),
                ("Bounds for Layers", 13, "hebo"),
                leading=60,
            ),
            "Bounds for Layers",
        ),
        (
            set_lines(
                ("Master’s Thesis", 20, "hebo"), ("Bounds for Layers", 18, "helv"), leading=60
            ),
            "Bounds for Layers",
        ),
        (
            set_lines(("MSEC2023-1042", 20, "hebo"), ("Bounds for Layers", 13, "hebo"), leading=60),
            "Bounds for Layers",
        ),
        (set_lines(("Title: Bounds for Layers", 18, "helv")), "Bounds for Layers"),
    ],
    ids=["card", "two styles", "institution", "kind of thesis", "report number", "label"],
)
def test_the_title_is_found(tmp_path: Path, paint: Paint, title: str) -> None:
    assert read_title(tmp_path, paint) == title


def test_large_type_in_a_logo_is_no_title(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        paint_card(page)
        page.text(80, 180, "Layers of Loads", 15, "hebo")

    assert read_title(tmp_path, paint) == "Layers of Loads"


def test_a_card_with_title_and_abstract_is_no_part_of_the_figure_below(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        page.page.draw_rect(pymupdf.Rect(54, 60, 558, 300), color=None, fill=(0.85, 0.9, 1.0))
        page.text(80, 100, "Bounds for Layers under Loads", 20, "hebo")
        page.centred(WHOLE_WIDTH, 130, "Anna Berg and Carl Dahl", 10)
        page.prose((72, 540), 160, 9)
        page.text(72, 160 + 10 * LEADING, "We end with bounds for every layer.")
        page.text(54, 322, "1. Introduction", 13, "hebo")
        page.plot(70, 340, 540, 470)
        page.centred(WHOLE_WIDTH, 490, "Figure 1: The loads that each of the layers bears.")
        page.prose(WHOLE_WIDTH, 510, 20)

    def text(page: PaperPage) -> None:
        page.prose(WHOLE_WIDTH, 72, 50)

    document = read_document(draw(tmp_path / "paper.pdf", paint, text), None)
    assert document.title == "Bounds for Layers under Loads"
    assert document.front_matter == "Anna Berg and Carl Dahl"
    assert document.abstract.endswith("We end with bounds for every layer.")
    [figure] = document.figures
    assert figure.bbox.y0 > 330


def test_categories_below_an_abstract_are_no_part_of_it(tmp_path: Path) -> None:
    def front(page: PaperPage) -> None:
        page.text(80, 90, "Bounds for Layers under Loads", 20, "hebo")
        page.text(54, 200, "Abstract", 11, "hebo")
        page.text(54, 216, "We bound the loads that layers of sand bear.", 10)
        page.text(54, 228, "CR categories and subject descriptors: I.3.3", 10)
        page.text(54, 260, "1 Introduction", 11, "hebo")
        page.prose(LEFT_COLUMN, 280, 25)
        page.prose(RIGHT_COLUMN, 280, 25)

    document = read_document(draw(tmp_path / "paper.pdf", front, text_page), None)
    assert document.abstract == "We bound the loads that layers of sand bear."


@pytest.mark.parametrize(
    "code", ["R> loads <- count(layers)", "SQL> select loads from layers", "In [1]: import layers"]
)
def test_what_is_typed_after_a_prompt_is_no_heading(tmp_path: Path, code: str) -> None:
    def front(page: PaperPage) -> None:
        page.text(80, 90, "Bounds for Layers under Loads", 20, "hebo")
        for top, title in ((200, "1 Introduction"), (330, "Related Work"), (460, code)):
            page.text(54, top, title, 11, "hebo")
            page.prose(LEFT_COLUMN, top + 20, 7)
        page.prose(RIGHT_COLUMN, 200, 25)

    document = read_document(draw(tmp_path / "paper.pdf", front, text_page), None)
    assert [section.title for section in document.sections] == ["Introduction", "Related Work"]


def test_what_is_printed_again_after_a_cover_is_no_heading(tmp_path: Path) -> None:
    def cover(page: PaperPage) -> None:
        page.text(80, 120, "Bounds for Layers: A Study of Loads", 20, "hebo")
        page.text(80, 150, "Anna Berg, University of X", 12, "hebo")
        page.text(80, 400, "This paper is included in the Proceedings of the", 16, "hebo")

    def front(page: PaperPage) -> None:
        page.text(80, 90, "Bounds for Layers", 18, "hebo")
        page.text(80, 112, "A Study of Loads", 14, "hebo")
        page.text(80, 140, "Anna Berg", 12, "helv")
        page.text(54, 190, "Abstract", 12, "hebo")
        page.prose(LEFT_COLUMN, 210, 8)
        page.text(54, 340, "1 Introduction", 12, "hebo")
        page.prose(LEFT_COLUMN, 360, 15)
        page.prose(RIGHT_COLUMN, 190, 25)

    document = read_document(draw(tmp_path / "paper.pdf", cover, front, text_page), None)
    assert document.title == "Bounds for Layers: A Study of Loads"
    assert [section.title for section in document.sections if section.title] == ["Introduction"]
    assert document.abstract_page == 2
