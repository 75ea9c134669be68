"""Statements that are stronger than their evidence.

They have superlatives, "all", "always" or proofs, have lost hedges, or tell plans as deeds.
"""

from collections.abc import Iterator

from chatpaper.summarize.verify.hints.comparison import Comparison, Hint
from chatpaper.summarize.verify.hints.words import load_hint_words


def find_strength_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find claims for which neither the evidence nor, for superlatives, the paper has support."""
    yield from _superlatives(comparison)
    if comparison.evidence.strip():
        yield from _claims(comparison)
        yield from _lost_hedges(comparison)
        yield from _plans(comparison)


def _superlatives(comparison: Comparison) -> Iterator[Hint]:
    for words in load_hint_words().superlative:
        said = words.said.search(comparison.statement)
        if said and not words.behind.search(f"{comparison.evidence}\n{comparison.paper_text}"):
            message = (
                f"The statement says {said[0]!r}; the paper says so nowhere of its own results."
            )
            yield Hint("superlative", said[0], message, is_certain=True)


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
