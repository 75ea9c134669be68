"""Numbers, units and years of a statement that are not those of its evidence."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
    hold_against_quote,
)
from chatpaper.summarize.verify.hints.things import counts_another_thing
from chatpaper.summarize.verify.hints.values.attribution import is_beginning, is_gap
from chatpaper.summarize.verify.numbers.arithmetic import solve
from chatpaper.summarize.verify.numbers.calculations import parse_calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.numbers.units import CALENDAR_MONTH, PERCENT, POINT, TIMES
from chatpaper.summarize.verify.support.derivation import (
    LEAST_TELLING_COUNT,
    find_unstated,
    is_telling,
    is_value,
)
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.support.operands import find_counted, is_sum_of_counts
from chatpaper.summarize.verify.support.years import is_in_short

# Counts up to this one are said of many things: one beside another makes no certain hint.
LARGEST_COMMON_COUNT = 10
LEAST_SMALL_COUNT, LARGEST_SMALL_COUNT = 2, 20
# Numbers further apart are hardly of the same thing.
LARGEST_RATIO = 100
# What was changed alone among several numbers is mostly of the same size still.
LARGEST_RATIO_OF_CHANGED = 10
# Of so many numbers of the evidence each pair is tried. Where it has more, a computed value is
# never certainly wrong.
MOST_OPERANDS = 40
# A number with a scale too many or too few: ten is that of a row more, and no other scale.
SCALES = (10**3, 10**4, 10**6, 10**9)
_PEOPLE = re.compile(r"\s?(?:[位名]|人(?!类|工)|作者|著者|\b(?:co-?)?authors\b|\bpeople\b)")
_MARKED_BEFORE = re.compile(r"[^\W\d_]\Z|[∗*†‡§¶]\d?,?\Z")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)|(?:\w+-)?(?:first|second|third|\w+th)", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"[(+−–-]{0,2}\d[\d.,%KMB)]*")
FIRST_YEAR, LAST_YEAR = 1950, 2100


def find_number_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find numbers that the quote lacks where it has another of their kind, which is not stated."""
    claimed = find_stated_numbers(comparison.statement)
    quoted = find_printed_numbers(comparison.quote)
    near = find_printed_numbers(comparison.evidence)
    # What a statement has in words, 三节点, is no claim of it, but stated all the same.
    said = [*claimed, *find_printed_numbers(comparison.statement)]
    spare = [each for each in find_unstated(quoted, said) if is_value(each, comparison.quote)]
    for numeral in claimed:
        if is_year(numeral):
            yield from _year(numeral, near, claimed, comparison)
        elif is_telling(numeral) and not (
            _is_supported(numeral, comparison.statement, quoted, [*claimed, *near])
            or counts_another_thing(numeral, comparison)
        ):
            is_near = any(match(numeral, printed) for printed in near)
            others = [each for each in spare if not _is_whole_of(each, numeral, claimed)]
            # A row that is quoted stands among others, which `find_table_hints` reads.
            if not (is_near and "|" in comparison.quote):
                yield from _foreign(numeral, quoted, others, comparison, is_near=is_near)


def _is_whole_of(printed: Numeral, numeral: Numeral, stated: Sequence[Numeral]) -> bool:
    """Tell whether a printed number is the sum of a stated number and another one beside it."""
    return any(
        printed.value == numeral.value + other.value
        for other in stated
        if other.start != numeral.start
    )


def is_year(numeral: Numeral) -> bool:
    """Tell whether the number can be nothing but a year."""
    whole = numeral.value == numeral.value.to_integral_value() and numeral.text[:4].isdigit()
    bare = not numeral.unit.kind and not numeral.noun and "," not in numeral.text
    return whole and bare and FIRST_YEAR <= numeral.value <= LAST_YEAR


def follows_from_two(numeral: Numeral, statement: str, others: Sequence[Numeral]) -> bool:
    """Tell whether the statement computes the number, and it follows from two others."""
    question = parse_calculation(numeral, statement)
    operands = [other for other in others if other != numeral][:MOST_OPERANDS]
    return question is not None and any(
        solve(question, one, other) for one, other in combinations(operands, 2)
    )


def _is_supported(
    numeral: Numeral, statement: str, quoted: Sequence[Numeral], operands: Sequence[Numeral]
) -> bool:
    return (
        any(match(numeral, printed) for printed in quoted)
        or is_sum_of_counts(numeral, quoted)
        or follows_from_two(numeral, statement, operands)
    )


def _foreign(
    numeral: Numeral,
    quoted: Sequence[Numeral],
    spare: Sequence[Numeral],
    comparison: Comparison,
    *,
    is_near: bool,
) -> Iterator[Hint]:
    other = _in_another_unit(numeral, quoted, spare) or _of_another_scale(
        numeral, spare, comparison.quote
    )
    # The same digits of the same kind are what was meant, wherever else the paper has these.
    if other and (not is_near or (other in spare and other.unit.kind == numeral.unit.kind)):
        yield hold_against_quote("unit", numeral.text, other.text)
    elif not is_near and (small := _find_small_rival(numeral, spare, comparison)):
        yield hold_against_quote("number", numeral.text, small.text)
    elif rival := next((printed for printed in spare if is_alike(numeral, printed)), None):
        is_open = _is_computed_of_many(numeral, comparison)
        values = [each for each in quoted if is_value(each, comparison.quote)]
        is_added = is_near and (
            is_beginning(comparison.statement[: numeral.start])
            or is_counted_beside(numeral, rival, comparison)
        )
        is_certain = (
            not is_near
            and not is_open
            and not is_common(numeral)
            and not _is_in_paper(numeral, comparison.paper_text)
        ) or (
            not is_added
            and (
                _is_only_difference(numeral, rival, values, comparison.statement)
                or _counts_the_same(numeral, rival, comparison)
                or _are_all_different(numeral, quoted, comparison.statement)
            )
        )
        yield hold_against_quote("number", numeral.text, rival.text, is_certain=is_certain)


def _find_small_rival(
    numeral: Numeral, spare: Sequence[Numeral], comparison: Comparison
) -> Numeral | None:
    """Return the small count of the quote in place of which a statement has another one.

    Any paper has so small a count somewhere. Where it is not near the quote, and the quote has one
    that the statement lacks, the statement gets that one wrong. People are counted by their names,
    and the digits beside names are marks.
    """
    if not _is_small(numeral) or _is_computed_of_many(numeral, comparison):
        return None
    if counts_people(numeral, comparison.statement):
        return None
    stated = find_printed_numbers(comparison.statement)
    return next(
        (
            printed
            for printed in spare
            if _is_small(printed)
            and not is_ordinal(printed)
            and not is_mark(printed, comparison.quote)
            and not any(match(each, printed) for each in stated)
        ),
        None,
    )


def counts_people(numeral: Numeral, text: str) -> bool:
    """Tell whether persons stand right behind a number, who are counted by their names."""
    return bool(_PEOPLE.match(text, numeral.end))


def is_mark(printed: Numeral, quote: str) -> bool:
    """Tell whether digits are the mark of a name: 2New York University, Wu∗12."""
    return bool(
        printed.text[0].isdigit()
        and (
            printed.text[-1].isalpha()
            or quote[printed.end : printed.end + 1].isalpha()
            or _MARKED_BEFORE.search(quote[: printed.start])
        )
    )


def is_ordinal(printed: Numeral) -> bool:
    """Tell whether a printed number tells a place in an order: second, 2nd."""
    return not printed.unit.kind and _ORDINAL.fullmatch(printed.text) is not None


def _is_small(numeral: Numeral) -> bool:
    is_whole = numeral.digit >= 1 and not numeral.unit.kind
    return is_whole and LEAST_SMALL_COUNT <= numeral.value <= LARGEST_SMALL_COUNT


def _is_computed_of_many(numeral: Numeral, comparison: Comparison) -> bool:
    """Tell whether a number may be computed from more numbers than are tried."""
    return bool(
        len(find_printed_numbers(comparison.evidence)) > MOST_OPERANDS
        and parse_calculation(numeral, comparison.statement)
    )


def _is_only_difference(
    numeral: Numeral, rival: Numeral, quoted: Sequence[Numeral], statement: str
) -> bool:
    """Tell whether statement and quote have the same numbers, at least one, but for this one.

    The number may well stand elsewhere in the paper; it was put in the place of another.
    """
    smaller, larger = sorted((numeral.value, rival.value))
    if larger > LARGEST_RATIO_OF_CHANGED * smaller or is_gap(statement[: numeral.start]):
        return False
    said = [
        each
        for each in find_stated_numbers(statement)
        if each.start != numeral.start and is_telling(each)
    ]
    # "Five" in an English statement is not read as a number, but the quote may have it as one.
    said += [
        each
        for each in find_printed_numbers(statement)
        if each.text.isalpha() and each.text.isascii() and each.value > LEAST_TELLING_COUNT
    ]
    printed = [each for each in quoted if each.start != rival.start and is_telling(each)]
    pairs = [(each, other) for each in said for other in printed if match(each, other)]
    # A number may have several readings, of which one is enough.
    return (
        bool(pairs)
        and {each.start for each, _ in pairs} == {each.start for each in said}
        and {other.start for _, other in pairs} == {other.start for other in printed}
    )


def _in_another_unit(
    numeral: Numeral, quoted: Sequence[Numeral], spare: Sequence[Numeral]
) -> Numeral | None:
    """Return the same digits with another unit, if there are any of the same kind."""
    if not numeral.unit.kind:
        return None
    found = [
        other
        for other in quoted
        if other.value == numeral.value and other.unit.kind not in ("", CALENDAR_MONTH)
    ]
    alike = (other for other in found if other in spare and other.unit.kind == numeral.unit.kind)
    return next(alike, found[0] if found else None)


def _of_another_scale(numeral: Numeral, spare: Sequence[Numeral], quote: str) -> Numeral | None:
    """Return the same digits a thousand times, or more, as large or small: 100 for 100,000."""
    if numeral.digit < 1 or is_common(numeral):
        return None
    # The scale of a cell stands in the head of its column.
    spare = () if is_row(quote) else spare
    return next(
        (
            other
            for other in spare
            if other.unit == numeral.unit
            and other.text[:1].isdigit()
            and other.digit >= 1
            and not is_common(other)
            and not is_year(other)
            and any(
                max(numeral.value, other.value) == scale * min(numeral.value, other.value)
                for scale in SCALES
            )
        ),
        None,
    )


def is_row(quote: str) -> bool:
    """Tell whether a quote is a row of a table: more numbers than other words, or cells."""
    words = quote.split()
    numbers = sum(bool(_BARE_NUMBER.fullmatch(word)) for word in words)
    return "|" in quote or numbers > max(2, len(words) // 2)


def _counts_the_same(numeral: Numeral, rival: Numeral, comparison: Comparison) -> bool:
    """Tell whether both numbers count the same thing, of which the quote has one number."""
    if numeral.unit.kind or rival.unit.kind or numeral.digit < 1:
        return False
    counted = find_counted(numeral, comparison.statement)
    others = [
        other
        for other in find_printed_numbers(comparison.quote)
        if counted & find_counted(other, comparison.quote)
    ]
    return {other.start for other in others} == {rival.start}


def is_counted_beside(numeral: Numeral, rival: Numeral, comparison: Comparison) -> bool:
    """Tell whether a sentence beside the quote has the number for what the statement counts.

    "146 test errors" may stand before a quote that goes on with 74, at a temperature of 20. Where
    the quote itself counts these things otherwise, it is meant.
    """
    counted = find_counted(numeral, comparison.statement)
    is_count = numeral.text.replace(",", "").isdigit()
    return is_count and any(
        match(numeral, printed)
        and counted & find_counted(printed, comparison.context)
        and not counted & find_counted(rival, comparison.quote)
        for printed in find_printed_numbers(comparison.context)
    )


def _are_all_different(numeral: Numeral, quoted: Sequence[Numeral], statement: str) -> bool:
    """Tell whether statement and quote have as many measured values of a kind, and share none."""
    kind = numeral.unit.kind
    if kind in ("", PERCENT, POINT, TIMES):
        return False
    said = [each for each in find_stated_numbers(statement) if each.unit.kind == kind]
    printed = [each for each in quoted if each.unit.kind == kind]
    return len(said) == len(printed) > 1 and not any(
        match(each, other) for each in said for other in printed
    )


def has_alike_ending(numeral: Numeral, printed: Numeral) -> bool:
    """Tell whether both numbers have a capital behind them, or neither: 12G measures something.

    Those that multiply a number, as in 11B, do not count.
    """
    said, other = (
        each.text[-1:].isupper() and each.text[-1:] not in "KMBT" for each in (numeral, printed)
    )
    return said == other


def is_alike(numeral: Numeral, printed: Numeral) -> bool:
    """Tell whether two numbers may be of one thing: by their unit, or else their size."""
    if is_year(printed) or is_ordinal(printed) or not has_alike_ending(numeral, printed):
        return False
    if numeral.unit.kind or printed.unit.kind:
        return numeral.unit.kind == printed.unit.kind
    if (
        not is_telling(printed)
        or (numeral.digit < 1) != (printed.digit < 1)
        or is_common(numeral) != is_common(printed)
    ):
        return False
    smaller, larger = sorted((numeral.value, printed.value))
    return larger <= LARGEST_RATIO * smaller


def is_common(numeral: Numeral) -> bool:
    """Tell whether a number is a count that is said of many things."""
    return not numeral.unit.kind and numeral.value <= LARGEST_COMMON_COUNT and numeral.digit >= 1


def _year(
    numeral: Numeral, near: Sequence[Numeral], claimed: Sequence[Numeral], comparison: Comparison
) -> Iterator[Hint]:
    text = numeral.text[:4]
    if not comparison.evidence.strip() or any(printed.value == numeral.value for printed in near):
        return
    stated = {each.value for each in claimed}
    rivals = [printed.text for printed in near if is_year(printed) and printed.value not in stated]
    is_certain = bool(rivals) and not is_in_short(text, comparison.statement, comparison.paper_text)
    message = (
        f"The statement gives the year {numeral.text}; "
        f"the evidence gives {rivals[0] if rivals else 'none'}."
    )
    yield Hint("number", numeral.text, message, is_certain)


def _is_in_paper(numeral: Numeral, paper_text: str) -> bool:
    return any(match(numeral, printed) for printed in _numerals_of_paper(paper_text))


@lru_cache(maxsize=2)
def _numerals_of_paper(paper_text: str) -> tuple[Numeral, ...]:
    return find_printed_numerals(paper_text)
