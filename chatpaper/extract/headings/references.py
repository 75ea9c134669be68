"""The bibliography: its lines in the flow, and the number of its entries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from chatpaper.domain import References
from chatpaper.extract.headings.levels import Heading
from chatpaper.extract.headings.reference_entries import (
    find_entry_starts,
    is_at,
    split_at_starts,
    split_columns,
)
from chatpaper.extract.page import Destination
from chatpaper.extract.textline import TextLine

_BRACKETED = re.compile(r"\[(\d{1,4})\]")
_NUMBERED = re.compile(r"(\d{1,4})\.\s")
_CITATION = re.compile(r"cite\.|bib\.?\d|bib\w+\.|cite@", re.IGNORECASE)
# A line this far right of the column's entries continues one: they hang by half an em at least.
_HANGING_POINTS = 4.0
# A run of so many numbered lines is a bibliography even without heading.
_LEAST_ENTRIES = 5
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


NO_REFERENCES = References()


@dataclass(frozen=True, slots=True)
class Bibliography:
    """Lines of the flow from `start` to before `end`, heading included; empty if there are none.

    `entries` holds the lines of each entry.
    """

    start: int = 0
    end: int = 0
    found: References = NO_REFERENCES
    entries: tuple[tuple[TextLine, ...], ...] = ()


def find_bibliography(
    flow: Sequence[TextLine], headings: Sequence[Heading], destinations: Sequence[Destination]
) -> Bibliography:
    """Find the bibliography by its heading, else by destinations of citations, else by numbers."""
    own = [heading for heading in headings if heading.kind == "references"]
    cited = [point for point in destinations if _CITATION.match(point.name)]
    if own:
        heading = own[-1]
        start, first = heading.position, heading.position + heading.line_count
    else:
        start = first = _find_start_by_destinations(flow, cited) or _find_start_by_numbers(flow)
        if not start:
            return Bibliography()
    end = next((heading.position for heading in headings if heading.position >= first), len(flow))
    if not own:
        end = first + _measure_list(flow[first:end])
    lines = flow[first:end]
    page = flow[start].page if start < len(flow) else 0
    return Bibliography(
        start,
        end,
        References(page, _count_entries(lines, cited)),
        tuple(split_at_starts(lines, find_entry_starts(lines, cited))),
    )


def _find_start_by_destinations(flow: Sequence[TextLine], cited: Sequence[Destination]) -> int:
    """Find the first line at a destination of a citation on their first page; 0 for none."""
    if len(cited) < _LEAST_ENTRIES:
        return 0
    page = min(point.page for point in cited)
    on_page = [point for point in cited if point.page == page]
    left = min(point.x for point in on_page)
    best = 0
    for index, line in enumerate(flow):
        if line.page == page and any(is_at(line, point) for point in on_page):
            best = index
            break
    return best if left >= 0 else 0


def _find_start_by_numbers(flow: Sequence[TextLine]) -> int:
    """Find where a list of entries with years counts from 1; 0 for none."""
    for pattern in (_BRACKETED, _NUMBERED):
        starts = [
            (index, int(match[1]))
            for index, line in enumerate(flow)
            if (match := pattern.match(line.text))
        ]
        for order, (index, value) in enumerate(starts):
            run = [number for _, number in starts[order : order + _LEAST_ENTRIES]]
            years = sum(
                bool(_YEAR.search(line.text)) for line in flow[index : index + 4 * _LEAST_ENTRIES]
            )
            if (
                value == 1
                and run == list(range(1, _LEAST_ENTRIES + 1))
                and years >= _LEAST_ENTRIES - 1
                and index
            ):
                return index
    return 0


def _measure_list(lines: Sequence[TextLine]) -> int:
    """Count the lines of a list without heading: as long as its type goes on."""
    if not lines:
        return 0
    size = lines[0].style.size
    for index, line in enumerate(lines):
        if line.style.size > size + 1:
            return index
    return len(lines)


def _count_entries(lines: Sequence[TextLine], cited: Sequence[Destination]) -> int:
    """Count entries by the numbers of a list in order, else by destinations, else by layout."""
    for pattern in (_BRACKETED, _NUMBERED):
        numbers = [int(match[1]) for line in lines if (match := pattern.match(line.text))]
        ordered = _count_rising(numbers)
        if ordered >= max(2, len(numbers) // 2):
            return ordered
    if cited:
        return len({point.name for point in cited})
    return _count_hanging_entries(lines)


def _count_rising(numbers: Sequence[int]) -> int:
    expected = 1
    for number in numbers:
        if number == expected:
            expected += 1
    return expected - 1


def _count_hanging_entries(lines: Sequence[TextLine]) -> int:
    """Count entries without numbers, by hanging indents or the white space between them."""
    return sum(_count_entries_in_column(column) for column in split_columns(lines))


def _count_entries_in_column(column: Sequence[TextLine]) -> int:
    lefts = [line.bbox.x0 for line in column]
    first = [left < min(lefts) + _HANGING_POINTS for left in lefts]
    if _LEAST_HANGING <= sum(first) / len(first) <= 1 - _LEAST_HANGING:
        return sum(first)
    gaps = [below.baseline - above.baseline for above, below in pairwise(column)]
    usual = median(gaps) if gaps else 0.0
    return sum(gap > _PARTED * usual for gap in gaps) + 1


# Shares of the lines that begin entries with hanging indents; without indents nearly all lines
# begin at one edge.
_LEAST_HANGING = 0.1
# White space between entries, relative to the usual distance of lines.
_PARTED = 1.12
