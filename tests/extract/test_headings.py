"""Which lines are headings and titles, where type and space alone do not tell."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain import Document
from chatpaper.extract.document import read_document
from chatpaper.extract.headings.abstracts import find_prose_end
from tests.extract.drawn_pages import LEADING, WHOLE_WIDTH, PaperPage, draw

NARROW = (54.0, 300.0)
Painter = Callable[[PaperPage], object]


def read(folder: Path, paint: Painter, *bookmarks: tuple[str, float]) -> Document:
    """Read a page of what is painted, then one of text; bookmarks point to heights of the first."""
    drawn = draw(folder / "drawn.pdf", paint, lambda page: page.prose(WHOLE_WIDTH, 72, 40))
    with pymupdf.open(drawn) as pdf:
        pdf.set_toc(
            [
                [1, title, 1, {"kind": pymupdf.LINK_GOTO, "to": pymupdf.Point(54, top)}]
                for title, top in bookmarks
            ]
        )
        pdf.save(folder / "paper.pdf")
    return read_document(folder / "paper.pdf", None)


def titles(document: Document) -> list[str]:
    return [section.title for section in document.sections if section.title]


def titled(paint: Painter) -> Painter:
    def page(paper: PaperPage) -> None:
        paper.centred(WHOLE_WIDTH, 70, "A Paper about the Headings of Papers", 17)
        paint(paper)

    return page


@pytest.mark.parametrize("font", ["tiro", "cour"])
def test_lines_that_a_bookmark_points_at_are_headings_of_whatever_type(
    tmp_path: Path, font: str
) -> None:
    @titled
    def page(paper: PaperPage) -> None:
        paper.text(54, 110, "1 Introduction", 12, "tibo")
        paper.prose(WHOLE_WIDTH, 120, 6)
        x = paper.text(54, 215, "2 The parts of ", 10, "tibo" if font == "cour" else font)
        paper.text(x, 215, "pagereader", 10, font)
        paper.prose(WHOLE_WIDTH, 220, 6)

    document = read(tmp_path, page, ("1 Introduction", 96), ("2 The parts of pagereader", 202))

    assert titles(document) == ["Introduction", "The parts of pagereader"]


def test_a_bookmark_names_no_heading_above_the_one_it_names(tmp_path: Path) -> None:
    @titled
    def page(paper: PaperPage) -> None:
        paper.text(54, 110, "1 Introduction", 12, "tibo")
        paper.prose(WHOLE_WIDTH, 120, 6)
        paper.text(54, 215, "Appendix", 12, "tibo")
        paper.text(54, 231, "A. Proofs", 12, "tibo")
        paper.prose(WHOLE_WIDTH, 240, 6)

    document = read(tmp_path, page, ("1 Introduction", 96), ("A. Proofs", 200))

    assert titles(document) == ["Introduction", "Appendix", "Proofs"]


def test_lines_of_a_contents_list_are_no_headings_though_bookmarks_name_them(
    tmp_path: Path,
) -> None:
    @titled
    def page(paper: PaperPage) -> None:
        paper.text(54, 110, "1 Introduction")
        paper.text(54, 122, "2 Reading of pages")
        paper.text(54, 160, "1 Introduction", 12, "tibo")
        paper.prose(WHOLE_WIDTH, 170, 6)
        paper.text(54, 262, "2 Reading of pages", 12, "tibo")
        paper.prose(WHOLE_WIDTH, 270, 6)

    document = read(tmp_path, page, ("1 Introduction", 148), ("2 Reading of pages", 250))

    assert titles(document) == ["Introduction", "Reading of pages"]


@pytest.mark.parametrize("named", [True, False])
def test_type_larger_than_all_sections_that_the_file_names_is_no_heading(
    tmp_path: Path, named: bool
) -> None:
    words = ["Introduction", "Scope of pages", "Method", "Readers of pages", "Conclusion"]

    @titled
    def page(paper: PaperPage) -> None:
        for row, word in enumerate(words):
            paper.text(54, 110 + 90 * row, f"{row + 1} {word}", 12, "tibo")
            paper.prose(WHOLE_WIDTH, 116 + 90 * row, 5)
        paper.text(54, 580, "Encoder Layer5", 16, "hebo")
        paper.prose(WHOLE_WIDTH, 600, 5)

    bookmarks = [(f"{row + 1} {word}", 98.0 + 90 * row) for row, word in enumerate(words)]
    document = read(tmp_path, page, *(bookmarks if named else ()))

    assert titles(document) == [*words, *([] if named else ["Encoder Layer5"])]


def test_a_heading_beside_a_listing_stands_apart(tmp_path: Path) -> None:
    @titled
    def page(paper: PaperPage) -> None:
        paper.text(54, 110, "1 Introduction", 12, "tibo")
        top = paper.prose(WHOLE_WIDTH, 120, 6)
        paper.text(54, top + 22, "1.1 Narrow text", 10, "tibo")
        paper.prose(NARROW, top + 28, 8)
        for row in range(9):
            paper.text(330, top + 11 + 10 * row, "Q: what is read here?", 9, "cour")
        paper.prose(WHOLE_WIDTH, top + 28 + 9 * LEADING, 12)

    assert titles(read(tmp_path, page)) == ["Introduction", "Narrow text"]


def test_back_matter_may_be_set_smaller(tmp_path: Path) -> None:
    @titled
    def first(paper: PaperPage) -> None:
        paper.text(54, 110, "Introduction", 12, "tibo")
        top = paper.prose(WHOLE_WIDTH, 120, 12)
        paper.text(54, top + 20, "Discussion", 12, "tibo")
        paper.prose(WHOLE_WIDTH, top + 30, 30)

    def second(paper: PaperPage) -> None:
        top = paper.prose(WHOLE_WIDTH, 72, 3)
        paper.text(54, top + 20, "Acknowledgments", 7.5, "tibo")
        paper.prose(WHOLE_WIDTH, top + 24, 3, 7.5)
        paper.text(54, top + 80, "Conclusion", 12, "tibo")
        paper.prose(WHOLE_WIDTH, top + 90, 30)

    document = read_document(draw(tmp_path / "paper.pdf", first, second), None)

    assert titles(document) == ["Introduction", "Discussion", "Acknowledgments", "Conclusion"]


@pytest.mark.parametrize("end", ["表示所有国家的观测", "表示所有国家的观测。"])
def test_a_line_of_chinese_with_acronyms_is_no_heading_in_capitals(
    tmp_path: Path, end: str
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 70, "关于论文标题的论文", 17, "china-s")
        for row, (number, title) in enumerate((("1", "引言"), ("2", "方法"), ("3", "结果"))):
            top = 110 + 130 * row
            paper.text(54, top, f"{number} {title}", 14, "china-s")
            x = paper.text(54, top + 30, "其中 ", 10, "china-s")
            x = paper.text(x, top + 30, "GDP (M) ", 10, "tiro")
            paper.text(x, top + 30, end, 10, "china-s")
            for line in range(4):
                paper.text(
                    54,
                    top + 56 + 14 * line,
                    "本文研究如何阅读论文的页面，并且说明每一页上的内容应当怎样理解",
                    10,
                    "china-s",
                )

    drawn = draw(tmp_path / "paper.pdf", page)

    assert titles(read_document(drawn, None)) == ["引言", "方法", "结果"]


def first_page(*lines: tuple[str, float, str]) -> Painter:
    """Draw centred lines from the top, in these sizes and fonts, and then text."""

    def page(paper: PaperPage) -> None:
        baseline = 60.0
        for text, size, font in lines:
            baseline += 1.3 * size
            width = pymupdf.Font(font).text_length(text, size)
            paper.text((54 + 558 - width) / 2, baseline, text, size, font)
        paper.text(54, baseline + 40, "1 Introduction", 12, "tibo")
        paper.prose(WHOLE_WIDTH, baseline + 50, 20)

    return page


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            [
                ("Reader: A Page Machine", 17, "tibo"),
                ("Reading by Machine with Care", 14, "tibo"),
                ("A. Author", 10, "tiro"),
            ],
            "Reader: A Page Machine Reading by Machine with Care",
        ),
        (
            [("Reader: A Page Machine", 17, "tibo"), ("Ada Author and Ben Writer", 14, "tibo")],
            "Reader: A Page Machine",
        ),
        (
            [("Reader: A Page Machine", 17, "tibo"), ("Reading with Care", 10, "tibo")],
            "Reader: A Page Machine",
        ),
        (
            [("Reader: A Page Machine", 17, "tibo"), ("University of Pages", 14, "tiro")],
            "Reader: A Page Machine",
        ),
    ],
)
def test_a_smaller_second_line_of_a_title_is_a_phrase_in_its_type(
    tmp_path: Path, lines: list[tuple[str, float, str]], title: str
) -> None:
    assert read(tmp_path, first_page(*lines)).title == title


def test_a_raised_figure_within_a_name_is_no_mark_of_a_note(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        x = paper.text(120, 80, "R", 17)
        x = paper.text(x, 74, "2", 11)
        x = paper.text(x, 80, "-Reader: Pages by Rule", 17)
        paper.text(x, 74, "1", 11)
        paper.text(54, 110, "1 Introduction", 12, "tibo")
        paper.prose(WHOLE_WIDTH, 120, 20)

    assert read(tmp_path, page).title == "R2-Reader: Pages by Rule"


def test_a_title_may_stand_on_a_card_with_the_abstract(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        paper.page.draw_rect(pymupdf.Rect(40, 40, 572, 290), color=None, fill=(0.93, 0.95, 0.97))
        paper.text(54, 80, "A Paper on a Card of Its Own", 20, "tibo")
        paper.text(54, 105, "Ada Author, Ben Writer", 11)
        paper.prose(WHOLE_WIDTH, 130, 10)
        paper.text(54, 312, "Read on a day in May, with thanks to all", 9)
        paper.text(54, 340, "1 Introduction", 13, "tibo")
        paper.prose(WHOLE_WIDTH, 350, 25)

    assert read(tmp_path, page).title == "A Paper on a Card of Its Own"


@pytest.mark.parametrize(
    ("end", "lines"),
    [
        ("and here it ends with a full stop.", ["Code: https://example.org/reader"]),
        ("and here it ends with a full stop.", ["https://example.org/reader/pages"]),
        (
            "and here it ends with a full stop.",
            ["Kind of paper: survey", "Web page: https://example.org/reader"],
        ),
        ("of this all code is at https://example.org/reader/pages.", []),
    ],
)
def test_links_below_an_abstract_are_no_part_of_it(
    tmp_path: Path, end: str, lines: list[str]
) -> None:
    @titled
    def page(paper: PaperPage) -> None:
        paper.text(54, 110, "Abstract", 12, "tibo")
        top = paper.prose(WHOLE_WIDTH, 115, 5)
        for text in (
            *end.partition(" https")[:1],
            *filter(None, ["".join(end.partition("https")[1:])]),
            *lines,
        ):
            top += LEADING
            paper.text(54, top, text)
        paper.text(54, top + 60, "1 Introduction", 12, "tibo")
        paper.prose(WHOLE_WIDTH, top + 70, 20)

    assert read(tmp_path, page).abstract.endswith(end)


@pytest.mark.parametrize(
    "line", ["Code: https://example.org/reader", "Kind: survey", "https://example.org"]
)
def test_lines_of_links_without_end_are_read_in_proportion(line: str) -> None:
    lines = 20_000

    assert find_prose_end(["It ends here.", *[line] * lines]) == (
        1 if "http" in line else lines + 1
    )
