"""What stands on a page around one caption: barriers, other captions, what a figure may hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chatpaper.domain import BBox
from chatpaper.extract.boxes import clip, overlap_area, overlap_width
from chatpaper.extract.figures.barriers.text_barriers import PageParts
from chatpaper.extract.figures.barriers.text_blocks import EDGE_POINTS
from chatpaper.extract.figures.captions import Caption
from chatpaper.extract.figures.regions.frames import find_frame
from chatpaper.extract.figures.regions.region_growing import (
    CaptionSide,
    Element,
    StackedSide,
    grow_figure,
    grow_table,
)

# The rule above an algorithm's name is this near to it.
HEAD_RULE_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A caption, and what its page has: barriers, other captions, elements that a figure may hold.

    `frame` is drawn around an algorithm and its caption, or between its rules; it is no element.
    """

    caption: Caption
    parts: PageParts
    barriers: tuple[BBox, ...]
    others: tuple[BBox, ...]
    elements: tuple[Element, ...]
    frame: BBox | None = None
    grown: dict[tuple[StackedSide, float, tuple[int, ...]], list[Element]] = field(
        default_factory=dict
    )

    def grow(self, inside: Sequence[Element], side: StackedSide, share: float) -> list[Element]:
        """Grow the region of what is `inside`; different extents often hold the same."""
        key = side, share, tuple(map(id, inside))
        if key not in self.grown:
            grow = grow_table if self.caption.kind == "table" else grow_figure
            self.grown[key] = grow(inside, CaptionSide(self.caption.bbox, side), share)
        return self.grown[key]


def build_scene(caption: Caption, parts: PageParts, captions: Sequence[Caption]) -> Scene:
    """Build the scene of one of the `captions` of a page."""
    others = tuple(other.bbox for other in captions if other is not caption)
    heads = [other.bbox for other in captions if other.kind == "algorithm"]
    is_algorithm = caption.kind == "algorithm"
    frame = find_frame(caption.bbox, parts.graphics, others) if is_algorithm else None
    elements = _list_elements(parts, caption, others, heads)
    return Scene(
        caption,
        parts,
        (*parts.barriers, *others),
        others,
        tuple(each for each in elements if each.box != frame),
        frame,
    )


def _list_elements(
    parts: PageParts, caption: Caption, others: Sequence[BBox], heads: Sequence[BBox]
) -> list[Element]:
    """List what figures may hold; rules above the `heads` of algorithms belong to these only."""
    captions = [caption.bbox, *others]
    bounds = BBox(0, 0, parts.width, parts.height)
    drawn = [Element(box, drawn=True) for box in parts.graphics.clusters]
    written = [
        Element(clip(box, bounds), False, box in parts.panels, box in parts.notes)
        for box in parts.texts
    ]
    return [
        element
        for element in drawn + written
        if not _lies_in_any(element.box, captions)
        and not (element.is_rule and any(_is_head_rule(element.box, head) for head in heads))
    ]


def _lies_in_any(box: BBox, captions: Sequence[BBox]) -> bool:
    half = box.area / 2
    return any(overlap_area(box, caption) > half for caption in captions)


def _is_head_rule(rule: BBox, head: BBox) -> bool:
    return -EDGE_POINTS <= head.y0 - rule.y1 <= HEAD_RULE_GAP and overlap_width(rule, head) > 0
