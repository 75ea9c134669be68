"""Pixels of pages, compared: whether type stands there, whether two pictures differ."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor
from operator import ne, sub

from chatpaper.domain import BBox

# Neighbouring pixels under a line of type often differ; gradients and rules have long even
# stretches.
LEAST_CHANGES = 0.1
# An even ground has one colour nearly everywhere.
EVEN_SHARE = 0.8
# Nearer greys count as equal when changes are counted.
_GREYS_A_STEP = 12
_STEPS = bytes(value // _GREYS_A_STEP for value in range(256))
# A line of type is compared in this many parts at most.
_MOST_PARTS = 24

Rows = Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Raster:
    """Pixels of a region of a page.

    `x0` and `y0` are the pixel coordinates of its top left corner, `scale` is in pixels a point,
    `samples` are the rows from the top without padding, `channels` bytes a pixel.
    """

    x0: int
    y0: int
    width: int
    height: int
    channels: int
    scale: float
    samples: bytes

    def rows(self, box: BBox) -> Rows:
        """Return the rows of pixels in the box: at least one if the box meets the raster at all."""
        left, right = _find_pixel_range(
            box.x0 * self.scale - self.x0, box.x1 * self.scale - self.x0, self.width
        )
        top, bottom = _find_pixel_range(
            box.y0 * self.scale - self.y0, box.y1 * self.scale - self.y0, self.height
        )
        first, last = left * self.channels, right * self.channels
        starts = range(
            top * self.width * self.channels,
            bottom * self.width * self.channels,
            self.width * self.channels,
        )
        return (
            [self.samples[start + first : start + last] for start in starts] if last > first else []
        )


def _find_pixel_range(low: float, high: float, end: int) -> tuple[int, int]:
    if high <= 0 or low >= end:
        return 0, 0
    # Always rounded up from the middle of a pixel, so that rasters with other corners have the same
    # pixels for a box.
    first = max(0, min(floor(low + 0.5), end - 1))
    return first, min(end, max(floor(high + 0.5), first + 1))


def has_changes(grey: Rows) -> bool:
    """Tell whether neighbouring pixels, along the longer side, differ as often as under type."""
    lines = [line.translate(_STEPS) for line in _orient_along(grey)]
    if not lines or len(lines[0]) < 2:
        return False
    most: int = max(sum(map(ne, line, line[1:])) for line in lines)
    return most >= LEAST_CHANGES * len(lines[0])


def measure_difference(rows: Rows, others: Rows, characters: int) -> float:
    """Measure under which share of `characters`, along the longer side, two pictures differ.

    Both pictures have one size; the result is 0 if they have not.
    """
    lines, other_lines = _orient_along(rows), _orient_along(others)
    if not lines or len(lines) != len(other_lines) or len(lines[0]) != len(other_lines[0]):
        return 0.0
    differing = 0
    for line, other in zip(lines, other_lines, strict=True):
        differing |= int.from_bytes(line) ^ int.from_bytes(other)
    places = differing.to_bytes(len(lines[0]))
    count = max(1, min(characters, _MOST_PARTS, len(places)))
    edges = [number * len(places) // count for number in range(count + 1)]
    return sum(any(places[start:end]) for start, end in pairwise(edges)) / count


def differs_by(rows: Rows, others: Rows, least: int) -> bool:
    """Tell whether two pictures of one size differ by at least `least`, of 255, anywhere."""
    pairs = zip(rows, others, strict=True)
    return any(
        one != other and max(map(abs, map(sub, one, other))) >= least for one, other in pairs
    )


def find_even_color(rgb: Rows) -> bytes | None:
    """Find the one colour of a picture, sampled in its middle row; None if there are many."""
    row = rgb[len(rgb) // 2] if rgb else b""
    pixels = [row[start : start + 3] for start in range(0, len(row), 3)]
    color, count = Counter(pixels).most_common(1)[0] if pixels else (None, 0)
    return color if count >= EVEN_SHARE * len(pixels) else None


def _orient_along(rows: Rows) -> Rows:
    """Return the pixels line by line along the longer side."""
    if not rows or len(rows) <= len(rows[0]):
        return rows
    return [bytes(column) for column in zip(*rows, strict=True)]
