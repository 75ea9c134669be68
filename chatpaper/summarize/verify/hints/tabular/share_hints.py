"""Differences in points that are called relative, and relative changes that are called points."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_printed_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.prose import LEAST_TELLING_DIGITS, split_prose
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, TIMES
from chatpaper.summarize.verify.tables.grids import has_words, parse_grids, split_label

MOST_NAMES = 6
# Shares below one are printed as such, or in per cent.
_SCALES = (Decimal(1), Decimal(100))

_TABLES = load_word_tables(__name__)
_CLAUSE_END = re.compile(r"[，。；;]|,\s")
_SENTENCE_END = re.compile(r"[。；;]|\.\s")
_RELATIVE = re.compile(_TABLES.join("relative"), re.IGNORECASE)
_BASED = re.compile(_TABLES.join("based"), re.IGNORECASE)
_POINTS = re.compile(_TABLES.join("points"), re.IGNORECASE)

_MULTIPLES = re.compile(_TABLES.join("multiples"), re.IGNORECASE)

Pair = tuple[Decimal, Decimal]


def find_share_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find a change that the numbers of the statement or of the named rows show to be the other."""
    statement = comparison.statement
    stated = find_stated_numbers(statement)
    yield from _called_multiples(stated, comparison.paper_text)
    for numeral in stated:
        if (
            numeral.unit.kind not in (PERCENT, POINT)
            or count_digits(numeral) < LEAST_TELLING_DIGITS
        ):
            continue
        is_relative = _is_called_relative(numeral, statement)
        is_points = bool(_POINTS.search(numeral.text))
        if is_relative == is_points:
            continue
        pairs = [*_pairs(stated, numeral), *_pairs_of_rows(comparison)]
        pairs += _pairs(find_printed_numbers(comparison.quote), None)
        as_points = any(_is_difference(numeral, pair) for pair in pairs)
        as_relative = any(_is_relative_change(numeral, pair) for pair in pairs)
        if (as_points, as_relative) == (is_relative, is_points):
            message = (
                f"The statement calls {numeral.text} {'relative' if is_relative else 'points'}; "
                f"the numbers show it to be {'points' if is_relative else 'relative'}."
            )
            yield Hint("unit", numeral.text, message, is_certain=True)


def _called_multiples(stated: Sequence[Numeral], paper_text: str) -> Iterator[Hint]:
    """Find a number called a multiple that the paper has, always, as one of something else."""
    for numeral in stated:
        is_telling = count_digits(numeral) >= LEAST_TELLING_DIGITS and numeral.value > 1
        if numeral.unit.kind != TIMES or not is_telling:
            continue
        places = [
            sentence
            for sentence, printed in split_prose(paper_text)
            if any(each.value == numeral.value for each in printed)
        ]
        if places and not any(_MULTIPLES.search(sentence) for sentence in places):
            message = (
                f"The statement calls {numeral.text} a multiple; the paper says {places[0]!r}."
            )
            yield Hint("unit", numeral.text, message, is_certain=True)


def _is_called_relative(numeral: Numeral, statement: str) -> bool:
    sentence = _SENTENCE_END.split(statement[: numeral.start])[-1]
    clause = _CLAUSE_END.split(sentence)[-1]
    behind = _CLAUSE_END.split(statement[numeral.end :])[0][:12]
    return bool(_RELATIVE.search(clause) or _RELATIVE.search(behind) or _BASED.search(sentence))


def _pairs(numerals: Sequence[Numeral], apart_from: Numeral | None) -> list[Pair]:
    values = dict.fromkeys(
        each.value
        for each in numerals
        if each != apart_from and (each.unit.kind in (PERCENT, POINT) or each.digit < 1)
    )
    return list(combinations(list(values)[:MOST_NAMES], 2))


def _pairs_of_rows(comparison: Comparison) -> Iterator[Pair]:
    """Yield what two named rows of a table have in each column."""
    names = [split_label(name.text) for name in find_names(comparison.statement)][:MOST_NAMES]
    for grid in parse_grids(comparison.paper_text) if len(names) > 1 else ():
        rows = [
            row
            for row, label in enumerate(grid.labels)
            if any(label == words or has_words(label[:1], words[:1]) for words in names if words)
        ]
        for one, other in combinations(rows[:MOST_NAMES], 2):
            second = {cell.column: cell.numeral.value for cell in grid.cells if cell.row == other}
            for cell in grid.cells:
                if grid.is_even and cell.row == one and cell.column in second:
                    yield cell.numeral.value, second[cell.column]


def _is_difference(numeral: Numeral, pair: Pair) -> bool:
    difference = abs(pair[0] - pair[1])
    return any(
        scale == 1 or max(pair) <= 1
        for scale in _SCALES
        if abs(difference * scale - numeral.value) <= numeral.digit / 2
    )


def _is_relative_change(numeral: Numeral, pair: Pair) -> bool:
    difference = abs(pair[0] - pair[1])
    return any(
        base and abs(100 * difference / base - numeral.value) <= numeral.digit for base in pair
    )
