"""Whether text leaves ink on the page as painted; what leaves none, readers cannot see.

Doubtful text is painted twice, with it and without it, first coarsely, and the pictures are
compared, so that it makes no difference by which means text is hidden. Dark, opaque type on bare
paper is not in doubt if its font was seen to leave ink before: nothing there could hide it. Of a
new font a few words on bare paper are painted first, for the same reason.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import sub
from typing import NamedTuple, Protocol

from chatpaper.domain import BBox
from chatpaper.extract.boxes import clip, contains, contains_center, enclose, intersects
from chatpaper.extract.page import Ink, Line, Span
from chatpaper.extract.pdf.overlaid import OverlapIndex
from chatpaper.extract.pdf.raster import (
    Raster,
    differs_by,
    find_even_color,
    has_changes,
    measure_difference,
)

# Smaller type is not legible without a lens; the labels of shrunken plots go down to 3 points.
# Condensed faces have 0.3 em a character and more; narrower ones are a smear.
TINY_POINTS = 2.0
SQUEEZED_EM = 0.08
# Smaller differences, in each of red, green and blue out of 255, are not visible.
LEAST_CONTRAST = 14
# The strokes of small type cover only part of their pixels, at the coarse scale a small one.
LEAST_DIFFERENCE = 8
CLEAR_DIFFERENCE = 24
# This share of the characters must leave ink: a cover or a clip may cut a word of a figure at its
# edge.
LEAST_INKED_SHARE = 0.35
# Between the base line and the tops of small letters there are no strokes of neighbouring lines.
_BAND_EM = 0.45
# Colours with red, green and blue above this are faint on paper.
_LIGHT = 0xB0
_OPAQUE = 255
# So many samples of a new font, each of a word of so many letters, tell whether it leaves ink.
_MOST_SAMPLES = 2
_LEAST_SAMPLE_LETTERS = 3
# In pixels a point.
COARSE, FINE = 1.0, 2.0
# The cell size of the occupancy grid, and its limit of cells a side on posters.
_CELL_POINTS = 4.0
_MOST_CELLS = 300
# The name that the library gives to fonts whose glyphs are drawings.
_GLYPHS_DRAWN = "Type3"
# Letters cover a fifth of their box; less of boxes that OCR made too high. Nearly all words must
# have ink; between two words is a space, whose box may touch their letters.
LEAST_INK_OF_WORDS = 0.04
LEAST_WORDS_WITH_INK = 0.7
MOST_INK_BETWEEN = 0.7
LEAST_GAP_POINTS = 1.0
_DARKER = 40


class Painter(Protocol):
    """Paints regions of a page, in colour (RGB) or in grey; `scale` is in pixels a point."""

    def paint(self, box: BBox, scale: float, *, text: bool, colored: bool) -> Raster:
        """Paint the box, with the text that stands there or without it."""

    def paint_without(self, box: BBox, scale: float, text: str) -> Raster | None:
        """Paint the box in colour without text objects that contain `text` or are part of it.

        Returns None if there are none.
        """

    def find_words(self) -> Sequence[BBox]:
        """List the boxes of all words, line by line, from left to right."""


class _Doubt(NamedTuple):
    """A span that may leave no ink, and the band of its small letters.

    One that `is_faint` is compared at the fine scale only. Those on bare paper are in doubt only
    since nothing of their font was seen yet.
    """

    span: Span
    place: BBox
    is_faint: bool
    is_on_bare_paper: bool = False


@dataclass(slots=True)
class SeenFonts:
    """The names of the fonts of a file that were seen to leave ink; it grows page by page.

    Each name `of_one_font` stands for a single font of this page: some of its type tells of all.
    """

    inked: set[str]
    of_one_font: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page has besides text.

    `areas` are painted and may cover text, or have it clipped or blended. `grounds` are painted
    before any text, each with its colour: they matter only to text of the same colour.
    """

    bounds: BBox
    areas: Sequence[BBox]
    grounds: Sequence[tuple[BBox, int]] = ()


def mark_ink(
    lines: Sequence[Line], around: PageContext, painter: Painter, fonts: SeenFonts
) -> tuple[Line, ...]:
    """Mark each span of a page with the ink that it leaves.

    Text without ink of its own stands for the letters of a picture, as recognised by OCR, if there
    is ink under each of its words and less between them. `fonts` are extended.
    """
    doubts = list(_find_doubts(lines, around, fonts.inked))
    if not doubts:
        return tuple(lines)
    overlaid = OverlapIndex(lines).find_overlaid(doubt.span for doubt in doubts)
    fonts.inked.update(_find_inked(_choose_samples(doubts, fonts.of_one_font), painter))
    remaining = (
        doubt for doubt in doubts if not (doubt.is_on_bare_paper and doubt.span.font in fonts.inked)
    )
    unclear = list(_keep_unclear([*remaining], around.bounds, painter, fonts.inked))
    found = _classify(unclear, around.bounds, painter)
    places = {id(doubt.span): doubt.place for doubt in doubts}
    for span in overlaid:
        if found.get(id(span), "own") == "own" and not _is_missed(
            span, places[id(span)], around.bounds, painter
        ):
            found[id(span)] = "none"
    return tuple(_mark_line(line, found) for line in lines)


def _classify(doubts: Sequence[_Doubt], bounds: BBox, painter: Painter) -> dict[int, Ink]:
    """Classify the ink of spans at the fine scale, by their `id`s."""
    boxes = [box for doubt in doubts if (box := clip(doubt.span.bbox, bounds)).area > 0]
    comparison = _FineComparison(painter, enclose(boxes)) if boxes else None
    found: dict[int, Ink] = {}
    for span, place, *_ in doubts:
        can_show = intersects(span.bbox, bounds) and not _is_illegible(span)
        if comparison is not None and can_show:
            found[id(span)] = comparison.classify_ink(span, place)
        else:
            found[id(span)] = "none"
    return found


def _is_missed(span: Span, place: BBox, bounds: BBox, painter: Painter) -> bool:
    """Tell whether the page would look different without a span that other text is printed over."""
    box = clip(span.bbox, bounds)
    if box.area <= 0:
        return True
    without = painter.paint_without(box, FINE, span.text)
    if without is None:
        return True
    return painter.paint(box, FINE, text=True, colored=True).rows(place) != without.rows(place)


def _mark_line(line: Line, found: dict[int, Ink]) -> Line:
    if not any(id(span) in found for span in line.spans):
        return line
    return replace(
        line, spans=tuple(replace(span, ink=found.get(id(span), span.ink)) for span in line.spans)
    )


def _find_doubts(
    lines: Sequence[Line], around: PageContext, inked_fonts: set[str]
) -> Iterator[_Doubt]:
    occupied = _OccupancyGrid(around.bounds, around.areas)
    # Most type is black, and no ground is: a page has few colours, and few grounds of each.
    alike: dict[int, list[BBox]] = {}
    for line in lines:
        is_apart = not occupied.touches(line.bbox)
        for span in line.spans:
            if not span.text.strip() or span.ink == "none":
                continue
            if span.color not in alike:
                alike[span.color] = [
                    box for box, color in around.grounds if _is_like(span.color, color)
                ]
            if _is_faint(span, around.bounds, alike[span.color]):
                yield _Doubt(span, _find_letter_band(span, line.direction), is_faint=True)
                continue
            is_bare = is_apart or not occupied.touches(span.bbox)
            if span.font not in inked_fonts or not is_bare:
                yield _Doubt(span, _find_letter_band(span, line.direction), False, is_bare)


def _choose_samples(doubts: Sequence[_Doubt], fonts: Set[str]) -> Mapping[str, Sequence[_Doubt]]:
    """Choose a few short spans of each of some fonts that stand on bare paper."""
    samples: dict[str, list[_Doubt]] = {}
    for doubt in doubts:
        span = doubt.span
        if doubt.is_on_bare_paper and span.font in fonts:
            samples.setdefault(span.font, []).append(doubt)
    return {
        font: sorted(found, key=_rate_sample)[:_MOST_SAMPLES] for font, found in samples.items()
    }


def _rate_sample(doubt: _Doubt) -> tuple[bool, int]:
    """Rate short words best: they tell as much as a line, and are painted sooner."""
    length = len(doubt.span.text)
    return length < _LEAST_SAMPLE_LETTERS, length


def _find_inked(samples: Mapping[str, Sequence[_Doubt]], painter: Painter) -> Iterator[str]:
    """Find the fonts of which a sample leaves clear ink."""
    for font, doubts in samples.items():
        for doubt in doubts:
            box = enclose([doubt.span.bbox, doubt.place])
            whole, bare = (
                painter.paint(box, COARSE, text=text, colored=False) for text in (True, False)
            )
            if _clearly_differ(whole, bare, doubt):
                yield font
                break


def _keep_unclear(
    doubts: Sequence[_Doubt], bounds: BBox, painter: Painter, inked_fonts: set[str]
) -> Iterator[_Doubt]:
    """Yield the doubts that a coarse comparison does not settle."""
    boxes = [
        clip(enclose([doubt.span.bbox, doubt.place]), bounds)
        for doubt in doubts
        if not doubt.is_faint and clip(doubt.span.bbox, bounds).area > 0
    ]
    whole = painter.paint(enclose(boxes), COARSE, text=True, colored=False) if boxes else None
    bare = painter.paint(enclose(boxes), COARSE, text=False, colored=False) if boxes else None
    new_fonts = set()
    for doubt in doubts:
        if whole is None or bare is None or doubt.is_faint:
            yield doubt
        elif _clearly_differ(whole, bare, doubt):
            new_fonts.add(doubt.span.font)
        elif any(character.isalnum() for character in doubt.span.text):
            yield doubt
    inked_fonts.update(new_fonts)


class _OccupancyGrid:
    """A grid of the parts of a page that areas touch, for thousands of areas; cells are coarse."""

    def __init__(self, bounds: BBox, areas: Sequence[BBox]) -> None:
        self._cell = max(_CELL_POINTS, bounds.width / _MOST_CELLS, bounds.height / _MOST_CELLS)
        self._columns = int(bounds.width / self._cell) + 1
        self._rows = [bytearray(self._columns) for _ in range(int(bounds.height / self._cell) + 1)]
        for area in areas:
            left, right, rows = self._place(area)
            mark = b"\x01" * (right - left)
            for row in rows:
                row[left:right] = mark

    def touches(self, box: BBox) -> bool:
        """Tell whether an area touches the box, to within a cell."""
        left, right, rows = self._place(box)
        return any(1 in row[left:right] for row in rows)

    def _place(self, box: BBox) -> tuple[int, int, list[bytearray]]:
        left, top = max(0, int(box.x0 / self._cell)), max(0, int(box.y0 / self._cell))
        right, bottom = (
            min(self._columns, int(box.x1 / self._cell) + 1),
            max(0, int(box.y1 / self._cell) + 1),
        )
        return left, max(left, right), self._rows[top:bottom]


def _is_faint(span: Span, bounds: BBox, alike: Sequence[BBox]) -> bool:
    """Tell whether a span may hardly show; `alike` are the grounds of about its colour."""
    if span.invisible or span.clipped or span.alpha < _OPAQUE or _is_illegible(span):
        return True
    if min(span.color.to_bytes(3)) >= _LIGHT or not contains(bounds, span.bbox):
        return True
    return any(intersects(ground, span.bbox) for ground in alike)


def _is_like(color: int, other: int) -> bool:
    contrast: int = max(map(abs, map(sub, color.to_bytes(3), other.to_bytes(3))))
    return contrast < LEAST_CONTRAST


def _is_illegible(span: Span) -> bool:
    """Tell whether type is too small or too narrow to be read."""
    length = max(span.bbox.width, span.bbox.height)
    return span.size < TINY_POINTS or length < SQUEEZED_EM * span.size * len(span.text.strip())


def _clearly_differ(whole: Raster, bare: Raster, doubt: _Doubt) -> bool:
    rows, bare_rows = whole.rows(doubt.place), bare.rows(doubt.place)
    share = measure_difference(rows, bare_rows, len(doubt.span.text.strip()))
    return share >= LEAST_INKED_SHARE and differs_by(rows, bare_rows, CLEAR_DIFFERENCE)


def _find_letter_band(span: Span, direction: tuple[float, float]) -> BBox:
    """Find the part of a span's box that small letters fill; type may be turned by right angles."""
    box = span.bbox
    cosine, sine = round(direction[0]), round(direction[1])
    if cosine > 0:
        return BBox(box.x0, span.baseline - _BAND_EM * span.size, box.x1, span.baseline)
    if cosine < 0:
        return BBox(box.x0, span.baseline, box.x1, span.baseline + _BAND_EM * span.size)
    if sine:
        return BBox(box.x0 + box.width * 0.3, box.y0, box.x1 - box.width * 0.3, box.y1)
    return box


class _FineComparison:
    """A region of a page, painted at the fine scale with its text and without it."""

    def __init__(self, painter: Painter, box: BBox) -> None:
        self._whole = painter.paint(box, FINE, text=True, colored=True)
        self._bare = painter.paint(box, FINE, text=False, colored=True)
        self._painter = painter
        self._words: Sequence[BBox] | None = None

    def classify_ink(self, span: Span, place: BBox) -> Ink:
        """Tell whose ink a span leaves: its own, or that of the picture under it."""
        if not span.invisible and self._is_inked(span, place) and self._contrasts(span, place):
            return "own"
        if span.font.startswith(_GLYPHS_DRAWN) and has_changes(
            [row[1::3] for row in self._bare.rows(place)]
        ):
            # Glyphs with colours of their own are drawn as paths, which remain when text is left
            # out.
            return "own"
        return "picture" if self._is_recognised(span) else "none"

    def _is_inked(self, span: Span, place: BBox) -> bool:
        """Tell whether the text makes a difference under enough of its characters."""
        rows, bare = self._whole.rows(place), self._bare.rows(place)
        share = measure_difference(rows, bare, len(span.text.strip()))
        return share >= LEAST_INKED_SHARE and differs_by(rows, bare, LEAST_DIFFERENCE)

    def _contrasts(self, span: Span, place: BBox) -> bool:
        """Return whether the colour stands out from an even ground; other text there may differ."""
        ground = find_even_color(self._bare.rows(place))
        if ground is None:
            return True
        contrast: int = max(map(abs, map(sub, span.color.to_bytes(3), ground)))
        return contrast * span.alpha >= LEAST_CONTRAST * _OPAQUE

    def _is_recognised(self, span: Span) -> bool:
        if self._words is None:
            self._words = self._painter.find_words()
        words = [word for word in self._words if contains_center(span.bbox, word)]
        inked = [self._ink_under(word) for word in words]
        if not inked or sum(
            share >= LEAST_INK_OF_WORDS for share in inked
        ) < LEAST_WORDS_WITH_INK * len(inked):
            return False
        gaps = [BBox(left.x1, left.y0, right.x0, left.y1) for left, right in pairwise(words)]
        between = [self._ink_under(gap) for gap in gaps if gap.width >= LEAST_GAP_POINTS]
        return not between or sum(between) * len(inked) <= MOST_INK_BETWEEN * sum(inked) * len(
            between
        )

    def _ink_under(self, box: BBox) -> float:
        """Measure the share of a box, without text, that is darker than its lightest pixel."""
        pixels = b"".join(row[1::3] for row in self._bare.rows(box))
        light = bytes(range(max(0, max(pixels, default=0) - _DARKER), _OPAQUE + 1))
        return len(pixels.translate(None, light)) / len(pixels) if pixels else 0.0
