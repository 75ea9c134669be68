"""Blocks of text: lines of one size that follow each other at the leading of text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chatpaper.domain import BBox
from chatpaper.extract.boxes import enclose, overlap_width
from chatpaper.extract.layout.typesetting import Column, Typesetting
from chatpaper.extract.page import Span
from chatpaper.extract.textline import TextLine, build_text_line

SAME_SIZE = 0.45
# Lines of a paragraph follow each other by about the leading; beyond this factor a new block
# begins.
BLOCK_LEADINGS = 1.3
BLOCK_SIZES = 1.45
# Two even lines that differ by this share from those before them have another measure.
NEW_MEASURE_SHARE = 0.15
# … and so do so many ragged ones that have no more than this share of it, and of each other.
RAGGED_LINES, RAGGED_SHARE = 4, 0.75
# Lines of a justified paragraph end within this of the edge; protruding hyphens pass it by a point
# or two.
EDGE_POINTS = 2.5
INDENT_POINTS = 30.0
# Cells of a table are further apart than words: justified spaces stay below one em.
CELL_GAP_EM = 1.0
# … or this, where few words fill a narrow measure that lines within so many type sizes have.
STRETCHED_GAP_EM = 4.0
MEASURE_LEADINGS = 6.0
# Brackets and commas of Chinese and Japanese hang out of the text by this much.
HANGING_EM = 0.55
_SECTION_NUMBER = re.compile(r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*\.?|[IVX]+\.")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size that follow each other at the leading of text."""

    lines: tuple[TextLine, ...]
    bbox: BBox

    @property
    def size(self) -> float:
        """The type size of the first line, in points."""
        return self.lines[0].style.size

    @property
    def left_edge(self) -> float:
        """Where most lines begin; brackets may hang out of the text."""
        return _find_common([line.bbox.x0 for line in self.lines])

    @property
    def right_edge(self) -> float:
        """Where most lines end; in narrow text some pass that edge."""
        return _find_common([line.bbox.x1 for line in self.lines])

    @property
    def measure(self) -> BBox:
        """The box without marks that hang out of the text by less than half a letter."""
        left, right = self.left_edge, self.right_edge
        hanging = HANGING_EM * self.size
        return self.bbox._replace(
            x0=left if left - self.bbox.x0 <= hanging else self.bbox.x0,
            x1=right if self.bbox.x1 - right <= hanging else self.bbox.x1,
        )


def _find_common(edges: Sequence[float]) -> float:
    return max(edges, key=lambda edge: sum(abs(edge - other) <= EDGE_POINTS for other in edges))


def split_at_gaps(line: TextLine, taken: frozenset[int]) -> Iterator[TextLine]:
    """Split a line at gaps wider than between words, and leave out the spans of captions.

    Text that flows around a figure shares base lines with the figure's labels and its caption.
    """
    parts: list[list[Span]] = [[]]
    for span in line.spans:
        before = parts[-1][-1] if parts[-1] else None
        if id(span) in taken:
            parts.append([])
            continue
        if before is not None and span.bbox.x0 - before.bbox.x1 > CELL_GAP_EM * line.style.size:
            parts.append([])
        parts[-1].append(span)
    filled = [spans for spans in parts if any(span.text.strip() for span in spans)]
    if len(filled) == 2 and _SECTION_NUMBER.fullmatch(
        "".join(span.text for span in filled[0]).strip()
    ):
        filled = [[span for spans in filled for span in spans]]
    for spans in filled:
        if len(spans) == len(line.spans):
            yield line
        else:
            yield build_text_line(line.page, spans)


def join_stretched(
    lines: Sequence[TextLine], parts: Sequence[Sequence[TextLine]]
) -> list[TextLine]:
    """Join the parts of lines again that fill a measure which lines near them keep undivided.

    In narrow columns, such as beside a figure, spaces are stretched to more than those of tables.
    """
    whole = [line for line, split in zip(lines, parts, strict=True) if len(split) == 1]
    joined: list[TextLine] = []
    for split in parts:
        if len(split) < 2:
            joined += split
            continue
        start = 0
        while start < len(split):
            end = next(
                (
                    stop
                    for stop in range(len(split), start + 1, -1)
                    if _fill_measure(split[start:stop], whole)
                ),
                start + 1,
            )
            run = split[start:end]
            joined.append(
                build_text_line(run[0].page, [span for part in run for span in part.spans])
                if len(run) > 1
                else run[0]
            )
            start = end
    return joined


def _fill_measure(parts: Sequence[TextLine], whole: Sequence[TextLine]) -> bool:
    """Tell whether parts of a line begin and end where lines near it do."""
    first, last = parts[0], parts[-1]
    size = first.style.size
    widest = max(b.bbox.x0 - a.bbox.x1 for a, b in pairwise(parts))
    return widest <= STRETCHED_GAP_EM * size and any(
        abs(line.bbox.x1 - last.bbox.x1) <= EDGE_POINTS
        and -EDGE_POINTS <= first.bbox.x0 - line.bbox.x0 <= INDENT_POINTS
        and abs(line.baseline - first.baseline) <= MEASURE_LEADINGS * size
        and abs(line.style.size - size) <= SAME_SIZE
        for line in whole
    )


def group_blocks(lines: Sequence[TextLine], typesetting: Typesetting) -> list[Block]:
    """Group lines into blocks; each cell of a table's row begins or continues one of its own."""
    open_blocks: list[list[TextLine]] = []
    closed: list[list[TextLine]] = []
    for line in lines:
        still_open = []
        home: list[TextLine] | None = None
        for block in open_blocks:
            if (
                line.baseline - block[-1].baseline
                > max(typesetting.leading, 2 * line.style.size) * BLOCK_LEADINGS
            ):
                closed.append(block)
                continue
            still_open.append(block)
            if home is None and _follows(block[-1], line, typesetting):
                home = block
        open_blocks = still_open
        if home is None:
            open_blocks.append([line])
        else:
            home.append(line)
    evenly = (part for block in closed + open_blocks for part in _split_by_measure(block))
    return [Block(tuple(block), enclose(line.bbox for line in block)) for block in evenly]


def _split_by_measure(lines: Sequence[TextLine]) -> Iterator[Sequence[TextLine]]:
    """Split a block where its measure changes, as where text begins to flow around a figure."""
    start = 0
    for index in range(1, len(lines)):
        if _changes_measure(lines[start:index], lines[index : index + RAGGED_LINES]):
            yield lines[start:index]
            start = index
    yield lines[start:]


def _changes_measure(before: Sequence[TextLine], following: Sequence[TextLine]) -> bool:
    """Tell whether lines are wider than those before, or narrower; one short line is not.

    One in another font is: a heading in the body's size over its text.
    """
    measure = enclose(line.bbox for line in before).width
    width = following[0].bbox.width
    if width > (1 + NEW_MEASURE_SHARE) * measure:
        return len(before) > 1 or before[0].style.font != following[0].style.font
    if width >= (1 - NEW_MEASURE_SHARE) * measure:
        return False
    even = len(following) > 1 and _are_even(following[0].bbox, following[1].bbox)
    return even or _are_narrow(following, measure)


def _are_narrow(lines: Sequence[TextLine], measure: float) -> bool:
    """Tell whether so many lines of about one width are much narrower than a measure."""
    widths = [line.bbox.width for line in lines]
    return len(lines) == RAGGED_LINES and (
        max(widths) < RAGGED_SHARE * measure and min(widths) >= RAGGED_SHARE * max(widths)
    )


def _are_even(a: BBox, b: BBox) -> bool:
    return abs(a.x0 - b.x0) <= EDGE_POINTS and abs(a.x1 - b.x1) <= EDGE_POINTS


def _follows(above: TextLine, line: TextLine, typesetting: Typesetting) -> bool:
    step = line.baseline - above.baseline
    leading = typesetting.leading * line.style.size / typesetting.body_size
    near = max(BLOCK_SIZES * line.style.size, BLOCK_LEADINGS * leading)
    shared = overlap_width(above.bbox, line.bbox)
    return (
        line.style.size / 2 < step <= near
        and abs(above.style.size - line.style.size) <= SAME_SIZE
        and shared > min(above.bbox.width, line.bbox.width) / 2
    )


def find_home_column(box: BBox, columns: Sequence[Column]) -> Column:
    """Find the column that a box lies in, or the width of all columns if it spans several."""
    whole = Column(columns[0].x0, columns[-1].x1)
    for column in columns:
        if column.x0 - INDENT_POINTS / 2 <= box.x0 and box.x1 <= column.x1 + INDENT_POINTS / 2:
            return column
    return whole
