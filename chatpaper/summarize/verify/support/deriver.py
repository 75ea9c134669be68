"""Values that a sentence computes from two numbers of one passage or table of the paper.

The pairs that are tried are few, for with many any value would be found: numbers that the sentence
states itself, one that it states and another in the same sentence of the paper or the same column
of a table, and, where it states none, those of a passage that it quotes or of two rows that it
names.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

from chatpaper.summarize.verify.numbers.arithmetic import (
    solve,
)
from chatpaper.summarize.verify.numbers.calculations import Calculation, parse_calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral, may_be_year
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, is_physical
from chatpaper.summarize.verify.passages import NO_TEXT_SECTIONS, Passage
from chatpaper.summarize.verify.support.derivation import REACH_PASSAGES, Derivation, Setting
from chatpaper.summarize.verify.support.number_match import NumeralIndex
from chatpaper.summarize.verify.support.operands import (
    are_alike,
    express_as_stated,
    find_nearest,
    is_beyond_semicolon,
    is_condition,
    is_of_another_clause,
    is_one_of_several,
    is_part_of_name,
    is_small_count,
)
from chatpaper.summarize.verify.support.sentence_derivation import (
    SentenceDeriver,
    derive_from_neighbours,
    derive_ratio_from_named_sentence,
)
from chatpaper.summarize.verify.support.stated_derivation import PartDeriver, StatedDeriver
from chatpaper.summarize.verify.support.table_derivation import TableDeriver
from chatpaper.summarize.verify.tables.table_rows import extract_words

# A bare number that is larger is no level in per cent.
_MOST_PER_CENT = 100


class Deriver:
    """Looks for the numbers of a paper from which a value was computed."""

    def __init__(self, passages: Sequence[Passage], index: NumeralIndex) -> None:
        self._passages = passages
        self._index = index
        self._stated = StatedDeriver(index)
        self._parts = PartDeriver(index)
        self._sentences = SentenceDeriver(passages)
        self._tables = TableDeriver(passages)

    def derive(self, claimed: Numeral, setting: Setting) -> tuple[Derivation, ...]:
        """Return the derivations of a number, the surest first; of each passage one."""
        calculation = parse_calculation(claimed, setting.sentence)
        if calculation is None:
            return ()
        found: dict[int, Derivation] = {}
        for derivation in self._list_candidates(calculation, setting):
            found.setdefault(derivation.passage, derivation)
        return tuple(found.values())

    def is_result_of_stated(self, claimed: Numeral, setting: Setting) -> bool:
        """Tell whether a sentence states the two numbers that a claimed one is computed from.

        The claimed one is their difference, ratio or sum. Of several claimed ones each has its own.
        """
        calculation = parse_calculation(claimed, setting.sentence)
        if calculation is None or not set(calculation.operations) - {"total", "part"}:
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
            for _, one, other in self._find_close_pairs(*map(self._find_printed, pair))
        )

    def _list_candidates(self, calculation: Calculation, setting: Setting) -> Iterator[Derivation]:
        stated = _list_operands(calculation, setting)
        own = self._find_operands(calculation, [each for each in stated if each.start >= 0])
        # What the sentence computes from numbers that it states itself is right wherever they
        # stand.
        stated_pairs = [
            (first[0][0], first[0][1], other[0][1]) for first, other in combinations(own, 2)
        ]
        yield from self._derive_from_pairs(calculation, [*self._find_pairs(own), *stated_pairs])
        yield from self._stated.derive_across_zero(calculation, setting)
        yield from self._stated.derive_from_products(calculation, setting)
        yield from self._stated.derive_from_pairs(calculation, setting)
        yield from self._stated.derive_from_shares(calculation, setting)
        yield from self._tables.derive_from_counted_rows(calculation, setting)
        yield from self._stated.derive_from_sums(calculation, setting.stated)
        yield from self._parts.derive_from_shares_of_sums(calculation, setting)
        yield from self._parts.derive_the_rest(calculation, setting)
        yield from self._sentences.derive_from_lists(calculation)
        # A sentence that states two numbers of a kind says what its value was computed from.
        if self.is_result_of_stated(calculation.claimed, setting):
            return
        operands = self._find_operands(calculation, stated)
        yield from self._derive_from_pairs(calculation, self._find_pairs(operands))
        names = extract_words(setting.sentence)
        for number, printed in chain.from_iterable(own or operands):
            if self._passages[number].tabular:
                yield from self._tables.derive_from_column(
                    calculation, number, printed, names, setting.sentence
                )
            else:
                yield from self._sentences.derive_in_sentence(calculation, number, printed)
                yield from self._sentences.derive_close_by(calculation, number, printed)
                yield from self._sentences.derive_from_similar_sentences(
                    calculation, number, printed
                )
        yield from self._sentences.derive_from_quoted(calculation, setting)
        yield from self._tables.derive_from_quoted_rows(calculation, setting)
        # What a sentence measures itself is what a ratio is of: 298 ms, 1.2 times as long.
        if "ratio" in calculation.operations and any(is_physical(each.unit) for each in stated):
            return
        yield from self._tables.derive_from_named_rows(calculation, names, setting.sentence)
        yield from self._sentences.derive_from_named_sentences(calculation, names, setting.stated)
        yield from self._tables.derive_from_columns(calculation)
        yield from derive_from_neighbours(calculation, self._passages)
        yield from derive_ratio_from_named_sentence(calculation, setting.sentence, self._passages)
        yield from self._sentences.derive_from_products(calculation)
        yield from self._sentences.derive_from_factors(calculation)

    def _find_operands(
        self, calculation: Calculation, stated: Sequence[Numeral]
    ) -> list[list[tuple[int, Numeral]]]:
        """Return where the numbers that the sentence states near the claimed one are printed."""
        printed = [self._find_printed(each) for each in find_nearest(stated, calculation.claimed)]
        return [places for places in printed if places]

    def _find_pairs(
        self, operands: Sequence[Sequence[tuple[int, Numeral]]]
    ) -> list[tuple[int, Numeral, Numeral]]:
        return [
            pair
            for one, other in combinations(operands, 2)
            for pair in self._find_close_pairs(one, other)
        ]

    def _derive_from_pairs(
        self, calculation: Calculation, pairs: Sequence[tuple[int, Numeral, Numeral]]
    ) -> Iterator[Derivation]:
        for number, one, other in pairs:
            if formula := solve(calculation, one, other):
                yield Derivation(formula, number, is_stated=True)

    def _find_printed(self, stated: Numeral) -> list[tuple[int, Numeral]]:
        """Return where a number is printed, a bare cell in the unit and scale of what is stated.

        Nothing is computed from the dates and addresses of the first page.
        """
        return [
            (number, express_as_stated(printed, printed, stated))
            for number, printed in self._index.supports(stated)
            if self._passages[number].section not in NO_TEXT_SECTIONS
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


def _list_operands(calculation: Calculation, setting: Setting) -> list[Numeral]:
    """List the numbers that a sentence states from which a value of it may be computed."""
    return [
        each
        for each in setting.stated
        if (not is_small_count(each) or "ratio" in calculation.operations)
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
