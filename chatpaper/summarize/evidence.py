"""Finds a quote in a document, and so the page and the section that support a claim.

Both sides are reduced to letters and digits first, so that hyphenation, ligatures, line breaks, punctuation and
citation marks make no difference; what is left may differ by a few characters.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from chatpaper.domain import Claim, Document, Section

# Shorter stretches than this are found in any paper by chance.
MIN_QUOTE_CHARACTERS = 16
MIN_QUOTE_CHARACTERS_CJK = 8

# Of a quote of 80 characters, five may differ: a formula read otherwise, a word broken by a figure.
MIN_SIMILARITY = 92.0

_CITATION = re.compile(r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
_HYPHENS = re.compile(r"[-‐‑­–—−]\s*")
_CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands."""

    page: int
    section: str


@dataclass(frozen=True, slots=True)
class _Passage:
    name: str
    text: str
    starts: tuple[int, ...]  # offsets of the original text, one for each word of `text`
    word_offsets: tuple[int, ...]  # where each word begins in `text`
    section: Section | None
    page: int

    def place(self, offset: int) -> Place:
        """The place of the character at `offset` of the reduced text."""
        if self.section is None:
            return Place(self.page, self.name)
        word = max(0, bisect_right(self.word_offsets, offset) - 1)
        return Place(self.section.page_at(self.starts[word]), self.name)


class QuoteFinder:
    """A document, made ready for looking up quotes."""

    def __init__(self, document: Document, abstract: str = "") -> None:
        passages = [_passage("Abstract", text, page=document.abstract_page) for text in (document.abstract, abstract)]
        passages += [_passage(_name_of(section), section.text, section=section) for section in document.sections]
        passages += [_passage(figure.label, figure.caption, page=figure.page) for figure in document.figures]
        self._passages = [passage for passage in passages if passage.text]

    def find(self, quote: str) -> Place | None:
        """Where the quote stands, or None where the document does not have it."""
        wanted = " ".join(word for word, _ in reduced_words(quote))
        if len(wanted) < (MIN_QUOTE_CHARACTERS_CJK if _CJK.search(wanted) else MIN_QUOTE_CHARACTERS):
            return None
        for passage in self._passages:
            offset = f" {passage.text} ".find(f" {wanted} ")
            if offset >= 0:
                return passage.place(offset)
        return self._find_similar(wanted)

    def locate(self, claims: Sequence[Claim]) -> tuple[Claim, ...]:
        """The claims with page and section of their quotes; page 0 where a quote was not found."""
        places = [self.find(claim.quote) for claim in claims]
        return tuple(
            replace(claim, page=place.page, section=place.section) if place else replace(claim, page=0, section="")
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
            stretch = _whole_words(passage.text, alignment.dest_start, alignment.dest_end)
            if _same_numerals(wanted, stretch):
                best, best_place = alignment.score, passage.place(alignment.dest_start)
        return best_place


def reduced_words(text: str) -> list[tuple[str, int]]:
    """The words of a text in lower case letters and digits alone, each with its offset in the text."""
    blanked = _CITATION.sub(lambda match: " " * len(match[0]), text)
    words = []
    for start, end in _word_spans(blanked):
        folded = unicodedata.normalize("NFKC", _HYPHENS.sub("", blanked[start:end])).casefold()
        word = "".join(character for character in folded if character.isalnum())
        if word:
            words.append((word, start))
    return words


def _word_spans(text: str) -> list[tuple[int, int]]:
    """Stretches between white space; a hyphen joins what follows it, also on the next line."""
    return [match.span() for match in re.finditer(r"(?:[^\s]*?[-‐‑­]\s*(?=\w))*\S+", text)]


def _passage(name: str, text: str, *, page: int = 1, section: Section | None = None) -> _Passage:
    words = reduced_words(text)
    offsets, position = [], 0
    for word, _ in words:
        offsets.append(position)
        position += len(word) + 1
    return _Passage(
        name=name,
        text=" ".join(word for word, _ in words),
        starts=tuple(start for _, start in words),
        word_offsets=tuple(offsets),
        section=section,
        page=page,
    )


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
