"""Gathering what is drawn into few boxes."""

from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox
from chatpaper.extract.boxes import contains, enclose
from chatpaper.extract.page import Bitmap, Drawing, Page
from chatpaper.extract.pdf.graphics import (
    CELL_POINTS,
    cluster_boxes,
    find_repeated_places,
    gather_graphics,
)

WIDTH, HEIGHT = 612.0, 792.0
RED, WHITE = 0xFF0000, 0xFFFFFF

coordinates = st.floats(0, 600, allow_nan=False)
sizes = st.floats(0, 200, allow_nan=False)


@st.composite
def boxes(draw: st.DrawFn) -> BBox:
    x, y = draw(coordinates), draw(coordinates)
    return BBox(x, y, min(x + draw(sizes), WIDTH), min(y + draw(sizes), HEIGHT))


def page(*drawings: Drawing, bitmaps: tuple[Bitmap, ...] = (), number: int = 1) -> Page:
    return Page(number, WIDTH, HEIGHT, (), drawings, bitmaps, ())


def drawing(box: BBox, fill: int | None = RED, opacity: float = 1.0) -> Drawing:
    return Drawing(box, fill, None, 0.0, opacity)


@given(st.lists(boxes(), min_size=1, max_size=30))
def test_every_box_lies_in_a_cluster_and_clusters_hold_nothing_else(drawn: list[BBox]) -> None:
    found = cluster_boxes(drawn, WIDTH, HEIGHT)

    assert all(any(contains(cluster, box) for cluster in found) for box in drawn)
    assert enclose(found) == enclose(drawn)
    assert len(found) <= len(drawn)


@given(st.lists(boxes(), min_size=1, max_size=20))
def test_the_order_of_drawing_changes_nothing(drawn: list[BBox]) -> None:
    assert cluster_boxes(drawn, WIDTH, HEIGHT) == cluster_boxes(drawn[::-1], WIDTH, HEIGHT)


@given(boxes(), st.floats(3 * CELL_POINTS, 50))
def test_boxes_apart_stay_apart(box: BBox, gap: float) -> None:
    other = BBox(box.x1 + gap, box.y0, box.x1 + gap + 10, box.y1)

    assert len(cluster_boxes([box, other], 2 * WIDTH, HEIGHT)) == 2


def test_a_page_of_a_hundred_thousand_paths_is_gathered() -> None:
    points = [BBox(x, y, x + 1, y + 1) for x in range(50, 400) for y in range(50, 350)]

    assert cluster_boxes(points, WIDTH, HEIGHT) == [BBox(50, 50, 400, 350)]


def test_a_page_of_poster_size_needs_no_larger_grid() -> None:
    assert cluster_boxes([BBox(0, 0, 14000, 14000)], 14400, 14400) == [BBox(0, 0, 14000, 14000)]


def test_what_leaves_no_ink_is_no_graphic() -> None:
    invisible = (
        drawing(BBox(10, 10, 90, 90), fill=WHITE),
        drawing(BBox(10, 10, 90, 90), fill=None),
        drawing(BBox(10, 10, 90, 90), opacity=0.0),
        drawing(BBox(0, 0, WIDTH, HEIGHT)),
    )

    assert gather_graphics(page(*invisible), frozenset(), ()).clusters == ()


def test_a_frame_around_a_caption_joins_nothing() -> None:
    frame, plot = drawing(BBox(50, 50, 300, 300)), drawing(BBox(60, 60, 280, 200))

    assert gather_graphics(page(frame, plot), frozenset(), (BBox(60, 220, 200, 230),)).clusters == (
        plot.bbox,
    )


def test_what_is_drawn_in_one_place_of_many_pages_is_furniture() -> None:
    rule, logo = BBox(54, 50, 558, 50.5), Bitmap(BBox(500, 20, 550, 45))
    plot = drawing(BBox(100, 100, 200, 200))
    pages = [page(drawing(rule), plot, bitmaps=(logo,), number=1)]
    pages += [page(drawing(rule), bitmaps=(logo,), number=number) for number in (2, 3, 4)]

    found = gather_graphics(pages[0], find_repeated_places(pages), ())

    assert found.clusters == (plot.bbox,)
    assert found.rules == ()


def test_rules_are_listed_from_the_top() -> None:
    rules = (BBox(54, 200, 290, 200.6), BBox(54, 100, 290, 100.6))

    assert gather_graphics(page(*map(drawing, rules)), frozenset(), ()).rules == (
        rules[1],
        rules[0],
    )
