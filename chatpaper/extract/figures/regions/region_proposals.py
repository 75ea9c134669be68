"""Propose regions of a page that a caption may refer to.

From the caption outwards, above and below (and beside, for side captions), up to the next barrier:
what is drawn or written there, as long as no white gap separates it. Each region has a score of how
likely it is meant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from chatpaper.domain import BBox
from chatpaper.extract.boxes import (
    center_x,
    center_y,
    contains,
    enclose,
    intersects,
    overlap_height,
    overlap_width,
)
from chatpaper.extract.figures.barriers.text_blocks import EDGE_POINTS
from chatpaper.extract.figures.captions import Caption
from chatpaper.extract.figures.regions.costs import WIDE_COST, sum_costs
from chatpaper.extract.figures.regions.extents import is_wider_than_needed, is_within, list_extents
from chatpaper.extract.figures.regions.region_growing import (
    CaptionSide,
    Element,
    StackedSide,
    drop_notes,
    find_notes_below,
    grow_around,
    is_shown,
    is_table,
)
from chatpaper.extract.figures.regions.scene import Scene
from chatpaper.extract.layout.typesetting import Column

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
# Floats are set in the middle of their columns, give or take white margins of pictures.
CENTRED_POINTS = 6.0
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


def propose_regions(scene: Scene, claims: Sequence[BBox] = ()) -> list[Proposal]:
    """Propose all regions that the caption of a scene may refer to, besides what others claim."""
    bounded = replace(scene, barriers=(*scene.barriers, *claims)) if claims else scene
    found: list[Proposal] = []
    for extent in list_extents(bounded.caption, bounded.parts, bounded.others):
        for side in SIDES[bounded.caption.kind]:
            found += _propose_stacked(bounded, side, extent)
    found += _propose_beside(bounded)
    return found


def _propose_stacked(scene: Scene, side: StackedSide, extent: Column) -> Iterable[Proposal]:
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
                - sum_costs(scene, taken, region, extent)
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


def _select_up_to_barrier(scene: Scene, side: StackedSide, extent: Column) -> list[Element]:
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


def _propose_beside(scene: Scene) -> Iterable[Proposal]:
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


def _select_between_side_captions(scene: Scene, level: Sequence[Element]) -> list[Element]:
    """Select what is nearer to a side caption than to those above and below it."""
    box = scene.caption.bbox
    column = [other for other in scene.others if overlap_width(other, box) > 0]
    top = max((each.y1 + box.y0 for each in column if each.y1 <= box.y0), default=0.0) / 2
    bottom = min(
        ((each.y0 + box.y1) / 2 for each in column if each.y0 >= box.y1), default=scene.parts.height
    )
    return [element for element in level if top <= center_y(element.box) <= bottom]


def _list_side_extents(scene: Scene) -> Iterable[tuple[Side, Column]]:
    """List the extents between a caption and the next barriers left and right of it."""
    box = scene.caption.bbox
    facing = [barrier for barrier in scene.barriers if overlap_height(barrier, box) > 0]
    left_edges = [barrier.x1 for barrier in facing if barrier.x1 <= box.x0 + EDGE_POINTS]
    right_edges = [barrier.x0 for barrier in facing if barrier.x0 >= box.x1 - EDGE_POINTS]
    yield "left", Column(max(left_edges, default=0.0), box.x0)
    yield "right", Column(box.x1, min(right_edges, default=scene.parts.width))


def _propose_on_side(scene: Scene, side: Side, within: Sequence[Element]) -> Proposal | None:
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
