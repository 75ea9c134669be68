"""The passages that a claim rests on.

They are the one that it quotes, what stands around it, and the figures and tables meant.
"""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from chatpaper.domain import Figure
from chatpaper.summarize.verify.names.figure_labels import find_figure, find_labels
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import Passage, Passages
from chatpaper.summarize.verify.quotes.quote_search import ELLIPSIS, Place
from chatpaper.summarize.verify.support.number_match import NumeralIndex

# So much of a quotation has to stand in a passage for it to be the passage that is quoted.
MIN_QUOTE_SIMILARITY = 88.0
# What a claim says may stand so many sentences before or behind the one that it quotes.
REACH_SENTENCES = 2
# One number stands in many tables by chance; several of a claim's that stand in one table tell that
# it is meant.
MIN_NUMBERS_OF_TABLE = 2
LEAST_TELLING_NUMBER = 11
_THANKS = re.compile(r"致谢|鸣谢|感谢|谢辞|謝辞|acknowledg|\bthanks?\b", re.IGNORECASE)
_ACKNOWLEDGEMENTS = re.compile(r"acknowledg|致谢|謝辞", re.IGNORECASE)


class FocusFinder:
    """A paper, made ready for telling what its claims rest on."""

    def __init__(
        self, passages: Passages, numerals: NumeralIndex, figures: Sequence[Figure]
    ) -> None:
        self._passages = passages.all
        self._numerals = numerals
        self._figures = figures

    def find(self, place: Place | None, text: str, stated: Sequence[Numeral]) -> frozenset[int]:
        """Return the numbers of the passages that a claim rests on whose quote stands at `place`.

        There are none without a quote. They are those that hold the quote, two sentences around it,
        the figures and tables that they, up to the quote, or the claim's `text` refer to, the
        acknowledgements if it speaks of them, and the tables that have all numbers which it states.
        """
        if place is None:
            return frozenset()
        held = [number for number, passage in enumerate(self._passages) if _holds(passage, place)]
        around = {other for number in held for other in self._around(number)}
        # A table is named before what is said of it.
        near = sorted({*held, *(number for number in around if number < max(held))}) if held else []
        labels = find_labels(
            " ".join([text, place.words, *(self._passages[number].text for number in near)])
        )
        meant = {figure.label for label in labels if (figure := find_figure(label, self._figures))}
        speaks_of_thanks = _THANKS.search(text) is not None
        referred = {
            number
            for number, passage in enumerate(self._passages)
            if passage.section in meant
            or (speaks_of_thanks and _ACKNOWLEDGEMENTS.search(passage.section))
        }
        return frozenset({*held, *around, *referred, *self._tables_with(stated)})

    def _around(self, number: int) -> Iterator[int]:
        section = self._passages[number].section
        for other in range(
            max(0, number - REACH_SENTENCES), min(len(self._passages), number + REACH_SENTENCES + 1)
        ):
            if self._passages[other].section == section:
                yield other

    def _tables_with(self, stated: Sequence[Numeral]) -> set[int]:
        telling = [
            each for each in stated if "." in each.text or each.value >= LEAST_TELLING_NUMBER
        ]
        if len({each.value for each in telling}) < MIN_NUMBERS_OF_TABLE:
            return set()
        tables = (
            {n for n in self._numerals.holders(each) if self._passages[n].tabular}
            for each in telling
        )
        return set.intersection(*tables)


def _holds(passage: Passage, place: Place) -> bool:
    if passage.section != place.section:
        return False
    text = " ".join(passage.text.split())
    return any(_is_in(piece, text) for piece in place.words.split(ELLIPSIS))


def _is_in(words: str, text: str) -> bool:
    shorter, longer = sorted((text, words), key=len)
    return fuzz.partial_ratio(shorter, longer, score_cutoff=MIN_QUOTE_SIMILARITY) > 0
