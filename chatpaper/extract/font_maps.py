"""Maps to Unicode that contradict the letters of their fonts: they say one thing to programs, another to readers.

Only fonts of one byte a character that name their glyphs can be held against their maps, as the fonts of TeX do.
"""

import re
import unicodedata
from collections.abc import Mapping

# The entries of the maps (Adobe technical note 5411): single codes, and ranges that count upwards.
_BLOCK = re.compile(r"begin(bfchar|bfrange)(.*?)endbf(?:char|range)", re.DOTALL)
_CHAR = re.compile(r"<\s*([0-9A-Fa-f]{1,2})\s*>\s*<\s*([0-9A-Fa-f]{4,64})\s*>")
_RANGE = re.compile(r"<\s*([0-9A-Fa-f]{1,2})\s*>\s*<\s*([0-9A-Fa-f]{1,2})\s*>\s*<\s*([0-9A-Fa-f]{4})\s*>")
_DIFFERENCE = re.compile(r"(\d+)|/([^\s/\[\]<>()]+)")
# A font that prints fewer letters says nothing; of the others most maps are right for all letters.
LEAST_LETTERS = 4
LEAST_CONTRADICTED_SHARE = 0.5


def map_of(stream: str) -> dict[int, str]:
    """The map from codes of one byte to text that a ToUnicode stream holds."""
    found: dict[int, str] = {}
    for kind, entries in _BLOCK.findall(stream):
        if kind == "bfchar":
            found.update((int(code, 16), _text(text)) for code, text in _CHAR.findall(entries))
        else:
            for first, last, text in _RANGE.findall(entries):
                start, end = int(first, 16), int(last, 16)
                found.update((code, chr(int(text, 16) + code - start)) for code in range(start, end + 1))
    return found


def _text(digits: str) -> str:
    return bytes.fromhex(digits[: len(digits) // 4 * 4]).decode("utf-16-be", "ignore")


def letters_of(encoding: str) -> dict[int, str]:
    """The letters that the codes of a font print by its /Encoding: the name of a known one, or a list of differences.

    In all known encodings the letters of English have the codes that they have in ASCII.
    """
    letters = {code: chr(code) for code in range(128) if chr(code).isalpha()}
    start = encoding.find("/Differences")
    code = 0
    for number, name in _DIFFERENCE.findall(encoding[start + len("/Differences") :]) if start >= 0 else ():
        if number:
            code = int(number)
            continue
        if len(name) == 1 and name.isascii() and name.isalpha():
            letters[code] = name
        else:
            letters.pop(code, None)
        code += 1
    return letters


def contradicts(mapped: Mapping[int, str], letters: Mapping[int, str]) -> bool:
    """Whether a map gives other letters for most of those that the font prints, in whatever case and style."""
    both = [(mapped[code], letter) for code, letter in letters.items() if code in mapped]
    wrong = sum(_plain(text)[:1] != letter.casefold() for text, letter in both)
    return len(both) >= LEAST_LETTERS and wrong >= LEAST_CONTRADICTED_SHARE * len(both)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold()
