"""Headings that hardly differ from text: told by number, place, type and white space together."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain import Document
from chatpaper.extract.document import read_document
from tests.extract.drawn_pages import WHOLE_WIDTH, PaperPage, draw

Painter = Callable[[PaperPage], object]
TITLES = ("Introduction", "Setup of the Reader", "Data and Pages", "Conclusion")


def titles(document: Document) -> list[str]:
    return [section.title for section in document.sections if section.title]


def read(folder: Path, *painters: Painter) -> Document:
    return read_document(draw(folder / "paper.pdf", *painters), None)


def titled(paper: PaperPage) -> None:
    paper.centred(WHOLE_WIDTH, 70, "A Paper about the Headings of Papers", 17)


@pytest.mark.parametrize("number", ["{}.", "§{}.", "{}. —"])
@pytest.mark.parametrize("centred", [True, False])
def test_numbered_lines_with_white_around_them_are_headings(
    tmp_path: Path, number: str, centred: bool
) -> None:
    def page(paper: PaperPage) -> None:
        titled(paper)
        for index, title in enumerate(TITLES):
            text = f"{number.format(index + 1)} {title}"
            top = 130 + 150 * index
            if centred:
                paper.centred(WHOLE_WIDTH, top, text, 10)
            else:
                paper.text(54, top, text, 10)
            paper.prose(WHOLE_WIDTH, top + 12, 9)

    assert titles(read(tmp_path, page)) == list(TITLES)


def test_items_of_lists_are_no_headings(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        titled(paper)
        for index, title in enumerate(TITLES):
            top = 110.0 + 160 * index
            paper.text(54, top, f"{index + 1}. {title}", 10)
            top = paper.prose(WHOLE_WIDTH, top + 12, 4)
            for item in range(3):
                paper.text(74, top + 16 + 12 * item, f"{item + 1}. Choice of the readers", 10)
            paper.prose(WHOLE_WIDTH, top + 46, 2)

    assert titles(read(tmp_path, page)) == list(TITLES)


def test_sentences_set_apart_are_no_headings(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        titled(paper)
        paper.text(54, 110, "1 Introduction", 12, "tibo")
        top = paper.prose(WHOLE_WIDTH, 120, 6)
        for _ in range(4):
            paper.centred(WHOLE_WIDTH, top + 20, "The readers find every page that they read.", 10)
            top = paper.prose(WHOLE_WIDTH, top + 32, 6)

    assert titles(read(tmp_path, page)) == ["Introduction"]


def test_a_large_beginning_of_a_paragraph_is_no_heading(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        titled(paper)
        paper.text(54, 110, "1 Introduction", 12, "tibo")
        top = paper.prose(WHOLE_WIDTH, 120, 6)
        for index in range(1, 4):
            x = paper.text(54, top + 24, f"1.{index} Choice of Readers.", 12)
            paper.text(x + 4, top + 24, "The results of this study show that boxes are found", 10)
            top = paper.prose(WHOLE_WIDTH, top + 26, 6)

    assert titles(read(tmp_path, page)) == ["Introduction"]


def test_a_destination_is_that_of_one_heading(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        titled(paper)
        paper.text(54, 110, "1 Introduction", 12, "tibo")
        paper.text(74, 124, "The readers find every page of it.", 10, "tiit")
        paper.prose(WHOLE_WIDTH, 140, 30)

    drawn = draw(tmp_path / "drawn.pdf", page, lambda paper: paper.prose(WHOLE_WIDTH, 72, 40))
    with pymupdf.open(drawn) as pdf:
        tree = pdf.get_new_xref()
        catalog = pdf.pdf_catalog()
        point = f"[{pdf[0].xref} 0 R /XYZ 54 {792 - 94} null]"
        pdf.update_object(tree, f"<</Names [(section.1) {point}]>>")
        pdf.xref_set_key(catalog, "Names", f"<</Dests {tree} 0 R>>")
        pdf.save(tmp_path / "paper.pdf")

    assert titles(read_document(tmp_path / "paper.pdf", None)) == ["Introduction"]


@pytest.mark.parametrize("size", [10, 12])
def test_capitals_do_not_run_on_into_text_tightly_below(tmp_path: Path, size: int) -> None:
    def page(paper: PaperPage) -> None:
        titled(paper)
        for index, title in enumerate(TITLES):
            top = 130 + 150 * index
            paper.text(54, top, f"{index + 1}. {title.upper()}", size)
            paper.prose(WHOLE_WIDTH, top + 2, 9)

    assert titles(read(tmp_path, page)) == [title.upper() for title in TITLES]


def test_items_that_go_on_below_are_no_headings(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        titled(paper)
        for index, title in enumerate(TITLES):
            top = 110.0 + 160 * index
            paper.text(54, top, f"{index + 1}. {title}", 10)
            top = paper.prose(WHOLE_WIDTH, top + 12, 4)
            x = paper.text(54, top + 20, f"{index + 1}. ", 10)
            paper.prose((x, WHOLE_WIDTH[1]), top + 10, 1)
            paper.prose(WHOLE_WIDTH, top + 22, 2)

    assert titles(read(tmp_path, page)) == list(TITLES)
