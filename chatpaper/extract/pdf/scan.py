"""Scanned pages with recognised text: find the figures and rules in their picture.

Such a page has no drawings. Its figures and rules are the ink that no recognised word stands on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatpaper.domain import BBox
from chatpaper.extract.page import Bitmap, Drawing, Page
from chatpaper.extract.pdf.graphics import cluster_boxes, is_rule
from chatpaper.extract.pdf.hidden import is_ocr_scan
from chatpaper.extract.pdf.ink import COARSE, Painter
from chatpaper.extract.pdf.raster import Raster

# Smaller remains are unrecognised words, stamps and specks.
LEAST_FIGURE_POINTS = 30.0
# Paper in scans is grey and stained; lines in figures are darker by more than this, out of 255.
_DARKER = 64
# Strokes reach beyond the boxes of recognised words.
_WORD_MARGIN_POINTS = 1.5


def add_scan_figures(page: Page, painter: Painter) -> Page:
    """Add the pictures and rules found in a scan to its page; return other pages unchanged."""
    if not is_ocr_scan(page):
        return page
    bounds = BBox(0, 0, page.width, page.height)
    picture = painter.paint(bounds, COARSE, text=False, colored=False)
    strokes = list(_find_strokes(picture, painter.find_words()))
    found = cluster_boxes(strokes, page.width, page.height) if strokes else []
    pictures = tuple(
        Bitmap(box) for box in found if min(box.width, box.height) >= LEAST_FIGURE_POINTS
    )
    rules = tuple(
        Drawing(box, 0, None, 0.0, 1.0, rectangular=True) for box in found if is_rule(box)
    )
    return replace(page, bitmaps=(*page.bitmaps, *pictures), drawings=(*page.drawings, *rules))


def _find_strokes(picture: Raster, words: Sequence[BBox]) -> Iterator[BBox]:
    """Find the dark runs of each row of pixels that no word covers, as boxes one pixel high."""
    ground = max(range(256), key=picture.samples.count) if picture.samples else 0
    dark = bytes(ground - value > _DARKER for value in range(256))
    rows = [
        bytearray(picture.samples[start : start + picture.width].translate(dark))
        for start in _find_row_starts(picture)
    ]
    for word in words:
        left, right = (_find_pixel(edge, picture.width) for edge in _widen(word.x0, word.x1))
        top, bottom = (_find_pixel(edge, picture.height) for edge in _widen(word.y0, word.y1))
        for row in rows[top:bottom]:
            row[left:right] = bytes(right - left)
    for y, row in enumerate(rows):
        start = row.find(1)
        while start >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            yield BBox(picture.x0 + start, picture.y0 + y, picture.x0 + end, picture.y0 + y + 1)
            start = row.find(1, end)


def _find_row_starts(picture: Raster) -> range:
    return range(0, picture.width * picture.height, picture.width)


def _widen(low: float, high: float) -> tuple[float, float]:
    return low - _WORD_MARGIN_POINTS, high + _WORD_MARGIN_POINTS


def _find_pixel(edge: float, end: int) -> int:
    return max(0, min(end, round(edge * COARSE)))
