"""Text that leaves no ink where it stands is reported with its page, and left out of all else."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain import BBox, HiddenText
from chatpaper.extract.document import read_document
from chatpaper.extract.glyphs.font_maps import (
    contradicts,
    find_encoded_letters,
    parse_to_unicode_map,
)
from chatpaper.extract.page import Line, Page, PdfContent, Span
from chatpaper.extract.pdf.hidden import split_hidden
from chatpaper.extract.pdf.reader import read_pdf
from tests.extract.hiding import HIDING, HONEST, SECRET, Place

SHOWN = "Words that everybody reads."
PROSE = (
    "A camera records each tree for an hour, and a sensor nearby measures how fast the air moves."
)
WHITE, BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)


def _plain(page: pymupdf.Page) -> None:
    page.insert_textbox((72, 72, 540, 500), PROSE * 12, fontsize=10)


def _two_columns(page: pymupdf.Page) -> None:
    page.insert_textbox((54, 72, 294, 600), PROSE * 12, fontsize=9)
    page.insert_textbox((318, 72, 558, 600), PROSE * 12, fontsize=9)


def _with_figure(page: pymupdf.Page) -> None:
    page.draw_rect((100, 80, 500, 300), fill=(0.95, 0.95, 0.95))
    for step in range(40):
        page.draw_line((100 + 10 * step, 300), (105 + 10 * step, 120 + 4 * step), color=(0.8, 0, 0))
    page.insert_text((200, 95), "accuracy by year", fontsize=7)
    page.insert_textbox((72, 330, 540, 600), PROSE * 6, fontsize=10)


def _slide(page: pymupdf.Page) -> None:
    page.draw_rect(page.rect, fill=(0.05, 0.05, 0.2), color=None)
    page.insert_textbox((72, 72, 540, 500), PROSE * 3, fontsize=18, color=(1, 1, 1))


def _scan(page: pymupdf.Page) -> None:
    """Draw a picture of a page of text, with the words that were recognised in it."""
    page.insert_image(page.rect, pixmap=_picture())
    page.insert_textbox((72, 72, 540, 500), PROSE * 12, fontsize=10, render_mode=3)


SHEETS = {
    "plain": (_plain, WHITE, BLACK),
    "two columns": (_two_columns, WHITE, BLACK),
    "figure": (_with_figure, WHITE, BLACK),
    "slide": (_slide, (0.05, 0.05, 0.2), WHITE),
    "scan": (_scan, WHITE, BLACK),
}


@cache
def _picture() -> pymupdf.Pixmap:
    with pymupdf.open() as printed:
        paper = printed.new_page(width=612, height=792)
        paper.insert_textbox((72, 72, 540, 500), PROSE * 12, fontsize=10)
        return paper.get_pixmap(dpi=100, colorspace=pymupdf.csGRAY)


@cache
def _read(sheet: str, kind: str) -> tuple[PdfContent, tuple[HiddenText, ...]]:
    """Write a file with a page for each way of a kind, and read it split."""
    paint, ground, ink = SHEETS[sheet]
    with pymupdf.open() as pdf, tempfile.TemporaryDirectory() as folder:
        for way in KINDS[kind].values():
            page = pdf.new_page(width=612, height=792)
            paint(page)
            page.insert_text((72, 720), SHOWN, color=ink)
            way(Place(page, ground, ink))
        pdf.save(Path(folder) / "paper.pdf")
        return split_hidden(read_pdf(Path(folder) / "paper.pdf"))


def _page(sheet: str, kind: str, way: str) -> tuple[str, str]:
    """Return what is left of a page with text set in this way, and what was hidden on it."""
    content, hidden = _read(sheet, kind)
    number = list(KINDS[kind]).index(way) + 1
    rest = " ".join(line.text for line in content.pages[number - 1].lines)
    return rest, " ".join(found.text for found in hidden if found.page == number)


KINDS = {"hiding": HIDING, "honest": HONEST}
# What is not extracted at all: false maps are forgotten.
UNREAD = ("by a false map",)
each_sheet = pytest.mark.parametrize("sheet", SHEETS)


@each_sheet
@pytest.mark.parametrize("way", HIDING)
def test_text_without_ink_is_parted_from_the_rest(sheet: str, way: str) -> None:
    rest, hidden = _page(sheet, "hiding", way)
    assert "praise" not in rest
    assert SHOWN in rest
    assert "camera" in rest
    assert "camera" not in hidden
    assert ("praise" in hidden) == (way not in UNREAD)


@each_sheet
@pytest.mark.parametrize("way", HONEST)
def test_text_that_can_be_read_is_not_hidden(sheet: str, way: str) -> None:
    rest, hidden = _page(sheet, "honest", way)
    assert hidden == ""
    assert "praise" in rest
    assert SHOWN in rest
    assert "camera" in rest


def _pdf(path: Path, *painters: Callable[[pymupdf.Page], object]) -> Path:
    with pymupdf.open() as pdf:
        for paint in painters:
            paint(pdf.new_page(width=612, height=792))
        pdf.save(path)
    return path


def test_no_field_but_the_report_has_the_hidden_text(tmp_path: Path) -> None:
    def hide(page: pymupdf.Page) -> None:
        _plain(page)
        Place(page, WHITE, BLACK).write(color=WHITE)

    document = read_document(_pdf(tmp_path / "hidden.pdf", hide), None)
    assert [hidden.text for hidden in document.hidden_text] == [SECRET]
    assert "praise" not in document.title + document.abstract + "".join(
        s.text for s in document.sections
    )


def test_words_in_tag_characters_are_reported_as_they_are_read(tmp_path: Path) -> None:
    tags = "".join(chr(0xE0000 + ord(character)) for character in SECRET)

    def hide(page: pymupdf.Page) -> None:
        _plain(page)
        place = Place(page, WHITE, BLACK)
        place.write("Leaves move.")
        place.wrap(f"/Span <</ActualText <FEFF{tags.encode('utf-16-be').hex()}>>> BDC", "EMC")

    document = read_document(_pdf(tmp_path / "tags.pdf", hide), None)
    assert [hidden.text for hidden in document.hidden_text] == [SECRET]


def test_the_recognised_words_of_a_scan_are_text(tmp_path: Path) -> None:
    """Words recognised in a scan lie invisibly over the picture of its page."""
    path = _pdf(tmp_path / "scan.pdf", _scan)
    content, hidden = split_hidden(read_pdf(path))
    assert hidden == ()
    assert " ".join(line.text for line in content.pages[0].lines).count("camera") == 12
    assert any(
        "recognised from pictures" in warning for warning in read_document(path, None).warnings
    )


@pytest.mark.parametrize("base_line", [300.0, 640.0], ids=["across its lines", "where it is blank"])
def test_other_words_over_a_scan_are_not_recognised_in_it(tmp_path: Path, base_line: float) -> None:
    def paint(page: pymupdf.Page) -> None:
        _scan(page)
        page.insert_text((72, base_line), SECRET, fontsize=12, render_mode=3)

    document = read_document(_pdf(tmp_path / "scan.pdf", paint), None)
    assert "praise" in " ".join(hidden.text for hidden in document.hidden_text)
    assert "praise" not in "".join(section.text for section in document.sections)
    assert any("recognised from pictures" in warning for warning in document.warnings)


def test_a_blank_picture_has_no_words(tmp_path: Path) -> None:
    def paint(page: pymupdf.Page) -> None:
        picture = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 60, 80), False)
        picture.clear_with(250)
        page.insert_image(page.rect, pixmap=picture, keep_proportion=False)
        for row in range(30):
            page.insert_text((72, 72 + 14 * row), SECRET, render_mode=3)

    document = read_document(_pdf(tmp_path / "scan.pdf", paint), None)
    assert document.sections == ()
    assert document.hidden_text
    assert any(warning.startswith("scanned") for warning in document.warnings)


def test_a_scan_without_words_says_so(tmp_path: Path) -> None:
    document = read_document(
        _pdf(tmp_path / "scan.pdf", lambda page: page.insert_image(page.rect, pixmap=_picture())),
        None,
    )
    assert document.sections == ()
    assert any(warning.startswith("scanned") for warning in document.warnings)
    assert "no sections found" in document.warnings


def test_words_in_characters_without_a_shape_are_hidden() -> None:
    tags = "".join(chr(0xE0000 + ord(character)) for character in SECRET)
    box = BBox(72, 90, 300, 102)
    span = Span(f"Leaves\u202e move{tags}.", box, 100, "F", 10, False, False, False, 0, 255, False)
    page = Page(1, 612, 792, (Line((span,), box, (1, 0)),), (), (), ())
    content, hidden = split_hidden(PdfContent((page,)))
    assert [line.text for line in content.pages[0].lines] == ["Leaves move."]
    assert hidden == (HiddenText(1, SECRET),)


def test_one_letter_many_times_is_no_message() -> None:
    box = BBox(72, 90, 300, 102)
    span = Span("ffi" * 20, box, 100, "F", 10, False, False, False, 0, 255, False, ink="none")
    page = Page(1, 612, 792, (Line((span,), box, (1, 0)),), (), (), ())
    assert split_hidden(PdfContent((page,)))[1] == ()


def test_a_font_with_a_false_map_is_named(tmp_path: Path) -> None:
    def paint(page: pymupdf.Page) -> None:
        _plain(page)
        HIDING["by a false map"](Place(page, WHITE, BLACK))

    document = read_document(_pdf(tmp_path / "lie.pdf", paint), None)
    assert any(
        "Courier" in warning and "maps to Unicode" in warning for warning in document.warnings
    )


@pytest.mark.parametrize(
    ("stream", "encoding", "is_false"),
    [
        ("1 beginbfrange <41> <5a> <0041> endbfrange", "/WinAnsiEncoding", False),
        ("1 beginbfrange <41> <5a> <0061> endbfrange", "/WinAnsiEncoding", False),
        ("1 beginbfrange <41> <59> <0042> endbfrange", "/WinAnsiEncoding", True),
        (
            "1 beginbfchar <41> <d835dc9c> <42> <212c> <43> <d835dc9e> <44> <d835dc9f> endbfchar",
            "/WinAnsiEncoding",
            False,
        ),
        ("1 beginbfrange <01> <04> <0061> endbfrange", "<</Differences[1/a/b/c/d]>>", False),
        ("1 beginbfrange <01> <04> <0071> endbfrange", "<</Differences[1/a/b/c/d]>>", True),
        (
            "1 beginbfrange <61> <64> <03b1> endbfrange",
            "<</Differences[97/alpha/beta/gamma/delta]>>",
            False,
        ),
        ("1 beginbfrange <61> <63> <0071> endbfrange", "/WinAnsiEncoding", False),
        ("", "/WinAnsiEncoding", False),
        ("1 beginbfrange <41> <59> <2640> endbfrange", "<</Differences[25/arrowright]>>", False),
        (
            "1 beginbfrange <41> <59> <0042> endbfrange",
            "<</BaseEncoding/WinAnsiEncoding/Differences[25/a]>>",
            True,
        ),
    ],
    ids=[
        *(
            "true",
            "other case",
            "shifted",
            "script",
            "named",
            "named, false",
            "Greek",
            "too few",
            "no map",
        ),
        *("symbols", "listed beside a known one"),
    ],
)
def test_a_map_is_held_against_the_letters_of_the_font(
    stream: str, encoding: str, is_false: bool
) -> None:
    assert contradicts(parse_to_unicode_map(stream), find_encoded_letters(encoding)) == is_false


def test_a_line_stays_where_a_clip_hides_another_over_it(tmp_path: Path) -> None:
    """Figures are cut out of larger ones, whose words lie anywhere."""

    def paint(page: pymupdf.Page) -> None:
        _plain(page)
        place = Place(page, WHITE, BLACK)
        place.write()
        place.wrap("q 0 0 5 5 re W n", "Q")
        page.insert_text((200, 660), "perfect", fontsize=12, rotate=90)

    content, hidden = split_hidden(read_pdf(_pdf(tmp_path / "clip.pdf", paint)))
    assert [found.text for found in hidden] == [SECRET]
    assert "perfect" in _lines(content)


def _lines(content: PdfContent) -> str:
    return " ".join(line.text for page in content.pages for line in page.lines)
