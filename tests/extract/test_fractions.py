"""Fractions in a line of text are read as such, and what only looks like one is left alone."""

from pathlib import Path

import pymupdf

from chatpaper.extract.document import read_document
from chatpaper.extract.pdf.reader import read_pdf

BEFORE, AFTER = "The optimum is D equal to ", " everywhere on the support of the data."
FILLER = (
    "The generator and the discriminator are trained in turns until neither of them can improve."
)
LEFT, BASELINE, SIZE, SMALL = 72, 200, 10, 7


def _page_with_a_fraction(path: Path, upper: str, lower: str, *, bar: float | None = None) -> Path:
    """Draw a line of text with two small numbers one above the other.

    `bar` is the length of the stroke between them.
    """
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=612, height=792)
        left = LEFT + pymupdf.get_text_length(BEFORE, "tiro", SIZE)
        numbers = pymupdf.get_text_length(max(upper, lower, key=len), "tiro", SMALL)
        page.insert_text((LEFT, 172), "1 Introduction", fontname="tibo", fontsize=14)
        page.insert_text((LEFT, BASELINE), BEFORE, fontname="tiro", fontsize=SIZE)
        for text, baseline in ((upper, BASELINE - 3.9), (lower, BASELINE + 3.4)):
            inset = (numbers - pymupdf.get_text_length(text, "tiro", SMALL)) / 2
            page.insert_text((left + inset, baseline), text, fontname="tiro", fontsize=SMALL)
        if bar != 0:
            page.draw_line(
                (left, BASELINE - 2.5), (left + (bar or numbers), BASELINE - 2.5), width=0.4
            )
        page.insert_text((left + numbers, BASELINE), AFTER, fontname="tiro", fontsize=SIZE)
        for number in range(30):
            page.insert_text(
                (LEFT, BASELINE + 13 * (number + 1)), FILLER, fontname="tiro", fontsize=SIZE
            )
        pdf.save(path)
    return path


def _words(path: Path) -> str:
    return " ".join(line.text for page in read_pdf(path).pages for line in page.lines)


def test_two_numbers_with_a_stroke_between_are_a_fraction(tmp_path: Path) -> None:
    path = _page_with_a_fraction(tmp_path / "half.pdf", "1", "2")
    assert "1/2" in _words(path)
    text = "\n".join(section.text for section in read_document(path, None).sections)
    assert "D equal to 1/2 everywhere" in text
    assert "17/240" in _words(_page_with_a_fraction(tmp_path / "long.pdf", "17", "240"))


def test_an_index_with_an_exponent_is_no_fraction(tmp_path: Path) -> None:
    assert "/" not in _words(_page_with_a_fraction(tmp_path / "index.pdf", "1", "2", bar=0))


def test_numbers_above_and_below_the_rule_of_a_table_are_no_fraction(tmp_path: Path) -> None:
    assert "/" not in _words(_page_with_a_fraction(tmp_path / "table.pdf", "12", "24", bar=60))


def test_letters_are_left_as_they_are(tmp_path: Path) -> None:
    assert "/" not in _words(_page_with_a_fraction(tmp_path / "letters.pdf", "a", "2"))
