"""Numbers that stand elsewhere in a table than where the row and column of the statement cross."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain.text.scripts import HAN
from chatpaper.summarize.verify.hints.clauses import find_sentence_start
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_prose_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.values.attribution import is_change, is_end, is_filler, is_gap
from chatpaper.summarize.verify.hints.values.table_keys import Key, find_keys, pick_labels
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.tables.crossings import AddressedTable, Value, Words
from chatpaper.summarize.verify.tables.grids import has_words, is_in_label

_IN_ORDER = re.compile(r"分别|依次|それぞれ|\brespectively\b", re.IGNORECASE)
_AND = re.compile(r"\s?(?:、|，|和|与|及|/|,|\band\b|, and)\s?(?:the )?")
# A measure that no table has, behind what was measured: 的检出率为.
_MEASURED = re.compile(rf"[（(]?[)）]?\s?的?[{HAN}]{{2,6}}(?:[为是达仅约]|达到|只有|却仅)\s?")
_FROM = re.compile(r"\s?(?:从|由)\s?\Z")
# What does something to what the numbers are of: ICE 将 GSM8K 的准确率由.
_HANDLES = re.compile(r"[将把使让]")
_THERE = re.compile(r"\s?(?:数据集|测试集|基准|任务)?[上中]，")
_THERE_AGAIN = re.compile(r"[上中下里内]")
_PARTED = re.compile(r"[，：；。,:;（）()]")
_BRACKET_END = re.compile(r"[)）]")
# What a share is taken of: TideNet 以 20.3% 的 MoonNet 更新达到 61.3.
_SHARE_OF = re.compile(r"[%％]\s?(?:的|の|of (?:the )?)\s?\Z")
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
    if not numerals or not comparison.tables:
        return
    keys = find_keys(statement)
    prose = find_prose_numbers(comparison.paper_text)
    for run in _find_runs(numerals, statement):
        chain = _chain(run[0], keys, numerals, statement, is_list=len(run) > 1)
        for place, numeral in enumerate(run):
            if is_gap(statement[: numeral.start]) or count_digits(numeral) < LEAST_DIGITS:
                continue
            own = _in_order(chain, place, len(run))
            if not own or any(match(numeral, printed) for printed in prose):
                continue
            if there := _find_conflict(numeral, own, comparison.tables):
                names = " / ".join(statement[key.start : key.end] for keys in own for key in keys)
                message = (
                    f"The statement gives {numeral.text} for {names}; the table has {there} there."
                )
                yield Hint("table", numeral.text, message, is_certain=True)


def _find_runs(numerals: Sequence[Numeral], statement: str) -> list[list[Numeral]]:
    """Return the numbers of a statement, those of a list together."""
    runs: list[list[Numeral]] = []
    for numeral in numerals:
        if runs and _AND.fullmatch(statement, runs[-1][-1].end, numeral.start):
            runs[-1].append(numeral)
        else:
            runs.append([numeral])
    return runs


def _in_order(chain: list[list[Key]], place: int, size: int) -> list[list[Key]]:
    """Return the keys of one number of a list: its own one of as many keys, and all others.

    There are none where no list of keys is as long, or two are.
    """
    if size == 1:
        return chain
    lists = [keys for keys in chain if len(keys) == size]
    if len(lists) != 1:
        return []
    own = sorted(lists[0], key=_start_of)[place]
    return [[own] if keys is lists[0] else keys for keys in chain]


def _start_of(key: Key) -> int:
    return key.start


def _chain(
    numeral: Numeral,
    keys: Sequence[Key],
    numerals: Sequence[Numeral],
    statement: str,
    *,
    is_list: bool,
) -> list[list[Key]]:
    """Return the keys that a number is of, the nearest first, with those listed beside each.

    Nothing but other numbers and words of attribution may stand between. Both numbers of a change
    are of what is named before it, in its clause.
    """
    chain: list[list[Key]] = []
    start = _find_change(numeral, numerals, statement)
    end, is_of_row = numeral.start if start is None else start, False
    spans: list[Key | Numeral] = [*keys, *numerals]
    before = [each for each in spans if each.end <= end]
    for each in sorted(before, key=lambda each: -each.end):
        between = statement[each.end : end]
        if is_list and not chain:
            between = _IN_ORDER.sub("", between)
        is_joined = bool(chain) and chain[-1][-1].start == end and bool(_AND.fullmatch(between))
        is_measured = bool(_MEASURED.fullmatch(between)) and not is_change(between)
        # What stands in brackets with a number is an aside.
        is_parted = (start is not None and bool(_PARTED.search(between))) or (
            isinstance(each, Numeral) and bool(_BRACKET_END.search(between))
        )
        is_told = is_list or is_measured or is_filler(_without_handles(between, start))
        if each.end > end or is_parted or not is_told:
            break
        is_of_row = is_of_row or (is_measured and not is_filler(between))
        if isinstance(each, Key) and not _SHARE_OF.search(statement[: each.start]):
            key = replace(each, is_of_row=is_of_row)
            if is_joined:
                chain[-1].append(key)
            else:
                chain.append([key])
        end = each.start
    return [*chain, *_find_setting(end, keys, statement)] if chain else chain


def _without_handles(between: str, start: int | None) -> str:
    """Return the words between without what says that something changes what follows."""
    return between if start is None else _HANDLES.sub("", between)


def _find_setting(end: int, keys: Sequence[Key], statement: str) -> Iterator[list[Key]]:
    """Yield the key by which the sentence says where all that follows was measured: 在 X 上，."""
    start = find_sentence_start(statement, end)
    for key in reversed(keys):
        if key.start < start:
            return
        if key.end <= end and _THERE.match(statement, key.end):
            if not _THERE_AGAIN.search(statement, key.end + 2, end):
                yield [key]
            return


def _find_change(numeral: Numeral, numerals: Sequence[Numeral], statement: str) -> int | None:
    """Return where the words begin that say that something changes from or to a number."""
    first = numeral
    if is_end(statement[: numeral.start]):
        first = max(
            (each for each in numerals if each.end <= numeral.start), key=_end_of, default=numeral
        )
    found = _FROM.search(statement[: first.start])
    return found.start() if found else None


def _end_of(numeral: Numeral) -> int:
    return numeral.end


def _find_conflict(
    numeral: Numeral, chain: Sequence[Sequence[Key]], tables: Sequence[AddressedTable]
) -> str:
    """Return what a table has where the keys cross, or "" where the number may be there.

    No place of the number may agree with the keys, in whatever table, nor be in a label of theirs.
    """
    labels = [label for table in tables for label in (*table.rows, *table.columns)]
    if any(is_in_label(numeral.text, key.words, labels) for key in chain[0]):
        return ""
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
        names = _find_names(table, chain)
        if any(_may_be_at(value, crossing, names, table) for value in holders):
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

    It is None where a key is unknown there, unless nearer ones name a row and a column. A key
    further away counts as far as it goes together with the nearer ones.
    """
    crossing = _Crossing((), ())
    for keys in chain:
        rows, columns = pick_labels(keys, table.rows), _pick_columns(keys, table)
        if columns and all(key.is_set for key in keys):
            rows = frozenset()
        if not rows and not columns:
            is_measure = all(key.printed for key in keys)
            if not is_measure and not any(has_words(table.caption, key.words) for key in keys):
                return crossing if crossing.rows and crossing.columns else None
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


def _pick_columns(keys: Sequence[Key], table: AddressedTable) -> frozenset[Words]:
    """Return the columns that the keys name.

    They name none where all of the table is of this measure, and one column of a special kind of
    it: "Chance Accuracy".
    """
    columns = pick_labels(keys, table.columns)
    is_special = len(columns) == 1 and all(len(label) > 1 for label in columns)
    return frozenset() if is_special and all(k.measures(table.caption) for k in keys) else columns


def _find_names(table: AddressedTable, chain: Sequence[Sequence[Key]]) -> list[str]:
    """Return the nearest names of the number that rows have, in folded letters."""
    named = next((keys for keys in chain if pick_labels(keys, table.rows)), ())
    return ["".join(key.words) for key in named]


def _may_be_at(
    value: Value, crossing: _Crossing, names: Sequence[str], table: AddressedTable
) -> bool:
    """Tell whether a value stands where the keys cross, or in a row that may be called so.

    That is the row of a variant or, where no row is called just so, that of "ours".
    """
    is_row = any("".join(label) in names for label in table.rows)
    is_variant = any(
        (not is_row and bool(_OURS.intersection(label)))
        or any("".join(label).startswith(name) for name in names)
        for label in value.rows
    )
    rows = () if is_variant else crossing.rows
    return _Crossing(rows, crossing.columns).holds(value)
