"""A number of a text with its unit, and how exact it is said to be."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from chatpaper.domain.text.scripts import GREEK, LATIN
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.numbers.units import (
    CALENDAR_MONTH,
    NO_UNIT,
    TIMES,
    Unit,
    find_sign,
    find_unit,
)

LETTER = LATIN + GREEK
FIRST_YEAR, LAST_YEAR = 1900, 2100
_BLANKS = "\u2009\u202f\u00a0"
DIGITS = (
    rf"(?:\d{{1,3}}(?:(?:,|\{{,\}}|[{_BLANKS}])\d{{3}})++(?!\d)|\d{{1,3}}(?:\.\d{{3}}){{2,6}}"
    rf"(?![\d.])"
    r"|\d++)(?:\.\d++)?|\.\d++"
)

_NOUN = re.compile(r"[ \-\n]?([a-z]{2,}|[个個张幅步层次人位名轮块台条种类篇帧组])")

_TABLES = load_word_tables(__name__)
# A word may stand before what is counted: 1000 warmup steps, 4096 个字符.
_COUNTED = re.compile(
    r"[ \-\n]?(?:[个個]の?\s?|[a-z]{3,}[ \-\n](?<!of )(?<!per )(?<!and ))?(?:"
    + "|".join(
        f"(?P<{name}>{'|'.join(words)})" for name, words in _TABLES.get_rows("counted").items()
    )
    + ")(?![A-Za-z])"
)
_ABOUT_BEFORE = re.compile(rf"(?:{_TABLES.join('about_before')})\s*[为是有]?\s*\Z", re.IGNORECASE)
# A counter or the name of a measure may stand between: 131 枚余り, 30 FPS 以上.
_COUNTER = r"(?:\s?(?:[A-Za-z]{1,5}|[枚個件回人名本台篇张条次个项]))?"
_ABOUT_AFTER = re.compile(
    rf"{_COUNTER}\s?(?:个?多(?!种|个)|余|左右|上下|以上|以下|程度|ほど|余り|あまり|強|弱)"
)
_LEAST_BEFORE = re.compile(rf"(?:{_TABLES.join('least_before')})\s*\Z", re.IGNORECASE)
_LEAST_AFTER = re.compile(rf"{_COUNTER}\s?(?:个?多(?!种|个)|余|以上|余り|あまり|強|\+)")
# 6300 多万, 60 余亿, 三百多万; and before a unit or what is counted: 30 多倍, 20 余年, 三千多条.
_MORE_WITHIN = re.compile(r"(?<=[\d 一二三四五六七八九十百千])[多余]")
_MORE_BEHIND = re.compile(r"\s?[多余]\s?(?!种|个(?![小月百])|[余少])")
_MOST_BEFORE = re.compile(rf"(?:{_TABLES.join('most_before')})\s*\Z", re.IGNORECASE)
_MOST_AFTER = re.compile(rf"{_COUNTER}\s?(?:以下|以内|弱|未満|足らず)")
# 三天半, 12 个半小时.
_AND_A_HALF = re.compile(r"半(?![导導径數数部球年])")
_A_HALF_OF = re.compile(r"\s?[个個]半(?=[小时時月星])")
# 三个多月, 6 个多小时, 四个多星期.
_MORE_THAN_SO_MANY = re.compile(r"\s?[个個][多余](?=[小时時月星])")
_REACH_CHARACTERS = 24
# What stands behind the sign is how exact the value before it is.
_ERROR_BEFORE = re.compile(r"(?:±|\+/[-−–])\s?\Z")
_REACH_OF_SIGN = 4
_FACTOR_BEFORE = re.compile(
    r"\b(?:factors?|speed-?ups?) of (?:about |around |roughly |nearly |up to |~\s?)?\Z"
)


# 3～8 元 are n-grams of so many words, and hardly ever a price.
_MOST_WORDS_OF_GRAM = 9


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number with its place in the text.

    `value` has its scale multiplied in (4.1 million is 4100000), but not its unit (85 % is 85).
    `digit` is what one in the last digit printed is worth: a number that is said to be approximate
    is off by no more than half of it, one that is said to be a `bound` on one side by no more than
    all of it. One that `goes_on`, 三十多, has further digits that are not told. `noun` is the word
    that follows a number without a unit.
    """

    text: str
    start: int
    end: int
    value: Decimal
    unit: Unit = NO_UNIT
    digit: Decimal = Decimal(1)
    approximate: bool = False
    noun: str = ""
    bound: Literal["", "least", "most"] = ""
    goes_on: bool = False


def read_digits(digits: str) -> Decimal:
    """Return the value of digits, whose thousands may be parted."""
    return Decimal(_strip_thousands(digits))


def _strip_thousands(digits: str) -> str:
    """Return the digits without what parts the thousands: 1,234,567 as well as 1.234.567."""
    bare = digits if digits.isdigit() else re.sub(r"[^\d.]", "", digits)
    return bare.replace(".", "") if bare.count(".") > 1 else bare


def measure_last_digit(digits: str) -> Decimal:
    """Return what one is worth in the last digit that is not a closing zero of a whole number."""
    bare = _strip_thousands(digits)
    if "." in bare:
        return Decimal(1).scaleb(-len(bare.partition(".")[2]))
    return Decimal(1).scaleb(len(bare) - len(bare.rstrip("0"))) if bare.strip("0") else Decimal(1)


def make_numeral(text: str, start: int, end: int, value: Decimal, digit: Decimal) -> Numeral:
    """Return a numeral with the unit behind it and what is said of its exactness.

    Where no unit stands behind it, it has none.
    """
    half = _A_HALF_OF.match(text, end)
    parted = half or _MORE_THAN_SO_MANY.match(text, end)
    more = _MORE_BEHIND.match(text, end) or (None if half else parted)
    within = parted or more
    unit, unit_end = find_unit(text, within.end() if within else end)
    if parted and unit.kind == CALENDAR_MONTH:
        unit = Unit("month")
    if more and unit is NO_UNIT:
        unit_end = end
    side_of_a_box = text[unit_end - 1 : unit_end] in "×x" and re.match(r"\s?[\d(]", text[unit_end:])
    if (
        side_of_a_box
        or (unit.kind == "year" and _is_calendar_year(value, text[end:unit_end]))
        or (text[end:unit_end].strip() == "元" and value <= _MOST_WORDS_OF_GRAM)
    ):
        unit, unit_end = NO_UNIT, end
    elif unit is not NO_UNIT and not half and (half := _AND_A_HALF.match(text, unit_end)):
        unit_end = half.end()
    before = text[max(0, start - _REACH_CHARACTERS) : start]
    if unit is NO_UNIT and _FACTOR_BEFORE.search(before):
        unit = Unit(TIMES)
    if unit is NO_UNIT:
        unit = find_sign(before)
    more_within = _MORE_WITHIN.search(text, start, end)
    goes_on = bool(more or more_within)
    if goes_on and digit == 1 and value == value.to_integral_value():
        digit = measure_last_digit(f"{value:f}")
    return Numeral(
        text=text[start:unit_end].strip(),
        start=start,
        end=unit_end,
        value=value + Decimal("0.5") if half and unit is not NO_UNIT else value,
        unit=unit,
        digit=digit,
        approximate=bool(
            _ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(text, end) or more_within
        ),
        noun="" if unit.kind else _read_noun(text, unit_end),
        bound="least" if goes_on else _bound(before, text, end, unit_end),
        goes_on=goes_on,
    )


def _read_noun(text: str, end: int) -> str:
    """Return the word behind a number, that of the table where it is one for what is counted."""
    if counted := _COUNTED.match(text, end):
        return counted.lastgroup or ""
    noun = _NOUN.match(text, end)
    return noun[1] if noun else ""


def _bound(before: str, text: str, *ends: int) -> Literal["", "least", "most"]:
    """Tell on which side of the exact value a number is said to lie.

    超过 and 余 say below, 不到 and nearly above.
    """
    if _LEAST_BEFORE.search(before) or any(_LEAST_AFTER.match(text, end) for end in ends):
        return "least"
    return (
        "most"
        if _MOST_BEFORE.search(before) or any(_MOST_AFTER.match(text, end) for end in ends)
        else ""
    )


def is_in_years(value: Decimal) -> bool:
    """Tell whether a value is that of a year in which papers and their data are made."""
    return FIRST_YEAR <= value <= LAST_YEAR


def may_be_year(numeral: Numeral) -> bool:
    """Tell whether nothing but four digits are written, and a year can be meant."""
    return not numeral.unit.kind and is_in_years(numeral.value) and numeral.text.isdigit()


def is_error(printed: Numeral, text: str) -> bool:
    """Tell whether a number says how exact the value before it is: 27.7 ± 0.3."""
    before = text[max(0, printed.start - _REACH_OF_SIGN) : printed.start]
    return _ERROR_BEFORE.search(before) is not None


def _is_calendar_year(value: Decimal, unit: str) -> bool:
    return "年" in unit and is_in_years(value) and value == value.to_integral_value()
