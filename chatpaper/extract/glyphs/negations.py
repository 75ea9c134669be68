"""Negated relations: TeX sets "≠" as a slash and, over it, "="; a PDF has two glyphs.

Read as they come they are "̸ =" or, if the font does not name its glyphs, "6="; at worst the slash
is lost and "c ≠ 0" becomes "c = 0". They are replaced by the one character that a reader sees.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chatpaper.extract.page import Line, Span

# The slash of TeX and of Unicode; fonts without glyph names give its code in TeX's symbol font,
# that of "6".
_OVERLAYS = "\u0338\u0337"
_STANDS_FOR_OVERLAY = frozenset({*_OVERLAYS, "/", "∕", "6"})
_NEGATED = re.compile(rf"[{_OVERLAYS}]\s*([^\s\w{_OVERLAYS}])")
_RELATIONS = "=<>∈∋∃∣∥∼≃≅≈≍≡≤≥≲≳≺≻⊂⊃⊆⊇⊢⊨←→↔⇐⇒⇔"
_STROKE = "\u0338"
# TeX's slash has no width of its own; one set over a sign is within the sign's width.
_MOST_WIDTH_EM = 0.1
_RELATION_WIDTH_EM = 0.78
_SAME_BASELINE_EM = 0.3


def merge_negations(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Merge each slash that is printed over a relation with it."""
    return tuple(_merge_in_line(line) for line in lines)


def _merge_in_line(line: Line) -> Line:
    if not any(_may_be_slash(span.text) for span in line.spans):
        return line
    spans = tuple(_merge_within_span(span) for span in _merge_across_spans(line.spans))
    return line if spans == line.spans else replace(line, spans=spans)


def _may_be_slash(text: str) -> bool:
    return text.strip() in _STANDS_FOR_OVERLAY or any(overlay in text for overlay in _OVERLAYS)


def _merge_within_span(span: Span) -> Span:
    if not any(overlay in span.text for overlay in _OVERLAYS):
        return span
    return replace(span, text=_NEGATED.sub(lambda match: _negate(match[1]), span.text))


def _negate(relation: str) -> str:
    return unicodedata.normalize("NFC", relation + _STROKE)


def _merge_across_spans(spans: Sequence[Span]) -> Iterator[Span]:
    """Merge spans that are only a slash into the relation that they are printed over."""
    place = 0
    while place < len(spans):
        span = spans[place]
        other = spans[place + 1] if place + 1 < len(spans) else None
        if other is not None and _is_slash_over(span, other, at_start=True):
            letters = other.text.lstrip()
            yield replace(other, text=_negate(letters[0]) + letters[1:])
            place += 2
        elif other is not None and _is_slash_over(other, span, at_start=False):
            letters = span.text.rstrip()
            yield replace(
                span,
                text=letters[:-1] + _negate(letters[-1]) + other.text[len(other.text.rstrip()) :],
            )
            place += 2
        else:
            yield span
            place += 1


def _is_slash_over(slash: Span, span: Span, *, at_start: bool) -> bool:
    """Tell whether `slash` is over the first, or last, character of `span`, a relation."""
    text, letters = slash.text.strip(), span.text.strip()
    if text not in _STANDS_FOR_OVERLAY or not letters:
        return False
    if at_start and text in _OVERLAYS and letters[0] in _RELATIONS:
        return True
    if letters[0 if at_start else -1] not in _RELATIONS or (slash.text != text and text == "6"):
        return False
    if abs(slash.baseline - span.baseline) > _SAME_BASELINE_EM * span.size:
        return False
    width = _RELATION_WIDTH_EM * span.size
    start = span.bbox.x0 if at_start else span.bbox.x1 - width
    if text == "6":
        return (
            at_start
            and slash.bbox.width <= _MOST_WIDTH_EM * span.size
            and abs(slash.bbox.x0 - start) <= width / 2
        )
    return start <= (slash.bbox.x0 + slash.bbox.x1) / 2 <= start + width
