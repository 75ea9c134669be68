"""The part of a page that is shown as evidence: the passage, with letters that can be read."""

from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain import BBox
from chatpaper.extract.boxes import contains
from chatpaper.extract.pdf.crops import (
    LEGIBLE_PIXELS,
    PIXEL_DENSITY,
    choose_crop,
    choose_legible_dpi,
)
from chatpaper.extract.pdf.rendering import render_marked_page

PAGE = BBox(0, 0, 612, 792)
LEFT, RIGHT = (54.0, 300.0), (318.0, 560.0)


def lines_at(column: tuple[float, float], *tops: float) -> list[BBox]:
    return [BBox(column[0], top, column[1], top + 10) for top in tops]


def test_a_passage_is_shown_with_its_paragraph_from_end_to_end_and_some_lines_around() -> None:
    (line,) = passage = [BBox(120, 400, 200, 410)]
    crop = choose_crop(PAGE, passage, (), [BBox(54, 350, 300, 480)])
    assert contains(crop, line)
    assert (crop.x0, crop.x1) == (50, 304)
    assert 370 < crop.y0 < 390
    assert 420 < crop.y1 < 440


def test_of_a_passage_over_two_columns_the_part_with_the_value_is_shown() -> None:
    bottom, top = lines_at(LEFT, 700, 712, 724), lines_at(RIGHT, 60)
    blocks = [BBox(LEFT[0], 600, LEFT[1], 734), BBox(RIGHT[0], 60, RIGHT[1], 200)]
    crop = choose_crop(PAGE, [*bottom, *top], [BBox(400, 61, 410, 69)], blocks)
    assert contains(crop, top[0])
    assert crop.x0 > LEFT[1]
    most = choose_crop(PAGE, [*bottom, *top], (), blocks)
    assert all(contains(most, line) for line in bottom)
    assert most.x1 < RIGHT[0]


def test_cells_of_a_row_are_shown_together() -> None:
    cells = [BBox(100, 300, 140, 310), BBox(300, 300, 330, 310), BBox(500, 301, 530, 311)]
    crop = choose_crop(PAGE, cells, cells[2:], ())
    assert all(contains(crop, cell) for cell in cells)


@pytest.mark.parametrize("line", [BBox(0, 0, 5, 9), BBox(600, 780, 612, 792)])
def test_no_part_exceeds_the_page(line: BBox) -> None:
    assert contains(PAGE, choose_crop(PAGE, [line], (), ()))


def test_without_a_passage_the_value_is_shown_and_without_both_the_page() -> None:
    value = BBox(300, 500, 320, 511)
    assert contains(choose_crop(PAGE, (), [value, BBox(10, 10, 20, 20)], ()), value)
    assert choose_crop(PAGE, (), (), ()) == PAGE


@pytest.mark.parametrize("size", [5.0, 10.0, 17.0])
def test_small_and_large_letters_are_equally_high_on_the_screen(size: float) -> None:
    assert size * choose_legible_dpi(size) / 72 / PIXEL_DENSITY == pytest.approx(LEGIBLE_PIXELS)


def test_a_page_is_cropped_to_the_passage(library: Path) -> None:
    passage = "For a deterministic sampler and a small network, 40 steps"
    paper = library / "step-budgets.pdf"
    part = render_marked_page(paper, 4, passage, "40", cropped=True)
    whole = render_marked_page(paper, 4, passage, "40")
    assert part.height < whole.height / 4
    assert (part.passage, part.value) == (whole.passage, whole.value)
    image = pymupdf.Pixmap(part.png)
    colours = image.color_count(colors=True)
    assert {bytes.fromhex("fff3a0"), bytes.fromhex("ffc24d")} <= colours.keys()
    # The width of a phone shows it without making letters smaller than they are meant to be.
    assert image.width / PIXEL_DENSITY > part.width
