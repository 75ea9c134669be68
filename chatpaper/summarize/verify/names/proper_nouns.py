"""Names of places and persons in Chinese that a paper has in no language."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.summarize.verify.terms import find_proper_nouns

# A paper may have the adjective instead: Sweden and Swedish, Germany and German.
LETTERS_OF_SHORT_NAME, LETTERS_OF_NAME = 4, 5
_LONGEST_SHORT_NAME = 6
# Letters with accents come out of a PDF in pieces: K¨onigsberg.
_ACCENTED = re.compile(r"[^A-Za-z]")


def find_missing_proper_nouns(sentence: str, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Find the places and persons of a sentence that none of the texts of a paper names."""
    for start, term, names in find_proper_nouns(sentence):
        pattern = "|".join(_ACCENTED.sub(".{0,2}", _cut(name)) for name in sorted(names))
        named = re.compile(rf"\b(?:{pattern})", re.IGNORECASE)
        if not any(term in text or named.search(text) for text in texts):
            yield start, term


def _cut(name: str) -> str:
    is_short = len(name) <= _LONGEST_SHORT_NAME
    return name[: LETTERS_OF_SHORT_NAME if is_short else LETTERS_OF_NAME]
