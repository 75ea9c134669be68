"""Values that a sentence computes from the cells of a table."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations, pairwise

from chatpaper.summarize.verify.numbers.arithmetic import solve, solve_sum
from chatpaper.summarize.verify.numbers.calculations import Calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import Passage
from chatpaper.summarize.verify.support.derivation import Derivation, Setting
from chatpaper.summarize.verify.support.operands import (
    count_significant_digits,
    express_as_stated,
    is_large_count,
    is_part,
    solve_printed,
)
from chatpaper.summarize.verify.tables.cell_scales import find_cell_units
from chatpaper.summarize.verify.tables.table_rows import (
    Column,
    Row,
    extract_words,
    find_column_mates,
    find_comparable_rows,
    locate_operand,
    parse_columns,
    parse_rows,
    translate,
)
from chatpaper.summarize.verify.terms import stem_word

# A row that is named only by a word that so many others have too is not named.
MOST_ROWS_NAMED = 5
MOST_COLUMNS = 12
MOST_COLUMNS_NAMED = 4
MOST_ROWS_ADDED = 40
# Tables that have their methods side by side compare no more of them than these.
MOST_METHODS_IN_ROW = 6
# A row of two cells has one value beside the other.
CELLS_OF_PAIR = 2
_CLAUSE = re.compile(r"[，；。,;：:]")
# A table of two rows compares them.
_ROWS_OF_COMPARISON = 2
_TIME = "second"
# A value of so many digits is hardly met by two cells by chance.
_TELLING_DIGITS = 3
# One of fewer is met by some pair of cells.
_LEAST_DIGITS = 2


class TableDeriver:
    """Looks for the cells of a paper's tables from which a value was computed."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._parsed = lru_cache(None)(lambda number, kind: parse_rows(passages[number], kind))
        self._columns = lru_cache(maxsize=None)(lambda number: parse_columns(passages[number]))

    def _rows(self, number: int, claimed: Numeral) -> tuple[Row, ...]:
        """Return the rows of a table, with cells that may be times as such beside a stated time."""
        return self._parsed(number, _TIME if claimed.unit.kind == _TIME else "")

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
        rows = self._rows(number, calculation.claimed)
        own, place = locate_operand(rows, operand)
        if own is None:
            return
        if len(rows) == 1 or len(own.cells) == CELLS_OF_PAIR:
            mates = (cell for cell in own.cells[:MOST_COLUMNS] if cell is not own.cells[place])
            formulas = (
                self._solve(
                    calculation, number, operand, express_as_stated(cell, own.cells[place], operand)
                )
                for cell in mates
            )
            yield from (
                Derivation(formula, number, is_stated=True) for formula in formulas if formula
            )
        for mate in _find_row_mates(own, place, self._columns(number), names):
            mate = express_as_stated(mate, own.cells[place], operand)
            if formula := self._solve(calculation, number, operand, mate):
                yield Derivation(formula, number, is_stated=True)
        for row in _choose_rows(rows, own, place, names, sentence, calculation.claimed):
            for cell in find_column_mates(own, place, row):
                mate = express_as_stated(cell, own.cells[place], operand)
                if formula := self._solve(calculation, number, operand, mate):
                    yield Derivation(formula, number, is_stated=True)

    def derive_from_named_rows(
        self, calculation: Calculation, names: frozenset[str], sentence: str
    ) -> Iterator[Derivation]:
        """Derive the value from cells of rows that the sentence names, or of rows beside them."""
        for number, passage in enumerate(self._passages):
            units = find_cell_units(calculation.claimed, passage)
            if not passage.tabular or (units and calculation.claimed.unit not in units):
                continue
            rows = self._rows(number, calculation.claimed)
            named = _keep_best([row for row in rows if row.is_named_in(names, sentence)], names)
            is_named_well = len(named) <= MOST_ROWS_NAMED
            named = named if is_named_well else []
            for row in named:
                # Before and after, or ours and theirs.
                is_short = len(row.cells) <= _count_most_cells(calculation)
                pairs = combinations(row.cells, 2) if is_short else ()
                yield from (
                    Derivation(formula, number, is_stated=True)
                    for one, other in pairs
                    if ("." in one.text) == ("." in other.text)
                    and (formula := self._solve(calculation, number, one, other))
                )
                yield from self._compare_columns(calculation, number, row, names)
            if is_named_well:
                compared = _pair_rows(rows, named, calculation.claimed)
                yield from self._compare_rows(calculation, number, compared)
            is_telling = count_significant_digits(calculation.claimed) >= _LEAST_DIGITS
            if is_telling and "difference" in calculation.operations:
                gap = replace(calculation, operations=("difference",))
                # Rows whose whole label the sentence has are meant, where words of it name many.
                labelled = [row for row in rows if row.is_labelled_in(names) and row not in named]
                labelled = labelled if len(labelled) <= MOST_ROWS_NAMED else []
                for row in labelled:
                    yield from self._compare_columns(gap, number, row, names)
                named += labelled
                compared = _pair_meant_rows(rows, named, sentence, calculation.claimed)
                yield from self._compare_rows(gap, number, compared)

    def _compare_columns(
        self, calculation: Calculation, number: int, row: Row, names: frozenset[str]
    ) -> Iterator[Derivation]:
        """Derive the value from cells of a row in columns that the sentence names."""
        for one, other in _pair_cells(row, self._columns(number), names):
            if formula := self._solve(calculation, number, one, other):
                yield Derivation(formula, number, is_stated=True)

    def _compare_rows(
        self, calculation: Calculation, number: int, pairs: Iterable[tuple[Row, Row]]
    ) -> Iterator[Derivation]:
        """Derive the value from cells that stand in one column of two rows."""
        for one, other in pairs:
            for place, cell in enumerate(one.cells[:MOST_COLUMNS]):
                for mate in find_column_mates(one, place, other):
                    if formula := self._solve(calculation, number, cell, mate):
                        yield Derivation(formula, number, is_stated=False)

    def derive_from_quoted_rows(
        self, calculation: Calculation, setting: Setting
    ) -> Iterator[Derivation]:
        """Derive the value from cells of one column of two rows that the claim quotes."""
        words = setting.quote.split()
        for number in (each for each in setting.quoted if self._passages[each].tabular):
            rows = self._rows(number, calculation.claimed)
            quoted = [row for row in rows if _is_quoted(row, words)]
            if 1 < len(quoted) <= MOST_ROWS_NAMED:
                yield from self._compare_rows(calculation, number, combinations(quoted, 2))
            yield from _compare_counts(calculation, number, quoted)

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
            if passage.tabular and len(self._rows(number, claimed)) in (
                int(whole.value),
                int(whole.value) + 1,
            ):
                yield Derivation(f"{claimed.text} of {whole.text} rows", number, is_stated=True)

    def derive_from_columns(self, calculation: Calculation) -> Iterator[Derivation]:
        """Derive the value as the sum of a whole column."""
        if not {"sum", "total"} & set(calculation.operations):
            return
        for number, passage in enumerate(self._passages):
            rows = self._rows(number, calculation.claimed) if passage.tabular else ()
            width = min((len(row.cells) for row in rows), default=0)
            for place in range(width if len(rows) <= MOST_ROWS_ADDED else 0):
                if formula := solve_sum(calculation, [row.cells[place - width] for row in rows]):
                    yield Derivation(formula, number, is_stated=False)
            for formula in _add_rows(calculation, rows):
                yield Derivation(formula, number, is_stated=True)

    def _solve(self, calculation: Calculation, number: int, one: Numeral, other: Numeral) -> str:
        return solve_printed(calculation, one, other, self._passages[number].text)


def _compare_counts(
    calculation: Calculation, number: int, quoted: Sequence[Row]
) -> Iterator[Derivation]:
    """Derive a ratio of large counts that stand side by side in the one row that is quoted."""
    row = quoted[0] if len(quoted) == 1 and "ratio" in calculation.operations else None
    for one, other in pairwise(row.cells if row else ()):
        are_counts = is_large_count(one) and is_large_count(other)
        if are_counts and (formula := solve(calculation, one, other)):
            yield Derivation(formula, number, is_stated=False)


def _add_rows(calculation: Calculation, rows: Sequence[Row]) -> Iterator[str]:
    """Return how the value is the sum of a whole row, whose columns are what is added."""
    is_telling = count_significant_digits(calculation.claimed) >= _TELLING_DIGITS
    for row in rows if is_telling and "sum" in calculation.operations else ():
        if len(row.cells) > CELLS_OF_PAIR and (formula := solve_sum(calculation, row.cells)):
            yield formula


def _is_quoted(row: Row, words: Sequence[str]) -> bool:
    """Tell whether quoted words have the first two cells of a row at least, in their order."""
    following = iter(words)
    first = row.cells[:CELLS_OF_PAIR]
    return len(first) == CELLS_OF_PAIR and all(cell.text in following for cell in first)


def _keep_best(named: list[Row], names: frozenset[str]) -> list[Row]:
    """Return the rows that a sentence names by most words, where it names many by some."""
    if len(named) <= MOST_ROWS_NAMED:
        return named
    most = max(len(row.words & names) for row in named)
    return [row for row in named if len(row.words & names) == most]


def _pair_rows(
    rows: Sequence[Row], named: Sequence[Row], claimed: Numeral
) -> Iterator[tuple[Row, Row]]:
    """Return the pairs of rows of a table that a sentence compares.

    They are those that it names. A sentence that names one row alone compares it with a row close
    by: a summary calls the authors' own method "the method". Where it names none, a value with
    three digits and more tells by itself, since hardly any two cells give it by chance.
    """
    yield from combinations(named, 2)
    if len(rows) > MOST_ROWS_ADDED:
        return
    is_telling = (
        count_significant_digits(claimed) >= _TELLING_DIGITS or len(rows) <= _ROWS_OF_COMPARISON
    )
    starts = named if len(named) == 1 else rows if is_telling and not named else ()
    for row in starts:
        at = rows.index(row)
        near = {at - 1, at + 1, 0, len(rows) - 1} - {at}
        yield from ((row, rows[each]) for each in sorted(near) if 0 <= each < len(rows))


def _pair_meant_rows(
    rows: Sequence[Row], named: Sequence[Row], sentence: str, claimed: Numeral
) -> Iterator[tuple[Row, Row]]:
    """Return the further pairs that a sentence may compare.

    A row may have a Chinese word for its name. A clause that names one row of several compares it
    with the first or the last row. Of many rows that are named, neighbours are compared.
    """
    yield from combinations(named, 2)
    translated = _find_translated([row for row in rows if row not in named], sentence)
    if len(named) + len(translated) <= MOST_ROWS_NAMED:
        yield from combinations([*named, *translated], 2)
    clause = _CLAUSE.split(sentence[: claimed.start])[-1]
    compared = [row for row in named if row.is_named_in(extract_words(clause), clause)]
    if len(named) > 1 and len(compared) == 1 and len(rows) <= MOST_ROWS_ADDED:
        yield from ((compared[0], row) for row in (rows[0], rows[-1]) if row not in named)
    if count_significant_digits(claimed) >= _TELLING_DIGITS and len(rows) <= MOST_ROWS_ADDED:
        yield from _pair_neighbours(rows, extract_words(sentence))


def _pair_neighbours(rows: Sequence[Row], names: frozenset[str]) -> Iterator[tuple[Row, Row]]:
    """Return the neighbours that a sentence names by different words.

    A table may have both of its methods again and again, once for each setting. What parts the
    settings, a line without words, stands between them.
    """
    named = [(row, row.words & names) for row in rows if row.words]
    for (one, mine), (other, others) in pairwise(named):
        if mine and others and not mine & others:
            yield one, other


def _find_named_columns(columns: Sequence[Column], names: frozenset[str]) -> list[int]:
    """Return the columns that a sentence names: by their whole heads, or else by words of them."""
    headed = [each.number for each in columns if each.head and each.head <= names]
    if len(headed) < _LEAST_DIGITS:
        headed += [each.number for each in columns if each.words & names]
    found = list(dict.fromkeys(headed))
    return found if len(found) <= MOST_COLUMNS_NAMED else []


def _pair_cells(
    row: Row, columns: Sequence[Column], names: frozenset[str]
) -> Iterator[tuple[Numeral, Numeral]]:
    """Return the pairs of cells of a row that stand in columns that a sentence names."""
    named = _find_named_columns(columns, names)
    cells = [cell for cell, at in zip(row.cells, row.columns, strict=True) if at in named]
    yield from combinations(cells, 2)


def _find_row_mates(
    row: Row, place: int, columns: Sequence[Column], names: frozenset[str]
) -> list[Numeral]:
    """Return the other cells of a row in columns that a sentence names."""
    named = _find_named_columns(columns, names)
    return [
        cell
        for cell, at in zip(row.cells, row.columns, strict=True)
        if at in named and at != row.columns[place]
    ]


def _find_translated(
    rows: Sequence[Row], sentence: str, besides: frozenset[str] = frozenset()
) -> list[Row]:
    """Return the few rows that Chinese words of a sentence name, by none of the words `besides`."""
    stems = translate(sentence) - {stem_word(word) for word in besides}
    found = [row for row in rows if row.is_translated_in(stems)]
    return found if len(found) <= MOST_ROWS_NAMED else []


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


def _choose_rows(
    rows: Sequence[Row],
    own: Row,
    place: int,
    names: frozenset[str],
    sentence: str,
    claimed: Numeral,
) -> list[Row]:
    """Return the rows that a sentence may compare a number of its own row with."""
    others = [row for row in rows if row is not own]
    # A word that names the row of the number itself, GNMT beside GNMT + RL, names no other.
    named = [
        row
        for row in others
        if not _heads(row, own) and row.is_named_in(names - own.words, sentence)
    ]
    if 0 < len(named) <= MOST_ROWS_NAMED:
        return named
    if count_significant_digits(claimed) > _TELLING_DIGITS and len(rows) <= MOST_ROWS_ADDED:
        return others
    translated = _find_translated(others, sentence, own.words)
    return [*translated, *find_comparable_rows(rows, own, place)]


def _count_most_cells(calculation: Calculation) -> int:
    """Return how many cells a row may have in which two give a value.

    The more digits the value has, the fewer pairs give it by chance.
    """
    digits = count_significant_digits(calculation.claimed)
    if digits > _TELLING_DIGITS and "difference" in calculation.operations:
        return MOST_COLUMNS
    return MOST_METHODS_IN_ROW if digits >= _TELLING_DIGITS else CELLS_OF_PAIR
