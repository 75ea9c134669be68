"""Sizes that are said in words, without a number: 几十秒, 数百万, hundreds of, several hours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.numbers.units import NO_UNIT, Unit, find_unit
from chatpaper.summarize.verify.spans import drop_overlapping

SECOND = "second"
# Months and years are so many seconds, where nothing but the size of a time is compared.
_SECONDS = {"month": Decimal(2_626_560), "year": Decimal(31_536_000)}

_TABLES = load_word_tables(__name__)
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "萬": 4, "亿": 8, "億": 8}
# Ten and more of ten thousands as well: 十万, 百亿, 万亿.
_SCALE = r"(?:[十百千]?[万萬]?[亿億]|[十百千]?[万萬]|[十百千])"
_IN_CHARACTERS = re.compile(
    rf"数以(?P<about>{_SCALE})[计計]"
    r"|成(?P<first>[百千])上(?P<last>[千万萬])"
    rf"|(?:{_TABLES.join('few_in_characters')})\s?(?P<few>{_SCALE})?[多余]?"
    rf"|(?:{_TABLES.join('above_in_characters')})(?P<above>{_SCALE})(?!分)"
    rf"|(?<![\d十百千万萬数几一两二三四五六七八九])(?<!\d )(?P<over>{_SCALE})余"
    r"|(?<![二三四五六七八九\d])(?P<teens>十[几幾来])"
)
_SCALES = {"ten": 1, "dozen": 1, "hundred": 2, "thousand": 3, "million": 6, "billion": 9}
_ENGLISH_SCALE = rf"(?:{'|'.join(_SCALES)})"
_IN_ENGLISH = re.compile(
    rf"\b(?P<few>(?:{_TABLES.join('few_in_english')})\s)?"
    rf"(?P<scales>{_ENGLISH_SCALE}s?\b(?:\s(?:of\s)?{_ENGLISH_SCALE}s?\b){{0,2}})",
    re.IGNORECASE,
)
_FEW_IN_ENGLISH = re.compile(rf"\b(?:{_TABLES.join('few_in_english')})\b", re.IGNORECASE)
_SCALE_WORD = re.compile(rf"({_ENGLISH_SCALE})(s?)\b", re.IGNORECASE)
_SHORT_UNITS = tuple(
    (re.compile("|".join(words)), Unit(SECOND, Decimal(factor)))
    for factor, words in _TABLES.get_rows("short_units").items()
)
_OF = re.compile(r"\s+of\b")
_FEW = (Decimal(2), Decimal(10))
_TEENS = (Decimal(11), Decimal(20))
# Thousands may be hundreds of thousands, and hundreds are no thousands.
_MOST_OF_SCALE = 1000


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A size in words with its place in a text, from `low` to below `high` of its unit.

    `end` is before the words of the unit. Times have the second for their kind, months and years
    too.
    """

    text: str
    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: Unit = NO_UNIT

    def includes(self, value: Decimal, slack: int = 1) -> bool:
        """Tell whether a value in base units may be of this size, or `slack` times less or more."""
        low, high = (size * self.unit.factor for size in (self.low, self.high))
        return low / slack <= value < high * slack

    def overlaps(self, other: "Magnitude") -> bool:
        """Tell whether two sizes may be the same."""
        return self.unit.kind == other.unit.kind and (
            self.includes(other.low * other.unit.factor)
            or other.includes(self.low * self.unit.factor)
        )


def find_magnitudes(text: str) -> tuple[Magnitude, ...]:
    """Return the sizes in words of a text, in their order."""
    return drop_overlapping([*_in_characters(text), *_in_english(text)])


def to_base(unit: Unit) -> Unit:
    """Return the unit with that kind by which sizes are compared."""
    seconds = _SECONDS.get(unit.kind)
    return unit if seconds is None else Unit(SECOND, unit.factor * seconds)


def _in_characters(text: str) -> Iterator[Magnitude]:
    for found in _IN_CHARACTERS.finditer(text):
        unit = _unit_behind(text, found.end())
        if sizes := _sizes_of(found.groupdict()):
            yield _measured(text, *found.span(), sizes, unit)
        elif unit[0].kind:
            yield _measured(text, *found.span(), _FEW, unit)


def _sizes_of(scales: dict[str, str | None]) -> tuple[Decimal, Decimal] | None:
    """Return from which to below which value Chinese words go, None for a few of a unit."""
    low, upto = (
        _scale(next((scales[name] for name in names if scales[name]), None) or "")
        for names in (("few", "above", "about", "first", "over"), ("last",))
    )
    if scales["teens"]:
        return _TEENS
    if scales["last"]:
        return low, 10 * upto
    if scales["about"]:
        return low, _MOST_OF_SCALE * low
    if scales["over"]:
        return low, 2 * low
    return (low, 10 * low) if scales["few"] or scales["above"] else None


def _scale(characters: str) -> Decimal:
    return prod((Decimal(10) ** _POWERS[each] for each in characters), start=Decimal(1))


def _in_english(text: str) -> Iterator[Magnitude]:
    for found in _IN_ENGLISH.finditer(text):
        words = _SCALE_WORD.findall(found["scales"])
        powers = [_SCALES[word.lower()] for word, _ in words]
        low = Decimal(10) ** sum(powers)
        if words[0][1]:
            wide = _MOST_OF_SCALE if powers[0] > 2 else 10
            yield _measured(text, *found.span(), (low, wide * low), _unit_behind(text, found.end()))
        elif found["few"]:
            sizes = (_FEW[0] * low, _FEW[1] * low)
            yield _measured(text, *found.span(), sizes, _unit_behind(text, found.end()))
    for found in _FEW_IN_ENGLISH.finditer(text):
        if (unit := _unit_behind(text, found.end()))[0].kind:
            yield _measured(text, *found.span(), _FEW, unit)


def _unit_behind(text: str, position: int) -> tuple[Unit, int]:
    of = _OF.match(text, position)
    position = of.end() if of else position
    for pattern, unit in _SHORT_UNITS:
        if short := pattern.match(text, position):
            return unit, short.end()
    return find_unit(text, position)


def _measured(
    text: str, start: int, end: int, sizes: tuple[Decimal, Decimal], unit: tuple[Unit, int]
) -> Magnitude:
    base = to_base(unit[0])
    words = text[start : unit[1] if base.kind else end].strip()
    return Magnitude(words, start, end, *sizes, base)
