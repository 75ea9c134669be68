"""ToUnicode maps, and the encodings and glyph names of fonts that they may contradict.

A false map tells programs one thing and readers another. It can be detected in fonts with one byte
a character that name their glyphs, as those of TeX do.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from chatpaper.domain.text.folding import expand_ligatures

# The entries of ToUnicode maps (Adobe Technical Note 5411): single codes, and ranges.
_BEGIN = re.compile(r"begin(bfchar|bfrange)")
_CHAR = re.compile(r"<\s*([0-9A-Fa-f]{1,4})\s*>\s*<\s*([0-9A-Fa-f]{4,64})\s*>")
_RANGE = re.compile(
    r"<\s*([0-9A-Fa-f]{1,4})\s*>\s*<\s*([0-9A-Fa-f]{1,4})\s*>\s*"
    r"(?:<\s*([0-9A-Fa-f]{4})\s*>|\[([0-9A-Fa-f<>\s]{0,8192})\])"
)
# White space in hexadecimal strings and between them counts nothing (PDF 1.7, 7.3.4.3).
_LISTED_TEXT = re.compile(r"<([^<>]*)>")
_MOST_CODES = 0x10000
_KNOWN_ENCODING = re.compile(r"/(?:WinAnsi|MacRoman|Standard)Encoding\b")
_DIFFERENCE = re.compile(r"(\d+)|/([^\s/\[\]<>()]+)")
# Fonts that print fewer letters are not judged; in others most maps are right for all letters.
LEAST_LETTERS = 4
LEAST_CONTRADICTED_SHARE = 0.5


def parse_to_unicode_map(stream: str) -> dict[int, str]:
    """Parse a ToUnicode stream into a map from codes of one or two bytes to text."""
    found: dict[int, str] = {}
    for kind, entries in _find_blocks(stream):
        if kind == "bfchar":
            found.update(
                (int(code, 16), _decode_hex(text)) for code, text in _CHAR.findall(entries)
            )
        else:
            for first, last, text, listed in _RANGE.findall(entries):
                found.update(_expand_range(int(first, 16), int(last, 16), text, listed))
    return found


def _find_blocks(stream: str) -> Iterator[tuple[str, str]]:
    end = 0
    while (begin := _BEGIN.search(stream, end)) and (end := stream.find("endbf", begin.end())) >= 0:
        yield begin[1], stream[begin.end() : end]


def _expand_range(start: int, end: int, text: str, listed: str) -> Iterator[tuple[int, str]]:
    codes = range(start, min(end + 1, start + _MOST_CODES))
    if listed:
        return zip(
            codes,
            map(_decode_hex, _LISTED_TEXT.findall(listed)),
            strict=False,
        )
    return (
        (code, chr(point))
        for code in codes
        if (point := int(text, 16) + code - start) <= sys.maxunicode
    )


def extend_map_stream(stream: str, entries: Mapping[int, str], digits: int) -> str:
    """Extend a ToUnicode stream with entries that override it.

    Codes are written with `digits` hexadecimal digits.
    """
    lines = [
        f"<{code:0{digits}X}> <{text.encode('utf-16-be').hex()}>" for code, text in entries.items()
    ]
    blocks = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar"
        for block in (
            lines[start : start + _MOST_IN_BLOCK] for start in range(0, len(lines), _MOST_IN_BLOCK)
        )
    )
    head, end, tail = stream.rpartition("endcmap")
    if not end:
        first, last = "00" * (digits // 2), "FF" * (digits // 2)
        head = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def "
            f"1 begincodespacerange <{first}> <{last}> endcodespacerange\n"
        )
        tail = " end end"
    return f"{head}{blocks}\nendcmap{tail}"


# Adobe Technical Note 5411 allows this many entries in a block.
_MOST_IN_BLOCK = 100


def _decode_hex(text: str) -> str:
    digits = "".join(text.split())
    return bytes.fromhex(digits[: len(digits) // 4 * 4]).decode("utf-16-be", "ignore")


def parse_glyph_names(encoding: str) -> dict[int, str]:
    """Parse the glyph names by code in the /Differences of a font's /Encoding."""
    start = encoding.find("/Differences")
    names: dict[int, str] = {}
    code = 0
    for number, name in (
        _DIFFERENCE.findall(encoding[start + len("/Differences") :]) if start >= 0 else ()
    ):
        if number:
            code = int(number)
        else:
            names[code] = name
            code += 1
    return names


def parse_program_names(program: bytes) -> dict[int, str]:
    """Parse the glyph names by code that the program of a Type 1 font has before its glyphs."""
    head = program[:_LONGEST_HEAD].partition(b"eexec")[0]
    return {int(code): name.decode() for code, name in _ENCODED_NAME.findall(head)}


# An encoding has 256 entries of some thirty bytes.
_LONGEST_HEAD = 16_384
_ENCODED_NAME = re.compile(rb"\bdup\s+(\d{1,3})\s*/([A-Za-z]+)\s+put\b")


def decode_sized_name(name: str, letter_named: Callable[[str], str]) -> str:
    """Decode the name of a sign that TeX has in several sizes, such as "summationdisplay".

    Returns "" for all other names. `letter_named` gives the character of a single known name.
    """
    plain = _SIZE.sub("", name)
    return letter_named(plain) if plain != name else ""


_SIZE = re.compile(r"(?<=[a-z])(?:text|display|[Bb]igg?)$")


def find_encoded_letters(encoding: str) -> dict[int, str]:
    """Find the letters that the codes of a font print by its /Encoding.

    All known encodings have the English letters at their ASCII codes. If none is named, codes that
    are not in /Differences print what the font has there: fonts of symbols have no letters.
    """
    is_named = _KNOWN_ENCODING.search(encoding) is not None
    letters = {code: chr(code) for code in range(128) if chr(code).isalpha()} if is_named else {}
    for code, name in parse_glyph_names(encoding).items():
        if len(name) == 1 and name.isascii() and name.isalpha():
            letters[code] = name
        else:
            letters.pop(code, None)
    return letters


def find_tex_ligatures(names: Mapping[int, str]) -> dict[int, str]:
    """Find the ligatures of a font whose glyphs are named by their codes in TeX's text encoding.

    dvips names them so. The library takes most of these codes for white space. Fonts for formulas
    have Greek letters there; they have no full stop and comma at the codes of text.
    """
    by_code = {code for code, name in names.items() if name == f"a{code}"}
    small_letters = len(by_code & set(range(ord("a"), ord("z") + 1)))
    if small_letters < _LEAST_SMALL_LETTERS or not {ord(","), ord(".")} <= by_code:
        return {}
    ligatures = _LIGATURES_OF_TEX if by_code & set(_LIGATURES_OF_TEX) else _LIGATURES_OF_CORK
    return {code: text for code, text in ligatures.items() if code in by_code}


# OT1, in Knuth, The TeXbook, appendix F.
_LIGATURES_OF_TEX = {11: "ff", 12: "fi", 13: "fl", 14: "ffi", 15: "ffl"}
# T1, the Cork encoding. OT1 has letters such as "ø" there, but in a text that has them there are
# ligatures too.
_LIGATURES_OF_CORK = {27: "ff", 28: "fi", 29: "fl", 30: "ffi", 31: "ffl"}
_LEAST_SMALL_LETTERS = 8


def decode_glyph_name(name: str, letter_named: Callable[[str], str]) -> str:
    """Decode a glyph name by Adobe's glyph naming specification; "" if it has no known meaning.

    `letter_named` gives the character of a single known name. "f_f_i.alt" is "ffi", "uni00660069"
    "fi".
    """
    parts = name.partition(".")[0].split("_")
    letters = [_decode_numbered_name(part) or _find_letter(part, letter_named) for part in parts]
    return "".join(letters) if all(letters) else ""


def _decode_numbered_name(name: str) -> str:
    match = _NUMBERED_NAME.fullmatch(name)
    text = _decode_hex(match[1]) if match else ""
    return unicodedata.normalize("NFKC", text)


def _find_letter(name: str, letter_named: Callable[[str], str]) -> str:
    """Find the character of a name; variants such as small capitals are the plain character."""
    for plain in (name, _VARIANT.sub("", name)):
        letter = letter_named(plain)
        if letter and not (plain == name and _UNTOLD_NAME.fullmatch(name)):
            return expand_ligatures(letter)
    return ""


_NUMBERED_NAME = re.compile(r"uni((?:[0-9A-F]{4}){1,8})")
_VARIANT = re.compile(r"(?:oldstyle|small|inferior|superior)$")
# The library takes the number in "a65" for a code, but it is specific to the font.
_UNTOLD_NAME = re.compile(r"[A-Za-z]{1,3}\d{1,5}")


def differs_from_ligature(mapped: str, named: str) -> bool:
    """Tell whether a map says something else of a glyph than its name, which is of several letters.

    Some programs write down the first letter only: "Q" for the glyph "Q_u".

    >>> differs_from_ligature("Q", "Qu"), differs_from_ligature("ﬁ", "fi")
    (True, False)
    """
    return len(named) > 1 and named.isalpha() and _fold(mapped) != _fold(named)


def contradicts(mapped: Mapping[int, str], letters: Mapping[int, str]) -> bool:
    """Tell whether a map disagrees with most letters of a font, ignoring case and style."""
    both = [(mapped[code], letter) for code, letter in letters.items() if code in mapped]
    wrong = sum(_fold(text)[:1] != letter.casefold() for text, letter in both)
    return len(both) >= LEAST_LETTERS and wrong >= LEAST_CONTRADICTED_SHARE * len(both)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold()
