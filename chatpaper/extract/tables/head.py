"""The head of a table: where it ends, and its rows."""

from collections.abc import Sequence

from chatpaper.extract.tables.columns import Column, find_reached
from chatpaper.extract.tables.phrases import PrintedLine
from chatpaper.extract.tables.placing import UNDERLINE_EM, Placed, place_in_head
from chatpaper.extract.tables.rows import Row, is_value
from chatpaper.extract.tables.ruling import Rule, Ruling

# A rule is drawn below the descenders of the line above it, or through them.
_BASELINE_POINTS = 1.0
# Short rules that cover this share of the width together part the head from the body.
_COVERED_SHARE = 0.6
# A rule below more lines than these, and most of the table, stands above a last row of sums.
_MOST_HEAD_LINES = 4
# Headings under the rule of others take one line, or two if some stand between.
_MOST_LINES_OF_NEXT = 2
# A head takes no more of the lines than this share.
_HEAD_SHARE = 0.5


def split_head(
    lines: Sequence[PrintedLine], ruling: Ruling
) -> tuple[Sequence[PrintedLine], Sequence[PrintedLine]]:
    """Split the lines of the head from those of the body.

    The head ends at the first rule under it: one across the table, or short ones under all columns
    but the first. Without rules it is a first line of words over a line of values.
    """
    ends = [count_above(lines, y) for y in ruling.across]
    inner = [end for end in ends if 0 < end < len(lines)]
    if inner and inner[0] > max(_MOST_HEAD_LINES, _HEAD_SHARE * len(lines)):
        inner = []
    short = [count_above(lines, y) for y in _find_broken_rules(lines, ruling)]
    if inner:
        end = inner[0]
        early = [each for each in short if 0 < each < end and _is_body(lines[each:end])]
        end = early[0] if early else end
        while (following := _find_next_end(lines, inner, end)) is not None:
            end = following
        return lines[:end], lines[end:]
    end = max((each for each in short if each <= _HEAD_SHARE * len(lines)), default=0)
    if not end and len(lines) > 1 and not _is_body(lines[:1]) and _is_body(lines[1:2]):
        end = 1
    return lines[:end], lines[end:]


def count_above(lines: Sequence[PrintedLine], y: float) -> int:
    """Count the lines above a height of the page."""
    return sum(line.baseline <= y + _BASELINE_POINTS for line in lines)


def _find_broken_rules(lines: Sequence[PrintedLine], ruling: Ruling) -> list[float]:
    """Find the heights at which short rules together cover most of the width."""
    boxes = [phrase.bbox for line in lines for phrase in line.phrases]
    width = max(box.x1 for box in boxes) - min(box.x0 for box in boxes)
    heights = sorted({round(rule.at) for rule in ruling.partial})
    return [
        float(height)
        for height in heights
        if sum(_measure_at(rule, height) for rule in ruling.partial) >= _COVERED_SHARE * width
        or _count_over(lines, ruling, height) > 1
    ]


def _measure_at(rule: Rule, height: float) -> float:
    return rule.length if abs(rule.at - height) <= 1 else 0.0


def _count_over(lines: Sequence[PrintedLine], ruling: Ruling, height: float) -> int:
    """Count the headings of the last line over a height that stand on one short rule."""
    above = lines[: count_above(lines, height)]
    rules = [rule for rule in ruling.partial if abs(rule.at - height) <= 1]
    if not above:
        return 0
    return max(
        sum(rule.start <= phrase.middle <= rule.end for phrase in above[-1].phrases)
        for rule in rules
    )


def _is_body(lines: Sequence[PrintedLine]) -> bool:
    """Tell whether lines are rows of values behind a label, rather than headings."""
    texts = [phrase.text for line in lines for phrase in line.phrases[1:]]
    return bool(texts) and 2 * sum(map(is_value, texts)) > len(texts)


def _find_next_end(lines: Sequence[PrintedLine], ends: Sequence[int], end: int) -> int | None:
    """Find the rule that ends another row of headings, which a rule parts from the first.

    It has no values, and its columns lack headings above, or have one together.
    """
    following = next((each for each in ends if each > end), None)
    if following is None or following - end > _MOST_LINES_OF_NEXT or following == len(lines):
        return None
    more = lines[end:following]
    widest = max(len(line.phrases) for line in more)
    is_below_span = widest > max(len(above.phrases) for above in lines[:end])
    has_values = any(is_value(phrase.text) for line in more for phrase in line.phrases[1:])
    return following if is_below_span and not has_values else None


def build_head(
    lines: Sequence[PrintedLine], columns: Sequence[Column], ruling: Ruling
) -> list[Row]:
    """Build the rows of the head; headings over several columns have a row of their own."""
    rows: list[Row] = []
    opened = False
    reached = [
        frozenset(place for phrase in line.phrases for place in find_reached(phrase.bbox, columns))
        for line in lines
    ]
    heights = [*ruling.across, *(rule.at for rule in ruling.partial)]
    for place, line in enumerate(lines):
        ruled = any(
            -_BASELINE_POINTS <= y - line.baseline <= UNDERLINE_EM * line.size for y in heights
        )
        below = frozenset[int]().union(*reached[place + 1 :])
        placed = place_in_head(line, columns, ruling, below)
        others = reached[place + 1] if place + 1 < len(reached) else frozenset[int]()
        if rows and opened and _stands_between(placed, rows[-1], others):
            rows[-1].append(placed)
            continue
        if rows and not opened:
            rows[-1].append(placed)
        else:
            rows.append([placed])
        opened = ruled or any(each.last > each.first for each in placed)
    return rows


def _stands_between(placed: Sequence[Placed], above: Row, below: frozenset[int]) -> bool:
    """Tell whether headings of two rows stand at the middle between them."""
    own = {column for each in placed for column in range(each.first, each.last + 1)}
    taken = {
        column for line in above for cell in line for column in range(cell.first, cell.last + 1)
    }
    return bool(below) and own.isdisjoint(taken) and own.isdisjoint(below)
