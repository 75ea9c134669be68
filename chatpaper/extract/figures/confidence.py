"""How sure it is that a region is the figure or table that its caption names.

Confidence begins at 1 and is multiplied by a factor for each piece of evidence that is missing:
something drawn or ruled in the region, nothing cut by its border, no running text in it, a mention
of the label in the text, no second caption of that label, and a caption on the side and at the
distance at which the document has them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatpaper.domain import BBox, CaptionSide, Figure
from chatpaper.domain.text.float_mentions import FloatKey, find_mentions, make_float_key
from chatpaper.extract.boxes import clip, enclose, intersects, overlap_height, overlap_width
from chatpaper.extract.figures.assignment import FoundFloat
from chatpaper.extract.figures.regions.region_growing import SIGNIFICANT_AREA
from chatpaper.extract.layout.layout import PageLayout
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.page import Page
from chatpaper.extract.pdf.graphics import BACKGROUND_SHARE, is_rule, is_visible
from chatpaper.extract.textline import TextLine

# Factors for missing evidence. Listings and tables without rules are right too, hence the mild
# first; a region that cuts a graphic, or is full of running text, is mostly wrong.
_NOTHING_DRAWN = 0.75
_CUT = 0.6
_ALL_PROSE = 0.4
_NOT_MENTIONED = 0.85
_SECOND_CAPTION = 0.6
_UNUSUAL_SIDE = 0.85
_FAR_CAPTION = 0.85

# What is drawn covers this share of the region both ways, unless it only marks its text.
_DRAWN_SHARE = 0.5
# Graphics may reach beyond a region by strokes and white margins.
_MARGIN_POINTS = 8.0
# Captions of most floats are this near to them.
_NEAR_POINTS = 36.0
# A line of running text is set like the body, and fills this share of a column.
_PROSE_SHARE = 0.6
_SAME_SIZE_POINTS = 0.3


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
            _rate_region(figure, *pages[figure.page - 1], typesetting)
            * _rate_caption(each, figure, habits),
            2,
        )
        for each, figure in found
    )


def _rate_caption(found: FoundFloat, figure: Figure, habits: _Habits) -> float:
    """Rate what speaks for the label of a float, and for the place of its caption."""
    factor = 1.0
    key = make_float_key(figure.kind, figure.label)
    if key is not None and key not in habits.mentions:
        factor *= _NOT_MENTIONED
    if habits.labels[figure.kind, figure.label] > 1:
        factor *= _SECOND_CAPTION
    if not habits.is_usual_side(figure):
        factor *= _UNUSUAL_SIDE
    caption = enclose(line.bbox for line in found.caption_lines)
    apart = max(-overlap_height(caption, figure.bbox), -overlap_width(caption, figure.bbox))
    return factor * _FAR_CAPTION if apart > _NEAR_POINTS else factor


def _rate_region(figure: Figure, page: Page, layout: PageLayout, typesetting: Typesetting) -> float:
    """Rate what a region holds and cuts."""
    box = figure.bbox
    touching = _find_touching(box, page)
    factor = 1.0 if _is_drawn(figure, touching) else _NOTHING_DRAWN
    if any(each.area >= SIGNIFICANT_AREA and _reaches_out(each, box) for each in touching):
        factor *= _CUT
    if figure.cells is not None:
        # The rows of a table may be as wide as lines of text.
        return factor
    prose = sum(
        line.bbox.height for line in layout.lines if _is_prose(line, box, layout, typesetting)
    )
    return factor * (1 - (1 - _ALL_PROSE) * min(1.0, prose / max(1.0, box.height)))


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
    if not intersects(line.bbox, box, 1.0) or line.style.font != typesetting.body_font:
        return False
    size = abs(line.style.size - typesetting.body_size)
    return size <= _SAME_SIZE_POINTS and any(
        line.bbox.width >= _PROSE_SHARE * column.width for column in layout.columns
    )
