"""Numbers up to ten that say how much something is, where the paper does not say so."""

import calendar
import re

from chatpaper.domain.text.scripts import contains_kana
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import Passages
from chatpaper.summarize.verify.support.coincidence import CoincidenceCheck
from chatpaper.summarize.verify.support.derivation import Setting
from chatpaper.summarize.verify.support.number_match import NumeralIndex, counts_something
from chatpaper.summarize.verify.support.operands import is_small_count

# A digit that says how much something is, and does not count what the writer sees, stands in a
# passage that is more like its sentence than this.
MAX_SIMILARITY_OF_STRAY_DIGIT = 0.25
# One and two are said of anything.
LEAST_STRAY_DIGIT = 3
# Words that tell of what the writer counts, and signs by which a digit is part of something longer.
_COUNTED = re.compile(
    r"\s?(?:[个個種种座名位人件条條项項次类類点點つ者]|[/–-]|(?:to|and|or|[到至和与或、,，])\s?[\d.]"
    r"|[增升提扩降减縮缩]\w{0,2}[至到]\s?\d"
    rf"|(?:{'|'.join(calendar.month_name[1:])})\b)"
)
_PART_BEFORE = re.compile(r"(?:[/^_–-]|\d\s?(?:to|and|or|[到至和与或、,，]))\s?\Z")


class StrayDigitCheck:
    """A paper, made ready for telling which digits of a sentence it does not have."""

    def __init__(
        self, passages: Passages, numerals: NumeralIndex, coincidences: CoincidenceCheck
    ) -> None:
        self._passages, self._numerals, self._coincidences = passages, numerals, coincidences

    def is_stray(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether a number up to ten says how much something is, and the paper does not.

        It is written in digits and counts nothing that the writer may have counted, and the paper
        has it nowhere, or only where it speaks of something else.
        """
        if not _is_digit(numeral) or _is_counted(numeral, setting.sentence):
            return False
        holders = self._numerals.holders(numeral)
        if not holders:
            # Of several one may be stars or bars that are drawn.
            return not any(
                _is_digit(other)
                and other.value != numeral.value
                and not self._numerals.holders(other)
                for other in setting.stated
            )
        if (
            contains_kana(setting.sentence)
            or setting.quoted.intersection(holders)
            or any(
                self._passages.are_close(one, other)
                for found in self._coincidences.find_company(numeral, setting)
                for one in found
                for other in holders
            )
        ):
            return False
        return (
            self._coincidences.share_of_nearest(numeral, holders, setting)
            < MAX_SIMILARITY_OF_STRAY_DIGIT
        )


def _is_digit(numeral: Numeral) -> bool:
    return (
        is_small_count(numeral) and numeral.text.isdecimal() and numeral.value >= LEAST_STRAY_DIGIT
    )


def _is_counted(numeral: Numeral, sentence: str) -> bool:
    """Tell whether a digit counts what the writer sees, or is part of something longer."""
    return bool(
        numeral.unit.kind
        or (numeral.noun.isascii() and counts_something(numeral))
        or _COUNTED.match(sentence, numeral.end)
        or _PART_BEFORE.search(sentence[: numeral.start])
    )
