"""The confidence of a float says what speaks for its region."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatpaper.domain import BBox, Figure
from chatpaper.domain.documents import LEAST_SHOWN_CONFIDENCE
from chatpaper.domain.text.float_mentions import find_mentions
from chatpaper.extract.document import read_document
from chatpaper.extract.figures.confidence import find_caption_side
from tests.extract.drawn_pages import LEFT_COLUMN, RIGHT_COLUMN, PaperPage, draw, text_page

CAPTION = "Figure 1: Accuracy on all data."


def read_figure(path: Path, *paint: Callable[[PaperPage], object]) -> Figure:
    (figure,) = read_document(draw(path / "paper.pdf", *paint), None).figures
    return figure


def plot(page: PaperPage, *, mention: bool) -> None:
    page.plot(70, 80, 280, 240)
    page.centred(LEFT_COLUMN, 260, CAPTION)
    page.prose(LEFT_COLUMN, 290, 20)
    if mention:
        page.text(54, 560, "as Figure 1 shows for all of the data that we have.")
    page.prose(RIGHT_COLUMN, 72, 48)


def test_a_drawn_figure_that_the_text_mentions_is_certain(tmp_path: Path) -> None:
    figure = read_figure(tmp_path, lambda page: plot(page, mention=True), text_page)
    assert figure.confidence > 0.98
    assert figure.caption_side == "below"


def test_a_figure_that_no_text_mentions_is_less_certain(tmp_path: Path) -> None:
    figure = read_figure(tmp_path, lambda page: plot(page, mention=False), text_page)
    mentioned = read_figure(tmp_path, lambda page: plot(page, mention=True), text_page)
    assert LEAST_SHOWN_CONFIDENCE < figure.confidence < mentioned.confidence


def test_a_listing_with_another_on_the_other_side_of_its_caption_is_less_certain(
    tmp_path: Path,
) -> None:
    def draw_listings(page: PaperPage, *tops: float) -> None:
        for top in tops:
            for place in range(6):
                page.text(70, top + 12 * place, f"x[{place}] = a * y[{place}] + b", 8, "cour")
        page.centred(LEFT_COLUMN, 210, CAPTION)
        page.prose(LEFT_COLUMN, 320, 20)
        page.prose(RIGHT_COLUMN, 72, 48)

    alone = read_figure(tmp_path, lambda page: draw_listings(page, 230), text_page)
    rivalled = read_figure(tmp_path, lambda page: draw_listings(page, 120, 230), text_page)
    assert rivalled.bbox == alone.bbox
    assert rivalled.confidence < alone.confidence - 0.01


def test_a_figure_without_a_drawing_is_less_certain(tmp_path: Path) -> None:
    def listing(page: PaperPage) -> None:
        for place in range(6):
            page.text(70, 120 + 12 * place, f"x[{place}] = a * y[{place}] + b[{place}]", 8, "cour")
        page.centred(LEFT_COLUMN, 210, CAPTION)
        page.prose(LEFT_COLUMN, 240, 25)
        page.prose(RIGHT_COLUMN, 72, 48)

    figure = read_figure(tmp_path, listing, text_page)
    assert figure.text.startswith("x[0]")
    drawn = read_figure(tmp_path, lambda page: plot(page, mention=False), text_page)
    assert figure.confidence < drawn.confidence


@pytest.mark.parametrize(
    ("caption", "side"),
    [
        (BBox(10, 110, 90, 120), "below"),
        (BBox(10, -20, 90, -10), "above"),
        (BBox(110, 20, 190, 60), "right"),
        (BBox(-90, 20, -10, 60), "left"),
    ],
)
def test_the_side_of_a_caption_is_where_it_stands(caption: BBox, side: str) -> None:
    assert find_caption_side(BBox(0, 0, 100, 100), caption) == side


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("see Figure 3 for it", {("figure", "3")}),
        ("in Figs. 2 and 4a", {("figure", "2"), ("figure", "4")}),
        ("Tables 1, 2 and 3", {("table", "1"), ("table", "2"), ("table", "3")}),
        ("如图 3 所示", {("figure", "3")}),
        ("TABLE II lists", {("table", "ii")}),
        ("no figures here", set()),
    ],
)
def test_mentions_are_found(text: str, numbers: set[tuple[str, str]]) -> None:
    assert find_mentions([text]) == numbers
