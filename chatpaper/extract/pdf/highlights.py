"""Find a passage on a page word by word, so that it can be highlighted there.

Both sides are reduced to letters and digits without spaces, so that hyphenation, ligatures and the
ends of lines and columns make no difference. Pure: words come in with their boxes.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, groupby

from rapidfuzz import fuzz

from chatpaper.domain import BBox
from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.scripts import contains_unspaced
from chatpaper.extract.boxes import enclose

# A misread formula, a word broken by a figure: as much as evidence may differ from its quote.
MIN_SIMILARITY = 88.0
# Of a passage that continues on the next page or around a figure, the longest stretch is shown;
# shorter ones are chance.
MIN_STRETCH_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class PageWord:
    """A word of a page, and the (block, line) that it is in."""

    bbox: BBox
    text: str
    line: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page or a part of it as PNG, its size in points, and the boxes marked on the page.

    These are the boxes of the passage and of the value in it.
    """

    png: bytes
    width: float
    height: float
    passage: tuple[BBox, ...] = ()
    value: tuple[BBox, ...] = ()


class PageText:
    """The words of a page, prepared for looking up passages."""

    def __init__(self, words: Sequence[PageWord]) -> None:
        reduced = [(word, _fold(word.text)) for word in words]
        self._words = tuple(word for word, text in reduced if text)
        texts = [text for _, text in reduced if text]
        self._text = "".join(texts)
        self._starts = tuple(accumulate((len(text) for text in texts), initial=0))

    def find_passage(self, passage: str) -> range:
        """Find the indices of the words of a passage; an empty range if the page does not have it.

        A passage that continues beyond the page, or around a figure, is found by its longest
        stretch.
        """
        wanted = _fold(passage)
        if not wanted or not self._words:
            return range(0)
        start = self._text.find(wanted)
        if start >= 0:
            return self._locate_words(start, start + len(wanted))
        if len(wanted) < len(self._text):
            found = fuzz.partial_ratio_alignment(wanted, self._text, score_cutoff=MIN_SIMILARITY)
            if found is not None:
                return self._locate_words(found.dest_start, found.dest_end)
        same = SequenceMatcher(None, wanted, self._text, autojunk=False).find_longest_match()
        return (
            self._locate_words(same.b, same.b + same.size)
            if same.size >= MIN_STRETCH_CHARACTERS
            else range(0)
        )

    def find_value(self, value: str, within: range) -> tuple[range, ...]:
        """Find the occurrences of a number or name as whole words, within a range of words.

        An empty range stands for the whole page.
        """
        wanted = _fold(value)
        stretches = (
            [self._locate_words(start, start + len(wanted)) for start in self._find_whole(wanted)]
            if wanted
            else []
        )
        return tuple(
            found
            for found in stretches
            if not within or (found[0] in within and found[-1] in within)
        )

    def list_line_boxes(self, stretch: range) -> tuple[BBox, ...]:
        """List a box for each line of a range of words."""
        words = [self._words[number] for number in stretch]
        return tuple(
            enclose(word.bbox for word in line)
            for _, line in groupby(words, key=lambda word: word.line)
        )

    def list_block_boxes(self, stretch: range) -> tuple[BBox, ...]:
        """List the boxes of the blocks, such as paragraphs, that have words of a range."""
        touched = dict.fromkeys(self._words[number].line[0] for number in stretch)
        return tuple(
            enclose(word.bbox for word in self._words if word.line[0] == block) for block in touched
        )

    def _find_whole(self, wanted: str) -> Iterator[int]:
        """Find where the wanted text stands between word boundaries; Chinese text has none."""
        borders = frozenset(self._starts)
        anywhere = contains_unspaced(wanted)
        for match in re.finditer(f"(?={re.escape(wanted)})", self._text):
            start = match.start()
            if anywhere or (start in borders and start + len(wanted) in borders):
                yield start

    def _locate_words(self, start: int, end: int) -> range:
        first = bisect_right(self._starts, start) - 1
        last = bisect_left(self._starts, end)
        return range(first, min(last, len(self._words)))


def _fold(text: str) -> str:
    """Keep letters, digits and the points of decimal numbers."""
    return fold_accents(text, keep_points=True)
