"""Text that a reader of the page cannot see: parted from the rest before anything else looks at it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

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
# Single hidden marks (alignment dots, spacing tricks of typesetters) are no message.
_LEAST_REPORTED_CHARACTERS = 3

_WHITE = 0xFFFFFF


def part_hidden(content: PdfContent) -> tuple[PdfContent, tuple[HiddenText, ...]]:
    """The content without hidden text, and that text with its pages."""
    parted = [_part_page(page) for page in content.pages]
    hidden = tuple(HiddenText(page.number, text) for page, text in parted if len(text) >= _LEAST_REPORTED_CHARACTERS)
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


def _part_page(page: Page) -> tuple[Page, str]:
    if is_recognised_scan(page):
        return page, ""
    sheet = BBox(0, 0, page.width, page.height)
    fills = [drawing for drawing in page.drawings if drawing.fill is not None]
    lines: list[Line] = []
    hidden: list[str] = []
    for line in page.lines:
        shown = [span for span in line.spans if not _is_hidden(span, page, sheet, fills)]
        if len(shown) < len(line.spans):
            hidden.append("".join(span.text for span in line.spans if span not in shown).strip())
            line = _with_spans(line, shown)
        if line.spans:
            lines.append(line)
    text = " ".join(part for part in hidden if part)
    return (replace(page, lines=tuple(lines)) if hidden else page), text


def _with_spans(line: Line, spans: Sequence[Span]) -> Line:
    """The line with fewer spans: of none of them if only spaces are left."""
    if not any(span.text.strip() for span in spans):
        return replace(line, spans=())
    return replace(line, spans=tuple(spans))


def _is_hidden(span: Span, page: Page, sheet: BBox, fills: Sequence[Drawing]) -> bool:
    if span.text.isspace():
        return False
    if span.invisible or span.covered or span.cut_off or span.alpha < _FAINT_ALPHA or span.size < _TINY_POINTS:
        return True
    if not intersects(span.bbox, sheet):
        return True
    if span.color == _BLACK:
        return False
    return _same_color(span.color, _background(span.bbox, page, fills))


_BLACK = 0


def _background(box: BBox, page: Page, fills: Iterable[Drawing]) -> int | None:
    """The colour that the box stands on: of the last fill around it, white without one, None on a picture."""
    if any(contains(bitmap.bbox, box, tolerance=1) for bitmap in page.bitmaps):
        return None
    color: int | None = _WHITE
    for drawing in fills:
        if intersects(drawing.bbox, box):
            whole = contains(drawing.bbox, box, tolerance=1) and drawing.opacity > _OPAQUE
            color = drawing.fill if whole else (color if drawing.fill == color else None)
    return color


_OPAQUE = 0.9


def _same_color(color: int, background: int | None) -> bool:
    if background is None:
        return False
    return all(abs((color >> shift & 255) - (background >> shift & 255)) <= _SAME_COLOR for shift in (0, 8, 16))
