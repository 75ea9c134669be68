"""The rows and columns of a table as printed.

A heading or cell over several columns or rows is repeated in each of them, and listed as a span.
"""

from collections.abc import Iterator, Sequence

from chatpaper.domain import BBox, TableCells
from chatpaper.extract.boxes import enclose
from chatpaper.extract.page import Page
from chatpaper.extract.tables.columns import Column, count_misfits, find_columns
from chatpaper.extract.tables.grid import Band, build_grid
from chatpaper.extract.tables.head import build_head, split_head
from chatpaper.extract.tables.phrases import PrintedLine, gather_lines
from chatpaper.extract.tables.placing import place_in_body, place_title
from chatpaper.extract.tables.rows import is_single_row, join_lines_to_rows, measure_step
from chatpaper.extract.tables.ruling import Ruling, find_ruling
from chatpaper.extract.textline import TextLine

# Where more of the phrases share a cell or cross columns, the columns were not recognised.
_MOST_MISFITS = 0.2
# Where fewer of the cells have a text, formulas or drawings were taken for cells.
_LEAST_FILLED = 0.3
# Where fewer of the rows have a second cell, text with wide spaces was taken for columns.
_LEAST_FULL_ROWS = 0.4


def read_cells(box: BBox, lines: Sequence[TextLine], page: Page) -> TableCells | None:
    """Read the cells of the table in a box; None where its lines and words do not tell them.

    `lines` are those of the table.
    """
    printed = gather_lines(lines, page.words)
    if not printed:
        return None
    text = enclose(phrase.bbox for line in printed for phrase in line.phrases)
    ruling = find_ruling(box, text, page)
    head, body = split_head(printed, ruling)
    columns = find_columns(body, ruling.down)
    body = _drop_notes(body, columns, ruling)
    phrases = sum(len(line.phrases) for line in body)
    if len(columns) < 2 or count_misfits(body, columns) > _MOST_MISFITS * phrases:
        return None
    step = measure_step(printed)
    parts = [
        [(line, place_in_body(line, columns)) for line in part]
        for part in _split_at_rules(body, ruling.across)
    ]
    long = [[placed for _, placed in part] for part in parts if len(part) > 1]
    if len(parts) > 1 and long and all(is_single_row(part, columns) for part in long):
        bodies = [[[placed for _, placed in part]] for part in parts]
    else:
        bodies = [
            [place_title(row, columns) for row in join_lines_to_rows(part, columns, step)]
            for part in parts
        ]
    bands = [Band(tuple(build_head(head, columns, ruling)), is_head=True)]
    bands += [Band(tuple(rows), is_head=False) for rows in bodies]
    grid = build_grid(bands, len(columns))
    return grid if _is_table(grid) else None


def _drop_notes(
    lines: Sequence[PrintedLine], columns: Sequence[Column], ruling: Ruling
) -> Sequence[PrintedLine]:
    """Drop lines under the last rule that do not keep to the columns: notes, and subcaptions."""
    heights = [*ruling.across, *(rule.at for rule in ruling.partial)]
    end = len(lines)
    while (
        end > 1
        and all(y < lines[end - 1].baseline for y in heights)
        and count_misfits(lines[end - 1 : end], columns)
    ):
        end -= 1
    return lines[:end]


def _is_table(grid: TableCells) -> bool:
    """Tell whether enough cells, and enough rows, are filled as in a table."""
    cells = [bool(text) for row in grid.rows for text in row]
    full = sum(sum(map(bool, row)) > 1 for row in grid.rows)
    return (
        len(grid.rows) > 1
        and sum(cells) >= _LEAST_FILLED * len(cells)
        and full >= _LEAST_FULL_ROWS * len(grid.rows)
    )


def _split_at_rules(
    lines: Sequence[PrintedLine], across: Sequence[float]
) -> Iterator[list[PrintedLine]]:
    band: list[PrintedLine] = []
    for line in lines:
        if band and any(band[-1].baseline <= y + 1 < line.baseline + 1 for y in across):
            yield band
            band = []
        band.append(line)
    if band:
        yield band
