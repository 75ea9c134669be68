"""How sure it is that a region is the figure or table that its caption names.

What speaks for a region and against it is described by numbers, which logistic regression weighs:
`tests.benchmarks.fit_confidence` fits the weights, and `confidence.toml` keeps them. Two faults
that hardly any paper has, running text in a region and a second caption of its label, lower the
confidence by factors.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chatpaper.domain import BBox, CaptionSide, Figure
from chatpaper.domain.text.float_mentions import FloatKey, find_mentions, make_float_key
from chatpaper.extract.boxes import (
    center_x,
    clip,
    contains_center,
    enclose,
    intersects,
    overlap_height,
    overlap_width,
)
from chatpaper.extract.figures.assignment import FoundFloat
from chatpaper.extract.figures.regions.region_growing import SIGNIFICANT_AREA
from chatpaper.extract.layout.layout import PageLayout
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.logistic import load_model
from chatpaper.extract.page import Page
from chatpaper.extract.pdf.graphics import BACKGROUND_SHARE, is_rule, is_visible
from chatpaper.extract.textline import TextLine

_MODEL = load_model(__package__, "confidence.toml")
_DECIMALS = 3
_ALL_PROSE = 0.4
_SECOND_CAPTION = 0.8
# A region that is better than all others by more than this is no surer, nor is a gap or an offset
# larger than these worse.
_MOST_LEAD, _MOST_GAP_POINTS, _MOST_OFFSET_POINTS = 2.0, 40.0, 100.0
# Few figures are smaller than an inch by three quarters of one.
_SMALL_AREA = 4000.0
# Text as near as this to a region, in no other, may be part of the float.
_BESIDE_POINTS = 9.0
# What is drawn covers this share of the region both ways, unless it only marks its text.
_DRAWN_SHARE = 0.5
# Graphics may reach beyond a region by strokes and white margins.
_MARGIN_POINTS = 8.0
# A line of running text is set like the body, and fills this share of a column.
_PROSE_SHARE = 0.6
_SAME_SIZE_POINTS = 0.3


@dataclass(frozen=True, slots=True)
class FloatPlace:
    """A float, and what its page has: `lines` of text in no caption, the `boxes` of all floats."""

    found: FoundFloat
    figure: Figure
    page: Page
    layout: PageLayout
    lines: Sequence[TextLine]
    boxes: Sequence[BBox]


@dataclass(frozen=True, slots=True)
class _Habits:
    """What the floats of a document have in common: mentions, captions, sides."""

    mentions: frozenset[FloatKey]
    labels: Counter[tuple[str, str]]
    sides: Counter[tuple[str, CaptionSide | None]]

    def is_usual_side(self, figure: Figure) -> bool:
        """Tell whether most captions of this kind stand on the same side."""
        of_kind = [number for (kind, _), number in self.sides.items() if kind == figure.kind]
        return self.sides[figure.kind, figure.caption_side] == max(of_kind)


def find_caption_side(figure: BBox, caption: BBox) -> CaptionSide:
    """Find the side of a float on which its caption stands, on the page as shown."""
    gaps: dict[CaptionSide, float] = {
        "below": caption.y0 - figure.y1,
        "above": figure.y0 - caption.y1,
        "right": caption.x0 - figure.x1,
        "left": figure.x0 - caption.x1,
    }
    return max(gaps, key=lambda side: gaps[side])


def rate_floats(
    found: Sequence[tuple[FoundFloat, Figure]],
    pages: Sequence[tuple[Page, PageLayout]],
    typesetting: Typesetting,
    texts: Iterable[str],
) -> tuple[float, ...]:
    """Rate the confidence of each float; `texts` are those of the document without captions."""
    habits = _Habits(
        find_mentions(texts),
        Counter((figure.kind, figure.label) for _, figure in found),
        Counter((figure.kind, figure.caption_side) for _, figure in found),
    )
    return tuple(
        round(
            _MODEL.rate(describe_float(place, habits, typesetting))
            * _rate_rare_faults(place, habits, typesetting),
            _DECIMALS,
        )
        for place in _place_floats(found, pages)
    )


def _place_floats(
    found: Sequence[tuple[FoundFloat, Figure]], pages: Sequence[tuple[Page, PageLayout]]
) -> Iterable[FloatPlace]:
    captions = {id(span) for each, _ in found for line in each.caption_lines for span in line.spans}
    for each, figure in found:
        page, layout = pages[figure.page - 1]
        lines = [
            line for line in layout.lines if not any(id(span) in captions for span in line.spans)
        ]
        boxes = [other.bbox for _, other in found if other.page == figure.page]
        yield FloatPlace(each, figure, page, layout, lines, boxes)


def _rate_rare_faults(place: FloatPlace, habits: _Habits, typesetting: Typesetting) -> float:
    """Return the factor for a second caption of a label, and for running text in a region."""
    figure = place.figure
    factor = _SECOND_CAPTION if habits.labels[figure.kind, figure.label] > 1 else 1.0
    if figure.cells is not None:
        # The rows of a table may be as wide as lines of text.
        return factor
    prose = sum(
        line.bbox.height
        for line in place.layout.lines
        if _is_prose(line, figure.bbox, place.layout, typesetting)
    )
    return factor * (1 - (1 - _ALL_PROSE) * min(1.0, prose / max(1.0, figure.bbox.height)))


def describe_float(
    place: FloatPlace, habits: _Habits, typesetting: Typesetting
) -> Mapping[str, float]:
    """Describe what speaks for a float and against it by numbers, most of them from 0 to 1."""
    found, figure, box = place.found, place.figure, place.figure.bbox
    touching = _find_touching(box, place.page)
    inside = [line for line in place.lines if contains_center(box, line.bbox)]
    key = make_float_key(figure.kind, figure.label)
    caption = enclose(line.bbox for line in found.caption_lines)
    is_stacked = figure.caption_side in ("above", "below")
    offset = abs(center_x(box) - center_x(caption)) if is_stacked else 0.0
    gap = _find_widest_gap(box, [*(line.bbox for line in inside), *touching])
    return {
        "worth": found.worth,
        "lead": min(found.lead, _MOST_LEAD),
        "sideways": float(found.rotated is not None),
        "undrawn": float(not _is_drawn(figure, touching)),
        "cut": float(
            any(each.area >= SIGNIFICANT_AREA and _reaches_out(each, box) for each in touching)
        ),
        "unmentioned": float(key is not None and key not in habits.mentions),
        "unusual side": float(not habits.is_usual_side(figure)),
        "off centre": min(offset, _MOST_OFFSET_POINTS) / _MOST_OFFSET_POINTS,
        "text beside": float(_has_text_beside(place, typesetting)),
        "small": float(box.area < _SMALL_AREA),
        "gap": min(gap, _MOST_GAP_POINTS) / _MOST_GAP_POINTS,
        "no cells": float(figure.kind == "table" and figure.cells is None),
        "set like the body": sum(_is_set_like_body(line, typesetting) for line in inside)
        / max(1, len(inside)),
    }


def _find_widest_gap(box: BBox, parts: Iterable[BBox]) -> float:
    """Find the highest white band across a region, in points."""
    widest, reached = 0.0, box.y0
    for top, bottom in sorted((part.y0, part.y1) for part in (*parts, box._replace(y0=box.y1))):
        widest, reached = max(widest, top - reached), max(reached, bottom)
    return widest


def _has_text_beside(place: FloatPlace, typesetting: Typesetting) -> bool:
    """Tell whether text that is neither running text nor in a float stands at a region's edge."""
    box = place.figure.bbox
    return any(
        min(across, down) > -_BESIDE_POINTS
        and max(across, down) > 0
        and not _is_prose(line, line.bbox, place.layout, typesetting)
        and not any(contains_center(other, line.bbox) for other in place.boxes)
        for line in place.lines
        for across in (overlap_width(line.bbox, box),)
        for down in (overlap_height(line.bbox, box),)
    )


def _is_set_like_body(line: TextLine, typesetting: Typesetting) -> bool:
    size = abs(line.style.size - typesetting.body_size)
    return line.style.font == typesetting.body_font and size <= _SAME_SIZE_POINTS


def _find_touching(box: BBox, page: Page) -> list[BBox]:
    """Find the boxes of what is painted in a region or reaches into it, without backgrounds."""
    left, top, right, bottom = box
    largest = BACKGROUND_SHARE * page.width * page.height
    touching = [
        each
        for each in page.drawings
        if each.bbox[0] <= right
        and left <= each.bbox[2]
        and each.bbox[1] <= bottom
        and top <= each.bbox[3]
    ]
    painted = [each.bbox for each in touching if is_visible(each)]
    painted += [each.bbox for each in page.bitmaps if intersects(each.bbox, box, -1.0)]
    return [each for each in painted if each.area < largest]


def _is_drawn(figure: Figure, touching: Sequence[BBox]) -> bool:
    """Tell whether a region is drawn on for the most part, or has the rules of a table."""
    if figure.kind == "table":
        rules = [each for each in touching if is_rule(each)]
        return len(rules) > 1 or figure.cells is not None
    parts = [clip(each, figure.bbox) for each in touching]
    if not parts:
        return False
    whole = enclose(parts)
    return (
        whole.width >= _DRAWN_SHARE * figure.bbox.width
        and whole.height >= _DRAWN_SHARE * figure.bbox.height
    )


def _reaches_out(box: BBox, region: BBox) -> bool:
    """Tell whether a graphic lies in a region, and well outside of it too."""
    inside = clip(box, region)
    outside = max(region.x0 - box.x0, region.y0 - box.y0, box.x1 - region.x1, box.y1 - region.y1)
    return outside > _MARGIN_POINTS and min(inside.width, inside.height) > _MARGIN_POINTS


def _is_prose(line: TextLine, box: BBox, layout: PageLayout, typesetting: Typesetting) -> bool:
    """Tell whether a line in a region is set like the running text around it."""
    return (
        intersects(line.bbox, box, 1.0)
        and _is_set_like_body(line, typesetting)
        and any(line.bbox.width >= _PROSE_SHARE * column.width for column in layout.columns)
    )
