"""Whether a number stands in a paper where its sentence belongs, or is met there by chance."""

from collections.abc import Sequence

from chatpaper.domain.text.scripts import contains_kana
from chatpaper.summarize.verify.names.name_index import NameIndex
from chatpaper.summarize.verify.names.names import Name, find_names
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT
from chatpaper.summarize.verify.passages import Passages, find_nearest
from chatpaper.summarize.verify.support.derivation import Setting
from chatpaper.summarize.verify.support.number_match import NumeralIndex, match
from chatpaper.summarize.verify.support.operands import is_small_count
from chatpaper.summarize.verify.terms import extract_terms

# A number of so few digits may stand anywhere. It does not belong to its sentence where it has none
# of that sentence's numbers and names beside it, those that stand in few passages, and its passage
# is less like it than this. Of some 900 true statements that the rule was made on hardly one is
# like that.
MOST_DIGITS_MET_BY_CHANCE = 3
FEW_DIGITS = 2
MOST_PASSAGES_OF_COMPANY = 12
MAX_SIMILARITY_OF_STRANGER = 0.2
# Large counts are stated in few digits.
LEAST_ROUNDED_COUNT = 1000
CHARACTERS_BESIDE = 12
# What stands further from a number or a name says nothing of it; no sentence that people write is
# so long.
MOST_CHARACTERS_AROUND = 1000


class CoincidenceCheck:
    """A paper, made ready for telling what stands beside its numbers."""

    def __init__(self, passages: Passages, numerals: NumeralIndex, names: NameIndex) -> None:
        self._passages, self._numerals, self._names = passages, numerals, names

    def is_coincidence(self, numeral: Numeral, holders: Sequence[int], setting: Setting) -> bool:
        """Tell whether a number of few digits stands only where the paper speaks of something else.

        Such a number is found somewhere in any paper, one of two digits in another unit or rounded
        above all. One of more digits is hardly met by chance, and a sentence in an alphabet without
        dictionary is like no passage.
        """
        digits = len(numeral.value.normalize().as_tuple().digits)
        if digits > MOST_DIGITS_MET_BY_CHANCE or contains_kana(setting.sentence):
            return False
        company = self.find_company(numeral, setting)
        is_close = any(
            self._passages.are_close(one, other)
            for found in company
            for one in found
            for other in holders
        )
        if digits <= FEW_DIGITS and not is_close and self._is_told_otherwise(numeral, setting):
            return True
        if digits <= FEW_DIGITS and self._is_bare_or_rounded(numeral, is_close=is_close):
            return self.share_of_nearest(numeral, holders, setting) < MAX_SIMILARITY_OF_STRANGER
        exact = any(
            match(numeral, printed) != "rounded" for _, printed in self._numerals.supports(numeral)
        )
        if (
            not exact
            or is_close
            or not company
            or self._has_word_beside(numeral, holders, setting.sentence)
        ):
            return False
        return self.share_of_nearest(numeral, holders, setting) < MAX_SIMILARITY_OF_STRANGER

    def _is_told_otherwise(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether the passage most similar to the sentence has another value in that place.

        The other value has the same unit, has decimals or not as this one, and is not stated by the
        sentence.
        """
        similarities = self._passages.similarities(
            extract_terms(get_surroundings(setting.sentence, numeral))
        )
        stated = {each.value for each in setting.stated}
        return any(
            printed.unit.kind == numeral.unit.kind
            and ("." in printed.text) == ("." in numeral.text)
            and printed.value not in stated
            and (bool(numeral.unit.kind) or "." in numeral.text)
            for number in find_nearest(similarities)
            if not self._passages.all[number].tabular
            for printed in self._passages.all[number].numerals
        )

    def _has_word_beside(self, numeral: Numeral, holders: Sequence[int], sentence: str) -> bool:
        """Tell whether a passage with a number also has what the sentence says right behind it.

        Of 57 个控制变量, that is a word for the control variables.
        """
        beside = extract_terms(sentence[numeral.end : numeral.end + CHARACTERS_BESIDE]).alternatives
        return any(
            stems & self._passages.all[number].stems for stems in beside for number in holders
        )

    def find_company(self, numeral: Numeral, setting: Setting) -> list[Sequence[int]]:
        """Return where the other numbers and names of the sentence stand.

        Those that stand in many passages are left out.
        """
        others: list[Sequence[int]] = [
            self._numerals.holders(other)
            for other in setting.stated
            if other.start != numeral.start and not is_small_count(other)
        ]
        others += [self._names.find(name.text) for name in find_names(setting.sentence)]
        return [found for found in others if 0 < len(found) <= MOST_PASSAGES_OF_COMPANY]

    def _is_bare_or_rounded(self, numeral: Numeral, *, is_close: bool) -> bool:
        """Tell whether the paper has the number only without its unit, or rounded and elsewhere."""
        supports = self._numerals.supports(numeral)
        if any(
            printed.unit.kind == numeral.unit.kind not in ("", PERCENT) for _, printed in supports
        ):
            return False
        is_bare = bool(numeral.unit.kind) and not any(
            printed.unit.kind
            or self._numerals.speaks_of(number, numeral.unit)
            or (self._passages.all[number].tabular and numeral.unit.kind == PERCENT)
            for number, printed in supports
        )
        is_rounded = numeral.value < LEAST_ROUNDED_COUNT and all(
            match(numeral, printed) == "rounded" for _, printed in supports
        )
        return is_bare or (is_rounded and not is_close)

    def share_of_nearest(self, numeral: Numeral, holders: Sequence[int], setting: Setting) -> float:
        """Return how similar the passages of a number are to its surroundings.

        The highest similarity is given as a share of that of the most similar passage.
        """
        similarities = self._passages.smooth(
            self._passages.similarities(extract_terms(get_surroundings(setting.sentence, numeral)))
        )
        nearest = max(similarities, default=0.0)
        return max(similarities[number] for number in holders) / nearest if nearest else 0.0


def get_surroundings(sentence: str, item: Numeral | Name) -> str:
    """Return what stands around a number or a name in its sentence."""
    before, behind = sentence[: item.start], sentence[item.end :]
    return f"{before[-MOST_CHARACTERS_AROUND:]} {behind[:MOST_CHARACTERS_AROUND]}"
