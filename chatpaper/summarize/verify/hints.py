"""What words alone tell against a statement, before or without a second reader."""

from collections.abc import Iterator

from chatpaper.summarize.verify.comparison import Comparison, Hint
from chatpaper.summarize.verify.hint_words import claiming_words

__all__ = ["Hint", "find_hints"]


def find_hints(statement: str, quote: str, context: str, *, paper_text: str) -> tuple[Hint, ...]:
    """What speaks against a statement in the words of its evidence.

    `quote` are the words of the paper that the statement rests on, "" for none; `context` are the sentences around
    them and the tables and captions that belong to them; `paper_text` is all that the paper says.
    """
    comparison = Comparison(statement, quote, context, paper_text)
    return tuple(dict.fromkeys(_superlatives(comparison)))


def _superlatives(comparison: Comparison) -> Iterator[Hint]:
    for words in claiming_words("superlative"):
        said = words.said.search(comparison.statement)
        if said and not words.behind.search(comparison.paper_text) and not words.behind.search(comparison.evidence):
            yield Hint("superlative", said[0], f"The statement says {said[0]}; the paper has no such word.")
