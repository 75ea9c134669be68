"""The grid of a table: the texts of its rows and columns, and the cells that span several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatpaper.domain import CellSpan, TableCells
from chatpaper.extract.layout.text import clean_text, join_lines
from chatpaper.extract.tables.placing import Placed
from chatpaper.extract.tables.rows import Row, is_value

# A label at the middle of a group of rows is off it by no more than this share of a step.
_CENTRED_STEPS = 0.3
# In long groups labels are placed by counting rows, which may differ in height.
_LEAST_ROWS_OF_LONG_GROUP, _NEARLY_CENTRED_STEPS = 4, 0.6
# Rows are no further apart than this, in type sizes, where a label goes on from row to row.
_LARGEST_STEP_EM = 1.6


@dataclass(frozen=True, slots=True)
class Band:
    """Rows between two rules."""

    rows: tuple[Row, ...]
    is_head: bool

    @property
    def lines(self) -> list[list[Placed]]:
        """The printed lines of all rows."""
        return [line for row in self.rows for line in row]

    @property
    def cells(self) -> list[Placed]:
        """The texts of all lines."""
        return [cell for line in self.lines for cell in line]

    def select(self, column: int) -> list[Placed]:
        """Select the texts in a column."""
        return [cell for cell in self.cells if cell.first <= column <= cell.last]


def build_grid(bands: Sequence[Band], width: int) -> TableCells:
    """Build the grid of all bands; a text that spans cells is repeated in each of them."""
    rows: list[list[str]] = []
    spans: list[CellSpan] = []
    for band in bands:
        start = len(rows)
        filled = [_fill(row, width) for row in band.rows]
        rows += [texts for texts, _ in filled]
        spans += [
            CellSpan(start + place, first, 1, last - first + 1)
            for place, (_, wide) in enumerate(filled)
            for first, last in wide
        ]
        for column in _find_centered_labels(band, width):
            text = join_lines(texts[column] for texts in rows[start:] if texts[column])
            for texts in rows[start:]:
                texts[column] = text
            spans.append(CellSpan(start, column, len(rows) - start, 1))
    head_rows = sum(len(band.rows) for band in bands if band.is_head)
    spans.sort(key=lambda span: (span.row, span.column))
    return TableCells(tuple(map(tuple, rows)), head_rows, tuple(spans))


def _fill(row: Row, width: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Fill the cells of a row; also return the first and last column of those that span several."""
    parts: dict[tuple[int, int], list[str]] = {}
    for line in row:
        for cell in line:
            parts.setdefault((cell.first, cell.last), []).append(cell.text)
    texts = [""] * width
    for (first, last), lines in parts.items():
        text = clean_text(join_lines(lines))
        for column in range(first, last + 1):
            texts[column] = f"{texts[column]} {text}".strip()
    return texts, [(first, last) for first, last in parts if last > first]


def _find_centered_labels(band: Band, width: int) -> Iterator[int]:
    """Find the columns with one text at the middle of all rows of a band.

    One level with a row of the body may belong to that row alone, unless it is the label of all:
    there is no other column left of it.
    """
    if len(band.rows) < 2:
        return
    is_left = True
    for column in range(width):
        own = band.select(column)
        is_label = bool(own) and _is_centered(own, band, is_first=not column)
        if is_label and (band.is_head or is_left or _stands_between_rows(own, band)):
            yield column
        is_left = is_left and is_label


def _is_centered(own: Sequence[Placed], band: Band, *, is_first: bool) -> bool:
    """Tell whether the texts of a column are one label at the middle of the rows.

    In the first column of a long group it may have several lines, on as many rows.
    """
    rows = sum(any(cell in line for line in row for cell in own) for row in band.rows)
    is_long = is_first and not band.is_head and len(band.rows) >= _LEAST_ROWS_OF_LONG_GROUP
    is_long_label = is_long and rows <= len(band.rows) - 2 and _is_one_label(own, rows)
    if own[0].last > own[0].first or not (rows == 1 or is_long_label):
        return False
    heights = [cell.baseline for cell in band.cells]
    step = (max(heights) - min(heights)) / (len(band.rows) - 1)
    middle = (own[0].baseline + own[-1].baseline) / 2
    off = abs(middle - (min(heights) + max(heights)) / 2)
    return off <= step * (_NEARLY_CENTRED_STEPS if is_long else _CENTRED_STEPS)


def _is_one_label(own: Sequence[Placed], rows: int) -> bool:
    """Tell whether texts on several rows are words that follow each other."""
    reach = own[-1].baseline - own[0].baseline
    return not any(is_value(cell.text) for cell in own) and (
        reach <= (rows - 1) * _LARGEST_STEP_EM * own[0].size
    )


def _stands_between_rows(own: Sequence[Placed], band: Band) -> bool:
    """Tell whether all texts on the line of a label are the only ones of their columns."""
    level = next(line for line in band.lines if own[0] in line)
    return len(own) == 1 and all(
        len(
            {
                id(cell)
                for column in range(cell.first, cell.last + 1)
                for cell in band.select(column)
            }
        )
        == 1
        for cell in level
    )
