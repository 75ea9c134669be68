"""Changes that a statement's own values do not make: from 25.0 % to 26.1 %, by 4.4 points."""

import re
from collections.abc import Iterator
from dataclasses import replace

from chatpaper.summarize.verify.hints.comparison import Comparison, Hint, find_stated_numbers
from chatpaper.summarize.verify.support.changes import find_changes

# Marks are so many of how many there are at most: 4.2 of 5.
_OUT_OF = re.compile(r"(?:满分[为是]?|\bout of )\s?(\d+)")
_WHOLE = 100


def find_change_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find changes that the statement's own values do not make."""
    text = f"{comparison.statement}\n{comparison.quote}"
    are_marks = any(int(most) != _WHOLE for most in _OUT_OF.findall(text))
    for change in find_changes(comparison.statement, find_stated_numbers(comparison.statement)):
        # Papers call points relative; what else they tell is for `ChangeCheck`.
        told = replace(change, is_relative=False)
        if not change.may_be_told and not told.is_between(are_marks=are_marks):
            message = (
                f"{change.one.text} and {change.other.text}, which the statement gives, "
                f"are not {change.by.text} apart."
            )
            yield Hint("number", change.by.text, message, is_certain=True)
