"""Values that a sentence computes from numbers of the paper.

Among many pairs of numbers any value is met by chance. So the pairs whose result is near the stated
value are ranked by what their passage, row and columns have in common with the sentence, and one
that gives the value counts if so few are ranked before it that hardly any would by chance.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from chatpaper.summarize.verify.numbers.arithmetic import (
    COMPARISONS,
    compute_values,
    keep_operations,
    solve,
    solve_sum,
)
from chatpaper.summarize.verify.numbers.calculations import Calculation, parse_calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral, may_be_year
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, is_physical
from chatpaper.summarize.verify.passages import NO_TEXT_SECTIONS, Passages
from chatpaper.summarize.verify.support.derivation import (
    REACH_PASSAGES,
    Derivation,
    Setting,
    read_quoted,
)
from chatpaper.summarize.verify.support.number_match import NumeralIndex
from chatpaper.summarize.verify.support.operand_pairs import (
    MOST_ROWS,
    OperandPair,
    are_of_one_measure,
    list_pairs,
)
from chatpaper.summarize.verify.support.operands import (
    are_alike,
    express_as_stated,
    find_nearest,
    is_beyond_semicolon,
    is_condition,
    is_negative,
    is_of_another_clause,
    is_one_of_several,
    is_part_of_name,
    is_small_count,
)
from chatpaper.summarize.verify.support.products import derive_from_products
from chatpaper.summarize.verify.tables.table_rows import extract_words, parse_rows, translate
from chatpaper.summarize.verify.terms import extract_terms, stem_word

# At most so many of the pairs that are ranked as high would give the stated value by chance. With
# 0.2 in place of 0.1, 8 more of 1,945 true statements about 113 papers are supported, and 9 more of
# 827 changed numbers.
MOST_BY_CHANCE = 0.2
# The results of pairs are near the stated value from half of it to twice as much.
_NEAR = 2
# What ranks a pair is measured in the rarity of the words that its place shares with the sentence:
# the logarithm of how many places there are for each that has the word. So much more is a number
# that the sentence states itself, or that stands in the words that it quotes, and so much less a
# row or column that it does not name.
STATED, QUOTED, UNNAMED = 12.0, 6.0, 1.0
# A bare number that is larger is no level in per cent.
_MOST_PER_CENT = 100
_TIME = "second"
_MOST_COLUMNS_ADDED = 12


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
class _Candidate:
    """A pair whose result is near a stated value, with what ranks it, and whether it gives it."""

    rank: float
    is_hit: bool
    pair: OperandPair


class Deriver:
    """Looks for the numbers of a paper from which a value was computed."""

    def __init__(self, passages: Passages, index: NumeralIndex) -> None:
        self._all = passages
        self._passages = passages.all
        self._index = index
        self._pairs = lru_cache(maxsize=None)(
            lambda number, kind: tuple(list_pairs(self._passages, number, kind))
        )
        self._counts = lru_cache(maxsize=None)(self._count_labels)
        self._subject = lru_cache(maxsize=64)(self._read_subject)

    def derive(self, claimed: Numeral, setting: Setting) -> tuple[Derivation, ...]:
        """Return the derivations of a number, the surest first; of each passage one."""
        calculation = parse_calculation(claimed, setting.sentence)
        if calculation is None:
            return ()
        found: dict[int, Derivation] = {}
        for derivation in self._list_derivations(calculation, setting):
            found.setdefault(derivation.passage, derivation)
        return tuple(found.values())

    def is_result_of_stated(self, claimed: Numeral, setting: Setting) -> bool:
        """Tell whether a sentence states the two numbers that a claimed one is computed from.

        The claimed one is their difference, ratio or sum. Of several claimed ones each has its own.
        """
        calculation = parse_calculation(claimed, setting.sentence)
        if calculation is None or calculation.operations == ("total",):
            return False
        if is_one_of_several(claimed, setting.stated, setting.sentence):
            return False
        stated = [each for each in setting.stated if each.start >= 0 and not is_small_count(each)]
        stated = [
            each
            for each in stated
            if _may_be_operand(each, calculation)
            and not is_part_of_name(each, setting.sentence)
            and not is_condition(each, setting.sentence)
        ]
        about = [
            each for each in stated if not is_of_another_clause(each, claimed, setting.sentence)
        ]
        return any(
            are_alike(one, other)
            for pair in combinations(find_nearest(about, claimed), 2)
            if are_alike(*pair)
            for _, one, other in self._find_close_pairs(
                *(self._find_printed(each, setting) for each in pair)
            )
        )

    def _list_derivations(self, calculation: Calculation, setting: Setting) -> Iterator[Derivation]:
        stated = _list_operands(calculation, setting)
        own = self._find_operands(
            calculation, [each for each in stated if each.start >= 0], setting
        )
        yield from self._derive_from_stated(calculation, own)
        # What the sentence computes from numbers that it states itself is right wherever they
        # stand.
        for (number, one), (_, other) in (
            (first[0], second[0]) for first, second in combinations(own, 2)
        ):
            if formula := solve(calculation, one, other):
                yield Derivation(formula, number, is_stated=True)
        yield from derive_from_products(calculation, setting, self._index)
        # A sentence that states two numbers of a kind says what its value was computed from.
        if self.is_result_of_stated(calculation.claimed, setting):
            return
        operands = self._find_operands(calculation, stated, setting)
        yield from self._derive_from_stated(calculation, operands)
        # Two numbers add up to a third one by chance.
        compared = keep_operations(calculation, *COMPARISONS)
        candidates = self._rank_pairs(compared, setting, operands)
        for each in _choose_hits(calculation, candidates):
            pair = each.pair
            if formula := solve(calculation, pair.one, pair.other):
                yield Derivation(formula, pair.passage, is_stated=True)
        yield from self._add_columns(calculation)

    def _derive_from_stated(
        self, calculation: Calculation, operands: Sequence[Sequence[tuple[int, Numeral]]]
    ) -> Iterator[Derivation]:
        """Derive the value from two stated numbers where they are printed close to each other."""
        for pair in combinations(operands, 2):
            for number, one, other in self._find_close_pairs(*pair):
                if formula := solve(calculation, one, other):
                    yield Derivation(formula, number, is_stated=True)

    def _rank_pairs(
        self,
        calculation: Calculation,
        setting: Setting,
        operands: Sequence[Sequence[tuple[int, Numeral]]],
    ) -> list[_Candidate]:
        """Return the pairs whose result is near the stated value, the best first."""
        subject = self._subject(setting.sentence)
        # What a sentence measures itself is what a ratio is of: 298 ms, 1.2 times as long.
        must_be_stated = "ratio" in calculation.operations and any(
            is_physical(printed.unit) for places in operands for _, printed in places
        )
        stated = {(number, printed.start) for places in operands for number, printed in places}
        kind = _TIME if calculation.claimed.unit.kind == _TIME else ""
        found: list[_Candidate] = []
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
                    rank = place + STATED * is_stated + self._compare_labels(pair, subject)
                    found.append(_Candidate(rank, is_hit, pair))
        if not must_be_stated:
            found += _pair_quoted(calculation, setting, subject)
        return sorted(found, key=lambda each: -each.rank)

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

    def _add_columns(self, calculation: Calculation) -> Iterator[Derivation]:
        """Derive the value as the sum of a whole column."""
        if not {"sum", "total"} & set(calculation.operations):
            return
        for number, passage in enumerate(self._passages):
            rows = parse_rows(passage) if passage.tabular else ()
            width = min((len(row.cells) for row in rows), default=0)
            for place in range(min(width, _MOST_COLUMNS_ADDED) if len(rows) <= MOST_ROWS else 0):
                if formula := solve_sum(calculation, [row.cells[place - width] for row in rows]):
                    yield Derivation(formula, number, is_stated=False)

    def _find_operands(
        self, calculation: Calculation, stated: Sequence[Numeral], setting: Setting
    ) -> list[list[tuple[int, Numeral]]]:
        """Return where the numbers that the sentence states near the claimed one are printed."""
        nearest = find_nearest(stated, calculation.claimed)
        printed = [self._find_printed(each, setting) for each in nearest]
        return [places for places in printed if places]

    def _find_printed(self, stated: Numeral, setting: Setting) -> list[tuple[int, Numeral]]:
        """Return where a number is printed, a bare cell in the unit and scale of what is stated.

        It is below zero where the sentence says so. Nothing is computed from the dates and
        addresses of the first page.
        """
        sign = -1 if is_negative(stated, setting.sentence) else 1
        return [
            (number, replace(each, value=sign * each.value))
            for number, printed in self._index.supports(stated)
            if self._passages[number].section not in NO_TEXT_SECTIONS
            for each in (express_as_stated(printed, printed, stated),)
        ]

    def _find_close_pairs(
        self, one: Sequence[tuple[int, Numeral]], other: Sequence[tuple[int, Numeral]]
    ) -> Iterator[tuple[int, Numeral, Numeral]]:
        """Return the pairs that stand in one passage, or close to each other in one section."""
        for first, printed in one:
            for second, mate in other:
                passages = self._passages[first], self._passages[second]
                close = (
                    abs(first - second) <= REACH_PASSAGES
                    and passages[0].section == passages[1].section
                )
                if first == second or (
                    close and not passages[0].tabular and not passages[1].tabular
                ):
                    yield first, printed, mate


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
) -> Iterator[_Candidate]:
    """Pair the numbers of quoted words, which may be those of several sentences."""
    if not setting.quoted:
        return
    number = min(setting.quoted)
    for one, other in combinations(read_quoted(setting.quote), 2):
        pair = OperandPair(one, other, number, number)
        is_hit = _is_near(calculation, pair) if are_of_one_measure(one, other) else None
        if is_hit is not None:
            yield _Candidate(subject.similarities[number] + 2 * QUOTED, is_hit, pair)


def _choose_hits(
    calculation: Calculation, candidates: Sequence[_Candidate]
) -> Iterator[_Candidate]:
    """Return the pairs that give the stated value and are ranked so high that it is no chance.

    Results near the stated value are taken to be as likely at each value. Of pairs ranked alike,
    half are counted as ranked before the other half.
    """
    width = calculation.high - calculation.low
    share = width / (calculation.claimed.value * (_NEAR - Decimal(1) / _NEAR))
    for each in candidates:
        if each.is_hit:
            better = sum(other.rank > each.rank for other in candidates)
            alike = sum(other.rank == each.rank for other in candidates)
            if float(share) * (better + (alike + 1) / 2) > MOST_BY_CHANCE:
                return
            yield each


def _list_operands(calculation: Calculation, setting: Setting) -> list[Numeral]:
    """List the numbers that a sentence states from which a value of it may be computed."""
    return [
        each
        for each in setting.stated
        if (not is_small_count(each) or {"ratio", "quotient"} & set(calculation.operations))
        and not is_part_of_name(each, setting.sentence)
        and not is_condition(each, setting.sentence)
        and not is_beyond_semicolon(each, calculation.claimed, setting.sentence)
    ]


def _may_be_operand(stated: Numeral, calculation: Calculation) -> bool:
    """Tell whether a value may be computed from a number, above all one in per cent or points.

    Years, sizes of models, times and counts are not. Nor is a value in another unit computed from a
    count of things: 71.2 s from 10876 nodes.
    """
    unit = calculation.claimed.unit.kind
    if may_be_year(stated) and not stated.noun:
        return False
    if "ratio" in calculation.operations:
        return True
    if unit not in (PERCENT, POINT):
        return not unit or bool(stated.unit.kind) or not stated.noun
    if unit == POINT and not stated.unit.kind:
        return True
    return stated.unit.kind in (PERCENT, POINT) or (
        not stated.unit.kind and abs(stated.value) <= _MOST_PER_CENT
    )
