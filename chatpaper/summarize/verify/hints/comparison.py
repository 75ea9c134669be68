"""A statement beside the words of the paper that it rests on, and what tells against it there."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals, find_printed_numerals
from chatpaper.summarize.verify.tables.crossings import AddressedTable

HintKind = Literal[
    "number",
    "unit",
    "name",
    "table",
    "direction",
    "negation",
    "role",
    "cause",
    "hedge",
    "scope",
    "superlative",
    "future",
    "source",
]


# Numbers with fewer digits stand in any paper; 5k has as many as 5000.
LEAST_DIGITS_IN_PROSE = 3
LEAST_VALUE_IN_PROSE = 100
MOST_NUMBERS_SAID = 40
MOST_NUMBERS_PRINTED = 1_000


@dataclass(frozen=True, slots=True)
class Hint:
    """What words alone tell against a statement.

    `value` are the words of the statement, `message` is a sentence for whoever judges it.
    `is_certain` says that the hint is precise enough to mark the statement without another reader.
    """

    kind: HintKind
    value: str
    message: str
    is_certain: bool = False


def hold_against_quote(kind: HintKind, said: str, printed: str, *, is_certain: bool = True) -> Hint:
    """Return the hint that a statement says one thing, and its quote another in that place."""
    message = f"The statement says {said}; the quoted words say {printed}."
    return Hint(kind, said, message, is_certain)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A statement, its quote ("" for none), what stands around that, and the whole paper.

    `front_matter` is what stands on the first page between title and abstract, line by line. Of a
    clause that is compared by itself, `whole` is the statement that it is of.
    """

    statement: str
    quote: str
    context: str
    paper_text: str
    front_matter: str = ""
    tables: tuple[AddressedTable, ...] = ()
    whole: str = ""

    @property
    def evidence(self) -> str:
        """Return the quote and what stands around it."""
        return f"{self.quote}\n{self.context}"

    @property
    def prose(self) -> str:
        """Return what stands around the quote outside of tables."""
        return "\n".join(line for line in self.context.splitlines() if "|" not in line)


def count_digits(numeral: Numeral) -> int:
    """Count the digits of a number as it is written.

    The more it has, the fewer places hold it by chance.
    """
    return sum(map(str.isdigit, numeral.text))


@lru_cache(maxsize=64)
def find_stated_numbers(text: str) -> tuple[Numeral, ...]:
    """Return the numbers that a statement states, up to as many as a sentence has."""
    return find_claimed_numerals(text)[:MOST_NUMBERS_SAID]


@lru_cache(maxsize=64)
def find_printed_numbers(text: str) -> tuple[Numeral, ...]:
    """Return the numbers of an evidence, up to as many as some large tables have."""
    return find_printed_numerals(text)[:MOST_NUMBERS_PRINTED]


def leave_out_tables(paper_text: str) -> str:
    """Return what a paper says outside of its tables."""
    return "\n\n".join(block for block in paper_text.split("\n\n") if "|" not in block)


@lru_cache(maxsize=2)
def find_prose_numbers(paper_text: str) -> tuple[Numeral, ...]:
    """Return the numbers of what a paper says outside of its tables, but for short ones."""
    return tuple(
        each
        for each in find_printed_numerals(leave_out_tables(paper_text))
        if count_digits(each) >= LEAST_DIGITS_IN_PROSE or each.value >= LEAST_VALUE_IN_PROSE
    )
