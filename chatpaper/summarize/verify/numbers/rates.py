"""Units that tell how much of what a number counts: 995 a second, 每分钟 30 个, $0.25 per MB."""

import re
from dataclasses import replace
from decimal import Decimal

from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import (
    BY_THE_SECOND,
    NO_UNIT,
    Unit,
    find_unit,
    list_factors,
)

# A rate is given right before a number or behind the few words that name what is counted.
_REACH_BEFORE, _REACH_BEHIND = 16, 40
_EACH = re.compile(r"[每毎][一个個]?\s?(?=[^\d\s])")
_CLAUSE = re.compile(r"[，。；,;:()（）\d]|\.\s")
_PER = re.compile(r"(?:\bper|\bevery|\beach|\ban?|/|／|[每毎])\s?(?=[^\d\s])")
# An article before a unit of time, "five a second", makes a rate; before other words it is only an
# article.
_ARTICLES = ("a", "an")
_TIME, _FREQUENCY = "second", "hertz"
# A stated interval is off by no more than this share of itself.
MAX_ROUNDING_SHARE = Decimal("0.05")
_SECOND, _MINUTE = Unit(_TIME), Unit(_TIME, Decimal(60))
# Behind 每 and 毎 a minute needs no more than its first character.
_MINUTE_ALONE = re.compile(r"分(?![A-Za-z类類割布别別钟間])")
# Names of what is counted by the second.
_BY_THE_SECOND = re.compile(r"\s?(?:FPS|fps|QPS|qps)\b")


def find_rate(numeral: Numeral, text: str) -> Unit:
    """Return the unit for each of which a number counts something: the second in 995 a second.

    Returns NO_UNIT where the text tells none.
    """
    before = text[max(0, numeral.start - _REACH_BEFORE) : numeral.start]
    for each in reversed(list(_EACH.finditer(before))):
        unit, end = find_unit(before, each.end())
        if unit is NO_UNIT and (minute := _MINUTE_ALONE.match(before, each.end())):
            unit, end = _MINUTE, minute.end()
        if unit is not NO_UNIT and not _CLAUSE.search(before, end):
            return unit
    behind = text[numeral.end : numeral.end + _REACH_BEHIND]
    if _BY_THE_SECOND.match(behind):
        return _SECOND
    stop = _CLAUSE.search(behind)
    for per in _PER.finditer(behind, 0, stop.start() if stop else len(behind)):
        unit, _ = find_unit(behind, per.end())
        if unit is not NO_UNIT and (per[0].strip() not in _ARTICLES or unit.kind == _TIME):
            return unit
    return NO_UNIT


def express_as_frequency(numeral: Numeral, text: str) -> Numeral | None:
    """Return so many a second in hertz, None for what counts nothing by time.

    96,000 samples a second are 96 kHz.
    """
    return None if numeral.unit.kind else _express_by_second(numeral, text, Unit(_FREQUENCY))


def express_as_throughput(numeral: Numeral, text: str) -> Numeral | None:
    """Return so many bits or bytes by time in the unit of their rate, None for anything else.

    每秒 3 MB are 3 MB/s.
    """
    unit = replace(numeral.unit, kind=f"{numeral.unit.kind}{BY_THE_SECOND}")
    return _express_by_second(numeral, text, unit) if list_factors(unit.kind) else None


def _express_by_second(numeral: Numeral, text: str, unit: Unit) -> Numeral | None:
    rate = find_rate(numeral, text)
    if rate.kind != _TIME:
        return None
    value, digit = numeral.value / rate.factor, numeral.digit / rate.factor
    return replace(numeral, value=value, digit=digit, unit=unit)


def is_interval(numeral: Numeral, other: Numeral, text: str) -> bool:
    """Tell whether a duration is that between two of what another number counts by time.

    Of 40 a minute there is one every 1.5 seconds.
    """
    frequency = other if other.unit.kind == _FREQUENCY else express_as_frequency(other, text)
    if numeral.unit.kind != _TIME or frequency is None or not frequency.value:
        return False
    interval = 1 / (frequency.value * frequency.unit.factor * numeral.unit.factor)
    return abs(interval - numeral.value) <= min(
        numeral.digit / 2, numeral.value * MAX_ROUNDING_SHARE
    )


def list_rates(text: str) -> frozenset[Unit]:
    """List the units of time by which a text counts anything, as the caption of a table does."""
    units = [find_unit(text, per.end())[0] for per in _PER.finditer(text)]
    rates = {unit for unit in units if unit.kind == _TIME}
    return frozenset(rates | ({_SECOND} if re.search(_BY_THE_SECOND.pattern, text) else set()))


def are_other_rates(rate: Unit, other: Unit) -> bool:
    """Tell whether two rates are by different units of one kind.

    One may be by the second and the other by the minute.
    """
    return rate.kind == other.kind != "" and rate.factor != other.factor
