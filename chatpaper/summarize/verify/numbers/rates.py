"""Units that tell how much of what a number counts: 995 a second, 每分钟 30 个, $0.25 per MB."""

import re

from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import NO_UNIT, Unit, find_unit

# A rate is given right before a number or behind the few words that name what is counted.
_REACH_BEFORE, _REACH_BEHIND = 16, 40
_EACH = re.compile(r"每[一个個]?\s?(?=[^\d\s])")
_CLAUSE = re.compile(r"[，。；,;:()（）\d]|\.\s")
_PER = re.compile(r"(?:\bper|\bevery|\beach|\ban?|/|／|每)\s?(?=[^\d\s])")
# An article before a unit of time, "five a second", makes a rate; before other words it is only an
# article.
_ARTICLES = ("a", "an")
_TIME = "second"


def find_rate(numeral: Numeral, text: str) -> Unit:
    """Return the unit for each of which a number counts something: the second in 995 a second.

    Returns NO_UNIT where the text tells none.
    """
    before = text[max(0, numeral.start - _REACH_BEFORE) : numeral.start]
    for each in reversed(list(_EACH.finditer(before))):
        unit, end = find_unit(before, each.end())
        if unit is not NO_UNIT and not _CLAUSE.search(before, end):
            return unit
    behind = text[numeral.end : numeral.end + _REACH_BEHIND]
    stop = _CLAUSE.search(behind)
    for per in _PER.finditer(behind, 0, stop.start() if stop else len(behind)):
        unit, _ = find_unit(behind, per.end())
        if unit is not NO_UNIT and (per[0].strip() not in _ARTICLES or unit.kind == _TIME):
            return unit
    return NO_UNIT


def are_other_rates(rate: Unit, other: Unit) -> bool:
    """Tell whether two rates are by different units of one kind.

    One may be by the second and the other by the minute.
    """
    return rate.kind == other.kind != "" and rate.factor != other.factor
