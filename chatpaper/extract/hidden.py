"""Text that a reader of the page cannot see: parted from the rest before anything else looks at it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import BBox, HiddenText
from chatpaper.extract.boxes import contains, intersects
from chatpaper.extract.page import Drawing, Line, Page, PdfContent, Span

# Type below this cannot be read without a lens; the labels of shrunken plots go down to 3 points.
_TINY_POINTS = 2.0
# Below this share of full paint, of 255, text vanishes on paper and screen.
_FAINT_ALPHA = 25
# Colours nearer than this, in each of red, green and blue out of 255, cannot be told apart.
_SAME_COLOR = 14
# A scan with recognised text has its invisible words under or over a picture of the whole page.
_SCAN_SHARE = 0.7
# Single hidden letters and symbols (tricks of typesetters to build signs) are no message; a word is.
_WORD = re.compile(r"[^\W\d_]{3}|[\u3040-\u30ff\u3400-\u9fff]{2}")

_WHITE = 0xFFFFFF


def part_hidden(content: PdfContent) -> tuple[PdfContent, tuple[HiddenText, ...]]:
    """The content without hidden text, and that text with its pages."""
    parted = [_part_page(page) for page in content.pages]
    hidden = tuple(HiddenText(page.number, text) for page, texts in parted for text in texts if _WORD.search(text))
    return replace(content, pages=tuple(page for page, _ in parted)), hidden


def is_recognised_scan(page: Page) -> bool:
    """Whether the page is a picture with the words that were recognised in it laid invisibly over it."""
    letters = [span for line in page.lines for span in line.spans if not span.text.isspace()]
    return bool(letters) and all(span.invisible or span.covered for span in letters) and has_page_picture(page)


def has_page_picture(page: Page) -> bool:
    """Whether bitmaps cover most of the page."""
    covered = max((bitmap.bbox.width * bitmap.bbox.height for bitmap in page.bitmaps), default=0.0)
    strips = sum(
        bitmap.bbox.width * bitmap.bbox.height for bitmap in page.bitmaps if bitmap.bbox.width > page.width / 2
    )
    return max(covered, strips) >= _SCAN_SHARE * page.width * page.height


def _part_page(page: Page) -> tuple[Page, list[str]]:
    """The page without its hidden text, and that text: lines that follow each other are one."""
    if is_recognised_scan(page):
        return page, []
    sheet = BBox(0, 0, page.width, page.height)
    fills = _Fills.of(page)
    lines: list[Line] = []
    hidden: list[str] = []
    goes_on = False
    for line in page.lines:
        shown = [span for span in line.spans if not _is_hidden(span, page, sheet, fills)]
        if len(shown) == len(line.spans):
            lines.append(line)
            goes_on = False
            continue
        text = "".join(span.text for span in line.spans if span not in shown).strip()
        if goes_on:
            hidden[-1] = f"{hidden[-1]} {text}".strip()
        else:
            hidden.append(text)
        goes_on = True
        rest = _with_spans(line, shown)
        if rest.spans:
            lines.append(rest)
    return (replace(page, lines=tuple(lines)) if hidden else page), hidden


def _with_spans(line: Line, spans: Sequence[Span]) -> Line:
    """The line with fewer spans: of none of them if only spaces are left."""
    if not any(span.text.strip() for span in spans):
        return replace(line, spans=())
    return replace(line, spans=tuple(spans))


@dataclass(frozen=True, slots=True)
class _Fills:
    """The filled shapes of a page that may stand behind a letter, in painting order, and their colours."""

    shapes: tuple[Drawing, ...]
    colors: frozenset[int]

    @classmethod
    def of(cls, page: Page) -> "_Fills":
        shapes = tuple(
            drawing
            for drawing in page.drawings
            if drawing.fill is not None and min(drawing.bbox.width, drawing.bbox.height) > _LEAST_FILL_POINTS
        )
        return cls(shapes, frozenset(drawing.fill for drawing in shapes if drawing.fill is not None) | {_WHITE})


# Narrower shapes are rules and marks of plots; no letter stands on them.
_LEAST_FILL_POINTS = 3.0


def _is_hidden(span: Span, page: Page, sheet: BBox, fills: _Fills) -> bool:
    if span.text.isspace():
        return False
    if span.invisible or span.covered or span.cut_off or span.alpha < _FAINT_ALPHA or span.size < _TINY_POINTS:
        return True
    if not intersects(span.bbox, sheet):
        return True
    if not any(_same_color(span.color, color) for color in fills.colors):
        return False
    return _same_color(span.color, _background(span.bbox, page, fills.shapes))


def _background(box: BBox, page: Page, fills: Iterable[Drawing]) -> int | None:
    """The colour that the box stands on: of the last fill around it, else white; None where it cannot be told."""
    pictures = [*(bitmap.bbox for bitmap in page.bitmaps), *page.shades]
    if any(contains(picture, box, tolerance=1) for picture in pictures):
        return None
    color: int | None = _WHITE
    for drawing in fills:
        if intersects(drawing.bbox, box):
            whole = drawing.rectangular and contains(drawing.bbox, box, tolerance=1) and drawing.opacity > _OPAQUE
            color = drawing.fill if whole else (color if drawing.fill == color else None)
    return color


_OPAQUE = 0.9


def _same_color(color: int, background: int | None) -> bool:
    if background is None:
        return False
    return all(abs((color >> shift & 255) - (background >> shift & 255)) <= _SAME_COLOR for shift in (0, 8, 16))
