"""Algorithms and listings: the lines of their boxes, with indentation."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from chatpaper.domain import Algorithm
from chatpaper.extract.figures.assignment import FoundFloat
from chatpaper.extract.layout.text import clean_text
from chatpaper.extract.page import Page, Word
from chatpaper.extract.tables.phrases import PrintedLine, gather_lines
from chatpaper.extract.textline import TextLine

_NUMBER = re.compile(r"\d{1,3}[:.]?")
# Lines are numbered if this share of them begin with numbers that rise; long lines are broken.
_NUMBERED_SHARE = 0.4
# The width of a letter of text, relative to the height of words: so wide is a space of the
# indentation.
_LETTER_SHARE = 0.5
# A comment at the right of a line stands apart from it, by this many times the height of words.
_APART_SHARE = 1.5


def read_algorithm(found: FoundFloat, lines: Sequence[TextLine], page: Page) -> Algorithm:
    """Read the algorithm that was found on a page; `lines` are those in its box."""
    printed = gather_lines(lines, page.words)
    figure = found.figure
    texts = _indent(printed, _find_numbers(printed)) if printed else []
    return Algorithm(figure.label, figure.caption, figure.page, figure.bbox, tuple(texts))


def _find_numbers(lines: Sequence[PrintedLine]) -> list[str]:
    """Find the number that each line begins with; "" for lines without, or if few have one."""
    found = [_first_word(line).text for line in lines]
    numbers = [text if _NUMBER.fullmatch(text) else "" for text in found]
    values = [int(text.rstrip(":.")) for text in numbers if text]
    rises = all(above < below for above, below in pairwise(values))
    if not rises or len(values) < max(2.0, _NUMBERED_SHARE * len(lines)):
        return [""] * len(lines)
    return numbers


def _first_word(line: PrintedLine) -> Word:
    return line.phrases[0].words[0]


def _indent(lines: Sequence[PrintedLine], numbers: Sequence[str]) -> list[str]:
    """Write each line after its number and as many spaces as it is indented.

    Lines left of those with numbers, such as what goes in and what comes out, have no room for one.
    """
    rest = [_drop_number(line, number) for line, number in zip(lines, numbers, strict=True)]
    starts = [words[0].bbox.x0 for words in rest if words]
    numbered = [
        words[0].bbox.x0 for words, number in zip(rest, numbers, strict=True) if number and words
    ]
    left = min(numbered or starts, default=0.0)
    room = max(map(len, numbers)) + 1 if numbered else 0
    size = median(word.bbox.height for words in rest for word in words)
    texts = []
    for words, number in zip(rest, numbers, strict=True):
        start = words[0].bbox.x0 if words else left
        spaces = round((start - left) / (_LETTER_SHARE * size))
        if number or spaces >= 0:
            prefix = number.rjust(room - 1) + " " if room else ""
            texts.append(f"{prefix}{' ' * max(0, spaces)}{_join(words, size)}".rstrip())
        else:
            texts.append(_join(words, size))
    return texts


def _drop_number(line: PrintedLine, number: str) -> list[Word]:
    words = [word for phrase in line.phrases for word in phrase.words]
    return words[1:] if number else words


def _join(words: Sequence[Word], size: float) -> str:
    """Join the words of a line; what stands apart is set off by two spaces."""
    parts = [word.text for word in words[:1]]
    for before, word in pairwise(words):
        is_apart = word.bbox.x0 - before.bbox.x1 > _APART_SHARE * size
        parts.append(f"{'  ' if is_apart else ' '}{word.text}")
    return clean_text("".join(parts))
