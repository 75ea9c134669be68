"""Whether a paper supports a number of a text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from chatpaper.summarize.verify.claims.claim import CheckedClaim, cut_snippet
from chatpaper.summarize.verify.claims.count_check import CountCheck
from chatpaper.summarize.verify.claims.magnitude_check import MagnitudeCheck
from chatpaper.summarize.verify.claims.magnitudes import Magnitude
from chatpaper.summarize.verify.claims.measure_check import MeasureCheck
from chatpaper.summarize.verify.claims.placement import Placement
from chatpaper.summarize.verify.claims.rate_check import RateCheck
from chatpaper.summarize.verify.claims.stray_digits import StrayDigitCheck
from chatpaper.summarize.verify.numbers.calculations import is_difference
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import NO_TEXT_SECTIONS, Passages
from chatpaper.summarize.verify.support.change_check import ChangeCheck
from chatpaper.summarize.verify.support.coincidence import CoincidenceCheck
from chatpaper.summarize.verify.support.derivation import (
    Setting,
    find_circular,
    may_replace,
    read_quoted,
)
from chatpaper.summarize.verify.support.deriver import Deriver
from chatpaper.summarize.verify.support.number_match import NumeralIndex, match
from chatpaper.summarize.verify.support.operands import is_small_count, is_sum_of_counts
from chatpaper.summarize.verify.support.years import compile_in_short

_YEAR = re.compile(r"(?:19|20)\d\d")
_NAME_BEFORE_YEAR = re.compile(r"([A-Z][A-Za-z-]{1,20})[ ’'-]?\Z")
# A sentence with more numbers than this is a list, and none of them is looked for as the result of
# a computation.
MOST_NUMBERS_OF_SENTENCE = 40


class NumberCheck:
    """A paper, made ready for judging numbers: printed, derived, or met there by chance."""

    def __init__(
        self,
        passages: Passages,
        numerals: NumeralIndex,
        placement: Placement,
        coincidences: CoincidenceCheck,
    ) -> None:
        self._passages, self._numerals = passages, numerals
        self._placement, self._coincidences = placement, coincidences
        self._stray_digits = StrayDigitCheck(passages, numerals, coincidences)
        self._counts = CountCheck(passages, numerals)
        self._measures = MeasureCheck(passages, numerals)
        self._changes = ChangeCheck(passages, numerals)
        self._rates = RateCheck(passages, numerals)
        self._magnitudes = MagnitudeCheck(passages)
        self._deriver = Deriver(passages, numerals)

    def judge_all(self, numerals: Sequence[Numeral], setting: Setting) -> dict[str, CheckedClaim]:
        """Judge the numbers of a sentence, by their words."""
        judged = {each.text: self.judge(each, setting) for each in _list_different(numerals)}
        return _drop_circles(judged, numerals, setting.sentence)

    def judge(self, numeral: Numeral, setting: Setting) -> CheckedClaim:
        """Judge a number as the paper prints it, or else as derived from numbers that it prints.

        It is derived from two of them, and only where the number itself is not supported. What
        the paper gives otherwise is supported by no place where something else has it.
        """
        claim = self._find_support(numeral, setting)
        if self._numerals.holders(numeral) and (
            _completes_difference(numeral, setting)
            or is_sum_of_counts(numeral, read_quoted(setting.quote))
        ):
            return replace(claim, supported=True)
        if self._measures.is_quoted_otherwise(numeral, setting) or (
            not claim.derivation
            and (
                self._counts.is_told_otherwise(numeral, setting)
                or self._measures.is_told_otherwise(numeral, setting)
                or self._changes.is_told_otherwise(numeral, setting)
            )
        ):
            return replace(claim, supported=False, nearness="nowhere")
        return claim

    def find_other_counts(self, setting: Setting) -> Iterator[tuple[int, CheckedClaim]]:
        """Find counts, sizes and rates in words that the paper gives otherwise, with their places.

        They contain no number that is judged by itself.
        """
        others: tuple[Numeral | Magnitude, ...] = (
            *self._counts.find_in_words(setting),
            *self._magnitudes.find_told_otherwise(setting),
        )
        sizes = [(each.start, each.text) for each in others]
        for start, words in (*sizes, *self._rates.find_told_otherwise(setting)):
            yield start, CheckedClaim("numeral", words, 0, supported=False)

    def _find_support(self, numeral: Numeral, setting: Setting) -> CheckedClaim:
        claim = CheckedClaim("numeral", numeral.text, 0, supported=False)
        printed = self._placement.judge(
            claim, self._numerals.holders(numeral), setting.sentence, numeral, setting.quoted
        )
        if self._rates.is_at_another(numeral, setting.sentence):
            # What it has at another rate, it does not have anywhere else.
            return replace(printed, supported=False, nearness="nowhere")
        is_stray = self._stray_digits.is_stray(numeral, setting)
        if is_stray:
            printed = replace(printed, supported=False, nearness="nowhere")
        if printed.supported or len(setting.stated) > MOST_NUMBERS_OF_SENTENCE:
            return printed
        if (
            (not is_stray and self._is_known(numeral, setting))
            or self._is_year_of_name(numeral, setting)
            or self._rates.follows(numeral, setting)
            or self._counts.is_told(numeral, setting)
        ):
            return replace(printed, supported=True)
        for derivation in self._deriver.derive(numeral, setting):
            derived = self._placement.judge(
                claim, [derivation.passage], setting.sentence, numeral, setting.quoted
            )
            if derived.supported or derivation.is_stated:
                operand = derivation.formula.lstrip("(").split()[0]
                snippet = cut_snippet(self._passages.all[derivation.passage], operand)
                return replace(
                    derived, supported=True, derivation=derivation.formula, snippet=snippet
                )
        return replace(printed, supported=_is_added(printed, numeral, setting))

    def _is_known(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether the paper's text prints a number that nothing ties to a passage.

        A sentence without a quotation may gather what the paper says in many places. What it says
        to be the result of two numbers that it states is held against those.
        """
        if setting.quoted or self._deriver.is_result_of_stated(numeral, setting):
            return False
        holders = [
            number
            for number in self._numerals.holders(numeral)
            if self._passages.all[number].section not in NO_TEXT_SECTIONS
        ]
        return bool(holders) and not self._coincidences.is_coincidence(numeral, holders, setting)

    def _is_year_of_name(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether the paper has a year right behind the name that it follows.

        It may be abbreviated there: ISBI 2012, ISBI ’12. Where the quoted words have another year
        behind the name, that one is meant.
        """
        named = _NAME_BEFORE_YEAR.search(setting.sentence[: numeral.start])
        if named is None or not _YEAR.fullmatch(numeral.text):
            return False
        together = re.compile(rf"\b{re.escape(named[1])}[ ’'-]?({_YEAR.pattern})\b")
        quoted, printed = (
            {year for number in numbers for year in self._find_years(together, number)}
            for numbers in (setting.quoted, self._numerals.holders(numeral))
        )
        if numeral.text in printed:
            return not quoted or numeral.text in quoted
        in_short = compile_in_short(named[1], numeral.text)
        return any(in_short.search(passage.text) for passage in self._passages.all)

    def _find_years(self, together: re.Pattern[str], number: int) -> list[str]:
        return together.findall(self._passages.all[number].text)


def _completes_difference(numeral: Numeral, setting: Setting) -> bool:
    """Tell whether a sentence computes with a number and with one of the quoted words.

    From 26.62 to 24.94, by 1.68: where the paper prints the first one anywhere in this unit, it is
    what the sentence is about.
    """
    if not setting.quoted or is_small_count(numeral):
        return False
    others = [
        each
        for each in setting.stated
        if each.start >= 0 and each.unit.kind == numeral.unit.kind and each.value != numeral.value
    ]
    quoted = read_quoted(setting.quote)
    return any(
        numeral.value in (one.value + other.value, abs(one.value - other.value))
        and any(match(each, held) for each in (one, other) for held in quoted)
        for one, other in combinations(others, 2)
    )


def _is_added(printed: CheckedClaim, numeral: Numeral, setting: Setting) -> bool:
    """Tell whether a number from another part of the paper stands beside all that is quoted.

    A summary gathers what a paper says in several places. Where the quoted words have a number that
    is not stated, that one may have been meant instead.
    """
    is_elsewhere = setting.quoted and printed.nearness != "nowhere"
    return bool(
        is_elsewhere
        and not any(may_replace(numeral, each, setting.quote) for each in setting.unstated)
    )


def _list_different(numerals: Sequence[Numeral]) -> Iterable[Numeral]:
    """Return the first number of each of the words in which they are stated."""
    return {each.text: each for each in reversed(numerals)}.values()


def _drop_circles(
    judged: dict[str, CheckedClaim], numerals: Sequence[Numeral], sentence: str
) -> dict[str, CheckedClaim]:
    """Return the claims with none of a gap and a value supported that follow from each other alone.

    For the parts of a whole this is no fault.
    """
    circular = find_circular(claim.derivation for claim in judged.values())
    has_gap = any(
        judged[each.text].derivation in circular and is_difference(each, sentence)
        for each in numerals
    )
    return {
        text: replace(claim, supported=False, derivation="", nearness="nowhere")
        if has_gap and claim.derivation in circular
        else claim
        for text, claim in judged.items()
    }
