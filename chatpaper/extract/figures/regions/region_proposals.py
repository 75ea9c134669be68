"""Propose regions of a page that a caption may refer to.

From the caption outwards, above and below (and beside, for side captions), up to the next barrier:
what is drawn or written there, as long as no white gap separates it. Each region has a score of how
likely it is meant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from chatpaper.domain import BBox
from chatpaper.extract.boxes import (
    center_x,
    center_y,
    clip,
    contains,
    enclose,
    intersects,
    overlap_area,
    overlap_height,
    overlap_width,
)
from chatpaper.extract.figures.barriers.text_barriers import PageParts
from chatpaper.extract.figures.barriers.text_blocks import EDGE_POINTS
from chatpaper.extract.figures.captions import Caption
from chatpaper.extract.figures.regions.extents import is_wider_than_needed, is_within, list_extents
from chatpaper.extract.figures.regions.frames import find_frame
from chatpaper.extract.figures.regions.region_growing import (
    FIRST_GAP,
    CaptionSide,
    Element,
    StackedSide,
    drop_notes,
    find_notes_below,
    grow_around,
    grow_figure,
    grow_table,
    is_shown,
    is_table,
)
from chatpaper.extract.layout.typesetting import Column
from chatpaper.extract.pdf.graphics import is_as_long

Side: TypeAlias = Literal["above", "below", "left", "right"]

# Algorithms stand below their captions; they matter only because no figure may contain them.
SIDES: dict[str, tuple[StackedSide, ...]] = {
    "figure": ("above", "below"),
    "table": ("above", "below"),
    "algorithm": ("below",),
}
# Each region is also proposed with only a share of the allowed gaps, at a small cost.
GAP_SHARES = ((1.0, 0.0), (0.5, 0.1), (0.3, 0.2))
# Of regions that are as likely the larger one is whole: what a page full of it is worth.
AREA_WORTH = 0.04
# The score of a region by its contents: most figures are drawn and most tables are ruled.
DRAWN_SCORE, ONE_RULE_SCORE, TEXT_SCORE = 2.0, 1.6, 1.4
# Captions are close to what they describe, and in line with it.
GAP_WORTH_ONE = 60.0
OFF_CENTRE_COST = 0.3
# An algorithm gets what nothing else claims.
ALGORITHM_SCORE = 0.5
# Costs of cutting a graphic in two, of reaching out of the column, and of graphics right beside the
# caption.
CUT_COST, CROSSING_COST = 1.0, 0.8
LEVEL_COST = 0.5
# Floats are set in the middle of their columns, give or take white margins of pictures.
CENTRED_POINTS = 6.0
# … and of text right beyond the edge, which may be a row of the table, or the caption of a panel.
CURTAILED_POINTS = 10.0
CURTAILING_COSTS = {"figure": 0.05, "table": 0.15, "algorithm": 0.0}
# … and of a rule there.
RULED_OFF_COST = 0.5
# The rule above an algorithm's name is this near to it.
HEAD_RULE_GAP = 6.0
# Captions are mostly as wide as what they describe, but a short one may belong to both columns.
WIDE_COST = 0.6
# Captions in the margin may be far from a narrow figure in the text; side captions are level with
# part of their figures.
SIDE_GAP = 150.0
LEAST_LEVEL_SHARE = 0.25
SIDE_SCORE = 1.5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A region that `caption` may refer to, on one `side` of it.

    `claim` adds the notes printed under a table.
    """

    caption: Caption
    side: Side
    bbox: BBox
    score: float
    claim: BBox


def propose_regions(
    caption: Caption, parts: PageParts, captions: Sequence[Caption], extra: Sequence[BBox]
) -> list[Proposal]:
    """Propose all regions that `caption` may refer to.

    `extra` are further barriers: regions that other captions claim.
    """
    others = [other.bbox for other in captions if other is not caption]
    barriers = (*parts.barriers, *others, *extra)
    heads = [other.bbox for other in captions if other.kind == "algorithm"]
    is_algorithm = caption.kind == "algorithm"
    frame = find_frame(caption.bbox, parts.graphics, others) if is_algorithm else None
    elements = _list_elements(parts, caption, others, heads)
    scene = _Scene(
        caption,
        parts,
        barriers,
        tuple(others),
        tuple(each for each in elements if each.box != frame),
        frame,
    )
    found: list[Proposal] = []
    for extent in list_extents(caption, parts, others):
        for side in SIDES[caption.kind]:
            found += _propose_stacked(scene, side, extent)
    found += _propose_beside(scene)
    return found


@dataclass(frozen=True, slots=True)
class _Scene:
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
        if not any(overlap_area(element.box, box) > element.box.area / 2 for box in captions)
        and not (element.is_rule and any(_is_head_rule(element.box, head) for head in heads))
    ]


def _is_head_rule(rule: BBox, head: BBox) -> bool:
    return -EDGE_POINTS <= head.y0 - rule.y1 <= HEAD_RULE_GAP and overlap_width(rule, head) > 0


def _propose_stacked(scene: _Scene, side: StackedSide, extent: Column) -> Iterable[Proposal]:
    """Propose regions above or below a caption: as far as gaps allow, and with narrower gaps."""
    caption = scene.caption
    inside = _select_up_to_barrier(scene, side, extent)
    if scene.frame is not None:
        # What is framed belongs to the algorithm, be it set like running text.
        region = scene.frame._replace(y0=caption.bbox.y1)
        yield Proposal(caption, side, region, ALGORITHM_SCORE, region)
        return
    caption_side = CaptionSide(caption.bbox, side)
    seen: list[BBox] = []
    for share, cost in GAP_SHARES:
        taken = scene.grow(inside, side, share)
        if not is_shown(taken) or (caption.kind == "table" and not is_table(taken)):
            continue
        region = enclose(element.box for element in taken)
        if region not in seen and _is_in_line(region, caption, scene.parts.columns):
            seen.append(region)
            score = (
                _score(caption, taken, max(0.0, caption_side.measure_near(region)))
                - cost
                + AREA_WORTH * region.area / (scene.parts.width * scene.parts.height)
                - _sum_costs(scene, taken, extent)
            )
            notes = find_notes_below(region, taken, inside) if caption.kind == "table" else []
            yield Proposal(caption, side, region, score, enclose([region, *notes]))


def _is_in_line(region: BBox, caption: Caption, columns: Sequence[Column]) -> bool:
    """Tell whether a region stands over or under its caption.

    A short caption set left may end before a narrow float in the middle of its column begins.
    """
    box = caption.bbox
    return overlap_width(region, box) > 0 or any(
        abs(box.x0 - column.x0) <= EDGE_POINTS
        and abs(center_x(region) - (column.x0 + column.x1) / 2) <= CENTRED_POINTS
        for column in columns
    )


def _select_up_to_barrier(scene: _Scene, side: StackedSide, extent: Column) -> list[Element]:
    """Select the elements on one side of a caption up to the nearest barrier."""
    box = scene.caption.bbox
    limit = _find_barrier_edge(box, side, extent, scene.barriers)
    low, high = (limit, box.y0) if side == "above" else (box.y1, limit)
    return [
        element
        for element in scene.elements
        if extent.x0 <= center_x(element.box) <= extent.x1
        and low - EDGE_POINTS <= element.box.y0
        and element.box.y1 <= high + EDGE_POINTS
    ]


def _sum_costs(scene: _Scene, taken: Sequence[Element], extent: Column) -> float:
    """Sum what speaks against a region: it cuts something, reaches out, or is too wide.

    A graphic right beside the caption speaks against it too: it may be a side caption.
    """
    return (
        _find_cut_cost(taken, scene.elements, extent)
        + WIDE_COST * is_wider_than_needed(scene.caption, taken, scene.parts.columns)
        + LEVEL_COST * _is_level(scene, extent)
        + CURTAILING_COSTS[scene.caption.kind] * _is_curtailed(scene, taken)
        + RULED_OFF_COST * _is_ruled_off(scene, taken)
    )


def _is_curtailed(scene: _Scene, taken: Sequence[Element]) -> bool:
    """Tell whether text right above or below a region, within its width, is left out of it."""
    region = enclose(element.box for element in taken)
    near = region._replace(y0=region.y0 - CURTAILED_POINTS, y1=region.y1 + CURTAILED_POINTS)
    return any(
        not element.drawn
        and not element.opens_note
        and intersects(element.box, near)
        and not intersects(element.box, region)
        and region.x0 - EDGE_POINTS <= element.box.x0
        and element.box.x1 <= region.x1 + EDGE_POINTS
        for element in scene.elements
    )


def _is_ruled_off(scene: _Scene, taken: Sequence[Element]) -> bool:
    """Tell whether a rule as long as a region is left out right beyond it: it is part of a table.

    Styles draw rules between floats and text as well, but with more space.
    """
    region = enclose(element.box for element in taken)
    return any(
        is_as_long(rule, region)
        and (
            0 < region.y0 - rule.y1 <= CURTAILED_POINTS
            or 0 < rule.y0 - region.y1 <= CURTAILED_POINTS
        )
        for rule in scene.parts.graphics.rules
    )


def _is_level(scene: _Scene, extent: Column) -> bool:
    """Tell whether something drawn stands right beside a side caption: tinted rows, or a table."""
    box = scene.caption.bbox
    if _is_between_rules(box, extent, scene.parts.graphics.rules):
        return True
    beside = [
        element.box
        for element in scene.elements
        if element.is_significant
        and overlap_height(element.box, box) > 0
        and -FIRST_GAP < overlap_width(element.box, box) <= 0
        and extent.x0 <= center_x(element.box) <= extent.x1
    ]
    return bool(beside) and overlap_height(enclose(beside), box) > box.height / 2


def _is_between_rules(box: BBox, extent: Column, rules: Iterable[BBox]) -> bool:
    """Tell whether a table stands beside a caption: its first rule is higher, its last lower."""
    beside = [
        rule
        for rule in rules
        if overlap_width(rule, box) <= 0 and extent.x0 <= center_x(rule) <= extent.x1
    ]
    higher = [rule for rule in beside if rule.y1 <= box.y0]
    lower = [rule for rule in beside if rule.y0 >= box.y1]
    return any(is_as_long(above, below) for above in higher for below in lower)


def _find_cut_cost(taken: Sequence[Element], elements: Sequence[Element], extent: Column) -> float:
    """Find the cost of cutting through graphics, or of reaching out of the extent."""
    region = enclose(element.box for element in taken)
    known = {id(element) for element in taken}
    cut = sum(
        id(element) not in known
        and element.is_significant
        and intersects(element.box, region, EDGE_POINTS)
        for element in elements
    )
    crossing = any(
        element.box.x0 < extent.x0 - EDGE_POINTS or element.box.x1 > extent.x1 + EDGE_POINTS
        for element in taken
    )
    return CUT_COST * cut + CROSSING_COST * crossing


def _find_barrier_edge(
    box: BBox, side: StackedSide, extent: Column, barriers: Sequence[BBox]
) -> float:
    facing = [
        barrier
        for barrier in barriers
        if min(barrier.x1, extent.x1) - max(barrier.x0, extent.x0) > EDGE_POINTS
    ]
    if side == "above":
        return max((barrier.y1 for barrier in facing if center_y(barrier) < box.y0), default=0.0)
    return min(
        (barrier.y0 for barrier in facing if center_y(barrier) > box.y1), default=float("inf")
    )


def _score(caption: Caption, taken: Sequence[Element], gap: float) -> float:
    """Score a region by what it holds and where it stands to its caption; `gap` is in points."""
    if caption.kind == "algorithm":
        return ALGORITHM_SCORE
    region = enclose(element.box for element in taken)
    off_centre = abs(center_x(region) - center_x(caption.bbox)) / max(
        region.width, caption.bbox.width
    )
    return _score_content(caption, taken) - gap / GAP_WORTH_ONE - OFF_CENTRE_COST * off_centre


def _score_content(caption: Caption, taken: Sequence[Element]) -> float:
    rules = sum(element.is_rule for element in taken)
    if any(element.is_significant for element in taken) or (caption.kind == "table" and rules > 1):
        return DRAWN_SCORE
    return ONE_RULE_SCORE if caption.kind == "table" and rules else TEXT_SCORE


def _propose_beside(scene: _Scene) -> Iterable[Proposal]:
    """Propose regions left and right of a side caption: what is level with it, and around that."""
    for side, extent in _list_side_extents(scene):
        level = [
            element
            for element in scene.elements
            if is_within(element.box, extent, EDGE_POINTS)
            and not any(contains(barrier, element.box, EDGE_POINTS) for barrier in scene.barriers)
        ]
        for within in (level, _select_between_side_captions(scene, level)):
            proposal = _propose_on_side(scene, side, within)
            if proposal is not None:
                yield proposal


def _select_between_side_captions(scene: _Scene, level: Sequence[Element]) -> list[Element]:
    """Select what is nearer to a side caption than to those above and below it."""
    box = scene.caption.bbox
    column = [other for other in scene.others if overlap_width(other, box) > 0]
    top = max((each.y1 + box.y0 for each in column if each.y1 <= box.y0), default=0.0) / 2
    bottom = min(
        ((each.y0 + box.y1) / 2 for each in column if each.y0 >= box.y1), default=scene.parts.height
    )
    return [element for element in level if top <= center_y(element.box) <= bottom]


def _list_side_extents(scene: _Scene) -> Iterable[tuple[Side, Column]]:
    """List the extents between a caption and the next barriers left and right of it."""
    box = scene.caption.bbox
    facing = [barrier for barrier in scene.barriers if overlap_height(barrier, box) > 0]
    left_edges = [barrier.x1 for barrier in facing if barrier.x1 <= box.x0 + EDGE_POINTS]
    right_edges = [barrier.x0 for barrier in facing if barrier.x0 >= box.x1 - EDGE_POINTS]
    yield "left", Column(max(left_edges, default=0.0), box.x0)
    yield "right", Column(box.x1, min(right_edges, default=scene.parts.width))


def _propose_on_side(scene: _Scene, side: Side, within: Sequence[Element]) -> Proposal | None:
    """Propose the region on one side of a side caption; None if it cannot be a float."""
    box = scene.caption.bbox
    seed = [element for element in within if overlap_height(element.box, box) > 0]
    taken = grow_around(seed, within)
    if scene.caption.kind == "table":
        taken = drop_notes(taken)
    if not is_shown(taken):
        return None
    region = enclose(element.box for element in taken)
    gap = -overlap_width(region, box)
    level = overlap_height(region, box) / min(box.height, region.height)
    first = scene.caption.lines[0].bbox
    if first.y0 - EDGE_POINTS <= region.y1 <= first.y1 + EDGE_POINTS:
        level = 1.0  # the caption begins on the line on which the float ends
    blocked = any(intersects(region, barrier, EDGE_POINTS) for barrier in scene.barriers)
    if blocked or gap > SIDE_GAP or level < LEAST_LEVEL_SHARE:
        return None
    has_drawing = any(element.is_significant or element.is_rule for element in taken)
    is_elsewhere = is_wider_than_needed(scene.caption, taken, scene.parts.columns)
    if is_elsewhere and not has_drawing:
        return None
    score = SIDE_SCORE - gap / (2 * SIDE_GAP) - WIDE_COST * is_elsewhere
    return Proposal(scene.caption, side, region, score if has_drawing else score / 2, region)
