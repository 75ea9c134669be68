"""Rotate pages by a right angle, so that sideways figures and tables can be read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import BBox
from chatpaper.extract.layout.caption_labels import begins_with_label
from chatpaper.extract.layout.layout import PageLayout
from chatpaper.extract.layout.typesetting import Column
from chatpaper.extract.page import Bitmap, Drawing, Line, Page, Span, Word
from chatpaper.extract.pdf.graphics import cluster_boxes
from chatpaper.extract.textline import build_text_line

# Text is sideways when it runs along the page within a degree or so.
UPRIGHT_SINE = 0.99
# The share of a line's box that is below its base line.
DESCENT_SHARE = 0.22


@dataclass(frozen=True, slots=True)
class Rotation:
    """A rotation of a page by a right angle; sizes are those of the page as shown.

    `upwards` is for text that runs from the foot of the page to its head.
    """

    width: float
    height: float
    upwards: bool

    def __call__(self, box: BBox) -> BBox:
        """Map a box of the page to the rotated page."""
        if self.upwards:
            return BBox(self.height - box.y1, box.x0, self.height - box.y0, box.x1)
        return BBox(box.y0, self.width - box.x1, box.y1, self.width - box.x0)

    def undo(self, box: BBox) -> BBox:
        """Map a box of the rotated page back to the page."""
        if self.upwards:
            return BBox(box.y0, self.height - box.x1, box.y1, self.height - box.x0)
        return BBox(self.width - box.y1, box.x0, self.width - box.y0, box.x1)


@dataclass(frozen=True, slots=True)
class RotatedPage:
    """A page with one direction of its text made upright; `barriers` is where other text stands.

    `originals` are the lines as they are on the page, in the order of `page.lines`.
    """

    rotation: Rotation
    page: Page
    layout: PageLayout
    barriers: tuple[BBox, ...]
    originals: tuple[Line, ...]


def rotate_page(page: Page, layout: PageLayout) -> Iterator[RotatedPage]:
    """Rotate a page to each side on which it has captions; most pages have none."""
    for upwards in (True, False):
        lines = [line for line in page.lines if _runs(line, upwards)]
        if any(begins_with_label(line) for line in lines):
            yield _rotate(page, layout, lines, Rotation(page.width, page.height, upwards))


def _runs(line: Line, upwards: bool) -> bool:
    sine = line.direction[1]
    return sine < -UPRIGHT_SINE if upwards else sine > UPRIGHT_SINE


def _rotate(
    page: Page, layout: PageLayout, lines: Sequence[Line], rotation: Rotation
) -> RotatedPage:
    made = tuple(_rotate_line(line, rotation) for line in lines)
    column = Column(min(line.bbox.x0 for line in made), max(line.bbox.x1 for line in made))
    width, height = page.height, page.width
    return RotatedPage(
        rotation=rotation,
        page=replace(
            page,
            width=width,
            height=height,
            lines=made,
            drawings=tuple(_rotate_drawing(drawing, rotation) for drawing in page.drawings),
            bitmaps=tuple(Bitmap(rotation(bitmap.bbox)) for bitmap in page.bitmaps),
            links=(),
            words=tuple(Word(word.text, rotation(word.bbox)) for word in page.words),
        ),
        layout=replace(
            layout,
            width=width,
            height=height,
            columns=(column,),
            lines=tuple(
                sorted(
                    (build_text_line(page.number, line.spans) for line in made),
                    key=lambda line: line.baseline,
                )
            ),
            furniture=(),
            vertical=(),
        ),
        barriers=tuple(rotation(box) for box in _join_upright(layout)),
        originals=tuple(lines),
    )


def _join_upright(layout: PageLayout) -> list[BBox]:
    """Join the upright text of a page where it is near, such as the labels of one drawing."""
    near = [
        BBox(
            line.bbox.x0 - line.style.size,
            line.bbox.y0 - line.style.size / 2,
            line.bbox.x1 + line.style.size,
            line.bbox.y1 + line.style.size / 2,
        )
        for line in layout.lines
    ]
    return cluster_boxes(near, layout.width, layout.height) if near else []


def _rotate_drawing(drawing: Drawing, rotation: Rotation) -> Drawing:
    return replace(drawing, bbox=rotation(drawing.bbox))


def _rotate_line(line: Line, rotation: Rotation) -> Line:
    return replace(
        line,
        spans=tuple(_rotate_span(span, rotation) for span in line.spans),
        bbox=rotation(line.bbox),
        direction=(1.0, 0.0),
    )


def _rotate_span(span: Span, rotation: Rotation) -> Span:
    box = rotation(span.bbox)
    return replace(span, bbox=box, baseline=box.y1 - DESCENT_SHARE * box.height)
