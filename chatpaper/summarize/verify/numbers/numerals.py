"""Numbers in a text as values: 1.67M, 167 万, 85 %, 2×10^-4, 三分之一, twenty-five.

`find_claimed_numerals` reads what a text says of a paper and leaves alone what counts nothing:
labels ("Figure 3"), marks of lists, citations, digits that belong to a name ("GPT-4"), 一种 and
第一. `find_printed_numerals` reads a paper, where words for numbers count in any place. What the
first finds in a text the second finds there as well.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from chatpaper.domain.text.scripts import FULL_WIDTH
from chatpaper.summarize.verify.numbers.durations import (
    find_parts_of_durations,
    join_durations,
    join_stated_durations,
)
from chatpaper.summarize.verify.numbers.labels import blank_labels, blank_marks, unbracket_counts
from chatpaper.summarize.verify.numbers.number_words import (
    NumberWord,
    find_chinese_numbers,
    find_english_numbers,
    find_measured_words,
)
from chatpaper.summarize.verify.numbers.numeral import (
    DIGITS,
    LETTER,
    Numeral,
    make_numeral,
    measure_last_digit,
    read_digits,
)
from chatpaper.summarize.verify.numbers.printed_forms import (
    find_before_names,
    find_before_powers,
    find_dates,
    find_dimensions,
    find_in_cells,
    find_in_groups,
    find_in_names,
    find_lost_powers,
    find_memory_sizes,
    find_ratios,
    find_short_minutes_and_millions,
)
from chatpaper.summarize.verify.numbers.units import (
    DOLLAR,
    NO_UNIT,
    PERCENT,
    RATES,
    SIGN,
    find_scale,
    find_sign,
    is_currency,
)
from chatpaper.summarize.verify.spans import drop_overlapping

# No sentence and no table has so many; what follows them is not read.
MAX_NUMERALS = 5000

_NUMBER = re.compile(
    rf"(?<![{LETTER}_\d])(?<!\d\.)(?:(?<![{LETTER}][-‐‑])|(?<=\d[kKMG][-‐‑])(?=[\d.]{{1,5}}[kKMG]))(?:{DIGITS})|(?<=\dx[-–])(?:{DIGITS})"
    rf"(?=x)"
)
# 10 039: an ordinary blank parts thousands where no other number stands beside them.
_BLANK_THOUSANDS = re.compile(r"(?<![\d.,] )(?<!\d)[1-9]\d{0,2}(?: \d{3}){1,4}(?![\d.%]| ?\d)")
# Units in front of which a number in English words is measured; "two times" and "two degrees" often
# are not.
MEASURED_IN_WORDS = (PERCENT, "second", "month", "year", "byte", "metre", "gram", DOLLAR)
_MINUS = "-−–⁻"
_EXPONENT = (
    rf"(?:\s?\^\s?\{{?\s?(?P<caret>[{_MINUS}+]?\d{{1,3}})\}}?|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}})"
    r"|\s?(?P<minus>−\s?\d{1,2}(?!\d))|\s?的\s?(?P<words>\d{1,3})\s?次[方幂冪])"
)
# Behind a factor a hyphen is a minus too: 3.1 x 10-3.
_TIMES_POWER_OF_TEN = re.compile(
    rf"\s?(?:[×x·⋅*])\s{{0,6}}10(?:{_EXPONENT}|(?P<hyphen>[-–]\d{{1,2}}(?!\d)))"
)
_POWER = re.compile(_EXPONENT)
# Of other numbers a raised digit is as often the mark of a note.
_TEN = Decimal(10)
_BASES = (Decimal(2), _TEN)
# 1e-6, and as TeX sets it in formulas: 1e − 6, 1e^{−6}.
_FLOAT_POWER = re.compile(
    rf"[eE](?:(?P<plain>[{_MINUS}+]?\d{{1,3}})(?!\w)|\s(?P<spaced>[{_MINUS}]\s?\d{{1,3}})(?!\w)"
    rf"|\^\{{?(?P<raised>[{_MINUS}+]?\d{{1,3}})\}}?)"
)
_SHARE = re.compile(
    r"(?:(?<=[的为約约到至近])|(?<=[的为約约到至近] )|(?<=\b(?:to|by|of) )"
    r"|(?<=\b(?:about|least) )|(?<=\b(?:only|just|than) )|(?<=\broughly )|(?<=\bapproximately ))"
    r"(?P<above>[1-9]\d?)/(?P<below>[1-9]\d{0,5}(?:\.\d{1,2})?)(?:th|rd)?(?![\d./])(?!\s?[十百千万亿])"
)
_TWO_SCALES = re.compile(
    r"(?<![\d.])(?P<large>\d{1,4})\s?(?P<high>[万亿億])\s?(?P<small>\d{1,4})\s?(?P<low>[百千万])"
    r"(?![万亿億])"
)
_DECADE = re.compile(r"(?<!\d)(?P<century>\d\d)\s?世[纪紀]\s?(?P<decade>\d0)\s?年代")
_SCALES_OF_PARTS = {
    "百": Decimal("1e2"),
    "千": Decimal("1e3"),
    "万": Decimal("1e4"),
    "亿": Decimal("1e8"),
    "億": Decimal("1e8"),
}
# $1.2m, £3b: behind the sign of a currency they are no metres.
_SCALE_OF_SUM = re.compile(r" ?([mb])(?!\w)")
_SCALES_OF_SUMS = {"m": Decimal("1e6"), "b": Decimal("1e9")}
_LONGEST_SIGN = 5
_PLAIN_EXPONENT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–", "0123456789-+--")
# 9th; and the letter that tells works of one year apart, 2021a.
_SUFFIX = re.compile(rf"(?:st|nd|rd|th|(?<=[12][09]\d\d)[a-f])(?![{LETTER}\d])")
_NAME_GOES_ON = re.compile(rf"(?!{RATES})[{LETTER}_]|-[A-Z]")
_RANGE = re.compile(
    r"\s?(?:[-–—~～至到/]|to|(?P<error>±|\+/-)|(?P<pair>and|or|和|与))\s?"
    rf"(?:{SIGN}\s?)?(?=[\d.])"
)
# What stands between two numbers lies in a range of them.
_BETWEEN = re.compile(rf"\bbetween (?:{SIGN}\s?)?\Z")

# Formulas in a text: what LaTeX writes, and the sign that it stands for.
_LATEX_SIGNS = {
    "pm": "±", "times": "×", "cdot": "·", "sim": "~", "approx": "≈", "leq": "≤", "geq": "≥",
    "le": "≤", "ge": "≥", "circ": "°", "%": " %", ",": "", ";": "", "!": "", "$": "",
}  # fmt: skip
_SIGNS = "pm|times|cdot|sim|approx|leq|geq|le|ge|circ"
# A letter before it and a number behind make it the sign of a currency, R$ 50, and end no formula.
_LATEX = re.compile(
    rf"(?:\\(?=[a-z%,;!])|(?!(?<=[A-Z])(?<!\$[A-Z])\$\s?\d)(?=\$))({_SIGNS}|[%,;!$])(?![a-z])"
)
# Where a number follows each of these signs, they are dollars: formulas end with one.
_FORMULA = re.compile(r"\$(?!\s?\d)")
_LATEX_IN_PROSE = re.compile(rf"\\({_SIGNS}|[%,;!])(?![a-z])")

# Wide digits and signs, but for the punctuation by which sentences are parted.
_WIDE = re.compile(f"(?![，（）])[{FULL_WIDTH}]")

# The raised point of some journals comes out of a PDF as a character that nothing stands for: 0�95.
_LOST_POINT = re.compile(r"(?<=\d)[\ufffd\x01-\x08](?=\d)")

# What has a power or a scale of its own takes none from the end of its range.
_BARE_DIGITS = re.compile(r"[\d.,\s]+")
_LONGEST_LINK = 10


@lru_cache(maxsize=1024)
def find_claimed_numerals(text: str) -> tuple[Numeral, ...]:
    """Return the numbers that a text states, in their order."""
    bare = blank_marks(blank_labels(_plain(text)))
    words = (_from_word(bare, word) for word in find_chinese_numbers(bare, counted_only=True))
    measured = (_from_word(bare, word) for word in find_measured_words(bare))
    measures = (each for each in measured if each.unit.kind in MEASURED_IN_WORDS)
    stated = [
        *find_parts_of_durations(bare),
        *_decades(bare),
        *_shares(bare),
        *_in_two_scales(bare),
        *_in_digits(bare),
        *words,
        *measures,
    ]
    return drop_overlapping([*stated, *join_stated_durations(bare, stated)])


def find_printed_numerals(text: str) -> tuple[Numeral, ...]:
    """Return the numbers that can be read in a paper, in their order.

    Ambiguous ones come in each of their readings.
    """
    whole = unbracket_counts(_plain(text))
    bare = blank_labels(whole)
    words = [*find_chinese_numbers(bare, counted_only=False), *find_english_numbers(bare)]
    readings = [
        *_in_digits(bare),
        *find_lost_powers(bare),
        *(_from_word(bare, word) for word in words),
    ]
    readings += [
        *find_in_names(whole),
        *find_dates(whole),
        *find_dimensions(whole),
        *find_in_cells(whole),
        *find_in_groups(whole),
        *find_ratios(whole),
        *find_short_minutes_and_millions(whole),
        *find_memory_sizes(whole),
        *find_before_powers(whole),
        *find_before_names(whole, readings),
        *join_durations(whole, [*readings, *find_parts_of_durations(whole)]),
    ]
    return tuple(sorted(readings, key=lambda numeral: numeral.start))


def _plain(text: str) -> str:
    """Return the same text, character for character, with ordinary digits and signs."""
    pointed = _LOST_POINT.sub(".", text)
    narrow = _WIDE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), pointed)
    latex = _LATEX if _FORMULA.search(narrow) else _LATEX_IN_PROSE
    signs = latex.sub(lambda match: _LATEX_SIGNS[match[1]].ljust(len(match[0])), narrow)
    return re.sub(r"(?<=\d)x(?=\d)", "×", signs)


def _decades(text: str) -> Iterator[Numeral]:
    """Yield decades of a century by their first year: 20 世纪 30 年代 is 1930."""
    for match in _DECADE.finditer(text):
        year = Decimal(100 * (int(match["century"]) - 1) + int(match["decade"]))
        yield make_numeral(text, *match.span(), year, Decimal(10))


def _in_two_scales(text: str) -> Iterator[Numeral]:
    """Yield numbers that are written by their parts: 2 万 3 千."""
    for match in _TWO_SCALES.finditer(text):
        digit = _SCALES_OF_PARTS[match["low"]]
        value = Decimal(match["large"]) * _SCALES_OF_PARTS[match["high"]]
        yield make_numeral(text, *match.span(), value + Decimal(match["small"]) * digit, digit)


def _in_digits(text: str) -> Iterator[Numeral]:
    position = count = 0
    previous: Numeral | None = None
    while count < MAX_NUMERALS and (match := _number_from(text, position)):
        count += 1
        numeral = _from_digits(text, match)
        position = max(match.end(), numeral.end if numeral else 0)
        if previous is not None and numeral is not None:
            previous, numeral = _as_range(text, previous, match, numeral)
        if previous is not None:
            yield previous
        previous = numeral
    if previous is not None:
        yield previous


def _number_from(text: str, position: int) -> re.Match[str] | None:
    """Return the next digits that are a number, with the blanks that part their thousands."""
    match = _NUMBER.search(text, position)
    return match and (_BLANK_THOUSANDS.match(text, match.start()) or match)


def _from_digits(text: str, match: re.Match[str]) -> Numeral | None:
    """Return the number that begins with these digits, or None where they belong to a name."""
    value, digit, end = read_digits(match[0]), measure_last_digit(match[0]), match.end()
    if power := _TIMES_POWER_OF_TEN.match(text, end) or _FLOAT_POWER.match(text, end):
        factor = _raise(_TEN, power)
        return make_numeral(text, match.start(), power.end(), value * factor, digit * factor)
    power = _POWER.match(text, end) if value in _BASES else None
    # A minus behind a ten is that of an exponent, and behind a two of a range or a difference; what
    # is chosen among small powers of two is called by its exponent.
    whole = _raise(value, power) if power else value
    if power and (value == _TEN or whole >= 1):
        last = whole if value == _TEN else digit
        return make_numeral(text, match.start(), power.end(), whole, last)
    if suffix := _SUFFIX.match(text, end):
        return make_numeral(text, match.start(), suffix.end(), value, digit)
    factor, end = _find_scale_of_sum(text, match) or find_scale(text, end)
    numeral = make_numeral(text, match.start(), end, value * factor, digit * factor)
    goes_on = _NAME_GOES_ON.match(text, numeral.end) and text[numeral.end - 1].isascii()
    return None if goes_on else numeral


def _find_scale_of_sum(text: str, digits: re.Match[str]) -> tuple[Decimal, int] | None:
    """Return the scale of a sum of money that a small letter gives, $1.2m, and where it ends."""
    scale = _SCALE_OF_SUM.match(text, digits.end())
    before = text[max(0, digits.start() - _LONGEST_SIGN) : digits.start()]
    if scale is None or find_sign(before) is NO_UNIT:
        return None
    return _SCALES_OF_SUMS[scale[1]], scale.end()


def _from_word(text: str, word: NumberWord) -> Numeral:
    # A tenth, 三成, is not said to the per cent. 二百 is said as exactly as 200.
    is_whole = word.value >= 1 and word.value == word.value.to_integral_value()
    digit = measure_last_digit(f"{word.value:f}") if is_whole else Decimal(1)
    digit = Decimal(10) if text[word.end - 1] in "成割" else digit
    numeral = make_numeral(text, word.start, word.end, word.value, digit)
    if word.unit is NO_UNIT:
        return numeral
    return replace(numeral, unit=word.unit, noun="", text=text[word.start : word.end], end=word.end)


def _shares(text: str) -> Iterator[Numeral]:
    """Yield the fractions that a text calls a share of something: 约为后者的 1/66.

    A fraction is so many of so many parts.
    """
    for match in _SHARE.finditer(text):
        if int(match["above"]) < Decimal(match["below"]):
            yield make_numeral(
                text, *match.span(), Decimal(match["above"]) / Decimal(match["below"]), Decimal(1)
            )


def _raise(base: Decimal, match: re.Match[str]) -> Decimal:
    exponent = next(group for group in match.groupdict().values() if group)
    return base ** int(re.sub(r"\s", "", exponent).translate(_PLAIN_EXPONENT))


def _as_range(
    text: str, first: Numeral, digits: re.Match[str], last: Numeral
) -> tuple[Numeral, Numeral]:
    """Return two numbers that share what the last says, the first with its unit and noun.

    They are a range, a pair, or a value and its error. Of a range and before an error it has the
    scale of the last too.
    """
    link = _RANGE.match(text, first.end) if digits.start() - first.end <= _LONGEST_LINK else None
    if link is None or link.end() != digits.start():
        return first, last
    is_pair = link["pair"] is not None and not _BETWEEN.search(text, 0, first.start)
    if is_currency(first.unit) and first.unit == last.unit and not is_pair:
        first = _scale_as(first, last, digits)
    elif is_currency(first.unit) and last.unit is NO_UNIT and text[first.end] in "-–—":
        first, last = _scale_as(first, last, digits), replace(last, unit=first.unit, noun="")
    elif first.unit is NO_UNIT and (
        last.unit is not NO_UNIT or last.noun or last.approximate or not is_pair
    ):
        scaled = first if is_pair else _scale_as(first, last, digits, is_error=bool(link["error"]))
        first = replace(
            scaled,
            unit=last.unit,
            noun=last.noun,
            approximate=first.approximate or last.approximate,
        )
    if first.unit.kind == last.unit.kind == PERCENT and not (is_pair or link["error"]):
        # The ends of a range of shares are mostly rounded: 10%–30%.
        return replace(first, approximate=True), replace(last, approximate=True)
    return first, last


def _scale_as(
    first: Numeral, last: Numeral, digits: re.Match[str], *, is_error: bool = False
) -> Numeral:
    """Return the first of two numbers with the scale of the last, if it has none of its own.

    What a range begins with is less than what it ends with.
    """
    printed = read_digits(digits[0])
    is_bare = _BARE_DIGITS.fullmatch(first.text) is not None
    if not is_bare or first.value <= 0 or not printed or (first.value >= printed and not is_error):
        return first
    scale = last.value / printed
    return replace(first, value=first.value * scale, digit=first.digit * scale)
