"""Sort the lines of pages into printed lines without furniture, and put them in reading order.

`read_layout(content, typesetting)` sorts every visible line of a page into one of

- `PageLayout.lines`: upright text. What stands on one base line within one column is one
  `TextLine`, except across gaps wider than `WIDE_GAP_EM`. From top to bottom; labels inside
  figures and cells of tables are among them.
- `PageLayout.furniture`: running heads and feet, page numbers, line numbers, banners, stamps.
- `PageLayout.vertical`: text that is not upright, such as labels of vertical axes.

`sort_in_reading_order(page, lines, separators)` orders any selection of a page's lines: column by
column, band by band. Bands end at lines and separators (figures) that reach across the gutter.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from chatpaper.domain import BBox
from chatpaper.extract.boxes import overlap_height
from chatpaper.extract.layout.furniture import find_furniture, find_line_numbers
from chatpaper.extract.layout.typesetting import Column, Typesetting, is_upright
from chatpaper.extract.page import Line, Page, PdfContent, Span
from chatpaper.extract.textline import TextLine, build_text_line

# Cells of tables are further apart than this; a number and its heading, or justified words, are
# not.
WIDE_GAP_EM = 2.5
# Type on both sides of a gap has one size in one line, give or take that of capitals and indices.
_SAME_LINE_SIZES = 1.3
# Lines are on one base line if these differ by less than this share of the type size; subscripts
# drop lower.
_BASELINE_TOLERANCE_EM = 0.25
# A line in one column may protrude into the gutter a little; one that passes the next column's edge
# spans both, unless it begins like lines of its column and is too long by a word (an overfull line
# of TeX).
_GUTTER_TOLERANCE_POINTS = 4.0
_INDENT_POINTS, _OVERFULL_POINTS = 20.0, 24.0
_EDGE_POINTS = 1.0


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The sorted text of one page; `columns` are those that it uses, from left to right."""

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

    typesetting: Typesetting
    pages: tuple[PageLayout, ...]


def read_layout(content: PdfContent, typesetting: Typesetting) -> Layout:
    """Sort the lines of all pages."""
    numbering = find_line_numbers(content.pages)
    joined = [
        _join_fragments(page, typesetting.columns_on(page.number), numbering, typesetting.body_size)
        for page in content.pages
    ]
    running = find_furniture(content.pages, joined, typesetting.leading)
    return Layout(
        typesetting,
        tuple(
            _build_page_layout(
                page, lines, running[page.number], typesetting.columns_on(page.number)
            )
            for page, lines in zip(content.pages, joined, strict=True)
        ),
    )


def _build_page_layout(
    page: Page,
    lines: Sequence[TextLine],
    running: Collection[TextLine],
    columns: tuple[Column, ...],
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


def _join_fragments(
    page: Page, columns: Sequence[Column], dropped: Collection[int], body_size: float
) -> tuple[TextLine, ...]:
    """Join the upright fragments on one base line of one column into lines, from top to bottom."""
    lines = [
        line
        for line in page.lines
        if is_upright(line) and id(line) not in dropped and not line.text.isspace()
    ]
    initials = [line.spans[0] for line in lines if _has_initial(line, body_size)]
    fragments = [
        build_text_line(page.number, spans)
        for line in lines
        if (spans := _drop_initial(line, body_size))
    ]
    fragments.sort(key=lambda fragment: (fragment.baseline, fragment.bbox.x0))
    rows: list[list[TextLine]] = []
    for fragment in fragments:
        for row in reversed(rows[-_OPEN_ROWS:]):
            if _continues(row, fragment):
                row.append(fragment)
                break
        else:
            rows.append([fragment])
    joined = [line for row in rows for line in _split_at_gaps(page.number, row, columns)]
    joined.sort(key=lambda line: (line.baseline, line.bbox.x0))
    for initial in initials:
        _prepend_initial(joined, initial, page.number)
    return tuple(joined)


def _has_initial(line: Line, body_size: float) -> bool:
    """Tell whether a line begins with an initial: one capital as tall as two lines."""
    first = line.spans[0]
    letter = first.text.strip()
    following = line.spans[1].size if len(line.spans) > 1 else body_size
    return (
        len(letter) == 1
        and letter.isupper()
        and first.size >= _INITIAL_SIZES * body_size
        and following < first.size / _INITIAL_SIZES
    )


def _drop_initial(line: Line, body_size: float) -> tuple[Span, ...]:
    return line.spans[1:] if _has_initial(line, body_size) else line.spans


def _prepend_initial(lines: list[TextLine], initial: Span, page_number: int) -> None:
    """Put an initial before the topmost line beside it."""
    for index, line in enumerate(lines):
        beside = -2 <= line.bbox.x0 - initial.bbox.x1 <= initial.size
        if beside and initial.bbox.y0 - 2 <= (line.bbox.y0 + line.bbox.y1) / 2 <= initial.bbox.y1:
            space = " " if line.bbox.x0 - initial.bbox.x1 > _INITIAL_SPACE_EM * initial.size else ""
            lines[index] = replace(line, text=initial.text.strip() + space + line.text)
            return
    lines.append(build_text_line(page_number, (initial,)))


# An initial is taller than the body by this factor at least, and nearer than this to its word.
_INITIAL_SIZES = 1.8
_INITIAL_SPACE_EM = 0.35


# How many rows back a fragment may belong: the rows of all columns, with their fractions and
# indices, are interleaved.
_OPEN_ROWS = 12


def _continues(row: Sequence[TextLine], fragment: TextLine) -> bool:
    first = row[0]
    step = fragment.baseline - first.baseline
    return (
        step <= _BASELINE_TOLERANCE_EM * fragment.style.size
        or step <= _BASELINE_TOLERANCE_EM * first.style.size
    )


def _split_at_gaps(
    page_number: int, row: list[TextLine], columns: Sequence[Column]
) -> Iterator[TextLine]:
    """Split a row into lines, at the gutter and at gaps as wide as those between cells."""
    row.sort(key=lambda fragment: fragment.bbox.x0)
    spans: list[Span] = list(row[0].spans)
    for before, after in pairwise(row):
        gap = after.bbox.x0 - before.bbox.x1
        smaller, larger = sorted((before.style.size, after.style.size))
        wide = gap > (WIDE_GAP_EM if larger < _SAME_LINE_SIZES * smaller else 1) * smaller
        if wide or _has_gutter_between(before.bbox, after.bbox, columns):
            yield build_text_line(page_number, spans)
            spans = []
        spans.extend(after.spans)
    yield row[0] if len(row) == 1 else build_text_line(page_number, spans)


def _has_gutter_between(before: BBox, after: BBox, columns: Sequence[Column]) -> bool:
    if (
        after.x0 - before.x1 < _LEAST_GUTTER_POINTS
    ):  # a line too long for its column reaches up to the next one's
        return any(abs(after.x0 - following.x0) <= _EDGE_POINTS for following in columns[1:])
    return any(
        before.x1 <= following.x0 and after.x0 >= following.x0 - _GUTTER_TOLERANCE_POINTS
        for following in columns[1:]
    ) or (after.x0 - before.x1 >= before.height and _covers_gutter(before.x1, after.x0, columns))


def _covers_gutter(start: float, end: float, columns: Sequence[Column]) -> bool:
    """Tell whether the space from `start` to `end` takes up most of a gutter.

    The numbers of references that are aligned on the right begin in the gutter.
    """
    return any(
        min(end, right.x0) - max(start, left.x1) >= _GUTTER_SHARE * (right.x0 - left.x1)
        and right.x0 > left.x1
        for left, right in pairwise(columns)
    )


# Gutters are about a pica wide; words of one line are nearer to each other.
_LEAST_GUTTER_POINTS = 5.0
# A gap over this share of a gutter is no space between words.
_GUTTER_SHARE = 0.7


def find_column(box: BBox, columns: Sequence[Column]) -> int:
    """Find the index of the column that a box lies in; -1 if it spans more than one."""
    for index, following in enumerate(columns[1:]):
        if box.x0 < following.x0 - _GUTTER_TOLERANCE_POINTS:
            if box.x1 > following.x0 and _covers_gutter(-inf, box.x0, columns[index : index + 2]):
                return index + 1
            overfull = (
                abs(box.x0 - columns[index].x0) <= _INDENT_POINTS
                and box.x1 < following.x0 + _OVERFULL_POINTS
            )
            return (
                -1 if box.x1 > following.x0 + _GUTTER_TOLERANCE_POINTS and not overfull else index
            )
    return max(len(columns) - 1, 0)


def sort_in_reading_order(
    page: PageLayout, lines: Iterable[TextLine], separators: Iterable[BBox] = ()
) -> tuple[TextLine, ...]:
    """Sort lines of a page in the order in which they are read.

    A line or separator across the gutter ends the columns above it, which are read first.
    """
    items: list[tuple[BBox, TextLine | None]] = [(line.bbox, line) for line in lines]
    items += [(box, None) for box in separators]
    items.sort(key=lambda item: item[1].baseline if item[1] else item[0].y1)
    ordered: list[TextLine] = []
    band: list[list[TextLine]] = [[] for _ in range(max(len(page.columns), 1))]
    for box, line in items:
        column = find_column(box, page.columns)
        if column < 0:
            ordered.extend(line for part in band for line in part)
            band = [[] for _ in band]
        if line is not None:
            (ordered if column < 0 else band[column]).append(line)
    ordered.extend(line for part in band for line in part)
    return tuple(ordered)


def find_balanced_foot(page: PageLayout, lines: Sequence[TextLine], body_size: float) -> list[BBox]:
    """Find a separator above smaller type that begins at one height in all columns.

    References are balanced so at the end of a paper.
    """
    tops: list[float] = []
    for column in range(len(page.columns)):
        own = [line for line in lines if find_column(line.bbox, page.columns) == column]
        start = len(own)
        while start and own[start - 1].style.size < body_size - _SMALLER_POINTS:
            start -= 1
        if start in (0, len(own)):
            return []
        tops.append(own[start].bbox.y0)
    if len(tops) < 2 or max(tops) - min(tops) > _SAME_HEIGHT_POINTS:
        return []
    return [BBox(0, min(tops) - 1, page.width, min(tops) - 1)]


_SMALLER_POINTS = 0.45
_SAME_HEIGHT_POINTS = 4.0


def find_front_matter_end(
    page: PageLayout, lines: Iterable[TextLine], opens: Callable[[str], bool]
) -> list[BBox]:
    """Find a separator above the first line that fills its column or `opens` the text.

    Author names stand above it, in rows across all columns. `opens` tells headings by their text.
    """
    placed = [(line, find_column(line.bbox, page.columns)) for line in lines]
    tops = [
        line.bbox.y0
        for line, column in placed
        if column >= 0
        and page.columns
        and (line.bbox.width >= _FULL_LINE * page.columns[column].width or opens(line.text))
    ]
    if len(page.columns) < 2 or not tops:
        return []
    if not any(column < 0 and line.bbox.y0 < min(tops) for line, column in placed):
        return []  # the title stands in a column
    return [BBox(0, min(tops) - 1, page.width, min(tops) - 1)]


# Lines of this share of the column fill it; abstracts are set narrower by an em or two.
_FULL_LINE = 0.85


def split_sidebar(
    page: PageLayout, lines: Sequence[TextLine], body_size: float
) -> tuple[list[TextLine], list[TextLine]]:
    """Split the lines of a page into (text, sidebar); a sidebar has dates, keywords, contents.

    It ends before the text beside it begins, if that begins further right than columns elsewhere.
    Headings may hang in the margin, too: bold, as large as the text, and with nothing beside them.
    """
    edge, top, bottom = _locate_text_beside_sidebar(page, lines)
    side = [
        line
        for line in lines
        if line.bbox.x1 < edge - _GUTTER_TOLERANCE_POINTS
        and top <= line.baseline <= bottom
        and not _hangs_in_margin(line, lines, body_size)
    ]
    if len(side) < _LEAST_SIDEBAR_LINES:
        return list(lines), []
    own = {id(line) for line in side}
    return [line for line in lines if id(line) not in own], side


def _hangs_in_margin(line: TextLine, lines: Sequence[TextLine], body_size: float) -> bool:
    """Tell whether a line left of the text is a heading."""
    return (
        line.style.bold
        and line.style.size >= body_size - _SMALLER_POINTS
        and not any(
            other.bbox.x0 > line.bbox.x1 and overlap_height(other.bbox, line.bbox) > 0
            for other in lines
        )
    )


def _locate_text_beside_sidebar(
    page: PageLayout, lines: Sequence[TextLine]
) -> tuple[float, float, float]:
    """Locate text that may have a sidebar: its left edge, top and bottom; zeros if none."""
    if len(page.columns) < 2:
        return (page.columns[0].x0 if page.columns else 0.0), 0.0, page.height
    spanning = [line for line in lines if find_column(line.bbox, page.columns) < 0]
    edges = Counter(round(line.bbox.x0) for line in spanning)
    edge, times = edges.most_common(1)[0] if edges else (0, 0)
    if times < _LEAST_SIDEBAR_LINES or edge < page.columns[0].x0 + _LEAST_SIDEBAR_POINTS:
        return 0.0, 0.0, 0.0
    beside = [line.baseline for line in spanning if round(line.bbox.x0) == edge]
    return edge, min(beside) - _SIDEBAR_ABOVE_POINTS, max(beside) + _SIDEBAR_ABOVE_POINTS


# A sidebar may begin and end a few lines before and after the text beside it.
_SIDEBAR_ABOVE_POINTS = 30.0
_LEAST_SIDEBAR_LINES = 3
_LEAST_SIDEBAR_POINTS = 20.0
