"""The columns of a table: between white space that hardly any row crosses, or vertical rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from chatpaper.domain import BBox
from chatpaper.extract.tables.phrases import Phrase, PrintedLine

# Columns are apart by at least this white space, in points.
_LEAST_GUTTER_POINTS = 1.5
# Cells that span columns cross the white space between these. How many rows may do so is found by
# trying: a few, or a share of them. More would hide columns with few cells.
_ROWS_ACROSS = (0, 1, 2)
_SHARES_ACROSS = (0.1, 0.2, 0.3)
# Boxes of contents that overlap by less than this only touch.
_REACH_POINTS = 1.0
# Phrases are aligned if their edges, or their centres, are as near as this.
_ALIGNED_POINTS = 3.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its contents reach from `x0` to `x1`, its room from `left` to `right`."""

    x0: float
    x1: float
    left: float
    right: float


def find_columns(lines: Sequence[PrintedLine], down: Sequence[float]) -> tuple[Column, ...]:
    """Find the columns of the body's lines; `down` are the places of vertical rules."""
    rows = _select_voters(lines)
    allowed = {min(count, len(rows) // 2) for count in _ROWS_ACROSS}
    allowed |= {int(share * len(rows)) for share in _SHARES_ACROSS}
    best: tuple[Column, ...] = ()
    fewest = sum(len(row.phrases) for row in rows) + 1
    for most in sorted(allowed):
        columns = _cut_at(rows, _merge_cuts(_find_gutters(rows, most), down))
        misfits = count_misfits(rows, columns)
        if misfits < fewest:
            best, fewest = columns, misfits
        if not misfits:
            break
    return best


def _select_voters(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Select the lines that tell columns: those of several phrases, and labels left of them all."""
    voters = [line for line in lines if len(line.phrases) > 1]
    if not voters:
        return list(lines)
    left = min(phrase.bbox.x0 for line in voters for phrase in line.phrases)
    labels = [
        line
        for line in lines
        if len(line.phrases) == 1 and line.phrases[0].bbox.x1 < left - _LEAST_GUTTER_POINTS
    ]
    return voters + labels


def count_misfits(lines: Sequence[PrintedLine], columns: Sequence[Column]) -> int:
    """Count the phrases that share a column of their line, and those that cross columns."""
    misfits = 0
    for line in lines:
        taken: set[int] = set()
        for phrase in line.phrases:
            own = find_reached(phrase.bbox, columns)
            misfits += len(own) > 1 or not taken.isdisjoint(own)
            taken.update(own)
    return misfits


def find_reached(box: BBox, columns: Sequence[Column]) -> range:
    """Find the columns whose contents a box overlaps; at least the nearest one."""
    left, _, right, _ = box
    least = min(_REACH_POINTS, (right - left) / 2)
    first = last = -1
    for place, column in enumerate(columns):
        x0, x1 = column.x0, column.x1
        if x0 >= right:
            break
        if min(right, x1) - max(left, x0) > min(least, (x1 - x0) / 2):
            first = place if first < 0 else first
            last = place
    if first >= 0:
        return range(first, last + 1)
    middle = (left + right) / 2
    nearest = min(
        range(len(columns)),
        key=lambda place: max(columns[place].left - middle, middle - columns[place].right),
    )
    return range(nearest, nearest + 1)


def overlaps_any(box: BBox, columns: Sequence[Column]) -> bool:
    """Tell whether a box overlaps the contents of a column."""
    return any(box.x0 < column.x1 and column.x0 < box.x1 for column in columns)


def is_aligned_left(phrase: Phrase, column: Column) -> bool:
    """Tell whether a phrase begins at the left edge of a column."""
    return abs(phrase.bbox.x0 - column.x0) <= _ALIGNED_POINTS


def is_aligned(phrase: Phrase, column: Column) -> bool:
    """Tell whether a phrase begins or ends with a column, or is centred on it."""
    return (
        is_aligned_left(phrase, column)
        or abs(phrase.bbox.x1 - column.x1) <= _ALIGNED_POINTS
        or abs(phrase.middle - (column.x0 + column.x1) / 2) <= _ALIGNED_POINTS
    )


def _find_gutters(rows: Sequence[PrintedLine], allowed: int) -> list[tuple[float, float]]:
    """Find the white space that at most so many of the rows cross."""
    steps = sorted(
        step
        for row in rows
        for phrase in row.phrases
        for step in ((phrase.bbox.x0, 1), (phrase.bbox.x1, -1))
    )
    gutters: list[tuple[float, float]] = []
    across = 0
    since: float | None = None
    for x, step in steps:
        if step > 0 and since is not None and across == allowed:
            if x - since >= _LEAST_GUTTER_POINTS:
                gutters.append((since, x))
            since = None
        across += step
        if step < 0 and across == allowed:
            since = x
    return gutters


def _merge_cuts(gutters: Sequence[tuple[float, float]], down: Sequence[float]) -> list[float]:
    """List where columns are cut: at vertical rules, and in the middle of other white space."""
    ruled = list(down)
    free = [
        (start + end) / 2
        for start, end in gutters
        if not any(start - _REACH_POINTS <= x <= end + _REACH_POINTS for x in ruled)
    ]
    return sorted(ruled + free)


def _cut_at(rows: Sequence[PrintedLine], cuts: Sequence[float]) -> tuple[Column, ...]:
    """Cut the width of the rows into columns; those without contents are none."""
    boxes = [phrase.bbox for row in rows for phrase in row.phrases]
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    edges = [left, *(cut for cut in cuts if left < cut < right), right]
    columns = []
    for start, end in pairwise(edges):
        own = [
            box
            for box in boxes
            if start - _REACH_POINTS <= box.x0 and box.x1 <= end + _REACH_POINTS
        ]
        if own:
            columns.append(Column(min(b.x0 for b in own), max(b.x1 for b in own), start, end))
    return tuple(columns)
