"""Separate text that no figure can hold (prose, headings, captions) from text that one may.

PDFFigures 2.0 sieves text in the same spirit: what is set like the body of the document is a
barrier between figures; labels, cells and listings are not.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chatpaper.domain import BBox
from chatpaper.extract.boxes import (
    contains,
    intersects,
    overlap_area,
    overlap_height,
    overlap_width,
)
from chatpaper.extract.figures.barriers.other_text import (
    find_equation_parts,
    find_footnotes,
    find_front_matter,
)
from chatpaper.extract.figures.barriers.text_blocks import (
    EDGE_POINTS,
    INDENT_POINTS,
    SAME_SIZE,
    Block,
    find_home_column,
    group_blocks,
    join_stretched,
    split_at_gaps,
)
from chatpaper.extract.layout.layout import PageLayout
from chatpaper.extract.layout.typesetting import Column, Typesetting
from chatpaper.extract.pdf.graphics import Graphics
from chatpaper.extract.textline import TextLine

# A paragraph covers its column; list items and quotations are indented by some em on either side.
COLUMN_SHARE = 0.8
# Text beside a wrapped figure is narrower, but then it is justified and longer.
NARROW_SHARE = 0.4
NARROW_LINES = 3
# … or narrower still, if it is longer and keeps to the edge of the column, as that beside the
# widest wrapped figures does.
NARROWEST_SHARE, NARROWEST_LINES = 0.25, 5
# … or set ragged, as manuscripts are, in the body's type.
RAGGED_LINES = 6
# All lines of a paragraph but the last are full: at least this share of the block's width.
FULL_SHARE = 0.85
FULL_LINES_SHARE = 0.6
# A single line of text is prose only if it is long, and indented as a paragraph or a list at most.
SINGLE_LINE_SHARE = 0.55
LETTERS_SHARE = 0.6
# Text is inside a graphic if most of its area is.
INSIDE_SHARE = 0.6
# A panel's caption is this near to the panel, in points: its axis labels are between them.
SUBCAPTION_GAP = 40.0
# … and the label of an axis is beyond its numbers, which take three or four characters.
AXIS_GAP = 36.0
# A heading is followed by its text within about two lines.
HEADING_LEADINGS = 2.4
HEADING_LINES = 3
# Sans-serif faces look larger, so headings in them are scaled down: by a tenth, which is a point.
BOLD_HEADING_SMALLER = 1.1

_MONOSPACED = re.compile(
    r"courier|mono|cmtt|typewriter|consol|lettergothic|nimbusmon|cmsltt|\btt\d", re.IGNORECASE
)
_PANEL = re.compile(r"\(?[a-hA-H]\)\s*\S")
_NOTE = re.compile(r"(?:notes?|sources?)\s*[.:]|注\s*[：:]|[*∗†‡]\s?[A-Z]", re.IGNORECASE)
_NUMBERED_TITLE = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,2}\.?\s+[A-Z][^\W\d_]+")
_EQUATION_NUMBER = re.compile(r".*\(\s*[A-Z]?\.?\d{1,3}(?:\.\d{1,3})?[a-z]?\s*\)$")


@dataclass(frozen=True, slots=True)
class PageParts:
    """The parts of a page: `barriers` that no figure crosses, `texts` and graphics it may hold.

    `panels` and `notes` are those of the texts that begin captions of panels, and notes.
    """

    barriers: tuple[BBox, ...]
    texts: tuple[BBox, ...]
    panels: frozenset[BBox]
    notes: frozenset[BBox]
    graphics: Graphics
    columns: tuple[Column, ...]
    width: float
    height: float


def partition_page(
    page: PageLayout,
    typesetting: Typesetting,
    graphics: Graphics,
    captions: Sequence[BBox],
    taken: frozenset[int],
) -> PageParts:
    """Partition a page; `taken` holds the `id` of every span that belongs to a caption."""
    split = [tuple(split_at_gaps(line, taken)) for line in page.lines]
    lines = join_stretched(page.lines, split)
    blocks = group_blocks(lines, typesetting)
    prose = _find_prose(blocks, lines, page.columns, typesetting, graphics)
    prose = _drop_ruled(prose, graphics.rules, captions)
    barriers = [block.measure for block in prose]
    known = {id(block) for block in prose}
    # From the bottom up, since a heading is attached to what is below it.
    for block in sorted(blocks, key=lambda block: -block.bbox.y0):
        if id(block) in known:
            continue
        if _is_attached(block, barriers, page.columns, typesetting, graphics):
            barriers.append(block.bbox)
            known.add(id(block))
    loose = [block for block in blocks if id(block) not in known]
    equations = find_equation_parts(loose, blocks, page.columns, typesetting)
    barriers += [block.bbox for block in equations]
    own = {id(block) for block in equations}
    loose = [block for block in loose if id(block) not in own]
    barriers += find_footnotes(page, graphics.rules, typesetting)
    if page.number == 1:
        barriers += find_front_matter(lines, barriers, graphics, captions, typesetting)
    texts = [line.bbox for block in loose for line in block.lines]
    texts += [line.bbox for line in page.vertical if _is_within_text(line.bbox, page, graphics)]
    return PageParts(
        barriers=tuple(barriers),
        texts=tuple(box for box in texts if not _is_in_any(box, barriers, 1)),
        panels=frozenset(
            line.bbox for block in loose for line in block.lines if _PANEL.match(line.text)
        ),
        notes=frozenset(
            line.bbox for block in loose for line in block.lines if _NOTE.match(line.text)
        ),
        graphics=_drop_graphics_in_text(graphics, barriers),
        columns=page.columns,
        width=page.width,
        height=page.height,
    )


def _is_in_any(box: BBox, barriers: Sequence[BBox], tolerance: float) -> bool:
    return any(contains(barrier, box, tolerance) for barrier in barriers)


def _find_prose(
    blocks: Sequence[Block],
    lines: Sequence[TextLine],
    columns: Sequence[Column],
    typesetting: Typesetting,
    graphics: Graphics,
) -> list[Block]:
    """Find the blocks of running text."""
    panels = [block for block in blocks if _PANEL.match(block.lines[0].text)]
    return [
        block
        for block in blocks
        if _is_prose(block, lines, columns, typesetting, graphics)
        and not _is_beside_panel(block, panels, columns)
    ]


def _is_prose(
    block: Block,
    lines: Sequence[TextLine],
    columns: Sequence[Column],
    typesetting: Typesetting,
    graphics: Graphics,
) -> bool:
    if not columns or _MONOSPACED.search(block.lines[0].style.font):
        return False
    if _find_letters_share(block) < LETTERS_SHARE or _is_subcaption(block, graphics):
        return False
    column = find_home_column(block.bbox, columns)
    inside = any(
        overlap_area(block.bbox, cluster) > INSIDE_SHARE * block.bbox.area
        for cluster in graphics.clusters
    )
    if inside and not (len(block.lines) >= NARROW_LINES and _fills(block.bbox, column)):
        return False
    body_size = abs(block.size - typesetting.body_size) <= SAME_SIZE
    if len(block.lines) == 1:
        return body_size and _is_single_line_prose(block, column, lines, typesetting)
    if block.bbox.width >= COLUMN_SHARE * column.width:
        return _is_filled(block) and (body_size or len(block.lines) >= NARROW_LINES)
    return _may_be_beside_figure(block, column) and (
        _is_justified(block) or _is_ragged_text(block, typesetting)
    )


def _may_be_beside_figure(block: Block, column: Column) -> bool:
    """Tell whether a block is wide and long enough for text beside a wrapped figure."""
    share, lines = block.bbox.width / column.width, len(block.lines)
    at_edge = (
        abs(block.left_edge - column.x0) <= EDGE_POINTS
        or abs(block.right_edge - column.x1) <= EDGE_POINTS
        or block.bbox.x1 >= column.x1 - EDGE_POINTS
    )
    return at_edge and (
        (share >= NARROW_SHARE and lines >= NARROW_LINES)
        or (share >= NARROWEST_SHARE and lines >= NARROWEST_LINES)
    )


def _is_single_line_prose(
    block: Block, column: Column, lines: Sequence[TextLine], typesetting: Typesetting
) -> bool:
    line = block.lines[0]
    alone = not any(
        other is not line
        and overlap_height(other.bbox, line.bbox) > line.style.size / 2
        and column.x0 < other.bbox.x1
        and other.bbox.x0 < column.x1
        for other in lines
    )
    return (
        alone
        and line.style.font == typesetting.body_font
        and column.x0 - EDGE_POINTS <= line.bbox.x0 <= column.x0 + INDENT_POINTS
        and line.bbox.width >= SINGLE_LINE_SHARE * column.width
    )


def _find_letters_share(block: Block) -> float:
    text = "".join(line.text for line in block.lines).replace(" ", "")
    return sum(character.isalpha() for character in text) / max(1, len(text))


def _is_subcaption(block: Block, graphics: Graphics) -> bool:
    """Tell whether a block begins with a panel's letter, right under something drawn."""
    top = block.bbox.y0
    return _PANEL.match(block.lines[0].text) is not None and any(
        -EDGE_POINTS <= top - cluster.y1 <= SUBCAPTION_GAP
        and overlap_width(cluster, block.bbox) > 0
        for cluster in graphics.clusters
    )


def _is_beside_panel(block: Block, panels: Sequence[Block], columns: Sequence[Column]) -> bool:
    """Tell whether a block begins with a panel's letter, and one beside it with the next.

    The panels may be listings, without anything drawn over the captions; items of lists stand below
    each other.
    """
    letter = _find_panel_letter(block)
    return letter > 0 and any(
        abs(_find_panel_letter(other) - letter) == 1
        and overlap_height(other.bbox, block.bbox) > min(other.bbox.height, block.bbox.height) / 2
        and overlap_width(other.bbox, block.bbox) <= 0
        and find_home_column(other.bbox, columns) == find_home_column(block.bbox, columns)
        for other in panels
    )


def _find_panel_letter(block: Block) -> int:
    """Find the code of the panel letter that a block begins with; 0 without one."""
    match = _PANEL.match(block.lines[0].text)
    return ord(match[0].strip("( )")[0]) if match else 0


def _fills(box: BBox, column: Column) -> bool:
    return abs(box.x0 - column.x0) <= EDGE_POINTS and abs(box.x1 - column.x1) <= EDGE_POINTS


def _is_filled(block: Block) -> bool:
    full = sum(line.bbox.width >= FULL_SHARE * block.bbox.width for line in block.lines[:-1])
    return full >= FULL_LINES_SHARE * (len(block.lines) - 1)


def _is_ragged_text(block: Block, typesetting: Typesetting) -> bool:
    """Tell whether a block is set like the body, though its lines are not of one length."""
    first = block.lines[0].style
    return (
        len(block.lines) >= RAGGED_LINES
        and first.font == typesetting.body_font
        and abs(first.size - typesetting.body_size) <= SAME_SIZE
        and _is_filled(block)
    )


def _is_justified(block: Block) -> bool:
    right = block.right_edge
    even = sum(abs(right - line.bbox.x1) <= EDGE_POINTS for line in block.lines[:-1])
    return even >= FULL_LINES_SHARE * (len(block.lines) - 1)


def _drop_ruled(prose: list[Block], rules: Sequence[BBox], captions: Sequence[BBox]) -> list[Block]:
    """Drop prose within a table: between rules of one width, with no caption between them.

    Text between two different tables has a caption of one of them between the rules too, on one
    side or the other. Small leading in cells makes one block of several rows, so tables are looked
    at as wholes.
    """
    columns: defaultdict[tuple[int, int], list[BBox]] = defaultdict(list)
    for rule in rules:
        columns[round(rule.x0 / EDGE_POINTS), round(rule.x1 / EDGE_POINTS)].append(rule)
    tables = [table for column in columns.values() for table in _find_ruled_areas(column, captions)]
    return [
        block
        for block in prose
        if not any(contains(table, block.bbox, EDGE_POINTS) for table in tables)
    ]


def _find_ruled_areas(rules: Sequence[BBox], captions: Sequence[BBox]) -> Iterator[BBox]:
    """Find the areas between rules of one width, top to bottom, without a caption in between."""
    table: BBox | None = None
    for top, bottom in pairwise(rules):
        frame = BBox(top.x0, top.y1, top.x1, bottom.y0)
        if any(intersects(frame, caption) for caption in captions):
            if table is not None:
                yield table
            table = None
        else:
            table = frame if table is None else table._replace(y1=frame.y1)
    if table is not None:
        yield table


def _is_attached(
    block: Block,
    barriers: Sequence[BBox],
    columns: Sequence[Column],
    typesetting: Typesetting,
    graphics: Graphics,
) -> bool:
    """Tell whether a block is a heading over prose, or a displayed equation with its number."""
    if not columns or any(contains(cluster, block.bbox) for cluster in graphics.clusters):
        return False
    column = find_home_column(block.bbox, columns)
    last = block.lines[-1]
    if _EQUATION_NUMBER.fullmatch(last.text) and abs(last.bbox.x1 - column.x1) <= EDGE_POINTS:
        return True
    smaller = BOLD_HEADING_SMALLER if last.style.bold else SAME_SIZE
    if len(block.lines) > HEADING_LINES or block.size < typesetting.body_size - smaller:
        return False
    at_edge = abs(block.bbox.x0 - column.x0) <= EDGE_POINTS
    if at_edge and last.style.bold and _NUMBERED_TITLE.match(block.lines[0].text):
        return True  # also over an equation, or at the foot of a column
    below = HEADING_LEADINGS * typesetting.leading
    return at_edge and any(
        0 <= barrier.y0 - block.bbox.y1 + EDGE_POINTS <= below
        and overlap_width(barrier, block.bbox) > 0
        for barrier in barriers
    )


def _is_within_text(box: BBox, page: PageLayout, graphics: Graphics) -> bool:
    """Tell whether vertical text belongs to the page's contents, unlike a stamp in the margin.

    The label of an axis does, also if its figure reaches into the margin.
    """
    if not page.columns:
        return True
    left, right = page.columns[0].x0 - INDENT_POINTS / 2, page.columns[-1].x1 + INDENT_POINTS / 2
    labels = any(
        overlap_height(cluster, box) > box.height / 2
        and -AXIS_GAP <= overlap_width(cluster, box) <= 0
        for cluster in graphics.clusters
    )
    return labels or (box.x1 > left and box.x0 < right)


def _drop_graphics_in_text(graphics: Graphics, barriers: Sequence[BBox]) -> Graphics:
    """Drop graphics that lie in text: fraction bars, underlines, boxes around links."""

    def is_free(box: BBox) -> bool:
        return not any(contains(barrier, box, EDGE_POINTS) for barrier in barriers)

    return Graphics(
        tuple(filter(is_free, graphics.clusters)), tuple(filter(is_free, graphics.rules))
    )
