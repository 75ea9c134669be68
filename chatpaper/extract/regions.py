"""What can be read beside the running text: in tables, which hold the results, in algorithms and footnotes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatpaper.domain import Aside, BBox, Figure
from chatpaper.extract.boxes import contains, middle_x, middle_y
from chatpaper.extract.figures import FoundFigure
from chatpaper.extract.layout import Layout
from chatpaper.extract.text import Vocabulary, paged_text
from chatpaper.extract.textline import TextLine

# What stands on one base line, give or take this share of the type size, is one row.
ROW_TOLERANCE_EM = 0.4
CELL_GAP = " | "


def with_texts(found: Sequence[FoundFigure], layout: Layout) -> tuple[Figure, ...]:
    """The figures, each with the text inside of its region: a row a line, top to bottom, cells from left to right."""
    pages = {page.number: page.lines for page in layout.pages}
    return tuple(replace(each.figure, text=_text(each, pages.get(each.figure.page, ()))) for each in found)


def asides(algorithms: Sequence[FoundFigure], notes: Sequence[TextLine], layout: Layout) -> tuple[Aside, ...]:
    """What stands beside the running text: algorithms, and the footnotes of each page."""
    boxes = [
        Aside("algorithm", figure.page, f"{figure.caption}\n{figure.text}") for figure in with_texts(algorithms, layout)
    ]
    words = Vocabulary.of(notes)
    pages = sorted({note.page for note in notes})
    feet = [
        Aside("footnotes", page, paged_text([note for note in notes if note.page == page], layout.setting, words).text)
        for page in pages
    ]
    return tuple(sorted((*boxes, *feet), key=lambda aside: aside.page))


def _text(found: FoundFigure, lines: Sequence[TextLine]) -> str:
    captions = {id(span) for line in found.caption_lines for span in line.spans}
    inside = [
        line
        for line in lines
        if _is_inside(line.bbox, found.figure.bbox) and not any(id(span) in captions for span in line.spans)
    ]
    return "\n".join(CELL_GAP.join(cell.text for cell in row) for row in _rows(inside))


def _is_inside(line: BBox, region: BBox) -> bool:
    x, y = middle_x(line), middle_y(line)
    return contains(region, BBox(x, y, x, y))


def _rows(lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    row: list[TextLine] = []
    for line in sorted(lines, key=lambda candidate: candidate.baseline):
        if row and line.baseline - row[-1].baseline > ROW_TOLERANCE_EM * line.style.size:
            yield sorted(row, key=lambda cell: cell.bbox.x0)
            row = []
        row.append(line)
    if row:
        yield sorted(row, key=lambda cell: cell.bbox.x0)
