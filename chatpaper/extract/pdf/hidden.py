"""Text that a reader of the page cannot see: split off before anything else looks at it."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

import pymupdf

from chatpaper.domain import BBox, HiddenText
from chatpaper.domain.text.invisible import decode_invisible_words, remove_invisible
from chatpaper.domain.text.scripts import UNSPACED
from chatpaper.extract.boxes import enclose
from chatpaper.extract.page import Line, Page, PdfContent
from chatpaper.extract.pdf.mupdf_adapter import Raw, convert_lines

# A scan with recognised text has it invisibly over or under a picture of the whole page.
_SCAN_SHARE = 0.7
# Single hidden letters and symbols (typesetters build signs of them) are not a message; a word is.
_WORD = re.compile(rf"[^\W\d_]{{3}}|[{UNSPACED}]{{2}}")
_LEAST_LETTERS = 3
_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE


def read_switched_off(page: pymupdf.Page) -> tuple[Line, ...]:
    """Read the lines on layers that are off, which the library leaves out of all else it reads.

    They leave no ink. The layers are as they were afterwards.
    """
    layers = pymupdf.mupdf.pdf_document_from_fz_document(page.parent.this)
    numbers = range(pymupdf.mupdf.pdf_count_layers(layers))
    off = [each for each in numbers if not pymupdf.mupdf.pdf_layer_is_enabled(layers, each)]
    if not off:
        return ()
    shown = {_place(letter) for span in _read_spans(page) for letter in span["chars"]}
    try:
        for each in off:
            pymupdf.mupdf.pdf_enable_layer(layers, each, 1)
        spans = [_without_letters(span, shown) for span in _read_spans(page)]
    finally:
        for each in off:
            pymupdf.mupdf.pdf_enable_layer(layers, each, 0)
    lines = ({"spans": [span], "bbox": span["bbox"], "dir": (1.0, 0.0)} for span in spans if span)
    return tuple(
        replace(line, spans=tuple(replace(span, ink="none") for span in line.spans))
        for line in convert_lines([{"lines": lines}])
    )


def _read_spans(page: pymupdf.Page) -> Iterator[Raw]:
    blocks = page.get_text("rawdict", clip=pymupdf.INFINITE_RECT(), flags=_FLAGS)["blocks"]
    return (span for block in blocks for line in block["lines"] for span in line["spans"])


def _place(letter: Raw) -> tuple[str, float, float]:
    return letter["c"], *letter["origin"]


def _without_letters(span: Raw, shown: Set[tuple[str, float, float]]) -> Raw | None:
    """Return what is left of a span without the letters at these places, if they are letters."""
    letters = [letter for letter in span["chars"] if _place(letter) not in shown]
    text = "".join(letter["c"] for letter in letters)
    return {**span, "text": text, "bbox": _enclose(letters)} if text.strip() else None


def _enclose(letters: Sequence[Raw]) -> tuple[float, float, float, float]:
    box = enclose([BBox(*letter["bbox"]) for letter in letters])
    return box.x0, box.y0, box.x1, box.y1


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
    text = " ".join((remove_invisible(hidden), decode_invisible_words(line.text))).strip()
    return replace(
        line, spans=tuple(shown) if any(span.text.strip() for span in shown) else ()
    ), text
