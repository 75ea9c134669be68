"""Changes that a sentence tells otherwise than its own values or the paper's words make them.

From 65.8 to 81.2 are 15.4 points, and 23 per cent of the value before.
"""

import re
from dataclasses import replace

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.numbers.calculations import is_said_relative
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT
from chatpaper.summarize.verify.passages import Passage, Passages
from chatpaper.summarize.verify.support.changes import Change, find_changes, is_in_points
from chatpaper.summarize.verify.support.derivation import Setting
from chatpaper.summarize.verify.support.number_match import NumeralIndex

_OF_WHOLE = re.compile(r"\s?of (?:the|its|their|all)\b")
# Where a table has shares of the value before, it says so.
_RELATIVE = re.compile(
    r"\brel(?:ative|\b)|\bratio\b|(?:[Δ∆]|change|impr|gain|reduc|sav|increas|decreas)[^|\n]{0,16}%"
    r"|%[^|\n]{0,4}(?:[Δ∆]|change|impr|gain|reduc|sav|increas|decreas)",
    re.IGNORECASE,
)
_CHANGES = re.compile(load_word_tables(__name__).join("changes"), re.IGNORECASE)


class ChangeCheck:
    """A paper, made ready for telling which changes it gives otherwise than a sentence."""

    def __init__(self, passages: Passages, numerals: NumeralIndex) -> None:
        self._passages, self._numerals = passages, numerals

    def is_told_otherwise(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether a number is no such change as its sentence says.

        The values of the sentence make another one, which the paper does not tell otherwise. Or the
        paper has a share of the value before in a cell alone, where the table tells of no changes,
        or has points only as a share of something.
        """
        stated = [each for each in setting.stated if each.start >= 0]
        for change in find_changes(setting.sentence, stated):
            is_gap = change.is_relative and change.is_gap_alone()
            if change.by.start == numeral.start and (is_gap or not change.is_between()):
                return not self._is_told(change, setting)
        supports = self._numerals.supports(numeral)
        quoted = [each for each in supports if each[0] in setting.quoted]
        if is_in_points(numeral):
            return bool(supports) and all(map(self._is_share, quoted or supports))
        return (
            is_said_relative(numeral, setting.sentence)
            and bool(supports)
            and not any(self._may_tell(printed, number) for number, printed in supports)
        )

    def _is_told(self, change: Change, setting: Setting) -> bool:
        """Tell whether the paper tells the change itself, with its values or in the quoted words.

        Points that are a share of the value before are wrong whatever it tells, and so is the
        share that it tells beside another one, which is that of the values.
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
            and not (change.is_relative and self._tells_otherwise(change, number, printed))
            and (
                number in setting.quoted
                or any(self._passages.are_close(number, other) for other in beside)
            )
            for number, printed in self._numerals.supports(change.by)
        )

    def _tells_otherwise(self, change: Change, number: int, printed: Numeral) -> bool:
        """Tell whether a change that a statement calls relative is not a relative one there.

        Another one is, or a bare cell has it in a table that tells of no such shares.
        """
        passage = self._passages.all[number]
        is_gap = passage.tabular and not printed.unit.kind and not _RELATIVE.search(passage.text)
        return is_gap or _tells_share(change, passage)

    def _is_share(self, place: tuple[int, Numeral]) -> bool:
        """Tell whether a printed number is a share of what a text names: 17% of the purity."""
        number, printed = place
        return _OF_WHOLE.match(self._passages.all[number].text, printed.end) is not None

    def _may_tell(self, printed: Numeral, number: int) -> bool:
        """Tell whether a printed number may be a change: a bare cell where the table says so."""
        passage = self._passages.all[number]
        return (
            not passage.tabular
            or bool(printed.unit.kind)
            or _CHANGES.search(passage.text) is not None
        )


def _tells_share(change: Change, passage: Passage) -> bool:
    """Tell whether a passage has the share of the value before that the values make."""
    return any(
        printed.unit.kind == PERCENT and replace(change, by=printed).is_ratio()
        for printed in passage.numerals
    )
