"""Small papers drawn for tests: columns of justified text, captions, plots, tables with rules."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pymupdf
from pymupdf import mupdf

from chatpaper.domain import BBox, Figure
from chatpaper.extract.figures.assignment import find_floats
from chatpaper.extract.layout.layout import read_layout
from chatpaper.extract.layout.typesetting import measure_typesetting
from chatpaper.extract.pdf.reader import read_pdf

PAGE_WIDTH, PAGE_HEIGHT = 612.0, 792.0
BODY_SIZE = 10.0
LEADING = 12.0
LEFT_COLUMN = (54.0, 294.0)
RIGHT_COLUMN = (318.0, 558.0)
WHOLE_WIDTH = (54.0, 558.0)
WORDS = [
    "the",
    "results",
    "of",
    "this",
    "study",
    "show",
    "that",
    "careful",
    "measurement",
    "of",
    "every",
    "single",
    "page",
    "gives",
    "boxes",
    "which",
    "readers",
    "find",
    "useful",
    "when",
    "they",
    "look",
    "for",
    "the",
    "figures",
    "of",
    "a",
    "paper",
    "and",
    "for",
    "nothing",
    "else",
    "in",
    "the",
    "world",
    "of",
    "printed",
    "science",
]


@cache
def _font(name: str) -> pymupdf.Font:
    return pymupdf.Font(name)


@cache
def _is_mono(name: str) -> bool:
    return bool(_font(name).flags["mono"])


@cache
def _width(text: str, size: float, font: str = "tiro") -> float:
    return float(_font(font).text_length(text, fontsize=size))


@dataclass(frozen=True)
class Drawn:
    """A float as drawn: what a box around it must be."""

    box: BBox


class PaperPage:
    """A page to draw on, in points from the top left corner."""

    def __init__(self, page: pymupdf.Page) -> None:
        self.page = page
        self.writer = pymupdf.TextWriter(page.rect)

    def text(
        self, x: float, baseline: float, text: str, size: float = BODY_SIZE, font: str = "tiro"
    ) -> float:
        """Write one line of text from `x` on, and return its right edge."""
        if _is_mono(font):
            self.writer.append((x, baseline), text, font=_font(font), fontsize=size)
        else:
            # As `append` does it, which also measures, each time, all that was written before.
            place = mupdf.fz_make_matrix(size, 0, 0, size, x, self.page.rect.height - baseline)
            mupdf.fz_show_string(
                self.writer.this, _font(font).this, place, text, 0, 0, 0, mupdf.FZ_LANG_UNSET
            )
        return x + _width(text, size, font)

    def centred(
        self, column: tuple[float, float], baseline: float, text: str, size: float = 9.0
    ) -> None:
        width = _width(text, size)
        self.text((column[0] + column[1] - width) / 2, baseline, text, size)

    def prose(
        self, column: tuple[float, float], top: float, lines: int, size: float = BODY_SIZE
    ) -> float:
        """Draw a justified paragraph of `lines` lines; return the y coordinate below it."""
        baseline = top + size
        start = 0
        for index in range(lines):
            words, start = _words_for(column[1] - column[0], start, size)
            self._justified(
                column, baseline + index * LEADING, words, size, last=index == lines - 1
            )
        return top + lines * LEADING

    def _justified(
        self,
        column: tuple[float, float],
        baseline: float,
        words: list[str],
        size: float,
        *,
        last: bool,
    ) -> None:
        widths = [_width(word, size) for word in words]
        space = 2.5 if last else (column[1] - column[0] - sum(widths)) / (len(words) - 1)
        x = column[0]
        for word, width in zip(words, widths, strict=True):
            self.text(x, baseline, word, size)
            x += width + space

    def plot(self, x0: float, y0: float, x1: float, y1: float) -> Drawn:
        """Draw a frame with a curve and the label of an axis in it."""
        self.page.draw_rect(pymupdf.Rect(x0, y0, x1, y1), color=(0, 0, 0), width=0.5)
        self.page.draw_line((x0 + 5, y1 - 5), (x1 - 5, y0 + 5), color=(0.8, 0, 0))
        self.text(x0 + 8, y0 + 12, "accuracy", 7)
        return Drawn(BBox(x0, y0, x1, y1))

    def table(self, x0: float, y0: float, x1: float, rows: int) -> Drawn:
        """Draw a table between three rules, as booktabs does."""
        y1 = y0 + 4 + rows * LEADING
        for height in (y0, y0 + 2 + LEADING, y1):
            self.page.draw_line((x0, height), (x1, height), color=(0, 0, 0), width=0.6)
        step = (x1 - x0) / 3
        for row in range(rows):
            for cell in range(3):
                self.text(x0 + 2 + cell * step, y0 + 10 + row * LEADING, f"v{row}.{cell}", 9)
        return Drawn(BBox(x0, y0, x1, y1))


def draw(path: Path, *pages: Callable[[PaperPage], object]) -> Path:
    """Write a PDF to `path` with a page for each of `pages`, which draw them.

    Its fonts have the glyphs that are used, as those of papers do.
    """
    with pymupdf.open() as pdf:
        for paint in pages:
            if paint is text_page:
                with pymupdf.open(stream=_text_page_alone()) as same:
                    pdf.insert_pdf(same)
            else:
                _draw_page(pdf, paint)
        pdf.subset_fonts()
        pdf.save(path)
    return path


def _draw_page(pdf: pymupdf.Document, paint: Callable[[PaperPage], object]) -> None:
    page = PaperPage(pdf.new_page(width=PAGE_WIDTH, height=PAGE_HEIGHT))
    paint(page)
    page.writer.write_text(page.page)


@cache
def _text_page_alone() -> bytes:
    with pymupdf.open() as pdf:
        _draw_page(pdf, text_page)
        return bytes(pdf.tobytes())


def text_page(page: PaperPage) -> None:
    """Draw two columns of text, from which the reader learns how the paper is set."""
    for column in (LEFT_COLUMN, RIGHT_COLUMN):
        page.prose(column, 72, 50)


def _words_for(width: float, start: int, size: float) -> tuple[list[str], int]:
    words: list[str] = []
    used = 0.0
    while True:
        word = WORDS[start % len(WORDS)]
        used += _width(word, size) + 2.5
        if used > width and len(words) > 1:
            return words, start
        words.append(word)
        start += 1


def read_floats(pdf: Path) -> dict[str, Figure]:
    """Read the figures and tables of a file, by their labels."""
    content = read_pdf(pdf)
    found = find_floats(content, read_layout(content, measure_typesetting(content)))
    return {one.figure.label: one.figure for one in found if not one.is_algorithm}
