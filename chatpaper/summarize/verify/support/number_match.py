"""Tell whether a paper supports a number.

The number stands in the paper, or follows by one of the conversions listed here.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.rounding import (
    is_rounded,
    measure_bound,
    measure_conversion,
    measure_rounding,
)
from chatpaper.summarize.verify.numbers.units import (
    NO_UNIT,
    PERCENT,
    POINT,
    TIMES,
    Unit,
    find_units,
    is_physical,
    list_factors,
    may_be_called,
)
from chatpaper.summarize.verify.passages import Passage
from chatpaper.summarize.verify.tables.cell_scales import HEAD_SCALES, CellScales, find_cell_units

# "exact" is the same value, in whatever scale: 410 万 is 4.1 million.
How = Literal["exact", "converted", "rounded"]

# A third has no end in decimals.
_NO_DIFFERENCE = Decimal("1e-12")

_TABLES = load_word_tables(__name__)
NO_NOUNS = frozenset(_TABLES.list_words("between"))
# The Chinese and Japanese counters of what units count rather than measure: 36 亿次 are 3.6 billion
# FLOPs.
_COUNTERS = {
    TIMES: frozenset("次回倍"),
    "operation": frozenset("次回个個"),
    "pixel": frozenset("个個点"),
    "base pair": frozenset("个個对対"),
    "bit": frozenset("个個位"),
    "byte": frozenset("个個"),
}

# What counts the course of a training, or the length of a text. A round is one of anything, but no
# step; the tokens of a text may be called words.
_COURSE = frozenset({"step", "iteration", "update"})
_WORDS = frozenset({"token", "word"})
_OTHER_COUNTS = (
    (_COURSE, frozenset({"epoch"})),
    (frozenset({"step"}), frozenset({"round"})),
    (_WORDS, frozenset({"character", "sentence", "paragraph"})),
    (frozenset({"character"}), frozenset({"sentence", "paragraph"})),
    (frozenset({"sentence"}), frozenset({"paragraph"})),
)

# What there is a number of may stand before it: the number of pots is 824.
_NUMBER_OF = re.compile(r"\bnumber of\b[^.;:]{0,80}\b(?:is|was|are|were|be|to)\s\Z")
# A comparison may be given as a factor, and a star's mass or radius as a multiple of the sun's.
# That lower is better compares nothing.
_COMPARES = re.compile(
    rf"\b(?:{_TABLES.join('compares')})(?<!is better)\b(?! is better)|[⊙☉⊕]", re.IGNORECASE
)
# A cell with a sign is a change.
_SIGN_BEFORE = re.compile(r"[↑↓▲▼△+−–-]\s?\Z")
# Smaller values are not stated in thousands, millions or milliards.
_LEAST_SCALED = 1000
# Smaller values may be stated in powers of ten, down to the twelfth.
_LARGEST_OF_SMALL_POWERS, _SMALLEST_POWER = Decimal("0.1"), 12


def match(claimed: Numeral, printed: Numeral) -> How | None:
    """Return how the number that a paper prints supports a number that a text states.

    It is None where it does not.
    """
    kinds = {claimed.unit.kind, printed.unit.kind}
    if POINT in kinds and kinds <= {POINT, PERCENT, ""}:
        return _compare(claimed, printed.value, printed)
    if claimed.unit.kind and printed.unit.kind:
        return _with_units(claimed, printed)
    # 增加 1 倍 is twice as much; a bare one or two in digits says nothing of that.
    if claimed.unit.kind == TIMES and claimed.value == 1 and printed.text[:1].isdigit():
        return None
    if claimed.unit.kind:
        return (
            _compare(claimed, printed.value, printed)
            or _percent(claimed, printed)
            or _reciprocal(claimed, printed)
        )
    if count_otherwise(claimed.noun, printed.noun):
        return None
    is_counted = may_be_told_otherwise(claimed.noun) or not claimed.noun.isascii()
    if (
        printed.unit.kind
        and is_counted
        and claimed.noun not in _COUNTERS.get(printed.unit.kind, ())
    ):
        return None
    return (
        _compare(claimed, printed.value, printed)
        or _fraction(claimed, printed)
        or _reciprocal(claimed, printed)
    )


def count_otherwise(claimed: str, printed: str) -> bool:
    """Tell whether one number counts steps, say, and the other passes through the data.

    A training has many of each.
    """
    return any(
        (claimed in one and printed in other) or (claimed in other and printed in one)
        for one, other in _OTHER_COUNTS
    )


def may_be_told_otherwise(noun: str) -> bool:
    """Tell whether a number counts steps, say, of which others count what is no step."""
    return any(noun in words for pair in _OTHER_COUNTS for words in pair)


def counts_something(printed: Numeral) -> bool:
    """Tell whether the number is followed by what it counts.

    What has decimals is measured, and a third of something is a share of it.
    """
    is_count = "." not in printed.text and not 0 < printed.value < 1
    return is_count and bool(printed.noun) and printed.noun not in NO_NOUNS


def _with_units(claimed: Numeral, printed: Numeral) -> How | None:
    """Compare numbers of one kind of unit: 12 kHz is 12 000 Hz, and 90 min is 1.5 h.

    A percentage is nothing but a percentage.
    What is told in another unit is rounded: 1256 MB are 1.3 GB.
    """
    if not may_be_called(claimed.unit.kind, printed.unit.kind):
        return None
    factor = printed.unit.factor / claimed.unit.factor
    value = printed.value * factor
    is_converted = factor != 1 and abs(claimed.value - value) <= measure_conversion(claimed)
    return _compare(claimed, value, printed) or ("rounded" if is_converted else None)


def _percent(claimed: Numeral, printed: Numeral) -> How | None:
    """Compare a percentage with a printed share: 0.85 is 85 %.

    A half is 50 %, and 提高一倍 is twice.
    """
    if claimed.unit.kind == PERCENT and printed.value <= 1:
        return _compare(claimed, printed.value * 100, printed)
    return None


def _fraction(claimed: Numeral, printed: Numeral) -> How | None:
    """Compare a share with a printed percentage: 85 % is 0.85."""
    if printed.unit.kind == PERCENT and claimed.value <= 1:
        how = _compare(claimed, printed.value / 100, printed)
        return None if how == "rounded" else how
    return None


def _reciprocal(claimed: Numeral, printed: Numeral) -> How | None:
    """Compare a fraction with a printed factor: four times less is a quarter, and the reverse.

    Decimals are no such fraction.
    """
    share, factor = (claimed, printed) if claimed.value < 1 else (printed, claimed)
    is_pair = not share.unit.kind and factor.unit.kind == TIMES and share.digit >= 1
    if not is_pair or not 0 < share.value < 1 or factor.value < 2:
        return None
    return "converted" if abs(share.value * factor.value - 1) < _NO_DIFFERENCE else None


def _compare(claimed: Numeral, value: Decimal, printed: Numeral) -> How | None:
    if claimed.value == value:
        same_unit = claimed.unit == printed.unit or NO_UNIT in (claimed.unit, printed.unit)
        return "exact" if same_unit and claimed.value == printed.value else "converted"
    if claimed.unit.kind == TIMES and claimed.value == 1 and value == 2:
        return "converted"
    if value and abs(claimed.value - value) < abs(value) * _NO_DIFFERENCE:
        return "converted"
    return "rounded" if is_rounded(claimed, value, is_measured="." in printed.text) else None


def _needs_no_word(claimed: Numeral, cell: Numeral, text: str) -> bool:
    """Tell whether a bare number may have a unit of which its passage does not speak.

    It is a factor where its passage compares, or as the coefficient of a symbol, and never per
    mille. A bare 0.05 is no 0.05 %, but 5 %; a change has the unit of what changes.
    """
    if claimed.unit.kind == TIMES:
        is_coefficient = text[cell.end : cell.end + 1].isalpha()
        is_factor = is_coefficient or _COMPARES.search(text) is not None
        return is_factor or _reciprocal(claimed, cell) is not None
    if claimed.unit.kind == PERCENT:
        is_share = claimed.value == cell.value < 1 and not _SIGN_BEFORE.search(text, 0, cell.start)
        return claimed.unit.factor == 1 and not is_share
    return True


class NumeralIndex:
    """The numbers of a paper, by their values."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._printed = sorted(_readings(passages), key=lambda reading: reading[0])
        self._values = [value for value, _, _ in self._printed]
        self._scales = CellScales(passages)
        self._supports: dict[Numeral, tuple[tuple[int, Numeral], ...]] = {}

    def holders(self, claimed: Numeral) -> tuple[int, ...]:
        """Return the numbers of the passages that support the number; see `supports`."""
        return tuple(dict.fromkeys(number for number, _ in self.supports(claimed)))

    def supports(self, claimed: Numeral) -> tuple[tuple[int, Numeral], ...]:
        """Find the printed numbers that support the number, each with that of its passage.

        A number with a unit is supported by one that is printed without, as in a table: if the
        passage speaks of the unit, or if the paper nowhere prints the number with another unit or
        in front of something that it counts.
        """
        key = replace(claimed, start=0, end=0, text="")
        if key not in self._supports:
            self._supports[key] = tuple(
                sorted(set(self._find(key)), key=lambda pair: (pair[0], pair[1].start))
            )
        return self._supports[key]

    def _find(self, claimed: Numeral) -> Iterator[tuple[int, Numeral]]:
        bare: list[tuple[int, Numeral]] = []
        contradicted = False
        for number, printed in self._near(claimed):
            passage = self._passages[number]
            contradicted = (
                contradicted
                or _contradicts(claimed, printed, tabular=passage.tabular)
                or (claimed.value == printed.value and count_otherwise(claimed.noun, printed.noun))
            )
            if _is_only_a_word(claimed, printed, tabular=passage.tabular):
                continue
            units = () if printed.unit.kind else find_cell_units(claimed, passage)
            if units := self._scales.choose_units(frozenset(units), number, printed):
                fits = any(match(claimed, replace(printed, unit=unit)) for unit in units)
                fits = fits or self._tabled(claimed, printed, number)
                contradicted = contradicted or (not fits and claimed.value == printed.value)
                if fits:
                    yield number, printed
            elif self._tabled(claimed, printed, number):
                yield number, printed
            elif match(claimed, printed):
                if may_be_told_otherwise(claimed.noun) and not may_be_told_otherwise(printed.noun):
                    bare.append((number, printed))
                elif printed.unit.kind or not claimed.unit.kind:
                    yield number, printed
                elif self._may_measure(claimed, number, printed) and (
                    printed.value == claimed.value
                    or not is_physical(claimed.unit)
                    or self.speaks_of(number, claimed.unit)
                ):
                    bare.append((number, printed))
        # Another unit behind the same digits tells of those digits alone: 3 degrees say nothing of
        # a cell of 0.03.
        yield from (
            pair
            for pair in bare
            if not contradicted
            or pair[1].value != claimed.value
            or self._tells_of_cell(*pair, claimed.unit)
        )

    def _tabled(self, claimed: Numeral, printed: Numeral, number: int) -> bool:
        """Tell whether a cell supports a number by what the head or the caption says of the cells.

        61.0 in a table in per cent is 0.61; 213 in a column in millions is 2.13 亿.
        """
        passage = self._passages[number]
        if printed.unit.kind or not passage.tabular:
            return False
        if (
            claimed.value <= 1
            and claimed.digit <= Decimal("0.01")
            and find_units(PERCENT, passage.text)
        ):
            return _compare(claimed, printed.value / 100, printed) in ("exact", "converted")
        return not 1 <= claimed.value < _LEAST_SCALED and any(
            _compare(claimed, printed.value * scale, printed)
            for scale in self._scales.of(number, printed)
            if (scale < 1) == (claimed.value < 1)
        )

    def _may_measure(self, claimed: Numeral, number: int, cell: Numeral) -> bool:
        """Tell whether a bare number may have the unit of the claimed one.

        Outside of tables it counts nothing else.

        Per cent is no whole number of a table that has numbers beyond 100 in its column, or that is
        only near.
        """
        text = self._passages[number].text
        if not self.speaks_of(number, claimed.unit) and not _needs_no_word(claimed, cell, text):
            return False
        if not self._passages[number].tabular:
            is_whole_share = (
                claimed.unit.kind == PERCENT and "." not in cell.text and cell.value > 1
            )
            is_count = counts_something(cell) or _NUMBER_OF.search(text, 0, cell.start)
            return not is_count and (not is_whole_share or self.speaks_of(number, claimed.unit))
        if claimed.unit.kind != PERCENT or "." in cell.text or cell.value <= 1:
            return True
        return match(claimed, cell) == "exact" and self._scales.has_only_shares(number, cell)

    def speaks_of(self, number: int, unit: Unit) -> bool:
        """Tell whether a passage speaks of a unit."""
        return unit in find_units(unit.kind, self._passages[number].text)

    def _tells_of_cell(self, number: int, cell: Numeral, unit: Unit) -> bool:
        """Tell whether a passage has a unit, in a table with heads in the head of the cell."""
        heads = self._scales.heads(number) if self._passages[number].tabular else ()
        if any(find_units(unit.kind, head) for head in heads):
            return unit in find_units(unit.kind, self._scales.head_of(number, cell))
        return self.speaks_of(number, unit)

    def _near(self, claimed: Numeral) -> Iterator[tuple[int, Numeral]]:
        """Find the printed numbers whose value is near enough, each with that of its passage."""
        for target in _targets(claimed):
            widest = max(
                measure_rounding(claimed, is_measured=True),
                measure_bound(claimed),
                measure_conversion(claimed),
            )
            reach = max(widest / max(abs(claimed.value), Decimal("1e-30")), Decimal("1e-9"))
            low, high = float(target * (1 - reach)), float(target * (1 + reach))
            for place in range(bisect_left(self._values, low), bisect_right(self._values, high)):
                _, number, printed = self._printed[place]
                yield number, printed


def _readings(passages: Sequence[Passage]) -> Iterator[tuple[float, int, Numeral]]:
    """Return each number by its value and, where it has a unit, by its value in base units."""
    for number, passage in enumerate(passages):
        for printed in passage.numerals:
            yield float(printed.value), number, printed
            if printed.unit.factor != 1:
                yield float(printed.value * printed.unit.factor), number, printed


def _targets(claimed: Numeral) -> Iterable[Decimal]:
    """Return the values by which a number that supports the claimed one may be printed."""
    value = claimed.value
    targets = {value, value / 100, value * 100, value * claimed.unit.factor}
    targets |= {value * claimed.unit.factor / factor for factor in list_factors(claimed.unit.kind)}
    if value >= _LEAST_SCALED:
        targets |= {value / scale for scale in HEAD_SCALES}
    if 0 < value < _LARGEST_OF_SMALL_POWERS:
        targets |= {value * 10**exponent for exponent in range(1, _SMALLEST_POWER + 1)}
    if value and (value < 1 or claimed.unit.kind == TIMES):
        targets.add(1 / value)
    return targets | {2 * value} if claimed.unit.kind == TIMES else targets


def _is_only_a_word(claimed: Numeral, printed: Numeral, *, tabular: bool) -> bool:
    """Tell whether a value with decimals meets what the paper counts.

    4.0 is neither "four" nor "4 of".
    """
    if (
        claimed.digit >= 1
        or claimed.value != claimed.value.to_integral_value()
        or printed.unit.kind
        or tabular
    ):
        return False
    has_scale = claimed.value >= _LEAST_SCALED
    return not has_scale and claimed.value > 1 and "." not in printed.text


def _contradicts(claimed: Numeral, printed: Numeral, *, tabular: bool) -> bool:
    """Tell whether the same number is printed with another unit.

    In a table the next word is that of the next cell.
    """
    if claimed.unit.kind in ("", POINT) or claimed.value != printed.value:
        return False
    if not printed.unit.kind:
        return not tabular and counts_something(printed)
    return printed.unit != claimed.unit and {printed.unit.kind, claimed.unit.kind} != {
        PERCENT,
        POINT,
    }
