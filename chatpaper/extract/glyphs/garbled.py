"""Letters to which a file gives no meaning, or a wrong one: visible, but not readable as text.

Nothing is known of such a font but its text. A font without a map gives glyph ids, many of which
are no characters; a wrong map gives letters in an order that no language has. Fonts are judged on
each page by itself, since merged files have many fonts of one name.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, reduce

from chatpaper.domain import GarbledText
from chatpaper.domain.text.meaning import REPLACEMENT, is_meaningless
from chatpaper.extract.font_names import is_math_font, is_mono_font
from chatpaper.extract.page import Line, PdfContent, Span

# Symbols stand by themselves; this many characters without a space are words.
_RUN = re.compile(r"\S{4,}")
# Runs of fewer different characters are rules and bars of roots, drawn by repeating one glyph.
_LEAST_ALPHABET = 6
_SMALL_LETTERS = re.compile("[a-z]{2,}")
# A font is judged by this many characters in runs; by fewer only if hardly any have a meaning.
_LEAST_CHARACTERS, _FEWEST_CHARACTERS = 60, 8
_MEANINGLESS_SHARE, _MEANINGLESS_SHARE_OF_FEW = 0.2, 0.4
# Damaged characters; below these limits only the meaningless ones are masked.
_DAMAGED_SHARE, _LEAST_DAMAGED, _FEWEST_DAMAGED = 0.12, 30, 12
# Fonts that put their ligatures into the private use area damage some words; no more than these can
# be there.
_MOST_LIGATURES = 8
# The commonest letter pairs of European languages make up 45 to 75 % of the pairs on pages of
# papers (of 1,139 fonts on pages of 44 papers the least was 38 %), and some 12 % if letters are
# exchanged for others.
_COMMON_PAIRS = frozenset(
    re.findall(
        "[a-z]{2}",
        "th he in er re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io "
        "le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur la an et em el ss di "
        "qu ei ie ge sc un ta da do os us ec ns ca no pr pe tr lo ac po il ee mo tu ul mi ",
    )
)
_LEAST_PAIRS, _LEAST_COMMON_SHARE = 150, 0.22
# A paper has some thousand different words, most of them on many pages.
_WORDS_KEPT = 16_384
# Old encodings of Cyrillic and Greek are misread as these; no language has as many of them.
_WESTERN_ACCENTED = re.compile("[\u00c0-\u00ff]")
_ACCENTED_SHARE = 0.5
# From this share on the rest of a document is not its text.
_WHOLLY_GARBLED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _TextCounts:
    """Counts in the text of a font: characters in runs, and pairs of small letters.

    A run is a word of four characters or more; `damaged` characters are in runs that mix letters
    with characters without meaning.
    """

    characters: int = 0
    meaningless: int = 0
    letters: int = 0
    accented: int = 0
    damaged: int = 0
    pairs: int = 0
    common: int = 0

    def __add__(self, other: "_TextCounts") -> "_TextCounts":
        return _TextCounts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def is_garbled(self) -> bool | None:
        """Tell whether this is not text; None if there is too little to decide."""
        if self.characters < _LEAST_CHARACTERS:
            few = self.characters >= _FEWEST_CHARACTERS
            return (
                True
                if few and self.meaningless >= _MEANINGLESS_SHARE_OF_FEW * self.characters
                else None
            )
        return (
            self.meaningless >= _MEANINGLESS_SHARE * self.characters
            or self.damaged >= max(_LEAST_DAMAGED, _DAMAGED_SHARE * self.characters)
            or self.accented >= _ACCENTED_SHARE * max(1, self.letters)
            or (self.pairs >= _LEAST_PAIRS and self.common < _LEAST_COMMON_SHARE * self.pairs)
        )


def mask_garbled(content: PdfContent) -> tuple[PdfContent, tuple[GarbledText, ...], bool]:
    """Replace letters without meaning by U+FFFD.

    Returns the content, the garbled text by font, and whether it is most of the text: then all text
    is dropped, since what remains is not the text of the document.
    """
    tallies = _count_by_font_and_page(content)
    garbled = _find_garbled(tallies)
    damaged = {
        place for place, tally in tallies.items() if tally.damaged >= _FEWEST_DAMAGED
    } - garbled
    if not garbled and not damaged:
        return content, (), False
    lost = sum(tallies[place].characters for place in garbled)
    whole = sum(tally.characters for tally in tallies.values())
    is_wholly = lost >= _WHOLLY_GARBLED_SHARE * whole
    pages = tuple(
        replace(
            page,
            lines=()
            if is_wholly
            else tuple(_mask_lines(page.lines, garbled, damaged, page.number)),
        )
        for page in content.pages
    )
    counts = {place: tallies[place].characters for place in garbled} | {
        place: tallies[place].meaningless for place in damaged
    }
    return replace(content, pages=pages), _group_by_font(counts), is_wholly


_Place = tuple[str, int]


def _count_by_font_and_page(content: PdfContent) -> Mapping[_Place, _TextCounts]:
    """Count by font and page; fonts of symbols have no words, and code has no prose."""
    texts: defaultdict[_Place, list[str]] = defaultdict(list)
    for page in content.pages:
        for line in page.lines:
            for span in line.spans:
                if not is_math_font(span.font):
                    texts[span.font, page.number].append(span.text)
    return {
        place: _count("\n".join(parts), has_prose=not is_mono_font(place[0]))
        for place, parts in texts.items()
    }


def _count(text: str, *, has_prose: bool) -> _TextCounts:
    runs = _RUN.findall(text)
    joined = "".join(runs)
    signs = Counter(joined)
    if len(signs) < _LEAST_ALPHABET:
        return _TextCounts()
    is_plain = joined.isascii() and joined.isprintable()
    meaningless = set() if is_plain else {sign for sign in signs if is_meaningless(sign)}
    words = _count_words(text) if has_prose else Counter[str]()
    return _TextCounts(
        characters=len(joined),
        meaningless=sum(signs[sign] for sign in meaningless),
        letters=sum(count for sign, count in signs.items() if sign.isalpha()),
        accented=0 if joined.isascii() else len(_WESTERN_ACCENTED.findall(joined)),
        damaged=_count_damaged(runs, meaningless) if meaningless else 0,
        pairs=sum(count * (len(word) - 1) for word, count in words.items()),
        common=sum(count * _count_common_pairs(word) for word, count in words.items()),
    )


def _count_damaged(runs: Iterable[str], meaningless: set[str]) -> int:
    """Count the characters of runs that mix letters with meaningless signs other than ligatures."""
    private = {sign for sign in meaningless if unicodedata.category(sign) == "Co"}
    spared = private if len(private) <= _MOST_LIGATURES else set()
    damaging = meaningless - spared
    return sum(
        len(run) for run in runs if not damaging.isdisjoint(run) and any(map(str.isalnum, run))
    )


def _count_words(text: str) -> Counter[str]:
    """Count the runs of small letters, accents left out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        accents = [ord(sign) for sign in set(text) if unicodedata.combining(sign)]
        text = text.translate(dict.fromkeys(accents))
    return Counter(_SMALL_LETTERS.findall(text))


@lru_cache(_WORDS_KEPT)
def _count_common_pairs(word: str) -> int:
    return sum(word[start : start + 2] in _COMMON_PAIRS for start in range(len(word) - 1))


def _find_garbled(tallies: Mapping[_Place, _TextCounts]) -> set[_Place]:
    """Find the garbled (font, page) pairs; a page with too little text is judged by all pages."""
    by_font: defaultdict[str, list[_TextCounts]] = defaultdict(list)
    for (font, _), tally in tallies.items():
        by_font[font].append(tally)
    whole = {font: reduce(_TextCounts.__add__, each).is_garbled() for font, each in by_font.items()}
    verdicts = {place: tally.is_garbled() for place, tally in tallies.items()}
    return {
        place
        for place, verdict in verdicts.items()
        if tallies[place].characters and (verdict or (verdict is None and whole[place[0]]))
    }


def _mask_lines(
    lines: Iterable[Line], garbled: set[_Place], damaged: set[_Place], page: int
) -> Iterable[Line]:
    """Replace what means nothing by U+FFFD, which keeps its room, above all in figures."""
    for line in lines:
        spans = tuple(
            _mask_span(span, wholly=(span.font, page) in garbled)
            if (span.font, page) in garbled or (span.font, page) in damaged
            else span
            for span in line.spans
        )
        yield line if spans == line.spans else replace(line, spans=spans)


def _mask_span(span: Span, *, wholly: bool) -> Span:
    text = "".join(
        REPLACEMENT if not each.isspace() and (wholly or is_meaningless(each)) else each
        for each in span.text
    )
    return replace(span, text=text)


def _group_by_font(counts: Mapping[_Place, int]) -> tuple[GarbledText, ...]:
    pages: defaultdict[str, list[int]] = defaultdict(list)
    for font, page in sorted(counts):
        pages[font].append(page)
    return tuple(
        GarbledText(font, tuple(numbers), sum(counts[font, page] for page in numbers))
        for font, numbers in pages.items()
    )
