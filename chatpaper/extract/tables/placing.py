"""Put the phrases of a printed line into columns; a phrase may span several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from chatpaper.extract.tables.columns import (
    Column,
    find_reached,
    is_aligned,
    is_aligned_left,
    overlaps_any,
)
from chatpaper.extract.tables.phrases import Phrase, PrintedLine, join_phrases, split_phrase
from chatpaper.extract.tables.ruling import Ruling

# A phrase over several columns is centred on them within this many type sizes.
_CENTRED_EM = 0.6
# A short rule under a heading reaches into a column by at least this share of it.
_UNDERLINED_SHARE = 0.5
# A space between columns is wider than this, in type sizes, where it stands over white space.
_GUTTER_EM = 0.33
# A rule under a heading is this near to its base line, in type sizes.
UNDERLINE_EM = 0.7
# The words of a title across the table may be spaced a little wider than those of cells.
_TITLE_GAP_EM = 0.75


@dataclass(frozen=True, slots=True)
class Placed:
    """A text in the columns `first` to `last`; edges, base line and `size` are in points."""

    text: str
    first: int
    last: int
    x0: float
    x1: float
    baseline: float
    size: float


def place_in_body(line: PrintedLine, columns: Sequence[Column]) -> list[Placed]:
    """Place the phrases of a row; a lone one, and one that only is too long, has one column."""
    phrases = _join_title(line.phrases, columns)
    placed: list[Placed] = []
    for phrase in _split_at_gutters(phrases, columns):
        reached = find_reached(phrase.bbox, columns)
        first, last = reached[0], reached[-1]
        if len(phrases) == 1 and last > first:
            first = last = 0
        elif last > first and _is_overlong(phrase, columns[first], columns[last]):
            last = first
        placed.append(_place(phrase, first, last))
    return _merge_shared(placed)


def _join_title(phrases: Sequence[Phrase], columns: Sequence[Column]) -> list[Phrase]:
    """Join the phrases of a line that no space between columns parts: the title of a group."""
    reached = [find_reached(phrase.bbox, columns) for phrase in phrases]
    is_title = all(
        right.bbox.x0 - left.bbox.x1 <= _TITLE_GAP_EM * left.size
        for left, right in pairwise(phrases)
    ) and any(before[-1] >= after[0] or len(before) > 1 for before, after in pairwise(reached))
    return [join_phrases(phrases)] if is_title else list(phrases)


def place_title(row: list[list[Placed]], columns: Sequence[Column]) -> list[list[Placed]]:
    """Place a row that is one text at the middle of the table in the first column."""
    if len(row) != 1 or len(row[0]) != 1 or not row[0][0].first:
        return row
    title = row[0][0]
    off_centre = abs((title.x0 + title.x1) / 2 - (columns[0].x0 + columns[-1].x1) / 2)
    return [[replace(title, first=0, last=0)]] if off_centre <= title.size else row


def _split_at_gutters(phrases: Sequence[Phrase], columns: Sequence[Column]) -> Iterator[Phrase]:
    """Split phrases where a space is wider than between words, and stands between columns."""
    for phrase in phrases:
        rest = phrase
        place = 1
        while place < len(rest.words):
            left, right = rest.words[place - 1].bbox, rest.words[place].bbox
            middle = (left.x1 + right.x0) / 2
            is_between = not any(column.x0 < middle < column.x1 for column in columns)
            if is_between and right.x0 - left.x1 > _GUTTER_EM * phrase.size:
                part, other = split_phrase(rest, place)
                if overlaps_any(part.bbox, columns) and overlaps_any(other.bbox, columns):
                    yield part
                    rest, place = other, 0
            place += 1
        yield rest


def _is_overlong(phrase: Phrase, first: Column, last: Column) -> bool:
    """Tell whether a phrase begins at the edge of a column, and is not centred on several."""
    off_centre = abs(phrase.middle - (first.x0 + last.x1) / 2)
    return is_aligned_left(phrase, first) and off_centre > _CENTRED_EM * phrase.size


def place_in_head(
    line: PrintedLine, columns: Sequence[Column], ruling: Ruling, below: frozenset[int]
) -> list[Placed]:
    """Place the headings of one line: over the columns that a short rule under them covers.

    Without a rule, one that reaches across the space between columns, or stands among headings of
    the lines below, is centred on those that it spans. `below` are the columns with headings there.
    """
    phrases = list(_split_at_gutters(line.phrases, columns))
    placed: list[Placed] = []
    own = {place for phrase in phrases for place in find_reached(phrase.bbox, columns)}
    free = below - own if below else None
    for place, phrase in enumerate(phrases):
        underlined = _find_underlined(phrase, line, columns, ruling)
        if underlined is None:
            first = placed[-1].last + 1 if placed else 0
            limit = _find_limit(phrases[place : place + 2], columns)
            around = _stop_at_rules(phrase, columns, range(first, limit), ruling)
            underlined = _find_centered(phrase, columns, around, free)
        placed.append(_place(phrase, underlined[0], underlined[-1]))
    return _merge_shared(placed)


def _find_limit(phrases: Sequence[Phrase], columns: Sequence[Column]) -> int:
    """Find the first column that is nearer to the second of two phrases than to the first."""
    if len(phrases) < 2:
        return len(columns)
    between = (phrases[0].bbox.x1 + phrases[1].bbox.x0) / 2
    return next(
        (place for place, column in enumerate(columns) if (column.x0 + column.x1) / 2 > between),
        len(columns),
    )


def _stop_at_rules(
    phrase: Phrase, columns: Sequence[Column], around: range, ruling: Ruling
) -> range:
    """Narrow the columns that a heading may span to those that no vertical rule parts from it."""
    y = (phrase.bbox.y0 + phrase.bbox.y1) / 2
    return range(
        max(
            (
                place
                for place in around
                if place
                and ruling.parts(columns[place - 1].x1, phrase.bbox.x0, y)
                and not ruling.parts(columns[place].x0, phrase.bbox.x0, y)
            ),
            default=around.start,
        ),
        min(
            (place for place in around if ruling.parts(phrase.bbox.x1, columns[place].x0, y)),
            default=around.stop,
        ),
    )


def _find_underlined(
    phrase: Phrase, line: PrintedLine, columns: Sequence[Column], ruling: Ruling
) -> range | None:
    """Find the columns over the rule that a heading alone stands on; None without such a rule."""
    for rule in ruling.partial:
        over = [each for each in line.phrases if rule.start <= each.middle <= rule.end]
        is_under = -1.0 <= rule.at - line.baseline <= UNDERLINE_EM * line.size
        if not is_under or len(over) != 1 or phrase.words[0] not in over[0].words:
            continue
        covered = [
            place
            for place, column in enumerate(columns)
            if min(rule.end, column.x1) - max(rule.start, column.x0)
            >= _UNDERLINED_SHARE * (column.x1 - column.x0)
        ]
        if covered:
            return range(covered[0], covered[-1] + 1)
    return None


def _find_centered(
    phrase: Phrase, columns: Sequence[Column], around: range, free: frozenset[int] | None
) -> range:
    """Find the columns that a heading is centred on; most stand over one.

    `around` are those that it may span, `free` those whose headings are all below this line; None
    if there is no line below.
    """
    reached = find_reached(phrase.bbox, columns)
    if len(reached) == 1 and free is None and is_aligned(phrase, columns[reached[0]]):
        return reached
    ranges = [
        range(first, last + 1)
        for first in range(min(around.start, reached[0]), reached[0] + 1)
        for last in range(reached[-1], max(around.stop, reached[-1] + 1))
        if free is None
        or all(place in free for place in range(first, last + 1) if place not in reached)
    ]

    def measure_misfit(each: range) -> float:
        return abs(phrase.middle - (columns[each[0]].x0 + columns[each[-1]].x1) / 2)

    centred = [each for each in ranges if measure_misfit(each) <= _CENTRED_EM * phrase.size]
    if centred or len(reached) == 1:
        return max(centred, key=len, default=reached)
    return min(ranges, key=lambda each: (round(measure_misfit(each) / phrase.size), len(each)))


def _place(phrase: Phrase, first: int, last: int) -> Placed:
    box = phrase.bbox
    return Placed(phrase.text, first, last, box.x0, box.x1, phrase.baseline, phrase.size)


def _merge_shared(placed: Sequence[Placed]) -> list[Placed]:
    """Merge texts of one line that share a column."""
    merged: list[Placed] = []
    for each in placed:
        before = merged[-1] if merged else None
        if before is not None and each.first <= before.last:
            merged[-1] = replace(
                before,
                text=f"{before.text} {each.text}",
                first=min(before.first, each.first),
                last=max(before.last, each.last),
                x1=each.x1,
            )
        else:
            merged.append(each)
    return merged
