"""Values that a sentence computes from two numbers of one passage or table of the paper.

The pairs that are tried are few, for with many any value would be found: numbers that the sentence
states itself, one that it states and another in the same sentence of the paper or the same column
of a table, and, where it states none, those of a passage that it quotes or of two rows that it
names.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain, combinations, permutations

from chatpaper.summarize.verify.numbers.arithmetic import (
    Calculation,
    parse_calculation,
    solve,
    solve_complement,
    solve_product,
    solve_sum,
)
from chatpaper.summarize.verify.numbers.numerals import Numeral
from chatpaper.summarize.verify.passages import Passage
from chatpaper.summarize.verify.support.number_match import NumeralIndex, find_cell_units
from chatpaper.summarize.verify.support.operands import (
    are_alike,
    count_significant_digits,
    find_lists,
    find_measures,
    find_nearest,
    is_beyond_semicolon,
    is_of_another_clause,
    is_part,
    is_small_count,
    measure_alike,
    measure_the_same,
)
from chatpaper.summarize.verify.tables.table_rows import (
    Row,
    extract_words,
    find_column_mates,
    find_comparable_rows,
    locate_operand,
    parse_rows,
)

# A sentence of the paper with more numbers than this is a list, in which any value can be computed.
MOST_NUMBERS_OF_PASSAGE = 8
MOST_NUMBERS_OF_QUOTED_PASSAGE = 5
# A row that is named only by a word that so many others have too is not named.
MOST_ROWS_NAMED = 5
MOST_COLUMNS = 12
MOST_TERMS = 6
# Two numbers that a sentence states are taken together where so many sentences of a section part
# them at most.
REACH_PASSAGES = 6
_LEAST_FACTOR = 999
_TELLING_DIGITS = 3
_PARTS_OF_SUM = 2
# Two sentences that have so many words in common, none of them in a larger part of the passages,
# speak of one measure.
_LEAST_SHARED_STEMS = 3
_MOST_PASSAGES_OF_STEM = 0.25
MOST_ROWS_ADDED = 40
# Tables that have their methods side by side compare no more of them than these.
MOST_METHODS_IN_ROW = 6
# A bare number that is larger is no level in per cent.
_MOST_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a value follows, "0.61 - 0.42 = 0.19", and the number of the passage of its operands.

    `is_stated` says that the sentence states an operand or names the one row, so that it is known
    what was computed.
    """

    formula: str
    passage: int
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """A sentence, the numbers of it and of the one before, and the passages that its claim quotes."""

    sentence: str
    stated: tuple[Numeral, ...]
    quoted: frozenset[int] = frozenset()


class Deriver:
    """Looks for the numbers of a paper from which a value was computed."""

    def __init__(self, passages: Sequence[Passage], index: NumeralIndex) -> None:
        self._passages = passages
        self._index = index
        self._held = Counter(stem for passage in passages for stem in passage.stems)
        self._rows = lru_cache(maxsize=None)(lambda number: parse_rows(passages[number]))

    def derive(self, claimed: Numeral, setting: Setting) -> tuple[Derivation, ...]:
        """Return the derivations of a number, the surest first; of each passage one."""
        calculation = parse_calculation(claimed, setting.sentence)
        if calculation is None:
            return ()
        found: dict[int, Derivation] = {}
        for derivation in self._candidates(calculation, setting):
            found.setdefault(derivation.passage, derivation)
        return tuple(found.values())

    def is_result_of_stated(self, claimed: Numeral, setting: Setting) -> bool:
        """Tell whether a sentence states the two numbers whose difference, ratio or sum is claimed."""
        calculation = parse_calculation(claimed, setting.sentence)
        if calculation is None or not set(calculation.operations) - {"total", "part"}:
            return False
        stated = [each for each in setting.stated if each.start >= 0 and not is_small_count(each)]
        stated = [each for each in stated if _may_be_operand(each, calculation)]
        about = [
            each for each in stated if not is_of_another_clause(each, claimed, setting.sentence)
        ]
        return any(
            are_alike(one, other)
            for _, one, other in self._pairs(self._operands(calculation, about))
        )

    def _candidates(self, calculation: Calculation, setting: Setting) -> Iterator[Derivation]:
        stated = [
            each
            for each in setting.stated
            if (not is_small_count(each) or "ratio" in calculation.operations)
            and not is_beyond_semicolon(each, calculation.claimed, setting.sentence)
        ]
        own = self._operands(calculation, [each for each in stated if each.start >= 0])
        # What the sentence computes from numbers that it states itself is right wherever they
        # stand.
        stated_pairs = [
            (first[0][0], first[0][1], other[0][1]) for first, other in combinations(own, 2)
        ]
        yield from self._of_pairs(calculation, [*self._pairs(own), *stated_pairs])
        yield from self._of_counted_rows(calculation, setting)
        yield from self._of_sums_stated(calculation, setting.stated)
        yield from self._of_lists(calculation)
        # A sentence that states two numbers of a kind says what its value was computed from.
        if self.is_result_of_stated(calculation.claimed, setting):
            return
        operands = self._operands(calculation, stated)
        yield from self._of_pairs(calculation, self._pairs(operands))
        names = extract_words(setting.sentence)
        for number, printed in chain.from_iterable(own or operands):
            if self._passages[number].tabular:
                yield from self._in_column(calculation, number, printed, names, setting.sentence)
            else:
                yield from self._in_sentence(calculation, number, printed)
                yield from self._close_by(calculation, number, printed)
                yield from self._of_like_sentences(calculation, number, printed)
        yield from self._of_quoted(calculation, setting.quoted)
        yield from self._of_named_rows(calculation, names, setting.sentence)
        yield from self._of_sentences(calculation, names, setting.stated)
        yield from self._of_columns(calculation)
        yield from self._of_products(calculation)

    def _operands(
        self, calculation: Calculation, stated: Sequence[Numeral]
    ) -> list[list[tuple[int, Numeral]]]:
        """Return where the numbers that the sentence states near the claimed one are printed."""
        printed = [self._printed(each) for each in find_nearest(stated, calculation.claimed)]
        return [places for places in printed if places]

    def _pairs(
        self, operands: Sequence[Sequence[tuple[int, Numeral]]]
    ) -> list[tuple[int, Numeral, Numeral]]:
        return [
            pair for one, other in combinations(operands, 2) for pair in self._together(one, other)
        ]

    def _of_pairs(
        self, calculation: Calculation, pairs: Sequence[tuple[int, Numeral, Numeral]]
    ) -> Iterator[Derivation]:
        for number, one, other in pairs:
            if formula := solve(calculation, one, other):
                yield Derivation(formula, number, is_stated=True)

    def _printed(self, stated: Numeral) -> list[tuple[int, Numeral]]:
        """Return where a number is printed, a bare cell in the unit and scale of what is stated."""
        return [
            (number, _as_stated(printed, printed, stated))
            for number, printed in self._index.supports(stated)
        ]

    def _together(
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

    def _of_sums_stated(
        self, calculation: Calculation, stated: Sequence[Numeral]
    ) -> Iterator[Derivation]:
        others = [each for each in stated if each.start != calculation.claimed.start][:MOST_TERMS]
        if "sum" not in calculation.operations:
            return
        for whole in others:
            parts = [
                each for each in others if each is not whole and each.unit.kind == whole.unit.kind
            ]
            rest = whole.value - calculation.claimed.value
            if part := next(
                (each for each in parts if each.value == rest and self._index.supports(whole)), None
            ):
                formula = f"{whole.text} - {part.text} = {calculation.claimed.text}"
                yield Derivation(formula, self._index.supports(whole)[0][0], is_stated=True)
        if not all(self._index.supports(each) for each in others):
            return
        for size in range(len(others), 2, -1):
            for terms in combinations(others, size):
                if formula := solve_sum(calculation, terms):
                    yield Derivation(formula, self._index.supports(terms[0])[0][0], is_stated=True)

    def _in_sentence(
        self, calculation: Calculation, number: int, operand: Numeral
    ) -> Iterator[Derivation]:
        others = find_measures(self._passages[number], calculation.claimed, MOST_NUMBERS_OF_PASSAGE)
        for formula in (
            solve_complement(calculation, operand),
            *(solve(calculation, operand, other) for other in others),
        ):
            if formula:
                yield Derivation(formula, number, is_stated=True)

    def _close_by(
        self, calculation: Calculation, number: int, operand: Numeral
    ) -> Iterator[Derivation]:
        """With a number of a sentence close by that measures or counts the same.

        An example is so many questions a second.
        """
        section = self._passages[number].section
        for other in range(
            max(0, number - REACH_PASSAGES), min(len(self._passages), number + REACH_PASSAGES + 1)
        ):
            passage = self._passages[other]
            if other == number or passage.section != section or passage.tabular:
                continue
            for mate in passage.numerals:
                if measure_the_same(operand, mate) and (
                    formula := solve(calculation, operand, mate)
                ):
                    yield Derivation(formula, number, is_stated=True)

    def _of_like_sentences(
        self, calculation: Calculation, number: int, operand: Numeral
    ) -> Iterator[Derivation]:
        """Derive the value with the number of a sentence that speaks of the same.

        It may stand anywhere, as another method's accuracy does.
        """
        if not operand.unit.kind or "." not in operand.text:
            return
        most = _MOST_PASSAGES_OF_STEM * len(self._passages)
        stems = {each for each in self._passages[number].stems if self._held[each] <= most}
        for other, passage in enumerate(self._passages):
            if (
                other == number
                or passage.tabular
                or len(stems & passage.stems) < _LEAST_SHARED_STEMS
            ):
                continue
            for mate in passage.numerals:
                is_alike = mate.unit == operand.unit and "." in mate.text
                if is_alike and (formula := solve(calculation, operand, mate)):
                    yield Derivation(formula, number, is_stated=True)

    def _in_column(
        self,
        calculation: Calculation,
        number: int,
        operand: Numeral,
        names: frozenset[str],
        sentence: str,
    ) -> Iterator[Derivation]:
        """Derive the value with another row of the column.

        The rows are those that the sentence names or, where it names no other, those of a
        comparison.
        """
        rows = self._rows(number)
        own, place = locate_operand(rows, operand)
        if own is None:
            return
        if len(rows) == 1:
            mates = (cell for cell in own.cells[:MOST_COLUMNS] if cell is not own.cells[place])
            formulas = (
                solve(calculation, operand, _as_stated(cell, own.cells[place], operand))
                for cell in mates
            )
            yield from (
                Derivation(formula, number, is_stated=True) for formula in formulas if formula
            )
        # A word that names the row of the number itself, GNMT beside GNMT + RL, names no other.
        named = [
            row
            for row in rows
            if row is not own
            and not _heads(row, own)
            and row.is_named_in(names - own.words, sentence)
        ]
        if not named or len(named) > MOST_ROWS_NAMED:
            is_certain = (
                count_significant_digits(calculation.claimed) > _TELLING_DIGITS
                and len(rows) <= MOST_ROWS_ADDED
            )
            named = (
                [row for row in rows if row is not own]
                if is_certain
                else find_comparable_rows(rows, own, place)
            )
        for row in named:
            for cell in find_column_mates(own, place, row):
                if formula := solve(
                    calculation, operand, _as_stated(cell, own.cells[place], operand)
                ):
                    yield Derivation(formula, number, is_stated=True)

    def _of_quoted(self, calculation: Calculation, quoted: frozenset[int]) -> Iterator[Derivation]:
        for number in sorted(quoted):
            if self._passages[number].tabular:
                continue
            numbers = find_measures(
                self._passages[number], calculation.claimed, MOST_NUMBERS_OF_QUOTED_PASSAGE
            )
            formulas = [solve(calculation, one, other) for one, other in combinations(numbers, 2)]
            formulas += [solve_complement(calculation, each) for each in numbers]
            formulas.append(solve_sum(calculation, numbers))
            yield from (
                Derivation(formula, number, is_stated=False) for formula in formulas if formula
            )

    def _of_named_rows(
        self, calculation: Calculation, names: frozenset[str], sentence: str
    ) -> Iterator[Derivation]:
        for number, passage in enumerate(self._passages):
            units = find_cell_units(calculation.claimed, passage)
            if not passage.tabular or (units and calculation.claimed.unit not in units):
                continue
            named = [row for row in self._rows(number) if row.is_named_in(names, sentence)]
            if len(named) > MOST_ROWS_NAMED:
                continue
            for row in named:
                # Before and after, or ours and theirs.
                pairs = (
                    combinations(row.cells, 2)
                    if len(row.cells) <= self._most_cells(calculation)
                    else ()
                )
                yield from (
                    Derivation(formula, number, is_stated=True)
                    for one, other in pairs
                    if ("." in one.text) == ("." in other.text)
                    and (formula := solve(calculation, one, other))
                )
            for one, other in self._compared(number, named, calculation.claimed):
                for place, cell in enumerate(one.cells[:MOST_COLUMNS]):
                    for mate in find_column_mates(one, place, other):
                        if formula := solve(calculation, cell, mate):
                            yield Derivation(formula, number, is_stated=False)

    def _most_cells(self, calculation: Calculation) -> int:
        """Return how many cells a row may have in which two give a value.

        The more digits the value has, the fewer pairs give it by chance.
        """
        return (
            MOST_METHODS_IN_ROW
            if count_significant_digits(calculation.claimed) >= _TELLING_DIGITS
            else 2
        )

    def _compared(
        self, number: int, named: Sequence[Row], claimed: Numeral
    ) -> Iterator[tuple[Row, Row]]:
        """Return the pairs of rows of a table that a sentence may compare.

        Those that it names. A sentence that names one row alone compares it with a row close by: a
        summary calls the authors' own method "the method". Where it names none, a value with three
        digits and more tells by itself, since hardly any two cells give it by chance.
        """
        yield from combinations(named, 2)
        rows = self._rows(number)
        if len(rows) > MOST_ROWS_ADDED:
            return
        is_telling = count_significant_digits(claimed) >= _TELLING_DIGITS
        starts = named if len(named) == 1 else rows if is_telling and not named else ()
        for row in starts:
            at = rows.index(row)
            near = {at - 1, at + 1, 0, len(rows) - 1} - {at}
            yield from ((row, rows[each]) for each in sorted(near) if 0 <= each < len(rows))

    def _of_sentences(
        self, calculation: Calculation, names: frozenset[str], stated: Sequence[Numeral]
    ) -> Iterator[Derivation]:
        """From two numbers of a sentence of the paper that has a name of the text's sentence."""
        if not {"difference", "sum"} & set(calculation.operations):
            return
        others = [each for each in stated if each.start != calculation.claimed.start]
        unit = calculation.claimed.unit
        for number, passage in enumerate(self._passages):
            if passage.tabular:
                continue
            if names & extract_words(passage.text):
                numbers = find_measures(
                    passage, calculation.claimed, MOST_NUMBERS_OF_QUOTED_PASSAGE
                )
            elif "sum" in calculation.operations and unit.kind:
                # Two parts in the very unit of the whole: 3.5 hours of one kind and 4 hours of
                # another.
                numbers = [each for each in passage.numerals if each.unit == unit]
                numbers = numbers if len(numbers) == _PARTS_OF_SUM else []
            else:
                continue
            # A text that tells such values of the sentence as they are printed computes none from
            # the others.
            if any(measure_alike(each, printed) for each in others for printed in numbers):
                continue
            for one, other in combinations(numbers, 2):
                is_pair = one.unit.kind == other.unit.kind and (
                    one.unit.kind or are_alike(one, other)
                )
                if is_pair and (formula := solve(calculation, one, other)):
                    yield Derivation(formula, number, is_stated=False)

    def _of_counted_rows(self, calculation: Calculation, setting: Setting) -> Iterator[Derivation]:
        """Twelve of the 13 events: what a reader counts in a table that has a row for each."""
        claimed = calculation.claimed
        whole = next(
            (each for each in setting.stated if is_part(claimed, each, setting.sentence)), None
        )
        if "part" not in calculation.operations or whole is None:
            return
        for number, passage in enumerate(self._passages):
            if passage.tabular and len(self._rows(number)) in (
                int(whole.value),
                int(whole.value) + 1,
            ):
                yield Derivation(f"{claimed.text} of {whole.text} rows", number, is_stated=True)

    def _of_lists(self, calculation: Calculation) -> Iterator[Derivation]:
        """Return the sums of lists, "33,551, 1,000, and 1,000 queries"."""
        if "total" not in calculation.operations:
            return
        for number, passage in enumerate(self._passages):
            if not passage.tabular:
                for terms in find_lists(passage):
                    if formula := solve_sum(calculation, terms):
                        yield Derivation(formula, number, is_stated=True)

    def _of_products(self, calculation: Calculation) -> Iterator[Derivation]:
        """So many of something, each of a size, in one sentence."""
        if "sum" not in calculation.operations or not calculation.claimed.unit.kind:
            return
        for number, passage in enumerate(self._passages):
            if passage.tabular or not any(
                each.unit.kind == calculation.claimed.unit.kind for each in passage.numerals
            ):
                continue
            for count, size in permutations(passage.numerals[:MOST_NUMBERS_OF_PASSAGE], 2):
                if formula := solve_product(calculation, count, size):
                    yield Derivation(formula, number, is_stated=True)

    def _of_columns(self, calculation: Calculation) -> Iterator[Derivation]:
        """Return the sums of whole columns."""
        if not {"sum", "total"} & set(calculation.operations):
            return
        for number, passage in enumerate(self._passages):
            rows = self._rows(number) if passage.tabular else ()
            width = min((len(row.cells) for row in rows), default=0)
            for place in range(width if len(rows) <= MOST_ROWS_ADDED else 0):
                if formula := solve_sum(calculation, [row.cells[place - width] for row in rows]):
                    yield Derivation(formula, number, is_stated=False)


def _may_be_operand(stated: Numeral, calculation: Calculation) -> bool:
    """Tell whether a value in per cent may be computed from a number.

    Years, sizes of models and counts are no operands of one.
    """
    if "ratio" in calculation.operations or calculation.claimed.unit.kind != "%":
        return True
    return stated.unit.kind == "%" or (not stated.unit.kind and abs(stated.value) <= _MOST_PER_CENT)


def _heads(row: Row, own: Row) -> bool:
    """Tell whether the numbers of a row are those of names above the columns.

    AIME 2024 above 72.6 and 94.3.
    """
    has_decimals = any("." in cell.text for cell in own.cells)
    return (
        len(row.cells) < len(own.cells)
        and has_decimals
        and not any("." in cell.text for cell in row.cells)
    )


def _as_stated(cell: Numeral, held: Numeral, stated: Numeral) -> Numeral:
    """Return a cell in the unit and scale of the stated number, which the bare cell `held` supports."""
    if cell.unit.kind or held.unit.kind or not held.value:
        return cell
    factor = stated.value / held.value
    scale = Decimal(1).scaleb(round(math.log10(factor))) if factor > _LEAST_FACTOR else Decimal(1)
    return replace(cell, value=cell.value * scale, unit=stated.unit)
