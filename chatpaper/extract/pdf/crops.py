"""Crops of pages: at which resolution to render a region, and where its ink ends.

Pure: pixels come in as bytes.
"""

from chatpaper.domain import BBox

POINTS_PER_INCH = 72
# Text in figures is legible from 150 dpi on; a figure as wide as the page should have a thousand
# pixels.
LEAST_DPI, MOST_DPI = 150.0, 220.0
WANTED_WIDTH_PIXELS = 1010
# No crop is larger than this either way, however large the page.
MOST_PIXELS_A_SIDE = 3000
# Antialiased edges and the paper tint of scans are lighter than this; they are not ink.
INK_BELOW = 246
_WHITE = 255
_TO_WHITE = bytes(value if value < INK_BELOW else _WHITE for value in range(256))


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
    clean = samples.translate(_TO_WHITE)
    blank = bytes([_WHITE]) * stride
    rows = [clean[start : start + stride] for start in range(0, height * stride, stride)]
    inked = [index for index, row in enumerate(rows) if row != blank]
    if not inked:
        return None
    white = blank[:1]
    left = min(stride - len(rows[index].lstrip(white)) for index in inked) // channels
    right = max(len(rows[index].rstrip(white)) for index in inked)
    return left, inked[0], -(-right // channels), inked[-1] + 1
