"""Two numbers of a statement, each beside the words that the paper has beside the other one."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.prose import split_prose
from chatpaper.summarize.verify.hints.values.attribution import is_gap
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import extract_terms
from chatpaper.summarize.verify.support.number_match import match

# Of more numbers it is not told which of them belong together.
PAIR = 2
# What stands so far behind a number in a sentence of the paper, or before it, is said of it.
REACH_BEHIND = 60
REACH_BEFORE = 30
# Numbers in more places are found there by chance.
MOST_PLACES = 3
LEAST_DIGITS = 2

_BOUND = re.compile(r"[，。；、,;：:（）()と]|[和与及而]|\b(?:and|while|but)\b")
_PARTS = re.compile(r"[,;]|\b(?:and|while|whereas|but)\b")
_WORD = re.compile(r"[a-z]{2,}")
_IN_ORDER = re.compile(r"分别|依次|それぞれ|\brespectively\b", re.IGNORECASE)

Terms = frozenset[frozenset[str]]


def find_crossing_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find two numbers of one unit, each beside the words of the other."""
    statement = comparison.statement
    numerals = [each for each in find_stated_numbers(statement) if _tells(each, statement)]
    if len(numerals) != PAIR or _IN_ORDER.search(statement):
        return
    one, other = numerals
    if one.unit.kind != other.unit.kind or one.value == other.value:
        return
    first, second = _terms_beside(one, statement), _terms_beside(other, statement)
    its, theirs = first - second, second - first
    near, far = _windows(one, other, comparison.paper_text)
    is_straight = _shared(its, near) or _shared(theirs, far)
    if not is_straight and _shared(its, far) and _shared(theirs, near):
        message = (
            f"The paper has {one.text} and {other.text} the other way round, "
            f"each beside the words that the other one has here."
        )
        yield Hint("role", one.text, message, is_certain=True)


def _tells(numeral: Numeral, statement: str) -> bool:
    is_measure = (
        bool(numeral.unit.kind) or numeral.digit < 1 or count_digits(numeral) > LEAST_DIGITS
    )
    return (
        is_measure
        and count_digits(numeral) >= LEAST_DIGITS
        and not is_gap(statement[: numeral.start])
    )


def _terms_beside(numeral: Numeral, statement: str) -> Terms:
    """Return the terms of the stretch that a number stands in."""
    start = max([0, *(each.end() for each in _BOUND.finditer(statement, 0, numeral.start))])
    end = _BOUND.search(statement, numeral.end)
    stretch = (
        statement[start : numeral.start]
        + " "
        + (statement[numeral.end : end.start() if end else len(statement)])
    )
    return frozenset(
        words
        for alternatives in extract_terms(stretch).alternatives
        if (words := frozenset(each for each in alternatives if _WORD.fullmatch(each)))
    )


def _windows(
    one: Numeral, other: Numeral, paper_text: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what stands around each of two numbers in the sentences that have both."""
    both = [
        (sentence, printed)
        for sentence, printed in split_prose(paper_text)
        if all(any(match(each, number) for number in printed) for each in (one, other))
    ]
    if len(both) > MOST_PLACES:
        return (), ()
    near, far = (
        tuple(
            _around(number, sentence, printed)
            for sentence, printed in both
            for number in printed
            if match(each, number)
        )
        for each in (one, other)
    )
    return near, far


def _around(number: Numeral, sentence: str, printed: Sequence[Numeral]) -> str:
    """Return the words around a number, up to the next one on each side."""
    starts = [each.end for each in printed if each.end <= number.start]
    ends = [each.start for each in printed if each.start >= number.end]
    start = max([0, number.start - REACH_BEFORE, *starts])
    end = min([number.end + REACH_BEHIND, *ends])
    before = _PARTS.split(sentence[start : number.start].lower())[-1]
    behind = _PARTS.split(sentence[number.end : end].lower())[0]
    return " ".join(["", *_WORD.findall(f"{before} {behind}")])


def _shared(terms: Terms, windows: Sequence[str]) -> int:
    return sum(any(f" {stem}" in window for stem in stems for window in windows) for stems in terms)
