"""Signs that a font prints in the places of digits and letters are read by their shapes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pymupdf
import pytest

from chatpaper.extract.glyphs.shapes import identify_signs
from chatpaper.extract.pdf.reader import read_pdf
from tests.extract.drawn_fonts import EQUALS, MINUS, PLUS, Box, set_in_drawn_font
from tests.extract.lettered import PROSE, page_of

SIGNS = {"five": EQUALS, "two": MINUS, "one": PLUS}


def read_drawn(path: Path, text: str, glyphs: Mapping[str, Sequence[Box]]) -> str:
    """Read a page of prose with a text below it that is set in a drawn font."""
    with pymupdf.open() as pdf:
        set_in_drawn_font(page_of(pdf, PROSE), 300, text, glyphs)
        pdf.save(path)
    return "\n".join(line.text for line in read_pdf(path).pages[0].lines)


def test_signs_in_the_places_of_digits_are_read_as_they_look(tmp_path: Path) -> None:
    text = read_drawn(tmp_path / "paper.pdf", "512", SIGNS)

    assert "=+−" in text
    assert "512" not in text


def test_small_capitals_are_letters(tmp_path: Path) -> None:
    stem, bar = (110, 0, 180, 500), (110, 430, 510, 500)
    capitals = {
        "e": (stem, bar, (110, 220, 460, 285), (110, 0, 510, 70)),
        "f": (stem, bar, (110, 220, 460, 285)),
        "h": (stem, (440, 0, 510, 500), (110, 220, 510, 285)),
        "l": (stem, (110, 0, 480, 70)),
        "t": ((90, 430, 530, 500), (275, 0, 345, 500)),
    }

    assert "hleft" in read_drawn(tmp_path / "paper.pdf", "hleft", capitals)


@pytest.mark.parametrize(
    "name", ["tiro", "tiit", "tibo", "tibi", "helv", "heit", "hebo", "cour", "coit"]
)
def test_letters_and_digits_of_texts_stay(name: str) -> None:
    font = pymupdf.Font(name)
    for characters in (
        "0123456789",
        "abcdefghijklm",
        "nopqrstuvwxyz",
        "ABCDEFGHIJKLM",
        "NOPQRSTUVWXYZ",
        "<>=+,.:;|",
    ):
        assert identify_signs(font, {ord(each): each for each in characters}) == {}


def test_a_font_of_a_whole_alphabet_is_taken_at_its_word() -> None:
    assert identify_signs(pymupdf.Font("symb"), {code: chr(code) for code in range(33, 127)}) == {}
