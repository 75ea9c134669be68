"""Pages as pixels, with their text and without it; and where they have more than text, fills and pictures."""

from collections.abc import Sequence
from typing import Any

import pymupdf
from pymupdf import mupdf

from chatpaper.domain import BBox
from chatpaper.extract.pdf.raster import Raster


class PagePainter:
    """Paints one page from its display list."""

    def __init__(self, display_list: pymupdf.DisplayList) -> None:
        self._display_list = display_list

    def paint(self, box: BBox, scale: float, *, text: bool, colored: bool) -> Raster:
        """The pixels of the box, with the text that stands there or without it."""
        colors = mupdf.fz_device_rgb() if colored else mupdf.fz_device_gray()
        return _painted(self._display_list, box, scale, colors, text=text)

    def words(self) -> Sequence[BBox]:
        """The boxes of all that stands between white space, line by line, from left to right."""
        page = pymupdf.TextPage(self._display_list.get_textpage(flags=pymupdf.TEXT_PRESERVE_WHITESPACE))
        return [BBox(*word[:4]) for word in page.extractWORDS()]

    def blended(self) -> list[BBox]:
        """Where the page has gradients, patterns, masks, or groups that mix with what is under them."""
        survey = _Survey()
        everywhere = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
        mupdf.fz_run_display_list(self._display_list.this, survey, mupdf.FzMatrix(), everywhere, mupdf.FzCookie())
        return survey.boxes


def _painted(
    display_list: pymupdf.DisplayList, box: BBox, scale: float, colors: mupdf.FzColorspace, *, text: bool
) -> Raster:
    matrix = mupdf.FzMatrix(scale, 0, 0, scale, 0, 0)
    area = mupdf.fz_round_rect(mupdf.fz_transform_rect(mupdf.FzRect(*box), matrix))
    pixmap = mupdf.fz_new_pixmap_with_bbox(colors, area, mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(pixmap, 255)
    device = mupdf.fz_new_draw_device(matrix, pixmap)
    if not text:
        # A device without these functions passes over text: all else is painted as ever.
        device.m_internal.fill_text = None
        device.m_internal.stroke_text = None
    mupdf.fz_run_display_list(display_list.this, device, mupdf.FzMatrix(), mupdf.FzRect(*box), mupdf.FzCookie())
    mupdf.fz_close_device(device)
    samples = bytes(mupdf.fz_pixmap_samples_memoryview(pixmap))
    return Raster(pixmap.x(), pixmap.y(), pixmap.w(), pixmap.h(), pixmap.n(), scale, samples)


class _Survey(mupdf.FzDevice2):
    """Notes the boxes of what can change the looks of text without being a fill, a stroke or a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[BBox] = []
        self.use_virtual_fill_shade()
        self.use_virtual_begin_tile()
        self.use_virtual_begin_mask()
        self.use_virtual_begin_group()
        self.use_virtual_clip_path()

    def fill_shade(self, context: Any, shade: Any, matrix: Any, *rest: Any) -> None:
        """Take a gradient."""
        self._add(mupdf.ll_fz_bound_shade(shade, matrix))

    def begin_tile(self, context: Any, area: Any, view: Any, *rest: Any) -> int:
        """Take a pattern."""
        self._add(mupdf.ll_fz_transform_rect(area, rest[2]))
        return 0

    def begin_mask(self, context: Any, area: Any, *rest: Any) -> None:
        """Take a mask."""
        self._add(area)

    def begin_group(self, context: Any, area: Any, colors: Any, isolated: Any, knockout: Any, *rest: Any) -> None:
        """Take a group that is not painted simply over what is there."""
        if rest[0] != mupdf.FZ_BLEND_NORMAL:
            self._add(area)

    def clip_path(self, context: Any, path: Any, even_odd: Any, matrix: Any, scissor: Any) -> None:
        """Take a clip that leaves out more than what lies outside of its box."""
        if not mupdf.ll_fz_path_is_rect(path, matrix):
            self._add(mupdf.ll_fz_bound_path(path, None, matrix))

    def _add(self, box: Any) -> None:
        self.boxes.append(BBox(box.x0, box.y0, box.x1, box.y1))
