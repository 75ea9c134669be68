"""Comparisons that the numbers of the statement itself contradict: 96.1 is not higher than 96.4."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint, find_stated_numbers
from chatpaper.summarize.verify.hints.values.attribution import is_filler
from chatpaper.summarize.verify.numbers.numeral import Numeral

_TABLES = load_word_tables(__name__)
# Words between two numbers that say which one is more.
_COMPARED = re.compile(
    f"(?P<more>{_TABLES.join('more')})|(?P<less>{_TABLES.join('less')})",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"[-−–]\s?\Z")
# The second number is that of what is compared with, no difference to it.
_TO_SECOND = re.compile(
    r"\s?(?:约|about |the )?|[^，。；,;]{1,40}?(?:的|[（(]|(?<=\w)['’]s|\bof|\bat|\bwith)"
    r"\s?(?:约|仅|the |only |about )*",
    re.IGNORECASE,
)
# "Below A's 0.991, and also below B's 0.966": both are compared with something before them.
_ALSO = re.compile(r"(?:也|又|还|亦|同样|同时|都|均|\balso|\band|また)\s?\Z", re.IGNORECASE)
_DENIED = re.compile(r"(?:不|没有?|未|并非|\bnot|\bno|n't)\s?\Z", re.IGNORECASE)
# Both numbers may stand behind: "A is lower than B (3.1 against 2.9)".
_BOTH_BEHIND = re.compile(r"[^，。；,;（(]{1,40}[（(]\s?(?:约)?\s?")
_AGAINST = re.compile(
    r"\s?[%％]?\s?(?:对|对比|vs\.?|versus|against|compared (?:to|with))\s?(?:约)?\s?", re.IGNORECASE
)
REACH = 80
# What differs by more is the value and a difference.
LARGEST_RATIO = 3


def find_order_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find two numbers that the statement compares the wrong way round.

    It calls the smaller one higher, or the larger one lower.
    """
    text = comparison.statement
    numerals = find_stated_numbers(text)
    for word in _COMPARED.finditer(text):
        if _DENIED.search(text[max(0, word.start() - 6) : word.start()]):
            continue
        pair = _around(text, word, numerals) or _behind(text, word, numerals)
        if pair is None or not _are_of_a_kind(text, *pair):
            continue
        first, second = pair
        says_more = word["more"] is not None
        if first.value != second.value and says_more != (first.value > second.value):
            message = (
                f"The statement calls {first.text} {'more' if says_more else 'less'} "
                f"than {second.text}."
            )
            yield Hint("direction", word[0], message, is_certain=True)


def _around(
    text: str, word: re.Match[str], numerals: Sequence[Numeral]
) -> tuple[Numeral, Numeral] | None:
    """Return the number before the word and the one behind it, each in its place."""
    if _ALSO.search(text[: word.start()]):
        return None
    before = [
        each for each in numerals if each.end <= word.start() and word.start() - each.end <= REACH
    ]
    behind = [
        each for each in numerals if word.end() <= each.start and each.start - word.end() <= REACH
    ]
    firsts = [each for each in before if is_filler(text[each.end : word.start()])]
    seconds = [each for each in behind if _TO_SECOND.fullmatch(text[word.end() : each.start])]
    return (firsts[-1], seconds[0]) if firsts and seconds else None


def _behind(
    text: str, word: re.Match[str], numerals: Sequence[Numeral]
) -> tuple[Numeral, Numeral] | None:
    """Return both numbers behind the word, or None where they are not both behind it.

    The first is that of what is said to be higher or lower.
    """
    behind = [
        each for each in numerals if word.end() <= each.start and each.start - word.end() <= REACH
    ]
    if len(behind) < 2 or not _BOTH_BEHIND.fullmatch(text[word.end() : behind[0].start]):
        return None
    return (
        (behind[0], behind[1])
        if _AGAINST.fullmatch(text[behind[0].end : behind[1].start])
        else None
    )


def _are_of_a_kind(text: str, first: Numeral, second: Numeral) -> bool:
    if any(_NEGATIVE.search(text[: each.start]) for each in (first, second)):
        return False
    if first.unit.kind and second.unit.kind and first.unit.kind != second.unit.kind:
        return False
    smaller, larger = sorted((abs(first.value), abs(second.value)))
    return larger <= LARGEST_RATIO * smaller
