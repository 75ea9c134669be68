"""Regions of a page that a caption may refer to.

From the caption outwards, above and below (and beside, for side captions), up to the next wall: what is drawn or
written there, as long as no white gap parts it. Each region comes with a score of how likely it is meant.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from chatpaper.domain import BBox
from chatpaper.extract.boxes import (
    clipped,
    intersects,
    middle_x,
    middle_y,
    shared_area,
    shared_height,
    shared_width,
    union,
)
from chatpaper.extract.captions import Caption
from chatpaper.extract.graphics import is_rule
from chatpaper.extract.typesetting import Column
from chatpaper.extract.walls import EDGE_POINTS, PageParts

Side: TypeAlias = Literal["above", "below", "left", "right"]

# Algorithms are headed by their captions; they matter only in that no figure may hold them.
SIDES: dict[str, tuple[Side, ...]] = {
    "figure": ("above", "below"),
    "table": ("above", "below"),
    "algorithm": ("below",),
}
# A graphic of this area or length is one by itself; smaller ones are marks, bullets, bars.
SIGNIFICANT_AREA = 250.0
# White gaps, in points. Floats are parted from text and from each other by 12 pt at least (\\floatsep, \\textfloatsep
# of LaTeX's classes), panels of one figure may be further apart; axis labels stand within a line of their axis.
FIRST_GAP = 45.0
# Figures come with white margins of their own, which only a rendering would show.
FIRST_GRAPHIC_GAP = 90.0
PANEL_GAP = 36.0
LABEL_GAP = 11.0
LISTING_GAP = 22.0
ROW_GAP = 24.0
# Text that flows around a figure is level with its caption, or begins and ends this near to it.
CORRIDOR_POINTS = 24.0
# Smaller regions hold nothing that one would show.
LEAST_WIDTH, LEAST_HEIGHT = 20.0, 8.0
# Rules of one table are equally long, give or take trimmed ends.
RULE_ENDS_POINTS = 4.0
# A second reading of each region allows only this share of the gaps, and is worth a little less.
STRICT_SHARE = 0.5
STRICT_COST = 0.1
# An algorithm is to have what nothing else claims.
ALGORITHM_SCORE = 0.5
CUT_COST, CROSSING_COST = 1.0, 0.8
LEVEL_COST = 0.5
# Captions are mostly as wide as what they describe, but a short one may stand under both columns.
WIDE_COST = 0.6
# Captions in the margin may be far from a narrow figure in the text; side captions are level with part of theirs.
SIDE_GAP = 150.0
SIDE_ROW_GAP = 14.0
LEAST_LEVEL_SHARE = 0.5
SIDE_SCORE = 1.5
# Lines of text without anything drawn are a figure or a table from this number on.
LEAST_TEXTS, LEAST_ROWS = 2, 3
# What is drawn that tall is no row of a table.
TALL_POINTS = 30.0
# A rule counts as one of the table when it is at least this part of the table's width.
LONG_RULE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Proposal:
    """A region that `caption` may refer to, on one `side` of it. `claim` adds the notes printed under a table."""

    caption: Caption
    side: Side
    bbox: BBox
    score: float
    claim: BBox


@dataclass(frozen=True, slots=True)
class _Element:
    box: BBox
    drawn: bool

    @property
    def is_significant(self) -> bool:
        return self.drawn and self.box.area >= SIGNIFICANT_AREA


def propose(caption: Caption, parts: PageParts, captions: Sequence[Caption], extra: Sequence[BBox]) -> list[Proposal]:
    """All regions that `caption` may refer to. `extra` are further walls: regions that other captions claim."""
    others = [other.bbox for other in captions if other is not caption]
    walls = [*parts.walls, *others, *extra]
    elements = _elements(parts, caption, others)
    found: list[Proposal] = []
    for extent in _extents(caption, parts, others):
        for side in SIDES[caption.kind]:
            found += _stacked(caption, side, extent, walls, elements, parts.columns)
    found += _beside(caption, parts, walls, elements)
    return found


def _elements(parts: PageParts, caption: Caption, others: Sequence[BBox]) -> list[_Element]:
    captions = [caption.bbox, *others]
    bounds = BBox(0, 0, parts.width, parts.height)
    drawn = [_Element(box, drawn=True) for box in parts.graphics.clusters]
    written = [_Element(clipped(box, bounds), drawn=False) for box in parts.texts]
    return [
        element
        for element in drawn + written
        if not any(shared_area(element.box, box) > element.box.area / 2 for box in captions)
    ]


def _extents(caption: Caption, parts: PageParts, others: Sequence[BBox]) -> list[Column]:
    """Horizontal extents to look in: the caption's own width, its column, the whole text."""
    box = caption.bbox
    whole = Column(0.0, parts.width)
    extents = [whole]
    within = [column for column in parts.columns if column.x0 - 6 <= box.x0 and box.x1 <= column.x1 + 6]
    if within and len(parts.columns) > 1:
        extents.insert(0, _with_margins(within[0], parts))
    extents.insert(0, _corridor(box, [*parts.walls, *others], extents[0]))
    return list(dict.fromkeys(_between_neighbours(extent, box, others) for extent in extents))


def _corridor(box: BBox, walls: Iterable[BBox], extent: Column) -> Column:
    """The part of `extent` between the text that flows around a figure and its caption."""
    level = [wall for wall in walls if wall.y0 < box.y1 + CORRIDOR_POINTS and wall.y1 > box.y0 - CORRIDOR_POINTS]
    left = max((wall.x1 for wall in level if wall.x1 <= box.x0 + EDGE_POINTS), default=extent.x0)
    right = min((wall.x0 for wall in level if wall.x0 >= box.x1 - EDGE_POINTS), default=extent.x1)
    return Column(max(left, extent.x0), min(right, extent.x1))


def _with_margins(column: Column, parts: PageParts) -> Column:
    """A column up to the middle of its gutters, or to the edge of the page."""
    index = parts.columns.index(column)
    left = 0.0 if index == 0 else (parts.columns[index - 1].x1 + column.x0) / 2
    last = index == len(parts.columns) - 1
    right = parts.width if last else (column.x1 + parts.columns[index + 1].x0) / 2
    return Column(left, right)


def _between_neighbours(extent: Column, box: BBox, others: Sequence[BBox]) -> Column:
    """Captions side by side share the width: each has its half of the gap between them."""
    left, right = extent.x0, extent.x1
    for other in others:
        if shared_height(box, other) <= 0:
            continue
        if other.x1 <= box.x0:
            left = max(left, (other.x1 + box.x0) / 2)
        elif other.x0 >= box.x1:
            right = min(right, (box.x1 + other.x0) / 2)
    return Column(left, right)


def _stacked(
    caption: Caption,
    side: Side,
    extent: Column,
    walls: Sequence[BBox],
    elements: Sequence[_Element],
    columns: Sequence[Column],
) -> Iterable[Proposal]:
    box = caption.bbox
    limit = _wall_edge(box, side, extent, walls)
    low, high = (limit, box.y0) if side == "above" else (box.y1, limit)
    inside = [
        element
        for element in elements
        if extent.x0 <= middle_x(element.box) <= extent.x1
        and low - EDGE_POINTS <= element.box.y0
        and element.box.y1 <= high + EDGE_POINTS
    ]
    near: Callable[[BBox], float] = (lambda b: box.y0 - b.y1) if side == "above" else (lambda b: b.y0 - box.y1)
    far: Callable[[BBox], float] = (lambda b: box.y0 - b.y0) if side == "above" else (lambda b: b.y1 - box.y1)
    grow = _grown_table if caption.kind == "table" else _grown_figure
    seen: list[BBox] = []
    for share, cost in ((1.0, 0.0), (STRICT_SHARE, STRICT_COST)):
        taken = grow(inside, near, far, share)
        if not _is_shown(taken) or (caption.kind == "table" and not _is_table(taken)):
            continue
        region = union(element.box for element in taken)
        if region not in seen:
            seen.append(region)
            score = _score(caption, taken, max(0.0, near(region)))
            score -= WIDE_COST * _is_wider_than_needed(caption, taken, columns)
            score -= cost + _cut_cost(region, taken, elements, extent) + LEVEL_COST * _is_level(box, extent, elements)
            notes = _notes(region, taken, inside) if caption.kind == "table" else []
            yield Proposal(caption, side, region, score, union([region, *notes]))


def _is_level(box: BBox, extent: Column, elements: Sequence[_Element]) -> bool:
    """Whether something drawn stands right beside the caption, as beside side captions."""
    return any(
        element.is_significant
        and shared_height(element.box, box) > box.height / 2
        and -FIRST_GAP < shared_width(element.box, box) <= 0
        and extent.x0 <= middle_x(element.box) <= extent.x1
        for element in elements
    )


def _notes(region: BBox, taken: Sequence[_Element], inside: Sequence[_Element]) -> list[BBox]:
    """Lines of text that follow a table without a gap: its notes."""
    known = {id(element) for element in taken}
    notes: list[BBox] = []
    bottom = region.y1
    for element in sorted(inside, key=lambda element: element.box.y0):
        if id(element) in known or element.drawn or element.box.y1 <= bottom:
            continue
        if element.box.y0 - bottom > LABEL_GAP:
            break
        notes.append(element.box)
        bottom = element.box.y1
    return notes


def _is_table(taken: Sequence[_Element]) -> bool:
    """Whether there are rules, something drawn, or rows of cells."""
    drawn = any(element.is_significant or is_rule(element.box) for element in taken)
    return drawn or _has_rows(taken) or len(taken) >= LEAST_ROWS


def _is_wider_than_needed(caption: Caption, taken: Sequence[_Element], columns: Sequence[Column]) -> bool:
    """Whether a region spans columns of which its caption keeps to one, and nothing drawn crosses the gutter."""
    if len(columns) < 2:
        return False
    tolerance = 2 * EDGE_POINTS
    for column in columns:
        if column.x0 - tolerance <= caption.bbox.x0 and caption.bbox.x1 <= column.x1 + tolerance:
            outside = [element.box for element in taken if not _reaches_into(element.box, column)]
            crossing = any(
                element.drawn and _reaches_into(element.box, column) and not _is_within(element.box, column, tolerance)
                for element in taken
            )
            return bool(outside) and not crossing
    return False


def _reaches_into(box: BBox, column: Column) -> bool:
    return min(box.x1, column.x1) - max(box.x0, column.x0) > EDGE_POINTS


def _is_within(box: BBox, column: Column, tolerance: float) -> bool:
    return column.x0 - tolerance <= box.x0 and box.x1 <= column.x1 + tolerance


def _is_shown(taken: Sequence[_Element]) -> bool:
    """Whether there is enough to show."""
    if not any(element.is_significant for element in taken) and len(taken) < LEAST_TEXTS:
        return False
    region = union(element.box for element in taken)
    return region.width >= LEAST_WIDTH and region.height >= LEAST_HEIGHT


def _cut_cost(region: BBox, taken: Sequence[_Element], elements: Sequence[_Element], extent: Column) -> float:
    """What it costs to cut through graphics, or to reach out of the extent looked in."""
    known = {id(element) for element in taken}
    cut = sum(
        id(element) not in known and element.is_significant and intersects(element.box, region, EDGE_POINTS)
        for element in elements
    )
    crossing = any(
        element.box.x0 < extent.x0 - EDGE_POINTS or element.box.x1 > extent.x1 + EDGE_POINTS for element in taken
    )
    return CUT_COST * cut + CROSSING_COST * crossing


def _wall_edge(box: BBox, side: Side, extent: Column, walls: Sequence[BBox]) -> float:
    facing = [wall for wall in walls if min(wall.x1, extent.x1) - max(wall.x0, extent.x0) > EDGE_POINTS]
    if side == "above":
        return max((wall.y1 for wall in facing if middle_y(wall) < box.y0), default=0.0)
    return min((wall.y0 for wall in facing if middle_y(wall) > box.y1), default=float("inf"))


def _grown_figure(
    inside: Iterable[_Element], near: Callable[[BBox], float], far: Callable[[BBox], float], share: float
) -> list[_Element]:
    """What follows the caption without a wide gap. Labels bridge the gap between panels, but end no figure."""
    ordered = sorted(inside, key=lambda element: near(element.box))
    taken: list[_Element] = []
    reach = 0.0
    for element in ordered:
        gap = near(element.box) - reach
        if taken:
            allowed = share * (PANEL_GAP if element.is_significant else LISTING_GAP)
        else:
            allowed = FIRST_GRAPHIC_GAP if element.is_significant else FIRST_GAP
        if gap > allowed:
            if element.is_significant:
                break
            continue
        taken.append(element)
        reach = max(reach, far(element.box))
    taken = _without_separator(taken, near, far)
    taken = _without_separator(taken[::-1], near, far)[::-1]
    last = max((far(element.box) for element in taken if element.is_significant), default=None)
    if last is None:
        return taken
    return [element for element in taken if near(element.box) <= last] + _labels_beyond(taken, last, near, far)


def _labels_beyond(
    taken: Iterable[_Element], last: float, near: Callable[[BBox], float], far: Callable[[BBox], float]
) -> list[_Element]:
    """Labels and legends beyond the last graphic, as near as labels stand."""
    labels = []
    for element in taken:
        if near(element.box) > last and near(element.box) - last <= LABEL_GAP:
            labels.append(element)
            last = max(last, far(element.box))
    return labels


def _without_separator(
    taken: list[_Element], near: Callable[[BBox], float], far: Callable[[BBox], float]
) -> list[_Element]:
    """Leave out a rule before the rest that no other rule matches.

    Some styles draw one between a figure and its caption; at the other end it belongs to the table above.
    """
    if len(taken) < 2 or not is_rule(taken[0].box):
        return taken
    rule, rest = taken[0].box, taken[1:]
    matched = any(is_rule(element.box) and _is_as_long(element.box, rule) for element in rest)
    return taken if matched else rest


def _grown_table(
    inside: Iterable[_Element], near: Callable[[BBox], float], far: Callable[[BBox], float], share: float
) -> list[_Element]:
    taken: list[_Element] = []
    reach = 0.0
    for element in sorted(inside, key=lambda element: near(element.box)):
        if near(element.box) - reach > (FIRST_GAP if not taken else share * ROW_GAP):
            break
        taken.append(element)
        reach = max(reach, far(element.box))
    return _up_to_last_rule(_before_next_graphic(taken, near, far), near, far)


def _before_next_graphic(
    taken: list[_Element], near: Callable[[BBox], float], far: Callable[[BBox], float]
) -> list[_Element]:
    """A table up to its closing rule, where something tall is drawn beyond: the next figure.

    Pictures in cells have the closing rule beyond them.
    """
    rules = [element.box for element in taken if element.drawn and is_rule(element.box)]
    equal = [rule for rule in rules if _is_as_long(rule, rules[0])]
    if len(equal) < 2:
        return taken
    end = max(far(rule) for rule in equal)
    tall = any(
        element.is_significant and element.box.height > TALL_POINTS and near(element.box) >= end - EDGE_POINTS
        for element in taken
    )
    return [element for element in taken if far(element.box) <= end + EDGE_POINTS] if tall else taken


def _is_as_long(rule: BBox, other: BBox) -> bool:
    return abs(rule.x0 - other.x0) <= RULE_ENDS_POINTS and abs(rule.x1 - other.x1) <= RULE_ENDS_POINTS


def _up_to_last_rule(
    taken: list[_Element], near: Callable[[BBox], float], far: Callable[[BBox], float]
) -> list[_Element]:
    """Leave out the text beyond the rules of a table, its notes: unless it has cells, as rows have."""
    rules = [element.box for element in taken if element.drawn and (is_rule(element.box) or element.is_significant)]
    widest = max((rule.width for rule in rules), default=0.0)
    long = [rule for rule in rules if rule.width >= LONG_RULE_SHARE * widest]
    if not long or (len(long) == 1 and is_rule(long[0])):
        return taken
    first, last = min(near(rule) for rule in long), max(far(rule) for rule in long)
    beyond = [element for element in taken if near(element.box) > last - EDGE_POINTS]
    before = [element for element in taken if far(element.box) < first + EDGE_POINTS]
    dropped = {id(element) for part in (beyond, before) if not _has_rows(part) for element in part if not element.drawn}
    return [element for element in taken if id(element) not in dropped]


def _has_rows(elements: Sequence[_Element]) -> bool:
    """Whether most of the texts have another beside them, as the cells of a row have."""
    boxes = [element.box for element in elements if not element.drawn]
    beside = sum(
        any(other is not box and shared_height(other, box) > min(other.height, box.height) / 2 for other in boxes)
        for box in boxes
    )
    return 2 * beside > len(boxes)


def _score(caption: Caption, taken: Sequence[_Element], gap: float) -> float:
    drawn = [element for element in taken if element.is_significant]
    rules = [element for element in taken if element.drawn and is_rule(element.box)]
    if caption.kind == "algorithm":
        return ALGORITHM_SCORE
    if caption.kind == "table":
        content = 1.0 if len(rules) >= 2 or drawn else 0.6 if rules else 0.4
    else:
        content = 1.0 if drawn else 0.4
    region = union(element.box for element in taken)
    off_centre = abs(middle_x(region) - middle_x(caption.bbox)) / max(region.width, caption.bbox.width)
    return 1.0 + content - gap / 60 - 0.3 * off_centre


def _beside(
    caption: Caption, parts: PageParts, walls: Sequence[BBox], elements: Sequence[_Element]
) -> Iterable[Proposal]:
    """Regions left and right of a side caption: what is level with it, and what goes on above and below that."""
    box = caption.bbox
    facing = [wall for wall in walls if shared_height(wall, box) > 0]
    left_edge = max((wall.x1 for wall in facing if wall.x1 <= box.x0 + EDGE_POINTS), default=0.0)
    right_edge = min((wall.x0 for wall in facing if wall.x0 >= box.x1 - EDGE_POINTS), default=parts.width)
    extents: dict[Side, Column] = {"left": Column(left_edge, box.x0), "right": Column(box.x1, right_edge)}
    for side, extent in extents.items():
        within = [element for element in elements if _is_within(element.box, extent, EDGE_POINTS)]
        taken = _grown_around([element for element in within if shared_height(element.box, box) > 0], within)
        if not _is_shown(taken):
            continue
        region = union(element.box for element in taken)
        gap = -shared_width(region, box)
        tall = shared_height(region, box) / min(box.height, region.height)
        if gap > SIDE_GAP or tall < LEAST_LEVEL_SHARE or any(intersects(region, wall, EDGE_POINTS) for wall in walls):
            continue
        content = any(element.is_significant or is_rule(element.box) for element in taken)
        elsewhere = _is_wider_than_needed(caption, taken, parts.columns)
        if content or not elsewhere:
            score = SIDE_SCORE - gap / (2 * SIDE_GAP) - WIDE_COST * elsewhere
            yield Proposal(caption, side, region, score if content else score / 2, region)


def _grown_around(seed: list[_Element], within: Sequence[_Element]) -> list[_Element]:
    taken = list(seed)
    known = {id(element) for element in taken}
    grew = bool(taken)
    while grew:
        region = union(element.box for element in taken)
        reach = BBox(region.x0, region.y0 - SIDE_ROW_GAP, region.x1, region.y1 + SIDE_ROW_GAP)
        more = [element for element in within if id(element) not in known and shared_height(element.box, reach) >= 0]
        taken += more
        known.update(id(element) for element in more)
        grew = bool(more)
    return taken
