"""The frames of algorithms: drawn around them, or between rules above and below their names."""

from collections.abc import Iterator, Sequence

from chatpaper.domain import BBox
from chatpaper.extract.boxes import contains, intersects, overlap_width
from chatpaper.extract.figures.barriers.text_blocks import EDGE_POINTS
from chatpaper.extract.pdf.graphics import Graphics, is_as_long

# The name of an algorithm is this near to the top of its frame, relative to its own height.
FRAME_HEAD_SHARE = 1.5


def find_frame(caption: BBox, graphics: Graphics, others: Sequence[BBox]) -> BBox | None:
    """Find the frame around an algorithm: drawn, or between rules above and below its name.

    No other caption stands in it.
    """
    drawn = [
        box
        for box in graphics.clusters
        if contains(box, caption, EDGE_POINTS)
        and caption.y0 - box.y0 <= FRAME_HEAD_SHARE * caption.height
    ]
    frames = [
        box
        for box in (*drawn, *_find_ruled_frames(caption, graphics.rules))
        if not any(intersects(box, other) for other in others)
    ]
    return min(frames, key=lambda box: box.area, default=None)


def _find_ruled_frames(caption: BBox, rules: Sequence[BBox]) -> Iterator[BBox]:
    """Find the area from the rule above a name to the second below it, all equally long."""
    near = FRAME_HEAD_SHARE * caption.height
    for top in rules:
        if not (0 <= caption.y0 - top.y1 + EDGE_POINTS <= near and overlap_width(top, caption) > 0):
            continue
        below = sorted(
            rule.y1
            for rule in rules
            if rule.y0 >= caption.y1 - EDGE_POINTS and is_as_long(rule, top)
        )
        if len(below) > 1 and below[0] - caption.y1 <= near:
            yield top._replace(y1=below[1])
