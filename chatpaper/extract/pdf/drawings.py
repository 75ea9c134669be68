"""The painted paths of a page, each clipped to what shows of it."""

import math

import pymupdf

from chatpaper.domain import BBox
from chatpaper.extract.boxes import intersect
from chatpaper.extract.page import Drawing
from chatpaper.extract.pdf.mupdf_adapter import Raw, convert_drawing

# Figures made of data points have some ten thousand paths; more paths add no information but fill
# the memory (a dense contour plot may have a hundred thousand).
MAX_DRAWINGS_PER_PAGE = 20_000

_EVERYWHERE = BBox(-math.inf, -math.inf, math.inf, math.inf)


def read_drawings(page: pymupdf.Page) -> tuple[tuple[Drawing, ...], tuple[Drawing, ...], bool]:
    """Read the painted paths of a page as (drawings, grounds, whether there were too many to list).

    Each drawing is clipped to the clipping paths around it. `grounds` are the first of them: those
    that are painted opaquely before anything else.
    """
    collector = _DrawingCollector(page.rect, page.rotation_matrix if page.rotation else None)
    page.get_cdrawings(extended=True, callback=collector.add)
    drawings = tuple(collector.drawings)
    return drawings, drawings[: collector.grounds], collector.is_truncated


class _DrawingCollector:
    """Collect the line art of one page from events in painting order.

    Clips and groups come with their nesting level and hold for all that follows at a deeper level.
    """

    def __init__(self, page_rect: pymupdf.Rect, rotation: pymupdf.Matrix | None) -> None:
        self.drawings: list[Drawing] = []
        self.is_truncated = False
        self.grounds = 0
        self._painted = 0
        self._page = BBox(0, 0, page_rect.width, page_rect.height)
        self._rotation = rotation
        # Events of rotated pages are not in the coordinates of the page as shown.
        self._bounds = self._page if rotation is None else _EVERYWHERE
        self._clips: list[tuple[int, BBox]] = []

    def add(self, event: Raw) -> None:
        """Process one event."""
        level = event["level"]
        while self._clips and self._clips[-1][0] >= level:
            self._clips.pop()
        if event["type"] == "clip":
            bounds = self._clips[-1][1] if self._clips else self._bounds
            self._clips.append((level, intersect(bounds, BBox(*event["scissor"]))))
        elif event["type"] != "group":
            self._add_path(event)

    def _add_path(self, event: Raw) -> None:
        if len(self.drawings) >= MAX_DRAWINGS_PER_PAGE:
            self.is_truncated = True
            return
        bounds = self._clips[-1][1] if self._clips else self._bounds
        shown = intersect(BBox(*event["rect"]), bounds)
        if shown.x1 < shown.x0 or shown.y1 < shown.y0:
            return
        if self._rotation is not None:
            shown = intersect(BBox(*(pymupdf.Rect(*shown) * self._rotation)), self._page)
            if shown.width < 0 or shown.height < 0:
                return
        self.drawings.append(convert_drawing(event, shown))
        self._count_ground(event["seqno"])

    def _count_ground(self, number: int) -> None:
        """Count the last drawing as ground if it is opaque and only grounds precede it."""
        if (
            number == self._painted
            and self.drawings[-1].opacity == 1
            and len(self.drawings) == self.grounds + 1
        ):
            self.grounds += 1
            self._painted += 1
