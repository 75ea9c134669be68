"""Relative changes that a statement gives in points, and points given as relative changes."""

import re
from collections.abc import Iterator

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.numbers.calculations import is_said_relative
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT
from chatpaper.summarize.verify.support.number_match import match

_TABLES = load_word_tables(__name__)
_RELATIVE = re.compile(_TABLES.join("relative"), re.IGNORECASE)
_ABSOLUTE = re.compile(_TABLES.join("absolute"), re.IGNORECASE)
_POINTS = re.compile(_TABLES.join("points"), re.IGNORECASE)
# What a percentage is of stands so near to it, in its clause.
REACH_BEFORE, REACH_BEHIND = 24, 60
_CLAUSE = re.compile(r"[,;:()]|\.\s|\d")


def find_relative_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find points that the quote has as a percentage of the value before, and the reverse."""
    quote = comparison.quote
    for numeral in find_stated_numbers(comparison.statement) if quote else ():
        of_points = bool(_POINTS.search(numeral.text))
        is_relative = is_said_relative(numeral, comparison.statement)
        if of_points == is_relative:
            continue
        printed = [
            each
            for each in find_printed_numbers(quote)
            if each.unit.kind in (PERCENT, POINT) and match(numeral, each)
        ]
        other, own = (_RELATIVE, _ABSOLUTE) if of_points else (_ABSOLUTE, _RELATIVE)
        if printed and all(
            other.search(words) and not own.search(words)
            for words in (_find_beside(each, quote) for each in printed)
        ):
            said = "points" if of_points else "a share of the value before"
            message = f"The statement tells {numeral.text} as {said}; the quoted words do not."
            yield Hint("unit", numeral.text, message, is_certain=True)


def _find_beside(numeral: Numeral, text: str) -> str:
    """Return the words of a number's clause that stand near it, with its own."""
    before = text[max(0, numeral.start - REACH_BEFORE) : numeral.start]
    behind = text[numeral.end : numeral.end + REACH_BEHIND]
    return f"{_CLAUSE.split(before)[-1]}{numeral.text}{_CLAUSE.split(behind)[0]}"
