"""A page of a PDF as an image in which a passage is marked."""

from pathlib import Path

from chatpaper.domain import BBox
from chatpaper.domain.errors import ExtractError
from chatpaper.extract.pdf.crops import POINTS_PER_INCH
from chatpaper.extract.pdf.highlights import PageImage, PageText
from chatpaper.extract.pdf.rendering import open_renderer

# As white paper looks under a highlighter; black text on either keeps a contrast of more than 10 :
# 1.
PASSAGE_COLOUR = 0xFFF3A0
VALUE_COLOUR = 0xFFC24D
# A page of a journal reads well so, and its PNG takes a quarter of a megabyte.
DOTS_PER_INCH = 120.0
MOST_PIXELS_A_SIDE = 2400


def render_marked_page(pdf: Path, page_number: int, passage: str, value: str) -> PageImage:
    """The page, which counts from 1, with the words of `passage` marked, and those of `value` in
    it.

    Where the page does not have the passage, `value` is marked wherever it stands. Raises
    ExtractError as `read_pdf` does, and with reason "no such page".
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
        finest = MOST_PIXELS_A_SIDE * POINTS_PER_INCH / max(box.width, box.height, 1.0)
        png = renderer.render_page(page_number, min(DOTS_PER_INCH, finest), marked)
    return PageImage(png, box.width, box.height, passage_boxes, value_boxes)


def _coloured(boxes: tuple[BBox, ...], colour: int) -> list[tuple[BBox, int]]:
    return [(box, colour) for box in boxes]
