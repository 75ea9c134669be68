"""Where on the page to look for what a caption refers to: horizontal extents."""

from collections.abc import Iterable, Sequence

from chatpaper.domain import BBox
from chatpaper.extract.boxes import center_x, overlap_height, overlap_width
from chatpaper.extract.figures.barriers.text_barriers import PageParts
from chatpaper.extract.figures.barriers.text_blocks import EDGE_POINTS
from chatpaper.extract.figures.captions import Caption
from chatpaper.extract.figures.regions.region_growing import Element
from chatpaper.extract.layout.typesetting import Column

# Text beside a wrapped figure is level with its caption, or begins and ends this near to it.
CORRIDOR_POINTS = 24.0
# A caption belongs to a column if it passes its edges by no more than this.
HOME_POINTS = 6.0
# Captions of floats side by side differ in height by a line or two, or by more if no text stands
# between them.
NEIGHBOUR_POINTS = 24.0


def list_extents(caption: Caption, parts: PageParts, others: Sequence[BBox]) -> list[Column]:
    """List horizontal extents to look in: the caption's own width, its column, the whole page."""
    box = caption.bbox
    whole = Column(0.0, parts.width)
    extents = [whole]
    within = [column for column in parts.columns if is_within(box, column, HOME_POINTS)]
    if within and len(parts.columns) > 1:
        extents.insert(0, _extend_to_margins(within[0], parts))
    extents.insert(0, _find_corridor(box, [*parts.barriers, *others], extents[0]))
    if not within or len(parts.columns) < 2:
        extents.append(_narrow_to_walls(box, parts.barriers, whole))
    staggered = [
        other
        for other in others
        if overlap_height(box, other) > -NEIGHBOUR_POINTS
        or not any(_parts(barrier, box, other) for barrier in parts.barriers)
    ]
    level = [other for other in others if overlap_height(box, other) > 0]
    between = [
        _narrow_between_neighbors(extent, box, neighbors, set_left=set_left)
        for extent in extents
        for neighbors in (level, staggered)
        for set_left in (False, True)
    ]
    return list(dict.fromkeys(between))


def _find_corridor(box: BBox, barriers: Iterable[BBox], extent: Column) -> Column:
    """Find the part of `extent` between the text beside a figure and its caption."""
    level = [
        barrier
        for barrier in barriers
        if barrier.y0 < box.y1 + CORRIDOR_POINTS and barrier.y1 > box.y0 - CORRIDOR_POINTS
    ]
    return _narrow_to_walls(box, level, extent)


def _narrow_to_walls(box: BBox, level: Sequence[BBox], extent: Column) -> Column:
    """Find the part of `extent` between what stands left and right of a caption."""
    left = max(
        (barrier.x1 for barrier in level if barrier.x1 <= box.x0 + EDGE_POINTS), default=extent.x0
    )
    right = min(
        (barrier.x0 for barrier in level if barrier.x0 >= box.x1 - EDGE_POINTS), default=extent.x1
    )
    return Column(max(left, extent.x0), min(right, extent.x1))


def _extend_to_margins(column: Column, parts: PageParts) -> Column:
    """Extend a column to the middle of its gutters, or to the edge of the page."""
    index = parts.columns.index(column)
    left = 0.0 if index == 0 else (parts.columns[index - 1].x1 + column.x0) / 2
    last = index == len(parts.columns) - 1
    right = parts.width if last else (column.x1 + parts.columns[index + 1].x0) / 2
    return Column(left, right)


def _parts(barrier: BBox, box: BBox, other: BBox) -> bool:
    """Tell whether text lies between two captions, one of which is higher than the other."""
    upper, lower = sorted((box, other), key=lambda each: each.y0)
    return (
        upper.y1 - EDGE_POINTS <= barrier.y0
        and barrier.y1 <= lower.y0 + EDGE_POINTS
        and (overlap_width(barrier, upper) > 0 or overlap_width(barrier, lower) > 0)
    )


def _narrow_between_neighbors(
    extent: Column, box: BBox, neighbors: Sequence[BBox], *, set_left: bool
) -> Column:
    """Narrow an extent to half of the gap to captions beside it, be they higher or lower.

    If captions are `set_left`, floats begin where these do.
    """
    left, right = extent.x0, extent.x1
    for other in neighbors:
        if other.x1 <= box.x0:
            left = max(left, box.x0 - EDGE_POINTS if set_left else (other.x1 + box.x0) / 2)
        elif other.x0 >= box.x1:
            right = min(right, other.x0 - EDGE_POINTS if set_left else (box.x1 + other.x0) / 2)
    return Column(left, right)


def is_within(box: BBox, column: Column, tolerance: float) -> bool:
    """Tell whether a box lies in a column, give or take `tolerance` points."""
    return column.x0 - tolerance <= box.x0 and box.x1 <= column.x1 + tolerance


def is_wider_than_needed(
    caption: Caption, taken: Sequence[Element], columns: Sequence[Column]
) -> bool:
    """Tell whether a region spans columns that neither its caption nor a drawing crosses."""
    if len(columns) < 2:
        return False
    tolerance = 2 * EDGE_POINTS
    for column in columns:
        if column.x0 - tolerance <= caption.bbox.x0 and caption.bbox.x1 <= column.x1 + tolerance:
            outside = [
                element.box
                for element in taken
                if not column.x0 - tolerance <= center_x(element.box) <= column.x1 + tolerance
            ]
            crossing = any(
                element.drawn
                and _reaches_into(element.box, column)
                and not is_within(element.box, column, tolerance)
                for element in taken
            )
            return bool(outside) and not crossing
    return False


def _reaches_into(box: BBox, column: Column) -> bool:
    return min(box.x1, column.x1) - max(box.x0, column.x0) > EDGE_POINTS
