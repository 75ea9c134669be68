"""Text that a reader of the page cannot see: split off before anything else looks at it."""

import re
from dataclasses import replace

from chatpaper.domain import HiddenText
from chatpaper.domain.text.invisible import decode_invisible_words, remove_invisible
from chatpaper.domain.text.scripts import UNSPACED
from chatpaper.extract.page import Line, Page, PdfContent

# A scan with recognised text has it invisibly over or under a picture of the whole page.
_SCAN_SHARE = 0.7
# Single hidden letters and symbols (typesetters build signs of them) are not a message; a word is.
_WORD = re.compile(rf"[^\W\d_]{{3}}|[{UNSPACED}]{{2}}")
_LEAST_LETTERS = 3


def split_hidden(content: PdfContent) -> tuple[PdfContent, tuple[HiddenText, ...]]:
    """Split hidden text off: return the content without it, and that text with its pages."""
    parted = [_split_page(page) for page in content.pages]
    hidden = tuple(
        HiddenText(page.number, text)
        for page, texts in parted
        for text in texts
        if _is_message(text)
    )
    return replace(content, pages=tuple(page for page, _ in parted)), hidden


def _is_message(text: str) -> bool:
    """Tell whether there is a word; parts of root signs and long arrows repeat a single letter."""
    return bool(_WORD.search(text)) and (len(set(text)) > _LEAST_LETTERS or not text.isascii())


def is_ocr_scan(page: Page) -> bool:
    """Tell whether the page is a scan with recognised text laid invisibly over the picture."""
    shown = [
        span
        for line in page.lines
        for span in line.spans
        if not span.text.isspace() and span.ink != "none"
    ]
    return bool(shown) and all(span.ink == "picture" for span in shown) and has_page_image(page)


def has_page_image(page: Page) -> bool:
    """Tell whether bitmaps cover most of the page."""
    covered = max((bitmap.bbox.width * bitmap.bbox.height for bitmap in page.bitmaps), default=0.0)
    strips = sum(
        bitmap.bbox.width * bitmap.bbox.height
        for bitmap in page.bitmaps
        if bitmap.bbox.width > page.width / 2
    )
    return max(covered, strips) >= _SCAN_SHARE * page.width * page.height


def _split_page(page: Page) -> tuple[Page, list[str]]:
    """Split the hidden text off a page; consecutive hidden lines become one text."""
    lines: list[Line] = []
    hidden: list[str] = []
    goes_on = False
    for line in page.lines:
        shown, text = _split_line(line)
        if goes_on and text:
            hidden[-1] = f"{hidden[-1]} {text}"
        elif text:
            hidden.append(text)
        goes_on = bool(text)
        if shown.spans:
            lines.append(shown)
    return replace(page, lines=tuple(lines)), hidden


def _split_line(line: Line) -> tuple[Line, str]:
    """Split a line into what readers see, and the rest.

    Unseen are spans without ink, and words in characters without a shape.
    """
    if all(span.ink != "none" and span.text.isascii() for span in line.spans):
        return line, ""
    shown = [
        replace(span, text=remove_invisible(span.text)) for span in line.spans if span.ink != "none"
    ]
    hidden = "".join(span.text for span in line.spans if span.ink == "none")
    text = " ".join((hidden, decode_invisible_words(line.text))).strip()
    return replace(
        line, spans=tuple(shown) if any(span.text.strip() for span in shown) else ()
    ), text
