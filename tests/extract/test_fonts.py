"""What letters mean is learnt from the font where the file does not say it."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.extract.document import read_document
from chatpaper.extract.glyphs.font_maps import (
    decode_glyph_name,
    decode_sized_name,
    extend_map_stream,
    find_tex_ligatures,
    parse_glyph_names,
    parse_program_names,
    parse_to_unicode_map,
)
from chatpaper.extract.glyphs.tex_symbol_fonts import find_tex_signs
from chatpaper.extract.pdf.reader import read_pdf
from tests.extract.lettered import PROSE, fonts_of, page_of, with_map, without_map

Change = Callable[[pymupdf.Document], None]


def read(path: Path, *, embedded: bool, change: Change, text: str = PROSE) -> str:
    with pymupdf.open() as pdf:
        page_of(pdf, text, embedded=embedded)
        with pymupdf.open("pdf", pdf.tobytes()) as written:
            change(written)
            written.save(path)
    return " ".join(line.text.strip() for line in read_pdf(path).pages[0].lines)


def with_names(names: str) -> Change:
    def change(pdf: pymupdf.Document) -> None:
        for number in fonts_of(pdf, "Type1"):
            pdf.xref_set_key(number, "Encoding", f"<</Type/Encoding/Differences[{names}]>>")

    return change


def test_a_font_without_a_map_is_read_by_its_own(tmp_path: Path) -> None:
    assert read(tmp_path / "paper.pdf", embedded=True, change=without_map).split() == PROSE.split()


@pytest.mark.parametrize("wrong", ["\ue001", "\ufffd", "\uffff", "\x02", chr(0xD800)])
def test_letters_that_a_map_gives_no_meaning_are_read_by_the_font(
    tmp_path: Path, wrong: str
) -> None:
    def change(pdf: pymupdf.Document) -> None:
        (number,) = fonts_of(pdf, "Type0")
        kept = parse_to_unicode_map(
            (
                pdf.xref_stream(int(pdf.xref_get_key(number, "ToUnicode")[1].split()[0])) or b""
            ).decode()
        )
        with_map(
            pdf,
            number,
            {code: wrong if text in "epw" else text for code, text in kept.items()},
            digits=4,
        )

    assert read(tmp_path / "paper.pdf", embedded=True, change=change).split() == PROSE.split()


def test_a_font_that_stands_within_another_is_read_like_one_of_its_own(tmp_path: Path) -> None:
    def change(pdf: pymupdf.Document) -> None:
        (number,) = fonts_of(pdf, "Type0")
        within = int(pdf.xref_get_key(number, "DescendantFonts")[1].strip("[] ").split()[0])
        pdf.xref_set_key(number, "DescendantFonts", f"[{pdf.xref_object(within, compressed=True)}]")
        pdf.xref_set_key(number, "ToUnicode", "null")

    assert read(tmp_path / "paper.pdf", embedded=True, change=change).split() == PROSE.split()


def test_a_broken_font_program_costs_no_paper(tmp_path: Path) -> None:
    def change(pdf: pymupdf.Document) -> None:
        for number in range(1, pdf.xref_length()):
            kind, program = pdf.xref_get_key(number, "FontFile3")
            if kind == "xref":
                pdf.update_stream(int(program.split()[0]), b"no font")

    assert read(tmp_path / "paper.pdf", embedded=True, change=change).split() == PROSE.split()


@pytest.mark.parametrize("shift", [0, 1, 13])
def test_a_map_that_contradicts_an_embedded_font_is_dropped_and_named(
    tmp_path: Path, shift: int
) -> None:
    def change(pdf: pymupdf.Document) -> None:
        (number,) = fonts_of(pdf, "Type0")
        kept = parse_to_unicode_map(
            (
                pdf.xref_stream(int(pdf.xref_get_key(number, "ToUnicode")[1].split()[0])) or b""
            ).decode()
        )
        told = {
            code: chr(ord(text) + shift) if text.isalpha() else text for code, text in kept.items()
        }
        with_map(pdf, number, told, digits=4)

    path = tmp_path / "paper.pdf"
    assert read(path, embedded=True, change=change).split() == PROSE.split()
    warnings = " ".join(read_document(path, None).warnings)
    assert ("maps to Unicode" in warnings) == (shift > 0)


def test_ligatures_are_read_by_the_names_of_their_glyphs(tmp_path: Path) -> None:
    # "#", "$" and "%" stand for the ligatures; the library alone reads "Q_u" as "Q".
    names = with_names("35 /f_f_i /Q_u /T_h")

    assert (
        read(tmp_path / "a.pdf", embedded=False, change=names, text="%e e#cient $estion")
        == "The efficient Question"
    )


def test_ligatures_in_private_characters_are_read_by_the_names_of_their_glyphs(
    tmp_path: Path,
) -> None:
    def change(pdf: pymupdf.Document) -> None:
        with_names("35 /f_f_i /Q_u /ff.alt")(pdf)
        for number in fonts_of(pdf, "Type1"):
            with_map(pdf, number, {35: "\ue004", 36: "\ue005", 37: "\ue006"})

    assert read(tmp_path / "a.pdf", embedded=False, change=change, text="e#cient $estion o%er") == (
        "efficient Question offer"
    )


def test_ligatures_that_a_map_cuts_short_are_read_by_the_names_of_their_glyphs(
    tmp_path: Path,
) -> None:
    # "#", "$" and "%" stand for the ligatures; a map that says nothing wrong of them is kept.
    def change(pdf: pymupdf.Document) -> None:
        with_names("35 /f_f_i /Q_u /T_h /f_i")(pdf)
        for number in fonts_of(pdf, "Type1"):
            with_map(pdf, number, {35: "f", 36: "Q", 37: "t", 38: "\ufb01"})

    assert read(
        tmp_path / "a.pdf", embedded=False, change=change, text="%e e#cient $estion &nds"
    ) == ("The efficient Question finds")


def test_sums_and_brackets_of_formulas_are_read_by_the_names_of_their_sizes(tmp_path: Path) -> None:
    names = with_names("88 /summationdisplay 90 /integraltext 16 /parenleftBig")

    assert read(tmp_path / "a.pdf", embedded=False, change=names, text="X f = Z g") == "∑ f = ∫ g"


def test_names_of_glyphs_are_read_from_the_program_of_a_font() -> None:
    program = (
        b"%!PS-AdobeFont-1.0: CMEX10\n/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for"
        b"\ndup 18 /parenleftbigg put\ndup 88 /summationdisplay put\nreadonly def\n"
        b"currentfile eexec\ndup 90 /integraldisplay put"
    )

    assert parse_program_names(program) == {18: "parenleftbigg", 88: "summationdisplay"}


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("summationtext", "∑"),
        ("bracketleftBigg", "["),
        ("radicalbig", "√"),
        ("text", ""),
        ("a", ""),
    ],
)
def test_signs_in_several_sizes_are_one_sign(name: str, sign: str) -> None:
    known = {"summation": "∑", "bracketleft": "[", "radical": "√", "text": "t"}

    assert decode_sized_name(name, lambda each: known.get(each, "")) == sign


@pytest.mark.parametrize("wrong", ["f", "\ue012"])
def test_ligatures_of_an_embedded_font_are_read_by_the_names_of_its_glyphs(
    tmp_path: Path, wrong: str
) -> None:
    def change(pdf: pymupdf.Document) -> None:
        (number,) = fonts_of(pdf, "Type0")
        kept = read_map(pdf, number)
        with_map(
            pdf,
            number,
            {code: wrong if text in ("fi", "\ufb01") else text for code, text in kept.items()},
            digits=4,
        )

    text = "The \ufb01rst letters of all words."
    assert read(tmp_path / "a.pdf", embedded=True, change=change, text=text) == (
        "The first letters of all words."
    )


def read_map(pdf: pymupdf.Document, number: int) -> dict[int, str]:
    stream = pdf.xref_stream(int(pdf.xref_get_key(number, "ToUnicode")[1].split()[0]))
    return parse_to_unicode_map((stream or b"").decode())


@pytest.mark.parametrize("in_text", [True, False])
def test_ligatures_of_fonts_that_number_their_glyphs_are_those_of_tex(
    tmp_path: Path, in_text: bool
) -> None:
    # "#" to "'" print the codes 11 to 15; fonts of formulas have Greek letters there.
    codes = [*range(97, 123), *((44, 46) if in_text else ())]
    numbered = " ".join(f"{code} /a{code}" for code in codes)
    change = with_names(f"11 /a11 /a12 /a13 /a14 /a15 {numbered}")

    shown = read(tmp_path / "a.pdf", embedded=False, change=change, text="e\x0ecient")

    assert shown == ("efficient" if in_text else shown)
    assert in_text or "ffi" not in shown


def test_ligatures_of_the_cork_encoding_are_read_where_those_of_the_older_one_are_not() -> None:
    text = {code: f"a{code}" for code in (*range(97, 123), 44, 46)}

    assert find_tex_ligatures(text | {28: "a28", 30: "a30"}) == {28: "fi", 30: "ffi"}
    assert find_tex_ligatures(text | {12: "a12", 28: "a28"}) == {12: "fi"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f_f_i", "ffi"),
        ("Q_u", "Qu"),
        ("T_h.alt", "Th"),
        ("uni00660069", "fi"),
        ("uniFB01", "fi"),
        ("one", "1"),
        ("oneoldstyle", "1"),
        ("Asmall", "A"),
        ("g123", ""),
        ("a65", ""),
        ("f_g12", ""),
        ("", ""),
        ("_", ""),
    ],
)
def test_names_of_glyphs_tell_letters(name: str, text: str) -> None:
    known = {
        "f": "f",
        "i": "i",
        "Q": "Q",
        "u": "u",
        "T": "T",
        "h": "h",
        "one": "1",
        "a65": "A",
        "g": "g",
        "A": "A",
    }

    assert decode_glyph_name(name, lambda part: known.get(part, "")) == text


@pytest.mark.parametrize("space", ["", " ", "\n", "\r\n  "])
def test_the_texts_of_a_range_may_stand_in_several_lines(space: str) -> None:
    texts = space.join(["<0041>", f"<0042{space}0043>", "<>", "<0044>"])
    stream = f"1 beginbfrange <03> <06>[{space}{texts}{space}] endbfrange"

    assert parse_to_unicode_map(stream) == {3: "A", 4: "BC", 5: "", 6: "D"}


def test_entries_are_added_to_maps_of_every_form() -> None:
    stream = "begincmap 1 beginbfrange <03> <05> [<0041> <00420043> <0044>] endbfrange endcmap end"
    more = extend_map_stream(stream, {4: "fi", 7: "\U0001d400"}, 2)

    assert parse_to_unicode_map(stream) == {3: "A", 4: "BC", 5: "D"}
    assert parse_to_unicode_map(more) == {3: "A", 4: "fi", 5: "D", 7: "\U0001d400"}
    assert parse_to_unicode_map(extend_map_stream("", {300: "x"}, 4)) == {300: "x"}


@pytest.mark.parametrize(
    "hostile",
    [
        "1 beginbfrange <0000> <FFFF> <0041> endbfrange" * 3,
        "1 beginbfchar " + "<00" * 50_000 + " endbfchar",
        "1 beginbfrange " + "<00> <01> [<0041> " * 5_000 + "endbfrange",
        "beginbfchar " * 20_000,
    ],
)
def test_maps_are_read_in_proportion_to_their_length(hostile: str) -> None:
    assert len(parse_to_unicode_map(hostile)) <= 0x10000


def test_names_follow_the_codes_before_them() -> None:
    assert parse_glyph_names("<</Differences [3 /a /b 10 /c]>>") == {3: "a", 4: "b", 10: "c"}


def test_a_file_whose_table_of_objects_has_gaps_is_read(tmp_path: Path) -> None:
    with pymupdf.open() as pdf:
        page_of(pdf, PROSE, embedded=False)
        printed = pdf.tobytes()
        count = pdf.xref_length()
    trailer = b"\ntrailer\n<</Size %d" % count
    assert printed.count(trailer) == 1
    gap = b"%d 1\n0000000009 00000 f \n\ntrailer\n<</Size %d" % (count + 2, count + 3)
    path = tmp_path / "paper.pdf"
    path.write_bytes(printed.replace(trailer, gap))
    words = " ".join(line.text.strip() for line in read_pdf(path).pages[0].lines)
    assert words.split() == PROSE.split()


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("TeX-matha10", "∈({∉⊤)}"),
        ("ABCDEF+TeX-matha7", "∈({∉⊤)}"),
        ("Matharam10", "PptRJqu"),
        ("MathBook", "PptRJqu"),
    ],
)
def test_fonts_of_signs_for_tex_are_known_by_their_names(
    tmp_path: Path, name: str, signs: str
) -> None:
    def change(pdf: pymupdf.Document) -> None:
        for number in fonts_of(pdf, "Type1"):
            pdf.xref_set_key(number, "BaseFont", f"/{name}")

    assert read(tmp_path / "paper.pdf", embedded=False, change=change, text="PptRJqu") == signs


def test_brackets_of_all_sizes_and_large_operators_are_signs_of_tex() -> None:
    signs = find_tex_signs("TeX-mathx10")
    assert [signs[code] for code in (0x00, 0x02, 0x08, 0x13, 0x1B, 0x24, 0x28)] == list("(()[]{}")
    assert [signs[code] for code in (0x43, 0x44, 0x50, 0x57, 0x58, 0x5F)] == list("⟨⟩⌈⌉⌊⌋")
    assert [signs[code] for code in (0x60, 0x64, 0xB0, 0xB8, 0xB1, 0xB9, 0x93)] == list("√√∑∑∏∏⋂")
    # Pieces of a brace over a formula.
    assert {signs[code] for code in range(0x68, 0x70)} == {" "}
    assert find_tex_signs("CMSY10") == {}
