"""Mentions of figures and tables in running text: "Figs. 2 and 4a", "如图 3 所示"."""

import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

from chatpaper.domain.text.float_words import (
    build_eastern_float_pattern,
    build_western_float_pattern,
    fold_label_number,
)

FloatKey: TypeAlias = tuple[Literal["figure", "table", "algorithm"], str]

_KINDS: tuple[Literal["figure", "table", "algorithm"], ...] = ("figure", "table", "algorithm")
_NUMBER = r"[A-Za-z]{0,2}\.?\d{1,3}(?:[.-]\d{1,3}){0,3}|[IVXL]{1,6}"
_MENTION = {
    kind: re.compile(
        rf"(?:{build_western_float_pattern(kind)}|{build_eastern_float_pattern(kind)})s?\.?\s?"
        rf"(?P<numbers>(?:{_NUMBER})(?:[a-z]?(?:,| and| &|–|-|和|、)\s?(?:{_NUMBER})){{0,4}})",
        re.IGNORECASE,
    )
    for kind in _KINDS
}
_LABEL_NUMBER = re.compile(rf"(?:{_NUMBER})(?=[a-z]?\Z)", re.IGNORECASE)


def find_mentions(texts: Iterable[str]) -> frozenset[FloatKey]:
    """Find the figures, tables and algorithms that texts mention, as pairs of kind and number."""
    return frozenset(
        (kind, fold_label_number(number))
        for text in texts
        for kind, pattern in _MENTION.items()
        for match in pattern.finditer(text)
        for number in re.findall(_NUMBER, match["numbers"], re.IGNORECASE)
    )


def make_float_key(kind: Literal["figure", "table", "algorithm"], label: str) -> FloatKey | None:
    """Make the pair of kind and number by which mentions name a label; None without a number."""
    number = _LABEL_NUMBER.search(label)
    return (kind, fold_label_number(number[0])) if number else None
