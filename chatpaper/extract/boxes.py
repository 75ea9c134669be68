"""Algebra of boxes: pure functions on `BBox`."""

from collections.abc import Iterable

from chatpaper.domain import BBox


def enclose(boxes: Iterable[BBox]) -> BBox:
    """The smallest box around all of `boxes`, of which there must be one at least."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return BBox(min(left), min(top), max(right), max(bottom))


def overlap_width(a: BBox, b: BBox) -> float:
    """By how many points `a` and `b` overlap from left to right; negative is the gap between them."""
    return min(a.x1, b.x1) - max(a.x0, b.x0)


def overlap_height(a: BBox, b: BBox) -> float:
    """By how many points `a` and `b` overlap from top to bottom; negative is the gap between them."""
    return min(a.y1, b.y1) - max(a.y0, b.y0)


def overlap_area(a: BBox, b: BBox) -> float:
    """The area that `a` and `b` have in common."""
    return max(0.0, overlap_width(a, b)) * max(0.0, overlap_height(a, b))


def intersects(a: BBox, b: BBox, tolerance: float = 0.0) -> bool:
    """Whether `a` and `b` overlap by more than `tolerance` points both ways."""
    return overlap_width(a, b) > tolerance and overlap_height(a, b) > tolerance


def contains(outer: BBox, inner: BBox, tolerance: float = 0.0) -> bool:
    """Whether `inner` lies in `outer`, give or take `tolerance` points."""
    return (
        outer.x0 - tolerance <= inner.x0
        and outer.y0 - tolerance <= inner.y0
        and inner.x1 <= outer.x1 + tolerance
        and inner.y1 <= outer.y1 + tolerance
    )


def contains_center(outer: BBox, inner: BBox) -> bool:
    """Tell whether the centre of `inner` lies in `outer`."""
    x, y = center_x(inner), center_y(inner)
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


def intersect(a: BBox, b: BBox) -> BBox:
    """Return what `a` and `b` share; of negative extent where they do not meet."""
    return BBox(max(a.x0, b.x0), max(a.y0, b.y0), min(a.x1, b.x1), min(a.y1, b.y1))


def clip(box: BBox, bounds: BBox) -> BBox:
    """The part of `box` within `bounds`; of no extent, on the nearest edge, where there is none."""
    x0 = min(max(box.x0, bounds.x0), bounds.x1)
    y0 = min(max(box.y0, bounds.y0), bounds.y1)
    return BBox(x0, y0, min(max(box.x1, x0), bounds.x1), min(max(box.y1, y0), bounds.y1))


def center_x(box: BBox) -> float:
    """The horizontal centre."""
    return (box.x0 + box.x1) / 2


def center_y(box: BBox) -> float:
    """The vertical centre."""
    return (box.y0 + box.y1) / 2


def is_aligned(label: BBox, title: BBox, size: float) -> bool:
    """Whether a title is set under its label: from the same left edge, or both centred."""
    return abs(label.x0 - title.x0) <= size / 2 or abs(center_x(label) - center_x(title)) <= size
