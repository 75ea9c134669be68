"""Mentions of figures and tables in running text: "Figs. 2 and 4a", "如图 3 所示"."""

import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

from chatpaper.domain.text.float_words import (
    build_eastern_float_pattern,
    build_western_float_pattern,
    classify_float_word,
    fold_label_number,
)

FloatKey: TypeAlias = tuple[Literal["figure", "table", "algorithm"], str]

_KINDS: tuple[Literal["figure", "table", "algorithm"], ...] = ("figure", "table", "algorithm")
# In small letters: patterns that heed no case take much longer.
_NUMBER = r"[a-z]{0,2}\.?\d{1,3}(?:[.-]\d{1,3}){0,3}|[ivxl]{1,6}"
_MENTION = re.compile(
    rf"(?P<word>{build_western_float_pattern(*_KINDS)}|{build_eastern_float_pattern(*_KINDS)})"
    rf"s?\.?\s?(?P<numbers>(?:{_NUMBER})(?:[a-z]?(?:,| and| &|–|-|和|、)\s?(?:{_NUMBER})){{0,4}})"
)
_EACH_NUMBER = re.compile(_NUMBER)
_LABEL_NUMBER = re.compile(rf"(?:{_NUMBER})(?=[a-z]?\Z)")


def find_mentions(texts: Iterable[str]) -> frozenset[FloatKey]:
    """Find the figures, tables and algorithms that texts mention, as pairs of kind and number."""
    return frozenset(
        (kind, fold_label_number(number))
        for text in texts
        for match in _MENTION.finditer(text.lower())
        if (kind := classify_float_word(match["word"])) is not None
        for number in _EACH_NUMBER.findall(match["numbers"])
    )


def make_float_key(kind: Literal["figure", "table", "algorithm"], label: str) -> FloatKey | None:
    """Make the pair of kind and number by which mentions name a label; None without a number."""
    number = _LABEL_NUMBER.search(label.lower())
    return (kind, fold_label_number(number[0])) if number else None
