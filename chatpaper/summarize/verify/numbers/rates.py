"""Units that tell how much of what a number counts: 995 a second, 每分钟 30 个, $0.25 per MB."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from chatpaper.domain.text.scripts import HAN
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import (
    BY_THE_SECOND,
    NO_UNIT,
    PERCENT,
    POINT,
    TIMES,
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
SECOND, _MINUTE = Unit(_TIME), Unit(_TIME, Decimal(60))
# Behind 每 and 毎 a minute needs no more than its first character.
_MINUTE_ALONE = re.compile(r"分(?![A-Za-z类類割布别別钟間])")
# Names of what is counted by the second.
_BY_THE_SECOND = re.compile(r"\s?(?:FPS|fps|QPS|qps)\b")

# Kinds of units of time, of which months and years are no fixed numbers of days.
_TIMES = ("second", "month", "calendar month", "year")
_TABLES = load_word_tables(__name__)
# A rate in any text. Behind articles only units of time make one, and only where so many of
# something stand before: "five frames a second", but not "about a day".
_RATE = re.compile(
    rf"(?P<each>{_TABLES.join('each')})\s?|(?P<article>(?<=[a-z\d)] )an? )"
    rf"|(?P<one>{_TABLES.join('one')})\s?"
)
_NO_COUNT_BEFORE = re.compile(rf"\b(?:{_TABLES.join('before_a_duration')}) \Z", re.IGNORECASE)
_ONE_OR_STROKE = re.compile(rf"{_TABLES.join('one')}|\s?[/／]")
_WITHIN = re.compile(rf"\s?(?:{_TABLES.join('within')})")
_DAY = re.compile("[日晚]")
_ADVERBS = tuple(
    (Unit(kind, Decimal(factor)), re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE))
    for row, words in _TABLES.get_rows("adverbs").items()
    for factor, _, kind in [row.partition(" ")]
)
# An ordinal is no time: every second layer, a second stage.
_ORDINAL = re.compile(rf"\bsecond (?!(?:{_TABLES.join('behind_a_second')})\b)[a-z]")
# 每字节码 is for each of something else than a byte.
_WORD_GOES_ON = re.compile(rf"(?<=[{HAN}])(?![的之内里中约有含需占要只仅])[{HAN}]")
_NOUN = re.compile(rf"(?!(?:{_TABLES.join('no_nouns')})\b)[a-z]{{3,}}")


@dataclass(frozen=True, slots=True)
class Rate:
    """For each of what a text counts something, with its place: a second, or a game.

    What is no unit is called by its `noun`.
    """

    start: int
    end: int
    unit: Unit
    noun: str = ""

    @property
    def is_by_time(self) -> bool:
        """Tell whether something is counted by a unit of time."""
        return self.unit.kind in _TIMES

    def is_said_of_each(self, text: str) -> bool:
        """Tell whether the text says "per second" or "each day", and not "within one" or /s."""
        return not _ONE_OR_STROKE.match(text, self.start)

    def is_same(self, other: "Rate") -> bool:
        """Tell whether two rates are by the same unit or noun."""
        return (self.unit, self.noun) == (other.unit, other.noun)


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
            return _unify(unit)
    behind = text[numeral.end : numeral.end + _REACH_BEHIND]
    if _BY_THE_SECOND.match(behind):
        return SECOND
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
    return frozenset(rates | ({SECOND} if re.search(_BY_THE_SECOND.pattern, text) else set()))


def are_other_rates(rate: Unit, other: Unit) -> bool:
    """Tell whether two rates are by different units of one kind, or by different times.

    One may be by the second and the other by the minute, or by the month.
    """
    are_of_one_kind = rate.kind == other.kind != "" or {rate.kind, other.kind} <= {*_TIMES}
    return are_of_one_kind and rate != other


def find_rates(text: str) -> Iterator[Rate]:
    """Find for each of what a text counts something, in any number or in none."""
    for match in _RATE.finditer(text):
        if (rate := _read_rate(match, text)) is not None:
            yield rate
    for unit, words in _ADVERBS:
        for adverb in words.finditer(text):
            yield Rate(*adverb.span(), unit)


def _read_rate(match: re.Match[str], text: str) -> Rate | None:
    unit, end = find_unit(text, match.end())
    if unit is NO_UNIT and not match["article"]:
        unit, end = _read_short_unit(text, match.end())
    if _ORDINAL.match(text, end - len(_TIME)):
        return None
    if unit.kind in (PERCENT, POINT, TIMES):
        return None
    rate = Rate(match.start(), end, _unify(unit))
    if match["one"]:
        within = _WITHIN.match(text, end)
        return replace(rate, end=within.end()) if within and rate.is_by_time else None
    if match["article"]:
        is_count = not _NO_COUNT_BEFORE.search(text, 0, match.start())
        return rate if rate.is_by_time and is_count else None
    if unit is not NO_UNIT:
        return rate if rate.is_by_time or not _WORD_GOES_ON.match(text, end) else None
    noun = _NOUN.match(text, match.end())
    return Rate(match.start(), noun.end(), NO_UNIT, noun[0]) if noun else None


def _read_short_unit(text: str, position: int) -> tuple[Unit, int]:
    """Read what is a unit only behind a word for each: 每分, 每日."""
    if minute := _MINUTE_ALONE.match(text, position):
        return _MINUTE, minute.end()
    day = _DAY.match(text, position)
    return (Unit(_TIME, Decimal(86400)), day.end()) if day else (NO_UNIT, position)


def _unify(unit: Unit) -> Unit:
    return Unit("month") if unit.kind == "calendar month" else unit


def find_rates_of(numeral: Numeral, text: str) -> tuple[Rate, ...]:
    """Find the rates at which a text has a number: those in its clause, close before or behind."""
    start = max(0, numeral.start - _REACH_BEFORE)
    stop = _CLAUSE.search(text, numeral.end, numeral.end + _REACH_BEHIND)
    end = stop.start() if stop else numeral.end + _REACH_BEHIND
    return tuple(
        rate
        for rate in find_rates(text)
        if numeral.end <= rate.start < end
        or (start <= rate.start and _stands_right_before(rate, numeral, text))
    )


def _stands_right_before(rate: Rate, numeral: Numeral, text: str) -> bool:
    return rate.end <= numeral.start and not _CLAUSE.search(text, rate.end, numeral.start)
