"""Statements that say what their quote says, except for one number or one name compared with."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.values.number_hints import (
    follows_from_two,
    has_alike_ending,
    is_year,
)
from chatpaper.summarize.verify.names.name_index import NameIndex
from chatpaper.summarize.verify.names.names import Name, find_names
from chatpaper.summarize.verify.numbers.calculations import parse_calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.support.number_match import match

# Numbers further apart are hardly of the same thing.
LARGEST_RATIO = 3
# One number may be the same by chance.
LEAST_SHARED_NUMBERS = 2
_TABLES = load_word_tables(__name__)
# The name behind such words is what something is compared with.
_THAN = re.compile(
    f"(?:{_TABLES.join('than_in_chinese')}"
    rf"|\b(?:{_TABLES.join('than_in_english')}))\s*(?:the\s|its\s)?\Z",
    re.IGNORECASE,
)
_COMPARES = re.compile(_TABLES.join("compares"), re.IGNORECASE)
_SETTING = re.compile(r"\s?(?:数据集|测试集|任务|基准)?[上中]")
REACH = 24


def find_residual_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find the one number, or the one name compared with, that differs from the quote's."""
    said = [each for each in find_stated_numbers(comparison.statement) if not is_year(each)]
    quoted = [each for each in find_printed_numbers(comparison.quote) if not is_year(each)]
    shared = [each for each in said if any(match(each, other) for other in quoted)]
    if not shared:
        return
    if len(shared) >= LEAST_SHARED_NUMBERS:
        yield from _number(comparison, said, quoted, shared)
    if len(shared) == len(said):
        yield from _name(comparison)


def _number(
    comparison: Comparison,
    said: Sequence[Numeral],
    quoted: Sequence[Numeral],
    shared: Sequence[Numeral],
) -> Iterator[Hint]:
    foreign = [each for each in said if each not in shared]
    if len(foreign) != 1:
        return
    number = foreign[0]
    spare = [each for each in quoted if not any(match(one, each) for one in said)]
    alike = [each for each in spare if has_alike_ending(number, each) and _are_alike(number, each)]
    is_near = any(match(number, each) for each in find_printed_numbers(comparison.context))
    is_computed = parse_calculation(number, comparison.statement) is not None or follows_from_two(
        number, comparison.statement, [*said, *quoted]
    )
    if len(alike) == 1 and not is_near and not is_computed:
        message = (
            f"The statement says {number.text} where the quoted words say {alike[0].text}; "
            f"all else is the same."
        )
        yield Hint("number", number.text, message, is_certain=True)


def _are_alike(number: Numeral, printed: Numeral) -> bool:
    if number.unit.kind != printed.unit.kind or (number.digit < 1 and printed.digit < 1) != (
        number.digit < 1
    ):
        return (
            number.unit.kind == printed.unit.kind
            and number.value > 10_000
            and _are_near(number, printed)
        )
    return _are_near(number, printed)


def _are_near(number: Numeral, printed: Numeral) -> bool:
    smaller, larger = sorted((abs(number.value), abs(printed.value)))
    return larger <= LARGEST_RATIO * smaller


def _name(comparison: Comparison) -> Iterator[Hint]:
    statement, quote = comparison.statement, comparison.quote
    quoted, stated = NameIndex([quote]), NameIndex([statement])
    missing = [name for name in find_names(statement) if not quoted.find(name.text)]
    rivals = [
        name.text
        for name in find_names(quote)
        if not stated.find(name.text)
        and _THAN.search(quote[max(0, name.start - REACH) : name.start])
    ]
    for name in missing:
        if rivals and _is_compared(name, statement) and _COMPARES.search(quote):
            message = (
                f"The statement compares with {name.text}; "
                f"the quoted words compare with {rivals[-1]}."
            )
            yield Hint("name", name.text, message, is_certain=True)


def _is_compared(name: Name, statement: str) -> bool:
    """Tell whether a name is that of what something is compared with."""
    before = statement[max(0, name.start - REACH) : name.start]
    return (
        bool(_THAN.search(before))
        and not _SETTING.match(statement, name.end)
        and bool(_COMPARES.search(statement))
    )
