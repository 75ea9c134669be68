"""Numbers of a paper that a text writes in another way: in names, compounds, cells and dates."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from chatpaper.summarize.verify.numbers.numeral import (
    DIGITS,
    LETTER,
    Numeral,
    is_in_years,
    make_numeral,
    measure_last_digit,
    read_digits,
)
from chatpaper.summarize.verify.numbers.units import (
    CALENDAR_MONTH,
    NO_UNIT,
    TIMES,
    Unit,
    find_scale,
    find_unit,
    is_unit,
)

# In a table a comma may part the decimals, 43,47 or 81,7K, and cells may have run together whose
# thousands blanks part, "84 907 14 856".
_DECIMAL_COMMA = re.compile(
    r"(?<![\w.,])(?P<whole>\d{1,3}),(?P<part>\d{1,2})(?P<scale>[KMB]?)(?=\s?[|\n]|\Z| \d)"
)
_GROUPS = re.compile(r"(?<![\w.,])\d{1,3}(?: \d{1,3})++(?![\w.,])")
_MOST_GROUPS_OF_NUMBER = 5
# 4,8784,3636: some write their numbers in ten thousands.
_TEN_THOUSANDS = re.compile(r"(?<![\w.,])[1-9]\d{0,3}(?:,\d{4}){2,4}(?![\w,]|\.\d)")
# 6, 415: some set a blank behind the comma that parts thousands. It may be a list too, and is one
# where it goes on.
_SPACED_THOUSANDS = re.compile(
    r"(?<![\w.,])(?<!\d, )[1-9]\d{0,2}(?:, \d{3}){1,3}(?!\w|,\S|\.\d|, (?:(?:and|or|to) )?\d)"
)
# 10.000 nodes: some part thousands by a dot. Things that are counted have no decimals.
_DOTTED_THOUSANDS = re.compile(
    r"(?<![\w.,-])(?P<high>[1-9]\d{0,2})\.(?P<low>\d00)(?=[ -](?:[a-z]{3,}[ -])?[a-z]{3,}s\b)"
)
# 10-to-1, 3:1: one is so many times the other.
_RATIO_TO_ONE = re.compile(
    r"(?<![\w.,:/-])(?P<many>\d{1,4}(?:\.\d{1,2})?)(?:\s?:\s?|[-‐‑]to[-‐‑])(?:1|one)(?![\w:/]|\.\d)"
)
_BRACKETED = r"\[\s?\d{1,4}\s?,\s?\d{1,4}\s?\]"
# [18, 20] is a range and no citation where the words before it say so, and so is another behind it.
_RANGE_IN_BRACKETS = re.compile(
    rf"(?:\b(?:ranges?|intervals?|scales?|bounds?|are|is|between|within)|[=∈∼~])\s?"
    rf"(?P<ranges>{_BRACKETED}(?:\s?(?:,|and|or|to|,\s?and)\s?{_BRACKETED}){{0,6}})"
)
# Columns of times have 13m for 13 minutes.
_TIMES = re.compile(r"\b(?:[Tt]imes?|[Dd]uration|[Rr]untime|[Mm]in(?:ute)?s?)\b")
# 16G RAM, a dedicated 1T SATA hard drive.
_MEMORY = re.compile(
    r"(?<![\w.,-])(?P<digits>\d{1,4}(?:\.\d{1,2})?) ?(?P<prefix>[KMGT])"
    r"(?=(?: of)? (?:[A-Za-z-]{1,16} ){0,2}?"
    r"(?:V?D?RAM|DDR\d?|memory|hard|(?:disk|drive|HDD|SSD)s?|SATA|SCSI|storage|heap|swap|GPUs?|[AHV]\d{3}"
    r"|NVIDIA|Nvidia|GeForce|RTX|GTX|Tesla|Quadro|TITAN|Titan|Radeon|AMD|graphics|cards?)\b)"
)
_BYTES = re.compile(
    r"(?<![\w.,-])(?P<digits>\d{1,4}) ?(?P<prefix>B)(?= (?:of|payload|record|message|packet|key"
    r"|value|object|block|page|request|string|field|item|cache|header|random)s?\b)"
)
_SHORT_M = re.compile(r"(?<![\w.,-])\d{1,4}(?:\.\d{1,3})?m(?![\w/²^])")
_MINUTE, _MILLION = Unit("second", Decimal(60)), Decimal(10**6)
# Beside thousands, 625k, such an m is a million.
_THOUSANDS = re.compile(r"(?<![\w.,-])\d{1,4}(?:\.\d{1,3})?[kK](?!\w)")
# What is part of a name or of a word in a text may be said of it as a number: LLaMA-7B, top-20,
# 171u, 1/4.
_SIZE_IN_NAME = re.compile(
    rf"(?<=[{LETTER}\d][-‐‑_ ])(?P<digits>\d{{1,4}}(?:\.\d{{1,3}})?)"
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
_BARE_LOST_POWER = re.compile(r"(?<![\d.,·×⋅] )(?<![\w.,])10(?P<lost>(?!00)\d{2})(?![\d.,%])")
# R^{778×3}: vectors and matrices of so many numbers.
_DIMENSIONS = re.compile(
    r"(?:(?<![A-Za-z\d])[RZNC]|[ℝℤℕℂ]|\{0, ?1\})\s?\^\s?\{?"
    r"(?P<sizes>\d{1,6}(?:\s?[×x,]\s?\d{1,6}){0,4})(?!\w|\.\d)"
)
# How exact a value is may stand raised and lowered between it and its unit, 46^{+9}_{−7} Myr; and
# the space between the factors of a unit may be lost, 130 kms^{−1}.
_RAISED_ERROR = r"\^\{?\+ ?[\d.]{1,8}\}?"
_LOWERED_ERROR = r"_\{?[−–-] ?[\d.]{1,8}\}?"
_BEFORE_POWERS = re.compile(
    rf"(?<![\w.,])(?P<digits>{DIGITS})(?:"
    rf"(?:{_RAISED_ERROR}{_LOWERED_ERROR}|{_LOWERED_ERROR}{_RAISED_ERROR})"
    r"|(?: ?± ?[\d.]{1,8})? ?(?P<symbol>[A-Za-zµμ]{1,4}?)"
    r"(?=(?:s|yr|cm|m|kg|g|mol|Hz|sr|K|Mpc)\^\{?[−–-]\d))"
)
_SIZES = {"b": 9, "B": 9, "m": 6, "M": 6, "K": 3, "T": 12}
# 2024-03-05, 3/2024: on a page of the paper year and month count, the year first or last.
_DATE = re.compile(
    r"(?<![\d/.-])(?:(?P<year>(?:19|20)\d\d)[-/.](?P<month>0?[1-9]|1[0-2])(?:[-/.]\d{1,2})?"
    r"|(?:\d{1,2}[-/.])?(?P<month_first>0?[1-9]|1[0-2])[-/.](?P<year_last>(?:19|20)\d\d))(?![\d/-])"
)
_LOST_POWER = re.compile(
    rf"(?<![{LETTER}_\d.])(?P<mantissa>{DIGITS})\s?[×·⋅]\s?10\s?(?P<lost>\d{{1,2}})(?![\d.])"
)


def find_dimensions(text: str) -> Iterator[Numeral]:
    """Yield how many numbers a vector or a matrix has in each direction."""
    for match in _DIMENSIONS.finditer(text):
        for size in re.finditer(r"\d+", match["sizes"]):
            start = match.start("sizes") + size.start()
            value = Decimal(size[0])
            yield Numeral(size[0], start, start + len(size[0]), value)


def find_before_powers(text: str) -> Iterator[Numeral]:
    """Yield numbers whose unit stands behind their errors, or runs into another one's power."""
    for match in _BEFORE_POWERS.finditer(text):
        value, digit = read_digits(match["digits"]), measure_last_digit(match["digits"])
        if match["symbol"] is None:
            factor, end = find_scale(text, match.end())
            unit, end = find_unit(text, end)
            yield Numeral(
                text[match.start() : end], *match.span(), value * factor, unit, digit * factor
            )
        elif is_unit(match["symbol"]):
            unit, _ = find_unit(match["symbol"], 0)
            yield Numeral(match[0], *match.span(), value, unit, digit)


def find_lost_powers(text: str) -> Iterator[Numeral]:
    """Yield powers of ten as they may come out of a PDF, with exponents that are plain digits.

    2 × 10⁴ comes out as "2 × 104", and 10⁵¹ as "1051".
    """
    for match in _LOST_POWER.finditer(text):
        factor = Decimal(10) ** int(match["lost"])
        value, digit = read_digits(match["mantissa"]), measure_last_digit(match["mantissa"])
        yield make_numeral(text, match.start(), match.end(), value * factor, digit * factor)
    for match in _BARE_LOST_POWER.finditer(text):
        factor = Decimal(10) ** int(match["lost"])
        yield make_numeral(text, match.start(), match.end(), factor, factor)


def find_in_names(text: str) -> Iterator[Numeral]:
    """Yield the numbers that stand in names and compounds, and fractions with a stroke."""
    for match in _SIZE_IN_NAME.finditer(text):
        factor = Decimal(10) ** _SIZES[match["scale"]]
        value, digit = Decimal(match["digits"]), measure_last_digit(match["digits"])
        yield make_numeral(text, match.start(), match.end(), value * factor, digit * factor)
    for match in chain(_IN_COMPOUND.finditer(text), _BEFORE_NAME.finditer(text)):
        yield make_numeral(text, *match.span(), Decimal(match[0]), Decimal(1))
    for match in _WITH_LETTERS.finditer(text):
        value, digit = Decimal(match["digits"]), measure_last_digit(match["digits"])
        # A single letter may stand for anything, but for seconds: 750ms and 1.5s measure.
        is_measured = is_unit(match["noun"]) and (len(match["noun"]) > 1 or match["noun"] == "s")
        if not is_measured or is_in_years(value):
            yield Numeral(match[0], *match.span(), value, digit=digit, noun=match["noun"])
    for match in _BEFORE_SYMBOL.finditer(text):
        yield Numeral(
            match[0], *match.span(), read_digits(match[0]), digit=measure_last_digit(match[0])
        )
    for match in _VULGAR.finditer(text):
        if 0 < int(match["above"]) < int(match["below"]):
            yield make_numeral(
                text, *match.span(), Decimal(match["above"]) / Decimal(match["below"]), Decimal(1)
            )


def find_short_minutes_and_millions(text: str) -> Iterator[Numeral]:
    """Yield minutes and millions that are written as metres are: 13m, 1m beside 625k.

    Minutes stand in a text that speaks of times.
    """
    tells_times, has_thousands = _TIMES.search(text), _THOUSANDS.search(text)
    for match in _SHORT_M.finditer(text):
        value, digit = Decimal(match[0][:-1]), measure_last_digit(match[0][:-1])
        if tells_times:
            yield Numeral(match[0], *match.span(), value, _MINUTE, digit)
        if has_thousands:
            yield make_numeral(text, *match.span(), value * _MILLION, digit * _MILLION)


def find_memory_sizes(text: str) -> Iterator[Numeral]:
    """Yield sizes of memories that leave out the bytes, 16G RAM, and of data, 100B keys."""
    for match in chain(_MEMORY.finditer(text), _BYTES.finditer(text)):
        digits, prefix = match["digits"], match["prefix"]
        yield Numeral(
            match[0],
            *match.span(),
            Decimal(digits),
            digit=measure_last_digit(digits),
            unit=find_unit("bytes" if prefix == "B" else f"{prefix}B", 0)[0],
        )


def find_before_names(text: str, readings: Iterable[Numeral]) -> list[Numeral]:
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


def find_in_cells(text: str) -> Iterator[Numeral]:
    """Yield the numbers of a table that are written in another way than the rest of the paper."""
    if "|" not in text:
        return
    for match in _DECIMAL_COMMA.finditer(text):
        digits = f"{match['whole']}.{match['part']}"
        factor = Decimal(10) ** _SIZES.get(match["scale"], 0)
        yield make_numeral(
            text, *match.span(), Decimal(digits) * factor, measure_last_digit(digits) * factor
        )
    for match in _GROUPS.finditer(text):
        groups = list(re.finditer(r"\d+", match[0]))
        for first, last in _runs_of_thousands([group[0] for group in groups]):
            start, end = match.start() + groups[first].start(), match.start() + groups[last].end()
            digits = text[start:end].replace(" ", "")
            yield make_numeral(text, start, end, Decimal(digits), measure_last_digit(digits))


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


def find_in_groups(text: str) -> Iterator[Numeral]:
    """Yield numbers in ten thousands or with blanks, and the ends of ranges in square brackets."""
    for match in _TEN_THOUSANDS.finditer(text):
        yield make_numeral(text, *match.span(), Decimal(match[0].replace(",", "")), Decimal(1))
    for match in _SPACED_THOUSANDS.finditer(text):
        digits = match[0].replace(", ", "")
        yield make_numeral(text, *match.span(), Decimal(digits), measure_last_digit(digits))
    for match in _DOTTED_THOUSANDS.finditer(text):
        digits, unit = f"{match['high']}{match['low']}", find_unit(text, match.end())[0]
        if unit is NO_UNIT:
            yield make_numeral(text, *match.span(), Decimal(digits), measure_last_digit(digits))
    for match in _RANGE_IN_BRACKETS.finditer(text):
        for number in re.finditer(r"\d+", match["ranges"]):
            start = match.start("ranges") + number.start()
            yield Numeral(number[0], start, start + len(number[0]), Decimal(number[0]))


def find_ratios(text: str) -> Iterator[Numeral]:
    """Yield ratios to one by the factor that they are: 10-to-1 is ten times."""
    for match in _RATIO_TO_ONE.finditer(text):
        many = Decimal(match["many"])
        if many > 1:
            yield Numeral(match[0], *match.span(), many, unit=Unit(TIMES))


def find_dates(text: str) -> Iterator[Numeral]:
    """Yield the year and the month of each date."""
    for match in _DATE.finditer(text):
        year, month = match["year"] or match["year_last"], match["month"] or match["month_first"]
        yield Numeral(match[0], *match.span(), Decimal(year))
        yield Numeral(match[0], *match.span(), Decimal(month), Unit(CALENDAR_MONTH))
