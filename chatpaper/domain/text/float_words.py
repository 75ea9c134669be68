"""The words for figures, tables and algorithms in the ten languages of most papers."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, TypeAlias

from chatpaper.domain.text.scripts import CJK, CJK_FORMS
from chatpaper.domain.text.tables import load_word_tables

FloatKind: TypeAlias = Literal["figure", "table", "algorithm"]

_FLOAT_KINDS: tuple[FloatKind, ...] = ("figure", "table", "algorithm")
_TABLES = load_word_tables(__name__)


def _load_words(table: str) -> dict[FloatKind, tuple[str, ...]]:
    rows = _TABLES.get_rows(table)
    return {kind: rows[kind] for kind in _FLOAT_KINDS}


_SURE_WORDS = _load_words("sure")
_OTHER_WORDS = _load_words("other")
_EASTERN_WORDS = _load_words("eastern")
_KINDS = {
    word: kind
    for words in (_SURE_WORDS, _OTHER_WORDS, _EASTERN_WORDS)
    for kind, each in words.items()
    for word in each
}
_ENGLISH = {"fig": "Figure", "tab": "Table", "algo": "Algorithm"}
# What stands for a hyphen in the numbers of chapters: Word's does not break or is soft, journals
# print dashes.
HYPHENS = "\u00ad\u2010-\u2015\u2212\ufe63\uff0d-"
_LIKE_HYPHENS = re.compile("[\u00ad\u2010\u2011\u2212\ufe63\uff0d]")
_DASHES = re.compile("[\u2012-\u2015]")
HAN_NUMBER = "(?:[一二三四五六七八九]?十)?[一二三四五六七八九]|[一二三四五六七八九]?十"
_HAN_NUMBER = re.compile(HAN_NUMBER)
_SOFT_IN_NUMBER = re.compile("(?<=\\d)\u00ad(?=\\d)")
_EASTERN = re.compile(f"[{CJK}{CJK_FORMS}]")


def classify_float_word(word: str) -> FloatKind | None:
    """Return what the word of a label stands for: "Abb." is a figure; None for other words."""
    return _KINDS.get(word.replace(" ", "").rstrip(".").lower())


def build_western_float_pattern(*kinds: FloatKind, sure: bool = False) -> str:
    """Return a pattern of these words in European languages, the longest first, for any case.

    With `sure` only those that mean nothing else.
    """
    tables = (_SURE_WORDS,) if sure else (_SURE_WORDS, _OTHER_WORDS)
    return "|".join(
        _longest_first(word for words in tables for kind in kinds for word in words[kind])
    )


def build_eastern_float_pattern(*kinds: FloatKind) -> str:
    """Return a pattern of the words in Chinese, Japanese and Korean papers, the longest first."""
    return "|".join(_longest_first(word for kind in kinds for word in _EASTERN_WORDS[kind]))


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


def is_eastern(text: str) -> bool:
    """Tell whether the text begins with a Chinese, Japanese or Korean character."""
    return _EASTERN.match(text) is not None


def spell_out_float_word(printed: str, dot: str) -> str:
    """Return the word of a label as posts have it.

    English ones written out, others as printed, in small letters.
    """
    word = printed.replace(" ", "").lower()
    if is_eastern(word):
        return word
    return _ENGLISH.get(word, f"{word.capitalize()}{'' if word in ('figure', 'table') else dot}")


def normalize_label_number(printed: str) -> str:
    """Return the number of a label with plain digits and hyphens; dashes stay."""
    return _LIKE_HYPHENS.sub("-", unicodedata.normalize("NFKC", printed).replace(" ", ""))


def fold_label_number(printed: str) -> str:
    """Return the number of a label for comparison.

    In small letters, with one hyphen for all dashes, and 三 as 3.
    """
    number = _DASHES.sub("-", normalize_label_number(printed)).casefold()
    return str(_counted(number)) if _HAN_NUMBER.fullmatch(number) else number


def _counted(numerals: str) -> int:
    """Return a number up to 99 that is written in Chinese numerals."""
    tens, ten, ones = numerals.rpartition("十")
    return (int(unicodedata.numeric(tens or "一")) * 10 if ten else 0) + int(
        unicodedata.numeric(ones or "〇")
    )


def restore_number_hyphens(text: str) -> str:
    """Return the text with hyphens for the soft ones within numbers, which Word prints.

    Elsewhere they show at line ends.
    """
    return text if text.isascii() else _SOFT_IN_NUMBER.sub("-", text)
