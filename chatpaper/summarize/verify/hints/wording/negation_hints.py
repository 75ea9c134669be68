"""Negations that only the statement has, or only its evidence."""

import re
from collections.abc import Iterator

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.clauses import Overlap, find_closest, split_clauses
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint

_TABLES = load_word_tables(__name__)
# 不仅, 不同 and 不断 deny nothing.
_DENIED = re.compile(
    f"(?<!而)不(?!{_TABLES.join('beginning_with_not')})|{_TABLES.join('denied')}",
    re.IGNORECASE,
)
_IMPLIED = re.compile(_TABLES.join("implied"), re.IGNORECASE)
# Clauses that share fewer terms may speak of different things.
LEAST_SHARED = 2
LEAST_SHARE = 0.5
MOST_CHARACTERS_TOLD = 40


def find_negation_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find denials on one side only, in all or in clauses that belong together."""
    if not comparison.quote:
        return
    denied = _DENIED.search(comparison.statement)
    if denied and not _denies(comparison.evidence):
        yield Hint(
            "negation",
            denied[0],
            f"The statement denies something ({denied[0]!r}); the evidence denies nothing.",
        )
    denied = _DENIED.search(comparison.quote)
    if denied and not _denies(comparison.statement):
        words = comparison.quote[denied.start() : denied.start() + MOST_CHARACTERS_TOLD]
        yield Hint(
            "negation",
            comparison.statement,
            f"The quoted words deny ({words!r}); the statement denies nothing.",
        )
    yield from _of_clauses(comparison)


def _of_clauses(comparison: Comparison) -> Iterator[Hint]:
    """Find clauses of which the one is denied and the other is not.

    Where the other side denies something too, only in some other clause, it takes one such pair
    each way.
    """
    said, quoted = split_clauses(comparison.statement), split_clauses(comparison.quote)
    pairs = [(clause, *find_closest(clause, quoted)) for clause in said]
    alike = [
        (clause, other)
        for clause, other, overlap in pairs
        if _speak_of_the_same(overlap, are_alone=len(said) == len(quoted) == 1)
    ]
    here = [
        (clause, other) for clause, other in alike if _DENIED.search(clause) and not _denies(other)
    ]
    there = [
        (clause, other) for clause, other in alike if _DENIED.search(other) and not _denies(clause)
    ]
    is_crossed = bool(here and there)
    if here and (is_crossed or not _denies(comparison.quote)):
        yield Hint(
            "negation",
            here[0][0],
            f"The statement denies what the quoted words say: {here[0][1]!r}.",
        )
    elif there and not _denies(comparison.statement):
        yield Hint(
            "negation",
            there[0][0],
            f"The quoted words deny what the statement says: {there[0][1]!r}.",
        )


def _speak_of_the_same(overlap: Overlap, *, are_alone: bool) -> bool:
    """Tell whether two clauses share enough; where each is all that is said, a term is enough."""
    return (
        overlap.shared >= (1 if are_alone else LEAST_SHARED)
        and overlap.shared >= LEAST_SHARE * overlap.known
    )


def _denies(text: str) -> bool:
    return bool(_DENIED.search(text) or _IMPLIED.search(text))
