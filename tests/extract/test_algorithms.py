"""Algorithms are floats of their own, with their lines indented as printed."""

from pathlib import Path

import pytest

from chatpaper.domain import Document
from chatpaper.extract.document import read_document
from tests.extract.drawn_pages import LEADING, LEFT_COLUMN, RIGHT_COLUMN, PaperPage, draw, text_page

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
TOP = 150.0
LINES = [
    (0.0, "Require: a list of numbers"),
    (16.0, "for each pair of neighbours do"),
    (31.0, "if the first is larger then"),
    (46.0, "exchange the two"),
    (31.0, "end if"),
    (16.0, "end for"),
    (16.0, "return the list"),
]
NUMBERED = (
    "Require: a list of numbers",
    "1: for each pair of neighbours do",
    "2:   if the first is larger then",
    "3:      exchange the two",
    "4:   end if",
    "5: end for",
    "6: return the list",
)


def paint_algorithm(page: PaperPage, *, framed: bool, numbered: bool) -> None:
    left, right = LEFT_COLUMN
    page.prose(LEFT_COLUMN, 72, 5)
    right_of_label = page.text(left + 4, TOP, "Algorithm 1", font="tibo")
    page.text(right_of_label + 4, TOP, "Sorting by exchange")
    bottom = TOP + 8 + len(LINES) * LEADING
    for place, (indent, text) in enumerate(LINES):
        baseline = TOP + 14 + place * LEADING
        if numbered and place:
            page.text(left + 4, baseline, f"{place}:", 9)
        page.text(left + 4 + indent, baseline, text, 9)
    if framed:
        page.page.draw_rect((left, TOP - 11, right, bottom), color=(0, 0, 0), width=0.5)
    else:
        for y in (TOP - 11, TOP + 4, bottom):
            page.page.draw_line((left, y), (right, y), color=(0, 0, 0), width=0.6)
    page.prose(LEFT_COLUMN, bottom + 12, 30)
    page.prose(RIGHT_COLUMN, 72, 48)


def read(path: Path, *, framed: bool, numbered: bool) -> Document:
    def page(page: PaperPage) -> None:
        paint_algorithm(page, framed=framed, numbered=numbered)

    return read_document(draw(path / "paper.pdf", page, text_page), None)


@pytest.mark.parametrize("framed", [True, False])
def test_an_algorithm_is_a_float_of_its_own(tmp_path: Path, framed: bool) -> None:
    document = read(tmp_path, framed=framed, numbered=True)
    (algorithm,) = document.algorithms
    assert (algorithm.label, algorithm.caption) == ("Algorithm 1", "Sorting by exchange")
    assert algorithm.page == 1
    assert algorithm.lines == NUMBERED
    assert algorithm.bbox.y0 >= TOP
    assert algorithm.bbox.y1 >= TOP + 14 + 6 * LEADING
    assert document.figures == ()
    assert "exchange the two" not in " ".join(section.text for section in document.sections)
    assert "exchange the two" in document.asides[0].text


def test_lines_without_numbers_are_indented_from_the_leftmost(tmp_path: Path) -> None:
    (algorithm,) = read(tmp_path, framed=True, numbered=False).algorithms
    assert [len(line) - len(line.lstrip()) for line in algorithm.lines] == [0, 3, 5, 8, 5, 3, 3]
    assert [line.strip() for line in algorithm.lines] == [text for _, text in LINES]


def test_the_algorithm_of_the_example_library_is_read() -> None:
    (algorithm,) = read_document(LIBRARY / "schedule-sensors.pdf", None).algorithms
    assert algorithm.caption == "Schedule matched to a spectrum"
    assert len(algorithm.lines) > 3
