"""What the bibliography says of the works that a statement speaks of."""

import re
from collections.abc import Sequence
from dataclasses import replace

from anyascii import anyascii

from chatpaper.domain import Document
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.claims.claim import MAX_SNIPPET_CHARACTERS, CheckedClaim
from chatpaper.summarize.verify.names.names import find_names

SECTION = "References"
# Whoever wrote a work stands at the beginning of its entry, before year and title.
MOST_CHARACTERS_OF_AUTHORS = 300
# Of shorter names many are words of titles, and all are found by chance.
LEAST_LETTERS_OF_NAME = 3

_CITING = re.compile(load_word_tables(__name__).join("citing"), re.IGNORECASE)
_NUMBER = re.compile(r"\[?(\d{1,3})[\].]\s")
_NUMBERS = re.compile(r"\[(\d{1,3}(?:\s?[,，、–-]\s?\d{1,3})*)\]")
_YEAR = re.compile(r"(?:19|20)\d\d[a-f]?\b")
# A title begins behind a full stop that ends no initial ("T. Tanaka. Distributed synthesis"), or
# one behind a family name ("Brand, P.: On machines", "Wood B. Herons").
_TITLE = re.compile(r"(?<=[^\W\d_]{2})[.:]\s|\.:\s|(?<=[a-z] [A-Z])(?<!\band [A-Z])\.\s|[“\"”]")


class CitedWorks:
    """The bibliography of a paper, made ready for looking up works that statements cite."""

    def __init__(self, document: Document) -> None:
        self._page = document.references.page
        self._entries = [" ".join(entry.split()) for entry in document.bibliography]
        self._numbered = {
            found[1]: entry for entry in self._entries if (found := _NUMBER.match(entry))
        }
        self._authors = [_cut_authors(entry) for entry in self._entries]

    def support(self, claim: CheckedClaim, sentence: str) -> CheckedClaim:
        """Return the claim as supported where a work that the sentence cites has it in its entry.

        That holds for names and years alone, of which a paper often says no more than that.
        """
        if claim.supported or not (claim.kind == "name" or _YEAR.fullmatch(claim.value)):
            return claim
        if not _CITING.search(sentence):
            return claim
        wanted = _as_word(claim.value)
        entry = next(
            (each for each in self._find_cited(sentence) if wanted.search(anyascii(each))), None
        )
        if entry is None:
            return claim
        snippet = entry[:MAX_SNIPPET_CHARACTERS]
        return replace(
            claim,
            supported=True,
            page=self._page,
            section=SECTION,
            snippet=snippet,
            nearness="elsewhere",
        )

    def _find_cited(self, sentence: str) -> Sequence[str]:
        """Return the entries that a sentence names by their number or by one of their authors."""
        numbers = [
            number
            for numbers in _NUMBERS.findall(sentence)
            for number in re.findall(r"\d+", numbers)
        ]
        by_number = [self._numbered[number] for number in numbers if number in self._numbered]
        names = [
            _as_word(name.text)
            for name in find_names(sentence)
            if len(name.text) >= LEAST_LETTERS_OF_NAME
        ]
        by_author = [
            entry
            for entry, authors in zip(self._entries, self._authors, strict=True)
            if any(name.search(authors) for name in names)
        ]
        return [*by_number, *by_author]


def _cut_authors(entry: str) -> str:
    """Return the beginning of an entry, up to its year or its title."""
    words = _NUMBER.sub("", entry[:MOST_CHARACTERS_OF_AUTHORS], count=1).strip()
    ends = [found.start() for pattern in (_YEAR, _TITLE) if (found := pattern.search(words))]
    return anyascii(words[: min(ends, default=len(words))])


def _as_word(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(anyascii(name))}\b", re.IGNORECASE)
