"""How long something took: by two dates, or in two units, 6 hours and 40 minutes."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from chatpaper.summarize.verify.numbers.numeral import Numeral

_MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)\s?年\s?)?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?[日号]"
    rf"|\b(?P<name>{_NAMES})\.? (?P<of_month>\d{{1,2}})(?:st|nd|rd|th)?\b"
    r"(?:,? (?P<year_behind>(?:19|20)\d\d))?",
    re.IGNORECASE,
)
_DAY = 86_400
_DAYS_OF_MONTH = 30.4
# Where no year is given, any one that is no leap year.
_SOME_YEAR = 2001

_AND = re.compile(r"(?:,? and |, | |零|又|と)?")


def join_durations(text: str, numerals: Sequence[Numeral]) -> Iterator[Numeral]:
    """Yield durations that are given in two units, in the smaller one.

    `numerals` are those of the text in their order.
    """
    for long, short in pairwise(numerals):
        if (
            long.unit.kind == short.unit.kind == "second"
            and long.unit.factor > short.unit.factor
            and long.unit.factor > short.value * short.unit.factor
            and _AND.fullmatch(text, long.end, short.start)
        ):
            value = long.value * long.unit.factor / short.unit.factor + short.value
            words = text[long.start : short.end]
            yield replace(short, text=words, start=long.start, value=value)


def is_span_of_dates(numeral: Numeral, sentence: str) -> bool:
    """Tell whether so many days, weeks or months lie between the two dates of a sentence."""
    unit = numeral.unit
    length = float(unit.factor) / _DAY if unit.kind == "second" else _DAYS_OF_MONTH
    if unit.kind not in ("second", "month") or length < 1:
        return False
    dates = list(_find_dates(sentence))
    if len(dates) != 2:
        return False
    lasted = ((dates[1] - dates[0]).days + 1) / length
    return abs(lasted - float(numeral.value)) < 1


def _find_dates(sentence: str) -> Iterator[date]:
    """Yield the dates of a sentence; one without a year is of the year of another."""
    found = list(_DATE.finditer(sentence))
    years = [year for each in found if (year := each["year"] or each["year_behind"])]
    for each in found:
        year = each["year"] or each["year_behind"] or (years[0] if years else _SOME_YEAR)
        month = int(each["month"]) if each["month"] else _MONTHS[each["name"].casefold()]
        day = int(each["day"] or each["of_month"])
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(int(year), month)[1]:
            yield date(int(year), month, day)
