"""Changes that a statement's own values do not make: from 25.0 % to 26.1 %, by 4.4 points."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import NO_UNIT, PERCENT, POINT, TIMES
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.support.operands import is_negative

_TABLES = load_word_tables(__name__)
# Between the values of a statement and how far it says that they are apart stands so much.
_WORDS = r"[^\d，。；,;]{0,16}"
_FROM = re.compile(rf"(?:{_TABLES.join('from')}){_WORDS}\Z", re.IGNORECASE)
_TO = re.compile(rf"{_WORDS}(?:{_TABLES.join('to')})\s?(?:约|了|about )?", re.IGNORECASE)
# Names may have digits: BM25, ResNet-50.
_NAMES = r"(?:[^\d。；;]|(?<=[A-Za-z-])\d{1,3}){0,24}"
_WITHIN_CLAUSE = r"(?:[^\d，。；,;]|(?<=[A-Za-z-])\d{1,3}){0,24}"
_THAN = re.compile(rf"{_NAMES}(?:{_TABLES.join('than')}){_WITHIN_CLAUSE}", re.IGNORECASE)
# Behind a comma nothing else may be named that changed.
_LINK = rf"[^\d，。；;,]{{0,10}}(?:[，,、(（]\s?(?:{_TABLES.join('adverbs')})*)?"
_BY = re.compile(rf"{_LINK}(?:{_TABLES.join('by')})\s?(?:about |约\s?)?", re.IGNORECASE)
_APART = re.compile(rf"{_LINK}(?:{_TABLES.join('apart')})\s?(?:about |约\s?)?", re.IGNORECASE)
_BY_BEFORE = re.compile(rf"(?:{_TABLES.join('by')})\s?\Z", re.IGNORECASE)
_BESIDE = re.compile(_NAMES)
# Marks are so many of how many there are at most: 4.2 of 5.
_OUT_OF = re.compile(r"(?:满分[为是]?|\bout of )\s?(\d+)")
_POINTS = re.compile(r"百分点|percentage points?|\bpp\b|ポイント|point", re.IGNORECASE)
_HALF = Decimal("0.5")
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class _Change:
    """Two values that a statement gives, and how far it says that they are apart."""

    one: Numeral
    other: Numeral
    by: Numeral

    def is_of_one_measure(self) -> bool:
        """Tell whether the values measure one thing, of which the change may be.

        Seconds change by seconds, by per cent and by a factor, and by no points.
        """
        kinds = {self.one.unit.kind, self.other.unit.kind}
        if len(kinds) > 1 or self.one.value == self.other.value:
            return False
        of_shares = kinds <= {"", PERCENT, POINT}
        return self.by.unit.kind in kinds or (
            of_shares if self._is_of_points() else self.by.unit.kind in (PERCENT, TIMES)
        )

    def is_between(self, *, are_marks: bool) -> bool:
        """Tell whether the change is one of the values in any way that its unit may tell it.

        The difference of two percentages is often given in per cent too, that of two marks is not.
        """
        ends = [_find_ends(each) for each in (self.one, self.other)]
        (low, low_end), (high, high_end) = sorted(ends)
        scale = self.by.unit.factor if self.by.unit.kind else Decimal(1)
        gaps = [(max(high - low_end, Decimal(0)), high_end - low)]
        if self.by.unit.kind == self.one.unit.kind not in ("", PERCENT, POINT, TIMES):
            return self._meets(*(each / scale for each in gaps[0]))
        if high_end <= 1:
            gaps.append((gaps[0][0] * 100, gaps[0][1] * 100))
        if self.by.unit.kind == TIMES or (are_marks and self.by.unit.kind == PERCENT):
            gaps = []
        if not self._is_of_points() and low > 0:
            gaps += self._list_ratios(high / low_end, high_end / low)
        return any(self._meets(*gap) for gap in gaps)

    def _list_ratios(self, least: Decimal, most: Decimal) -> list[tuple[Decimal, Decimal]]:
        """List the ranges of what one value is of the other, and of how much more or less it is."""
        scale = 1 if self.by.unit.kind in (TIMES, "") else 100
        ranges = [(least, most), (least - 1, most - 1), (1 / most, 1 / least)]
        ranges.append((1 - 1 / least, 1 - 1 / most))
        return [(start * scale, end * scale) for start, end in ranges]

    def _is_of_points(self) -> bool:
        return self.by.unit.kind == POINT or bool(_POINTS.search(self.by.text))

    def _meets(self, start: Decimal, end: Decimal) -> bool:
        reach = self.by.digit if self.by.approximate or self.by.bound else self.by.digit * _HALF
        return start - reach <= self.by.value <= end + reach


def _find_ends(numeral: Numeral) -> tuple[Decimal, Decimal]:
    """Return the least and the most that a number may be, in the base unit of its kind."""
    reach = numeral.digit * _HALF
    return (
        max(numeral.value - reach, Decimal(0)) * numeral.unit.factor,
        (numeral.value + reach) * numeral.unit.factor,
    )


def find_change_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find changes that the statement's own values do not make, nor its quote tells so."""
    quoted = find_printed_numbers(comparison.quote)
    text = f"{comparison.statement}\n{comparison.quote}"
    are_marks = any(int(most) != _WHOLE for most in _OUT_OF.findall(text))
    for change in _find_changes(comparison.statement):
        if not change.is_between(are_marks=are_marks) and not _is_given(change.by, quoted):
            message = (
                f"{change.one.text} and {change.other.text}, which the statement gives, "
                f"are not {change.by.text} apart."
            )
            yield Hint("number", change.by.text, message, is_certain=True)


def _find_changes(statement: str) -> Iterator[_Change]:
    numerals = find_stated_numbers(statement)
    for one, other, by in zip(numerals, numerals[1:], numerals[2:], strict=False):
        between, behind = (one.end, other.start), (other.end, by.start)
        is_from_to = bool(
            _FROM.search(statement[: one.start])
            and _TO.fullmatch(statement, *between)
            and _BY.fullmatch(statement, *behind)
        )
        is_told_apart = bool(
            _THAN.fullmatch(statement, *between) and _BY.fullmatch(statement, *behind)
        ) or bool(_BESIDE.fullmatch(statement, *between) and _APART.fullmatch(statement, *behind))
        if not (is_from_to or is_told_apart) or _BY_BEFORE.search(statement[: other.start]):
            continue
        # 34 layers are better than 18 layers by per cent of something else.
        is_of_counts = one.digit >= 1 and not one.unit.kind
        is_below_zero = any(is_negative(each, statement) for each in (one, other))
        if (is_from_to or not is_of_counts) and not is_below_zero:
            change = _Change(one, other, by)
            if change.is_of_one_measure():
                yield change


def _is_given(by: Numeral, quoted: Sequence[Numeral]) -> bool:
    """Tell whether the quote has the change in its unit."""
    of_points = bool(_POINTS.search(by.text))
    return any(
        match(by, each)
        and each.unit.kind == by.unit.kind
        and of_points == bool(_POINTS.search(each.text))
        for each in quoted
        if each.unit is not NO_UNIT or by.unit is NO_UNIT
    )
