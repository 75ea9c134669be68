"""Values that a sentence computes from numbers of the paper.

They are those that it states itself, wherever the paper has them, or else those that rank highest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

from chatpaper.summarize.verify.numbers.arithmetic import (
    COMPARISONS,
    keep_operations,
    solve,
    solve_sum,
)
from chatpaper.summarize.verify.numbers.calculations import Calculation, parse_calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral, may_be_year
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT
from chatpaper.summarize.verify.passages import NO_TEXT_SECTIONS, Passages
from chatpaper.summarize.verify.support.derivation import (
    REACH_PASSAGES,
    Derivation,
    Setting,
)
from chatpaper.summarize.verify.support.number_match import NumeralIndex
from chatpaper.summarize.verify.support.operand_pairs import MOST_ROWS
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
from chatpaper.summarize.verify.support.pair_ranking import PairRanking
from chatpaper.summarize.verify.support.products import derive_from_products
from chatpaper.summarize.verify.tables.table_rows import parse_rows

# A bare number that is larger is no level in per cent.
_MOST_PER_CENT = 100
# Sums are looked for in so many columns of a table.
_MOST_COLUMNS_ADDED = 12


class Deriver:
    """Looks for the numbers of a paper from which a value was computed."""

    def __init__(self, passages: Passages, index: NumeralIndex) -> None:
        self._passages = passages.all
        self._index = index
        self._ranking = PairRanking(passages)
        self._rows = lru_cache(maxsize=None)(lambda number: parse_rows(self._passages[number]))

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
        for ranked in self._ranking.find(compared, setting, operands):
            pair = ranked.pair
            if formula := solve(calculation, pair.one, pair.other):
                yield Derivation(formula, pair.passage, is_stated=ranked.is_meant)
        yield from self._add_columns(calculation)

    def _derive_from_stated(
        self, calculation: Calculation, operands: Sequence[Sequence[tuple[int, Numeral]]]
    ) -> Iterator[Derivation]:
        """Derive the value from two stated numbers where they are printed close to each other."""
        for pair in combinations(operands, 2):
            for number, one, other in self._find_close_pairs(*pair):
                if formula := solve(calculation, one, other):
                    yield Derivation(formula, number, is_stated=True)

    def _add_columns(self, calculation: Calculation) -> Iterator[Derivation]:
        """Derive the value as the sum of a whole column."""
        if not {"sum", "total"} & set(calculation.operations):
            return
        for number, passage in enumerate(self._passages):
            rows = self._rows(number) if passage.tabular else ()
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
        places = (
            (number, express_as_stated(printed, printed, stated))
            for number, printed in self._index.supports(stated)
            if self._passages[number].section not in NO_TEXT_SECTIONS
        )
        return [(number, replace(each, value=sign * each.value)) for number, each in places]

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
