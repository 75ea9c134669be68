"""Whether a paper supports a number: the number stands there, or follows by one of the conversions listed here."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from chatpaper.summarize.numerals import Numeral
from chatpaper.summarize.passages import Passage
from chatpaper.summarize.units import NO_UNIT, PERCENT, TIMES, mentions

# "exact" is the same value, in whatever scale: 410 万 is 4.1 million.
How = Literal["exact", "converted", "rounded"]

# A number that is called approximate is off by half of its last digit, but never by more than this share of itself.
MAX_ROUNDING_SHARE = Decimal("0.05")

# Behind a number without a unit these words name nothing that it counts.
_WORDS_BETWEEN = """
and or to on in with for from by at the is are was were be as than but if when while over under per
respectively vs versus after before between against among across which that this these it we our not only even
also more less higher lower better worse out using without within during until up down off
"""
_NO_NOUNS = frozenset(_WORDS_BETWEEN.split())


def match(claimed: Numeral, printed: Numeral) -> How | None:
    """How the number that a paper prints supports a number that a text states; None where it does not."""
    if claimed.unit.kind and printed.unit.kind:
        return _with_units(claimed, printed)
    if claimed.unit.kind:
        return _compare(claimed, printed.value, printed) or _percent(claimed, printed)
    if printed.unit.kind and claimed.noun and not claimed.noun.isascii():
        return None
    return _compare(claimed, printed.value, printed) or _fraction(claimed, printed)


def counts_something(printed: Numeral) -> bool:
    """Whether the number is followed by what it counts."""
    return bool(printed.noun) and printed.noun not in _NO_NOUNS


def _with_units(claimed: Numeral, printed: Numeral) -> How | None:
    """12 kHz is 12 000 Hz; 90 min is 1.5 h; a percentage is nothing but a percentage."""
    if claimed.unit.kind == printed.unit.kind:
        return _compare(claimed, printed.value * printed.unit.factor / claimed.unit.factor, printed)
    return None


def _percent(claimed: Numeral, printed: Numeral) -> How | None:
    """0.85 is 85 %; a half is 50 %; 提高一倍 is twice."""
    if claimed.unit.kind == PERCENT and printed.value <= 1:
        return _compare(claimed, printed.value * 100, printed)
    return None


def _fraction(claimed: Numeral, printed: Numeral) -> How | None:
    """85 % is 0.85."""
    if printed.unit.kind == PERCENT and claimed.value <= 1:
        return _compare(claimed, printed.value / 100, printed)
    return None


def _compare(claimed: Numeral, value: Decimal, printed: Numeral) -> How | None:
    if claimed.value == value:
        same_unit = claimed.unit == printed.unit or NO_UNIT in (claimed.unit, printed.unit)
        return "exact" if same_unit and claimed.value == printed.value else "converted"
    if claimed.unit.kind == TIMES and claimed.value == 1 and value == 2:
        return "converted"
    if claimed.approximate:
        reach = min(claimed.digit / 2, abs(claimed.value) * MAX_ROUNDING_SHARE)
        return "rounded" if abs(claimed.value - value) <= reach else None
    # A third has no end in decimals.
    if value and abs(claimed.value - value) < abs(value) * Decimal("1e-12"):
        return "converted"
    return None


def holders(claimed: Numeral, passages: Sequence[Passage]) -> tuple[int, ...]:
    """The numbers of the passages that support the number.

    A number with a unit is supported by one that is printed without, as in a table: if the passage speaks of the unit,
    or if the paper nowhere prints the number with another unit or in front of something that it counts.
    """
    sure: list[int] = []
    bare: list[int] = []
    contradicted = False
    for number, passage in enumerate(passages):
        for printed in passage.numerals:
            contradicted = contradicted or _contradicts(claimed, printed, tabular=passage.tabular)
            if match(claimed, printed) is None:
                continue
            if not claimed.unit.kind or printed.unit.kind:
                sure.append(number)
            elif passage.tabular or not counts_something(printed):
                bare.append(number)
    told = [number for number in bare if not contradicted or mentions(claimed.unit, passages[number].text)]
    return tuple(sorted({*sure, *told}))


def _contradicts(claimed: Numeral, printed: Numeral, *, tabular: bool) -> bool:
    """Whether the same number is printed with another unit. In a table the next word is that of the next cell."""
    if not claimed.unit.kind or claimed.value != printed.value:
        return False
    return printed.unit.kind not in ("", claimed.unit.kind) or (not tabular and counts_something(printed))
