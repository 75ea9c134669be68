"""What a number of a statement is of: the name before it that no other name parts from it."""

import re
from collections.abc import Sequence

from chatpaper.summarize.verify.hints.comparison import find_stated_numbers
from chatpaper.summarize.verify.hints.values.attribution import is_filler, is_metric
from chatpaper.summarize.verify.names.names import Name
from chatpaper.summarize.verify.numbers.numeral import Numeral

# A name so far before a number is not what the number is of.
REACH = 64
# Where something was measured is no part of what was measured.
_SETTING = re.compile(r"在[^，。；]{1,30}?[下上中时里]")
_PART = re.compile(r"[，、,]")
_CONNECTED = re.compile(r"^(?:而|且|并|则|和|与|\s|(?:and|while)\b)+")


def find_owner(numeral: Numeral, statement: str, names: Sequence[Name]) -> Name | None:
    """Return the nearest name before a number, unless something between could have the number.

    Between them may stand measures, and other numbers of the same name.
    """
    places = [place.span() for place in _SETTING.finditer(statement, 0, numeral.start)]
    before = [
        name
        for name in names
        if numeral.start - REACH <= name.end <= numeral.start
        and not is_metric(name.text)
        and not any(start <= name.start and name.end <= end for start, end in places)
    ]
    if not before:
        return None
    nearest = max(before, key=lambda name: name.end)
    between = _SETTING.sub(_blank, statement[: numeral.start])[nearest.end :]
    for other in reversed(find_stated_numbers(statement)):
        if nearest.end <= other.start and other.end <= numeral.start:
            start = other.start - nearest.end
            between = between[:start] + " " + between[other.end - nearest.end :]
    parts = (_CONNECTED.sub("", part.strip()) for part in _PART.split(between))
    return nearest if all(is_filler(part) for part in parts) else None


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
