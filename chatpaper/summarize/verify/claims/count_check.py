"""Counts that the paper gives otherwise: 12 rollouts where it speaks of 8 rollouts.

A count says of what it is by the words behind it. It is another than the paper's where no passage
that has the number speaks of these things, while the passage that is most like the sentence has
another number right before them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from chatpaper.domain.text.scripts import HAN, contains_unspaced
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.numbers.number_words import (
    find_chinese_numbers,
    find_measured_words,
    is_cardinal,
)
from chatpaper.summarize.verify.numbers.numeral import Numeral, may_be_year
from chatpaper.summarize.verify.passages import Passages, find_nearest
from chatpaper.summarize.verify.support.derivation import Setting
from chatpaper.summarize.verify.support.number_match import NO_NOUNS, NumeralIndex, match
from chatpaper.summarize.verify.terms import Terms, extract_stems, extract_terms, stem_word

# The ones of everyday words count nothing.
LEAST_COUNT = 2
# What is counted stands so far behind its number, in a paper in so many words.
REACH_BEHIND = 20
_COUNTED_IN_PAPER = re.compile(r"[ \-\n]?((?:[A-Za-z’'-]{1,30}[ \n]?){1,4})")
_COUNTED_END = re.compile(r"[,.;:()，。；：（）、\d]|\band\b|[并且与和及或在由从是为有时后前中]")
_OF = re.compile(rf"(?<=[{HAN}])的")
# What is counted may stand before its number where nothing follows: 检测器的配置共有八种，.
_NOTHING_BEHIND = re.compile(r"\s?[个種种条條项項类類](?=[，。；,;（(]|\Z)")
_COUNTED_BEFORE = re.compile(
    rf"([{HAN}]{{1,10}}?)(?:一共|总共|共计|总计|共)?(?:有|为|分为|分)\s?\Z"
)
# Words that tell how many there are of what has a number; others count what the writer sees.
_COUNTER = re.compile(r"\s?[个個種种条條项項类類层層级級组組维維]")
# Some of them are not all.
_SOME = re.compile(r"\b(?:first|last|other|remaining|next|another|further|top|these|those)\s\Z")
# So much of what is counted has another count right before it.
LEAST_SHARE_OF_THING = 0.5

_TABLES = load_word_tables(__name__)
_BEFORE_KIND = r"\s?(?:[余多]\s?)?(?:[个個名位条條张張篇首份本件]\s?|[a-z]+[ -])?"
_WORD_GOES_ON = "[夹界对集组群名数率型式化间级流本体]|[A-Za-z]"
_KINDS = tuple(
    (
        frozenset(map(stem_word, names.split())),
        re.compile(f"{_BEFORE_KIND}(?:{'|'.join(words)})(?!{_WORD_GOES_ON})"),
    )
    for names, words in _TABLES.get_rows("kinds").items()
)

Thing = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Count:
    """A number that the text of a paper prints before words, and the stems of these."""

    passage: int
    numeral: Numeral
    things: frozenset[str]


class CountCheck:
    """A paper, made ready for telling what it counts otherwise than a sentence."""

    def __init__(self, passages: Passages, numerals: NumeralIndex) -> None:
        self._passages, self._numerals = passages, numerals
        self._counts = tuple(_find_counts(passages))

    def is_told_otherwise(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether the paper has another count of what a sentence counts, and not this one."""
        if self._counts_another_kind(numeral, setting):
            return True
        thing = find_thing(numeral, setting.sentence) if _may_count(numeral) else ()
        supports = self._numerals.supports(numeral) if thing else ()
        if not thing or any(
            has_thing(thing, self._passages.all[number].stems) for number, _ in supports
        ):
            return False
        rivals = [
            count.passage
            for count in self._counts
            if is_of(thing, count.things)
            and not any(match(stated, count.numeral) for stated in setting.stated)
        ]
        nearest = self._find_nearest(rivals, extract_terms(setting.sentence))
        # A paper tells the parts of a whole without saying again of what they are.
        return nearest is not None and not any(
            self._passages.are_close(nearest, number)
            and not find_counted(printed, self._passages.all[number].text)
            for number, printed in supports
        )

    def _counts_another_kind(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether nothing near the number speaks of what a sentence has so many of.

        With a quotation nothing near the quoted words does.
        """
        names = find_kind(numeral, setting.sentence) if _may_count(numeral) else frozenset()
        held = {
            number: printed
            for number, printed in (self._numerals.supports(numeral) if names else ())
            if match(numeral, printed) == "exact"
            and (not setting.quote or number in setting.quoted)
        }
        passages = self._passages.all
        if not held or any(passages[each].tabular or passages[each].legend for each in held):
            return False
        counted = [_find_closest(printed, passages[each].text) for each, printed in held.items()]
        if any(has_thing((names,), things) for things in counted):
            return False
        near = {number + step for number in held for step in (-1, 0, 1)} | setting.quoted
        stems = extract_stems(setting.quote).union(
            *(passage.stems for number, passage in enumerate(passages) if number in near)
        )
        return not has_thing((names,), stems)

    def find_in_words(self, setting: Setting) -> Iterator[Numeral]:
        """Find numbers in words for what a paper counts otherwise: 六个提示模板.

        Such counts are mostly those of the writer, and are looked for nowhere else.
        """
        starts = {stated.start for stated in setting.stated}
        for numeral in _find_in_words(setting.sentence):
            if numeral.start not in starts and self.is_told_otherwise(numeral, setting):
                yield numeral

    def is_told(self, numeral: Numeral, setting: Setting) -> bool:
        """Tell whether the paper has this count, in digits, of what a sentence counts."""
        is_count = _may_count(numeral) and numeral.text.replace(",", "").isdigit()
        thing = find_thing(numeral, setting.sentence) if is_count else ()
        return bool(thing) and any(
            match(numeral, count.numeral) == "exact" and is_of(thing, count.things)
            for count in self._counts
        )

    def _find_nearest(self, rivals: Sequence[int], terms: Terms) -> int | None:
        """Return the passage that is most like the terms, if it is as like as any of the paper."""
        if not rivals:
            return None
        similarities = self._passages.similarities(terms)
        best = max(rivals, key=similarities.__getitem__)
        return best if best in find_nearest(similarities) else None


def _find_counts(passages: Passages) -> Iterator[_Count]:
    for number, passage in enumerate(passages.all):
        for numeral in () if passage.tabular else passage.numerals:
            is_number = numeral.text[:1].isdigit() or is_cardinal(numeral.text)
            before = passage.text[max(0, numeral.start - REACH_BEHIND) : numeral.start]
            if is_number and _may_count(numeral) and not _SOME.search(before):
                yield _Count(number, numeral, find_counted(numeral, passage.text))


def _find_in_words(sentence: str) -> Iterator[Numeral]:
    """Find numbers in Chinese characters before a counter, or in English words."""
    words = (
        (
            word
            for word in find_chinese_numbers(sentence, counted_only=False)
            if _COUNTER.match(sentence, word.end)
        )
        if contains_unspaced(sentence)
        else find_measured_words(sentence)
    )
    for word in words:
        yield Numeral(sentence[word.start : word.end], word.start, word.end, word.value)


def find_counted(numeral: Numeral, text: str) -> frozenset[str]:
    """Return the stems of the words right behind a number of the paper."""
    behind = _COUNTED_IN_PAPER.match(text, numeral.end)
    return extract_stems(behind[1]) if behind else frozenset()


def _may_count(numeral: Numeral) -> bool:
    """Tell whether a number may count things: it has no unit, is no year and no part of a name."""
    return not numeral.unit.kind and numeral.value >= LEAST_COUNT and not may_be_year(numeral)


def find_thing(numeral: Numeral, sentence: str) -> Thing:
    """Return the English words for what stands right behind a number, () where none are known.

    What has a letter for its scale is the size of a model, 7B, and counts nothing.
    """
    if numeral.text[-1].isascii() and numeral.text[-1].isalpha() and numeral.text[0].isdigit():
        return ()
    behind = _COUNTED_END.split(sentence[numeral.end : numeral.end + REACH_BEHIND])[0]
    if _NOTHING_BEHIND.match(sentence, numeral.end):
        before = _COUNTED_BEFORE.search(sentence[: numeral.start])
        return find_known_thing(before[1]) if before else ()
    return find_known_thing(_OF.split(behind)[0])


def find_known_thing(words: str) -> Thing:
    """Return the English words that words may stand for, () where none are known."""
    return tuple(
        stems
        for stems in extract_terms(words).alternatives
        if any(stem.isascii() and stem.isalpha() for stem in stems)
    )


def find_kind(numeral: Numeral, sentence: str) -> frozenset[str]:
    """Return the stems by which a paper may call what a number counts, of what papers count."""
    return next(
        (names for names, words in _KINDS if words.match(sentence, numeral.end)), frozenset()
    )


def _find_closest(numeral: Numeral, text: str) -> frozenset[str]:
    """Return the stems of what stands behind a number of the paper before any preposition."""
    behind = _COUNTED_IN_PAPER.match(text, numeral.end)
    words = takewhile(lambda word: word not in NO_NOUNS, behind[1].split() if behind else ())
    return extract_stems(" ".join(words))


def has_thing(thing: Thing, stems: frozenset[str]) -> bool:
    """Tell whether words with these stems have any of what is counted."""
    return any(_has_any(alternatives, stems) for alternatives in thing)


def is_of(thing: Thing, things: frozenset[str]) -> bool:
    """Tell whether these stems name the thing that is counted, or enough of it."""
    return sum(_has_any(each, things) for each in thing) >= LEAST_SHARE_OF_THING * len(thing)


def _has_any(alternatives: frozenset[str], stems: frozenset[str]) -> bool:
    """Tell whether a word begins like one of these stems: "samples" and "sample" have two."""
    return any(stem.startswith(tuple(alternatives)) for stem in stems)
