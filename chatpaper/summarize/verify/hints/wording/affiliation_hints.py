"""Authors who are said to work where the first page has others but not them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.scripts import HAN, LATIN
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint

# Names and institutions stand before the text of the paper.
CHARACTERS_OF_FRONT_MATTER = 3_000
MOST_AUTHORS = 60
LEAST_CHARACTERS_OF_WORD = 3

_TABLES = load_word_tables(__name__)
_MARKS = "1-9*∗†‡§¶⋄"
_CAPITAL = rf"(?:(?![a-zß-ÿ])[{LATIN}][{LATIN}’'.-]*)"
# Yuhuai Wu∗12, Dan Lee 1,3
_AUTHOR = re.compile(rf"({_CAPITAL}(?: {_CAPITAL}){{1,3}})(?:\s?([{_MARKS}](?:[ ,]?[{_MARKS}])*))")
# 2 Google Research
_PLACE = re.compile(
    rf"(?<=\s)([{_MARKS}])\s?(?=[A-Z])([^\n]{{3,160}}?)"
    rf"(?=\n|\Z|[\s,;.][{_MARKS}]\s?[A-Z])"
)
_CLAUSE_END = re.compile(r"[，；。;]|,\s|\.\s")
_WORKS = re.compile(_TABLES.join("works"), re.IGNORECASE)
_IN_ORDER = re.compile(r"分别|依次|それぞれ|\brespectively\b|以外|除", re.IGNORECASE)
_SURNAMES: Mapping[str, str] = {
    character: name
    for name, characters in _TABLES.get_rows("surnames").items()
    for character in characters
}
_CHINESE_NAME = re.compile(
    rf"(?:(?<=[，、；。：:（( 与和及])|\A)({'|'.join(_SURNAMES)})[{HAN}]{{1,2}}?"
    rf"(?=[、，和与及（( ]|{_TABLES.join('behind_a_name')})"
)
_INSTITUTIONS: Mapping[str, re.Pattern[str]] = {
    name: re.compile("|".join(words)) for name, words in _TABLES.get_rows("institutions").items()
}
_GENERAL = frozenset(_TABLES.list_words("general"))
_KINDS = frozenset(_TABLES.get_rows("general")["kinds"])
_WORD = re.compile(rf"[{LATIN}]{{{LEAST_CHARACTERS_OF_WORD},}}")


@dataclass(frozen=True, slots=True)
class _FirstPage:
    """The marks of each author by the last name, and the institution of each mark."""

    authors: Mapping[str, frozenset[str]]
    places: Mapping[str, str]


def find_affiliation_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find an author who has none of the institutions that the same clause gives."""
    if not _WORKS.search(comparison.statement) or _IN_ORDER.search(comparison.statement):
        return
    page = _read_first_page(comparison.paper_text[:CHARACTERS_OF_FRONT_MATTER])
    for clause in _CLAUSE_END.split(comparison.statement) if page.places else ():
        marks = _marks_named(clause, page)
        for author, name in _authors_named(clause, page) if marks else ():
            if page.authors[author] and not page.authors[author] & marks:
                places = ", ".join(page.places[mark] for mark in sorted(page.authors[author]))
                message = f"The statement places {name} elsewhere; the first page says {places}."
                yield Hint("name", name, message, is_certain=True)


def _marks_named(clause: str, page: _FirstPage) -> frozenset[str]:
    """Return the marks of the institutions that a clause names."""
    if not _WORKS.search(clause):
        return frozenset()
    named = {word.lower() for word in _WORD.findall(clause)} - set(page.authors)
    named |= {name for name, words in _INSTITUTIONS.items() if words.search(clause)}
    return frozenset(
        mark for mark, place in page.places.items() if named & (_words_of(place) - _GENERAL)
    )


def _words_of(place: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(place)}


def _authors_named(clause: str, page: _FirstPage) -> Iterator[tuple[str, str]]:
    """Yield the authors of a clause, by their last names, and how it names them."""
    for word in _WORD.findall(clause):
        if fold_accents(word) in page.authors:
            yield fold_accents(word), word
    for found in _CHINESE_NAME.finditer(clause):
        if (name := _SURNAMES[found[1]]) in page.authors:
            yield name, found[0]


@lru_cache(maxsize=2)
def _read_first_page(text: str) -> _FirstPage:
    """Read who works where; of authors with one last name nothing is known."""
    authors: dict[str, frozenset[str]] = {}
    twice: set[str] = set()
    places: dict[str, str] = {}
    for found in _PLACE.finditer(text):
        if _words_of(found[2]) & _KINDS or _words_of(found[2]) & _INSTITUTIONS.keys():
            places.setdefault(found[1], " ".join(found[2].split()))
    for found in list(_AUTHOR.finditer(text))[:MOST_AUTHORS]:
        name = fold_accents(found[1].split()[-1])
        if _words_of(found[1]) & (_GENERAL | _INSTITUTIONS.keys()):
            continue
        twice |= {name} & authors.keys()
        authors[name] = frozenset(mark for mark in found[2] if mark in places)
    known = {name: marks for name, marks in authors.items() if name not in twice}
    return _FirstPage(known, places)
