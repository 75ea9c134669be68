"""Numbers that a table has under another measure or data set than the one named before them."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.prose import LEAST_TELLING_DIGITS, find_prose_numbers
from chatpaper.summarize.verify.hints.tabular.headings import Heading, find_headings
from chatpaper.summarize.verify.hints.values.attribution import is_filler, is_gap
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.tables.grids import Cell, Grid, find_grid, parse_grids

# The name of a column stands so near before its number.
REACH = 24

_IN_ORDER = re.compile(r"分别|依次|それぞれ|\brespectively\b", re.IGNORECASE)
# Where a number was measured may stand between: on the test set, 上, 时.
_PLACE = re.compile(r"[上中下时時でのはが]|\b(?:it|this|we)\b", re.IGNORECASE)


def find_column_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find a number whose row has another one under the heading that the statement names."""
    statement = comparison.statement
    claimed = [
        each
        for each in find_stated_numbers(statement)
        if count_digits(each) >= LEAST_TELLING_DIGITS and not is_gap(statement[: each.start])
    ]
    grids = parse_grids(comparison.paper_text) if claimed else ()
    if not grids or _IN_ORDER.search(statement):
        return
    headings = find_headings(statement)
    for numeral in claimed:
        heading, said = _heading_of(numeral, statement, headings)
        cells = [cell for grid in grids for cell in grid.cells if match(numeral, cell.numeral)]
        if (
            heading
            and cells
            and all(_is_under_another(cell, heading, find_grid(cell, grids)) for cell in cells)
            and not any(match(numeral, each) for each in find_prose_numbers(comparison.paper_text))
        ):
            message = (
                f"The statement gives {numeral.text} as {said}; "
                f"the table has it under {' '.join(cells[0].head)!r}."
            )
            yield Hint("table", numeral.text, message, is_certain=True)


def _heading_of(
    numeral: Numeral, statement: str, headings: Sequence[tuple[int, int, Heading]]
) -> tuple[Heading, str]:
    """Return what stands right before a number: (), "" where it is nothing that heads a column."""
    before = [each for each in headings if numeral.start - REACH <= each[1] <= numeral.start]
    start, end, heading = max(before, key=lambda each: each[1], default=(0, 0, ()))
    between = _PLACE.sub(" ", statement[end : numeral.start])
    return (heading, statement[start:end]) if heading and is_filler(between) else ((), "")


def _is_under_another(cell: Cell, heading: Heading, grid: Grid) -> bool:
    """Tell whether the row has another number right under this heading, and this one is not so."""
    heads = grid.heads[1:]
    if cell.column < 1 or not all(heads) or len(set(heads)) < len(heads):
        return False
    is_near = any(
        word.startswith(heading[0]) or heading[0].startswith(word)
        for word in (*cell.head, *cell.label)
    )
    return not is_near and any(
        other.row == cell.row and other.head == heading for other in grid.cells
    )
