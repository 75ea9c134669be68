"""Grow regions from their captions outwards, until a white gap or the end of a table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from chatpaper.domain import BBox
from chatpaper.extract.boxes import (
    enclose,
    overlap_height,
    overlap_width,
)
from chatpaper.extract.figures.barriers.text_blocks import EDGE_POINTS
from chatpaper.extract.pdf.graphics import is_as_long, is_rule

# A graphic of this area is significant; smaller ones are marks, bullets, bars.
SIGNIFICANT_AREA = 250.0
# White gaps, in points. LaTeX's classes separate floats from text and from each other by 12 pt at
# least (\floatsep, \textfloatsep); panels of one figure may be further apart; axis labels are
# within a line of their axis.
FIRST_GAP = 45.0
# Figures come with white margins of their own, which only rendering would show.
FIRST_GRAPHIC_GAP = 120.0
PANEL_GAP = 36.0
LABEL_GAP = 11.0
# The caption of a panel, "(a) ...", may be further from it.
PANEL_CAPTION_GAP = 18.0
LISTING_GAP = 22.0
ROW_GAP = 24.0
SIDE_ROW_GAP = 14.0
# Texts in the columns of a table are all but a few that are centred.
IN_COLUMNS_SHARE = 0.8
# No gap between rows is larger than the others by this factor, unless it is small.
UNEVEN_ROW_GAPS = 3.0
LEAST_ROW_GAP = 14.0
# Smaller regions contain nothing worth showing.
LEAST_WIDTH, LEAST_HEIGHT = 20.0, 8.0
# Lines of text without anything drawn are a figure or a table from this number on.
LEAST_TEXTS, LEAST_ROWS = 2, 3
# A rule belongs to a table if it covers at least this share of the table's width.
LONG_RULE_SHARE = 0.6
# Drawings of this height are not rows of a table.
TALL_POINTS = 30.0

StackedSide: TypeAlias = Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class Element:
    """Something drawn or written that a figure may hold.

    Text may open the caption of a panel, or a note under a table.
    """

    box: BBox
    drawn: bool
    opens_panel: bool = False
    opens_note: bool = False

    @property
    def is_significant(self) -> bool:
        """Tell whether this is a graphic by itself."""
        return self.drawn and self.box.area >= SIGNIFICANT_AREA

    @property
    def is_rule(self) -> bool:
        """Tell whether this is a horizontal rule."""
        return self.drawn and is_rule(self.box)


@dataclass(frozen=True, slots=True)
class CaptionSide:
    """Distances in points from a caption to one side of it."""

    caption: BBox
    side: StackedSide

    def measure_near(self, box: BBox) -> float:
        """Measure the distance to the nearer edge of `box`."""
        return self.caption.y0 - box.y1 if self.side == "above" else box.y0 - self.caption.y1

    def measure_far(self, box: BBox) -> float:
        """Measure the distance to the further edge of `box`."""
        return self.caption.y0 - box.y0 if self.side == "above" else box.y1 - self.caption.y1


def grow_figure(
    inside: Iterable[Element], caption_side: CaptionSide, share: float
) -> list[Element]:
    """Collect what follows the caption without a gap wider than `share` of those allowed.

    Labels bridge the gap between panels, but end no figure.
    """
    ordered = sorted(inside, key=lambda element: caption_side.measure_near(element.box))
    taken: list[Element] = []
    skipped: list[Element] = []
    has_graphic = False
    reach = 0.0
    for element in ordered:
        gap = caption_side.measure_near(element.box) - reach
        if taken:
            panel_gap = PANEL_GAP if has_graphic else FIRST_GAP
            allowed = share * (panel_gap if element.is_significant else LISTING_GAP)
        else:
            allowed = FIRST_GRAPHIC_GAP if element.is_significant else FIRST_GAP
        if gap > allowed and element.is_significant:
            bridge = _bridge(skipped, reach, element, caption_side, share) if taken else []
            if not bridge:
                break
            taken += bridge
        elif gap > allowed:
            skipped.append(element)
            continue
        taken.append(element)
        has_graphic |= element.is_significant
        reach = max(reach, caption_side.measure_far(element.box))
    taken = _drop_separator(taken)
    taken = _drop_separator(taken[::-1])[::-1]
    last = max(
        (caption_side.measure_far(element.box) for element in taken if element.is_significant),
        default=None,
    )
    if last is None:
        return taken
    return [
        element for element in taken if caption_side.measure_near(element.box) <= last
    ] + _find_labels_beyond(taken, last, caption_side)


def _bridge(
    skipped: Iterable[Element],
    reach: float,
    graphic: Element,
    caption_side: CaptionSide,
    share: float,
) -> list[Element]:
    """Find the captions of panels that lie between what was reached and the next panel."""
    bridge = []
    for element in skipped:
        if 0 <= caption_side.measure_near(element.box) - reach <= share * PANEL_GAP:
            bridge.append(element)
            reach = max(reach, caption_side.measure_far(element.box))
    near = caption_side.measure_near(graphic.box) - reach <= share * LISTING_GAP
    return bridge if near else []


def _find_labels_beyond(
    taken: Sequence[Element], last: float, caption_side: CaptionSide
) -> list[Element]:
    """Find the labels and legends beyond the last graphic, as near as labels stand.

    A rule there belongs to a table. What stands mostly beside all graphics, with nothing on its row
    that does not, is a heading, or the number of the page.
    """
    labels = []
    reach = last
    drawn = enclose(element.box for element in taken if element.is_significant)
    for element in taken:
        near = caption_side.measure_near(element.box)
        if near <= last:
            continue
        if element.is_rule:
            break
        gap = PANEL_CAPTION_GAP if element.opens_panel else LABEL_GAP
        if near - reach <= gap and not _stands_beside(element.box, drawn, taken):
            labels.append(element)
            reach = max(reach, caption_side.measure_far(element.box))
    return labels


def _stands_beside(box: BBox, drawn: BBox, taken: Iterable[Element]) -> bool:
    """Tell whether all on the row of a box stands mostly left or right of what is drawn."""
    return all(
        overlap_width(each.box, drawn) < each.box.width / 2
        for each in taken
        if overlap_height(each.box, box) > 0
    )


def _drop_separator(taken: list[Element]) -> list[Element]:
    """Drop a rule before the rest that no other rule matches.

    Some styles draw one between a figure and its caption; at the other end it belongs to the table
    above.
    """
    if len(taken) < 2 or not taken[0].is_rule:
        return taken
    rule, rest = taken[0].box, taken[1:]
    matched = any(element.is_rule and is_as_long(element.box, rule) for element in rest)
    return taken if matched else rest


def grow_table(inside: Sequence[Element], caption_side: CaptionSide, share: float) -> list[Element]:
    """Collect the rows and rules that follow the caption, up to the rule that closes the table."""
    taken: list[Element] = []
    # The closing rule may be part of a tinted row.
    rules = [element for element in inside if element.is_rule or element.is_significant]
    gaps: list[float] = []
    reach = 0.0
    for element in sorted(inside, key=lambda element: caption_side.measure_near(element.box)):
        near = caption_side.measure_near(element.box)
        gap = near - reach
        if not taken and gap > FIRST_GAP:
            break
        if taken and gap > share * _find_row_gap(gaps):
            is_ruled = _is_ruled_beyond(taken, near, rules, caption_side)
            if not is_ruled or gap > share * ROW_GAP:
                break
        if taken and gap > 0:
            gaps.append(gap)
        is_next_float = _is_tall(element) and not _is_tinted_row(element, taken)
        if share < 1 and is_next_float and _has_rows(taken):
            break
        taken.append(element)
        reach = max(reach, caption_side.measure_far(element.box))
    taken = drop_notes(_cut_before_next_graphic(taken, caption_side))
    return _drop_text_beyond_rules(taken, caption_side)


def drop_notes(taken: list[Element]) -> list[Element]:
    """Drop a note, and all text below it, if no rows follow."""
    top = min((element.box.y0 for element in taken if element.opens_note), default=None)
    if top is None:
        return taken
    below = [element for element in taken if element.box.y0 >= top - EDGE_POINTS]
    dropped = {id(element) for element in below}
    if any(element.drawn for element in below) or len(below) == len(taken) or _has_rows(below):
        return taken
    return [element for element in taken if id(element) not in dropped]


def _is_ruled_beyond(
    taken: Iterable[Element], near: float, rules: Sequence[Element], caption_side: CaptionSide
) -> bool:
    """Tell whether one of `rules` that matches one so far lies beyond a distance."""
    own = [each.box for each in taken if each.is_rule]
    return bool(own) and any(
        caption_side.measure_near(each.box) >= near
        and any(is_as_long(each.box, rule) for rule in own)
        for each in rules
    )


def _find_row_gap(gaps: Sequence[float]) -> float:
    """Find the gap that rows of a table may have, by those of its first rows."""
    if len(gaps) < LEAST_ROWS:
        return ROW_GAP
    return min(ROW_GAP, max(UNEVEN_ROW_GAPS * max(gaps), LEAST_ROW_GAP))


def _cut_before_next_graphic(taken: list[Element], caption_side: CaptionSide) -> list[Element]:
    """Cut a table at its closing rule if something tall is drawn beyond: the next figure.

    Pictures in cells have the closing rule beyond them.
    """
    rules = [element.box for element in taken if element.is_rule]
    equal = [rule for rule in rules if is_as_long(rule, rules[0])]
    if len(equal) < 2:
        return taken
    end = max(caption_side.measure_far(rule) for rule in equal)
    tall = any(
        _is_tall(element)
        and not _is_tinted_row(element, taken)
        and caption_side.measure_near(element.box) >= end - EDGE_POINTS
        for element in taken
    )
    return (
        [element for element in taken if caption_side.measure_far(element.box) <= end + EDGE_POINTS]
        if tall
        else taken
    )


def _is_tall(element: Element) -> bool:
    return element.is_significant and element.box.height > TALL_POINTS


def _is_tinted_row(element: Element, taken: Iterable[Element]) -> bool:
    """Tell whether a graphic is as wide as a rule of the table."""
    return any(each.is_rule and is_as_long(each.box, element.box) for each in taken)


def _drop_text_beyond_rules(taken: list[Element], caption_side: CaptionSide) -> list[Element]:
    """Drop text beyond the rules of a table, its notes, unless it has cells as rows have."""
    rules = [element.box for element in taken if element.is_rule or element.is_significant]
    widest = max((rule.width for rule in rules), default=0.0)
    long = [rule for rule in rules if rule.width >= LONG_RULE_SHARE * widest]
    if not long or (len(long) == 1 and is_rule(long[0])):
        return taken
    first = min(map(caption_side.measure_near, long)) + EDGE_POINTS
    last = max(map(caption_side.measure_far, long)) - EDGE_POINTS
    before = [element for element in taken if caption_side.measure_far(element.box) < first]
    beyond = [element for element in taken if caption_side.measure_near(element.box) > last]
    dropped: set[int] = set()
    within = [element.box for element in taken if not element.drawn]
    for part in (before, beyond):
        if not _has_rows(part) and not _is_in_columns(part, within):
            dropped.update(id(element) for element in part if not element.drawn)
    return [element for element in taken if id(element) not in dropped]


def _is_in_columns(elements: Sequence[Element], cells: Sequence[BBox]) -> bool:
    """Tell whether texts begin at the left edges of several columns, as sentences in cells do.

    `cells` are all texts of the table; two of a column begin at one place.
    """
    lefts = Counter(round(cell.x0 / EDGE_POINTS) for cell in cells)
    own = Counter(
        max((place - 1, place, place + 1), key=lambda each: lefts[each])
        for element in elements
        if not element.drawn
        for place in (round(element.box.x0 / EDGE_POINTS),)
        if max(lefts[place - 1], lefts[place], lefts[place + 1]) > 1
    )
    texts = sum(not element.drawn for element in elements)
    return len(own) > 1 and own.total() >= IN_COLUMNS_SHARE * texts


def _has_rows(elements: Sequence[Element]) -> bool:
    """Tell whether most texts have another beside them, as the cells of a row have."""
    boxes = [element.box for element in elements if not element.drawn]
    beside = sum(
        any(
            other is not box and overlap_height(other, box) > min(other.height, box.height) / 2
            for other in boxes
        )
        for box in boxes
    )
    return 2 * beside > len(boxes)


def find_notes_below(
    region: BBox, taken: Sequence[Element], inside: Sequence[Element]
) -> list[BBox]:
    """Find lines of text that follow a table without a gap: its notes."""
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


def is_table(taken: Sequence[Element]) -> bool:
    """Tell whether there are rules, something drawn, or rows of cells."""
    drawn = any(element.is_significant or element.is_rule for element in taken)
    return drawn or _has_rows(taken) or len(taken) >= LEAST_ROWS


def is_shown(taken: Sequence[Element]) -> bool:
    """Tell whether there is enough to show."""
    if not any(element.is_significant for element in taken) and len(taken) < LEAST_TEXTS:
        return False
    region = enclose(element.box for element in taken)
    return region.width >= LEAST_WIDTH and region.height >= LEAST_HEIGHT


def grow_around(seed: list[Element], within: Sequence[Element]) -> list[Element]:
    """Collect the seed, and what follows it above and below without a gap."""
    taken = list(seed)
    known = {id(element) for element in taken}
    grew = bool(taken)
    while grew:
        region = enclose(element.box for element in taken)
        reach = BBox(region.x0, region.y0 - SIDE_ROW_GAP, region.x1, region.y1 + SIDE_ROW_GAP)
        more = [
            element
            for element in within
            if id(element) not in known and overlap_height(element.box, reach) >= 0
        ]
        taken += more
        known.update(id(element) for element in more)
        grew = bool(more)
    return taken
