"""The numbers of headings: how they are written, and which can follow which."""

import re
from dataclasses import dataclass
from typing import Literal

NumberKind = Literal["arabic", "roman", "letter", "none"]

# "§1." and "1. —" are of books and journals of mathematics and the humanities.
_ARABIC = re.compile(
    r"(?:(?:Section|Chapter|Sec\.)\s+|§\s*)?(\d{1,2}(?:\.\d{1,2}){0,4})"
    r"(?:[.)]|\s*[：|])?(?:\s*[–—])?\s+(?=\S)",
    re.IGNORECASE,
)
_TIGHT_ARABIC = re.compile(r"(?:§\s*)?(\d{1,2}(?:\.\d{1,2}){0,4})[.．、]\s*(?=[^\W\d])")
_ROMAN = re.compile(r"(?:(?:Section|Chapter)\s+)?([IVX]{1,6})(?:[.)]|\s*[:：])?\s+(?=\S)")
_LETTERED = re.compile(
    r"(?:(?i:Appendix|Appendices|Annex)\s+|(?:附录|附錄|付録)\s*)?(?:§\s*)?([A-Z]\d?(?:\.\d{1,2}){0,4}"
    r"|[A-Z](?:-\d{1,2}){1,3})(?:[.)](?:\s*[–—])?|\s*[:：–—-](?=\s))?(?:\s+(?=\S)|$)",
)
# "II.B" and "II.B.1" count within a section with a Roman number, as the "B" of others does.
_UNDER_ROMAN = re.compile(r"([IVX]{1,6})\.([A-Z](?:\.\d{1,2}){0,2})\.?\s+(?=\S)")
_APPENDIX_WORD = re.compile(
    r"(?:Appendix|Appendices|Annex|Supplement(?:ary|al)?)\b|附录|附錄|付録", re.IGNORECASE
)
_CHINESE = re.compile(r"第?([一二三四五六七八九十]{1,3})[章节、.．]\s*")
# The number of a chapter, between spaces that typesetters put there.
_CHAPTER = re.compile(r"第\s*(\d{1,2})\s*[章节節]\s*(?=\S)")
_CHINESE_DIGITS = "一二三四五六七八九十"

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True, slots=True)
class Number:
    """A heading's number.

    `text` is as printed, without its last point; `parts` are its values, outermost first.
    `appendix` says that the word stands before it ("Appendix B").
    """

    text: str = ""
    kind: NumberKind = "none"
    parts: tuple[int, ...] = ()
    appendix: bool = False

    @property
    def depth(self) -> int:
        """The number of parts: 2 for "3.1"."""
        return len(self.parts)


NO_NUMBER = Number()


def parse_numbers(text: str) -> tuple[tuple[Number, str], ...]:
    """List all ways to read a heading as (number, title), likeliest first, last without a number.

    "I. Setup" may be the first section or the ninth appendix: only its neighbours can tell.
    """
    found: list[tuple[Number, str]] = []
    for pattern in (_ARABIC, _TIGHT_ARABIC, _CHAPTER):
        match = pattern.match(text)
        if match:
            number = Number(match[1], "arabic", tuple(map(int, match[1].split("."))))
            found.append((number, text[match.end() :]))
            break
    match = _ROMAN.match(text)
    if match and parse_roman(match[1]):
        found.append((Number(match[1], "roman", (parse_roman(match[1]),)), text[match.end() :]))
    match = _UNDER_ROMAN.match(text)
    if match and parse_roman(match[1]):
        parts = _count_lettered(match[2])
        found.append((Number(f"{match[1]}.{match[2]}", "letter", parts), text[match.end() :]))
        return (*found, (NO_NUMBER, text))
    match = _LETTERED.match(text)
    if match:
        found.append((_parse_lettered(match), text[match.end() :]))
    match = _CHINESE.match(text)
    if match:
        found.append((Number(match[1], "arabic", (_parse_chinese(match[1]),)), text[match.end() :]))
    found.append((NO_NUMBER, text))
    return tuple(found)


def _parse_lettered(match: re.Match[str]) -> Number:
    parts = _count_lettered(match[1])
    return Number(match[1], "letter", parts, bool(_APPENDIX_WORD.match(match[0])))


def _count_lettered(text: str) -> tuple[int, ...]:
    first, *rest = re.split(r"[.-]", text)
    parts = (ord(first[0]) - ord("A") + 1, *map(int, rest))
    if len(first) > 1:  # "S1", "A2": the digit belongs to the letter
        parts = (parts[0], int(first[1:]), *parts[1:])
    return parts


def parse_roman(text: str) -> int:
    """Return the value of a roman numeral up to 39; 0 if it is none ("IIX").

    >>> parse_roman("XIV")
    14
    """
    total = 0
    for position, digit in enumerate(text):
        value = _ROMAN_VALUES[digit]
        following = _ROMAN_VALUES[text[position + 1]] if position + 1 < len(text) else 0
        total += -value if value < following else value
    return total if text == _format_roman(total) else 0


def _format_roman(value: int) -> str:
    return (
        "X" * (value // 10)
        + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[value % 10]
    )


def _parse_chinese(text: str) -> int:
    tens, ten, ones = text.partition("十")
    if not ten:
        return _CHINESE_DIGITS.index(text[0]) + 1
    high = _CHINESE_DIGITS.index(tens) + 1 if tens else 1
    return 10 * high + (_CHINESE_DIGITS.index(ones) + 1 if ones else 0)


def can_follow(earlier: Number, later: Number) -> bool:
    """Tell whether `later` can be the next number: 3.2 is followed by 3.2.1, 3.3 or 4."""
    if earlier.kind != later.kind or later.kind == "none":
        return False
    if later.parts == (*earlier.parts, 1):
        return True
    depth = later.depth
    return (
        depth <= earlier.depth
        and later.parts[:-1] == earlier.parts[: depth - 1]
        and later.parts[-1] == earlier.parts[depth - 1] + 1
    )
