"""Changes that a sentence tells otherwise than its own values or the paper's words make them.

From 65.8 to 81.2 are 15.4 points, and 23 per cent of the value before.
"""

import re

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.numbers.calculations import is_said_relative
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import Passages
from chatpaper.summarize.verify.support.changes import Change, find_changes
from chatpaper.summarize.verify.support.derivation import Setting
from chatpaper.summarize.verify.support.number_match import NumeralIndex

_CHANGES = re.compile(load_word_tables(__name__).join("changes"), re.IGNORECASE)


class ChangeCheck:
    """A paper, made ready for telling which changes it gives otherwise than a sentence."""

    def __init__(self, passages: Passages, numerals: NumeralIndex) -> None:
        self._passages, self._numerals = passages, numerals

    def is_told_otherwise(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether a number is no such change as its sentence says.

        The values of the sentence make another one, which the paper does not tell otherwise. Or the
        paper has a share of the value before in a cell alone, where the table tells of no changes.
        """
        stated = [each for each in setting.stated if each.start >= 0]
        for change in find_changes(setting.sentence, stated):
            is_gap = change.is_relative and change.is_gap_alone()
            if change.by.start == numeral.start and (is_gap or not change.is_between()):
                return not self._is_told(change, setting)
        supports = self._numerals.supports(numeral)
        return (
            is_said_relative(numeral, setting.sentence)
            and bool(supports)
            and not any(self._may_tell(printed, number) for number, printed in supports)
        )

    def _is_told(self, change: Change, setting: Setting) -> bool:
        """Tell whether the paper tells the change itself, with its values or in the quoted words.

        Points that are a share of the value before are wrong whatever it tells.
        """
        if change.is_of_points() and change.is_ratio():
            return False
        beside = [
            number
            for value in (change.one, change.other)
            for number in self._numerals.holders(value)
        ]
        return any(
            (self._may_tell(printed, number) or (change.is_share and change.is_of_counts()))
            and (
                number in setting.quoted
                or any(self._passages.are_close(number, other) for other in beside)
            )
            for number, printed in self._numerals.supports(change.by)
        )

    def _may_tell(self, printed: Numeral, number: int) -> bool:
        """Tell whether a printed number may be a change: a bare cell where the table says so."""
        passage = self._passages.all[number]
        return (
            not passage.tabular
            or bool(printed.unit.kind)
            or _CHANGES.search(passage.text) is not None
        )
