"""What is read from a PDF file, and which files are refused with which reason."""

from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain.errors import ExtractError
from chatpaper.extract.pdf import drawings as drawings_module
from chatpaper.extract.pdf.reader import read_pdf

SENTENCE = "A sentence that stands on the page."


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=612, height=792)
        page.insert_text((72, 100), SENTENCE, fontname="tiro", fontsize=11)
        pdf.save(tmp_path / "plain.pdf")
    return tmp_path / "plain.pdf"


def _text(path: Path) -> str:
    return " ".join(line.text for page in read_pdf(path).pages for line in page.lines)


def _reason(path: Path) -> str:
    with pytest.raises(ExtractError) as caught:
        read_pdf(path)
    assert caught.value.path == str(path)
    return caught.value.reason


def _outcome(path: Path) -> str:
    try:
        return "read" if read_pdf(path).pages else "empty"
    except ExtractError as error:
        return error.reason


class TestRefusedFiles:
    def test_a_file_that_is_missing(self, tmp_path: Path) -> None:
        assert _reason(tmp_path / "nowhere.pdf") == "missing"

    @pytest.mark.parametrize(
        "content", [b"", b"<html><body>404</body></html>", b"\x89PNG\r\n\x1a\n" + bytes(100)]
    )
    def test_a_file_that_is_no_pdf(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "page.pdf"
        path.write_bytes(content)
        assert _reason(path) == "not a PDF"

    def test_a_pdf_with_a_password(self, plain: Path, tmp_path: Path) -> None:
        locked = tmp_path / "locked.pdf"
        with pymupdf.open(plain) as pdf:
            pdf.save(
                locked,
                encryption=pymupdf.mupdf.PDF_ENCRYPT_AES_256,
                user_pw="secret",
                owner_pw="owner",
            )
        assert _reason(locked) == "encrypted"

    def test_a_pdf_without_pages(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.pdf"
        path.write_bytes(
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
            b"trailer<</Root 1 0 R/Size 3>>\n%%EOF\n"
        )
        assert _reason(path) in {"no pages", "damaged"}


class TestHardFiles:
    def test_an_empty_password_unlocks(self, plain: Path, tmp_path: Path) -> None:
        locked = tmp_path / "locked.pdf"
        with pymupdf.open(plain) as pdf:
            pdf.save(
                locked, encryption=pymupdf.mupdf.PDF_ENCRYPT_AES_256, user_pw="", owner_pw="owner"
            )
        assert SENTENCE in _text(locked)

    def test_a_damaged_cross_reference_table_is_repaired(self, plain: Path) -> None:
        content = plain.read_bytes()
        start = content.rindex(b"startxref")
        plain.write_bytes(content[:start] + b"startxref\n999999\n%%EOF\n")
        assert SENTENCE in _text(plain)

    def test_a_truncated_file_gives_what_is_left_or_a_reason(self, plain: Path) -> None:
        content = plain.read_bytes()
        for share in (0.9, 0.6, 0.3):
            plain.write_bytes(content[: int(share * len(content))])
            assert _outcome(plain) in {"read", "damaged", "no pages"}

    @pytest.mark.parametrize("turn", [90, 180, 270])
    def test_a_rotated_page_is_read_as_shown(self, tmp_path: Path, turn: int) -> None:
        path = tmp_path / "turned.pdf"
        with pymupdf.open() as pdf:
            page = pdf.new_page(width=612, height=792)
            page.insert_text((100, 200), SENTENCE, fontsize=11)
            page.draw_rect((100, 300, 200, 400), fill=(1, 0, 0))
            page.set_rotation(turn)
            shown = page.rect
            box = pymupdf.Rect(100, 300, 200, 400) * page.rotation_matrix
            pdf.save(path)
        read = read_pdf(path).pages[0]
        assert (read.width, read.height) == (shown.width, shown.height)
        assert read.drawings[0].bbox == pytest.approx(tuple(box.normalize()), abs=1)
        line = read.lines[0].bbox
        assert 0 <= line.x0 < line.x1 <= read.width
        assert 0 <= line.y0 < line.y1 <= read.height

    def test_boxes_count_from_the_corner_of_the_crop_box(self, tmp_path: Path) -> None:
        path = tmp_path / "cropped.pdf"
        with pymupdf.open() as pdf:
            page = pdf.new_page(width=612, height=792)
            page.insert_text((150, 200), SENTENCE, fontsize=10)
            page.draw_rect((150, 300, 250, 400), fill=(1, 0, 0))
            page.set_cropbox(pymupdf.Rect(100, 100, 500, 700))
            pdf.save(path)
        read = read_pdf(path).pages[0]
        assert (read.width, read.height) == (400, 600)
        assert read.drawings[0].bbox == pytest.approx((50, 200, 150, 300), abs=1)
        assert read.lines[0].bbox.x0 == pytest.approx(50, abs=1)

    def test_right_to_left_text_is_read_whole(self, tmp_path: Path) -> None:
        path = tmp_path / "hebrew.pdf"
        with pymupdf.open() as pdf:
            page = pdf.new_page()
            page.insert_htmlbox((72, 72, 400, 200), '<p dir="rtl">שלום עולם</p>')
            pdf.save(path)
        assert {"שלום", "עולם"} <= set(_text(path).split())

    def test_a_font_without_a_map_to_unicode_gives_its_codes(self, tmp_path: Path) -> None:
        path = tmp_path / "type3.pdf"
        path.write_bytes(_type3_pdf())
        assert "AB" in _text(path)


def _type3_pdf() -> bytes:
    """Write two letters of a Type 3 font with glyph names of its own and no ToUnicode map."""
    glyph = b"500 0 0 0 500 500 d1 0 0 400 400 re f"
    content = b"BT /F 20 Tf 72 700 Td (AB) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
            b"/Resources<</Font<</F 5 0 R>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        (
            b"<</Type/Font/Subtype/Type3/FontBBox[0 0 500 500]/FontMatrix[.001 0 0 .001 0 0]"
            b"/FirstChar 65/LastChar 66"
            b"/Widths[500 500]/Encoding<</Type/Encoding/Differences[65/g1/g2]>>"
            b"/CharProcs<</g1 6 0 R/g2 6 0 R>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(glyph), glyph),
    ]
    body = b"".join(
        b"%d 0 obj%s endobj\n" % (number, value) for number, value in enumerate(objects, 1)
    )
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 7>>\n%%EOF\n"


class TestContent:
    def test_words_of_one_look_are_one_span(self, tmp_path: Path) -> None:
        path = tmp_path / "words.pdf"
        with pymupdf.open() as pdf:
            page = pdf.new_page()
            x = 72.0
            for word in ("every", "word", "alone"):
                page.insert_text((x, 100), word, fontname="tiro", fontsize=10)
                x += pymupdf.get_text_length(word, "tiro", 10) + 2.5
            pdf.save(path)
        (line,) = read_pdf(path).pages[0].lines
        assert line.text.split() == ["every", "word", "alone"]
        assert len(line.spans) == 1

    def test_annotations_are_no_part_of_the_page(self, plain: Path, tmp_path: Path) -> None:
        marked = tmp_path / "marked.pdf"
        with pymupdf.open(plain) as pdf:
            pdf[0].add_highlight_annot((72, 90, 200, 105))
            pdf[0].add_freetext_annot((72, 300, 300, 340), "a note of some reader")
            pdf.save(marked)
        read = read_pdf(marked).pages[0]
        assert "note" not in " ".join(line.text for line in read.lines)
        assert not read.drawings

    def test_links_are_read_with_their_boxes(self, plain: Path, tmp_path: Path) -> None:
        linked = tmp_path / "linked.pdf"
        target = {
            "kind": pymupdf.LINK_URI,
            "from": pymupdf.Rect(72, 90, 200, 105),
            "uri": "https://example.org/code",
        }
        with pymupdf.open(plain) as pdf:
            pdf[0].insert_link(target)
            pdf.save(linked)
        (link,) = read_pdf(linked).pages[0].links
        assert link.uri == "https://example.org/code"
        assert link.bbox == pytest.approx((72, 90, 200, 105), abs=1)

    def test_drawings_are_cut_to_their_clipping_path(self, tmp_path: Path) -> None:
        path = tmp_path / "clipped.pdf"
        _write_content(
            path, b"q 100 100 50 50 re W n 1 0 0 rg 0 0 500 500 re f Q 0 0 1 rg 300 300 20 20 re f"
        )
        clipped, free = read_pdf(path).pages[0].drawings
        assert clipped.bbox == pytest.approx((100, 642, 150, 692), abs=1)
        assert free.bbox == pytest.approx((300, 472, 320, 492), abs=1)
        assert (clipped.fill, free.fill) == (0xFF0000, 0x0000FF)

    def test_drawings_beyond_the_limit_are_counted_off(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(drawings_module, "MAX_DRAWINGS_PER_PAGE", 10)
        path = tmp_path / "many.pdf"
        _write_content(path, b"".join(b"%d 10 m %d 20 l S " % (x, x) for x in range(30)))
        page = read_pdf(path).pages[0]
        assert len(page.drawings) == 10
        assert page.drawings_truncated

    def test_destinations_and_bookmarks_count_from_the_top(self, tmp_path: Path) -> None:
        path = tmp_path / "named.pdf"
        path.write_bytes(_named_pdf())
        content = read_pdf(path)
        (destination,) = content.destinations
        assert (destination.name, destination.page) == ("section.1", 1)
        assert destination.y == pytest.approx(792 - 700)
        (entry,) = content.outline
        assert (entry.title, entry.page, entry.destination) == ("Introduction", 1, "section.1")
        assert entry.y == pytest.approx(792 - 700)


def _named_pdf() -> bytes:
    objects = [
        (
            b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R"
            b"/Names<</Dests<</Names[(section.1)[3 0 R/XYZ 72 700 null]]>>>>>>"
        ),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<>>>>",
        b"<</Type/Outlines/First 5 0 R/Last 5 0 R/Count 1>>",
        b"<</Title(Introduction)/Parent 4 0 R/A<</S/GoTo/D(section.1)>>>>",
    ]
    body = b"".join(
        b"%d 0 obj%s endobj\n" % (number, value) for number, value in enumerate(objects, 1)
    )
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF\n"


def _write_content(path: Path, content: bytes) -> None:
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=612, height=792)
        xref = pdf.get_new_xref()
        pdf.update_object(xref, "<<>>")
        pdf.update_stream(xref, content)
        page.set_contents(xref)
        pdf.save(path)
