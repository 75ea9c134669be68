"""Pages as pixels, with their text and without it, and where they have blended painting."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import pymupdf
from pymupdf import mupdf

from chatpaper.domain import BBox
from chatpaper.extract.pdf.overlaid import shares_text
from chatpaper.extract.pdf.raster import Raster


class PagePainter:
    """Paint regions of one page from its display list."""

    def __init__(self, display_list: pymupdf.DisplayList) -> None:
        self._display_list = display_list

    def paint(self, box: BBox, scale: float, *, text: bool, colored: bool) -> Raster:
        """Paint the box, with the text that stands there or without it."""
        colors = mupdf.fz_device_rgb() if colored else mupdf.fz_device_gray()
        return _paint(self._display_list, box, scale, colors, text=text)

    def paint_without(self, box: BBox, scale: float, text: str) -> Raster | None:
        """Paint the box in colour without text objects that contain `text` or are part of it.

        Returns None if there are none.
        """
        without = _TextFilter(text)
        painted = _paint(
            self._display_list, box, scale, mupdf.fz_device_rgb(), through=without.forward_to
        )
        return painted if without.has_dropped else None

    def find_words(self) -> Sequence[BBox]:
        """List the boxes of all words, line by line, from left to right."""
        page = pymupdf.TextPage(
            self._display_list.get_textpage(flags=pymupdf.TEXT_PRESERVE_WHITESPACE)
        )
        return [BBox(*word[:4]) for word in page.extractWORDS()]

    def survey(self) -> "Survey":
        """Find where the page has more than type and line art."""
        survey = Survey()
        everywhere = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
        mupdf.fz_run_display_list(
            self._display_list.this, survey, mupdf.FzMatrix(), everywhere, mupdf.FzCookie()
        )
        return survey


def _paint(
    display_list: pymupdf.DisplayList,
    box: BBox,
    scale: float,
    colors: mupdf.FzColorspace,
    *,
    text: bool = True,
    through: Callable[[Any], Any] | None = None,
) -> Raster:
    matrix = mupdf.FzMatrix(scale, 0, 0, scale, 0, 0)
    area = mupdf.fz_round_rect(mupdf.fz_transform_rect(mupdf.FzRect(*box), matrix))
    pixmap = mupdf.fz_new_pixmap_with_bbox(colors, area, mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(pixmap, 255)
    device = mupdf.fz_new_draw_device(matrix, pixmap)
    if not text:
        # A device without these functions ignores text, and paints all else as usual.
        device.m_internal.fill_text = None
        device.m_internal.stroke_text = None
    first = through(device) if through is not None else device
    mupdf.fz_run_display_list(
        display_list.this, first, mupdf.FzMatrix(), mupdf.FzRect(*box), mupdf.FzCookie()
    )
    mupdf.fz_close_device(device)
    samples = bytes(mupdf.fz_pixmap_samples_memoryview(pixmap))
    return Raster(pixmap.x(), pixmap.y(), pixmap.w(), pixmap.h(), pixmap.n(), scale, samples)


class _TextFilter(mupdf.FzDevice2):
    """Forward everything to a painting device but text that contains `text` or is part of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.has_dropped = False
        self._painting: Any = None
        self._text = text
        for name in (*_HANDED_ON, *_OF_TEXT):
            getattr(self, f"use_virtual_{name}")()

    def forward_to(self, painting: Any) -> Self:
        """Set the device to forward to."""
        self._painting = painting.m_internal
        return self

    def _must_drop(self, text: Any) -> bool:
        is_of_it = shares_text(_read_characters(text), self._text)
        self.has_dropped |= is_of_it
        return is_of_it

    def fill_text(
        self, context: Any, text: Any, matrix: Any, colors: Any, color: Any, *rest: Any
    ) -> None:
        """Forward filled text."""
        if not self._must_drop(text):
            # This function alone takes the components of a colour as a list, of at most four.
            count = min(_MOST_PARTS_OF_A_COLOR, mupdf.ll_fz_colorspace_n(colors))
            parts = [mupdf.floats_getitem(color, index) for index in range(count)]
            mupdf.ll_fz_fill_text(self._painting, text, matrix, colors, parts, *rest)

    def stroke_text(self, context: Any, text: Any, *rest: Any) -> None:
        """Forward stroked text."""
        if not self._must_drop(text):
            mupdf.ll_fz_stroke_text(self._painting, text, *rest)

    def begin_tile(self, context: Any, *rest: Any) -> int:
        """Forward the beginning of a pattern."""
        return int(mupdf.ll_fz_begin_tile_tid(self._painting, *rest))


_MOST_PARTS_OF_A_COLOR = 4
_OF_TEXT = ("fill_text", "stroke_text", "begin_tile")
_HANDED_ON = (
    *(
        "fill_path",
        "stroke_path",
        "clip_path",
        "clip_stroke_path",
        "clip_text",
        "clip_stroke_text",
        "fill_shade",
    ),
    *(
        "fill_image",
        "fill_image_mask",
        "clip_image_mask",
        "pop_clip",
        "begin_mask",
        "end_mask",
        "begin_group",
    ),
    *("end_group", "end_tile"),
)


def _make_forwarder(name: str) -> Callable[..., None]:
    hand_on = getattr(mupdf, "ll_fz_end_mask_tr" if name == "end_mask" else f"ll_fz_{name}")

    def method(self: _TextFilter, context: Any, *rest: Any) -> None:
        hand_on(self._painting, *rest)

    return method


for _name in _HANDED_ON:
    setattr(_TextFilter, _name, _make_forwarder(_name))


def _read_characters(text: Any) -> str:
    """Read the characters of one text object."""
    found: list[int] = []
    span = text.head
    while span:
        part = mupdf.FzTextSpan(span)
        found += [part.items(index).ucs for index in range(part.m_internal.len)]
        span = span.next
    return "".join(chr(code) for code in found if code > 0)


class Survey(mupdf.FzDevice2):
    """What a page has besides type and line art.

    `blended` are the boxes of gradients, patterns, masks, groups that are blended, and clips that
    are no rectangles: all that can change how text looks but fills, strokes and pictures.
    """

    def __init__(self) -> None:
        super().__init__()
        self.blended: list[BBox] = []
        self.has_pictures = False
        self.use_virtual_fill_image()
        self.use_virtual_fill_image_mask()
        self.use_virtual_fill_shade()
        self.use_virtual_begin_tile()
        self.use_virtual_begin_mask()
        self.use_virtual_begin_group()
        self.use_virtual_clip_path()

    def fill_image(self, context: Any, *rest: Any) -> None:
        """Note a picture."""
        self.has_pictures = True

    def fill_image_mask(self, context: Any, *rest: Any) -> None:
        """Note a picture of one colour."""
        self.has_pictures = True

    def fill_shade(self, context: Any, shade: Any, matrix: Any, *rest: Any) -> None:
        """Note a gradient, which the library lists as a picture too."""
        self.has_pictures = True
        self._add(mupdf.ll_fz_bound_shade(shade, matrix))

    def begin_tile(self, context: Any, area: Any, view: Any, *rest: Any) -> int:
        """Note a pattern."""
        self._add(mupdf.ll_fz_transform_rect(area, rest[2]))
        return 0

    def begin_mask(self, context: Any, area: Any, *rest: Any) -> None:
        """Note a mask."""
        self._add(area)

    def begin_group(
        self, context: Any, area: Any, colors: Any, isolated: Any, knockout: Any, *rest: Any
    ) -> None:
        """Note a group with a blend mode of its own."""
        if rest[0] != mupdf.FZ_BLEND_NORMAL:
            self._add(area)

    def clip_path(self, context: Any, path: Any, even_odd: Any, matrix: Any, scissor: Any) -> None:
        """Note a clipping path that is not a rectangle."""
        if not mupdf.ll_fz_path_is_rect(path, matrix):
            self._add(mupdf.ll_fz_bound_path(path, None, matrix))

    def _add(self, box: Any) -> None:
        self.blended.append(BBox(box.x0, box.y0, box.x1, box.y1))
