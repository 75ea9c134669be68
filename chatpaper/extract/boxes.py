"""Box algebra: pure functions on `BBox`, in PDF points with the origin at the top left."""

from collections.abc import Iterable

from chatpaper.domain import BBox


def enclose(boxes: Iterable[BBox]) -> BBox:
    """Return the smallest box around all of `boxes`; raises ValueError if there are none."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return BBox(min(left), min(top), max(right), max(bottom))


def overlap_width(a: BBox, b: BBox) -> float:
    """Measure how far `a` and `b` overlap horizontally; negative if there is a gap between them."""
    return min(a.x1, b.x1) - max(a.x0, b.x0)


def overlap_height(a: BBox, b: BBox) -> float:
    """Measure how far `a` and `b` overlap vertically; negative if there is a gap between them."""
    return min(a.y1, b.y1) - max(a.y0, b.y0)


def overlap_area(a: BBox, b: BBox) -> float:
    """Measure the area that `a` and `b` share, in square points."""
    return max(0.0, overlap_width(a, b)) * max(0.0, overlap_height(a, b))


def measure_agreement(a: BBox, b: BBox) -> float:
    """Measure how nearly `a` and `b` are the same: their intersection divided by their union."""
    shared = overlap_area(a, b)
    return shared / (a.area + b.area - shared) if shared else 0.0


def intersects(a: BBox, b: BBox, tolerance: float = 0.0) -> bool:
    """Tell whether `a` and `b` overlap by more than `tolerance` points both ways."""
    return overlap_width(a, b) > tolerance and overlap_height(a, b) > tolerance


def contains(outer: BBox, inner: BBox, tolerance: float = 0.0) -> bool:
    """Tell whether `inner` lies in `outer`, give or take `tolerance` points."""
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
    """Return the part of `box` within `bounds`, or an empty box on the nearest edge."""
    x0 = min(max(box.x0, bounds.x0), bounds.x1)
    y0 = min(max(box.y0, bounds.y0), bounds.y1)
    return BBox(x0, y0, min(max(box.x1, x0), bounds.x1), min(max(box.y1, y0), bounds.y1))


def center_x(box: BBox) -> float:
    """Return the horizontal centre."""
    return (box.x0 + box.x1) / 2


def center_y(box: BBox) -> float:
    """Return the vertical centre."""
    return (box.y0 + box.y1) / 2


def is_aligned(label: BBox, title: BBox, size: float) -> bool:
    """Tell whether a title is set under its label: at the same left edge, or both centred.

    `size` is the type size of the label, in points.
    """
    return abs(label.x0 - title.x0) <= size / 2 or abs(center_x(label) - center_x(title)) <= size
