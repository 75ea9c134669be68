"""Find a quote in a document, and so the page and the section that support a claim.

All that a reader sees is searched: the running text, captions, tables, footnotes, algorithms, the
front matter, and the paper's record. How a quote is compared is described in
`verify.quotes.quote_tokens` and `verify.quotes.quote_agreement`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from chatpaper.domain import Claim, Document, Figure, Paper, Section
from chatpaper.domain.text.folding import unwrap_lines
from chatpaper.domain.text.scripts import contains_unspaced
from chatpaper.summarize.verify.quotes.quote_index import QuoteIndex
from chatpaper.summarize.verify.quotes.quote_tokens import tokenize

# Shorter stretches than this are found in any paper by chance.
MIN_QUOTE_CHARACTERS = 16
MIN_QUOTE_CHARACTERS_CJK = 8
# The stretches that an ellipsis joins stand as near to each other as a long paragraph is long.
MAX_ELLIPSIS_CHARACTERS = 2_000
MIN_PIECE_CHARACTERS = 6
MAX_PIECES = 12
MAX_PLACES_OF_PIECE = 10

# No quote reaches from one of these parts into the next.
_BORDER = "\n\n\x00\n\n"
# Between the stretches of a quote of several, as the paper has them.
ELLIPSIS = " … "
_JOINT = re.compile(r"[\[(（]?(?:…+|\.\s?\.\s?\.+)[\])）]?|\n")
_OPENING, _CLOSING = "([“‘\"'（「『", ")]”’\"'）」』.!?%。！？"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands, and how it reads there."""

    page: int
    section: str
    words: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the paper that is searched, `start` being where it begins in all of the text."""

    name: str
    text: str
    page: int = 1
    section: Section | None = None
    tabular: bool = False
    start: int = 0

    def page_at(self, offset: int) -> int:
        return self.section.page_at(offset - self.start) if self.section else self.page


class QuoteFinder:
    """A document, made ready for looking up quotes."""

    def __init__(self, document: Document, paper: Paper | None = None) -> None:
        self._parts = tuple(_placed(_parts(document, paper)))
        self._starts = [part.start for part in self._parts]
        self._text = _BORDER.join(part.text for part in self._parts)
        tables = [(part.start, part.start + len(part.text)) for part in self._parts if part.tabular]
        self._index = QuoteIndex(self._text, tables)
        self._found: dict[str, Place | None] = {}

    def find(self, quote: str) -> Place | None:
        """Return where the quote stands, or None where the document does not have it."""
        if quote not in self._found:
            self._found[quote] = self._find(quote)
        return self._found[quote]

    def locate(self, claims: Sequence[Claim]) -> tuple[Claim, ...]:
        """Return the claims with page and section of their quotes, which then read as in the paper.

        A quote that was not found stays as it is, with page 0.
        """
        places = [self.find(claim.quote) for claim in claims]
        return tuple(
            replace(claim, page=place.page, section=place.section, quote=place.words)
            if place
            else replace(claim, page=0, section="")
            for claim, place in zip(claims, places, strict=True)
        )

    def _find(self, quote: str) -> Place | None:
        if _is_short(quote):
            return None
        for begin, end in self._index.stretches(quote):
            return self._place(begin, end, self._words(begin, end))
        return self._find_pieces([piece for piece in _JOINT.split(quote) if tokenize(piece)])

    def _find_pieces(self, pieces: Sequence[str]) -> Place | None:
        """Return the place of stretches that an ellipsis or a new line joins.

        They have to stand one behind the other in one part.
        """
        if not 2 <= len(pieces) <= MAX_PIECES or any(
            len(piece.strip()) < MIN_PIECE_CHARACTERS for piece in pieces
        ):
            return None
        places = [
            tuple(islice(self._index.stretches(piece), MAX_PLACES_OF_PIECE)) for piece in pieces
        ]
        for first in places[0]:
            chain = [first]
            for candidates in places[1:]:
                chain += [each for each in candidates if self._follows(each, chain[-1])][:1]
            if len(chain) == len(pieces):
                return self._place(
                    first[0], chain[-1][1], ELLIPSIS.join(self._words(*each) for each in chain)
                )
        return None

    def _follows(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        near = 0 <= one[0] - other[1] < MAX_ELLIPSIS_CHARACTERS
        return near and self._part_at(one[0]) is self._part_at(other[0])

    def _place(self, begin: int, end: int, words: str) -> Place:
        part = self._part_at(begin)
        return Place(part.page_at(begin), part.name, words)

    def _part_at(self, offset: int) -> _Part:
        return self._parts[bisect_right(self._starts, offset) - 1]

    def _words(self, begin: int, end: int) -> str:
        while begin > 0 and self._text[begin - 1] in _OPENING:
            begin -= 1
        while end < len(self._text) and self._text[end] in _CLOSING:
            end += 1
        return _readable(self._text[begin:end])


def _is_short(quote: str) -> bool:
    letters = " ".join(token.text for token in tokenize(quote))
    if contains_unspaced(letters):
        return len(letters.replace(" ", "")) < MIN_QUOTE_CHARACTERS_CJK
    return len(letters) < MIN_QUOTE_CHARACTERS


def _parts(document: Document, paper: Paper | None) -> Iterator[_Part]:
    """Return all that is searched, in the order in which a place is preferred."""
    yield _Part("Abstract", document.abstract, document.abstract_page)
    if paper is not None and paper.abstract != document.abstract:
        yield _Part("Abstract", paper.abstract, document.abstract_page)
    for section in document.sections:
        yield _Part(f"{section.number} {section.title}".strip(), section.text, section=section)
    yield from (_caption(figure) for figure in document.figures)
    yield from (
        _Part(figure.label, figure.text, figure.page, tabular=figure.kind == "table")
        for figure in document.figures
    )
    yield from (_Part(aside.kind.capitalize(), aside.text, aside.page) for aside in document.asides)
    yield _Part("Front matter", document.front_matter)
    yield _Part("Title", document.title)
    if paper is not None:
        record = (paper.title, ", ".join(paper.authors), paper.comment, paper.journal_ref)
        yield _Part("Record", "\n".join(record))


def _caption(figure: Figure) -> _Part:
    return _Part(figure.label, f"{figure.label} {figure.caption}", figure.page)


def _placed(parts: Iterator[_Part]) -> Iterator[_Part]:
    """Return the parts with something in them, each with the place where it begins."""
    start = 0
    for part in parts:
        if part.text:
            yield replace(part, start=start)
            start += len(part.text) + len(_BORDER)


def _readable(stretch: str) -> str:
    """Return a stretch of a page as one line.

    Words broken at the end of a line are joined, and ligatures become letters.
    """
    return unwrap_lines(stretch).rstrip(",;:")
