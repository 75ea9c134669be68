"""Rows of captions: fragments of text that make up one printed line of a caption."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.extract.boxes import overlap_height
from chatpaper.extract.layout.caption_labels import is_float_word, is_label
from chatpaper.extract.layout.typesetting import (
    GUTTER_POINTS,
    Column,
    Typesetting,
    fills_column,
    find_line_baseline,
    find_line_size,
    is_gutter,
)
from chatpaper.extract.page import Line

# Sizes of one type differ in the second decimal; small capitals are 20 % smaller than capitals.
SAME_SIZE = 0.45
# Lines of one caption follow each other within this many type sizes; manuscripts are double-spaced.
CAPTION_LEADING_SIZES = 1.6
# Fragments of one line are this near, in type sizes; after a bare label styles put a quad or two.
FRAGMENT_GAP_SIZES = 1.0
# … or overlap this far: the file counts the space of a kern, or of an accent, twice.
OVERLAP_SIZES = 0.75
# … but if captions have a type size of their own, text that flows around them cannot be mistaken
# for theirs.
SMALL_TYPE_GAP_SIZES = 1.6
LABEL_GAP_SIZES = 3.0
# Narrow captions are justified by wide spaces; text beside them begins at an edge, as other lines
# there do, within so many type sizes above and below.
STRETCHED_GAP_SIZES = 2.4
ALIGNED_POINTS = 1.0
NEAR_LINES_SIZES = 4.0
LEAST_ALIGNED_LINES = 2
# In measures as narrow as this, in type sizes, spaces are stretched up to so many.
NARROW_MEASURE_SIZES, NARROW_GAP_SIZES = 14.0, 4.0
# So many make a column of its own, of which no fragment belongs to the caption.
LEAST_COLUMN_LINES = 3


@dataclass(frozen=True, slots=True)
class CaptionPage:
    """The upright lines of a page, and the `id`s of those that begin captions (`starts`)."""

    lines: Sequence[Line]
    starts: frozenset[int]
    typesetting: Typesetting
    columns: Sequence[Column]


def collect_row(first: Line, page: CaptionPage) -> list[Line]:
    """Collect `first` and the fragments that continue it on its base line, up to the gutter."""
    size = find_line_size(first)
    near = [
        line
        for line in page.lines
        if abs(line.bbox.y1 - first.bbox.y1) <= NEAR_LINES_SIZES * size
        and line.bbox.x1 > first.bbox.x0
    ]
    fragments = sorted(
        (
            line
            for line in near
            if line is not first and overlap_height(line.bbox, first.bbox) > size / 2
        ),
        key=lambda line: line.bbox.x0,
    )
    narrow = _fill_narrow_measure(first, fragments, near)
    if narrow:
        return narrow
    column = _find_edge_beside(first, near, LEAST_COLUMN_LINES)
    hangs = bool(fragments) and abs(fragments[0].bbox.x0 - column) <= ALIGNED_POINTS
    if (
        hangs
        and is_label(first.text)
        and not any(
            line.bbox.y1 < first.bbox.y1 - size / 2 and abs(line.bbox.x0 - column) <= ALIGNED_POINTS
            for line in near
        )
    ):
        column = math.inf  # the caption's own text hangs there
    fragments = [line for line in fragments if line.bbox.x0 < column - ALIGNED_POINTS]
    usual = _extend_row(first, fragments, page, stretched_until=0.0)
    if len(usual) > len(fragments):
        return usual
    wall = _find_edge_beside(first, near, LEAST_ALIGNED_LINES)
    stretched = _extend_row(first, fragments, page, stretched_until=wall)
    is_justified = wall < math.inf or any(
        abs(line.bbox.x1 - stretched[-1].bbox.x1) <= ALIGNED_POINTS
        and line.bbox.x0 >= first.bbox.x0 - ALIGNED_POINTS
        and line not in fragments
        for line in near
    )
    return stretched if is_justified else usual


def _fill_narrow_measure(
    first: Line, fragments: Sequence[Line], near: Sequence[Line]
) -> list[Line]:
    """Extend a row to the end of a narrow measure that lines near it keep; empty if it has none.

    Spaces are stretched most there, and several may stand below each other as between columns.
    """
    size = find_line_size(first)
    whole = [
        line.bbox.x1
        for line in near
        if line is not first
        and abs(line.bbox.x0 - first.bbox.x0) <= ALIGNED_POINTS
        and line.bbox.width <= NARROW_MEASURE_SIZES * size
    ]
    row = [first]
    for line in fragments:
        gap = line.bbox.x0 - row[-1].bbox.x1
        if not 0 < gap <= NARROW_GAP_SIZES * size or abs(find_line_size(line) - size) > SAME_SIZE:
            return []
        row.append(line)
        ends = sum(abs(end - line.bbox.x1) <= ALIGNED_POINTS for end in whole)
        if ends >= LEAST_ALIGNED_LINES:
            return row
    return []


def _extend_row(
    first: Line, fragments: Sequence[Line], page: CaptionPage, stretched_until: float
) -> list[Line]:
    """Extend a row; spaces may be stretched before fragments that end before a right edge."""
    row = [first]
    size = find_line_size(first)
    label_alone = is_label(first.text) or is_float_word(first.text)
    small = abs(size - page.typesetting.body_size) > SAME_SIZE
    for line in fragments:
        gap = line.bbox.x0 - row[-1].bbox.x1
        usual = (
            SMALL_TYPE_GAP_SIZES
            if small or fills_column(first, line, page.columns)
            else FRAGMENT_GAP_SIZES
        )
        if line.bbox.x1 < stretched_until:
            usual = STRETCHED_GAP_SIZES
        allowed = LABEL_GAP_SIZES if label_alone and len(row) == 1 else usual
        if not -OVERLAP_SIZES * size <= gap <= allowed * size:
            continue
        if _belongs_to_neighbor(line, row, page) or is_gutter(
            row[-1].bbox, line.bbox, page.columns
        ):
            continue
        sizes = {size, *(round(span.size, 1) for span in row[-1].spans)} if label_alone else {size}
        uneven = size / 2 if gap <= size else SAME_SIZE
        if any(abs(find_line_size(line) - each) <= uneven for each in sizes):
            row.append(line)
    return row


def _find_edge_beside(first: Line, near: Sequence[Line], least: int) -> float:
    """Find the left edge of the text beside a caption, at which so many lines begin at least."""
    lefts = sorted(line.bbox.x0 for line in near if line.bbox.x0 > first.bbox.x1)
    pairs = zip(lefts, lefts[least - 1 :], strict=False)
    return next((left for left, last in pairs if last - left <= ALIGNED_POINTS), math.inf)


def _belongs_to_neighbor(line: Line, row: Sequence[Line], page: CaptionPage) -> bool:
    """Tell whether a fragment begins, or stands below the beginning of, a caption beside `row`."""
    return id(line) in page.starts or any(
        id(start) in page.starts
        and row[-1].bbox.x1 <= start.bbox.x0
        and abs(line.bbox.x0 - start.bbox.x0) <= GUTTER_POINTS
        and start.bbox.y0 < line.bbox.y0
        for start in page.lines
    )


def find_baseline(row: Sequence[Line]) -> float:
    """Find the lowest base line among the parts of a row."""
    return max(find_line_baseline(part) for part in row)
