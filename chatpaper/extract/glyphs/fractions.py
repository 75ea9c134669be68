"""Fractions of plain numbers in a line, which a PDF has as two small numbers and a stroke.

Read one after the other they are another number ("D(x) = 12"), or the upper one is taken for a
footnote mark and the lower one remains ("equal to 2"). They are written out: "D(x) = 1/2".
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import BBox
from chatpaper.extract.boxes import enclose
from chatpaper.extract.page import Drawing, Line, Span

# TeX and Word make the stroke of a fraction as long as the longer of its numbers; the rule of a
# table is longer. The slack is for the side bearings of digits.
MAX_SLACK_EM = 0.35
MAX_BAR_POINTS = 1.0
MAX_DIGITS = 4
# The numbers are this close to the stroke, from the edges of their type.
MAX_GAP_EM = 0.7
# Of digits, in nearly all faces.
_DIGIT_WIDTH_EM, _DIGIT_HEIGHT_EM = 0.5, 0.65


@dataclass(frozen=True, slots=True)
class _Number:
    """A number that fills a span, with the indices of its line and span."""

    span: Span
    box: BBox
    line: int
    place: int


def merge_fractions(lines: Sequence[Line], drawings: Iterable[Drawing]) -> tuple[Line, ...]:
    """Write fractions of two numbers out, in the line that either number stands in."""
    numbers = sorted(_find_numbers(lines), key=_find_center)
    if not numbers:
        return tuple(lines)
    centers = [_find_center(number) for number in numbers]
    # A plot may have thousands of strokes, so each is compared only with the numbers centred on it.
    reach = MAX_SLACK_EM * max(number.span.size for number in numbers)
    written: dict[tuple[int, int], Span | None] = {}
    for drawing in drawings:
        bar = drawing.bbox
        if bar.y1 - bar.y0 > MAX_BAR_POINTS:
            continue
        center = (bar.x0 + bar.x1) / 2
        near = numbers[bisect_left(centers, center - reach) : bisect_right(centers, center + reach)]
        if len(near) < 2:
            continue
        above = [number for number in near if _is_at_bar(number, bar, is_above=True)]
        below = [number for number in near if _is_at_bar(number, bar, is_above=False)]
        if len(above) == len(below) == 1 and _spans_both(bar, above[0], below[0]):
            written |= _write_out(lines, above[0], below[0])
    if not written:
        return tuple(lines)
    changed = (_apply_changes(line, index, written) for index, line in enumerate(lines))
    return tuple(line for line in changed if line.spans)


def _find_numbers(lines: Sequence[Line]) -> Iterator[_Number]:
    for index, line in enumerate(lines):
        for place, span in enumerate(line.spans):
            digits = span.text.strip()
            if digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS:
                yield _Number(span, _find_box(digits, span), index, place)


def _find_box(digits: str, span: Span) -> BBox:
    """Find where the digits of a span are if there are spaces before or after them."""
    if digits == span.text:
        return span.bbox
    width = _DIGIT_WIDTH_EM * span.size * len(digits)
    if span.text[0].isspace():
        return span.bbox._replace(x0=span.bbox.x1 - width)
    return span.bbox._replace(x1=span.bbox.x0 + width)


def _find_center(number: _Number) -> float:
    return (number.box.x0 + number.box.x1) / 2


def _is_at_bar(number: _Number, bar: BBox, *, is_above: bool) -> bool:
    """Tell whether a number stands just above or below a stroke, centred on it."""
    span = number.span
    gap = (
        bar.y0 - span.baseline
        if is_above
        else span.baseline - bar.y1 - _DIGIT_HEIGHT_EM * span.size
    )
    off_center = abs(_find_center(number) - (bar.x0 + bar.x1) / 2)
    return -MAX_BAR_POINTS < gap < MAX_GAP_EM * span.size and off_center <= MAX_SLACK_EM * span.size


def _spans_both(bar: BBox, upper: _Number, lower: _Number) -> bool:
    longer = max(upper.box.width, lower.box.width)
    return abs(bar.width - longer) <= MAX_SLACK_EM * max(upper.span.size, lower.span.size)


def _write_out(
    lines: Sequence[Line], upper: _Number, lower: _Number
) -> dict[tuple[int, int], Span | None]:
    """Replace one number by the fraction, if possible beside other words, the other by nothing."""
    kept, dropped = (
        (upper, lower)
        if _find_neighbor(lines, upper) or not _find_neighbor(lines, lower)
        else (lower, upper)
    )
    beside = _find_neighbor(lines, kept)
    fraction = replace(
        kept.span,
        text=kept.span.text.replace(
            kept.span.text.strip(), f"{upper.span.text.strip()}/{lower.span.text.strip()}"
        ),
        bbox=enclose((upper.box, lower.box)),
        baseline=beside.baseline if beside else lower.span.baseline,
        size=beside.size if beside else kept.span.size,
        superscript=False,
    )
    return {(kept.line, kept.place): fraction, (dropped.line, dropped.place): None}


def _find_neighbor(lines: Sequence[Line], number: _Number) -> Span | None:
    """Find the words beside a number in its line: those before it, else those after it."""
    spans = lines[number.line].spans
    nearest = [*reversed(spans[: number.place]), *spans[number.place + 1 :]]
    return next((span for span in nearest if span.text.strip()), None)


def _apply_changes(line: Line, index: int, written: dict[tuple[int, int], Span | None]) -> Line:
    spans = [written.get((index, place), span) for place, span in enumerate(line.spans)]
    return replace(line, spans=tuple(span for span in spans if span is not None))
