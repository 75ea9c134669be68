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
    """Find numbers by a unit that the quote has by another one."""
    if not comparison.quote:
        return
    for numeral in find_stated_numbers(comparison.statement):
        rates = find_rates_of(numeral, comparison.statement)
        if len(rates) == 1 and (other := _find_other(rates[0], numeral, comparison)):
            said = comparison.statement[rates[0].start : rates[0].end].strip()
            printed = comparison.quote[other.start : other.end].strip()
            yield hold_against_quote("unit", said, printed)


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
