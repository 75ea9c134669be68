"""The numbers that a paper has outside its tables."""

from functools import lru_cache

from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.verify.hints.comparison import count_digits
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals

# Numbers with fewer digits stand in many places, by chance.
LEAST_TELLING_DIGITS = 3
# What is longer is the lettering of a diagram.
MOST_CHARACTERS_OF_SENTENCE = 800


@lru_cache(maxsize=2)
def find_prose_numbers(paper_text: str) -> tuple[Numeral, ...]:
    """Return the numbers of several digits in the sentences of a paper."""
    return tuple(
        each
        for each in find_printed_numerals(_prose(paper_text))
        if count_digits(each) >= LEAST_TELLING_DIGITS
    )


@lru_cache(maxsize=2)
def split_prose(paper_text: str) -> tuple[tuple[str, tuple[Numeral, ...]], ...]:
    """Return the sentences of a paper, each with its numbers."""
    return tuple(
        (text, find_printed_numerals(text))
        for _, text in split_sentences(_prose(paper_text))
        if len(text) <= MOST_CHARACTERS_OF_SENTENCE
    )


def _prose(paper_text: str) -> str:
    return "\n\n".join(block for block in paper_text.split("\n\n") if "|" not in block)
