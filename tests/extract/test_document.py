"""A paper from its first page to its last: title, abstract, sections, bibliography, warnings."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain import Document
from chatpaper.extract.document import read_document
from chatpaper.extract.layout.typesetting import measure_typesetting
from chatpaper.extract.pdf.reader import read_pdf
from tests.extract.drawn_pages import (
    LEADING,
    LEFT_COLUMN,
    RIGHT_COLUMN,
    WHOLE_WIDTH,
    PaperPage,
    draw,
)

Column = tuple[float, float]


class Typist:
    """Writes down a column of a page, top to bottom."""

    def __init__(self, page: PaperPage, column: Column, top: float = 100) -> None:
        self.page = page
        self.column = column
        self.top = top

    def heading(self, text: str, size: float = 12, font: str = "tibo") -> "Typist":
        self.page.text(self.column[0], self.top + 20, text, size, font)
        self.top += 32
        return self

    def prose(self, lines: int = 6) -> "Typist":
        self.top = self.page.prose(self.column, self.top, lines) + 4
        return self

    def line(self, text: str, size: float = 10, font: str = "tiro") -> "Typist":
        self.page.text(self.column[0], self.top + size, text, size, font)
        self.top += LEADING
        return self


def one_column(page: PaperPage) -> None:
    page.centred(WHOLE_WIDTH, 70, "A Paper about Reading Papers", 17)
    page.centred(WHOLE_WIDTH, 95, "Ada Author and Ben Writer", 11)
    typist = Typist(page, WHOLE_WIDTH, 110)
    typist.heading("Abstract").line(
        "This abstract says what the paper does, and ends here with a full stop."
    )
    typist.heading("1 Introduction").prose().heading("2 Method").prose(4)
    typist.heading("2.1 Details of the method", 10.5).prose(4).heading("3 Conclusion").prose(3)


def references(page: PaperPage) -> None:
    typist = Typist(page, WHOLE_WIDTH)
    typist.heading("Acknowledgments").line(
        "We thank everybody who read this paper to its very end, and those who did not."
    )
    typist.heading("References")
    for number in range(1, 5):
        typist.line(
            f"[{number}] A. Author. A title of some work. In some proceedings, {1990 + number}."
        )
    typist.heading("A Proofs").prose(4).heading("A.1 The first proof", 10.5).prose(3)


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return read_document(draw(tmp_path / "paper.pdf", one_column, references), None)


def outline(document: Document) -> list[tuple[str, str, int, int]]:
    return [
        (section.number, section.title, section.level, section.page)
        for section in document.sections
    ]


def test_title_and_abstract_are_found(document: Document) -> None:
    assert document.title == "A Paper about Reading Papers"
    assert (
        document.abstract
        == "This abstract says what the paper does, and ends here with a full stop."
    )


def test_sections_have_number_title_level_and_page(document: Document) -> None:
    assert outline(document) == [
        ("1", "Introduction", 1, 1),
        ("2", "Method", 1, 1),
        ("2.1", "Details of the method", 2, 1),
        ("3", "Conclusion", 1, 1),
        ("", "Acknowledgments", 1, 2),
        ("A", "Proofs", 1, 2),
        ("A.1", "The first proof", 2, 2),
    ]


def test_appendices_are_marked(document: Document) -> None:
    assert [section.number for section in document.sections if section.appendix] == ["A", "A.1"]


def test_references_are_counted_and_cut_off(document: Document) -> None:
    assert (document.references.page, document.references.count) == (2, 4)
    assert all("proceedings" not in section.text for section in document.sections)


def test_a_section_has_its_own_text_alone(document: Document) -> None:
    thanks = next(section for section in document.sections if section.title == "Acknowledgments")
    assert thanks.text.startswith("We thank everybody")
    assert thanks.text.endswith("those who did not.")
    assert thanks.page_at(0) == 2


def test_reading_twice_gives_the_same_document(tmp_path: Path) -> None:
    path = draw(tmp_path / "paper.pdf", one_column, references)
    assert read_document(path, None) == read_document(path, None)


def two_columns(page: PaperPage) -> None:
    page.centred(WHOLE_WIDTH, 70, "Two Columns Are Read One after the Other", 17)
    left = Typist(page, LEFT_COLUMN, 100)
    left.heading("Abstract").line("The abstract is short, and it stands alone.").heading(
        "1. Introduction"
    ).prose(8)
    left.line("the left column ends in the middle of").prose(0)
    right = Typist(page, RIGHT_COLUMN, 120)
    right.line("a sentence that the right one ends.").prose(8).heading("2. Results").prose(8)


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    document = read_document(draw(tmp_path / "paper.pdf", two_columns, _full_page), None)
    introduction = document.sections[0]
    assert (
        "the left column ends in the middle of a sentence that the right one ends."
        in introduction.text
    )
    assert [section.title for section in document.sections] == ["Introduction", "Results"]


def _full_page(page: PaperPage) -> None:
    for column in (LEFT_COLUMN, RIGHT_COLUMN):
        page.prose(column, 80, 50)


def _with_furniture(number: int, *, noted: bool = False) -> Callable[[PaperPage], None]:
    def paint(page: PaperPage) -> None:
        if number == 1:
            page.centred(WHOLE_WIDTH, 100, "Running Heads Do Not Belong to the Text", 17)
            Typist(page, WHOLE_WIDTH, 110).heading("1 Introduction")
        page.text(
            54, 40, "A. Author: Running heads" if number % 2 else "Journal of Pages, volume 7", 9
        )
        page.text(300, 770, str(40 + number), 9)
        page.prose(WHOLE_WIDTH, 160, 40)
        if noted:
            page.page.draw_line((54, 680), (150, 680), width=0.4)
            page.text(54, 694, "1", 6)
            page.text(58, 697, "A note at the foot of the page, in smaller type.", 8)

    return paint


def _all_text(document: Document) -> str:
    return (
        document.title + document.abstract + "".join(section.text for section in document.sections)
    )


def test_running_heads_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    pages = [_with_furniture(number) for number in range(1, 8)]
    text = _all_text(read_document(draw(tmp_path / "paper.pdf", *pages), None))
    assert "Running heads" not in text
    assert "Journal of Pages" not in text
    assert not any(str(40 + number) in text for number in range(1, 8))


def test_footnotes_are_left_out_of_the_text(tmp_path: Path) -> None:
    pages = [_with_furniture(number, noted=number == 2) for number in range(1, 4)]
    text = _all_text(read_document(draw(tmp_path / "paper.pdf", *pages), None))
    assert "smaller type" not in text


def test_line_numbers_are_left_out(tmp_path: Path) -> None:
    def numbered(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 70, "A Manuscript with Numbered Lines", 17)
        Typist(page, WHOLE_WIDTH, 80).heading("1 Introduction").prose(40)
        for row in range(40):
            page.text(30, 122 + LEADING * row, str(row + 101), 7)

    text = _all_text(read_document(draw(tmp_path / "paper.pdf", numbered), None))
    assert not any(str(row + 101) in text for row in range(40))


def test_line_numbers_of_a_short_title_page_are_no_page_numbers(tmp_path: Path) -> None:
    def front(page: PaperPage) -> None:
        lines = ("Bounds for Layers under Loads", "That Change within a Day", "Anna Berg, Bo Lind")
        for row, text in enumerate(lines):
            page.text(54, 80 + 24 * row, text, 17 if row < 2 else 10, "tibo")
            page.text(30, 80 + 24 * row, str(row + 1), 7)
        page.text(300, 740, "1", 10)

    def numbered(number: int) -> Callable[[PaperPage], None]:
        def paint(page: PaperPage) -> None:
            Typist(page, WHOLE_WIDTH, 80).heading("1 Introduction").prose(40)
            for row in range(40):
                page.text(30, 90 + LEADING * row, str(row + 4), 7)
            page.text(300, 740, str(number), 10)

        return paint

    document = read_document(draw(tmp_path / "paper.pdf", front, numbered(2), numbered(3)), None)
    assert document.title == "Bounds for Layers under Loads That Change within a Day"


def test_the_stamp_of_the_preprint_server_is_left_out(tmp_path: Path) -> None:
    def stamped(page: PaperPage) -> None:
        one_column(page)
        page.page.insert_text(
            (30, 500), "arXiv:2401.00001v1  [cs.LG]  1 Jan 2024", fontsize=20, rotate=90
        )

    document = read_document(draw(tmp_path / "paper.pdf", stamped), None)
    assert document.title == "A Paper about Reading Papers"
    assert "arXiv" not in _all_text(document)


def test_bold_lead_ins_are_no_headings(tmp_path: Path) -> None:
    def led_in(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 70, "Lead-ins Stay in Their Paragraphs", 17)
        typist = (
            Typist(page, WHOLE_WIDTH, 80).heading("1 Introduction").prose(3).heading("2 Method")
        )
        right = page.text(54, typist.top + 10, "Training. ", 10, "tibo")
        page.text(
            right,
            typist.top + 10,
            "the text goes on in the type of the body on the same line as this",
            10,
        )
        typist.top += LEADING
        typist.prose(5)

    document = read_document(draw(tmp_path / "paper.pdf", led_in), None)
    assert [section.title for section in document.sections] == ["Introduction", "Method"]
    assert "Training. the text goes on" in document.sections[1].text


def test_headings_at_the_top_of_pages_are_no_running_heads(tmp_path: Path) -> None:
    def first(page: PaperPage) -> None:
        page.text(54, 72, "A Title at the Height Where Text Begins", 17, "tibo")
        page.prose(WHOLE_WIDTH, 110, 30)

    def begins(title: str) -> Callable[[PaperPage], None]:
        def paint(page: PaperPage) -> None:
            page.text(54, 72, title, 14, "tibo")
            page.prose(WHOLE_WIDTH, 90, 40)

        return paint

    path = draw(
        tmp_path / "p.pdf",
        first,
        begins("1 Introduction"),
        begins("2 Methods in use"),
        begins("3 Conclusion"),
    )
    document = read_document(path, None)
    assert document.title == "A Title at the Height Where Text Begins"
    assert [section.title for section in document.sections if section.title] == [
        "Introduction",
        "Methods in use",
        "Conclusion",
    ]


def test_a_title_that_stands_over_the_supplement_again_is_a_title(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 70, "A Title That Heads a Supplement Too", 17)
        Typist(page, WHOLE_WIDTH, 80).heading("1 Introduction").prose(30)

    document = read_document(
        draw(tmp_path / "paper.pdf", paint, lambda page: page.prose(WHOLE_WIDTH, 72, 40), paint),
        None,
    )
    assert document.title == "A Title That Heads a Supplement Too"


def test_the_only_subsection_of_its_look_is_found_by_its_number(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 70, "Italic Subsections Are Headings", 17)
        typist = Typist(page, WHOLE_WIDTH, 80).heading("1 Physical model").prose(4)
        typist.heading("1.1 Governing equations", 10, "tiit").prose(4)
        typist.heading("2 Validation").prose(4)

    document = read_document(draw(tmp_path / "paper.pdf", paint), None)
    assert [section[:3] for section in outline(document)] == [
        ("1", "Physical model", 1),
        ("1.1", "Governing equations", 2),
        ("2", "Validation", 1),
    ]


def test_entries_of_a_bibliography_are_no_headings(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 70, "Short Entries in Another Type", 17)
        typist = (
            Typist(page, WHOLE_WIDTH, 80)
            .heading("1 Setting of types")
            .prose(4)
            .heading("2 Reading of types")
            .prose(4)
        )
        typist.heading("References")
        for number, name in enumerate(("Author", "Writer", "Reader"), start=1):
            typist.top += 6
            typist.line(
                f"{number}. {name[0]}. {name}, Results on types, J. Types {number} (2010).",
                9.6,
                "tiit",
            )

    document = read_document(draw(tmp_path / "paper.pdf", paint), None)
    assert [section.title for section in document.sections] == [
        "Setting of types",
        "Reading of types",
    ]
    assert document.references.count == 3


def test_a_line_too_long_for_its_column_does_not_part_the_columns(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 70, "Overfull Lines Stick Out of Columns", 17)
        left = Typist(page, LEFT_COLUMN, 80).heading("1 Introduction").prose(8)
        page.text(
            54,
            left.top + 10,
            "This line is one word too long for the column in which it stands now",
        )
        left.top += LEADING
        left.prose(8).heading("2 Method").prose(8)
        Typist(page, RIGHT_COLUMN, 100).prose(2).heading("3 Conclusion").prose(20)

    document = read_document(draw(tmp_path / "paper.pdf", paint, _full_page, _full_page), None)
    assert [section.title for section in document.sections] == [
        "Introduction",
        "Method",
        "Conclusion",
    ]


def test_numbers_of_references_may_begin_in_the_gutter(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        left = Typist(page, LEFT_COLUMN, 80).heading("1 Introduction").prose(8)
        left.heading("2 Conclusion").prose(30).heading("References")
        left.line("[9] N. Reader. Notes on lines. J. Types, 2009.", 8)
        for place in range(20):
            name = f"[{10 + 2 * place}] A. Writer. Results on types and pages. J. Types"
            page.text(RIGHT_COLUMN[0] - 5, 100 + 24 * place, name, 9)
            page.text(RIGHT_COLUMN[0] + 15, 112 + 24 * place, f"for Papers, {place}, 2010.", 9)

    document = read_document(draw(tmp_path / "paper.pdf", _full_page, _full_page, paint), None)
    assert [section.title for section in document.sections][1:] == ["Introduction", "Conclusion"]
    assert document.references.count == 21


@pytest.mark.parametrize(
    ("title", "banner"),
    [
        ("Learning to Read Pages: A Review", "Journal of Page Reading 12"),
        ("A Review of Widget Control", "Page Reading Letters"),
        ("A Small Title under a Large Banner", "JOURNAL OF PAGES"),
        ("A Guide to Papers for These Proceedings", "Proceedings of the Page Society"),
    ],
)
def test_names_of_journals_are_told_from_titles(tmp_path: Path, title: str, banner: str) -> None:
    def paint(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 50, banner, 26 if banner.isupper() else 18)
        page.centred(WHOLE_WIDTH, 90, title, 16)
        page.centred(WHOLE_WIDTH, 115, "Ada Author and Ben Writer", 12)
        Typist(page, WHOLE_WIDTH, 120).heading("1 Introduction").prose(20)

    assert read_document(draw(tmp_path / "paper.pdf", paint), None).title == title


def test_lines_of_stretched_letters_have_one_size(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        for row in range(48):
            size = (9.8, 9.9, 10.0, 10.1)[row % 4]
            page.text(
                54,
                80 + row * LEADING,
                "letters of this line are a little wider or narrower than others are",
                size,
            )

    def references(page: PaperPage) -> None:
        for row in range(20):
            page.text(
                54,
                80 + row * 9,
                "A. Author. A title of some work that is set in smaller type. 1990.",
                8,
            )

    content = read_pdf(draw(tmp_path / "paper.pdf", paint, references))
    assert abs(measure_typesetting(content).body_size - 10) < 0.3


def test_keywords_and_how_to_cite_are_no_section(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 70, "Classifications Stand before the Text", 17)
        typist = Typist(page, WHOLE_WIDTH, 80)
        typist.prose(6)
        typist.line("and this is the end of the abstract.").line("Keywords: pages, boxes", 8)
        for _ in range(6):
            typist.line(
                "Ada Author and Ben Writer told how to cite "
                "what they wrote in this very short paper",
                8,
            )
        typist.heading("1 Introduction").prose(30)

    document = read_document(draw(tmp_path / "paper.pdf", paint), None)
    assert [section.title for section in document.sections] == ["Introduction"]


def test_text_between_the_abstract_and_the_first_heading_is_kept(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 70, "A Letter with an Abstract", 17)
        typist = Typist(page, WHOLE_WIDTH, 80)
        typist.heading("Abstract").line(
            "This abstract says what the paper does, and ends here with a full stop.", 9
        )
        typist.top += 30
        typist.prose(12).heading("Results").prose(12)

    document = read_document(draw(tmp_path / "paper.pdf", paint), None)
    assert (
        document.abstract
        == "This abstract says what the paper does, and ends here with a full stop."
    )
    assert [section.title for section in document.sections] == ["", "Results"]


def test_only_the_heading_over_its_subsections_has_a_letter_without_a_mark(tmp_path: Path) -> None:
    def first(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 70, "A Letter May Be an Article", 17)
        typist = (
            Typist(page, WHOLE_WIDTH, 80)
            .heading("1 Introduction")
            .prose(4)
            .heading("1.1 Scope", 11)
            .prose(4)
        )
        typist.heading("Data preparation", 11, "tibi").prose(4).heading(
            "A satisfactory model", 11, "tibi"
        ).prose(4)
        typist.heading("2 Conclusion").prose(4)

    def appendix(page: PaperPage) -> None:
        typist = (
            Typist(page, WHOLE_WIDTH, 80)
            .heading("A Proofs")
            .prose(4)
            .heading("A.1 First proof", 11)
            .prose(4)
        )
        typist.heading("A.2 Second proof", 11).prose(20)

    document = read_document(draw(tmp_path / "paper.pdf", first, appendix), None)
    numbers = {section.title: section.number for section in document.sections}
    assert numbers["A satisfactory model"] == ""
    assert numbers["Proofs"] == "A"


def test_a_paper_without_headings_keeps_its_text(tmp_path: Path) -> None:
    def letter(page: PaperPage) -> None:
        page.centred(WHOLE_WIDTH, 70, "A Letter without Any Headings", 17)
        page.prose(WHOLE_WIDTH, 120, 45)

    document = read_document(draw(tmp_path / "letter.pdf", letter), None)
    assert "no sections found" in document.warnings
    assert "careful measurement of every single page" in document.abstract + "".join(
        s.text for s in document.sections
    )


def test_an_empty_page_gives_warnings_and_no_error(tmp_path: Path) -> None:
    with pymupdf.open() as pdf:
        pdf.new_page()
        pdf.save(tmp_path / "blank.pdf")
    document = read_document(tmp_path / "blank.pdf", None)
    assert document.pages == 1
    assert {"no sections found", "no abstract found"} <= set(document.warnings)
