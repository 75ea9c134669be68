"""Who of the authors works where, as the first page of a paper says it.

Marks bind authors to institutions ("Ann Lee1,2", "1Lake University"). An author without a mark is
bound to none: it may be lost.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatpaper.domain.text.folding import collapse_spaces
from chatpaper.domain.text.scripts import LATIN
from chatpaper.domain.text.tables import load_word_tables

_TABLES = load_word_tables(__name__)
_MARK = r"[∗*†‡§¶⋄♠♣♦♡]|\d{1,2}"
_MARKS = re.compile(rf"(?:\s?(?:{_MARK}|,(?=\s?(?:{_MARK}))))+")
# Initials, particles and hyphens are parts of a name; a name has two words at least.
_FULL = rf"[A-ZÀ-Þ][{LATIN}'’-]+"
_INITIALS = r"(?:[A-ZÀ-Þ]\.?-?){1,3}(?![a-zß-ÿ])"
_PARTICLE = r"(?:van|von|de|der|den|del|di|da|la|le|bin|al)"
_NAME = rf"(?:{_INITIALS}|{_FULL})(?:[ \n](?:{_INITIALS}|{_FULL}|{_PARTICLE})){{1,4}}"
_MARKED_NAME = re.compile(rf"(?P<name>{_NAME})(?P<marks>{_MARKS.pattern})")
# An institution begins at its mark, which no letter stands before.
_BEGINNING = re.compile(rf"(?:(?<=^)|(?<=[\s,;.]))(?P<mark>{_MARK})\s?(?=[A-ZÀ-Þ])", re.MULTILINE)
_INSTITUTION = re.compile(rf"\b(?:{_TABLES.join('institution')})", re.IGNORECASE)
_END = re.compile(rf"[\w.{{}},-]+@|\{{|https?:|\n\s?[∗*]|{_TABLES.join('notes')}", re.IGNORECASE)
# What is longer is a page of text that was taken for front matter.
MOST_CHARACTERS = 6_000
MOST_CHARACTERS_OF_INSTITUTION = 240
LEAST_MARKED_AUTHORS = 2


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors that are bound to institutions, and all institutions of the first page.

    `places` has, for each author, the numbers of `institutions`.
    """

    institutions: tuple[str, ...]
    places: Mapping[str, frozenset[int]]


@lru_cache(maxsize=8)
def parse_byline(front_matter: str) -> Byline:
    """Read which author works where; of an author that is bound to nothing nothing is said."""
    text = re.sub(r"-\n(?=[a-z])", "", front_matter[:MOST_CHARACTERS])
    found = list(_marked_institutions(text))
    places: dict[str, frozenset[int]] = {}
    if len({mark for mark, _, _ in found}) > 1:
        numbers = {mark: number for number, (mark, _, _) in enumerate(found)}
        places = dict(_marked_authors(_without(text, [span for _, span, _ in found]), numbers))
    if len(places) < LEAST_MARKED_AUTHORS:
        return Byline((), {})
    return Byline(tuple(name for _, _, name in found), places)


def _marked_institutions(text: str) -> Iterator[tuple[str, tuple[int, int], str]]:
    """Yield mark, place and name of each institution."""
    beginnings = list(_BEGINNING.finditer(text))
    stops = [each.start() for each in beginnings[1:]] + [len(text)] * bool(beginnings)
    seen: set[str] = set()
    for beginning, stop in zip(beginnings, stops, strict=True):
        words = text[beginning.end() : stop]
        end = _END.search(words)
        words = words[: end.start()] if end else words
        name = collapse_spaces(words)
        name = name[:MOST_CHARACTERS_OF_INSTITUTION].rstrip(" ,;.&")
        if beginning["mark"] not in seen and _INSTITUTION.search(name):
            seen.add(beginning["mark"])
            yield beginning["mark"], (beginning.start(), beginning.end() + len(words)), name


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Blank what stands in the spans."""
    for start, end in spans:
        text = f"{text[:start]}{';' * (end - start)}{text[end:]}"
    return text


def _marked_authors(head: str, numbers: Mapping[str, int]) -> Iterator[tuple[str, frozenset[int]]]:
    for author in _MARKED_NAME.finditer(head):
        own = frozenset(
            numbers[mark]
            for written in re.findall(_MARK, author["marks"])
            for mark in _split_mark(written, numbers)
            if mark in numbers
        )
        if own:
            yield collapse_spaces(author["name"]), own


def _split_mark(mark: str, numbers: Mapping[str, int]) -> tuple[str, ...]:
    """Return the marks that stand close together: 12 is 1 and 2 where there is no twelfth."""
    return (mark,) if mark in numbers else tuple(mark)
