"""How a value was computed, and from what: what a search for it takes and gives."""

from dataclasses import dataclass

from chatpaper.summarize.verify.numbers.numeral import Numeral

# Two numbers that a sentence states are taken together where so many sentences of a section part
# them at most.
REACH_PASSAGES = 6


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

    `stated` holds its own numbers and those of the sentence before.
    """

    sentence: str
    stated: tuple[Numeral, ...]
    quoted: frozenset[int] = frozenset()
