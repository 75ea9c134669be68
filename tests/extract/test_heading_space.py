"""Headings and titles that white space, margins and columns tell from text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatpaper.domain import Document
from chatpaper.extract.document import read_document
from chatpaper.extract.layout.layout import read_layout
from chatpaper.extract.layout.typesetting import measure_typesetting
from chatpaper.extract.pdf.reader import read_pdf
from tests.extract.drawn_pages import (
    LEFT_COLUMN,
    RIGHT_COLUMN,
    WHOLE_WIDTH,
    PaperPage,
    draw,
    text_page,
)

Painter = Callable[[PaperPage], object]


@pytest.fixture
def document_of(tmp_path: Path) -> Callable[..., Document]:
    return lambda *pages: read_document(draw(tmp_path / "paper.pdf", *pages), None)


def titles(document: Document) -> list[str]:
    return [section.title for section in document.sections if section.title]


def front(paper: PaperPage) -> None:
    paper.centred(WHOLE_WIDTH, 70, "A Paper about the Headings of Papers", 17)
    paper.text(54, 110, "1 Introduction", 12, "tibo")


def test_italic_lines_with_white_around_them_are_headings(
    document_of: Callable[..., Document],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.centred(WHOLE_WIDTH, 70, "A Paper about the Headings of Papers", 17)
        paper.text(54, 110, "Introduction", 10, "tibo")
        for index, title in enumerate(("Setup of the Reader", "Data and Pages", "Baselines")):
            top = 130 + 150 * index
            paper.text(54, top, title, 10, "tiit")
            paper.prose(WHOLE_WIDTH, top + 12, 9)

    found = titles(document_of(page))

    assert found == ["Introduction", "Setup of the Reader", "Data and Pages", "Baselines"]


def test_italic_lines_within_text_are_no_headings(document_of: Callable[..., Document]) -> None:
    def page(paper: PaperPage) -> None:
        front(paper)
        top = paper.prose(WHOLE_WIDTH, 120, 6)
        for title in ("Of the first kind", "Of the second kind", "Of the third kind"):
            paper.text(54, top + 10, title, 10, "tiit")
            top = paper.prose(WHOLE_WIDTH, top + 12, 6)

    assert titles(document_of(page)) == ["Introduction"]


def test_headings_may_hang_in_the_margin(document_of: Callable[..., Document]) -> None:
    column = (200.0, 558.0)

    def page(paper: PaperPage) -> None:
        paper.centred(WHOLE_WIDTH, 70, "A Paper about the Headings of Papers", 17)
        names = ("Introduction", "Setup of the Reader", "Data and Pages", "Conclusion")
        for index, title in enumerate(names):
            top = 110 + 150 * index
            paper.text(54, top, f"{index + 1} {title}", 12, "tibo")
            paper.prose(column, top + 12, 9)

    found = titles(document_of(page, lambda paper: paper.prose(column, 72, 50)))

    assert found == ["Introduction", "Setup of the Reader", "Data and Pages", "Conclusion"]


def test_headings_are_set_as_wide_as_the_text(document_of: Callable[..., Document]) -> None:
    def page(paper: PaperPage) -> None:
        front(paper)
        for line in range(8):
            paper.prose(WHOLE_WIDTH, 120 + 24 * line, 1)
        paper.text(54, 340, "2 From the First Measurements of Every Page to", 12, "tibo")
        paper.text(54, 366, "the Boxes of Its Figures", 12, "tibo")
        for line in range(8):
            paper.prose(WHOLE_WIDTH, 380 + 24 * line, 1)

    found = titles(document_of(page))

    assert found == [
        "Introduction",
        "From the First Measurements of Every Page to the Boxes of Its Figures",
    ]


def test_the_bold_beginning_of_a_paragraph_may_fill_its_first_line(
    document_of: Callable[..., Document],
) -> None:
    def page(paper: PaperPage) -> None:
        front(paper)
        paper.prose(LEFT_COLUMN, 120, 6)
        paper.text(54, 214, "1.1 The Readers of Every Page and Others of", 10, "tibo")
        x = paper.text(54, 226, "Its Kind.", 10, "tibo")
        paper.text(x + 3, 226, "The results of this study show that all is", 10)
        paper.prose(LEFT_COLUMN, 228, 10)
        paper.prose(RIGHT_COLUMN, 120, 30)

    assert titles(document_of(page, text_page)) == ["Introduction"]


def test_a_title_may_stand_in_the_first_column(document_of: Callable[..., Document]) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 80, "How the Reader Finds the Title", 10, "tibo")
        paper.text(70, 95, "Ada Author", 10)
        paper.text(54, 112, "Abstract", 10, "tibo")
        paper.prose(LEFT_COLUMN, 116, 8)
        paper.text(54, 230, "1 Introduction", 10, "tibo")
        paper.prose(LEFT_COLUMN, 236, 30)
        paper.text(318, 77, "1.1 Choice of Pages", 10, "tibo")
        paper.prose(RIGHT_COLUMN, 82, 45)

    document = document_of(page, text_page)

    assert document.title == "How the Reader Finds the Title"
    assert titles(document) == ["Introduction", "Choice of Pages"]


def test_long_references_do_not_tell_the_size_of_the_body(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        front(paper)
        paper.prose(WHOLE_WIDTH, 120, 30)
        paper.text(54, 500, "References", 12, "tibo")
        paper.prose(WHOLE_WIDTH, 510, 20, 7)

    def references(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 50, 7)

    content = read_pdf(draw(tmp_path / "paper.pdf", page, references))

    assert measure_typesetting(content).body_size == 10


def test_columns_of_chinese_are_as_wide_as_their_characters(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        for left in (54.0, 318.0):
            for line in range(40):
                paper.text(left, 80 + 16 * line, "文" * 22, 10, "china-s")

    content = read_pdf(draw(tmp_path / "paper.pdf", page))

    assert len(measure_typesetting(content).columns_on(1)) == 2


def test_running_heads_stand_at_the_edge_of_the_text_where_margins_are_wide(
    tmp_path: Path,
) -> None:
    column = (120.0, 480.0)

    def make(number: int) -> Painter:
        def page(paper: PaperPage) -> None:
            paper.text(120, 160, "Ada Author and Ben Writer", 9)
            paper.text(470, 160, str(number), 9)
            paper.prose(column, 180, 35)

        return page

    content = read_pdf(draw(tmp_path / "paper.pdf", *(make(number) for number in range(1, 6))))
    layout = read_layout(content, measure_typesetting(content))

    assert not any("Ada" in line.text for page in layout.pages for line in page.lines)
    assert all("Ada" in page.furniture[0].text for page in layout.pages)
