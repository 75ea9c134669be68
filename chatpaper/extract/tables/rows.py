"""The rows of a table's body: printed lines, joined where cells go on from line to line."""

import re
from collections.abc import Sequence
from itertools import pairwise

from chatpaper.extract.tables.columns import Column
from chatpaper.extract.tables.phrases import PrintedLine
from chatpaper.extract.tables.placing import Placed

# Lines whose base lines are nearer than this share of the usual step belong to one row: a label is
# set at the middle of a cell of two lines.
_HALF_STEP = 0.75
# Lines of a cell follow each other at the smallest step of the table, or little more.
_LEADING_SHARE = 1.25
# Words are wrapped in columns of at least this width, in type sizes.
_WRAPPED_EM = 5.0
# … and a line that begins with a capital goes on only in columns as wide as running text.
_PROSE_EM = 12.0
# A line is full if the first word of the next would have reached beyond the column by this much.
_FULL_POINTS = 1.0
_VALUE = re.compile(
    r"[(\[~∼<>≈=$€+±−–-]*\.?\d[\W\d_]*(?:[kKMBGT%x×]|pp|ms|e-?\d+)?[\W\d_]*|[\W_]+|n/?a",
    re.IGNORECASE,
)
_HYPHENS = "-\u2010\u00ad"

Row = list[list[Placed]]


def is_value(text: str) -> bool:
    """Tell whether a text is a number, a mark or a dash rather than words."""
    return _VALUE.fullmatch(text) is not None


def measure_step(lines: Sequence[PrintedLine]) -> float:
    """Measure the smallest usual step from line to line, in points; 0 for a single line."""
    steps = sorted(
        below.baseline - above.baseline
        for above, below in pairwise(lines)
        if below.baseline - above.baseline > max(above.size, below.size) * _HALF_STEP
    )
    return steps[len(steps) // 4] if steps else 0.0


def join_lines_to_rows(
    lines: Sequence[tuple[PrintedLine, list[Placed]]],
    columns: Sequence[Column],
    step: float,
) -> list[Row]:
    """Join the lines between two rules to rows: each a list of the lines that it consists of."""
    rows: list[Row] = []
    last: PrintedLine | None = None
    for line, placed in lines:
        gap = line.baseline - last.baseline if last is not None else 0.0
        if (
            rows
            and gap <= _LEADING_SHARE * step
            and _goes_on(rows[-1], placed, columns, gap < _HALF_STEP * step)
        ):
            rows[-1].append(placed)
        else:
            rows.append([placed])
        last = line
    return rows


def is_single_row(lines: Sequence[Sequence[Placed]], columns: Sequence[Column]) -> bool:
    """Tell whether the lines between two rules are one row, with running text in one of its cells.

    Its label stands on lines that follow each other, and no column has a second value.
    """
    labels = [place for place, line in enumerate(lines) if any(not cell.first for cell in line)]
    if labels and labels[-1] - labels[0] >= len(labels):
        return False
    has_prose = False
    for column, room in enumerate(columns):
        cells = [cell for line in lines for cell in line if cell.first == cell.last == column]
        if sum(is_value(cell.text) for cell in cells) > 1:
            return False
        wraps = [_is_wrapped(above, cell, columns) for above, cell in pairwise(cells)]
        if column == 0 and not all(wraps):
            return False
        has_prose = has_prose or (
            any(wraps) and room.x1 - room.x0 >= _PROSE_EM * max(cell.size for cell in cells)
        )
    return has_prose


def _goes_on(row: Row, placed: Sequence[Placed], columns: Sequence[Column], near: bool) -> bool:
    """Tell whether a line belongs to the row above it."""
    shared = [(above, cell) for cell in placed if (above := _find_last(row, cell)) is not None]
    if any(not _is_wrapped(above, cell, columns) for above, cell in shared):
        return False
    if not shared:
        return near
    filled = len({cell.first for line in row for cell in line})
    is_broken = any(_is_broken(above.text, cell.text) for above, cell in shared)
    is_whole_row = len(placed) >= filled > 1
    has_own_label = len(placed) > filled and any(not cell.first for _, cell in shared)
    return is_broken or not (is_whole_row or has_own_label)


def _is_broken(above: str, below: str) -> bool:
    """Tell whether a text goes on in the middle of a word, a bracket or a sentence."""
    is_hyphenated = above[-1:] in _HYPHENS and above[-2:-1].isalpha() and below[:1].isalpha()
    is_open = above.count("(") > above.count(")") and ")" in below
    return is_hyphenated or is_open or below[:1].islower()


def _find_last(row: Row, cell: Placed) -> Placed | None:
    """Find the lowest text of a row in the columns of a cell."""
    for line in reversed(row):
        for other in line:
            if other.first <= cell.last and cell.first <= other.last:
                return other
    return None


def _is_wrapped(above: Placed, cell: Placed, columns: Sequence[Column]) -> bool:
    """Tell whether a text goes on in the next line because the first was full."""
    if is_value(cell.text) and is_value(above.text):
        return False
    if _is_broken(above.text, cell.text) and not cell.text[:1].islower():
        return True
    if " " not in above.text and " " not in cell.text and above.text.isascii():
        return False
    left, right = columns[cell.first].x0, columns[cell.last].x1
    goes_on = cell.text[:1].islower() or cell.text[:1] in "([{"
    least = _WRAPPED_EM if goes_on else _PROSE_EM
    if right - left < least * cell.size:
        return False
    word = cell.text.split()[0]
    letters = (cell.x1 - cell.x0) * len(word) / max(1, len(cell.text))
    centred = abs((above.x0 + above.x1) - (left + right)) / 2 < abs(above.x0 - left)
    room = (right - left) - (above.x1 - above.x0) if centred else right - above.x1
    return letters + cell.size / 4 + _FULL_POINTS > room
