"""Render pages of PDF files, and regions of them, and shrink what was rendered."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from chatpaper.domain import BBox
from chatpaper.domain.errors import ExtractError
from chatpaper.extract.pdf.crops import (
    POINTS_PER_INCH,
    choose_crop,
    choose_dpi,
    choose_legible_dpi,
    cut_out,
    find_ink_bounds,
)
from chatpaper.extract.pdf.highlights import PageImage, PageText, PageWord
from chatpaper.extract.pdf.reader import open_pdf

# As white paper looks under a highlighter; black text on either keeps a contrast of more than 10:1.
PASSAGE_COLOUR = 0xFFF3A0
VALUE_COLOUR = 0xFFC24D
# A page of a journal is legible at this resolution, and its PNG takes a quarter of a megabyte.
DOTS_PER_INCH = 120.0
MOST_PAGE_PIXELS_A_SIDE = 2400
# Letters of papers, where the page itself has none: a scan.
_USUAL_LETTER_POINTS = 10.0


@dataclass(frozen=True, slots=True)
class Crop:
    """An image of a region: its box, shrunk to the ink, and the bytes of a PNG."""

    bbox: BBox
    png: bytes


class Renderer:
    """Render regions of the pages of one open PDF, without annotations.

    Pages count from 1. The display list of a page is kept until another page is asked for, so ask
    page by page.
    """

    def __init__(self, pdf: pymupdf.Document) -> None:
        self._pdf = pdf
        self._number = 0
        self._display_list: pymupdf.DisplayList | None = None

    def render_region(self, page_number: int, box: BBox, dots_per_inch: float) -> pymupdf.Pixmap:
        """Render `box` of a page as RGB pixels."""
        if self._number != page_number:
            self._display_list = self._pdf[page_number - 1].get_displaylist(annots=0)
            self._number = page_number
        assert self._display_list is not None
        scale = dots_per_inch / POINTS_PER_INCH
        matrix, clip = pymupdf.Matrix(scale, scale), pymupdf.Rect(*box)
        pixmap: pymupdf.Pixmap = self._display_list.get_pixmap(matrix=matrix, clip=clip)
        return pixmap

    @property
    def page_count(self) -> int:
        """The number of pages."""
        return int(self._pdf.page_count)

    def measure_page(self, page_number: int) -> BBox:
        """Return the box of the page as shown, in points from its own top left corner."""
        page = self._pdf[page_number - 1]
        return BBox(0, 0, page.rect.width, page.rect.height)

    def read_words(self, page_number: int) -> tuple[PageWord, ...]:
        """Read the words of a page in the order of its text, each with the line that it is in."""
        page = self._pdf[page_number - 1]
        return tuple(
            PageWord(
                BBox(*(pymupdf.Rect(word[:4]) * page.rotation_matrix)), word[4], (word[5], word[6])
            )
            for word in page.get_text("words")
        )

    def measure_letters(self, page_number: int, boxes: Sequence[BBox]) -> float:
        """Measure the size of most letters in some boxes of a page, or on all of it, in points."""
        sizes: Counter[float] = Counter()
        for box in boxes or [self.measure_page(page_number)]:
            text = self._pdf[page_number - 1].get_text("dict", clip=pymupdf.Rect(*box))
            for block in text["blocks"]:
                for line in block.get("lines", ()):
                    for span in line["spans"]:
                        sizes[round(span["size"], 1)] += len(span["text"])
        return max(sizes, key=lambda size: sizes[size], default=_USUAL_LETTER_POINTS)

    def render_marked(
        self, page_number: int, box: BBox, dots_per_inch: float, marked: Sequence[tuple[BBox, int]]
    ) -> bytes:
        """Render `box` of a page as PNG; in `marked` boxes white is another colour (0xRRGGBB)."""
        whole = self.render_region(page_number, box, dots_per_inch)
        for each, colour in marked:
            part = self.render_region(page_number, each, dots_per_inch)
            part.tint_with(0, colour)
            whole.copy(part, part.irect)
        return bytes(whole.tobytes("png"))

    def crop(self, page_number: int, box: BBox) -> Crop | None:
        """Crop a page to the ink within `box`; None if there is none."""
        dots_per_inch = choose_dpi(box)
        pixmap = self.render_region(page_number, box, dots_per_inch)
        samples = pixmap.samples
        bounds = find_ink_bounds(samples, pixmap.width, pixmap.height, pixmap.n)
        if bounds is None:
            return None
        left, top, right, bottom = bounds
        points = POINTS_PER_INCH / dots_per_inch
        return Crop(
            BBox(
                (pixmap.x + left) * points,
                (pixmap.y + top) * points,
                (pixmap.x + right) * points,
                (pixmap.y + bottom) * points,
            ),
            encode_png(cut_out(samples, pixmap.width, pixmap.n, bounds)),
        )


def encode_png(rows: Sequence[bytes]) -> bytes:
    """Encode rows of RGB pixels as PNG: in shades of grey if none has a colour.

    That takes half the time and less room.
    """
    is_grey = all(row[::3] == row[1::3] == row[2::3] for row in rows)
    colours, step = (pymupdf.csGRAY, 3) if is_grey else (pymupdf.csRGB, 1)
    samples = b"".join(row[::step] for row in rows)
    pixmap = pymupdf.Pixmap(colours, len(rows[0]) // 3, len(rows), samples, False)
    return bytes(pixmap.tobytes("png"))


@contextmanager
def open_renderer(path: Path) -> Iterator[Renderer]:
    """Open a renderer of the PDF at `path`. Raises ExtractError as `read_pdf` does."""
    with open_pdf(path) as pdf:
        yield Renderer(pdf)


def render_marked_page(
    pdf: Path, page_number: int, passage: str, value: str, *, cropped: bool = False
) -> PageImage:
    """Render a page, counted from 1, with the words of `passage` highlighted, and `value` in them.

    If the page does not have the passage, `value` is marked wherever it stands. `cropped` to the
    passage, it is large enough to be read on a phone. Raises ExtractError as `read_pdf` does, and
    with reason "no such page".
    """
    with open_renderer(pdf) as renderer:
        if not 1 <= page_number <= renderer.page_count:
            raise ExtractError(
                f"{pdf.name} has no page {page_number}", path=str(pdf), reason="no such page"
            )
        box = renderer.measure_page(page_number)
        text = PageText(renderer.read_words(page_number))
        stretch = text.find_passage(passage)
        passage_boxes = text.list_line_boxes(stretch)
        value_boxes = tuple(
            each
            for found in text.find_value(value, stretch)
            for each in text.list_line_boxes(found)
        )
        marked = [*_coloured(passage_boxes, PASSAGE_COLOUR), *_coloured(value_boxes, VALUE_COLOUR)]
        dots_per_inch = DOTS_PER_INCH
        if cropped:
            blocks = text.list_block_boxes(stretch)
            box = choose_crop(box, passage_boxes, value_boxes, blocks)
            letters = renderer.measure_letters(page_number, passage_boxes or value_boxes)
            dots_per_inch = choose_legible_dpi(letters)
        finest = MOST_PAGE_PIXELS_A_SIDE * POINTS_PER_INCH / max(box.width, box.height, 1.0)
        png = renderer.render_marked(page_number, box, min(dots_per_inch, finest), marked)
    return PageImage(png, box.width, box.height, passage_boxes, value_boxes)


def _coloured(boxes: tuple[BBox, ...], colour: int) -> list[tuple[BBox, int]]:
    return [(box, colour) for box in boxes]


def shrink_png(content: bytes, width: int) -> bytes:
    """Return a PNG that is no wider than so many pixels; empty where it cannot be read."""
    try:
        image = pymupdf.Pixmap(content)
    except (RuntimeError, ValueError):
        return b""
    if image.width <= width:
        return content
    height = max(1, round(image.height * width / image.width))
    return bytes(pymupdf.Pixmap(image, width, height, None).tobytes("png"))
