"""Titles on cards, in two styles, and on the title pages of theses and reports."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.extract.document import read_document
from tests.extract.drawn_pages import LEFT_COLUMN, RIGHT_COLUMN, PaperPage, draw, text_page

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
    ],
    ids=["card", "two styles", "institution", "kind of thesis"],
)
def test_the_title_is_found(tmp_path: Path, paint: Paint, title: str) -> None:
    assert read_title(tmp_path, paint) == title


def test_large_type_in_a_logo_is_no_title(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        paint_card(page)
        page.text(80, 180, "Layers of Loads", 15, "hebo")

    assert read_title(tmp_path, paint) == "Layers of Loads"
