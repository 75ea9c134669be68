"""Type 1 fonts whose glyphs are boxes with any names: they need not say what glyphs look like."""

from collections.abc import Iterator, Mapping, Sequence

import pymupdf

# Left, bottom, right and top in thousandths of the size of the font.
Box = tuple[int, int, int, int]

EQUALS: Sequence[Box] = ((60, 150, 560, 200), (60, 300, 560, 350))
MINUS: Sequence[Box] = ((60, 225, 560, 275),)
PLUS: Sequence[Box] = ((60, 225, 560, 275), (285, 0, 335, 500))

# The Type 1 font format (Adobe, 1990), sections 6 and 7.
_KEY_OF_FILE, _KEY_OF_CHARSTRING = 55665, 4330
_RANDOM_BYTES = b"\0\0\0\0"
_OPERATORS = {
    "hsbw": b"\x0d",
    "rmoveto": b"\x15",
    "rlineto": b"\x05",
    "closepath": b"\x09",
    "endchar": b"\x0e",
}


def set_in_drawn_font(
    page: pymupdf.Page, top: float, text: str, glyphs: Mapping[str, Sequence[Box]]
) -> None:
    """Print text, in ASCII, from a font with these glyphs by their names."""
    pdf = page.parent
    # A font of the library's own, which no page of the tests has otherwise, is put aside for it.
    page.insert_text((72, top), text, fontname="cour", fontsize=10)
    font = next(each[0] for each in page.get_fonts() if each[3] == "Courier")
    program = _program(glyphs)
    clear = program.index(b"eexec\n") + len(b"eexec\n")
    file, descriptor = (pdf.get_new_xref() for _ in range(2))
    pdf.update_object(file, "<<>>")
    pdf.update_stream(file, program)
    for key, length in {"Length1": clear, "Length2": len(program) - clear, "Length3": 0}.items():
        pdf.xref_set_key(file, key, str(length))
    pdf.update_object(
        descriptor,
        f"<</Type/FontDescriptor/FontName/AAAAAA+Signs/Flags 32/FontBBox[0 -200 1000 800]"
        "/ItalicAngle 0/Ascent 800"
        f"/Descent -200/CapHeight 700/StemV 80/FontFile {file} 0 R>>",
    )
    widths = " ".join(["620"] * 95)
    pdf.update_object(
        font,
        f"<</Type/Font/Subtype/Type1/BaseFont/AAAAAA+Signs/Encoding/WinAnsiEncoding"
        "/FirstChar 32/LastChar 126"
        f"/Widths[{widths}]/FontDescriptor {descriptor} 0 R>>",
    )


def _program(glyphs: Mapping[str, Sequence[Box]]) -> bytes:
    head = (
        "%!PS-AdobeFont-1.0: Signs\n12 dict begin\n/FontName /Signs def\n"
        "/PaintType 0 def\n/FontType 1 def\n"
        "/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n/Encoding StandardEncoding def\n"
        "/FontBBox {0 -200 1000 800} readonly def\ncurrentdict end\ncurrentfile eexec\n"
    )
    charstrings = {".notdef": (), **glyphs}
    private = b"dup /Private 8 dict dup begin\n/RD "
    private += b"{string currentfile exch readstring pop} executeonly def\n"
    private += b"/ND {noaccess def} executeonly def\n/NP {noaccess put} executeonly def\n"
    private += b"/BlueValues [] def\n"
    private += b"/MinFeature {16 16} def\n/password 5839 def\n"
    private += f"2 index /CharStrings {len(charstrings)} dict dup begin\n".encode()
    for name, boxes in charstrings.items():
        code = _encrypted(b"".join(_drawing(boxes)), _KEY_OF_CHARSTRING)
        private += f"/{name} {len(code)} RD ".encode() + code + b" ND\n"
    private += b"end\nend\nreadonly put\nnoaccess put\ndup /FontName get exch definefont pop\n"
    private += b"mark currentfile closefile\n"
    return head.encode("ascii") + _encrypted(private, _KEY_OF_FILE)


def _drawing(boxes: Sequence[Box]) -> Iterator[bytes]:
    yield _number(0) + _number(620) + _OPERATORS["hsbw"]
    x = y = 0
    for left, bottom, right, top in boxes:
        yield _number(left - x) + _number(bottom - y) + _OPERATORS["rmoveto"]
        for dx, dy in ((right - left, 0), (0, top - bottom), (left - right, 0)):
            yield _number(dx) + _number(dy) + _OPERATORS["rlineto"]
        yield _OPERATORS["closepath"]
        x, y = left, top
    yield _OPERATORS["endchar"]


def _number(value: int) -> bytes:
    return b"\xff" + value.to_bytes(4, signed=True)


def _encrypted(plain: bytes, key: int) -> bytes:
    cipher = bytearray()
    for byte in _RANDOM_BYTES + plain:
        cipher.append(byte ^ (key >> 8))
        key = ((cipher[-1] + key) * 52845 + 22719) & 0xFFFF
    return bytes(cipher)
