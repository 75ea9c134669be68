"""Pages of raw lines -> printed lines of text, without furniture, and the order in which they are read.

The contract with the search for figures: `read_layout(content, setting)` sorts every visible line of a page into one of
- `PageLayout.lines`: upright text. What stands on one base line within one column is one `TextLine`, except across gaps
  wider than `WIDE_GAP_EM`. From top to bottom; labels inside of figures and cells of tables are among them.
- `PageLayout.furniture`: running heads and feet, page numbers, line numbers, banners, the stamp of a preprint server.
- `PageLayout.vertical`: text that is not upright, as along the axes of plots.

`reading_order(page, lines, barriers)` orders any choice of a page's lines: column by column, band by band, where the
bands are parted by lines and barriers (figures) that reach across the gutter.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chatpaper.domain import BBox
from chatpaper.extract.boxes import union
from chatpaper.extract.furniture import line_numbers, running_lines
from chatpaper.extract.page import Line, Page, PdfContent, Span
from chatpaper.extract.textline import TextLine, text_line
from chatpaper.extract.typesetting import Column, Typesetting, is_upright

# Cells of tables stand further apart than this; a number and its heading, or justified words, do not.
WIDE_GAP_EM = 2.5
# Lines stand on one base line when it differs by less than this share of the type size; subscripts drop lower.
_BASELINE_TOLERANCE_EM = 0.25
# A line in one column may stick out into the gutter a little; one that passes the next column's edge spans both.
_GUTTER_TOLERANCE_POINTS = 4.0


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The text of one page, sorted. `columns` are those that the page uses, from left to right."""

    number: int
    width: float
    height: float
    columns: tuple[Column, ...]
    lines: tuple[TextLine, ...]
    furniture: tuple[TextLine, ...]
    vertical: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of all pages, and how the document is set."""

    setting: Typesetting
    pages: tuple[PageLayout, ...]


def read_layout(content: PdfContent, setting: Typesetting) -> Layout:
    """Sort the lines of all pages."""
    numbering = line_numbers(content.pages)
    joined = [_joined_lines(page, setting.columns_of(page.number), numbering) for page in content.pages]
    running = running_lines(content.pages, joined, setting.leading)
    return Layout(
        setting,
        tuple(
            _page_layout(page, lines, running[page.number], setting.columns_of(page.number))
            for page, lines in zip(content.pages, joined, strict=True)
        ),
    )


def _page_layout(
    page: Page, lines: Sequence[TextLine], running: Collection[TextLine], columns: tuple[Column, ...]
) -> PageLayout:
    dropped = {id(line) for line in running}
    return PageLayout(
        number=page.number,
        width=page.width,
        height=page.height,
        columns=columns,
        lines=tuple(line for line in lines if id(line) not in dropped),
        furniture=tuple(running),
        vertical=tuple(line for line in page.lines if not is_upright(line)),
    )


# --- fragments to lines


def _joined_lines(page: Page, columns: Sequence[Column], dropped: Collection[int]) -> tuple[TextLine, ...]:
    """The upright lines of a page: fragments on one base line of one column joined, from top to bottom."""
    fragments = [
        text_line(page.number, line.spans)
        for line in page.lines
        if is_upright(line) and id(line) not in dropped and not line.text.isspace()
    ]
    fragments.sort(key=lambda fragment: (fragment.baseline, fragment.bbox.x0))
    rows: list[list[TextLine]] = []
    for fragment in fragments:
        for row in reversed(rows[-_OPEN_ROWS:]):
            if _continues(row, fragment, columns):
                row.append(fragment)
                break
        else:
            rows.append([fragment])
    lines = [line for row in rows for line in _split_at_gaps(page.number, row)]
    return tuple(sorted(lines, key=lambda line: (line.baseline, line.bbox.x0)))


# How many rows back a fragment may belong: rows of all columns, with their fractions and indices, come interleaved.
_OPEN_ROWS = 12


def _continues(row: Sequence[TextLine], fragment: TextLine, columns: Sequence[Column]) -> bool:
    first = row[0]
    tolerance = _BASELINE_TOLERANCE_EM * max(first.style.size, fragment.style.size)
    if fragment.baseline - first.baseline > tolerance:
        return False
    return column_of(first.bbox, columns) == column_of(fragment.bbox, columns)


def _split_at_gaps(page_number: int, row: list[TextLine]) -> Iterator[TextLine]:
    row.sort(key=lambda fragment: fragment.bbox.x0)
    spans: list[Span] = list(row[0].spans)
    for before, after in pairwise(row):
        if after.bbox.x0 - before.bbox.x1 > WIDE_GAP_EM * max(before.style.size, after.style.size):
            yield text_line(page_number, spans)
            spans = []
        spans.extend(after.spans)
    yield row[0] if len(row) == 1 else text_line(page_number, spans)


# --- order


def column_of(box: BBox, columns: Sequence[Column]) -> int:
    """The column that a box lies in, counted from 0; -1 when it spans more than one."""
    for index, following in enumerate(columns[1:]):
        if box.x0 < following.x0 - _GUTTER_TOLERANCE_POINTS:
            return -1 if box.x1 > following.x0 + _GUTTER_TOLERANCE_POINTS else index
    return max(len(columns) - 1, 0)


def reading_order(page: PageLayout, lines: Iterable[TextLine], barriers: Iterable[BBox] = ()) -> tuple[TextLine, ...]:
    """The given lines of a page in the order in which they are read.

    A line or barrier across the gutter ends the columns above it; they are read one after the other first.
    """
    items: list[tuple[BBox, TextLine | None]] = [(line.bbox, line) for line in lines]
    items += [(box, None) for box in barriers]
    items.sort(key=lambda item: item[1].baseline if item[1] else item[0].y1)
    ordered: list[TextLine] = []
    band: list[list[TextLine]] = [[] for _ in range(max(len(page.columns), 1))]
    for box, line in items:
        column = column_of(box, page.columns)
        if column < 0:
            ordered.extend(line for part in band for line in part)
            band = [[] for _ in band]
        if line is not None:
            (ordered if column < 0 else band[column]).append(line)
    ordered.extend(line for part in band for line in part)
    return tuple(ordered)


def area_of(lines: Iterable[TextLine]) -> BBox:
    """The box around some lines, of which there must be one at least."""
    return union(line.bbox for line in lines)
