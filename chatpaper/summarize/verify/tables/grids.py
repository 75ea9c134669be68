"""The tables of a paper as grids: what a number stands beside, under and in."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatpaper.domain.text.folding import fold_accents
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals

# Larger ones are supplements, which no summary reads out.
MOST_GRIDS = 60
MOST_LINES = 120
MOST_CELLS = 40
MOST_CHARACTERS_OF_CELL = 120

# A label that begins so goes on from the row above: "Heron / on Lakes".
CONTINUING_WORDS = frozenset({"on", "in", "of", "at", "for", "and"})
NUMBER = re.compile(r"[<>~≈±+\-−–]?\s?\d[\d.,]{0,12}")
LETTERS = re.compile(r"[^\W\d_]{2}")
# Where the label of a row ends if no cell parts it from the values.
_FIRST_VALUE = re.compile(r"(?<![\w.@-])[-+−]?\d[\d.,]{0,12}%?(?=\s|$)")
_CITED = re.compile(r"\[[\d, –-]{1,40}\]|\([^()]{0,60}\b(?:19|20)\d\d[a-z]?\)")
_WORD = re.compile(r"[^\s,;:()（）=]{1,60}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a table with the folded words of its row, column ("" if unknown) and caption."""

    grid: int
    numeral: Numeral
    label: tuple[str, ...]
    head: tuple[str, ...]
    caption: tuple[str, ...]
    line: str

    def speaks_of(self, words: Sequence[str]) -> bool:
        """Tell whether row, column or caption have these words in a row."""
        return any(has_words(each, words) for each in (self.label, self.head, self.caption))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its cells, and the words of its rows and columns."""

    caption: str
    cells: tuple[Cell, ...]
    labels: tuple[tuple[str, ...], ...]
    heads: tuple[tuple[str, ...], ...]

    def names(self, words: Sequence[str]) -> bool:
        """Tell whether one of its rows or columns has these words."""
        return any(has_words(each, words) for each in (*self.labels, *self.heads))


def has_words(label: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether a label has these words, one behind the other."""
    size = len(words)
    return size > 0 and any(
        tuple(label[n : n + size]) == tuple(words) for n in range(len(label) - size + 1)
    )


def is_in_label(number: str, words: Sequence[str], labels: Iterable[Sequence[str]]) -> bool:
    """Tell whether a number is part of one of the labels that has these words: Uniform(0.67)."""
    digits = fold_accents(number)
    return any(digits in label and has_words(label, words) for label in labels)


def split_label(text: str) -> tuple[str, ...]:
    """Return the words of a label or a name as they are compared."""
    return tuple(
        word for part in _WORD.findall(_CITED.sub(" ", text)) if (word := fold_accents(part))
    )


@lru_cache(maxsize=8)
def parse_grids(text: str) -> tuple[Grid, ...]:
    """Return the tables of a text.

    Each is a block of lines whose cells are parted by "|".
    """
    blocks = (block for block in text.split("\n\n") if "|" in block)
    return tuple(
        grid
        for number, block in zip(range(MOST_GRIDS), blocks, strict=False)
        if (grid := _grid(number, block))
    )


def find_grid(cell: Cell, grids: Sequence[Grid]) -> Grid:
    """Return the table of a cell."""
    return next(grid for grid in grids if grid.cells and grid.cells[0].grid == cell.grid)


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    values: tuple[str, ...]
    width: int
    text: str


def _grid(number: int, block: str) -> Grid | None:
    lines = block.splitlines()[:MOST_LINES]
    first = next((n for n, line in enumerate(lines) if "|" in line), len(lines))
    caption, body = " ".join(lines[:first]), lines[first:]
    rows: list[tuple[_Line, str]] = []
    heads: list[list[str]] = []
    group = ""
    for text in body:
        line = _line(text)
        if line.values and LETTERS.search(line.label) and (rows or not _is_of_names(text)):
            rows.append((line, group))
        elif not rows:
            heads.append(_cells(text))
        elif not line.values:
            group = line.label
    if not rows:
        return None
    widths = {line.width for line, _ in rows}
    is_even = len(widths) == 1 and max(widths) > 1
    columns = _columns(heads, max(widths)) if is_even else ()
    words = split_label(caption)
    cells = tuple(
        Cell(
            number,
            numeral,
            split_label(f"{line.label} {group}"),
            columns[column] if is_even else (),
            words,
            " ".join(line.text.split()),
        )
        for line, group in rows
        for column, numeral in _numerals(line)
    )
    return Grid(caption, cells, tuple(split_label(line.label) for line, _ in rows), columns)


@lru_cache(maxsize=256)
def parse_column_heads(text: str) -> tuple[str, ...]:
    """Read what stands over each column of a table that follows its caption.

    Returns nothing where its rows are not even.
    """
    heads: list[list[str]] = []
    widths: set[int] = set()
    for line in (_line(text) for text in text.splitlines()[1:MOST_LINES] if "|" in text):
        if line.values and LETTERS.search(line.label) and (widths or not _is_of_names(line.text)):
            widths.add(line.width)
        elif not widths:
            heads.append(_cells(line.text))
    if len(widths) != 1:
        return ()
    width = max(widths)
    aligned = _align(heads, width)
    return tuple(
        " ".join(filter(None, (row[column] for row in aligned if column < len(row))))
        for column in range(width)
    )


def _cells(text: str) -> list[str]:
    return [cell.strip()[:MOST_CHARACTERS_OF_CELL] for cell in text.split("|")[:MOST_CELLS]]


def _line(text: str) -> _Line:
    """Return a line as label and values.

    The values are the cells from the first one on that is a number or stands for none.
    """
    cells = _cells(text)
    first = next((n for n, cell in enumerate(cells) if _is_value(cell)), len(cells))
    label, values = " ".join(cells[:first]), cells[first:]
    bare = _CITED.sub(lambda cited: " " * len(cited[0]), label)
    if (found := _FIRST_VALUE.search(bare)) and LETTERS.search(bare[: found.start()]):
        label, values = label[: found.start()], [label[found.start() :], *values]
    return _Line(label.strip(), tuple(values), len(cells), text)


def _is_of_names(text: str) -> bool:
    """Tell whether a line has several cells with letters and no number in a cell of its own.

    It is a heading, even where names of data sets have numbers: AIME 2024.
    """
    cells = [cell for cell in _cells(text) if cell]
    return len(cells) > 1 and all(LETTERS.search(cell) for cell in cells)


def _is_value(cell: str) -> bool:
    return cell in ("-", "–", "—") or bool(NUMBER.match(cell) and not LETTERS.search(cell))


def _numerals(line: _Line) -> Iterator[tuple[int, Numeral]]:
    first = line.width - len(line.values)
    for number, value in enumerate(line.values):
        for numeral in find_printed_numerals(
            value.replace("%", " % ") if value.startswith("%") else value
        ):
            yield max(0, first + number), numeral


def _columns(heads: Sequence[Sequence[str]], width: int) -> tuple[tuple[str, ...], ...]:
    """Return the words over each column.

    A heading over several columns is printed over the first or the middle one of them: where a cell
    above other headings is empty, those on both of its sides count.
    """
    columns: list[list[str]] = [[] for _ in range(width)]
    for place, cells in enumerate(_align(heads, width)):
        row = [*cells, *[""] * width][:width]
        if place < len(heads) - 1:
            left, right = _fill(row), _fill(row[::-1])[::-1]
            row = [
                one if one == other else f"{one} {other}"
                for one, other in zip(left, right, strict=True)
            ]
        for column, cell in zip(columns, row, strict=True):
            column.append(cell)
    return tuple(split_label(" ".join(column)) for column in columns)


def _align(heads: Sequence[Sequence[str]], width: int) -> Sequence[Sequence[str]]:
    """Return headings that all lack one cell with an empty one over the labels of the rows."""
    is_short = width > 2 and all(len(cells) == width - 1 for cells in heads)
    return [["", *cells] for cells in heads] if is_short else heads


def _fill(row: Sequence[str]) -> list[str]:
    """Return the cells of a row, each empty one with the text of the last one before it."""
    filled = [""]
    for cell in row:
        filled.append(cell or filled[-1])
    return filled[1:]
