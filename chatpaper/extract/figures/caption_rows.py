"""Rows of captions: fragments of text that make up one printed line of a caption."""

from collections.abc import Sequence

from chatpaper.extract.boxes import overlap_height
from chatpaper.extract.layout.caption_labels import is_label
from chatpaper.extract.layout.typesetting import (
    GUTTER_POINTS,
    Typesetting,
    fills_column,
    find_line_baseline,
    find_line_size,
    is_gutter,
)
from chatpaper.extract.page import Line

# Sizes of one type differ in the second decimal; small capitals are 20 % smaller than capitals.
SAME_SIZE = 0.45
# Fragments of one line are this near, in type sizes; after a bare label styles put a quad or two.
FRAGMENT_GAP_SIZES = 1.0
# … or overlap this far: the file counts the space of a kern, or of an accent, twice.
OVERLAP_SIZES = 0.75
# … but if captions have a type size of their own, text that flows around them cannot be mistaken
# for theirs.
SMALL_TYPE_GAP_SIZES = 1.6
LABEL_GAP_SIZES = 3.0


def collect_row(
    first: Line, lines: Sequence[Line], starts: set[int], typesetting: Typesetting, page: int
) -> list[Line]:
    """Collect `first` and the fragments that continue it on its base line, up to the gutter.

    `starts` are the `id`s of lines that begin captions.
    """
    row = [first]
    size = find_line_size(first)
    label_alone = is_label(first.text)
    columns = typesetting.columns_on(page)
    small = abs(size - typesetting.body_size) > SAME_SIZE
    for line in sorted(lines, key=lambda line: line.bbox.x0):
        gap = line.bbox.x0 - row[-1].bbox.x1
        usual = (
            SMALL_TYPE_GAP_SIZES
            if small or fills_column(first, line, columns)
            else FRAGMENT_GAP_SIZES
        )
        allowed = LABEL_GAP_SIZES if label_alone and len(row) == 1 else usual
        if not -OVERLAP_SIZES * size <= gap <= allowed * size or any(part is line for part in row):
            continue
        if _belongs_to_neighbor(line, row, lines, starts) or is_gutter(
            row[-1].bbox, line.bbox, columns
        ):
            continue
        if overlap_height(line.bbox, first.bbox) > size / 2 and abs(
            find_line_size(line) - size
        ) <= (size / 2 if gap <= size else SAME_SIZE):
            row.append(line)
    return row


def _belongs_to_neighbor(
    line: Line, row: Sequence[Line], lines: Sequence[Line], starts: set[int]
) -> bool:
    """Tell whether a fragment begins, or stands below the beginning of, a caption beside `row`."""
    return id(line) in starts or any(
        id(start) in starts
        and row[-1].bbox.x1 <= start.bbox.x0
        and abs(line.bbox.x0 - start.bbox.x0) <= GUTTER_POINTS
        and start.bbox.y0 < line.bbox.y0
        for start in lines
    )


def find_baseline(row: Sequence[Line]) -> float:
    """Find the lowest base line among the parts of a row."""
    return max(find_line_baseline(part) for part in row)
