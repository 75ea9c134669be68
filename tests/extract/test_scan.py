"""Figures of scanned pages are what the picture shows, not the words that were recognised in it."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain import BBox, Document
from chatpaper.extract.document import read_document
from chatpaper.extract.pdf.reader import read_pdf
from tests.extract.lettered import PROSE

PLOT = BBox(150, 90, 450, 270)


def _write(page: pymupdf.Page, x: float, y: float, text: str, mode: int, size: float = 10) -> None:
    page.insert_text((x, y), text, fontsize=size, render_mode=mode)


def _words(page: pymupdf.Page, mode: int) -> None:
    """Write all words of the page: painted for the picture (0), or invisible as recognised (3)."""
    for index, label in enumerate(("0", "10", "20", "30")):
        _write(page, 160 + 90 * index, 282, label, mode, 8)
    _write(page, 270, 294, "time (s)", mode, 8)
    _write(page, 150, 318, "Figure 1: The speed of the wind by the hour.", mode)
    page.insert_textbox((72, 340, 540, 720), PROSE * 9, fontsize=10, render_mode=mode)


def _plot(page: pymupdf.Page) -> None:
    page.draw_rect(pymupdf.Rect(*PLOT), color=(0, 0, 0), width=1)
    points = [(155 + 10 * step, 260 - 5 * step) for step in range(29)]
    page.draw_polyline(points, color=(0, 0, 0), width=1.5)


def _photograph(page: pymupdf.Page) -> None:
    for step in range(30):
        shade = 0.2 + 0.4 * (step % 7) / 7
        page.draw_rect(
            (150 + 10 * step, 90, 160 + 10 * step, 270), color=None, fill=(shade, shade, shade)
        )


def scanned(path: Path, figure: Callable[[pymupdf.Page], None], ground: float = 1.0) -> Document:
    """Read a scan of two pages with recognised text, on paper of this shade of grey."""
    with pymupdf.open() as printed, pymupdf.open() as pdf:
        page = printed.new_page()
        page.draw_rect(page.rect, color=None, fill=(ground, ground, ground))
        figure(page)
        _words(page, 0)
        for _ in range(2):
            scan = pdf.new_page()
            scan.insert_image(scan.rect, pixmap=page.get_pixmap(dpi=110))
            _words(scan, 3)
        pdf.save(path)
    return read_document(path, None)


def plotted_scan(path: Path) -> Document:
    """Read a scan with a plot in `PLOT`."""
    return scanned(path, _plot)


@pytest.mark.parametrize("figure", [_plot, _photograph])
@pytest.mark.parametrize("ground", [1.0, 0.85])
def test_a_scanned_figure_is_as_large_as_its_picture(
    tmp_path: Path, figure: Callable[[pymupdf.Page], None], ground: float
) -> None:
    document = scanned(tmp_path / "scan.pdf", figure, ground)

    found = document.figures[0]
    assert (found.label, found.caption) == ("Figure 1", "The speed of the wind by the hour.")
    assert abs(found.bbox.y0 - PLOT.y0) < 4
    assert found.bbox.x0 <= PLOT.x0 + 3
    assert found.bbox.x1 >= PLOT.x1 - 3
    assert PLOT.y1 - 3 <= found.bbox.y1 < 308


def test_a_scan_of_text_alone_has_no_pictures(tmp_path: Path) -> None:
    scanned(tmp_path / "scan.pdf", lambda page: None)

    for page in read_pdf(tmp_path / "scan.pdf").pages:
        assert [bitmap.bbox.height > 700 for bitmap in page.bitmaps] == [True]
        assert page.drawings == ()
