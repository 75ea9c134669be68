"""Values with a unit that the paper gives otherwise: 8 dB where it speaks of 6 dB.

Such a value is another than the paper's where it stands only in passages that have little in common
with its sentence, while the passage that is most like the sentence has another value of that kind.
"""

from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import CALENDAR_MONTH, PERCENT, POINT, TIMES
from chatpaper.summarize.verify.passages import Passages, find_nearest
from chatpaper.summarize.verify.support.derivation import Setting, find_unstated, read_quoted
from chatpaper.summarize.verify.support.number_match import (
    NumeralIndex,
    count_otherwise,
    match,
    may_be_told_otherwise,
)
from chatpaper.summarize.verify.support.operands import get_significant_digits, have_same_digits
from chatpaper.summarize.verify.terms import extract_terms

# So like the sentence, beside what is most like it, is a passage that has the value by chance at
# most. True values stand in passages that are half as like again: see tests/benchmarks.
MOST_SIMILARITY_OF_STRANGER = 0.6
# What has the same digits in another unit is meant where it stands in such a passage, and what has
# the stated unit in none that is nearly as like.
MOST_SIMILARITY_OF_HOLDER = 0.75
# Two per cent and two times stand side by side by chance.
LEAST_DIGITS_OF_OTHER_KIND = 2

_SHARES = frozenset({PERCENT, POINT})


class MeasureCheck:
    """A paper, made ready for telling which values it gives otherwise than a sentence."""

    def __init__(self, passages: Passages, numerals: NumeralIndex) -> None:
        self._passages, self._numerals = passages, numerals

    def is_told_otherwise(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether the paper has another value, or unit, where it says what a sentence says."""
        return self._has_rival(numeral, setting) or self._is_told_at_another_scale(numeral, setting)

    def _has_rival(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether the paper has another value where it says what a sentence says."""
        holders = self._numerals.holders(numeral)
        if numeral.unit.kind in ("", TIMES, POINT) or setting.quoted.intersection(holders):
            return False
        similarities = self._passages.similarities(extract_terms(setting.sentence))
        nearest = max(similarities, default=0.0)
        if not holders or not nearest:
            return False
        stranger = MOST_SIMILARITY_OF_STRANGER * nearest
        if max(similarities[number] for number in holders) >= stranger:
            return False
        rivals = [
            number
            for number in find_nearest(similarities)
            if self._has_another(number, numeral, setting)
        ]
        return bool(rivals) and not any(
            self._passages.are_close(rival, number) for rival in rivals for number in holders
        )

    def is_quoted_otherwise(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether the quoted words have the value in other units or of other things alone.

        What the sentence has in that unit as well is said of something else: 10 mm beside 10%. Nor
        is an order of magnitude, which is ten in words, 10 in another unit.
        """
        quoted = read_quoted(setting.quote)
        same = [
            each
            for each in find_unstated(quoted, setting.stated)
            if each.value == numeral.value
            and each.unit.kind != CALENDAR_MONTH
            and (numeral.unit.kind or each.unit.kind != TIMES)
            and (each.text[0].isdigit() or not numeral.text[0].isdigit())
        ]
        if not same or any(match(numeral, each) for each in quoted):
            return False
        if numeral.unit.kind or may_be_told_otherwise(numeral.noun):
            return True
        return bool(numeral.noun) and not any(
            match(numeral, printed)
            for number in setting.quoted
            for printed in self._passages.all[number].numerals
        )

    def _is_told_at_another_scale(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether the paper has the same digits in another unit where it says the same."""
        holders = self._numerals.holders(numeral)
        if setting.quoted or not holders:
            return False
        similarities = self._passages.similarities(extract_terms(setting.sentence))
        nearest = max(similarities, default=0.0)
        if max(similarities[number] for number in holders) >= MOST_SIMILARITY_OF_HOLDER * nearest:
            return False
        return any(
            is_at_another_scale(numeral, printed)
            for number in find_nearest(similarities)
            for printed in self._passages.all[number].numerals
        )

    def _has_another(self, number: int, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether a passage has another value of that kind, which the sentence lacks."""
        passage = self._passages.all[number]
        # Of a figure the caption alone speaks of what the sentence does.
        end = len(passage.text.split("\n", 1)[0] if passage.legend else passage.text)
        return not passage.tabular and any(
            printed.start < end
            and printed.unit.kind == numeral.unit.kind
            and not any(match(stated, printed) for stated in setting.stated)
            for printed in passage.numerals
        )


def is_at_another_scale(numeral: Numeral, printed: Numeral) -> bool:
    """Tell whether a printed number has the digits of a stated one in another unit or scale."""
    if count_otherwise(numeral.noun, printed.noun):
        return numeral.value == printed.value
    kinds = numeral.unit.kind, printed.unit.kind
    if numeral.value == printed.value:
        size = len(get_significant_digits(numeral))
        is_same_kind = kinds[0] == kinds[1] or size >= LEAST_DIGITS_OF_OTHER_KIND
        is_other = numeral.unit != printed.unit and not {*kinds} <= _SHARES
        return "" not in kinds and is_other and is_same_kind
    is_same = numeral.unit == printed.unit and (
        bool(numeral.unit.kind) or (numeral.noun and numeral.noun == printed.noun.removesuffix("s"))
    )
    return bool(is_same) and have_same_digits(numeral, printed)
