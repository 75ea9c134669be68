"""English words in a Chinese or Japanese sentence that the paper does not have.

Writers leave a term in English, mostly in brackets, because the paper says it so: （mixed-integer
program）. One that the paper never says is that of another method or thing.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from chatpaper.domain.text.folding import fold_accents, fold_words
from chatpaper.domain.text.scripts import LATIN, contains_unspaced
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.names.names import COMMON_WORDS
from chatpaper.summarize.verify.terms import is_stop_word

# Shorter words are short forms and parts of formulas.
LEAST_LETTERS = 3
# A shorter word stands within many others: tit in title.
LEAST_LETTERS_WITHIN = 4
# The forms of a word begin so, and its spellings differ behind.
LETTERS_OF_STEM = 6
# A short text is a tag, whose words may be those of a vocabulary.
LEAST_CHARACTERS_OF_SENTENCE = 12
# Of a term in several words a paper may well leave one out: "monitoring" of "condition monitoring".
LEAST_MISSING = 2
# So much of a paper in English is in its letters.
LEAST_SHARE = 0.8

_TABLES = load_word_tables(__name__)
_WORDS_OF_THE_TRADE = COMMON_WORDS | frozenset(_TABLES.list_words("words_of_the_trade"))
_WORD = rf"(?<![{LATIN}\d._/\\$`@-])[a-z]+(?:[-‐][a-z]+)*(?![{LATIN}\d_/\\$`@(-]|\.\w)"
_TERM = re.compile(rf"{_WORD}(?: {_WORD})*")
_PART = re.compile(r"[a-z]+")
_LINE = re.compile(r".+")
# The word that a clause in English begins with, before the rest of it: "The paper says".
_OPENING = re.compile(r"\b([A-Z][a-z]*) \Z")
_LONGEST_OPENING = 12
# What is fetched from a place in the net; great.py is a file.
_DOMAINS = "com|org|net|edu|gov|io|ai|cn|de|eu|fr|jp|uk"
_HOST = re.compile(
    rf"(?<![{LATIN}\d._/@-])[a-z][a-z\d-]{{2,}}(?:\.[a-z-]{{2,}})*\.(?:{_DOMAINS})(?![a-z/@(])"
)
# What stands in formulas, code and quotation marks is no word of the sentence.
_OTHER_TEXT = re.compile(r"\$[^$\n]*\$|`[^`\n]*`|https?://\S+|\\[A-Za-z]+(?:\{[^}]*\})?")


class WordCheck:
    """A paper, made ready for telling which English words it has."""

    def __init__(self, texts: Iterable[str]) -> None:
        text = " ".join(texts)
        self._letters = fold_accents(text)
        self._short_words = {
            word.removesuffix("s")
            for word in fold_words(text).split()
            if len(word) <= LEAST_LETTERS_WITHIN
        }
        self._is_english = sum(map(str.isascii, self._letters)) > LEAST_SHARE * len(self._letters)

    def find_foreign(self, sentence: str) -> Iterator[tuple[int, str]]:
        """Find the words of a sentence that the paper does not have.

        Of a Chinese or Japanese line they are all English words; hosts are words of any.
        """
        if not self._is_english or len(sentence) < LEAST_CHARACTERS_OF_SENTENCE:
            return
        bare = _OTHER_TEXT.sub(lambda other: " " * len(other[0]), sentence)
        for host in _HOST.finditer(bare):
            if fold_accents(host[0]) not in self._letters:
                yield host.start(), host[0]
        for line in _LINE.finditer(bare):
            if contains_unspaced(line[0]):
                yield from self._find_english(bare, *line.span())

    def _find_english(self, bare: str, start: int, end: int) -> Iterator[tuple[int, str]]:
        for term in _TERM.finditer(bare, start, end):
            before = bare[max(start, term.start() - _LONGEST_OPENING) : term.start()]
            opening = _OPENING.search(before)
            if opening and is_stop_word(opening[1].lower()):
                continue
            telling = [word for word in term[0].split() if word not in _WORDS_OF_THE_TRADE]
            words = _PART.findall(" ".join(telling))
            missing = sum(not self._has(word) for word in words)
            is_missing = words and missing >= min(len(words), LEAST_MISSING)
            if is_missing or not all(map(self._has_compound, telling)):
                yield term.start(), term[0]

    def _has_compound(self, word: str) -> bool:
        """Tell whether the paper has two parts of a word with hyphens side by side."""
        parts = _PART.findall(word)
        pairs = [f"{one}{_cut(other)}" for one, other in pairwise(parts)]
        return not pairs or any(pair in self._letters for pair in pairs)

    def _has(self, word: str) -> bool:
        if len(word) < LEAST_LETTERS or word in _WORDS_OF_THE_TRADE:
            return True
        stem = _cut(word)
        return stem in (self._letters if len(stem) >= LEAST_LETTERS_WITHIN else self._short_words)


def _cut(word: str) -> str:
    return word[:LETTERS_OF_STEM] if len(word) > LETTERS_OF_STEM else word.removesuffix("s")
