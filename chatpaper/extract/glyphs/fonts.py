"""Repair in memory what the fonts of a file say of their letters, before its text is read.

A ToUnicode map that contradicts the glyph names is dropped; what a map lacks, or gives as
characters without meaning, is filled in from the glyph names or from the character map of the font.
If a font of signs prints them at the codes of letters and digits, the shapes of its glyphs decide.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import pymupdf

from chatpaper.domain.text.meaning import has_meaning
from chatpaper.domain.text.scripts import contains_cjk
from chatpaper.extract.glyphs.font_maps import (
    LEAST_LETTERS,
    contradicts,
    decode_glyph_name,
    decode_sized_name,
    differs_from_ligature,
    extend_map_stream,
    find_encoded_letters,
    find_tex_ligatures,
    parse_glyph_names,
    parse_program_names,
    parse_to_unicode_map,
)
from chatpaper.extract.glyphs.shapes import identify_signs
from chatpaper.extract.glyphs.tex_symbol_fonts import find_tex_signs

# A font of a CJK paper has some 20,000 glyphs; two-byte codes have no more than this.
_MOST_GLYPHS = 0x10000
# The fonts of a file have mostly the same names of glyphs: as many are kept as a CJK font has, or
# the next one would find none of them.
_NAMES_KEPT = 32_768
# Names that agree with the map of a font for this share of its letters are those of the glyphs.
_MOST_AGREE = 0.9
# The visible characters of ASCII.
_ASCII = range(33, 127)


def repair_fonts(pdf: pymupdf.Document) -> tuple[str, ...]:
    """Repair the fonts of a file in memory; return the names of those whose map was false."""
    lying = []
    for number in list(_find_fonts(pdf)):
        kind = pdf.xref_get_key(number, "Subtype")[1]
        repair = _repair_composite_font if kind == "/Type0" else _repair_simple_font
        if not kind.startswith("/CIDFont") and repair(pdf, number):
            lying.append(pdf.xref_get_key(number, "BaseFont")[1].lstrip("/"))
    return tuple(lying)


def _find_fonts(pdf: pymupdf.Document) -> Iterator[int]:
    """Find the numbers of the objects that are fonts.

    Papers have a hundred objects a page: the library's own functions take most time of all. A table
    of objects may well have numbers that stand for none, which count as null (PDF 1.7, 7.3.10).
    """
    objects = pymupdf.mupdf.pdf_document_from_fz_document(pdf.this).m_internal
    key = pymupdf.mupdf.ll_pdf_new_name("Type")
    for number in range(1, pdf.xref_length()):
        try:
            each = pymupdf.mupdf.ll_pdf_load_object(objects, number)
        except (pymupdf.mupdf.FzErrorFormat, pymupdf.mupdf.FzErrorSyntax):
            continue
        kind = pymupdf.mupdf.ll_pdf_to_name(pymupdf.mupdf.ll_pdf_dict_get(each, key))
        pymupdf.mupdf.ll_pdf_drop_obj(each)
        if kind == "Font":
            yield number


def _repair_simple_font(pdf: pymupdf.Document, number: int) -> bool:
    """Repair a font with one byte a character; return whether its map was false."""
    encoding = _read_dictionary(pdf, number, "Encoding")
    stream = _read_map_stream(pdf, number)
    mapped = parse_to_unicode_map(stream)
    is_false = bool(stream and encoding) and contradicts(mapped, find_encoded_letters(encoding))
    if is_false:
        pdf.xref_set_key(number, "ToUnicode", "null")
        stream, mapped = "", {}
    names = parse_glyph_names(encoding)
    named = {code: _decode_name(name) for code, name in names.items()} | find_tex_ligatures(names)
    # The library reads other names itself, but only the first letter of a ligature that it does not
    # know.
    lacking = {
        code: text
        for code, text in named.items()
        if (text and not has_meaning(mapped.get(code, "")) and (code in mapped or len(text) > 1))
        or (code in mapped and differs_from_ligature(mapped[code], text))
    }
    program = pdf.extract_font(number)[3]
    lacking |= _find_sized_signs(names or parse_program_names(program), mapped)
    lacking |= find_tex_signs(pdf.xref_get_key(number, "BaseFont")[1])
    _add_to_map(
        pdf, number, stream, lacking | _find_misread_codes(program, encoding, mapped), digits=2
    )
    return is_false


def _find_sized_signs(names: Mapping[int, str], mapped: Mapping[int, str]) -> dict[int, str]:
    """Find the codes of sums, integrals and brackets of some size, whose names only TeX knows."""
    decoded = {code: decode_sized_name(name, _find_letter_by_name) for code, name in names.items()}
    return {
        code: text
        for code, text in decoded.items()
        if text and not has_meaning(mapped.get(code, ""))
    }


def _find_misread_codes(program: bytes, encoding: str, mapped: Mapping[int, str]) -> dict[int, str]:
    """Find the codes of an embedded font that print a sign instead of a digit or letter."""
    letters = (
        dict(zip(_ASCII, map(chr, _ASCII), strict=True)) if "/Differences" not in encoding else {}
    )
    letters |= {
        code: _find_letter_by_name(name) for code, name in parse_glyph_names(encoding).items()
    }
    # A map that says something else was made for this very font.
    read = {
        code: letter
        for code, letter in letters.items()
        if len(letter) == 1 and ord(letter) in _ASCII and mapped.get(code, letter) == letter
    }
    font = _open_font(program) if read else None
    if font is None:
        return {}
    printed = set(font.valid_codepoints())
    return identify_signs(
        font, {code: letter for code, letter in read.items() if ord(letter) in printed}
    )


def _open_font(program: bytes) -> pymupdf.Font | None:
    """Open an embedded font; a font that is not embedded or is broken is left as it is: None."""
    try:
        return pymupdf.Font(fontbuffer=program) if program else None
    except pymupdf.mupdf.FzErrorBase:
        return None


def _repair_composite_font(pdf: pymupdf.Document, number: int) -> bool:
    """Repair a font with two-byte codes that are glyph ids; return whether its map was false."""
    stream = _read_map_stream(pdf, number)
    mapped = parse_to_unicode_map(stream)
    if pdf.xref_get_key(number, "Encoding")[1] not in ("/Identity-H", "/Identity-V"):
        return False
    program = pdf.extract_font(number)[3]
    font = _open_font(program)
    if font is None or _maps_glyphs(pdf, number):
        return False
    is_false = contradicts(mapped, _find_certain_letters(font))
    if is_false:
        pdf.xref_set_key(number, "ToUnicode", "null")
        stream, mapped = "", {}
    lacking: dict[int, str] = {}
    if not mapped or not all(map(has_meaning, mapped.values())):
        codes = (code for code in _list_glyphs(font) if not has_meaning(mapped.get(code, "")))
        lacking = dict(_read_glyphs(font, codes))
    _add_to_map(pdf, number, stream, lacking | _find_named_ligatures(font, mapped), digits=4)
    return is_false


def _find_named_ligatures(font: pymupdf.Font, mapped: Mapping[int, str]) -> dict[int, str]:
    """Find the glyphs of several letters that a map says something else of, by their names.

    The names count only if those of single letters agree with the map. A font of thousands of
    ideographs, which no ligature begins with, is not looked through for them.
    """
    glyphs = _list_glyphs(font)
    named = {
        glyph: text
        for glyph, meant in mapped.items()
        if glyph in glyphs
        and not contains_cjk(meant)
        and (text := _decode_name(pymupdf.mupdf.fz_get_glyph_name2(font.this, glyph)))
    }
    letters = {glyph: text for glyph, text in named.items() if len(text) == 1 and text.isalpha()}
    agreeing = sum(mapped[glyph] == text for glyph, text in letters.items())
    if len(letters) < LEAST_LETTERS or agreeing < _MOST_AGREE * len(letters):
        return {}
    return {
        glyph: text for glyph, text in named.items() if differs_from_ligature(mapped[glyph], text)
    }


def _list_glyphs(font: pymupdf.Font) -> range:
    return range(1, min(font.glyph_count, _MOST_GLYPHS))


def _find_certain_letters(font: pymupdf.Font) -> dict[int, str]:
    """Find the English letters that glyphs certainly print, by name and character map alike.

    Programs that embed a part of a font renumber its characters or glyphs, but hardly ever both
    alike.
    """
    found: dict[int, str] = {}
    for glyph, letter in _read_character_map(font, ord("z")).items():
        if letter.isalpha() and glyph in _list_glyphs(font):
            name = pymupdf.mupdf.fz_get_glyph_name2(font.this, glyph)
            if name == letter:
                found[glyph] = letter
    return found


def _read_character_map(font: pymupdf.Font, last: int) -> dict[int, str]:
    """Read the first character with a meaning of each glyph, up to a code point."""
    found: dict[int, str] = {}
    for point in font.valid_codepoints():
        if point > last:
            break
        if has_meaning(chr(point)):
            found.setdefault(font.has_glyph(point), chr(point))
    return found


def _read_glyphs(font: pymupdf.Font, glyphs: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Read the texts that the font itself has for glyphs, from its character map or their names."""
    mapped = _read_character_map(font, sys.maxunicode)
    for glyph in glyphs:
        text = mapped.get(glyph) or _decode_name(pymupdf.mupdf.fz_get_glyph_name2(font.this, glyph))
        if text:
            yield glyph, text


def _maps_glyphs(pdf: pymupdf.Document, number: int) -> bool:
    """Tell whether the codes of a font are not glyph ids.

    Those of a known collection of Chinese, Japanese or Korean characters, such as Adobe-GB1, are
    the collection's own numbers, and the library knows what they mean (ISO 32000-1, 9.7.5.2).
    """
    library = pymupdf.mupdf
    font = library.pdf_load_object(library.pdf_document_from_fz_document(pdf.this), number)
    # The font within may be an object of its own, or stand in the array itself.
    within = library.pdf_array_get(library.pdf_dict_gets(font, "DescendantFonts"), 0)
    collection = library.pdf_dict_getp(within, "CIDSystemInfo/Ordering")
    is_mapped = library.pdf_is_stream(library.pdf_dict_gets(within, "CIDToGIDMap"))
    return bool(is_mapped) or library.pdf_to_text_string(collection) != "Identity"


@lru_cache(_NAMES_KEPT)
def _decode_name(name: str) -> str:
    return decode_glyph_name(name, _find_letter_by_name)


@lru_cache(_NAMES_KEPT)
def _find_letter_by_name(name: str) -> str:
    point = pymupdf.mupdf.fz_unicode_from_glyph_name(name)
    return chr(point) if point > 0 and has_meaning(chr(point)) else ""


def _read_dictionary(pdf: pymupdf.Document, number: int, key: str) -> str:
    """Read the source of a dictionary or name, inline or referenced; "" if there is none."""
    kind, value = pdf.xref_get_key(number, key)
    if kind == "xref":
        return str(pdf.xref_object(int(value.split()[0]), compressed=True))
    return "" if kind == "null" else str(value)


def _read_map_stream(pdf: pymupdf.Document, number: int) -> str:
    kind, value = pdf.xref_get_key(number, "ToUnicode")
    return (
        (pdf.xref_stream(int(value.split()[0])) or b"").decode("latin-1") if kind == "xref" else ""
    )


def _add_to_map(
    pdf: pymupdf.Document, number: int, stream: str, lacking: Mapping[int, str], digits: int
) -> None:
    """Give a font a ToUnicode map of its own that adds entries to the old one."""
    if not lacking:
        return
    own = pdf.get_new_xref()
    pdf.update_object(own, "<<>>")
    pdf.update_stream(own, extend_map_stream(stream, lacking, digits).encode("latin-1"))
    pdf.xref_set_key(number, "ToUnicode", f"{own} 0 R")
