"""The contents of PDF pages as frozen values: the border between the PDF library and all else.

Coordinates are points from the top left corner of the page as shown (after rotation, within the
CropBox).
"""

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from chatpaper.domain import BBox

# Whose ink shows where text is painted: its own, that of a picture whose words it repeats, or none.
Ink = Literal["own", "picture", "none"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters in one font, size and colour.

    `baseline` is the y coordinate of the line that the characters stand on, `size` the type size in
    points, `color` sRGB as 0xRRGGBB, `alpha` 0 (transparent) to 255 (opaque). `invisible` is text
    render mode 3 or 7: neither filled nor stroked. `clipped` text lies outside the page or its
    clipping path.
    """

    text: str
    bbox: BBox
    baseline: float
    font: str
    size: float
    bold: bool
    italic: bool
    superscript: bool
    color: int
    alpha: int
    invisible: bool  # text render mode 3 or 7: neither filled nor stroked
    clipped: bool = False  # it lies outside of the page or of its clipping path
    ink: Ink = "own"


@dataclass(frozen=True, slots=True)
class Line:
    """Spans on one base line.

    `direction` is (cos, sin) of the writing direction: (1, 0) is upright.
    """

    spans: tuple[Span, ...]
    bbox: BBox
    direction: tuple[float, float]

    @property
    def text(self) -> str:
        """The characters of all spans."""
        spans = self.spans
        return spans[0].text if len(spans) == 1 else "".join([span.text for span in spans])


class Word(NamedTuple):
    """A word of a page: what white space parts from others, whatever its fonts."""

    text: str
    bbox: BBox


@dataclass(frozen=True, slots=True)
class Drawing:
    """A painted path.

    `fill` and `stroke` are sRGB as 0xRRGGBB, or None if the path is not filled or stroked; `width`
    is that of the stroke in points. `rectangular` paths fill their whole box.
    """

    bbox: BBox
    fill: int | None
    stroke: int | None
    width: float
    opacity: float
    rectangular: bool = False


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A painted image; `opaque` if nothing behind it shows through."""

    bbox: BBox
    opaque: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A link annotation to a URI."""

    bbox: BBox
    uri: str


@dataclass(frozen=True, slots=True)
class Destination:
    """A named destination as hyperref writes them, such as `section.3.1` or `cite.kingma2014`."""

    name: str
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark; `destination` is the name of its target, "" for a target without a name."""

    level: int
    title: str
    page: int
    y: float | None
    destination: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `number` counts from 1.

    `drawings_truncated` says that there were too many drawings to list. `words` are listed where
    the page may have a table or an algorithm.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    drawings: tuple[Drawing, ...]
    bitmaps: tuple[Bitmap, ...]
    links: tuple[Link, ...]
    drawings_truncated: bool = False
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class PdfContent:
    """A whole PDF as read, before any of it is interpreted.

    The text of `fonts_with_false_maps` is what they print, not what their ToUnicode maps say.
    """

    pages: tuple[Page, ...]
    destinations: tuple[Destination, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()
    metadata_title: str = ""
    fonts_with_false_maps: tuple[str, ...] = ()


_SECTION_DESTINATION = re.compile(
    r"(?:\w+\.)?((?:sub){0,2}section|chapter|appendix|(?:sub)*appendix|paragraph|part)(\*?)\.(.+)",
    re.IGNORECASE,
)


def parse_section_destination(name: str) -> tuple[int, bool, str]:
    """Parse the name of a section's destination into (level, starred, number).

    The level is 1 for sections, 0 for names of other things. hyperref writes `section.3`,
    `subsection.3.1`, `section*.5` (starred, with a running count) and `appendix.A`.

    >>> parse_section_destination("subsection.3.1")
    (2, False, '3.1')
    """
    match = _SECTION_DESTINATION.fullmatch(name)
    if match is None:
        return 0, False, ""
    kind = match[1].lower()
    level = 4 if kind == "paragraph" else 1 + kind.count("sub")
    return level, bool(match[2]), match[3]
