"""Numbers of the quoted words that a statement tells in another unit: 824 MB for 824 messages."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
    hold_against_quote,
)
from chatpaper.summarize.verify.hints.values.number_hints import (
    follows_from_two,
    is_row,
)
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import (
    CALENDAR_MONTH,
    PERCENT,
    POINT,
    TIMES,
    find_units,
    may_be_called,
)
from chatpaper.summarize.verify.support.derivation import find_unstated
from chatpaper.summarize.verify.support.number_match import (
    count_otherwise,
    match,
    may_be_told_otherwise,
)
from chatpaper.summarize.verify.support.operands import have_same_digits

_SHARES = (PERCENT, POINT)
_POWER = re.compile(r"\d\s?[eE]\s?[+−–-]?\s?\d|10\s?[\^{]?\s?[⁻⁰¹²³⁴-⁹−^]")
# Arrows and signs before what something gained or lost: 63.9 ↓1.0.
_SIGN_BEFORE = re.compile(r"(?:[↑↓▲▼△+]|(?<![\w.])[−–-])\s?\Z")
_LIST_BEFORE, _LIST_BEHIND = frozenset("([{,/$€£¥~="), frozenset(")]}/")


def find_unit_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find numbers that the quote has in another unit alone, or in the same at another scale."""
    if not comparison.quote:
        return
    stated = find_stated_numbers(comparison.statement)
    quoted = find_printed_numbers(comparison.quote)
    near = find_printed_numbers(comparison.evidence)
    spare = find_unstated(quoted, stated)
    for numeral in stated:
        if any(_is_in_same_unit(numeral, each) for each in near) or follows_from_two(
            numeral, comparison.statement, [*stated, *quoted]
        ):
            continue
        other = (
            _find_in_another_unit(numeral, quoted)
            or _find_counted_otherwise(numeral, quoted)
            or _find_count(numeral, quoted, comparison)
            or _find_at_another_scale(numeral, spare)
            or _find_difference(numeral, quoted, comparison.quote)
        )
        if other is not None:
            yield hold_against_quote("unit", numeral.text, other.text)


def _is_in_same_unit(numeral: Numeral, printed: Numeral) -> bool:
    """Tell whether a printed number is the stated one with the same kind of unit."""
    if may_be_told_otherwise(numeral.noun) and not may_be_told_otherwise(printed.noun):
        return False
    kinds = {numeral.unit.kind, printed.unit.kind}
    is_same = may_be_called(numeral.unit.kind, printed.unit.kind) or kinds <= {*_SHARES}
    return is_same and match(numeral, printed) is not None


def _find_in_another_unit(numeral: Numeral, quoted: Sequence[Numeral]) -> Numeral | None:
    """Return the same value in a unit of another kind, or of another size."""
    if not numeral.unit.kind:
        return None
    return next(
        (
            each
            for each in quoted
            if each.value == numeral.value and each.unit.kind not in ("", CALENDAR_MONTH)
        ),
        None,
    )


def _find_counted_otherwise(numeral: Numeral, quoted: Sequence[Numeral]) -> Numeral | None:
    """Return the same count of other things: steps for epochs."""
    same = [each for each in quoted if each.value == numeral.value and each.noun]
    others = [each for each in same if count_otherwise(numeral.noun, each.noun)]
    return others[0] if others and len(others) == len(same) else None


def _find_count(
    numeral: Numeral, quoted: Sequence[Numeral], comparison: Comparison
) -> Numeral | None:
    """Return the bare number of a sentence that tells of nothing that the stated one measures."""
    kind = numeral.unit.kind
    # A year of a time long ago is no length of time.
    if kind in ("", "year", *_SHARES, TIMES, CALENDAR_MONTH) or is_row(comparison.quote):
        return None
    same = [each for each in quoted if each.value == numeral.value]
    is_count = bool(same) and all(
        not each.unit.kind and not _is_listed(each, comparison.quote) for each in same
    )
    return same[0] if is_count and not find_units(kind, comparison.evidence) else None


def _is_listed(numeral: Numeral, text: str) -> bool:
    """Tell whether a number stands in brackets or a list, or behind a sign: [18, 20], $250k."""
    before, behind = text[: numeral.start].rstrip(), text[numeral.end :].lstrip()
    return before[-1:] in _LIST_BEFORE or behind[:1] in _LIST_BEHIND


def _find_at_another_scale(numeral: Numeral, spare: Sequence[Numeral]) -> Numeral | None:
    """Return what has the same digits and unit, ten times or more as large or small.

    Of bare numbers those alone are taken that are written with a power of ten.
    """
    return next(
        (
            each
            for each in spare
            if each.unit == numeral.unit
            and have_same_digits(numeral, each)
            and (numeral.unit.kind or (_is_power(numeral) and _is_power(each)))
        ),
        None,
    )


def _is_power(numeral: Numeral) -> bool:
    """Tell whether a number is written with a power of ten: 5×10⁻², 1e-6."""
    return bool(_POWER.search(numeral.text))


def _find_difference(numeral: Numeral, quoted: Sequence[Numeral], quote: str) -> Numeral | None:
    """Return what a stated factor is in the quote where a sign tells it to be a difference."""
    same = [each for each in quoted if each.value == numeral.value and not each.unit.kind]
    are_signed = all(_SIGN_BEFORE.search(quote[: each.start]) for each in same)
    return same[0] if numeral.unit.kind == TIMES and same and are_signed else None
