"""Read papers without a truth, and draw what was found on contact sheets to look at.

`python -m tests.benchmarks.contact_sheets FOLDER --out SHEETS [--sheets 40] [--seed 1]`

Every PDF of FOLDER is read in a process of its own, as a night reads it; papers can be made with
`tests.benchmarks.generated.make`. Those that crash, or take too much time or memory, are named with
the reason, and the exit code is 1. Of some papers, drawn at random, SHEETS gets a picture of all
pages: figures framed in red, tables in blue, algorithms in green; thin frames have too little
confidence to be shown. The headings that were found stand at the foot of each page.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pymupdf

from chatpaper.domain import Document
from chatpaper.domain.errors import ExtractError
from chatpaper.extract.worker import Extractor

Color = tuple[float, float, float]
# Six pages of a paper fit a screen, and captions can be read.
COLUMNS, PAGE_WIDTH, PAGE_HEIGHT, FOOT = 4, 420.0, 560.0, 40.0
MOST_PAGES = 12
RED, BLUE, GREEN = (0.8, 0.0, 0.0), (0.0, 0.2, 0.9), (0.0, 0.6, 0.2)


def read_all(pdfs: Iterable[Path]) -> tuple[dict[Path, Document], list[str]]:
    """Read papers, each under the limits of a night; return them and what was not read."""
    read: dict[Path, Document] = {}
    faults: list[str] = []
    with Extractor() as extractor, tempfile.TemporaryDirectory() as images:
        for pdf in pdfs:
            try:
                read[pdf] = extractor.extract(pdf, Path(images) / pdf.stem)
            except ExtractError as error:
                faults.append(f"{pdf.name}: {error.reason}: {error}")
    return read, faults


def draw_sheet(pdf: Path, document: Document) -> pymupdf.Pixmap:
    """Draw the pages of a paper side by side, with what was found on them."""
    with pymupdf.open(pdf) as source, pymupdf.open() as sheet:
        count = min(len(source), MOST_PAGES)
        rows = -(-count // COLUMNS)
        canvas = sheet.new_page(width=COLUMNS * PAGE_WIDTH, height=rows * (PAGE_HEIGHT + FOOT))
        for index in range(count):
            left = index % COLUMNS * PAGE_WIDTH
            top = index // COLUMNS * (PAGE_HEIGHT + FOOT)
            page = source[index]
            scale = min(PAGE_WIDTH / page.rect.width, PAGE_HEIGHT / page.rect.height)
            place = pymupdf.Rect(
                left, top, left + scale * page.rect.width, top + scale * page.rect.height
            )
            canvas.show_pdf_page(place, source, index)
            to_sheet = pymupdf.Matrix(scale, 0, 0, scale, left, top)
            for box, color, width in _list_frames(document, index + 1):
                canvas.draw_rect(box * to_sheet, color=color, width=width)
            foot = pymupdf.Rect(
                left, top + PAGE_HEIGHT, left + PAGE_WIDTH, top + PAGE_HEIGHT + FOOT
            )
            canvas.insert_textbox(foot, _list_headings(document, index + 1), fontsize=8)
        return canvas.get_pixmap(alpha=False)


def _list_frames(document: Document, page: int) -> Iterable[tuple[pymupdf.Rect, Color, float]]:
    for figure in document.figures:
        if figure.page == page:
            color = RED if figure.kind == "figure" else BLUE
            yield pymupdf.Rect(*figure.bbox), color, 0.5 if figure.is_uncertain else 2.0
    for algorithm in document.algorithms:
        if algorithm.page == page:
            yield pymupdf.Rect(*algorithm.bbox), GREEN, 2.0


def _list_headings(document: Document, page: int) -> str:
    title = [document.title.upper()] if page == 1 else []
    headings = (
        f"{section.number} {section.title}".strip()
        for section in document.sections
        if section.page == page and section.title
    )
    return " | ".join([*title, *headings])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sheets", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    pdfs = sorted(options.folder.rglob("*.pdf"))
    read, faults = read_all(pdfs)
    options.out.mkdir(parents=True, exist_ok=True)
    chosen = Random(options.seed).sample(sorted(read), min(options.sheets, len(read)))
    for pdf in sorted(chosen):
        draw_sheet(pdf, read[pdf]).save(options.out / f"{pdf.stem}.png")
    for fault in faults:
        print(fault, file=sys.stderr)
    pages = sum(document.pages for document in read.values())
    print(f"{len(read)} of {len(pdfs)} papers read, {pages} pages; {len(chosen)} sheets drawn")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
