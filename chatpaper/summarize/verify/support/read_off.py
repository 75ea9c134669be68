"""Numbers that a statement reads off a figure or counts in a table, where it says in which.

A diagram prints numbers among its names; a table has as many rows as a summary counts, or as many
that share a cell.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from chatpaper.domain import Figure, TableCells
from chatpaper.summarize.verify.names.figure_labels import find_figure, find_labels
from chatpaper.summarize.verify.names.proper_nouns import find_missing_proper_nouns
from chatpaper.summarize.verify.numbers.arithmetic import solve
from chatpaper.summarize.verify.numbers.calculations import parse_calculation
from chatpaper.summarize.verify.numbers.diagrams import LEAST_TICKS, list_set_values
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.support.derivation import find_unstated, may_replace
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.support.operands import is_small_count

# Papers repeat counts with fewer digits in their text.
LEAST_DIGITS_OF_VALUE = 3
_VALUE = re.compile(r"[^\w|]{0,3}\d[\d.,]*(?:\s?[±%(][\d.,±%()\s]{0,12})?")


def find_named_figures(text: str, figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Return the figures and tables that a text names."""
    found = (find_figure(label, figures) for label in find_labels(text))
    return tuple(dict.fromkeys(figure for figure in found if figure))


def find_source(numeral: Numeral, figures: Sequence[Figure]) -> Figure | None:
    """Return the figure that a number can be read off, or the table in which it can be counted."""
    return next((figure for figure in figures if _has(figure, numeral)), None)


def find_source_of_result(
    claimed: Numeral, numerals: Sequence[Numeral], sentence: str, figures: Sequence[Figure]
) -> Figure | None:
    """Return the figure that has two numbers of a sentence from which it computes another one."""
    calculation = parse_calculation(claimed, sentence)
    if calculation is None:
        return None
    for figure in figures:
        shown = [each for each in numerals if each is not claimed and _has(figure, each)]
        if any(solve(calculation, one, other) for one, other in combinations(shown, 2)):
            return figure
    return None


def may_show_value(numeral: Numeral, stated: Sequence[Numeral], figure: Figure) -> bool:
    """Tell whether a number may be a value of a figure that no text gives.

    It may be printed in a picture of which no text can be read, if it is no small count, or read
    off by eye between the numbers along an axis, if it is said to be about so much. The caption has
    no other number in place of which it may stand.
    """
    printed = find_unstated(find_printed_numerals(figure.caption), stated)
    is_shown = sum(map(str.isdigit, numeral.text)) >= LEAST_DIGITS_OF_VALUE
    return (is_shown if _is_picture(figure) else _is_between_ticks(numeral, figure)) and not any(
        may_replace(numeral, each, figure.caption) for each in printed
    )


def _is_between_ticks(numeral: Numeral, figure: Figure) -> bool:
    cells = (cell.strip() for cell in re.split(r"[|\n]", figure.text))
    ticks = [
        each.value
        for cell in cells
        if _VALUE.fullmatch(cell)
        for each in find_printed_numerals(cell)
    ]
    is_axis = figure.kind == "figure" and len(ticks) >= LEAST_TICKS
    return numeral.approximate and is_axis and min(ticks) <= numeral.value <= max(ticks)


def may_show_place(name: str, sentence: str, figure: Figure) -> bool:
    """Tell whether a name is that of a place or person, which a picture may have printed."""
    return _is_picture(figure) and name in {
        each for _, each in find_missing_proper_nouns(sentence, ())
    }


def _is_picture(figure: Figure) -> bool:
    return figure.kind == "figure" and not figure.text.strip()


def _has(figure: Figure, numeral: Numeral) -> bool:
    if figure.kind == "figure":
        # A scale or a unit is written beside a name; what else an axis has is of any figure.
        return any(
            match(numeral, printed)
            for printed in find_printed_numerals(figure.text)
            if printed.unit.kind or not printed.text[-1:].isdigit()
        ) or any(
            match(numeral, printed) == "exact"
            for cell in list_set_values(figure.text)
            for printed in find_printed_numerals(cell)
            if not is_small_count(printed)
        )
    is_count = not numeral.unit.kind and numeral.value == numeral.value.to_integral_value()
    return is_count and figure.cells is not None and numeral.value in set(_count(figure.cells))


def _count(cells: TableCells) -> Iterator[Decimal]:
    """Yield how many rows and values a table has, and how many rows share a cell."""
    rows = [row for row in cells.rows[cells.head_rows :] if len({*filter(None, row)}) > 1]
    yield Decimal(len(rows))
    yield Decimal(sum(bool(_VALUE.fullmatch(cell)) for row in rows for cell in row))
    for column in zip(*rows, strict=True):
        yield from map(Decimal, Counter(filter(None, column)).values())
