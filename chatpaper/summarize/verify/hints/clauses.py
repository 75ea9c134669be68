"""Measure how far clauses of a statement and of its evidence agree across languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatpaper.domain.text.scripts import LATIN, contains_unspaced
from chatpaper.summarize.verify.hints.comparison import find_printed_numbers, find_stated_numbers
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.terms import extract_stems, extract_terms

_CLAUSE_END = re.compile(
    r"[，；。！？：;、]|,(?=\s)|[.!?:](?=\s|\Z)"
    r"|\b(?:but|while|whereas|although|though|however|instead of|rather than)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[。；;]|\.\s")
# A clause by its marks alone; the point of a decimal number and the comma of thousands end none.
CLAUSE_MARK = re.compile(r"[，。；;]|[,.]\s")
_WORD = re.compile(f"[{LATIN}]{{2,}}")
# Clauses beyond these are not compared: no sentence of a summary has so many.
MOST_CLAUSES = 40


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much another text shares with a clause.

    `known` counts the terms of the clause that have known English words, and `shared` those of them
    that the other text has.
    """

    known: int
    shared: int


def split_clauses(text: str) -> tuple[str, ...]:
    """Return the clauses of a text, without what parts them."""
    return tuple(clause.strip() for clause in _CLAUSE_END.split(text) if clause.strip())[
        :MOST_CLAUSES
    ]


def find_sentence_start(text: str, position: int) -> int:
    """Return where the sentence that a position stands in begins."""
    starts = [each.end() for each in SENTENCE_END.finditer(text, 0, position)]
    return starts[-1] if starts else 0


@lru_cache(maxsize=2048)
def measure_overlap(clause: str, evidence: str) -> Overlap:
    """Measure what a clause shares with a text of the paper.

    Terms, names in Latin letters and numbers count.
    """
    known = _known_terms(clause, is_han=contains_unspaced(evidence))
    words = _words(evidence)
    shared = sum(any(f" {stem}" in words for stem in alternatives) for alternatives in known)
    numbers = find_stated_numbers(clause)
    printed = find_printed_numbers(evidence) if numbers else ()
    return Overlap(
        len(known), shared + sum(any(match(each, other) for other in printed) for each in numbers)
    )


def find_closest(clause: str, others: Sequence[str]) -> tuple[str, Overlap]:
    """Return the one of several clauses that shares most with this one.

    Where there are none, it is "", with nothing shared.
    """
    ranked = [(measure_overlap(clause, other), other) for other in others]
    found, other = max(ranked, key=lambda pair: pair[0].shared, default=(Overlap(0, 0), ""))
    return other, found


@lru_cache(maxsize=256)
def _known_terms(text: str, *, is_han: bool) -> tuple[frozenset[str], ...]:
    """Return the terms of a text that another text can be searched for.

    A text that `is_han` has any of them; another has only those with English words, and digits are
    none.
    """
    alternatives = extract_terms(text).alternatives
    return tuple(
        stems
        for stems in alternatives
        if is_han or any(stem.isascii() and not stem[0].isdigit() for stem in stems)
    )


@lru_cache(maxsize=256)
def _words(text: str) -> str:
    """Return the words of a text and its pairs of Chinese characters, each after a space.

    The space lets the beginning of a word be found.
    """
    pairs = (stem for stem in extract_stems(text) if not stem.isascii())
    return " ".join(["", *_WORD.findall(text.lower()), *pairs])
