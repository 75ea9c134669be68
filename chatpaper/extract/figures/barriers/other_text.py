"""Text that no figure can hold, though it is no prose: equations, footnotes, titles and authors."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from chatpaper.domain import BBox
from chatpaper.extract.boxes import center_y, contains, enclose, intersects, overlap_height
from chatpaper.extract.figures.barriers.text_blocks import (
    EDGE_POINTS,
    SAME_SIZE,
    Block,
    find_home_column,
)
from chatpaper.extract.layout.layout import PageLayout
from chatpaper.extract.layout.text import is_prose
from chatpaper.extract.layout.typesetting import Column, Typesetting
from chatpaper.extract.pdf.graphics import Graphics, is_as_long
from chatpaper.extract.textline import TextLine

# A taller graphic on the first page is a figure rather than a rule around the title.
FRONT_GRAPHIC_POINTS = 40.0
# Rules around titles are as wide as the text; those of tables are mostly not.
WHOLE_RULE_SHARE = 0.9
# Titles are set in type larger than the text by this factor.
TITLE_SIZE_SHARE = 1.2
# An abstract on the card of a title has so many lines of prose; posters in figures have fewer.
CARD_LINES = 5
# Footnotes are separated from the text by a short rule at the left edge of the column.
FOOTNOTE_RULE_SHARE = 0.55

_ONLY_NUMBER = re.compile(r"\(\s*[A-Z]?\.?\d{1,3}(?:\.\d{1,3})?[a-z]?\s*\)")
_WORDS = re.compile(r"[^\W\d_]{5}")


def find_equation_parts(
    loose: Sequence[Block],
    blocks: Sequence[Block],
    columns: Sequence[Column],
    typesetting: Typesetting,
) -> list[Block]:
    """Find the parts of displayed equations: without words, level with the number at the edge."""
    if not columns:
        return []
    rows = [
        (column, last.bbox)
        for block in blocks
        for last in block.lines[-1:]
        for column in (find_home_column(last.bbox, columns),)
        if _ONLY_NUMBER.fullmatch(last.text) and abs(last.bbox.x1 - column.x1) <= EDGE_POINTS
    ]
    return [
        block
        for block in loose
        if not any(_WORDS.search(line.text) for line in block.lines)
        and any(
            column.x0 <= block.bbox.x0
            and block.bbox.x1 <= number.x0
            and overlap_height(block.bbox, number) > -typesetting.leading
            for column, number in rows
        )
    ]


def find_footnotes(page: PageLayout, rules: Sequence[BBox], typesetting: Typesetting) -> list[BBox]:
    """Find the footnotes: at the foot of a column, under a short rule at its left edge."""
    found = []
    for column in page.columns:
        for rule in rules:
            short = rule.width <= FOOTNOTE_RULE_SHARE * column.width
            if not short or abs(rule.x0 - column.x0) > EDGE_POINTS or rule.y0 < page.height / 2:
                continue
            if any(is_as_long(other, rule) and other.y0 > rule.y1 for other in rules):
                continue  # the head of a table
            area = BBox(column.x0, rule.y0, column.x1, page.height)
            below = [
                line
                for line in page.lines
                if intersects(line.bbox, area) and center_y(line.bbox) > rule.y0
            ]
            if not below or not _is_footnote(below[0], rule, typesetting):
                continue
            close = list(_select_close(below, typesetting))
            if not _runs_into_body(close, typesetting):
                found.append(enclose([rule, *(line.bbox for line in close)]))
    return found


def _select_close(lines: Sequence[TextLine], typesetting: Typesetting) -> Iterator[TextLine]:
    """Select the first lines up to white space: a float may stand below footnotes."""
    yield lines[0]
    for above, line in pairwise(lines):
        if line.bbox.y0 - above.bbox.y1 > typesetting.leading:
            break
        yield line


def _runs_into_body(lines: Sequence[TextLine], typesetting: Typesetting) -> bool:
    """Tell whether smaller lines go over into running text, as below a table under one rule."""
    smallest = typesetting.body_size - SAME_SIZE / 2
    return lines[0].style.size < smallest and any(
        line.style.size >= smallest and line.style.font == typesetting.body_font
        for line in lines[1:]
    )


def _is_footnote(line: TextLine, rule: BBox, typesetting: Typesetting) -> bool:
    """Tell whether a line right under a rule is in smaller type, or begins with a mark."""
    smaller = line.style.size < typesetting.body_size - SAME_SIZE / 2
    return line.bbox.y0 - rule.y1 <= typesetting.leading and (
        smaller or line.spans[0].superscript or line.text[0] in "*†‡§¶∗" or line.text[0].isdigit()
    )


def _find_card(lines: Sequence[TextLine], graphics: Graphics, large: float) -> BBox | None:
    """Find the tinted ground under a title, of `large` type at least, and prose below it."""
    for cluster in graphics.clusters:
        inside = [line for line in lines if contains(cluster, line.bbox, EDGE_POINTS)]
        title = next((line for line in inside if line.style.size >= large), None)
        below = [line for line in inside if title and line.bbox.y0 > title.bbox.y1]
        if sum(is_prose(line.text) for line in below) >= CARD_LINES:
            return cluster
    return None


def find_front_matter(
    lines: Sequence[TextLine],
    barriers: Sequence[BBox],
    graphics: Graphics,
    captions: Sequence[BBox],
    typesetting: Typesetting,
) -> list[BBox]:
    """Find title and authors on the first page: from the title to the first text or float.

    Where they and the abstract are printed on a card, all that is on it.
    """
    large = TITLE_SIZE_SHARE * typesetting.body_size
    card = _find_card(lines, graphics, large)
    if card is not None:
        return [line.bbox for line in lines if contains(card, line.bbox, EDGE_POINTS)]
    widest = max((rule.width for rule in graphics.rules), default=0.0)
    drawn = [cluster.y0 for cluster in graphics.clusters if cluster.height > FRONT_GRAPHIC_POINTS]
    drawn += [
        upper.y0
        for upper, lower in combinations(graphics.rules, 2)
        if is_as_long(upper, lower) and upper.width < WHOLE_RULE_SHARE * widest
    ]
    drawn += [caption.y0 for caption in captions]
    first = min([barrier.y0 for barrier in barriers] + drawn, default=0.0)
    above = [line for line in lines if line.bbox.y1 <= first]
    title = min((line.bbox.y0 for line in above if line.style.size >= large), default=first)
    return [line.bbox for line in above if line.bbox.y0 >= title]
