"""Statements that are stronger than their evidence.

They have "all", "always" or proofs, have lost hedges, or tell plans as deeds.
"""

from collections.abc import Iterator

from chatpaper.summarize.verify.hints.comparison import Comparison, Hint
from chatpaper.summarize.verify.hints.words import load_hint_words


def find_strength_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find claims for which the evidence has no support."""
    if comparison.evidence.strip():
        yield from _claims(comparison)
        yield from _lost_hedges(comparison)
        yield from _plans(comparison)


def _claims(comparison: Comparison) -> Iterator[Hint]:
    for words in load_hint_words().scope:
        said = words.said.search(comparison.statement)
        if said and not words.behind.search(comparison.evidence):
            yield Hint(
                "scope", said[0], f"The statement says {said[0]!r}; the evidence has no such word."
            )
    for words in load_hint_words().hedge:
        said = words.said.search(comparison.statement)
        if said and not words.behind.search(comparison.quote or comparison.context):
            yield Hint(
                "hedge",
                said[0],
                f"The statement says {said[0]!r}; the evidence does not go so far.",
            )


def _lost_hedges(comparison: Comparison) -> Iterator[Hint]:
    for words in load_hint_words().lost:
        quoted = words.quoted.search(comparison.quote)
        if quoted and not words.kept.search(comparison.statement):
            message = (
                f"The quoted words say {quoted[0].strip()!r}; "
                f"the statement says it without reserve."
            )
            yield Hint("hedge", comparison.statement, message)


def _plans(comparison: Comparison) -> Iterator[Hint]:
    for words in load_hint_words().future:
        quoted = words.quoted.search(comparison.quote)
        if quoted and not words.kept.search(comparison.statement):
            message = f"The quoted words say {quoted[0]!r}; the statement tells it as done."
            yield Hint("future", comparison.statement, message, is_certain=True)
