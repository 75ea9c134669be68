"""Authors that are printed side by side, each above an institution of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Literal

from chatpaper.extract.boxes import center_x, enclose
from chatpaper.extract.page import Span
from chatpaper.extract.textline import TextLine, build_text_line

# Blocks stand so far apart, in heights of a line: words of a line have half of that between them,
# lines of a block nearly nothing. ACM's and IEEE's classes leave two and more.
_GUTTER_HEIGHTS = 0.6
_GAP_HEIGHTS = 0.45
# Most rows of a block begin at one place or have one center, give or take; marks and blanks behind
# the words of a few move those.
_ALIGNED_HEIGHTS = 0.25
# Raised marks reach into the row above by less than this.
_ROW_HEIGHTS = 0.5
# What is narrower is a column of marks or bullets.
_BLOCK_HEIGHTS = 3.0
# A list of names goes on behind the picture of an identifier.
_GOES_ON = re.compile(r"\s*[,;]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a line has on one side of a gutter; `number` is that of the whole line."""

    number: int
    line: TextLine

    def extent(self, along: Literal["x", "y"]) -> tuple[float, float]:
        box = self.line.bbox
        return (box.x0, box.x1) if along == "x" else (box.y0, box.y1)


def read_by_block(lines: Sequence[TextLine]) -> list[str]:
    """Return the text of lines block by block, each from top to bottom; all are of one page.

    A line that reaches over several blocks is parted. Lines between which no gutter runs keep their
    order.
    """
    if not lines:
        return []
    height = median(line.bbox.height for line in lines)
    pieces = [
        _Piece(number, piece)
        for number, line in enumerate(lines)
        for piece in _split_line(line, _GUTTER_HEIGHTS * height)
    ]
    return [
        " ".join(piece.line.text for piece in of_line)
        for _, of_line in groupby(_sort_by_block(pieces, height), key=lambda piece: piece.number)
    ]


def _split_line(line: TextLine, least_gap: float) -> list[TextLine]:
    parts: list[list[Span]] = []
    for span in line.spans:
        if parts and span.bbox.x0 - parts[-1][-1].bbox.x1 < least_gap:
            parts[-1].append(span)
        else:
            parts.append([span])
    return [line] if len(parts) == 1 else [build_text_line(line.page, part) for part in parts]


def _sort_by_block(pieces: Sequence[_Piece], height: float) -> list[_Piece]:
    """Part pieces at gaps between lines, or else at gutters, as long as there are any."""
    for parts in (_split_bands(pieces, height), _split_columns(pieces, height)):
        if len(parts) > 1:
            return [piece for part in parts for piece in _sort_by_block(part, height)]
    return sorted(pieces, key=lambda piece: (piece.number, piece.line.bbox.x0))


def _split_bands(pieces: Sequence[_Piece], height: float) -> list[list[_Piece]]:
    """Part rows of blocks from each other, and keep names in a row with what is below them."""
    bands: list[list[_Piece]] = []
    names: list[_Piece] = []
    for band in _split_at_gaps(pieces, "y", _GAP_HEIGHTS * height):
        if len(_split_rows(band, height)) == 1 and len(band) > 1:
            names += band
        else:
            bands.append(names + band)
            names = []
    return [*bands, names] if names else bands


def _split_columns(pieces: Sequence[_Piece], height: float) -> list[list[_Piece]]:
    columns = _split_at_gaps(pieces, "x", _GUTTER_HEIGHTS * height)
    return columns if all(_is_block(column, height) for column in columns) else []


def _split_rows(pieces: Sequence[_Piece], height: float) -> list[list[_Piece]]:
    return _split_at_gaps(pieces, "y", -_ROW_HEIGHTS * height)


def _is_block(pieces: Sequence[_Piece], height: float) -> bool:
    """Tell whether pieces are several aligned rows, and no list of names that goes on."""
    rows = [enclose(piece.line.bbox for piece in row) for row in _split_rows(pieces, height)]
    spread = min(
        _measure_spread([row.x0 for row in rows]), _measure_spread([center_x(row) for row in rows])
    )
    return (
        len(rows) > 1
        and spread <= _ALIGNED_HEIGHTS * height
        and max(row.width for row in rows) >= _BLOCK_HEIGHTS * height
        and not any(_GOES_ON.match(piece.line.text) for piece in pieces)
    )


def _measure_spread(values: Sequence[float]) -> float:
    """Measure the median absolute deviation."""
    middle = median(values)
    return median(abs(value - middle) for value in values)


def _split_at_gaps(
    pieces: Sequence[_Piece], along: Literal["x", "y"], least_gap: float
) -> list[list[_Piece]]:
    """Part pieces where there is nothing for `least_gap` points, across the whole of them."""
    parts: list[list[_Piece]] = []
    end = 0.0
    for piece in sorted(pieces, key=lambda piece: piece.extent(along)):
        first, last = piece.extent(along)
        if parts and first - end < least_gap:
            parts[-1].append(piece)
            end = max(end, last)
        else:
            parts.append([piece])
            end = last
    return parts
