"""Names of places and persons in Chinese that a paper has in no language."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from chatpaper.domain.text.tables import load_table
from chatpaper.summarize.verify.names.institutions import find_institutions
from chatpaper.summarize.verify.names.named_terms import find_place, find_terms
from chatpaper.summarize.verify.terms import find_proper_nouns

# A paper may have the adjective instead: Sweden and Swedish, Germany and German.
LETTERS_OF_SHORT_NAME, LETTERS_OF_NAME = 4, 5
_LONGEST_SHORT_NAME = 6
# Letters with accents come out of a PDF in pieces: K¨onigsberg.
_ACCENTED = re.compile(r"[^A-Za-z]")


def find_missing_proper_nouns(sentence: str, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Find the places and persons of a sentence that none of the texts of a paper names.

    What is a part of the name of an institution or a method is judged with that.
    """
    institutions = find_institutions(sentence, ())
    wholes = [(each.start, each.end) for each in institutions if each.is_of_learning]
    wholes += [(start, start + len(term)) for start, term in find_terms(sentence)]
    for start, term, pattern in _find_known(sentence):
        if any(first <= start < end for first, end in wholes):
            continue
        # The number of an affiliation is glued to its name: 2Carnegie.
        named = re.compile(rf"(?<![A-Za-z])(?:{pattern})", re.IGNORECASE)
        if not any(term in text or named.search(text) for text in texts):
            yield start, term


def _find_known(sentence: str) -> Iterator[tuple[int, str, str]]:
    """Find the names of a sentence, each with the pattern by which a paper names it."""
    table = _load_table()
    for start, term, names in find_proper_nouns(sentence):
        patterns = [_ACCENTED.sub(".{0,2}", _cut(name)) for name in sorted(names)]
        patterns += [each[term] for each in table.values() if term in each]
        yield start, term, "|".join(patterns)
    for term, pattern in table["further"].items():
        place = find_place(term, sentence)
        if place is not None:
            yield place, term, pattern


@cache
def _load_table() -> dict[str, dict[str, str]]:
    return load_table(__package__, "lists/proper_nouns.toml", dict[str, dict[str, str]])


def _cut(name: str) -> str:
    is_short = len(name) <= _LONGEST_SHORT_NAME
    return name[: LETTERS_OF_SHORT_NAME if is_short else LETTERS_OF_NAME]
