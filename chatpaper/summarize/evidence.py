"""Finds a quote in a document, and so the page and the section that support a claim.

Both sides are reduced to letters and digits first, so that hyphenation, ligatures, line breaks, punctuation and
citation marks make no difference; what is left may differ by a few characters.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from rapidfuzz import fuzz

from chatpaper.domain import Claim, Document, Section

# Shorter stretches than this are found in any paper by chance.
MIN_QUOTE_CHARACTERS = 16
MIN_QUOTE_CHARACTERS_CJK = 8

# Of a quote of 80 characters, five may differ: a formula read otherwise, a word broken by a figure.
MIN_SIMILARITY = 92.0

_CITATION = re.compile(r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
# A stretch between white space; a hyphen also joins what follows it on the next line. Where Chinese and Japanese have
# spaces is a matter of typesetting: each of their characters is a word.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]"
    r"|(?:[^\s\u3040-\u30ff\u3400-\u9fff]*[-‐‑\u00ad]\s+(?=\w))*[^\s\u3040-\u30ff\u3400-\u9fff]+"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands, and how it reads there."""

    page: int
    section: str
    words: str


class _Word(NamedTuple):
    """A word reduced to letters and digits, and the stretch of the text that it was."""

    reduced: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Passage:
    name: str
    original: str
    words: tuple[_Word, ...]
    text: str  # the reduced words, with a space between two
    offsets: tuple[int, ...]  # where each word begins in `text`
    section: Section | None
    page: int

    def place(self, start: int, end: int) -> Place:
        """The place of the characters from `start` to `end` of the reduced text, in whole words.

        A word belongs to it with at least half of its letters: an alignment may touch the words around it.
        """
        centres = [offset + len(word.reduced) / 2 for offset, word in zip(self.offsets, self.words, strict=True)]
        first = min(bisect_left(centres, start), len(centres) - 1)
        last = max(first, bisect_right(centres, end) - 1)
        stretch = self.original[self.words[first].start : self.words[last].end]
        page = self.section.page_at(self.words[first].start) if self.section else self.page
        return Place(page, self.name, _readable(stretch))


class QuoteFinder:
    """A document, made ready for looking up quotes."""

    def __init__(self, document: Document, abstract: str = "") -> None:
        passages = [_passage("Abstract", text, page=document.abstract_page) for text in (document.abstract, abstract)]
        passages += [_passage(_name_of(section), section.text, section=section) for section in document.sections]
        passages += [_passage(figure.label, figure.caption, page=figure.page) for figure in document.figures]
        self._passages = [passage for passage in passages if passage.text]

    def find(self, quote: str) -> Place | None:
        """Where the quote stands, or None where the document does not have it."""
        wanted = " ".join(word.reduced for word in reduced_words(quote))
        if _CJK.search(wanted):
            is_short = len(wanted.replace(" ", "")) < MIN_QUOTE_CHARACTERS_CJK
        else:
            is_short = len(wanted) < MIN_QUOTE_CHARACTERS
        if is_short:
            return None
        for passage in self._passages:
            start = f" {passage.text} ".find(f" {wanted} ")
            if start >= 0:
                return passage.place(start, start + len(wanted))
        return self._find_similar(wanted)

    def locate(self, claims: Sequence[Claim]) -> tuple[Claim, ...]:
        """The claims with page and section of their quotes, which then read as in the paper.

        A quote that was not found stays as it is, with page 0.
        """
        places = [self.find(claim.quote) for claim in claims]
        return tuple(
            replace(claim, page=place.page, section=place.section, quote=place.words)
            if place
            else replace(claim, page=0, section="")
            for claim, place in zip(claims, places, strict=True)
        )

    def _find_similar(self, wanted: str) -> Place | None:
        best, best_place = MIN_SIMILARITY, None
        for passage in self._passages:
            if len(passage.text) < len(wanted):
                continue
            alignment = fuzz.partial_ratio_alignment(wanted, passage.text, score_cutoff=best)
            if alignment is None or (best_place and alignment.score <= best):
                continue
            if _same_numerals(wanted, _whole_words(passage.text, alignment.dest_start, alignment.dest_end)):
                best, best_place = alignment.score, passage.place(alignment.dest_start, alignment.dest_end)
        return best_place


def reduced_words(text: str) -> list[_Word]:
    """The words of a text in lower case letters and digits alone, each with its place in the text."""
    blanked = _CITATION.sub(lambda match: " " * len(match[0]), text)
    words = []
    for match in _WORD.finditer(blanked):
        if match[0].isascii() and match[0].isalnum():
            reduced = match[0].lower()
        else:
            folded = unicodedata.normalize("NFKC", match[0]).casefold()
            reduced = "".join(filter(str.isalnum, folded))
        if reduced:
            words.append(_Word(reduced, *match.span()))
    return words


def _passage(name: str, text: str, *, page: int = 1, section: Section | None = None) -> _Passage:
    words = reduced_words(text)
    offsets = accumulate((len(word.reduced) + 1 for word in words), initial=0)
    return _Passage(
        name=name,
        original=text,
        words=tuple(words),
        text=" ".join(word.reduced for word in words),
        offsets=tuple(offsets)[:-1],
        section=section,
        page=page,
    )


def _readable(stretch: str) -> str:
    """A stretch of a page as one line: words broken at the end of a line are joined, ligatures are letters."""
    joined = re.sub(r"(?<=[a-z])[-‐\u00ad]\s*\n\s*(?=[a-z])", "", stretch)
    letters = re.sub(r"[\ufb00-\ufb06]", lambda match: unicodedata.normalize("NFKC", match[0]), joined)
    return " ".join(letters.split()).rstrip(",;:")


def _name_of(section: Section) -> str:
    return f"{section.number} {section.title}".strip()


def _whole_words(text: str, start: int, end: int) -> str:
    """The stretch, widened to whole words, so that half a numeral is never taken for a numeral."""
    first = text.rfind(" ", 0, start + 1) + 1
    last = text.find(" ", max(end - 1, 0))
    return text[first : last if last >= 0 else len(text)]


def _same_numerals(quote: str, stretch: str) -> bool:
    """Whether every numeral of the quote stands in the stretch: one digit is a small but never a harmless change."""
    return not Counter(re.findall(r"\d+", quote)) - Counter(re.findall(r"\d+", stretch))
