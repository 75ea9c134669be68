"""The printed line: what stands on one base line of one column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.domain import BBox
from chatpaper.extract.boxes import enclose
from chatpaper.extract.page import Span

# A gap wider than this share of the type size is a space, even if the file has no character for it.
SPACE_EM = 0.17


@dataclass(frozen=True, slots=True)
class FontStyle:
    """The style of most letters of a line; `size` is in points, rounded to a tenth."""

    font: str
    size: float
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line; `text` has single spaces, `page` counts from 1."""

    page: int
    bbox: BBox
    baseline: float
    text: str
    style: FontStyle
    spans: tuple[Span, ...]


def build_text_line(page_number: int, spans: Sequence[Span]) -> TextLine:
    """Build a line from its spans, given from left to right; there must be at least one."""
    main = _main_span(spans)
    return TextLine(
        page=page_number,
        bbox=enclose(span.bbox for span in spans) if len(spans) > 1 else spans[0].bbox,
        baseline=main.baseline,
        text=join_spans(spans),
        style=FontStyle(main.font, round(main.size, 1), main.bold, main.italic),
        spans=tuple(spans),
    )


def _main_span(spans: Sequence[Span]) -> Span:
    """Return the first span in the font and size of most characters."""
    if len(spans) == 1:
        return spans[0]
    first: dict[tuple[str, float], Span] = {}
    length: dict[tuple[str, float], int] = {}
    for span in spans:
        look = (span.font, round(span.size, 1))
        first.setdefault(look, span)
        length[look] = length.get(look, 0) + len(span.text.strip())
    return first[max(length, key=lambda look: (length[look], look[1]))]


def join_spans(spans: Sequence[Span]) -> str:
    """Join the text of neighbouring spans, with single spaces also where only a gap shows one."""
    parts: list[str] = []
    right: float | None = None
    for span in spans:
        if right is not None and span.bbox.x0 - right > SPACE_EM * span.size:
            parts.append(" ")
        parts.append(span.text)
        right = span.bbox.x1
    return re.sub(r"\s+", " ", "".join(parts)).strip()
