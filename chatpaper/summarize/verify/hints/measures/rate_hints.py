"""Numbers that a statement counts by another unit than its quote: 每分钟 3.5 for 3.5 per game."""

from collections.abc import Iterator, Sequence

from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
    hold_against_quote,
)
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.rates import Rate, find_rates, find_rates_of
from chatpaper.summarize.verify.numbers.units import NO_UNIT
from chatpaper.summarize.verify.support.number_match import match


def find_rate_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find numbers by a unit that the quote has by another one, and unnumbered rates by another."""
    if not comparison.quote:
        return
    numerals = find_stated_numbers(comparison.statement)
    counted: set[Rate] = set()
    for numeral in numerals:
        rates = find_rates_of(numeral, comparison.statement)
        counted.update(rates)
        if len(rates) == 1 and (other := _find_other(rates[0], numeral, comparison)):
            yield _hint(rates[0], other, comparison)
    yield from _find_unnumbered(counted, comparison)


def _find_other(rate: Rate, numeral: Numeral, comparison: Comparison) -> Rate | None:
    """Return the rate at which the quote has the number, where that is another one."""
    quote = comparison.quote
    of_quote = [
        each
        for printed in find_printed_numbers(quote)
        if match(numeral, printed)
        for each in find_rates_of(printed, quote)
    ]
    if rate.unit is NO_UNIT or not of_quote or _is_told(rate, numeral, comparison):
        return None
    return of_quote[0]


def _is_told(rate: Rate, numeral: Numeral, comparison: Comparison) -> bool:
    """Tell whether the quote has the rate anywhere, or the paper has it for this number."""
    evidence = comparison.evidence
    return _has(rate, tuple(find_rates(comparison.quote))) or any(
        _has(rate, find_rates_of(printed, evidence))
        for printed in find_printed_numbers(evidence)
        if match(numeral, printed)
    )


def _has(rate: Rate, others: Sequence[Rate]) -> bool:
    return any(rate.is_same(other) for other in others)


def _find_unnumbered(counted: set[Rate], comparison: Comparison) -> Iterator[Hint]:
    """Find the rate by time without a number, 每周一两次, where the quote's only one is another."""
    stated = {each for each in find_rates(comparison.statement) if each.is_by_time}
    quoted = [each for each in find_rates(comparison.quote) if each.is_by_time]
    if len(stated) != 1 or len(quoted) != 1 or stated & counted:
        return
    (rate,) = stated
    if not rate.is_same(quoted[0]):
        yield _hint(rate, quoted[0], comparison)


def _hint(rate: Rate, other: Rate, comparison: Comparison) -> Hint:
    said = comparison.statement[rate.start : rate.end].strip()
    printed = comparison.quote[other.start : other.end].strip()
    return hold_against_quote("unit", said, printed)
