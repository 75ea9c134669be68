"""Files whose fonts say nothing, or something wrong, of what their letters mean."""

from collections.abc import Iterator, Mapping

import pymupdf

PROSE = (
    "The efficient office of the first question finds different figures. Careful measurement of "
    "every single page gives boxes that readers find useful when they look for the results "
    "of a study and for nothing else. "
)


def page_of(
    pdf: pymupdf.Document, text: str, *, font: str = "tiro", embedded: bool = False
) -> pymupdf.Page:
    """Set a page of this text in a font of one byte a character or, `embedded`, of two."""
    page = pdf.new_page()
    add_text(page, text, font=font, embedded=embedded)
    return page


def add_text(
    page: pymupdf.Page, text: str, *, font: str = "tiro", embedded: bool = False, top: float = 72
) -> None:
    """Set text in a column of the page from `top` on."""
    box = pymupdf.Rect(72, top, 540, top + 400)
    if embedded:
        writer = pymupdf.TextWriter(page.rect)
        writer.fill_textbox(box, text, font=pymupdf.Font(font), fontsize=10)
        writer.write_text(page)
    else:
        page.insert_textbox(box, text, fontname=font, fontsize=10)


def fonts_of(pdf: pymupdf.Document, subtype: str) -> Iterator[int]:
    """List the xref numbers of the file's fonts of this kind."""
    for number in range(1, pdf.xref_length()):
        if (
            pdf.xref_get_key(number, "Type")[1] == "/Font"
            and pdf.xref_get_key(number, "Subtype")[1] == f"/{subtype}"
        ):
            yield number


def without_map(pdf: pymupdf.Document) -> None:
    """Take the maps to Unicode from all fonts of two bytes."""
    for number in fonts_of(pdf, "Type0"):
        pdf.xref_set_key(number, "ToUnicode", "null")


def without_any_names(pdf: pymupdf.Document) -> None:
    """Take away the names, and all that the fonts themselves know of their letters.

    The glyphs are numbered in an order of their own.
    """
    without_map(pdf)
    for number in fonts_of(pdf, "Type0"):
        scramble(pdf, number)


def scramble(pdf: pymupdf.Document, number: int) -> None:
    """Renumber the glyphs of a font by a list, so that its own map does not tell their codes."""
    descendant = int(pdf.xref_get_key(number, "DescendantFonts")[1].strip("[] ").split()[0])
    order = pdf.get_new_xref()
    pdf.update_object(order, "<<>>")
    pdf.update_stream(order, b"".join(glyph.to_bytes(2) for glyph in range(1024)))
    pdf.xref_set_key(descendant, "CIDToGIDMap", f"{order} 0 R")


def with_map(
    pdf: pymupdf.Document, number: int, entries: Mapping[int, str], digits: int = 2
) -> None:
    """Give a font a map to Unicode with these entries alone."""
    lines = "\n".join(
        f"<{code:0{digits}X}> <{text.encode('utf-16-be', 'surrogatepass').hex()}>"
        for code, text in entries.items()
    )
    space = f"1 begincodespacerange <{'0' * digits}> <{'F' * digits}> endcodespacerange"
    stream = (
        f"begincmap /CMapType 2 def {space}\n{len(entries)} beginbfchar\n{lines}\nendbfchar endcmap"
    )
    own = pdf.get_new_xref()
    pdf.update_object(own, "<<>>")
    pdf.update_stream(own, stream.encode())
    pdf.xref_set_key(number, "ToUnicode", f"{own} 0 R")
