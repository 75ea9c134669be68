"""Values that a sentence computes from the cells of a table."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from chatpaper.summarize.verify.numbers.arithmetic import (
    solve,
    solve_sum,
)
from chatpaper.summarize.verify.numbers.calculations import Calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import Passage
from chatpaper.summarize.verify.support.derivation import Derivation, Setting
from chatpaper.summarize.verify.support.number_match import find_cell_units
from chatpaper.summarize.verify.support.operands import (
    count_significant_digits,
    express_as_stated,
    is_part,
)
from chatpaper.summarize.verify.tables.table_rows import (
    Row,
    find_column_mates,
    find_comparable_rows,
    locate_operand,
    parse_rows,
)

# A row that is named only by a word that so many others have too is not named.
MOST_ROWS_NAMED = 5
MOST_COLUMNS = 12
MOST_ROWS_ADDED = 40
# Tables that have their methods side by side compare no more of them than these.
MOST_METHODS_IN_ROW = 6
# A row of two cells has one value beside the other.
CELLS_OF_PAIR = 2
# A value of so many digits is hardly met by two cells by chance.
_TELLING_DIGITS = 3


class TableDeriver:
    """Looks for the cells of a paper's tables from which a value was computed."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._rows = lru_cache(maxsize=None)(lambda number: parse_rows(passages[number]))

    def derive_from_column(
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
        if len(rows) == 1 or len(own.cells) == CELLS_OF_PAIR:
            mates = (cell for cell in own.cells[:MOST_COLUMNS] if cell is not own.cells[place])
            formulas = (
                solve(calculation, operand, express_as_stated(cell, own.cells[place], operand))
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
                    calculation, operand, express_as_stated(cell, own.cells[place], operand)
                ):
                    yield Derivation(formula, number, is_stated=True)

    def derive_from_named_rows(
        self, calculation: Calculation, names: frozenset[str], sentence: str
    ) -> Iterator[Derivation]:
        """Derive the value from cells of rows that the sentence names, or of rows beside them."""
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
                    if len(row.cells) <= self._count_most_cells(calculation)
                    else ()
                )
                yield from (
                    Derivation(formula, number, is_stated=True)
                    for one, other in pairs
                    if ("." in one.text) == ("." in other.text)
                    and (formula := solve(calculation, one, other))
                )
            for one, other in self._pair_rows(number, named, calculation.claimed):
                for place, cell in enumerate(one.cells[:MOST_COLUMNS]):
                    for mate in find_column_mates(one, place, other):
                        if formula := solve(calculation, cell, mate):
                            yield Derivation(formula, number, is_stated=False)

    def derive_from_counted_rows(
        self, calculation: Calculation, setting: Setting
    ) -> Iterator[Derivation]:
        """Find tables with a row for each of what was counted: twelve of the 13 events."""
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

    def derive_from_columns(self, calculation: Calculation) -> Iterator[Derivation]:
        """Derive the value as the sum of a whole column."""
        if not {"sum", "total"} & set(calculation.operations):
            return
        for number, passage in enumerate(self._passages):
            rows = self._rows(number) if passage.tabular else ()
            width = min((len(row.cells) for row in rows), default=0)
            for place in range(width if len(rows) <= MOST_ROWS_ADDED else 0):
                if formula := solve_sum(calculation, [row.cells[place - width] for row in rows]):
                    yield Derivation(formula, number, is_stated=False)

    def _pair_rows(
        self, number: int, named: Sequence[Row], claimed: Numeral
    ) -> Iterator[tuple[Row, Row]]:
        """Return the pairs of rows of a table that a sentence may compare.

        They are those that it names. A sentence that names one row alone compares it with a row
        close by: a summary calls the authors' own method "the method". Where it names none, a value
        with three digits and more tells by itself, since hardly any two cells give it by chance.
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

    def _count_most_cells(self, calculation: Calculation) -> int:
        """Return how many cells a row may have in which two give a value.

        The more digits the value has, the fewer pairs give it by chance.
        """
        return (
            MOST_METHODS_IN_ROW
            if count_significant_digits(calculation.claimed) >= _TELLING_DIGITS
            else 2
        )


def _heads(row: Row, own: Row) -> bool:
    """Tell whether the numbers of a row are those of names above the columns.

    AIME 2024 may stand above 72.6 and 94.3.
    """
    has_decimals = any("." in cell.text for cell in own.cells)
    return (
        len(row.cells) < len(own.cells)
        and has_decimals
        and not any("." in cell.text for cell in row.cells)
    )
