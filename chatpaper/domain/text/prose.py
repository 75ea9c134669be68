"""The sentences of running text that may be quoted: no formulas, rows of tables or thanks."""

import re

from chatpaper.domain.text.folding import unwrap_lines
from chatpaper.domain.text.scripts import contains_cjk
from chatpaper.domain.text.sentences import CLOSERS, STOPS, split_sentences

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

# The first item of a list goes on behind its number: "We make three contributions: 1."
_ANNOUNCEMENT = re.compile(r"[:：;；]\s*[（(]?\d{1,2}[.)]+\Z")
# Fonts of formulas have their parentheses at the places of these letters; "??" is a reference that
# LaTeX did not find.
_DAMAGE = re.compile(r"(?<![^\W\d_])[ðÞ](?![^\W\d_])|\?\?")


def split_page_text(text: str) -> list[str]:
    """Split the text of a page into sentences, each in one line.

    >>> split_page_text("It has 3.5 M weights (cf. Sec. 2). It is fast.")
    ['It has 3.5 M weights (cf. Sec. 2).', 'It is fast.']
    """
    return [sentence.text for sentence in split_sentences(unwrap_lines(text))]


def find_quotable_sentences(text: str) -> list[str]:
    """Split running text into sentences and keep those that can stand as a quotation."""
    return [sentence for sentence in split_page_text(text) if is_quotable(sentence)]


def is_quotable(sentence: str) -> bool:
    """Tell whether a sentence is whole, of a quotable length, made of words, and no thanks.

    >>> is_quotable("In short, we make the following contributions: 1.")
    False
    >>> is_quotable("The potential at the point x 0ð Þ is found from its average in time.")
    False
    """
    fitting = CJK_SENTENCE_CHARACTERS if contains_cjk(sentence) else SENTENCE_CHARACTERS
    letters = sum(character.isalpha() for character in sentence)
    dense = len(sentence) - sentence.count(" ")
    return (
        len(sentence) in fitting
        and letters >= MIN_SHARE_OF_LETTERS * dense
        and sentence.rstrip(CLOSERS)[-1:] in STOPS
        and not sentence[0].islower()
        and not _THANKS.search(sentence)
        and not _ANNOUNCEMENT.search(sentence)
        and not _DAMAGE.search(sentence)
    )
