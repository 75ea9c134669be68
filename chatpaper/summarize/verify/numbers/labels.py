"""Find what looks like a number in a text and counts nothing.

That is labels, citations, addresses, marks of lists, and dates.
"""

import re
from collections.abc import Iterator
from itertools import chain

from chatpaper.domain.text.float_words import build_western_float_pattern
from chatpaper.domain.text.tables import load_word_tables

_TABLES = load_word_tables(__name__)
_WORD = (
    f"(?:{_TABLES.join('labels')}"
    rf"|(?i:{build_western_float_pattern('figure', 'table', 'algorithm', sure=True)}))\.?~?\s?"
)
_NUMBER = r"[（(]?[A-Z]?\d{1,4}+(?:\.\d{1,4}+){0,4}+[a-z]?[)）]?(?![\d%]|,\d{3}(?!\d))"
_HAN_WORD = (
    r"(?<![像地试示代列发意企视插力绘每各单域张])[图圖図表]|그림|표"
    r"|(?:公|等)?式|算法|附录|附錄|定理|引理"
)

# "the traces (81) and": in a paper that gives a count, in a statement about it the mark of an item.
_COUNT_IN_BRACKETS = re.compile(r"(?<=[a-z]{3} )\(\d{1,2}\)(?! ?[a-z]{0,12}:)")

_PATTERNS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        # Addresses, identifiers, versions; but 1.234.567 is a number.
        r"https?://[^\s)）>\]]{1,2000}+|www\.[^\s)）>\]]{1,2000}+|\b10\.\d{4,9}/\S{1,200}+",
        r"(?<![\w.+-])[\w.+-]{1,64}+@[\w-]{1,64}\.[\w.]{1,64}",
        r"\b(?:arXiv:\s?)?\d{4}\.\d{4,5}(?:v\d{1,3})?\b(?!\s?[%％])",
        r"(?<![\w.])(?!\d{1,3}(?:\.\d{3}){2,6}(?![\d.]))\d{1,3}(?:\.\d{1,4}){2,8}+(?![\w.])",
        # Citations and cross-references.
        r"\[\s?\d{1,4}(?:\s?[,;–-]\s?\d{1,4}){0,40}\s?\]",
        rf"\b{_WORD}{_NUMBER}(?:\s?(?:,|and|to|or|–|-|和|与|至|到|、)\s?{_NUMBER})*",
        rf"(?:{_HAN_WORD})\s?{_NUMBER}(?:\s?(?:[,，和与及至到、–-]|and)\s?{_NUMBER})*(?!\s?[张幅個个行列条])",
        r"§{1,2}\s?\d{1,2}(?:\.\d{1,2}){0,3}(?!\d)",
        r"第\s?\d{1,4}(?:\.\d{1,3}){0,4}\s?(?:[节節章页頁]|部分|小节)",
        # Marks of lists and headings; numbers of equations.
        (
            r"^[ \t]{0,16}(?:[-*+>][ \t]{1,8}){0,4}(?:\d{1,2}[.)、．:：]|[（(]\d{1,2}[)）]"
            r"|#{1,6}\s?\d{1,2}(?:\.\d{1,2}){0,4}\.?)"
            r"(?=\s|[^\d\s])"
        ),
        r"[（(]\d{1,2}[a-z]?[)）]|[①-⑳]",
        # Indices and exponents, but for powers of ten, fractions, D^{11/6}, those of areas, 5 m^2,
        # and words that are parts of names, as in Net_LARGE.
        (
            r"(?<!10)(?<!\A2)(?<![^A-Za-z\d._]2)(?<!\d[eE])"
            r"(?<!\dm)(?<!\d m)(?<!\d[cmkµμ]m)(?<!\d [cmkµμ]m)\^(?!\{?[-−]?\d{1,2}/\d{1,2}\b)"
            r"\s?\{?[-−+]?\w{1,16}\}?"
            r"|(?<=2)\^\s?\{?[-−]\w{1,16}\}?|_\{[^}\n]{0,40}\}|_\w(?![A-Za-z]{2})"
        ),
        # Dates and times of day.
        (
            r"(?<![\d/-])\d{4}[-/]\d{1,2}[-/]\d{1,2}(?![\d/-])|\d{1,2}\s?月\s?\d{1,2}\s?[日号]"
            r"|\b\d{1,2}:\d{2}(?::\d{2})?\b"
        ),
    )
)


# An enumeration within a line: 1）…；2）… or "; 2. …". What closes a bracket that nothing opened
# is a mark.
_BRACKET = re.compile(r"[(（]|(?:(?<![\w.-])(?P<mark>\d{1,2}|[a-z]|[ivx]{2,4}))?[)）]|\n")
_MARK_BEHIND_STOP = re.compile(r"(?<=[；;。：:])\s?\d{1,2}[.、．](?!\d)")
# The year of a work that is cited in the text tells nothing that its paper has to say.
_YEAR_CITED = re.compile(
    r"(?:\bet al\.?|等人?|ら|[&和与] ?[A-Z][\w-]{1,30}|(?<![A-Za-z])[A-Z][a-z]{2,30}"
    r"(?=[ ]?[（(,，]))"
    r"[,，]? ?[（(]?(?:19|20)\d\d[a-f]?(?=[)）;；,，])"
)


# CIFAR-10/100: the second number belongs to the name too.
_NUMBERS_OF_NAMES = re.compile(r"(?<=[A-Za-z][-‐])\d{1,4}(?:/\d{1,4}){1,4}(?![\d.%])")


def blank_labels(text: str) -> str:
    """Return the text with spaces in place of labels and the like.

    Every other character stays where it was.
    """
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def unbracket_counts(text: str) -> str:
    """Blank the brackets of a paper around what may be a count.

    Otherwise it would be taken for a label.
    """
    return _COUNT_IN_BRACKETS.sub(lambda match: f" {match[0][1:-1]} ", text)


def blank_marks(text: str) -> str:
    """Blank the marks of enumerations and the years of cited works in a text about a paper."""
    spans = [*_marks(text), *(match.span() for match in _MARK_BEHIND_STOP.finditer(text))]
    spans += [
        match.span()
        for match in chain(_YEAR_CITED.finditer(text), _NUMBERS_OF_NAMES.finditer(text))
    ]
    characters = list(text)
    for start, end in spans:
        characters[start:end] = " " * (end - start)
    return "".join(characters)


def _marks(text: str) -> Iterator[tuple[int, int]]:
    depth = 0
    for match in _BRACKET.finditer(text):
        if match[0] == "\n":
            depth = 0
        elif match[0] in "(（":
            depth += 1
        elif depth:
            depth -= 1
        elif match["mark"]:
            yield match.span()
