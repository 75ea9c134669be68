"""Convert the dictionaries of the PDF library to plain values."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from chatpaper.domain import BBox
from chatpaper.extract.page import Drawing, Line, Span

_SUPERSCRIPT, _ITALIC, _BOLD = 1, 2, 16  # bits of a span's flags
_FAKE_BOLD, _FILLED, _STROKED = 8, 16, 32  # bits of a span's char_flags
# Names of bold faces that the library does not recognise: Computer Modern and its relatives, URW's
# "Medi" and "Demi".
_BOLD_NAME = re.compile(
    r"bold|black|heavy|demi|medi(?:um)?(?:ital|obli)?$|^(?:cm|sf|ec|lm|xc|mt)[a-z]*bx|[.,-]b(?:i"
    r"|d)?$",
    re.IGNORECASE,
)
_ITALIC_NAME = re.compile(r"ital|obli|slant|^(?:cm|sf)(?:ti|sl|mi|bxti|bxsl)|-it$", re.IGNORECASE)
Raw = Mapping[str, Any]


def convert_lines(blocks: Iterable[Raw]) -> tuple[Line, ...]:
    """Convert text blocks to lines, in their order."""
    lines = (line for block in blocks for line in block.get("lines", ()))
    return tuple(
        Line(
            tuple(map(_convert_span, _merge_runs(line["spans"]))), BBox(*line["bbox"]), line["dir"]
        )
        for line in lines
        if line["spans"]
    )


def _merge_runs(spans: Sequence[dict[str, Any]]) -> Iterator[Raw]:
    """Merge spans of one style that only a space separates; some files set every word by itself."""
    last: dict[str, Any] | None = None
    for span in spans:
        if last is not None and _looks_alike(last, span):
            last["text"] += span["text"]
            (x0, y0, x1, y1), (left, top, right, bottom) = last["bbox"], span["bbox"]
            last["bbox"] = (min(x0, left), min(y0, top), max(x1, right), max(y1, bottom))
        else:
            if last is not None:
                yield last
            last = span
    if last is not None:
        yield last


def _looks_alike(last: Raw, span: Raw) -> bool:
    gap = span["bbox"][0] - last["bbox"][2]
    if abs(gap) >= last["size"]:
        return False
    return bool(span["text"].isspace() or _read_traits(last) == _read_traits(span))


_read_traits = itemgetter("font", "size", "flags", "char_flags", "color", "alpha")


def _convert_span(raw: Raw) -> Span:
    flags, char_flags, font = raw["flags"], raw["char_flags"], raw["font"]
    face, bold_name, italic_name = _parse_font_name(font)
    return Span(
        text=raw["text"],
        bbox=BBox(*raw["bbox"]),
        baseline=raw["origin"][1],
        font=face,
        size=raw["size"],
        bold=bold_name or bool(flags & _BOLD or char_flags & _FAKE_BOLD),
        italic=italic_name or bool(flags & _ITALIC),
        superscript=bool(flags & _SUPERSCRIPT),
        color=raw["color"],
        alpha=raw["alpha"],
        invisible=not char_flags & (_FILLED | _STROKED),
    )


@lru_cache(maxsize=1024)
def _parse_font_name(font: str) -> tuple[str, bool, bool]:
    """Parse the name of a font: the name of its face, whether it is bold, whether italic."""
    name = font.partition("+")[2] or font
    return name, bool(_BOLD_NAME.search(name)), bool(_ITALIC_NAME.search(name))


def convert_drawing(event: Raw, box: BBox) -> Drawing:
    """Convert a line art event to a drawing; `box` is the part of it that shows."""
    kind, items = event["type"], event["items"]
    fill = stroke = fill_opacity = stroke_opacity = None
    width = 0.0
    if "f" in kind:
        fill, fill_opacity = _convert_color(event.get("fill")), event.get("fill_opacity")
    if "s" in kind:
        stroke, stroke_opacity = _convert_color(event.get("color")), event.get("stroke_opacity")
        width = event.get("width") or 0.0
    return Drawing(
        bbox=box,
        fill=fill,
        stroke=stroke,
        width=width,
        opacity=_find_opacity(fill_opacity, stroke_opacity),
        rectangular=len(items) == 1 and items[0][0] == "re",
    )


def _find_opacity(fill: float | None, stroke: float | None) -> float:
    """Find the greater opacity; 1 where neither is given."""
    if fill is None:
        return 1.0 if stroke is None else stroke
    return fill if stroke is None or stroke <= fill else stroke


@lru_cache(maxsize=1024)
def _convert_color(parts: tuple[float, ...] | None) -> int | None:
    """Convert red, green and blue from 0 to 1 to 0xRRGGBB."""
    if not parts:
        return None
    red, green, blue = (round(255 * part) for part in parts)
    return red << 16 | green << 8 | blue
