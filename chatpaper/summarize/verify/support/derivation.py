"""How a value was computed, and from what: what a search for it takes and gives."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from chatpaper.summarize.verify.numbers.numeral import Numeral, is_error, may_be_year
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, TIMES
from chatpaper.summarize.verify.support.number_match import counts_something, match

# Two numbers that a sentence states are taken together where so many sentences of a section part
# them at most.
REACH_PASSAGES = 6
# The one and the two of everyday words tell nothing.
LEAST_TELLING_COUNT = 3
# Llama3.1-8B, and the index of a symbol, D_{3k}.
_NAME_BEFORE = re.compile(r"\b[A-Z][A-Za-z\d.]{0,20}[-‐‑]\Z|[^\W\d_]_\{?\Z")
_REACH_OF_NAME = 24
# A share may be given as 61 %, 0.61 and 61, and a ratio with and without a sign.
_RELATIVE = frozenset({"", PERCENT, POINT, TIMES})


# Each number of a statement is held against the same quoted words.
@lru_cache(maxsize=256)
def read_quoted(quote: str) -> tuple[Numeral, ...]:
    """Return the numbers of quoted words."""
    return find_printed_numerals(quote)


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a value follows, "0.61 - 0.42 = 0.19", and the number of the passage of its operands.

    `is_stated` says that the sentence states an operand or names the one row, so that it is known
    what was computed.
    """

    formula: str
    passage: int
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """A sentence with the numbers around it and the passages that its claim quotes.

    `stated` holds its own numbers and those of the sentence before, `unstated` and `unnamed` the
    numbers and names of the quoted words that the statement does not have. `quote` are these words.
    """

    sentence: str
    stated: tuple[Numeral, ...]
    quoted: frozenset[int] = frozenset()
    unstated: tuple[Numeral, ...] = ()
    unnamed: tuple[str, ...] = ()
    quote: str = ""


def find_unstated(quoted: Sequence[Numeral], stated: Sequence[Numeral]) -> tuple[Numeral, ...]:
    """Return the numbers of a quote that are not stated, in any reading of what is printed there.

    6, 415 may be one number or two.
    """
    held = [each for each in quoted if any(match(one, each) for one in stated)]
    return tuple(
        each
        for each in quoted
        if not any(each.start < other.end and other.start < each.end for other in held)
    )


def find_circular(formulas: Iterable[str]) -> frozenset[str]:
    """Find the differences that follow from each other alone: 76 - 13 = 63 and 76 - 63 = 13.

    A text that changes a value and its gap as well makes them so; a paper prints one of them.
    """
    parts = {
        each: (frozenset(operands.split(" - ")), result)
        for each in formulas
        for operands, _, result in (each.partition(" = "),)
    }
    return frozenset(
        one
        for (one, (operands, result)), (_, (others, mate)) in permutations(parts.items(), 2)
        if mate in operands and result in others
    )


def is_telling(numeral: Numeral) -> bool:
    """Tell whether a number says something: a bare one or two may be an everyday word."""
    return bool(numeral.unit.kind) or numeral.value >= LEAST_TELLING_COUNT or numeral.digit < 1


def is_value(printed: Numeral, text: str) -> bool:
    """Tell whether a printed number is neither an error nor a part of a name or version."""
    before = text[max(0, printed.start - _REACH_OF_NAME) : printed.start]
    return not is_error(printed, text) and not _NAME_BEFORE.search(before)


def may_replace(numeral: Numeral, printed: Numeral, quote: str) -> bool:
    """Tell whether a number may have been put in the place of one that is printed in a quote.

    That one is a telling value and of its kind: of the same unit, no count where the number has
    decimals nor the other way round, and no year where the number is none.
    """
    if not is_telling(printed) or not is_value(printed, quote):
        return False
    if may_be_year(printed) and not may_be_year(numeral):
        return False
    if numeral.unit.kind or printed.unit.kind:
        kinds = {numeral.unit.kind, printed.unit.kind}
        return len(kinds) == 1 or kinds <= _RELATIVE
    if numeral.digit < 1:
        # A fraction may be printed as two digits.
        return printed.digit < 1 or not counts_something(printed)
    return printed.digit >= 1
