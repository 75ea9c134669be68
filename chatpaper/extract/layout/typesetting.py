"""How a document is set: size and leading of the body text, and the columns of each page."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import attrgetter

from chatpaper.domain import BBox
from chatpaper.domain.text.scripts import UNSPACED
from chatpaper.extract.page import Line, PdfContent

# A line this long, in characters, is prose rather than a label; shorter ones say little about
# columns.
LONG_LINE_CHARACTERS = 25
# Left edges this near are one column: paragraphs are indented by at most two or three em.
INDENT_POINTS = 36.0
# A column must hold this share of the document's long lines.
COLUMN_SHARE = 0.12
# … and this share of them must begin right at its edge; the others are indented.
EDGE_SHARE = 0.06
# Facing pages of books and journals are shifted by more than this, or not at all.
SHIFT_POINTS = 3.0
# The right edge of a column is where nearly all its lines end; full-width captions begin at the
# same left edge.
RIGHT_EDGE_QUANTILE = 0.85
SIZE_TOLERANCE = 0.6
# Letters are stretched or shrunk by two hundredths at most, so as not to show (microtype's
# default).
STRETCHED_POINTS = 0.21
DEFAULT_SIZE = 10.0
# Leading over type size, in nearly all typesetting without extra interline space.
COMMON_LEADING = 1.2
# Lines end at their column's edge, give or take a protruding hyphen.
GUTTER_POINTS = 2.0

# The text before the references is this share of a document at least, or they are none.
LEAST_TEXT_SHARE = 0.2
_REFERENCES = re.compile(
    r"\s*(?:\d{1,2}\.?\s+|[IVX]+\.\s+)?(?:references|bibliography|literature cited|works cited"
    r"|参考文献|参考⽂献|文献)\s*",
    re.IGNORECASE,
)
_WIDE = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True, slots=True)
class Column:
    """The horizontal extent of a column of text, in points."""

    x0: float
    x1: float

    @property
    def width(self) -> float:
        """The measure: the length of a full line."""
        return self.x1 - self.x0


@dataclass(frozen=True, slots=True)
class Typesetting:
    """How a document is set; sizes and leading are in points.

    `columns` are those of (even pages, odd pages), since books shift them.
    """

    body_size: float
    body_font: str
    leading: float
    columns: tuple[tuple[Column, ...], tuple[Column, ...]]

    @property
    def spread(self) -> float:
        """By how much lines are set apart: 1 with single spacing, 2 at most."""
        return min(max(1.0, self.leading / (COMMON_LEADING * self.body_size)), 2.0)

    def columns_on(self, page_number: int) -> tuple[Column, ...]:
        """Return the columns of body text on a page, from left to right; pages count from 1."""
        return self.columns[page_number % 2]


def is_upright(line: Line) -> bool:
    """Tell whether a line reads from left to right."""
    return line.direction[0] > 0.99


def find_line_size(line: Line) -> float:
    """Find the type size of most characters of a line, in points."""
    if len(line.spans) == 1:
        return round(line.spans[0].size, 1)
    sizes: dict[float, int] = {}
    for span in line.spans:
        size = round(span.size, 1)
        sizes[size] = sizes.get(size, 0) + len(span.text)
    return max(sizes, key=lambda size: (sizes[size], size))


def find_line_baseline(line: Line) -> float:
    """Find the base line of most characters; boxes reach further down if a line has an index."""
    if len(line.spans) == 1:
        return line.spans[0].baseline
    baselines: dict[float, int] = {}
    for span in line.spans:
        baselines[span.baseline] = baselines.get(span.baseline, 0) + len(span.text)
    return max(baselines, key=lambda baseline: baselines[baseline])


def find_line_font(line: Line) -> str:
    """Find the font of most characters of a line."""
    fonts: dict[str, int] = {}
    for span in line.spans:
        fonts[span.font] = fonts.get(span.font, 0) + len(span.text)
    return max(fonts, key=lambda font: fonts[font])


def fills_column(first: Line, last: Line, columns: Sequence[Column]) -> bool:
    """Tell whether a row has both edges of a column, as justified lines have despite gaps."""
    return any(
        abs(first.bbox.x0 - column.x0) <= GUTTER_POINTS
        and abs(last.bbox.x1 - column.x1) <= GUTTER_POINTS
        for column in columns
    )


def is_gutter(before: BBox, after: BBox, columns: Sequence[Column]) -> bool:
    """Tell whether the gap between two fragments is the one between two columns."""
    return any(
        before.x1 <= left.x1 + GUTTER_POINTS and after.x0 >= right.x0 - GUTTER_POINTS
        for left, right in pairwise(columns)
    )


def measure_typesetting(content: PdfContent) -> Typesetting:
    """Measure how a document is set."""
    styles: Counter[tuple[float, str]] = Counter()
    sizes: Counter[float] = Counter()
    pages = [
        [(line, find_line_size(line)) for line in page.lines if is_upright(line)]
        for page in content.pages
    ]
    for line, size in _leave_out_references(list(chain.from_iterable(pages))):
        sizes[size] += len(line.text)
    body_size = _find_usual_size(sizes) if sizes else DEFAULT_SIZE
    bodies = [
        [line for line, size in page if abs(size - body_size) <= SIZE_TOLERANCE] for page in pages
    ]
    for line in chain.from_iterable(bodies):
        styles[body_size, find_line_font(line)] += len(line.text)
    font = styles.most_common(1)[0][0][1] if styles else ""
    return Typesetting(
        body_size, font, _measure_leading(bodies, body_size), _find_columns_by_parity(bodies)
    )


def _leave_out_references(lines: list[tuple[Line, float]]) -> list[tuple[Line, float]]:
    """Leave out what follows the heading of the references, which are long in short papers."""
    ends = [i for i, (line, _) in enumerate(lines) if _REFERENCES.fullmatch(line.text)]
    before = lines[: ends[-1]] if ends else lines
    letters = sum(len(line.text) for line, _ in lines)
    enough = sum(len(line.text) for line, _ in before) >= LEAST_TEXT_SHARE * letters
    return before if enough else lines


def _find_usual_size(sizes: Counter[float]) -> float:
    """Find the commonest type size, counting all characters of about that size.

    If lines are justified by stretching the letters, each line has a size of its own, near the
    body's.
    """

    def about(size: float) -> int:
        return sum(count for other, count in sizes.items() if abs(other - size) <= STRETCHED_POINTS)

    return max(sizes, key=lambda size: (about(size), sizes[size]))


def _find_columns_by_parity(
    bodies: Sequence[Sequence[Line]],
) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Find the columns of even and of odd pages: the same, unless facing pages shift them."""
    pages = [
        [line for line in page if _measure_characters(line.text) >= LONG_LINE_CHARACTERS]
        for page in bodies
    ]
    both = _find_columns(list(chain.from_iterable(pages)))
    odd, even = (_find_columns(list(chain.from_iterable(pages[start::2]))) for start in (0, 1))
    if len(odd) == len(even) and odd and abs(odd[0].x0 - even[0].x0) > SHIFT_POINTS:
        return even, odd
    return both, both


def _measure_characters(text: str) -> int:
    """Measure a text in Latin characters; those of Chinese and Japanese are twice as wide."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _find_columns(lines: Sequence[Line]) -> tuple[Column, ...]:
    lefts: Counter[int] = Counter(round(line.bbox.x0) for line in lines)
    boxes = sorted(line.bbox for line in lines)
    edges: list[int] = []
    begun: Sequence[BBox] = ()
    for left in sorted(lefts):
        at_edge = sum(lefts[edge] for edge in range(left - 1, left + 3))
        is_indent = bool(edges) and left - edges[-1] <= INDENT_POINTS
        if is_indent or at_edge < EDGE_SHARE * len(lines):
            continue
        if 2 * sum(box.x1 > left for box in begun) > len(begun):
            continue
        starting = _select_starting_at(left, boxes)
        if len(starting) >= COLUMN_SHARE * len(lines):
            edges.append(left)
            begun = starting
    ends = [*edges[1:], None]
    return tuple(
        _measure_column(_select_starting_at(left, boxes), left, end)
        for left, end in zip(edges, ends, strict=False)
    )


def _select_starting_at(left: int, boxes: Sequence[BBox]) -> Sequence[BBox]:
    """Select the boxes of lines that begin at an edge; they are sorted by their own left edges."""
    first = bisect_left(boxes, left - 1, key=attrgetter("x0"))
    return boxes[first : bisect_right(boxes, left + INDENT_POINTS, key=attrgetter("x0"))]


def _measure_column(boxes: Sequence[BBox], left: int, next_left: int | None) -> Column:
    own = sorted(box.x1 for box in boxes if next_left is None or box.x1 <= next_left)
    return Column(left, own[int(RIGHT_EDGE_QUANTILE * len(own))])


def _measure_leading(bodies: Sequence[Sequence[Line]], size: float) -> float:
    gaps: Counter[float] = Counter()
    for body in bodies:
        for above, below in pairwise(body):
            if (
                abs(above.bbox.x0 - below.bbox.x0) <= INDENT_POINTS
                and below.bbox.y1 > above.bbox.y1
            ):
                gaps[round(below.bbox.y1 - above.bbox.y1, 1)] += 1
    return gaps.most_common(1)[0][0] if gaps else COMMON_LEADING * size
