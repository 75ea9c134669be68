"""Counts that a quote gives otherwise: five referees where it has three of them.

What is counted is compared by its meaning, so that numbers of other things tell nothing, and
neither does where else the paper has the stated one. Authors are counted by their names.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from chatpaper.domain.text.scripts import contains_unspaced
from chatpaper.summarize.verify.claims.count_check import find_thing
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
    hold_against_quote,
)
from chatpaper.summarize.verify.numbers.number_words import (
    NumberWord,
    is_cardinal,
    is_count_in_words,
)
from chatpaper.summarize.verify.numbers.numeral import Numeral, may_be_year
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.terms import extract_stems

# The one and the two of everyday words tell nothing.
LEAST_COUNT = 3
# What is so much more or less is hardly counted of the same things.
LARGEST_RATIO = 100
_NO_THING = (
    "and|or|of|in|on|at|for|from|to|with|by|per|as|than|then|is|are|was|were|that|which|authors?"
)
_THINGS = re.compile(rf"[ \-\n]?((?:(?!(?:{_NO_THING})\b)[A-Za-z’'-]{{2,30}}[ \n]?){{1,4}})")

# Such digits are the end of a name: Llama 4, Task #1.
_LABEL_BEFORE = re.compile(r"#\Z|\b[A-Z][A-Za-z-]{2,} \Z")


# Such a count is of some of what the quote counts: 其中前三个.
_SOME_BEFORE = re.compile(r"(?:[前后另头]|其中|另外|其余|余下|最后)\Z|\b(?:first|last|other) \Z")


@dataclass(frozen=True, slots=True)
class _Tally:
    """A count, and the stems of the words for what is counted."""

    numeral: Numeral
    things: frozenset[str]


def find_tally_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find counts that the quote lacks where it has another, not stated, of the same things."""
    printed = find_printed_numbers(comparison.quote)
    said, quoted = _find_tallies(comparison.statement), _find_tallies(comparison.quote)
    # A number without a counter behind it may be a label: 策略 3.
    claimed = [each for each in find_stated_numbers(comparison.statement) if each.noun]
    claimed += find_printed_numbers(comparison.whole)
    for tally in said if quoted else ():
        mates = [each.numeral for each in said if each.things & tally.things]
        same = [each for each in quoted if each.things & tally.things and _are_near(each, tally)]
        spare = _leave([*mates, *claimed], same)
        is_beside = any(
            each.things & tally.things and each.numeral.value == tally.numeral.value
            for each in _find_tallies(comparison.context)
        )
        if (
            spare
            and tally.numeral.value >= LEAST_COUNT
            and not _SOME_BEFORE.search(comparison.statement[: tally.numeral.start])
            and not is_beside
            and not _has(printed, tally.numeral)
            and not _follows(tally, quoted, printed)
        ):
            yield hold_against_quote("number", tally.numeral.text, spare[0].numeral.text)


def _are_near(one: _Tally, other: _Tally) -> bool:
    smaller, larger = sorted((one.numeral.value, other.numeral.value))
    return larger <= LARGEST_RATIO * smaller


def _follows(tally: _Tally, quoted: Sequence[_Tally], printed: Sequence[Numeral]) -> bool:
    """Tell whether a count is the sum of two counts of the quote, or the product of two numbers."""
    sums = (one.numeral.value + other.numeral.value for one, other in combinations(quoted, 2))
    products = (one.value * other.value for one, other in combinations(printed, 2))
    return tally.numeral.value in (*sums, *products)


def _has(printed: Sequence[Numeral], numeral: Numeral) -> bool:
    return any(each.value == numeral.value or match(numeral, each) for each in printed)


def _leave(stated: Sequence[Numeral], tallies: Sequence[_Tally]) -> list[_Tally]:
    """Return the counts that are left when each that is stated, as often as it is, is taken."""
    left = Counter({each.start: each.value for each in stated}.values())
    spare = []
    for tally in tallies:
        if left[tally.numeral.value] > 0:
            left[tally.numeral.value] -= 1
        else:
            spare.append(tally)
    return spare


@lru_cache(maxsize=64)
def _find_tallies(text: str) -> tuple[_Tally, ...]:
    printed = find_printed_numbers(text)
    ends = [each.start for each in printed]
    tallies = (
        _Tally(
            each, _find_things(each, text[: next((end for end in ends if end > each.start), None)])
        )
        for each in printed
        if _is_count(each)
        and is_count_in_words(text, NumberWord(each.start, each.end, each.value))
        and not _LABEL_BEFORE.search(text[max(0, each.start - 20) : each.start])
    )
    return tuple(each for each in tallies if each.things)


def _is_count(numeral: Numeral) -> bool:
    is_whole = numeral.digit >= 1 and numeral.value == numeral.value.to_integral_value()
    in_digits = numeral.text.replace(",", "").isdecimal()
    in_words = contains_unspaced(numeral.text) or is_cardinal(numeral.text)
    is_number = in_digits or (in_words and numeral.value > 1)
    # 二次 is the second power, and no two times.
    is_number = is_number and numeral.text != "二"
    return is_whole and is_number and not numeral.unit.kind and not may_be_year(numeral)


def _find_things(numeral: Numeral, text: str) -> frozenset[str]:
    """Return the stems of the words for what stands right behind a number."""
    if not contains_unspaced(text[numeral.end : numeral.end + 3]):
        behind = _THINGS.match(text, numeral.end)
        return extract_stems(behind[1]) if behind else frozenset()
    things = find_thing(numeral, text.replace("之一", "，，"))
    return things[-1] if things else frozenset()
