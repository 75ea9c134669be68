"""What the bibliography says of the works that a statement speaks of."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from anyascii import anyascii

from chatpaper.domain import Document
from chatpaper.domain.text.scripts import LATIN
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.claims.claim import MAX_SNIPPET_CHARACTERS, CheckedClaim
from chatpaper.summarize.verify.names.names import find_names

SECTION = "References"
# Whoever wrote a work stands at the beginning of its entry, before year and title.
MOST_CHARACTERS_OF_AUTHORS = 300
# Of shorter names many are words of titles, and all are found by chance.
LEAST_LETTERS_OF_NAME = 3

# Lanphear et al. (2005), DPO（Rafailov 等，2023）, Clayton ら（2022）, Yang 和 Hu（2021）.
SURNAME = rf"[A-ZÀ-Þ][{LATIN}'’-]+"
_NAMES_AND_YEAR = re.compile(
    rf"(?P<names>{SURNAME}(?:(?: and | & | ?[与和] ?| ?と ?){SURNAME})?)"
    r"(?: et al\.?,?| ?等人?| ?ら)?[,，]? ?(?:[（(]|(?<=[,，])|(?<=[,，] ))"
    r"(?P<year>(?:19|20)\d\d)[a-f]?[)）]"
)
# Between the names of a work and its year stand others' names at most.
_REACH_OF_CITATION = 60
_CITING = re.compile(load_word_tables(__name__).join("citing"), re.IGNORECASE)
_NUMBER = re.compile(r"\[?(\d{1,3})[\].]\s")
_NUMBERS = re.compile(r"\[(\d{1,3}(?:\s?[,，、–-]\s?\d{1,3})*)\]")
_YEAR = re.compile(r"(?:19|20)\d\d[a-f]?\b")
_NAME_AND_YEAR = re.compile(r"\b([A-Z][a-z][A-Za-z-]+)\s?[(（]?((?:19|20)\d\d)(?!\d)")
# A title begins behind a full stop that ends no initial ("T. Tanaka. Distributed synthesis"), or
# one behind a family name ("Brand, P.: On machines", "Wood B. Herons").
_TITLE = re.compile(r"(?<=[^\W\d_]{2})[.:]\s|\.:\s|(?<=[a-z] [A-Z])(?<!\band [A-Z])\.\s|[“\"”]")


class CitedWorks:
    """The bibliography of a paper, made ready for looking up works that statements cite."""

    def __init__(self, document: Document, paper_text: str) -> None:
        self._paper_text = paper_text
        self._page = document.references.page
        self._entries = [" ".join(entry.split()) for entry in document.bibliography]
        self._numbered = {
            found[1]: entry for entry in self._entries if (found := _NUMBER.match(entry))
        }
        self._authors = [_cut_authors(entry) for entry in self._entries]

    def replace_years(
        self, claims: Iterable[tuple[int, CheckedClaim]], sentence: str
    ) -> list[tuple[int, CheckedClaim]]:
        """Return the claims of a sentence, with the wrong years of works as not supported.

        Each comes with its place.
        """
        wrong = dict(self._find_wrong_years(sentence))
        others = [(start, claim) for start, claim in claims if start not in wrong]
        years = [
            (start, CheckedClaim("numeral", year, 0, supported=False))
            for start, year in wrong.items()
        ]
        return [*others, *years]

    def _find_wrong_years(self, sentence: str) -> Iterator[tuple[int, str]]:
        """Find the years that a sentence gives works, and the paper no work of these authors.

        Works by others of the same names are counted as theirs.
        """
        for cited in _NAMES_AND_YEAR.finditer(sentence):
            names = [_as_word(name) for name in re.findall(SURNAME, cited["names"])]
            entries = [
                entry
                for entry, authors in zip(self._entries, self._authors, strict=True)
                if all(name.search(authors) for name in names)
            ]
            years = {year[:4] for entry in entries for year in _YEAR.findall(entry)}
            if years and cited["year"] not in years and not _cites(self._paper_text, cited):
                yield cited.start("year"), cited["year"]

    def support(self, claim: CheckedClaim, sentence: str) -> CheckedClaim:
        """Return the claim as supported where a work that the sentence cites has it in its entry.

        That holds for names and years alone, of which a paper often says no more than that. A name
        with the year behind it cites a work: Tanaka 2019.
        """
        if claim.supported or not (claim.kind == "name" or _YEAR.fullmatch(claim.value)):
            return claim
        cited = self._find_cited(sentence) if _CITING.search(sentence) else ()
        entries = (*cited, *self._find_named(claim.value, sentence))
        wanted = _as_word(claim.value)
        entry = next((each for each in entries if wanted.search(anyascii(each))), None)
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

    def _find_named(self, value: str, sentence: str) -> Sequence[str]:
        """Return the entries of someone's work of a year that stands behind the name."""
        return [
            entry
            for name, year in _NAME_AND_YEAR.findall(sentence)
            if value in (name, year)
            for entry, authors in zip(self._entries, self._authors, strict=True)
            if year in entry and _as_word(name).search(authors)
        ]

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


def _cites(text: str, cited: re.Match[str]) -> bool:
    """Tell whether a text has the names and behind them the year."""
    first = re.escape(re.findall(SURNAME, cited["names"])[0])
    return bool(
        re.search(rf"\b{first}\b[^.;]{{0,{_REACH_OF_CITATION}}}?\b{cited['year']}", text)
        or re.search(rf"\b{first} et al\.[^;]{{0,{_REACH_OF_CITATION}}}?\b{cited['year']}", text)
    )


def _cut_authors(entry: str) -> str:
    """Return the beginning of an entry, up to its year or its title."""
    words = _NUMBER.sub("", entry[:MOST_CHARACTERS_OF_AUTHORS], count=1).strip()
    ends = [found.start() for pattern in (_YEAR, _TITLE) if (found := pattern.search(words))]
    return anyascii(words[: min(ends, default=len(words))])


def _as_word(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(anyascii(name))}\b", re.IGNORECASE)
