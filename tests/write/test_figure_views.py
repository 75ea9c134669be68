"""Figures as posts show them: how large, which is the cover, and how much of a caption."""

from dataclasses import replace

import pytest

from chatpaper.domain import BBox, Figure
from chatpaper.write.views.figure_views import (
    MAX_HEIGHT_IN_VIEW,
    FigureView,
    ImageSize,
    choose_cover,
    shorten_caption,
)


def view(label: str, width: float, height: float, source: str = "") -> FigureView:
    kind = "table" if label.startswith("Table") else "figure"
    box = BBox(50, 60, 50 + width, 60 + height)
    figure = Figure(label, kind, "A caption.", 1, box, "image.png")  # type: ignore[arg-type]
    return FigureView(source or f"{label}.png", label, figure)


TABLE, ICON, TALL, WIDE = (
    view("Table 1", 480, 120),
    view("Figure 1", 60, 40),
    view("Figure 2", 240, 400),
    view("Figure 3", 480, 200),
)


@pytest.mark.parametrize(
    ("figures", "cover"),
    [
        ((TABLE, ICON, TALL, WIDE), "Figure 3.png"),
        ((TABLE, TALL, ICON), "Figure 2.png"),
        ((TABLE,), ""),
        ((), ""),
        ((TABLE, replace(WIDE, source=""), ICON), "Figure 1.png"),
    ],
    ids=["the first wide one", "else the first", "never a table", "nothing", "only what is shown"],
)
def test_the_cover_is_a_figure_that_fills_it(figures: tuple[FigureView, ...], cover: str) -> None:
    assert choose_cover(figures) == cover


def test_a_figure_is_as_large_as_it_is_printed_and_no_taller_than_there_is_room_for() -> None:
    assert WIDE.size == ImageSize(640, 267)
    assert TALL.size == ImageSize(320, 533)
    limited = TALL.size.limit_height(MAX_HEIGHT_IN_VIEW)
    assert limited.height == MAX_HEIGHT_IN_VIEW
    assert limited.width / limited.height == pytest.approx(240 / 400, rel=0.01)
    assert WIDE.size.limit_height(MAX_HEIGHT_IN_VIEW) == WIDE.size
    assert view("Figure 4", 0.1, 900).size.limit_height(100) == ImageSize(1, 100)


@pytest.mark.parametrize(
    ("caption", "most", "shown"),
    [
        ("The pipeline. a) Training goes on. b) Use.", 20, "The pipeline."),
        ("The pipeline. (a) Training goes on. (b) Use.", 36, "The pipeline. (a) Training goes on."),
        ("Loss for f. a(n) is the rate of all. More.", 20, "Loss for f. a(n) is the rate of all."),
        ("One. Two goes on. Three", 12, "One."),
        ("One. Two goes on. Three", 20, "One. Two goes on."),
        ("One. Two goes on. Three", 0, "One."),
        ("It breaks off", 0, "It breaks off"),
        ("", 0, ""),
    ],
)
def test_a_caption_is_cut_between_sentences(caption: str, most: int, shown: str) -> None:
    assert shorten_caption(caption, most) == shown
