"""Pairs of numbers of a paper, by how likely a sentence computes a value from them.

Among many pairs of numbers any value is met by chance. So the pairs whose result is near the stated
value are ranked by what their passage, row and columns have in common with the sentence, and one
that gives the value counts if so few are ranked before it that hardly any would by chance.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, groupby

from chatpaper.summarize.verify.numbers.arithmetic import compute_values
from chatpaper.summarize.verify.numbers.calculations import Calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import is_physical
from chatpaper.summarize.verify.passages import NO_TEXT_SECTIONS, Passages
from chatpaper.summarize.verify.support.derivation import Setting, read_quoted
from chatpaper.summarize.verify.support.operand_pairs import OperandPair, list_pairs
from chatpaper.summarize.verify.support.operands import are_of_one_measure
from chatpaper.summarize.verify.tables.table_rows import extract_words, translate
from chatpaper.summarize.verify.terms import extract_terms, stem_word

# At most so many of the pairs that are ranked as high would give the stated value by chance. It is
# between 0.1 and 0.2: with the latter, 8 more of 1,945 true statements about 113 papers are
# supported, and 9 more of 827 changed numbers.
MOST_BY_CHANCE = 0.15
# The results of pairs are near the stated value from half of it to twice as much.
_NEAR = 2
# What ranks a pair is measured in the rarity of the words that its place shares with the sentence:
# the logarithm of how many places there are for each that has the word. So much more is a number
# that the sentence states itself, or that stands in the words that it quotes, and so much less a
# row or column that it does not name.
STATED, QUOTED, UNNAMED = 12.0, 6.0, 1.0
_TIME = "second"


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a sentence speaks of.

    That is how similar each passage is to it, and the words and stems by which it may name a row.
    """

    similarities: Sequence[float]
    names: frozenset[str]
    stems: frozenset[str]

    def has(self, word: str) -> bool:
        return word in self.names or stem_word(word) in self.stems


@dataclass(frozen=True, slots=True)
class RankedPair:
    """A pair whose result is near a stated value, with what ranks it, and whether it gives it.

    `is_meant` says that the sentence states or quotes a number of it, or names a row or column.
    """

    rank: float
    is_hit: bool
    is_meant: bool
    pair: OperandPair


class PairRanking:
    """The pairs of numbers of a paper, made ready for being ranked for a sentence."""

    def __init__(self, passages: Passages) -> None:
        self._all, self._passages = passages, passages.all
        self._pairs = lru_cache(maxsize=None)(
            lambda number, kind: tuple(list_pairs(self._passages, number, kind))
        )
        self._counts = lru_cache(maxsize=None)(self._count_labels)
        self._subject = lru_cache(maxsize=64)(self._read_subject)

    def find(
        self,
        calculation: Calculation,
        setting: Setting,
        operands: Sequence[Sequence[tuple[int, Numeral]]],
    ) -> Iterator[RankedPair]:
        """Find the pairs that give the stated value, the best first.

        `operands` are the places of the numbers that the sentence states.
        """
        subject = self._subject(setting.sentence)
        # What a sentence measures itself is what a ratio is of: 298 ms, 1.2 times as long.
        must_be_stated = "ratio" in calculation.operations and any(
            is_physical(printed.unit) for places in operands for _, printed in places
        )
        stated = {(number, printed.start) for places in operands for number, printed in places}
        kind = _TIME if calculation.claimed.unit.kind == _TIME else ""
        found: list[RankedPair] = []
        for number, passage in enumerate(self._passages):
            if passage.section in NO_TEXT_SECTIONS or not passage.numerals:
                continue
            place = subject.similarities[number] + QUOTED * (number in setting.quoted)
            for pair in self._pairs(number, kind if passage.tabular else ""):
                is_hit = _is_near(calculation, pair)
                if is_hit is None:
                    continue
                is_stated = not stated.isdisjoint(pair.places)
                if is_stated >= must_be_stated:
                    named = self._compare_labels(pair, subject)
                    rank = place + STATED * is_stated + named
                    is_meant = is_stated or named > 0 or number in setting.quoted
                    found.append(RankedPair(rank, is_hit, is_meant, pair))
        if not must_be_stated:
            found += _pair_quoted(calculation, setting, subject)
        found.sort(key=lambda each: -each.rank)
        return _choose_hits(calculation, found)

    def _compare_labels(self, pair: OperandPair, subject: _Subject) -> float:
        """Return how well a sentence names the rows and columns of two cells."""
        counts = self._counts(pair.passage) if pair.labels else Counter[str]()
        rank, known = 0.0, set[str]()
        for label in filter(None, pair.labels):
            named = {word for word in label if subject.has(word)}
            rank += sum(math.log(1 + counts.total() / counts[word]) for word in named - known)
            rank -= UNNAMED * (not named)
            known |= named
        return rank

    def _count_labels(self, number: int) -> Counter[str]:
        """Count the rows and columns of a table that have a word; each has a part of one."""
        labels = {label for pair in self._pairs(number, "") for label in pair.labels}
        return Counter(word for label in labels for word in label)

    def _read_subject(self, sentence: str) -> _Subject:
        names = extract_words(sentence)
        stems = translate(sentence) | {stem_word(word) for word in names}
        return _Subject(self._all.similarities(extract_terms(sentence)), names, stems)


def _is_near(calculation: Calculation, pair: OperandPair) -> bool | None:
    """Tell whether a pair gives the stated value; it is None where what it gives is not near it."""
    value = calculation.claimed.value
    near = [
        each
        for each in compute_values(calculation, pair.one, pair.other)
        if value / _NEAR <= each <= value * _NEAR
    ]
    return any(map(calculation.answers, near)) if near else None


def _pair_quoted(
    calculation: Calculation, setting: Setting, subject: _Subject
) -> Iterator[RankedPair]:
    """Pair the numbers of quoted words, which may be those of several sentences."""
    if not setting.quoted:
        return
    number = min(setting.quoted)
    for one, other in combinations(read_quoted(setting.quote), 2):
        pair = OperandPair(one, other, number, number)
        is_hit = _is_near(calculation, pair) if are_of_one_measure(one, other) else None
        if is_hit is not None:
            rank = subject.similarities[number] + 2 * QUOTED
            yield RankedPair(rank, is_hit, True, pair)


def _choose_hits(
    calculation: Calculation, candidates: Sequence[RankedPair]
) -> Iterator[RankedPair]:
    """Return the pairs, the best first, that give the stated value and rank too high for chance.

    Results near the stated value are taken to be as likely at each value. Of pairs ranked alike,
    half are counted as ranked before the other half.
    """
    width = calculation.high - calculation.low
    share = float(width / (calculation.claimed.value * (_NEAR - Decimal(1) / _NEAR)))
    better = 0
    for _, group in groupby(candidates, key=lambda each: each.rank):
        alike = list(group)
        if share * (better + (len(alike) + 1) / 2) > MOST_BY_CHANCE:
            return
        yield from (each for each in alike if each.is_hit)
        better += len(alike)
