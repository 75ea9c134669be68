"""The sentences of running text that may be quoted: no formulas, rows of tables or thanks."""

import re

from chatpaper.domain.text.folding import collapse_spaces, expand_ligatures
from chatpaper.domain.text.scripts import contains_cjk

SENTENCE_CHARACTERS = range(40, 420)
CJK_SENTENCE_CHARACTERS = range(12, 160)
# Below this share of letters a "sentence" is a formula or a row of a table.
MIN_SHARE_OF_LETTERS = 0.7

# What is owed to others, which is nothing that a paper found.
_THANKS = re.compile(
    r"\bthank(?:s|ful)?\b(?! to\b)|\bgrateful\b|\backnowledge\b|\bgrant (?:no|number)\b"
    r"|\bfunded by\b",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|resp|approx|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Dr|Prof|St"
    r"|Inc|w\.r\.t)|\b[A-Z])\.\Z"
)
_BOUNDARY = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“(\[]*[A-Z0-9\u3400-\u9fff])|(?<=[。！？])")


def split_sentences(text: str) -> list[str]:
    """Split running text into sentences; words broken at the end of a line are joined.

    >>> split_sentences("It has 3.5 M weights (cf. Sec. 2). It is fast.")
    ['It has 3.5 M weights (cf. Sec. 2).', 'It is fast.']
    """
    whole_words = re.sub(r"(?<=[a-z])[-‐]\n(?=[a-z])", "", expand_ligatures(text))
    joined = collapse_spaces(whole_words)
    sentences: list[str] = []
    for piece in _BOUNDARY.split(joined):
        if sentences and _ABBREVIATION.search(sentences[-1]):
            sentences[-1] += f" {piece}"
        elif piece.strip():
            sentences.append(piece.strip())
    return sentences


def prose_sentences(text: str) -> list[str]:
    """Split running text into sentences and keep those that can stand as a quotation."""
    return [sentence for sentence in split_sentences(text) if is_prose(sentence)]


def is_prose(sentence: str) -> bool:
    """Whether a sentence is whole, of a quotable length, made of words, and no thanks."""
    fitting = CJK_SENTENCE_CHARACTERS if contains_cjk(sentence) else SENTENCE_CHARACTERS
    letters = sum(character.isalpha() for character in sentence)
    dense = len(sentence) - sentence.count(" ")
    return (
        len(sentence) in fitting
        and letters >= MIN_SHARE_OF_LETTERS * dense
        and sentence[-1] in ".!?。！？"
        and not sentence[0].islower()
        and not _THANKS.search(sentence)
    )
