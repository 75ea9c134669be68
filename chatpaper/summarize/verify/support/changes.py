"""Changes that a sentence tells with the values between which they lie: from 25.0 % to 26.1 %."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.numbers.calculations import MAX_BOUND_SHARE, is_said_relative
from chatpaper.summarize.verify.numbers.numeral import Numeral, may_be_year
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, TIMES
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
# 28.83%，约为 OE（34.65%）的 83%.
_IS = re.compile(
    rf"[^\d，。；,;]{{0,8}}[，,]?\s?(?:{_TABLES.join('is')})[^\d，。；,;升降增减]{{0,24}}",
    re.IGNORECASE,
)
_OF = re.compile(r"\s?[^\d，。；;,]{0,4}的\s?(?:大?约|近|仅|不到)?\s?")
# 1,200 个视频中有 888 个是新的，占 74%.
_AMONG = re.compile(r"[^\d。；;]{0,24}[中里内][^\d，。；,;]{0,8}")
_MAKES = re.compile(
    r"[^\d，。；;,（()]{0,24}[，,（(]\s?约?占(?:比|了)?[为约近]?\s?|\s?\w?\s?[（(]\s?[约近]?\s?"
)
# 多出约 89%（5,671 对 3,005）.
_IN_BRACKETS = re.compile(r"[^\d，。；;,（()）]{0,8}[（(]\s?[^\d，。；;,（()）]{0,8}")
_AGAINST = re.compile(
    rf"[^\d，。；;,（()）]{{0,4}}(?:{_TABLES.join('against')})[^\d，。；;,（()）]{{0,8}}",
    re.IGNORECASE,
)
_END_OF_BRACKETS = re.compile(r"[^\d，。；;,（()）]{0,8}[)）]")
_CLOSED = re.compile(r"\s?[)）]")
# More things are more of what is counted; 34 layers are better by something else.
_MORE_THINGS = re.compile(r"[多少][出了约近]{0,3}\s?\Z")
_POINTS = re.compile(r"百分点|percentage points?|\bpp\b|ポイント|point", re.IGNORECASE)
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Change:
    """Two values that a sentence gives, and how far it says that they are apart.

    `is_relative` says that it is told as a share of the value before, `is_share` that the one value
    is told as a share of the other. `before` is what it is a share of, where that is told. What
    `may_be_told` is one that a paper may tell otherwise: it alone tells what the change is of.
    """

    one: Numeral
    other: Numeral
    by: Numeral
    is_relative: bool = False
    is_share: bool = False
    before: Numeral | None = None
    may_be_told: bool = False

    def is_of_one_measure(self) -> bool:
        """Tell whether the values measure one thing, of which the change may be.

        Seconds change by seconds, by per cent and by a factor, and by no points.
        """
        kinds = {self.one.unit.kind, self.other.unit.kind}
        if len(kinds) > 1 or self.one.value == self.other.value:
            return False
        of_shares = kinds <= {"", PERCENT, POINT}
        return self.by.unit.kind in kinds or (
            of_shares if self.is_of_points() else self.by.unit.kind in (PERCENT, TIMES)
        )

    def is_of_counts(self) -> bool:
        """Tell whether the values count something."""
        return not any(each.unit.kind or "." in each.text for each in (self.one, self.other))

    def is_between(self, *, are_marks: bool = False) -> bool:
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
        is_no_gap = self.is_relative or self.is_share
        is_per_cent = self.by.unit.kind == PERCENT and not self.is_of_points()
        if is_no_gap or self.by.unit.kind == TIMES or (are_marks and is_per_cent):
            gaps = []
        if not self.is_of_points():
            gaps += self._list_ratios()
        return any(self._meets(*gap) for gap in gaps)

    def is_gap_alone(self) -> bool:
        """Tell whether the change is the gap of the values as they stand, and no share of one.

        By what they may be before they are rounded, 8 % of 0.88 may lead to 0.96.
        """
        low, high = sorted(each.value for each in (self.one, self.other))
        gaps = {high - low, (high - low) * 100} if high <= 1 else {high - low}
        wholes = (self.before.value,) if self.before else (low, high)
        shares = [(high - low) / whole * 100 for whole in wholes if whole > 0]
        return self.by.value in gaps and not any(self._meets(each, each) for each in shares)

    def is_ratio(self) -> bool:
        """Tell whether the change is a share of one of the values, in per cent."""
        return any(self._meets(*gap) for gap in self._list_ratios())

    def _list_ratios(self) -> list[tuple[Decimal, Decimal]]:
        """List the ranges of what one value is of the other, and of how much more or less it is."""
        (low, low_end), (high, high_end) = sorted(
            _find_ends(each) for each in (self.one, self.other)
        )
        if low <= 0:
            return []
        least, most = high / low_end, high_end / low
        scale = 1 if self.by.unit.kind in (TIMES, "") else 100
        ranges = [(least, most), (1 / most, 1 / least)]
        if not self.is_share:
            ranges += [(least - 1, most - 1), (1 - 1 / least, 1 - 1 / most)]
        return [(start * scale, end * scale) for start, end in ranges]

    def is_of_points(self) -> bool:
        """Tell whether the change is told in points."""
        return self.by.unit.kind == POINT or is_in_points(self.by)

    def _meets(self, start: Decimal, end: Decimal) -> bool:
        """Tell whether the change is one of a range; a bound may be some way below it or above."""
        is_exact = not self.by.approximate and not self.by.bound
        reach = self.by.digit * _HALF if is_exact else self.by.digit
        low = start * (1 - MAX_BOUND_SHARE) if self.by.bound == "least" else start - reach
        high = end * (1 + MAX_BOUND_SHARE) if self.by.bound == "most" else end + reach
        return low <= self.by.value <= high


def is_in_points(numeral: Numeral) -> bool:
    """Tell whether a number has a word for points behind it."""
    return bool(_POINTS.search(numeral.text))


def _find_ends(numeral: Numeral) -> tuple[Decimal, Decimal]:
    """Return the least and the most that a number may be, in the base unit of its kind."""
    reach = numeral.digit * _HALF
    return (
        max(numeral.value - reach, Decimal(0)) * numeral.unit.factor,
        (numeral.value + reach) * numeral.unit.factor,
    )


def find_changes(sentence: str, numerals: Sequence[Numeral]) -> Iterator[Change]:
    """Find the changes that a sentence tells beside the two values of each."""
    numerals = [each for each in numerals if not may_be_year(each)]
    for triple in zip(numerals, numerals[1:], numerals[2:], strict=False):
        change = _read_behind(sentence, *triple) or _read_before(sentence, *triple)
        if change and change.is_of_one_measure():
            yield change


def _read_behind(sentence: str, one: Numeral, other: Numeral, by: Numeral) -> Change | None:
    """Read a change that is told behind its values: 从 25.0% 升到 26.1%，提升 1.1 个百分点."""
    between, behind = (one.end, other.start), (other.end, by.start)
    is_relative = is_said_relative(by, sentence)
    if any(is_negative(each, sentence) for each in (one, other)):
        return None
    if by.unit.kind in (PERCENT, TIMES) and (
        _IS.fullmatch(sentence, *between) and _OF.fullmatch(sentence, *behind)
    ):
        return Change(one, other, by, is_share=True, may_be_told=True)
    if (
        by.unit.kind == PERCENT
        and one.value > other.value
        and (_AMONG.fullmatch(sentence, *between) and _MAKES.fullmatch(sentence, *behind))
    ):
        share = Change(one, other, by, is_share=True, may_be_told=True)
        return share if share.is_of_counts() else None
    is_by = _BY.fullmatch(sentence, *behind)
    is_from_to = bool(
        is_by and _FROM.search(sentence[: one.start]) and _TO.fullmatch(sentence, *between)
    )
    is_told_apart = bool(is_by and _THAN.fullmatch(sentence, *between)) or bool(
        _BESIDE.fullmatch(sentence, *between) and _APART.fullmatch(sentence, *behind)
    )
    if not (is_from_to or is_told_apart) or _BY_BEFORE.search(sentence[: other.start]):
        return None
    is_of_counts = one.digit >= 1 and not one.unit.kind
    may_be_of_other = is_of_counts and not (
        _MORE_THINGS.search(sentence[: by.start])
        or all(_CLOSED.match(sentence, each.end) for each in (one, other))
    )
    if may_be_of_other and not is_from_to:
        return None
    before = one if is_from_to else other
    is_loose = is_of_counts and not is_from_to
    return Change(one, other, by, is_relative, before=before, may_be_told=is_loose)


def _read_before(sentence: str, by: Numeral, one: Numeral, other: Numeral) -> Change | None:
    """Read a change behind which its values stand in brackets: 多出 89%（5,671 对 3,005）."""
    stands_before = (
        by.unit.kind in (PERCENT, POINT, TIMES)
        and _BY_BEFORE.search(sentence[: by.start])
        and _IN_BRACKETS.fullmatch(sentence, by.end, one.start)
        and _AGAINST.fullmatch(sentence, one.end, other.start)
        and _END_OF_BRACKETS.match(sentence, other.end)
    )
    is_relative = is_said_relative(by, sentence)
    return Change(one, other, by, is_relative, may_be_told=True) if stands_before else None
