"""Regions of figures and tables against the text around and inside of them.

A region ends where a line begins that is not its own. The text inside of tables, which hold the
results, of algorithms and of footnotes is kept beside the running text.
"""

from collections.abc import Sequence
from dataclasses import replace

from chatpaper.domain import Algorithm, BBox, Figure, SideText, TableCells
from chatpaper.domain.text.meaning import REPLACEMENT, has_readable_text
from chatpaper.extract.boxes import center_y, contains_center
from chatpaper.extract.figures.algorithms import read_algorithm
from chatpaper.extract.figures.assignment import FoundFloat
from chatpaper.extract.layout.layout import Layout, PageLayout
from chatpaper.extract.layout.text import Vocabulary, build_paged_text
from chatpaper.extract.page import Line, Page
from chatpaper.extract.tables.cells import read_cells
from chatpaper.extract.tables.table_rows import format_lines, format_table
from chatpaper.extract.textline import TextLine

# Strokes reach beyond their paths by half their width, and letters beyond their boxes a little.
BLEED_POINTS = 1.0
# Tall letters and descenders leave the box of their line by this much, and pixels are rounded
# outwards.
LETTER_OVERHANG_POINTS = 0.75
# Taller lines hold big operators, whose boxes reach far beyond their ink.
MOST_LINE_HEIGHT_EM = 1.6


def trim_to_whitespace(found: Sequence[FoundFloat], layout: Layout) -> tuple[FoundFloat, ...]:
    """Trim regions to include all their ink, but no slice of a caption or line beside them."""
    pages = {page.number: page for page in layout.pages}
    tallest = MOST_LINE_HEIGHT_EM * layout.typesetting.body_size
    return tuple(
        replace(
            each,
            figure=replace(
                each.figure, bbox=_trim(each.figure.bbox, pages[each.figure.page], tallest)
            ),
        )
        for each in found
    )


def _trim(region: BBox, page: PageLayout, tallest: float) -> BBox:
    top, bottom = max(0.0, region.y0 - BLEED_POINTS), min(page.height, region.y1 + BLEED_POINTS)
    for box in (line.bbox for line in page.lines if line.bbox.height <= tallest):
        if min(box.x1, region.x1) <= max(box.x0, region.x0):
            continue
        if center_y(box) < region.y0:
            top = max(top, box.y1 + LETTER_OVERHANG_POINTS)
        elif center_y(box) > region.y1:
            bottom = min(bottom, box.y0 - LETTER_OVERHANG_POINTS)
    left, right = max(0.0, region.x0 - BLEED_POINTS), min(page.width, region.x1 + BLEED_POINTS)
    return BBox(left, top, right, bottom) if top < bottom else region


def attach_text(found: Sequence[FoundFloat], layout: Layout) -> tuple[Figure, ...]:
    """Attach to each figure the text inside its region: a row a line, cells from left to right."""
    pages = {page.number: page.lines for page in layout.pages}
    return tuple(
        replace(each.figure, text=_read_text(each, pages.get(each.figure.page, ())))
        for each in found
    )


def read_cells_of(found: FoundFloat, page: Page, read: PageLayout) -> TableCells | None:
    """Read the cells of a table; a head at the top of a page may have been taken for the page's."""
    box, page, read = _turn_upright(found, page, read)
    lines = _select_inside(box, (*read.lines, *read.furniture), found.caption_lines)
    return read_cells(box, lines, page)


def read_lines_of(found: FoundFloat, page: Page, read: PageLayout) -> Algorithm:
    """Read the lines of an algorithm."""
    box, page, read = _turn_upright(found, page, read)
    return read_algorithm(found, _select_inside(box, read.lines, found.caption_lines), page)


def _turn_upright(found: FoundFloat, page: Page, read: PageLayout) -> tuple[BBox, Page, PageLayout]:
    """Return the box of a float and its page such that its text is upright."""
    box, rotated = found.figure.bbox, found.rotated
    if rotated is None:
        return box, page, read
    return rotated.rotation(box), rotated.page, rotated.layout


def build_asides(
    algorithms: Sequence[FoundFloat], notes: Sequence[TextLine], layout: Layout
) -> tuple[SideText, ...]:
    """Build what stands beside the running text: algorithms, and the footnotes of each page."""
    boxes = [
        SideText("algorithm", figure.page, f"{figure.caption}\n{figure.text}")
        for figure in attach_text(algorithms, layout)
    ]
    words = Vocabulary.from_lines(notes)
    pages = sorted({note.page for note in notes})
    feet = [
        SideText(
            "footnotes",
            page,
            build_paged_text(
                [note for note in notes if note.page == page], layout.typesetting, words
            ).text,
        )
        for page in pages
    ]
    return tuple(sorted((*boxes, *feet), key=lambda aside: aside.page))


def _select_inside(
    box: BBox, lines: Sequence[TextLine], caption_lines: Sequence[Line]
) -> list[TextLine]:
    """Select the readable lines in a box, without those of the caption."""
    captions = {id(span) for line in caption_lines for span in line.spans}
    return [
        line
        for line in lines
        if has_readable_text(line.text)
        and contains_center(box, line.bbox)
        and not any(id(span) in captions for span in line.spans)
    ]


def _read_text(found: FoundFloat, lines: Sequence[TextLine]) -> str:
    inside = _select_inside(found.figure.bbox, lines, found.caption_lines)
    text = format_table(inside) if found.figure.kind == "table" else format_lines(inside)
    return text.replace(REPLACEMENT, "")
