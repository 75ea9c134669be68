"""Text whose letters the file gives no meaning, or a wrong one, is left out and reported."""

import string
from collections.abc import Callable, Mapping
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox, Document
from chatpaper.extract.document import read_document
from chatpaper.extract.glyphs.garbled import mask_garbled
from chatpaper.extract.page import Line, Page, PdfContent, Span
from chatpaper.extract.serialization import document_to_json
from tests.extract.drawn_pages import LEFT_COLUMN, RIGHT_COLUMN, PaperPage, draw, text_page
from tests.extract.lettered import (
    PROSE,
    add_text,
    fonts_of,
    page_of,
    scramble,
    with_map,
    without_any_names,
)

ORDER = string.ascii_lowercase
# No letter stays, and no pattern of vowels.
EXCHANGED = str.maketrans(ORDER, "qzkxjvwbpfgymcdhltrnsoeaiu")


def content_of(*texts: str, font: str = "Times") -> PdfContent:
    """Read a page with a line in this font for each text."""
    box = BBox(72, 72, 500, 82)
    lines = [
        Line((Span(text, box, 80, font, 10, False, False, False, 0, 255, False),), box, (1, 0))
        for text in texts
    ]
    return PdfContent((Page(1, 612, 792, tuple(lines), (), (), ()),))


def document_with(
    path: Path, change: Callable[[pymupdf.Document], None], *, readable: str = ""
) -> Document:
    """Read a paper of two pages whose two-byte fonts were changed, and a `readable` page."""
    with pymupdf.open() as pdf:
        for _ in range(2):
            page_of(pdf, PROSE * 4, embedded=True)
        if readable:
            page_of(pdf, readable)
        with pymupdf.open("pdf", pdf.tobytes()) as written:
            change(written)
            written.save(path)
    return read_document(path, None)


def with_exchanged_letters(pdf: pymupdf.Document) -> None:
    """Give the fonts a ToUnicode map that exchanges letters, and remove what contradicts it."""
    for number in fonts_of(pdf, "Type0"):
        known = pdf.xref_stream(int(pdf.xref_get_key(number, "ToUnicode")[1].split()[0])) or b""
        assert known
        font = pymupdf.Font("tiro")
        codes = {
            font.has_glyph(ord(letter)): letter.translate(EXCHANGED) for letter in ORDER + " .,"
        }
        with_map(pdf, number, codes, digits=4)
        scramble(pdf, number)


@pytest.mark.parametrize("change", [without_any_names, with_exchanged_letters])
def test_a_paper_without_the_meaning_of_its_letters_is_no_scan(
    tmp_path: Path, change: Callable[[pymupdf.Document], None]
) -> None:
    document = document_with(tmp_path / "paper.pdf", change)

    assert document.unread == "fonts"
    assert document.sections == ()
    assert not any("scanned" in warning for warning in document.warnings)
    (text,) = document_to_json(document, "").garbled_text
    assert text.pages == (1, 2)
    assert text.characters > 1000


def test_only_the_letters_without_a_meaning_are_left_out(tmp_path: Path) -> None:
    document = document_with(tmp_path / "paper.pdf", without_any_names, readable=PROSE * 12)

    assert document.unread == ""
    text = " ".join(section.text for section in document.sections)
    assert "Careful measurement of every single page" in text
    assert text.replace("\n", "").isprintable()
    assert [garbled.pages for garbled in document.garbled_text] == [(1, 2)]
    assert any("have no meaning in the file" in warning for warning in document.warnings)


HONEST: Mapping[str, str] = {
    "english": PROSE,
    "missing ligatures": PROSE.replace("fi", "\ue001"),
    "german": "Die Ergebnisse dieser Untersuchung zeigen, dass sorgfältige "
    "Messungen für jede Seite nützen. " * 4,
    "polish": "Wyniki tego badania pokazują, że staranny pomiar każdej "
    "strony daje ramki przydatne czytelnikom. " * 4,
    "finnish": "Tämän tutkimuksen tulokset osoittavat, että jokaisen sivun "
    "huolellinen mittaus on hyödyllistä. " * 4,
    "turkish": "Bu çalışmanın sonuçları, her sayfanın dikkatle ölçülmesinin "
    "yararlı olduğunu gösterir. " * 4,
    "vietnamese": "Kết quả của nghiên cứu này cho thấy việc đo lường cẩn thận "
    "từng trang là rất hữu ích. " * 4,
    "russian": "Результаты этой работы показывают, что тщательное измерение "
    "каждой страницы полезно читателям. " * 4,
    "chinese": "本研究的结果表明仔细测量每一页对读者是有用的，其他方法没有这样的效果。" * 8,
    "protein": "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPDAQFEVV" * 6,
    "numbers": "12.5 0.993 1,024 77.1 0.12 3.14e-5 " * 20,
    "bar of a root": "\x06" * 400,
    "emphasised word": "flow",
}


@pytest.mark.parametrize("name", HONEST)
def test_what_can_be_read_is_never_left_out(name: str) -> None:
    content = content_of(HONEST[name])

    assert mask_garbled(content) == (content, (), False)


@pytest.mark.parametrize(
    "text",
    [
        PROSE.lower().translate(EXCHANGED) * 2,
        "".join(chr(max(1, ord(letter) - 29)) for letter in PROSE),
        PROSE.replace("m", "\uffff").replace("s", "\ufffd").replace("w", "Z"),
        ("Результаты этой работы показывают, что измерение полезно. " * 3)
        .encode("cp1251")
        .decode("latin-1"),
        "\ue010\ue011\ue012\ue013\ue014\ue015" * 20,
    ],
    ids=["exchanged", "shifted", "partly without a meaning", "cyrillic as latin", "private"],
)
def test_what_says_nothing_is_left_out(text: str) -> None:
    content, garbled, is_wholly = mask_garbled(content_of(*text.split("\n")))

    assert is_wholly
    assert content.pages[0].lines == ()
    assert garbled[0].pages == (1,)


def test_of_text_that_is_hardly_hurt_only_what_means_nothing_is_left_out() -> None:
    content, garbled, is_wholly = mask_garbled(
        content_of(*[PROSE] * 9, PROSE.replace("m", "\uffff").replace("p", "\uffff"))
    )

    assert not is_wholly
    assert (
        "Careful \ufffdeasure\ufffdent of every single \ufffdage" in content.pages[0].lines[-1].text
    )
    assert [(text.pages, text.characters) for text in garbled] == [((1,), 3)]


def test_small_pieces_go_by_the_rest_of_their_font(tmp_path: Path) -> None:
    first, second = (
        content_of(PROSE.lower().translate(EXCHANGED) * 2),
        content_of("qdjz kdlp", *[PROSE] * 3),
    )
    pages = (
        first.pages[0],
        *(Page(2, 612, 792, page.lines[:1], (), (), ()) for page in second.pages),
    )
    content, garbled, _ = mask_garbled(PdfContent(pages))

    assert garbled[0].pages == (1, 2)
    assert content.pages[1].lines == ()


@given(st.text(max_size=400), st.text(max_size=400))
def test_nothing_is_changed_but_by_leaving_out(first: str, second: str) -> None:
    content = content_of(first, second)
    kept, garbled, _ = mask_garbled(content)

    assert not kept.pages[0].lines or [line.bbox for line in kept.pages[0].lines] == [
        line.bbox for line in content.pages[0].lines
    ]
    assert bool(garbled) == (kept != content)


def test_letters_without_a_meaning_still_take_their_room_in_figures(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        paper.plot(RIGHT_COLUMN[0] + 40, 80, RIGHT_COLUMN[1], 200)
        for index in range(6):
            paper.text(RIGHT_COLUMN[0] + 4, 100 + 18 * index, f"level {index}", 8, "cour")
        paper.text(RIGHT_COLUMN[0], 220, "Figure 1: The level by the hour.", 9)
        paper.prose(RIGHT_COLUMN, 260, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    path = draw(tmp_path / "paper.pdf", page, text_page)
    whole = read_document(path, None).figures[0]
    with pymupdf.open(path) as pdf:
        for number in fonts_of(pdf, "Type0"):
            if "Cour" in pdf.xref_get_key(number, "BaseFont")[1]:
                pdf.xref_set_key(number, "ToUnicode", "null")
                scramble(pdf, number)
        pdf.save(tmp_path / "garbled.pdf")
    document = read_document(tmp_path / "garbled.pdf", None)

    assert document.garbled_text
    assert document.figures[0].bbox == whole.bbox
    assert "\ufffd" not in document.figures[0].text


def test_recovered_text_is_no_loss(tmp_path: Path) -> None:
    with pymupdf.open() as pdf:
        add_text(pdf.new_page(), PROSE * 6)
        pdf.save(tmp_path / "paper.pdf")

    assert read_document(tmp_path / "paper.pdf", None).garbled_text == ()
