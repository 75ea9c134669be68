"""Changes that a statement's own values do not make: from 25.0 % to 26.1 %, by 4.4 points."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import NO_UNIT
from chatpaper.summarize.verify.support.changes import find_changes, is_in_points
from chatpaper.summarize.verify.support.number_match import match

# Marks are so many of how many there are at most: 4.2 of 5.
_OUT_OF = re.compile(r"(?:满分[为是]?|\bout of )\s?(\d+)")
_WHOLE = 100


def find_change_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find changes that the statement's own values do not make, nor its quote tells so."""
    quoted = find_printed_numbers(comparison.quote)
    text = f"{comparison.statement}\n{comparison.quote}"
    are_marks = any(int(most) != _WHOLE for most in _OUT_OF.findall(text))
    for change in find_changes(comparison.statement, find_stated_numbers(comparison.statement)):
        # Papers call points relative; what else they tell is for `ChangeCheck`.
        told = replace(change, is_relative=False)
        is_wrong = not change.may_be_told and not told.is_between(are_marks=are_marks)
        if is_wrong and not _is_given(change.by, quoted):
            message = (
                f"{change.one.text} and {change.other.text}, which the statement gives, "
                f"are not {change.by.text} apart."
            )
            yield Hint("number", change.by.text, message, is_certain=True)


def _is_given(by: Numeral, quoted: Sequence[Numeral]) -> bool:
    """Tell whether the quote has the change in its unit."""
    return any(
        match(by, each)
        and each.unit.kind == by.unit.kind
        and is_in_points(by) == is_in_points(each)
        for each in quoted
        if each.unit is not NO_UNIT or by.unit is NO_UNIT
    )
