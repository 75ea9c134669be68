"""The entries of a bibliography: the lines of each."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from chatpaper.extract.page import Destination
from chatpaper.extract.textline import TextLine

_MARKS = (
    re.compile(r"\[(\d{1,4})\]"),
    re.compile(r"(\d{1,4})\.\s"),
    re.compile(r"(\d{1,4})\s+[A-Z]"),
)
# "[Kin14]", "[KB14a]": keys of the styles alpha and its kin.
_KEY = re.compile(r"\[[^\]\s]{2,16}\]")
_LEAST_KEYS = 3
# Entries hang by half an em at least; a line this far right of the others continues one.
_HANGING_POINTS = 4.0
# Shares of lines that begin entries with hanging indents; without indents nearly all begin at one
# edge.
_LEAST_HANGING = 0.08
# White space between entries, relative to the usual distance of lines.
_PARTED = 1.12
# A line that begins an entry after one without white space between them ends in a full stop.
_ENDS = re.compile(r"[.)\]\d/]$")


def is_at(line: TextLine, point: Destination) -> bool:
    """Tell whether a destination points at a line."""
    return -2 <= line.bbox.y0 - point.y <= line.bbox.height + 4 and abs(line.bbox.x0 - point.x) < 30


def split_columns(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Split lines in reading order where a column begins: higher up, or on another page."""
    columns: list[list[TextLine]] = []
    for line in lines:
        above = columns[-1][-1] if columns else None
        if above is None or line.page != above.page or line.baseline < above.baseline:
            columns.append([])
        columns[-1].append(line)
    return columns


def split_at_starts(
    lines: Sequence[TextLine], starts: Sequence[int]
) -> Iterator[tuple[TextLine, ...]]:
    """Split lines at the indexes at which entries start."""
    for start, end in pairwise([*starts, len(lines)]):
        yield tuple(lines[start:end])


def find_entry_starts(lines: Sequence[TextLine], cited: Sequence[Destination]) -> list[int]:
    """Find the lines that begin entries: by numbers in order, keys, destinations, or layout."""
    for mark in _MARKS:
        starts = _find_rising(lines, mark)
        if len(starts) > 1 and starts[0] == 0:
            return starts
    keys = [index for index, line in enumerate(lines) if _KEY.match(line.text)]
    if len(keys) >= _LEAST_KEYS and keys[0] == 0:
        return keys
    names = len({point.name for point in cited})
    pages = {line.page for line in lines}
    points = [point for point in cited if point.page in pages]
    pointed = [
        index
        for index, line in enumerate(lines)
        if any(point.page == line.page and is_at(line, point) for point in points)
    ]
    laid_out = _find_by_layout(lines)
    if names and abs(len(pointed) - names) < abs(len(laid_out) - names):
        return sorted({0, *pointed}) if lines else []
    return laid_out


def _find_rising(lines: Sequence[TextLine], mark: re.Pattern[str]) -> list[int]:
    """Find the lines with the numbers 1, 2, 3 and so on."""
    starts: list[int] = []
    for index, line in enumerate(lines):
        match = mark.match(line.text)
        if match and int(match[1]) == len(starts) + 1:
            starts.append(index)
    return starts


def _find_by_layout(lines: Sequence[TextLine]) -> list[int]:
    """Find entries by hanging indents, or by the white space between them."""
    starts: list[int] = []
    index = 0
    for column in split_columns(lines):
        begins = _find_hanging(column)
        if not begins:
            goes_on = index and not _ENDS.search(lines[index - 1].text)
            begins = [*([] if goes_on else [0]), *_find_parted(column)]
        starts += [index + place for place in begins]
        index += len(column)
    return sorted({0, *starts}) if lines else []


def _find_hanging(column: Sequence[TextLine]) -> list[int]:
    left = min(line.bbox.x0 for line in column)
    first = [place for place, line in enumerate(column) if line.bbox.x0 < left + _HANGING_POINTS]
    share = len(first) / len(column)
    return first if _LEAST_HANGING <= share <= 1 - _LEAST_HANGING else []


def _find_parted(column: Sequence[TextLine]) -> list[int]:
    gaps = [below.baseline - above.baseline for above, below in pairwise(column)]
    usual = median(gaps) if gaps else 0.0
    return [
        place
        for place, gap in enumerate(gaps, start=1)
        if gap > _PARTED * usual and _ENDS.search(column[place - 1].text)
    ]
