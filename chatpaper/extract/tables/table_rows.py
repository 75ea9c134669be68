"""The text of a table: a row a line, its cells aligned in columns.

An empty cell keeps its place: without it, the only number of a row would be read in the first
column.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chatpaper.extract.glyphs.superscripts import format_with_scripts, write_out_scripts
from chatpaper.extract.textline import TextLine, join_spans

CELL_GAP = " | "
# Lines whose base lines differ by no more than this share of the type size are one row.
ROW_TOLERANCE_EM = 0.4
# Words of one cell are nearer to each other than this, in type sizes; the library splits lines at
# 0.8 em.
_CELL_GAP_EM = 0.75
# Columns are separated by white space of at least this width, crossed by no more than a share of
# the rows (headings that span several columns cross it). The best share is found by trying.
_LEAST_GUTTER_POINTS = 1.5
_MOST_ACROSS = (0.25, 0.12, 0.0)
# If so many cells share a column of their row, the columns were not recognised; rows are better
# read as they are.
_MOST_SHARED = 0.1


@dataclass(frozen=True, slots=True)
class _Cell:
    x0: float
    x1: float
    text: str


def format_table(lines: Sequence[TextLine]) -> str:
    """Format the lines of a table as rows from top to bottom, with a mark between cells."""
    rows = [[cell for line in row for cell in _split_into_cells(line)] for row in group_rows(lines)]
    cells = sum(map(len, rows))
    tried = [
        [_place_in_columns(row, _find_columns(rows, share)) for row in rows]
        for share in _MOST_ACROSS
    ]
    best = min(tried, key=lambda placed: cells - _count_filled(placed))
    if cells - _count_filled(best) > _MOST_SHARED * cells:
        best = [[cell.text for cell in row] for row in rows]
    return "\n".join(CELL_GAP.join(row).rstrip(" |") for row in best)


def _count_filled(rows: Sequence[Sequence[str]]) -> int:
    return sum(bool(text) for row in rows for text in row)


def format_lines(lines: Sequence[TextLine]) -> str:
    """Format the text of a diagram or a listing, one row a line."""
    return "\n".join(CELL_GAP.join(map(format_with_scripts, row)) for row in group_rows(lines))


def group_rows(lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    """Group lines on one base line into rows, from top to bottom, each from left to right."""
    row: list[TextLine] = []
    for line in sorted(lines, key=lambda candidate: candidate.baseline):
        if row and line.baseline - row[-1].baseline > ROW_TOLERANCE_EM * line.style.size:
            yield sorted(row, key=lambda cell: cell.bbox.x0)
            row = []
        row.append(line)
    if row:
        yield sorted(row, key=lambda cell: cell.bbox.x0)


def _split_into_cells(line: TextLine) -> Iterator[_Cell]:
    """Split a line where the white space between spans is wider than a word space."""
    starts = [0]
    starts += [
        place
        for place, (before, after) in enumerate(pairwise(line.spans), start=1)
        if after.bbox.x0 - before.bbox.x1 > _CELL_GAP_EM * after.size
    ]
    if len(starts) == 1:
        yield _Cell(line.bbox.x0, line.bbox.x1, format_with_scripts(line))
        return
    for start, end in pairwise([*starts, len(line.spans)]):
        spans = line.spans[start:end]
        text = join_spans(write_out_scripts(spans))
        if text:
            yield _Cell(spans[0].bbox.x0, max(span.bbox.x1 for span in spans), text)


def _find_columns(rows: Sequence[Sequence[_Cell]], most_across: float) -> list[float]:
    """Find the left edges of columns: cells begin there after white space that few rows cross."""
    cells = [cell for row in rows if len(row) > 1 for cell in row]
    allowed = most_across * sum(len(row) > 1 for row in rows)
    edges = sorted([(cell.x0, 1) for cell in cells] + [(cell.x1, -1) for cell in cells])
    starts: list[float] = []
    across, since = 0, float("-inf")
    for x, step in edges:
        if step > 0 and across <= allowed < across + 1 and x - since >= _LEAST_GUTTER_POINTS:
            starts.append(x)
        across += step
        if step < 0 and across <= allowed < across + 1:
            since = x
    return starts


def _place_in_columns(row: Sequence[_Cell], columns: Sequence[float]) -> list[str]:
    """Place the texts of a row in columns, "" in empty ones; a lone text has no column."""
    if len(row) == 1 and (not columns or row[0].x0 <= columns[0] or len(columns) == 1):
        return [row[0].text]
    texts = [""] * max(1, len(columns))
    for cell in row:
        middle = (cell.x0 + min(cell.x1, cell.x0 + _FIRST_POINTS)) / 2
        place = max(0, sum(start <= middle for start in columns) - 1)
        texts[place] = f"{texts[place]} {cell.text}".strip()
    return texts


# A cell belongs where it begins, give or take the width of a letter.
_FIRST_POINTS = 10.0
