"""Crops of pages: what to render, at which resolution, and where its ink ends.

Figures are cropped to their ink, passages to their lines with some text around them. Pure: pixels
come in as bytes.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from chatpaper.domain import BBox
from chatpaper.extract.boxes import clip, enclose, intersects, overlap_height, overlap_width

POINTS_PER_INCH = 72
# Text in figures is legible from 150 dpi on; a figure as wide as the page should have a thousand
# pixels.
LEAST_DPI, MOST_DPI = 150.0, 220.0
WANTED_WIDTH_PIXELS = 1010
# No crop is larger than this either way, however large the page.
MOST_PIXELS_A_SIDE = 3000
# Antialiased edges and the paper tint of scans are lighter than this; they are not ink.
INK_BELOW = 246
# The size of letters, in CSS pixels, that people read on a phone. A column of the usual template of
# LaTeX, 345 points of letters of 10, then fits the 390 pixels of a phone.
LEGIBLE_PIXELS = 11.0
# Phones show a CSS pixel with three of their own.
PIXEL_DENSITY = 3
# Lines of a passage further apart than this many heights are separated by a figure or a column.
_MAX_GAP_LINES = 2.0
# As much of the text around the passage as tells where it stands.
_CONTEXT_LINES = 2.5
# Letters that touch the edge of an image look cut off.
_MARGIN_POINTS = 4.0
# Narrower parts would be enlarged beyond the size of headings on the width of a phone.
_MIN_WIDTH_POINTS = 220.0
_WHITE = b"\xff"
_TO_WHITE = bytes(value if value < INK_BELOW else _WHITE[0] for value in range(256))


def choose_dpi(box: BBox) -> float:
    """Choose the resolution for a crop of `box`, in dots per inch."""
    wanted = WANTED_WIDTH_PIXELS * POINTS_PER_INCH / max(box.width, 1.0)
    finest = MOST_PIXELS_A_SIDE * POINTS_PER_INCH / max(box.width, box.height, 1.0)
    return min(max(LEAST_DPI, min(wanted, MOST_DPI)), finest)


def find_ink_bounds(
    samples: bytes, width: int, height: int, channels: int
) -> tuple[int, int, int, int] | None:
    """Find the bounds of all ink of an image as (left, top, right, bottom), or None if it is blank.

    Bounds are in pixels, the last two exclusive. `samples` are the rows from the top, without
    padding, `channels` bytes a pixel.
    """
    stride = width * channels
    rows = [samples[start : start + stride] for start in range(0, height * stride, stride)]
    top = next((number for number, row in enumerate(rows) if _clean(row).strip(_WHITE)), None)
    if top is None:
        return None
    bottom = next(
        number for number in range(height, top, -1) if _clean(rows[number - 1]).strip(_WHITE)
    )
    left, right = stride, 0
    for row in rows[top:bottom]:
        # Most of a row lies between the bounds that are known by then, and need not be looked at.
        left -= len(_clean(row[:left]).lstrip(_WHITE))
        right += len(_clean(row[right:]).rstrip(_WHITE))
    return left // channels, top, -(-right // channels), bottom


def _clean(row: bytes) -> bytes:
    """Make white what is nearly so."""
    return row.translate(_TO_WHITE)


def cut_out(
    samples: bytes, width: int, channels: int, bounds: tuple[int, int, int, int]
) -> list[bytes]:
    """Cut a part out of an image `width` pixels wide, row by row; arguments as above."""
    left, top, right, bottom = bounds
    stride = width * channels
    starts = range(top * stride, bottom * stride, stride)
    return [samples[start + left * channels : start + right * channels] for start in starts]


def choose_legible_dpi(letter_size: float) -> float:
    """Choose the resolution at which letters of a size in points are legible.

    Each CSS pixel of the image then has `PIXEL_DENSITY` pixels.
    """
    return POINTS_PER_INCH * PIXEL_DENSITY * LEGIBLE_PIXELS / max(letter_size, 1.0)


def choose_crop(
    page: BBox, lines: Sequence[BBox], value: Sequence[BBox], blocks: Sequence[BBox]
) -> BBox:
    """Choose the part of a page around the lines of a passage.

    Of lines in several places, those with the `value` are shown, or else the most. The paragraphs
    of the passage, `blocks`, are shown from end to end of their lines. Without any line it is the
    whole page.
    """
    groups = [*_group_lines(lines)] or [[box] for box in value[:1]]
    if not groups:
        return page
    shown = max(groups, key=lambda group: (_has_any(group, value), len(group)))
    around = enclose(shown)
    height = max(1.0, median(line.height for line in shown))
    wide = enclose([around, *(each for each in blocks if intersects(each, around))])
    left, right = wide.x0 - _MARGIN_POINTS, wide.x1 + _MARGIN_POINTS
    missing = max(0.0, _MIN_WIDTH_POINTS - (right - left)) / 2
    context = _CONTEXT_LINES * height
    box = BBox(left - missing, around.y0 - context, right + missing, around.y1 + context)
    return clip(box, page)


def _group_lines(lines: Sequence[BBox]) -> Iterator[list[BBox]]:
    """Yield runs of lines that stand below each other without a gap."""
    group: list[BBox] = []
    for line in lines:
        if group and not _follows(group[-1], line):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _follows(above: BBox, line: BBox) -> bool:
    """Tell whether a line stands below another, or beside it in a row of a table."""
    height = max(above.height, line.height)
    if overlap_height(above, line) > height / 2:
        return True
    gap = line.y0 - above.y1
    return abs(gap) <= _MAX_GAP_LINES * height and overlap_width(above, line) > 0


def _has_any(lines: Sequence[BBox], value: Sequence[BBox]) -> bool:
    return any(
        overlap_width(line, box) > 0 and line.y0 <= (box.y0 + box.y1) / 2 <= line.y1
        for line in lines
        for box in value
    )
