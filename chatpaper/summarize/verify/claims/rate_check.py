"""Numbers that the paper has for each of something else: per game, and not by the minute."""

from collections.abc import Iterable, Iterator, Sequence

from chatpaper.summarize.verify.claims.measure_check import MOST_SIMILARITY_OF_STRANGER
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.rates import (
    SECOND,
    Rate,
    are_other_rates,
    express_as_frequency,
    express_as_throughput,
    find_rate,
    find_rates,
    find_rates_of,
    is_interval,
    list_rates,
)
from chatpaper.summarize.verify.numbers.units import NO_UNIT, Unit, find_units
from chatpaper.summarize.verify.passages import Passage, Passages, find_nearest
from chatpaper.summarize.verify.support.derivation import Setting
from chatpaper.summarize.verify.support.number_match import NumeralIndex
from chatpaper.summarize.verify.terms import extract_terms


class RateCheck:
    """A paper, made ready for telling by what it counts its numbers."""

    def __init__(self, passages: Passages, numerals: NumeralIndex) -> None:
        self._passages, self._numerals = passages, numerals
        self._times: dict[int, frozenset[Unit]] = {}

    def follows(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether a number is a rate of the paper, or the interval of one that is stated.

        The paper has 96 kHz, and the sentence 96,000 a second; it has 3 MB/s, and that 每秒 3 MB.
        """
        rates = (
            express_as_frequency(numeral, setting.sentence),
            express_as_throughput(numeral, setting.sentence),
        )
        if any(
            printed.unit.kind == rate.unit.kind
            for rate in rates
            if rate is not None
            for _, printed in self._numerals.supports(rate)
        ):
            return True
        return any(
            is_interval(numeral, other, setting.sentence) and self._numerals.holders(other)
            for other in setting.stated
            if other.start >= 0
        )

    def is_at_another(self, numeral: Numeral, sentence: str) -> bool:
        """Tell whether the paper has a number only at other rates than the sentence.

        The paper may have it by the second, say, but never by the unit of the sentence.
        """
        rate, own = find_rate(numeral, sentence), find_rates_of(numeral, sentence)
        if rate is NO_UNIT and not own:
            return False
        rates = {
            each
            for number, printed in self._numerals.supports(numeral)
            for each in _rates_of(printed, self._passages.all[number])
        }
        if rate in rates - {NO_UNIT}:
            return False
        return any(are_other_rates(rate, other) for other in rates) or self._counts_by_others(
            numeral, own
        )

    def find_told_otherwise(self, setting: Setting) -> Iterator[tuple[int, str]]:
        """Find the times by which a sentence counts where the paper counts by others.

        They are given by their places and words.

        It counts by others in the quoted words, or else in the passages that are most like the
        sentence, and by that one in none that may be meant.
        """
        sentence = setting.sentence
        stated = [
            each
            for each in find_rates(sentence)
            if each.is_by_time and each.is_said_of_each(sentence)
        ]
        if not stated:
            return
        texts, meant = self._find_meant(setting)
        others = {each.unit for text in texts for each in find_rates(text) if each.is_by_time}
        if not others.difference(each.unit for each in stated):
            return
        told = {unit for number in meant for unit in self._times_of(number)}
        for rate in stated:
            if rate.unit not in told:
                yield rate.start, sentence[rate.start : rate.end].strip()

    def _find_meant(self, setting: Setting) -> tuple[Sequence[str], Iterable[int]]:
        """Return the texts that tell what a sentence tells, and the passages that may do so."""
        if setting.quote:
            return [setting.quote], setting.quoted
        similarities = self._passages.similarities(extract_terms(setting.sentence))
        least = MOST_SIMILARITY_OF_STRANGER * max(similarities, default=0.0)
        return (
            [self._passages.all[number].text for number in find_nearest(similarities)],
            [number for number, each in enumerate(similarities) if each >= least],
        )

    def _times_of(self, number: int) -> frozenset[Unit]:
        """Return the times by which a passage counts anything; hertz are by the second."""
        if number not in self._times:
            text = self._passages.all[number].text
            times = {each.unit for each in find_rates(text) if each.is_by_time}
            by_second = list_rates(text) | ({SECOND} if find_units("hertz", text) else set())
            self._times[number] = frozenset(times | by_second)
        return self._times[number]

    def _counts_by_others(self, numeral: Numeral, rates: Sequence[Rate]) -> bool:
        """Tell whether the text has a number only by other units and things than the sentence.

        The sentence may have it by the minute, and the paper per game.
        """
        if len(rates) != 1 or rates[0].unit is NO_UNIT:
            return False
        places = [
            (printed, self._passages.all[number])
            for number, printed in self._numerals.supports(numeral)
        ]
        printed_rates = [
            find_rates_of(printed, passage.text)
            for printed, passage in places
            if not passage.tabular
        ]
        return bool(printed_rates) and all(
            others and not any(each.is_same(rates[0]) for each in others)
            for others in printed_rates
        )


def _rates_of(printed: Numeral, passage: Passage) -> frozenset[Unit]:
    """Return the units by which a number counts; in a table its caption or a head tells them."""
    rate = find_rate(printed, passage.text)
    return list_rates(passage.text) if rate is NO_UNIT and passage.tabular else frozenset({rate})
