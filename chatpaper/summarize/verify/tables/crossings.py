"""Tables as the extractor reads their cells: what each value stands beside, under and in.

The labels of a row are those at its left and the heading of its group; those of a column stand
above.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from chatpaper.domain import Figure, TableCells
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.tables.grids import (
    CONTINUING_WORDS,
    LETTERS,
    MOST_CELLS,
    MOST_GRIDS,
    MOST_LINES,
    NUMBER,
    split_label,
)

# A column whose cells are values more often than this is none of labels.
MOST_VALUES_OF_LABELS = 0.5
# Tables have headings over headings, and no more than these.
MOST_HEAD_ROWS = 3

_GOES_ON = re.compile(rf"(?:{'|'.join(sorted(CONTINUING_WORDS))}) [A-Z]")
_EMPTY = ("", "-", "–", "—", "✓", "✗", "N/A")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """The numbers of a cell, and the labels of its row and of its column.

    Each label has its place: the columns of labels from the left, and behind them the heading of a
    group; the headings from above, and behind them all of them. It is () where there is none.
    """

    numerals: tuple[Numeral, ...]
    rows: tuple[Words, ...]
    columns: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class AddressedTable:
    """A table with the words of its caption and its values."""

    caption: Words
    values: tuple[Value, ...]
    rows: frozenset[Words]
    columns: frozenset[Words]


def read_tables(figures: Sequence[Figure]) -> tuple[AddressedTable, ...]:
    """Return the tables whose cells were read, each value with its places."""
    tables = [figure for figure in figures if figure.kind == "table" and figure.cells]
    return tuple(
        table
        for figure in tables[:MOST_GRIDS]
        if figure.cells and (table := _address(figure, figure.cells)).values
    )


def transpose(table: AddressedTable) -> AddressedTable:
    """Return the table with rows for columns."""
    values = tuple(Value(each.numerals, each.columns, each.rows) for each in table.values)
    return AddressedTable(table.caption, values, table.columns, table.rows)


def _address(figure: Figure, cells: TableCells) -> AddressedTable:
    head_rows = cells.head_rows or _count_heads(cells.rows)
    heads, body = cells.rows[:head_rows], cells.rows[head_rows : head_rows + MOST_LINES]
    labels = _count_labels(body)
    values: list[Value] = []
    group: Words = ()
    if any(_GOES_ON.match(row[0]) for row in body):
        # No row says alone of what its values are.
        body = ()
    above = _read_heads(heads, labels) if heads else [()] * len(cells.rows[0])
    for row in body:
        texts = {text for text in row if text}
        if len(texts) == 1 and not any(map(_is_value, texts)):
            group = split_label(texts.pop())
            continue
        rows = (*map(split_label, row[:labels]), group)
        values += (
            Value(numerals, rows, above[column]) for column, numerals in _numerals_of(row, labels)
        )
    return AddressedTable(
        split_label(figure.caption),
        tuple(values),
        frozenset(words for value in values for words in value.rows if words),
        frozenset(words for value in values for words in value.columns if words),
    )


def _count_heads(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top have words in several cells, and values in none."""
    heads = takewhile(
        lambda row: len(set(filter(None, row))) > 1 and not any(map(_is_value, row)),
        rows[:MOST_HEAD_ROWS],
    )
    return sum(1 for _ in heads)


def _read_heads(heads: Sequence[Sequence[str]], labels: int) -> list[tuple[Words, ...]]:
    """Return, for each column, the words of each heading above it, and those of all of them.

    A row of headings over others that leaves columns empty is dropped: its headings may well
    stand over these too.
    """
    sure = [head for head in heads if head is heads[-1] or all(cell for cell in head[labels:])]
    columns = [[split_label(cell) for cell in column] for column in zip(*sure, strict=True)]
    return [(*own, tuple(word for words in own for word in words)) for own in columns]


def _count_labels(body: Sequence[Sequence[str]]) -> int:
    """Return how many columns at the left are labels; one at least is."""
    width = len(body[0]) if body else 0
    for column in range(1, width):
        filled = [row[column] for row in body if row[column] not in _EMPTY]
        if sum(map(_is_value, filled)) > MOST_VALUES_OF_LABELS * len(filled):
            return column
    return 1


def _numerals_of(row: Sequence[str], labels: int) -> Iterator[tuple[int, tuple[Numeral, ...]]]:
    for column, text in enumerate(row[:MOST_CELLS]):
        if column >= labels and _is_value(text):
            yield column, find_printed_numerals(text)


def _is_value(text: str) -> bool:
    return bool(NUMBER.match(text)) and not LETTERS.search(text)
