"""Numbers in a text as values: 1.67M, 167 万, 85 %, 2×10^-4, 三分之一, twenty-five.

`find_claimed_numerals` reads what a text says of a paper and leaves alone what counts nothing:
labels ("Figure 3"), marks of lists, citations, digits that belong to a name ("GPT-4"), 一种 and
第一. `find_printed_numerals` reads a paper, where words for numbers count in any place. What the
first finds in a text the second finds there as well.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Literal

from chatpaper.domain.text.scripts import FULL_WIDTH, GREEK, LATIN
from chatpaper.summarize.verify.numbers.labels import blank_labels, blank_marks, unbracket_counts
from chatpaper.summarize.verify.numbers.number_words import (
    NumberWord,
    find_chinese_numbers,
    find_english_numbers,
)
from chatpaper.summarize.verify.numbers.units import (
    CALENDAR_MONTH,
    NO_UNIT,
    PERCENT,
    Unit,
    find_scale,
    find_unit,
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number with its place in the text.

    `value` has its scale multiplied in (4.1 million is 4100000), but not its unit (85 % is 85).
    `digit` is what one in the last digit printed is worth: a number that is said to be approximate
    is off by no more than half of it, one that is said to be a `bound` on one side by no more than
    all of it. `noun` is the word that follows a number without a unit.
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


# No sentence and no table has so many; what follows them is not read.
MAX_NUMERALS = 5000

_LETTER = LATIN + GREEK
_BLANKS = "\u2009\u202f\u00a0"
_DIGITS = (
    rf"(?:\d{{1,3}}(?:(?:,|\{{,\}}|[{_BLANKS}])\d{{3}})++(?!\d)|\d{{1,3}}(?:\.\d{{3}}){{2,6}}"
    rf"(?![\d.])"
    r"|\d++)(?:\.\d++)?|\.\d++"
)
_NUMBER = re.compile(
    rf"(?<![{_LETTER}_\d])(?<!\d\.)(?<![{_LETTER}][-‐‑])(?:{_DIGITS})|(?<=\dx[-–])(?:{_DIGITS})"
    rf"(?=x)"
)
# In a table a comma may part the decimals, 43,47 or 81,7K, and cells may have run together whose
# thousands blanks part, "84 907 14 856".
_DECIMAL_COMMA = re.compile(
    r"(?<![\w.,])(?P<whole>\d{1,3}),(?P<part>\d{1,2})(?P<scale>[KMB]?)(?=\s?[|\n]|\Z| \d)"
)
_GROUPS = re.compile(r"(?<![\w.,])\d{1,3}(?: \d{1,3})++(?![\w.,])")
_MOST_GROUPS_OF_NUMBER = 5
# 10 039: an ordinary blank parts thousands where no other number stands beside them.
_BLANK_THOUSANDS = re.compile(r"(?<![\d.,] )(?<!\d)[1-9]\d{0,2}(?: \d{3}){1,4}(?![\d.%]| ?\d)")
_MINUS = "-−–⁻"
_EXPONENT = (
    rf"(?:\s?\^\s?\{{?\s?(?P<caret>[{_MINUS}+]?\d{{1,3}})\}}?|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}})"
    r"|\s?(?P<minus>−\s?\d{1,2}(?!\d)))"
)
# Behind a factor a hyphen is a minus too: 3.1 x 10-3.
_TIMES_POWER_OF_TEN = re.compile(
    rf"\s?(?:[×x·⋅*])\s{{0,6}}10(?:{_EXPONENT}|(?P<hyphen>[-–]\d{{1,2}}(?!\d)))"
)
_POWER = re.compile(_EXPONENT)
_FLOAT_POWER = re.compile(rf"[eE](?P<caret>[{_MINUS}+]?\d{{1,3}})(?!\w)")
# What is part of a name or of a word in a text may be said of it as a number: LLaMA-7B, top-20,
# 171u, 1/4.
_SIZE_IN_NAME = re.compile(
    rf"(?<=[{_LETTER}\d][-‐‑_ ])(?P<digits>\d{{1,4}}(?:\.\d{{1,3}})?)"
    r"(?P<scale>[bmBMKT])(?![A-Za-z])"
)
_IN_COMPOUND = re.compile(r"(?:(?<=[a-z][-‐‑@])|(?<=@))\d{1,4}(?![\w.])")
_BEFORE_NAME = re.compile(r"(?<![\w.,-])\d{1,4}(?=-[A-Z])")
_WITH_LETTERS = re.compile(
    r"(?<![\w.,-])(?P<digits>\d{1,6}(?:\.\d{1,6})?)(?P<noun>[A-Za-zµμ]{1,6})(?![\w-])"
)
# 0.85ω_z: so many times what a letter of a formula stands for.
_BEFORE_SYMBOL = re.compile(r"(?<![\w.,-])\d{1,6}(?:\.\d{1,6})?(?=[\u0370-\u03ff](?![A-Za-zΩμ]))")
# 45 MN models: capitals that are no unit where something is counted behind them.
_COUNTED_BEHIND = re.compile(r" (?P<noun>[a-z]{3,}s)\b")
_CAPITALS = re.compile(r"\d ?[A-Z]{2,5}\Z")
_VULGAR = re.compile(r"(?<![\d./])(?P<above>\d{1,2})/(?P<below>\d{1,3})(?![\d./])")
_SHARE = re.compile(
    r"(?:(?<=[的为約约到至近])|(?<=[的为約约到至近] ))(?P<above>[1-9]\d?)/(?P<below>[1-9]\d{0,5})"
    r"(?![\d./])(?!\s?[十百千万亿])"
)
_BARE_LOST_POWER = re.compile(r"(?<![\d.,·×⋅] )(?<![\w.,])10(?P<lost>\d{2})(?![\d.,%])")
_SIZES = {"b": 9, "B": 9, "m": 6, "M": 6, "K": 3, "T": 12}
# 2024-03-05, 3/2024: on a page of the paper year and month count, the year first or last.
_DATE = re.compile(
    r"(?<![\d/.-])(?:(?P<year>(?:19|20)\d\d)[-/.](?P<month>0?[1-9]|1[0-2])(?:[-/.]\d{1,2})?"
    r"|(?:\d{1,2}[-/.])?(?P<month_first>0?[1-9]|1[0-2])[-/.](?P<year_last>(?:19|20)\d\d))(?![\d/-])"
)
_LOST_POWER = re.compile(
    rf"(?<![{_LETTER}_\d.])(?P<mantissa>{_DIGITS})\s?[×·⋅]\s?10\s?(?P<lost>\d{{1,2}})(?![\d.])"
)
_PLAIN_EXPONENT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–", "0123456789-+--")
# 9th; and the letter that tells works of one year apart, 2021a.
_SUFFIX = re.compile(rf"(?:st|nd|rd|th|(?<=[12][09]\d\d)[a-f])(?![{_LETTER}\d])")
_NAME_GOES_ON = re.compile(rf"[{_LETTER}_]|-[A-Z]")
_NOUN = re.compile(r"[ \-\n]?([a-z]{2,}|[个個张幅步层次人位名轮块台条种类篇帧组])")
_RANGE = re.compile(r"\s?(?:[-–—~～至到/]|to|(?P<error>±|\+/-)|(?P<pair>and|or|和|与))\s?(?=[\d.])")

# Formulas in a text: what LaTeX writes, and the sign that it stands for.
_LATEX_SIGNS = {
    "pm": "±", "times": "×", "cdot": "·", "sim": "~", "approx": "≈", "leq": "≤", "geq": "≥",
    "le": "≤", "ge": "≥", "circ": "°", "%": " %", ",": "", ";": "", "!": "", "$": "",
}  # fmt: skip
_LATEX = re.compile(
    r"(?:\\(?=[a-z%,;!])|(?=\$))(pm|times|cdot|sim|approx|leq|geq|le|ge|circ|[%,;!$])(?![a-z])"
)

# Wide digits and signs, but for the punctuation by which sentences are parted.
_WIDE = re.compile(f"(?![，（）])[{FULL_WIDTH}]")

_ABOUT_BEFORE = re.compile(
    r"(?:约|約|大概|近|超过|逾|超|不到|不足|至多|至少|about|around|roughly|approximately|approx\."
    r"|nearly|almost"
    r"|over|more than|less than|~|≈|～)\s*[为是有]?\s*\Z",
    re.IGNORECASE,
)
# A counter or the name of a measure may stand between: 131 枚余り, 30 FPS 以上.
_COUNTER = r"(?:\s?(?:[A-Za-z]{1,5}|[枚個件回人名本台篇张条次个项]))?"
_ABOUT_AFTER = re.compile(
    rf"{_COUNTER}\s?(?:个?多(?!种|个)|余|左右|上下|以上|以下|程度|ほど|余り|あまり|強|弱)"
)
_LEAST_BEFORE = re.compile(
    r"(?:超过|超過|逾|超|至少|高于|大于|more than|over|above|at least|exceeding)\s*\Z",
    re.IGNORECASE,
)
_LEAST_AFTER = re.compile(rf"{_COUNTER}\s?(?:个?多(?!种|个)|余|以上|余り|あまり|強|\+)")
# 6300 多万, 60 余亿.
_MORE_WITHIN = re.compile(r"(?<=[\d ])[多余]")
_MOST_BEFORE = re.compile(
    r"(?:不到|不足|至多|近|将近|接近|少于|低于|nearly|almost|less than|under|below|up to)\s*\Z",
    re.IGNORECASE,
)
_MOST_AFTER = re.compile(rf"{_COUNTER}\s?(?:以下|以内|弱|未満|足らず)")
# 三天半, 12 个半小时.
_AND_A_HALF = re.compile(r"半(?![导導径數数部球年])")
_A_HALF_OF = re.compile(r"\s?[个個]半(?=[小时時月])")
_ABOUT_REACH_CHARACTERS = 15
# What has a power or a scale of its own takes none from the end of its range.
_BARE_DIGITS = re.compile(r"[\d.,\s]+")
_LONGEST_LINK = 5


@lru_cache(maxsize=1024)
def find_claimed_numerals(text: str) -> tuple[Numeral, ...]:
    """Return the numbers that a text states, in their order."""
    bare = blank_marks(blank_labels(_plain(text)))
    words = (_from_word(bare, word) for word in find_chinese_numbers(bare, counted_only=True))
    return _apart([*_shares(bare), *_in_digits(bare), *words])


def find_printed_numerals(text: str) -> tuple[Numeral, ...]:
    """Return the numbers that can be read in a paper, in their order.

    Ambiguous ones come in each of their readings.
    """
    whole = unbracket_counts(_plain(text))
    bare = blank_labels(whole)
    words = [*find_chinese_numbers(bare, counted_only=False), *find_english_numbers(bare)]
    readings = [*_in_digits(bare), *_lost_powers(bare), *(_from_word(bare, word) for word in words)]
    readings += [
        *_in_names(whole),
        *_dates(whole),
        *_in_cells(whole),
        *_before_names(whole, readings),
    ]
    return tuple(sorted(readings, key=lambda numeral: numeral.start))


def _plain(text: str) -> str:
    """Return the same text, character for character, with ordinary digits and signs."""
    narrow = _WIDE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    signs = _LATEX.sub(lambda match: _LATEX_SIGNS[match[1]].ljust(len(match[0])), narrow)
    return re.sub(r"(?<=\d)x(?=\d)", "×", signs)


def _apart(numerals: Iterable[Numeral]) -> tuple[Numeral, ...]:
    """Return the numerals in their order, without those that overlap others.

    Of two that overlap, the one that begins earlier or is longer stays.
    """
    kept: list[Numeral] = []
    for numeral in sorted(numerals, key=lambda candidate: (candidate.start, -candidate.end)):
        if not kept or numeral.start >= kept[-1].end:
            kept.append(numeral)
    return tuple(kept)


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
    value, digit, end = _number(match[0]), _last_digit(match[0]), match.end()
    if power := _TIMES_POWER_OF_TEN.match(text, end) or _FLOAT_POWER.match(text, end):
        factor = _power_of_ten(power)
        return _finished(text, match.start(), power.end(), value * factor, digit * factor)
    if value == 10 and (power := _POWER.match(text, end)):
        factor = _power_of_ten(power)
        return _finished(text, match.start(), power.end(), factor, factor)
    if suffix := _SUFFIX.match(text, end):
        return _finished(text, match.start(), suffix.end(), value, digit)
    factor, end = find_scale(text, end)
    numeral = _finished(text, match.start(), end, value * factor, digit * factor)
    goes_on = _NAME_GOES_ON.match(text, numeral.end) and text[numeral.end - 1].isascii()
    return None if goes_on else numeral


def _from_word(text: str, word: NumberWord) -> Numeral:
    numeral = _finished(text, word.start, word.end, word.value, Decimal(1))
    if word.unit is NO_UNIT:
        return numeral
    return replace(numeral, unit=word.unit, noun="", text=text[word.start : word.end], end=word.end)


def _lost_powers(text: str) -> Iterator[Numeral]:
    """Yield powers of ten as they may come out of a PDF, with exponents that are plain digits.

    2 × 10⁴ comes out as "2 × 104", and 10⁵¹ as "1051".
    """
    for match in _LOST_POWER.finditer(text):
        factor = Decimal(10) ** int(match["lost"])
        value, digit = _number(match["mantissa"]), _last_digit(match["mantissa"])
        yield _finished(text, match.start(), match.end(), value * factor, digit * factor)
    for match in _BARE_LOST_POWER.finditer(text):
        factor = Decimal(10) ** int(match["lost"])
        yield _finished(text, match.start(), match.end(), factor, factor)


def _in_names(text: str) -> Iterator[Numeral]:
    """Return the numbers that stand in names and compounds, and fractions with a stroke."""
    for match in _SIZE_IN_NAME.finditer(text):
        factor = Decimal(10) ** _SIZES[match["scale"]]
        value, digit = Decimal(match["digits"]), _last_digit(match["digits"])
        yield _finished(text, match.start(), match.end(), value * factor, digit * factor)
    for match in chain(_IN_COMPOUND.finditer(text), _BEFORE_NAME.finditer(text)):
        yield _finished(text, *match.span(), Decimal(match[0]), Decimal(1))
    for match in _WITH_LETTERS.finditer(text):
        value, digit = Decimal(match["digits"]), _last_digit(match["digits"])
        yield Numeral(match[0], *match.span(), value, digit=digit, noun=match["noun"])
    for match in _BEFORE_SYMBOL.finditer(text):
        yield Numeral(match[0], *match.span(), _number(match[0]), digit=_last_digit(match[0]))
    for match in _VULGAR.finditer(text):
        if 0 < int(match["above"]) < int(match["below"]):
            yield _finished(
                text, *match.span(), Decimal(match["above"]) / Decimal(match["below"]), Decimal(1)
            )


def _before_names(text: str, readings: Iterable[Numeral]) -> list[Numeral]:
    """Return the numbers before names that look like units.

    Such a number counts what stands behind the name: 45 MN models are 45 models.
    """
    return [
        replace(numeral, unit=NO_UNIT, noun=counted["noun"])
        for numeral in readings
        if numeral.unit is not NO_UNIT
        and _CAPITALS.search(numeral.text)
        and (counted := _COUNTED_BEHIND.match(text, numeral.end))
    ]


def _in_cells(text: str) -> Iterator[Numeral]:
    """Return the numbers of a table that are written in another way than the rest of the paper."""
    if "|" not in text:
        return
    for match in _DECIMAL_COMMA.finditer(text):
        digits = f"{match['whole']}.{match['part']}"
        factor = Decimal(10) ** _SIZES.get(match["scale"], 0)
        yield _finished(text, *match.span(), Decimal(digits) * factor, _last_digit(digits) * factor)
    for match in _GROUPS.finditer(text):
        groups = list(re.finditer(r"\d+", match[0]))
        for first, last in _runs_of_thousands([group[0] for group in groups]):
            start, end = match.start() + groups[first].start(), match.start() + groups[last].end()
            digits = text[start:end].replace(" ", "")
            yield _finished(text, start, end, Decimal(digits), _last_digit(digits))


def _runs_of_thousands(groups: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Return the first and last of each row of groups that is one number.

    No group of three behind or before it.
    """
    for first, head in enumerate(groups):
        last = first
        # More groups than a number has are none, however many there are.
        while (
            last + 1 < len(groups)
            and len(groups[last + 1]) == 3
            and last < first + _MOST_GROUPS_OF_NUMBER
        ):
            last += 1
        is_whole = len(head) < 3 or first == 0
        if is_whole and head[0] != "0" and first < last < first + _MOST_GROUPS_OF_NUMBER:
            yield first, last


def _shares(text: str) -> Iterator[Numeral]:
    """Yield the fractions that a text calls a share of something: 约为后者的 1/66.

    A fraction is so many of so many parts.
    """
    for match in _SHARE.finditer(text):
        if int(match["above"]) < int(match["below"]):
            yield _finished(
                text, *match.span(), Decimal(match["above"]) / Decimal(match["below"]), Decimal(1)
            )


def _dates(text: str) -> Iterator[Numeral]:
    for match in _DATE.finditer(text):
        year, month = match["year"] or match["year_last"], match["month"] or match["month_first"]
        yield Numeral(match[0], *match.span(), Decimal(year))
        yield Numeral(match[0], *match.span(), Decimal(month), Unit(CALENDAR_MONTH))


def _number(digits: str) -> Decimal:
    return Decimal(_plain_digits(digits))


def _plain_digits(digits: str) -> str:
    """Return the digits without what parts the thousands: 1,234,567 as well as 1.234.567."""
    bare = digits if digits.isdigit() else re.sub(r"[^\d.]", "", digits)
    return bare.replace(".", "") if bare.count(".") > 1 else bare


def _power_of_ten(match: re.Match[str]) -> Decimal:
    exponent = next(group for group in match.groupdict().values() if group)
    return Decimal(10) ** int(re.sub(r"\s", "", exponent).translate(_PLAIN_EXPONENT))


def _last_digit(digits: str) -> Decimal:
    """Return what one is worth in the last digit that is not a closing zero of a whole number."""
    bare = _plain_digits(digits)
    if "." in bare:
        return Decimal(1).scaleb(-len(bare.partition(".")[2]))
    return Decimal(1).scaleb(len(bare) - len(bare.rstrip("0"))) if bare.strip("0") else Decimal(1)


def _finished(text: str, start: int, end: int, value: Decimal, digit: Decimal) -> Numeral:
    """Return a numeral with the unit behind it and what is said of its exactness.

    Where no unit stands behind it, it has none.
    """
    half = _A_HALF_OF.match(text, end)
    unit, unit_end = find_unit(text, half.end() if half else end)
    side_of_a_box = text[unit_end - 1 : unit_end] in "×x" and re.match(r"\s?[\d(]", text[unit_end:])
    if side_of_a_box or (unit.kind == "year" and _is_calendar_year(value, text[end:unit_end])):
        unit, unit_end = NO_UNIT, end
    elif unit is not NO_UNIT and not half and (half := _AND_A_HALF.match(text, unit_end)):
        unit_end = half.end()
    noun = _NOUN.match(text, unit_end) if unit is NO_UNIT else None
    before = text[max(0, start - _ABOUT_REACH_CHARACTERS) : start]
    return Numeral(
        text=text[start:unit_end].strip(),
        start=start,
        end=unit_end,
        value=value + Decimal("0.5") if half and unit is not NO_UNIT else value,
        unit=unit,
        digit=digit,
        approximate=bool(
            _ABOUT_BEFORE.search(before)
            or _ABOUT_AFTER.match(text, end)
            or _MORE_WITHIN.search(text, start, end)
        ),
        noun=noun[1] if noun else "",
        bound="least"
        if _MORE_WITHIN.search(text, start, end)
        else _bound(before, text, end, unit_end),
    )


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


def _is_calendar_year(value: Decimal, unit: str) -> bool:
    return "年" in unit and 1900 <= value <= 2100 and value == value.to_integral_value()


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
    if first.unit is NO_UNIT and (
        last.unit is not NO_UNIT or last.noun or last.approximate or not link["pair"]
    ):
        printed = _number(digits[0])
        is_bare = _BARE_DIGITS.fullmatch(first.text) is not None
        scale = (
            last.value / printed
            if is_bare
            and first.value > 0
            and printed
            and (first.value < printed or link["error"])
            and not link["pair"]
            else Decimal(1)
        )
        first = replace(
            first,
            value=first.value * scale,
            digit=first.digit * scale,
            unit=last.unit,
            noun=last.noun,
            approximate=first.approximate or last.approximate,
        )
    if first.unit.kind == last.unit.kind == PERCENT and not (link["pair"] or link["error"]):
        # The ends of a range of shares are mostly rounded: 10%–30%.
        return replace(first, approximate=True), replace(last, approximate=True)
    return first, last
