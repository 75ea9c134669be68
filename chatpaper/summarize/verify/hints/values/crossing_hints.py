"""Numbers that stand elsewhere in a table than where the row and column of the statement cross."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from chatpaper.domain.text.scripts import HAN
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.values.attribution import is_change, is_filler, is_gap
from chatpaper.summarize.verify.hints.values.table_keys import Key, find_keys, pick_labels
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.tables.crossings import AddressedTable, Value, Words
from chatpaper.summarize.verify.tables.grids import has_words

_IN_ORDER = re.compile(r"分别|依次|それぞれ|\brespectively\b", re.IGNORECASE)
_AND = re.compile(r"\s?(?:、|，|和|与|及|/|,|\band\b|, and)\s?(?:the )?")
# A measure that no table has, behind what was measured: 的检出率为.
_MEASURED = re.compile(rf"[（(]?[)）]?\s?的?[{HAN}]{{2,6}}(?:[为是达仅约]|达到|只有|却仅)\s?")
_OURS = frozenset({"ours", "our", "proposed", "full"})
# Numbers with fewer digits stand in many cells.
LEAST_DIGITS = 3
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class _Crossing:
    """The labels of rows and columns that a statement has for a number; () where it has none."""

    rows: tuple[frozenset[Words], ...]
    columns: tuple[frozenset[Words], ...]

    def holds(self, value: Value) -> bool:
        """Tell whether a value stands in one of the rows and in one of the columns."""
        return all(labels.intersection(value.rows) for labels in self.rows) and all(
            labels.intersection(value.columns) for labels in self.columns
        )


def find_crossing_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find numbers that a table has, but not where the names before them cross in it."""
    statement = comparison.statement
    numerals = find_stated_numbers(statement)
    told = [each for each in numerals if count_digits(each) >= LEAST_DIGITS]
    if not told or not comparison.tables or _IN_ORDER.search(statement):
        return
    keys = find_keys(statement)
    prose = _prose_numbers(comparison.paper_text)
    for numeral in told:
        is_told_otherwise = is_gap(statement[: numeral.start]) or any(
            match(numeral, printed) for printed in prose
        )
        chain = _chain(numeral, keys, numerals, statement)
        if is_told_otherwise or not chain or _is_listed(numeral, numerals, statement):
            continue
        if there := _find_conflict(numeral, chain, comparison.tables):
            names = " / ".join(statement[key.start : key.end] for keys in chain for key in keys)
            message = (
                f"The statement gives {numeral.text} for {names}; the table has {there} there."
            )
            yield Hint("table", numeral.text, message, is_certain=True)


def _is_listed(numeral: Numeral, numerals: Sequence[Numeral], statement: str) -> bool:
    """Tell whether a number stands in a list with others, which are of several things in order."""
    return any(
        _AND.fullmatch(statement, first.end, second.start)
        for first, second in pairwise(numerals)
        if numeral in (first, second)
    )


def _chain(
    numeral: Numeral, keys: Sequence[Key], numerals: Sequence[Numeral], statement: str
) -> list[list[Key]]:
    """Return the keys that a number is of, the nearest first, with those listed beside each.

    Nothing but other numbers and words of attribution may stand between.
    """
    chain: list[list[Key]] = []
    end, is_of_row = numeral.start, False
    spans: list[Key | Numeral] = [*keys, *numerals]
    before = [each for each in spans if each.end <= numeral.start]
    for each in sorted(before, key=lambda each: -each.end):
        between = statement[each.end : end]
        is_list = bool(chain) and chain[-1][-1].start == end and bool(_AND.fullmatch(between))
        is_measured = bool(_MEASURED.fullmatch(between)) and not is_change(between)
        if each.end > end or not (is_list or is_filler(between) or is_measured):
            break
        is_of_row = is_of_row or (is_measured and not is_filler(between))
        if isinstance(each, Key):
            key = replace(each, is_of_row=is_of_row)
            if is_list:
                chain[-1].append(key)
            else:
                chain.append([key])
        end = each.start
    return chain


def _find_conflict(
    numeral: Numeral, chain: Sequence[Sequence[Key]], tables: Sequence[AddressedTable]
) -> str:
    """Return what a table has where the keys cross, or "" where the number may be there.

    No place of the number may agree with the keys, in whatever table.
    """
    found = ""
    rivals = _find_rivals(chain, tables)
    for table in tables:
        holders = [
            value
            for value in table.values
            if any(match(numeral, printed) for printed in value.numerals)
        ]
        if not holders:
            continue
        crossing = _cross(table, chain)
        if crossing is None:
            if not all(rivals.intersection(value.rows) for value in holders):
                return ""
            continue
        if any(_may_be_at(value, crossing, chain) for value in holders):
            return ""
        own = [value for value in table.values if crossing.holds(value)]
        printed = dict.fromkeys(each.text for value in own for each in value.numerals)
        found = found or ", ".join(list(printed)[:MOST_SHOWN])
    return found


def _find_rivals(
    chain: Sequence[Sequence[Key]], tables: Sequence[AddressedTable]
) -> frozenset[Words]:
    """Return the rows beside those that the keys name, in tables that have these."""
    rivals: set[Words] = set()
    for table in tables:
        for keys in chain:
            if picked := pick_labels(keys, table.rows):
                rivals |= table.rows - picked
    return frozenset(rivals)


def _cross(table: AddressedTable, chain: Sequence[Sequence[Key]]) -> _Crossing | None:
    """Return the rows and columns that the keys name in a table.

    It is None where a key is unknown there. A key further away counts as far as it goes together
    with the nearer ones.
    """
    crossing = _Crossing((), ())
    for keys in chain:
        rows, columns = pick_labels(keys, table.rows), pick_labels(keys, table.columns)
        if not rows and not columns:
            if not any(has_words(table.caption, key.words) for key in keys):
                return None
            continue
        wider = _Crossing(
            (*crossing.rows, rows) if rows else crossing.rows,
            (*crossing.columns, columns)
            if columns and not rows and not keys[0].is_of_row
            else crossing.columns,
        )
        if any(map(wider.holds, table.values)):
            crossing = wider
    return crossing if crossing.rows or crossing.columns else None


def _may_be_at(value: Value, crossing: _Crossing, chain: Sequence[Sequence[Key]]) -> bool:
    """Tell whether a value stands where the keys cross, or in a row of a variant or of "ours"."""
    names = ["".join(key.words) for keys in chain for key in keys]
    is_variant = any(
        _OURS.intersection(label) or any("".join(label).startswith(name) for name in names)
        for label in value.rows
    )
    rows = () if is_variant else crossing.rows
    return _Crossing(rows, crossing.columns).holds(value)


@lru_cache(maxsize=2)
def _prose_numbers(paper_text: str) -> tuple[Numeral, ...]:
    prose = "\n\n".join(block for block in paper_text.split("\n\n") if "|" not in block)
    return tuple(
        each for each in find_printed_numerals(prose) if count_digits(each) >= LEAST_DIGITS
    )
