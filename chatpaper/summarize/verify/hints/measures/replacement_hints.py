"""Numbers of a statement in the place of which its quote has others: 6.4 % where it has 4.4 %.

Another part of the paper may well have the stated ones. A quote that has at least as many others of
that kind, none of which is stated, says what they should be.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.verify.hints.clauses import CLAUSE_MARK, measure_overlap
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
    hold_against_quote,
)
from chatpaper.summarize.verify.hints.things import counts_another_thing
from chatpaper.summarize.verify.hints.values.attribution import is_beginning, is_end_of_name, is_gap
from chatpaper.summarize.verify.hints.values.number_hints import (
    counts_people,
    follows_from_two,
    has_alike_ending,
    is_counted_beside,
    is_mark,
    is_ordinal,
    is_row,
    is_year,
)
from chatpaper.summarize.verify.numbers.calculations import Operation, parse_calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT
from chatpaper.summarize.verify.support.derivation import find_unstated, is_telling, is_value
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.support.operands import is_small_count, is_sum_of_counts

# Numbers further apart are hardly of the same thing.
LARGEST_RATIO = 10
# Numbers side by side are cells: other rows of their table have what else is stated.
_CELLS = re.compile(r"\d[A-Za-z%]{0,4}(?: \([^()]{0,24}\))?\s(?:[±×]\s?)?\d")
_CITED_BEFORE = re.compile(r"[^\W\d_]{2}\Z|\d,\Z")
# What a number is that tells how far something changed, or differs from something else.
_CHANGES: frozenset[Operation] = frozenset({"difference", "rise", "fall", "ratio", "excess"})


def find_replacement_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find numbers that a quote lacks where it has others like them that are not stated."""
    if comparison.quote:
        yield from _find_replaced(comparison, is_quoted=True)


def _find_replaced(comparison: Comparison, *, is_quoted: bool) -> Iterator[Hint]:
    """Find numbers in the place of which words of the paper have others.

    What stands around these words may be what is meant: where they are quoted, only if they leave
    no number for it, and otherwise in any case.
    """
    quote, statement = comparison.quote, comparison.statement
    if is_row(quote) or _CELLS.search(quote):
        return
    stated, printed = find_stated_numbers(statement), find_printed_numbers(quote)
    said = [*stated, *find_printed_numbers(f"{statement}\n{comparison.whole}")]
    spare = [*find_unstated(printed, said), *_find_repeated(printed, said)]
    prose = comparison.prose
    near = [each for each in find_printed_numbers(prose) if not _is_citation(each, prose)]
    missing = [each for each in stated if is_telling(each) and not is_among(each, printed)]
    far = [each for each in missing if not is_among(each, near)]
    for numeral in missing if is_quoted else far:
        rivals = [each for each in spare if _is_alike(numeral, each, comparison)]
        mates = [
            each for each in (far if numeral in far else missing) if _are_of_kind(numeral, each)
        ]
        is_replaced = len({each.start for each in rivals}) >= len(mates)
        if is_replaced and not (
            is_year(numeral)
            or counts_people(numeral, statement)
            or is_end_of_name(numeral, comparison)
            or is_beginning(statement[: numeral.start])
            or is_sum(numeral, printed)
            or follows_from_two(numeral, statement, [*stated, *printed])
            or counts_another_thing(numeral, comparison)
            or (numeral not in far and _may_be_added(numeral, rivals[0], stated, comparison))
        ):
            yield hold_against_quote("number", numeral.text, rivals[0].text)


def _may_be_added(
    numeral: Numeral, rival: Numeral, stated: Sequence[Numeral], comparison: Comparison
) -> bool:
    """Tell whether a number may be what a sentence beside the quote tells of something else.

    That one counts these things with it, or has more in common with what the statement says of
    it, or the quoted number follows from what is stated.
    """
    return (
        is_small_count(numeral)
        or is_sum(rival, stated)
        or is_gap(comparison.statement[: numeral.start])
        or is_counted_beside(numeral, rival, comparison)
        or _is_told_beside(numeral, comparison)
    )


def _is_told_beside(numeral: Numeral, comparison: Comparison) -> bool:
    """Tell whether a sentence that has a number goes on where the quote is cut off.

    One that is more like the clause of the number than the quote is tells of it as well, and any
    does where the quote has nothing in common with that clause.
    """
    start = numeral.start - len(CLAUSE_MARK.split(comparison.statement[: numeral.start])[-1])
    clause = CLAUSE_MARK.split(comparison.statement[start:])[0]
    words = clause.replace(numeral.text, " ")
    quote = comparison.quote.strip(" .")
    quoted = measure_overlap(words, quote).shared
    return not quoted or any(
        is_among(numeral, find_printed_numbers(sentence))
        and (quote in sentence or measure_overlap(words, sentence).shared > quoted)
        for _, sentence in split_sentences(comparison.prose)
    )


def find_sole_replacement_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find the one number that the quote lacks where it has one other that is not stated."""
    stated = find_stated_numbers(comparison.statement)
    printed = find_printed_numbers(comparison.quote)
    spare = find_unstated(printed, [*stated, *find_printed_numbers(comparison.statement)])
    missing = [each for each in stated if is_telling(each) and not is_among(each, printed)]
    if len(missing) == 1 == len({each.start for each in spare if is_telling(each)}):
        yield from _find_replaced(comparison, is_quoted=False)


def _is_citation(printed: Numeral, text: str) -> bool:
    """Tell whether a number is one of works that are cited right behind a word: pots2,6,9."""
    is_bare = not printed.unit.kind and printed.text.isdigit()
    return (
        is_bare
        and _CITED_BEFORE.search(text[max(0, printed.start - 2) : printed.start]) is not None
    )


def _find_repeated(printed: Sequence[Numeral], said: Sequence[Numeral]) -> list[Numeral]:
    """Find the numbers that a quote has more often than a statement, which has them."""
    repeated = []
    for each in printed:
        times = {other.start for other in printed if other.value == each.value}
        stated = {other.start for other in said if other.value == each.value}
        if 0 < len(stated) < len(times) and each.start == max(times):
            repeated.append(each)
    return repeated


def is_among(numeral: Numeral, printed: Sequence[Numeral]) -> bool:
    """Tell whether a number is one of those that are printed."""
    return any(match(numeral, each) for each in printed)


def is_sum(numeral: Numeral, printed: Sequence[Numeral]) -> bool:
    """Tell whether a number is the sum of two of the quote, or of all, or what the one has more."""
    return is_sum_of_counts(numeral, printed) or any(
        numeral.value in (one.value + other.value, abs(one.value - other.value))
        for one, other in combinations(printed, 2)
        if one.start != other.start and one.unit.kind == other.unit.kind
    )


def _is_alike(numeral: Numeral, printed: Numeral, comparison: Comparison) -> bool:
    """Tell whether a number of the quote may be of what a stated one is of.

    In place of how much something changed no level is meant.
    """
    if (
        not _are_of_kind(numeral, printed)
        or is_year(printed)
        or is_ordinal(printed)
        or (not printed.unit.kind and is_mark(printed, comparison.quote))
        or not is_value(printed, comparison.quote)
        or not has_alike_ending(numeral, printed)
        or (_is_change(numeral, comparison.statement) and not _is_change(printed, comparison.quote))
    ):
        return False
    sizes = [each.value * each.unit.factor for each in (numeral, printed)]
    return max(sizes) <= LARGEST_RATIO * min(sizes)


def _is_change(numeral: Numeral, text: str) -> bool:
    calculation = parse_calculation(numeral, text)
    return calculation is not None and not _CHANGES.isdisjoint(calculation.operations)


def _are_of_kind(one: Numeral, other: Numeral) -> bool:
    """Tell whether two numbers have one kind of unit or, without, both decimals or neither."""
    if one.unit.kind or other.unit.kind:
        return _find_kind(one) == _find_kind(other)
    return (one.digit < 1) == (other.digit < 1)


def _find_kind(numeral: Numeral) -> str:
    return PERCENT if numeral.unit.kind == POINT else numeral.unit.kind
