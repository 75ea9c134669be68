"""Numbers of a table's row beside the name of another: exchanged, or those of an ablation."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.prose import LEAST_TELLING_DIGITS, split_prose
from chatpaper.summarize.verify.hints.tabular.owner import find_owner
from chatpaper.summarize.verify.hints.values.attribution import is_gap
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.tables.grids import (
    Cell,
    Grid,
    find_grid,
    has_words,
    parse_grids,
    split_label,
)

_TABLES = load_word_tables(__name__)
_REMOVED_FROM = re.compile(_TABLES.join("removed_in_labels"), re.IGNORECASE)
_REMOVING = re.compile(rf"(?:{_TABLES.join('removing')})[^，。；,;]{{0,6}}\Z", re.IGNORECASE)
_FROM = re.compile(r"(?:由|从|\bfrom)[^，。；,;\d]{0,12}\Z", re.IGNORECASE)
_TO = re.compile(r"[^，。；,;]{0,12}?(?:至|到|为|\bto\b)\s?", re.IGNORECASE)
_REMOVES = re.compile(_TABLES.join("removes"), re.IGNORECASE)


Owned = tuple[Numeral, tuple[str, ...], str]


def find_row_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find numbers that two names have exchanged, and those of an ablation called the whole."""
    claimed = [
        each
        for each in find_stated_numbers(comparison.statement)
        if count_digits(each) >= LEAST_TELLING_DIGITS
        and not is_gap(comparison.statement[: each.start])
    ]
    grids = parse_grids(comparison.paper_text) if claimed else ()
    if not grids:
        return
    names = find_names(comparison.statement)
    owned = [
        (each, split_label(owner.text), owner.text)
        for each in claimed
        if (owner := find_owner(each, comparison.statement, names))
    ]
    yield from _exchanged(owned, grids)
    if not _REMOVES.search(comparison.statement):
        yield from _of_ablations(owned, grids, comparison.paper_text)
    yield from _turned_removals(comparison.statement, claimed, grids)


def _exchanged(owned: Sequence[Owned], grids: Sequence[Grid]) -> Iterator[Hint]:
    """Find two numbers of one column, each of which is in the row of the other one's name."""
    for (one, its, name), (other, theirs, rival) in combinations(owned, 2):
        if its == theirs:
            continue
        firsts, seconds = _cells(one, grids), _cells(other, grids)
        if _any_of(firsts, its) or _any_of(seconds, theirs):
            continue
        if any(
            first.grid == second.grid
            and first.column == second.column
            and _is_of(first, theirs)
            and _is_of(second, its)
            for first in firsts
            for second in seconds
        ):
            message = (
                f"The statement gives {one.text} to {name} and {other.text} to {rival}; "
                f"the table has them the other way round."
            )
            yield Hint("table", one.text, message, is_certain=True)


def _of_ablations(owned: Sequence[Owned], grids: Sequence[Grid], paper_text: str) -> Iterator[Hint]:
    """Find a number that only a row has from which a part of the method was taken away."""
    for numeral, words, name in owned:
        cells = [cell for cell in _cells(numeral, grids) if has_words(cell.label, words)]
        if (
            cells
            and all(_is_ablation(cell, words, grids) for cell in cells)
            and not _is_said_of_the_whole(numeral, paper_text)
        ):
            message = (
                f"The statement gives {numeral.text} for {name}; "
                f"the table has it in {cells[0].line!r}."
            )
            yield Hint("table", numeral.text, message, is_certain=True)


def _turned_removals(
    statement: str, numerals: Sequence[Numeral], grids: Sequence[Grid]
) -> Iterator[Hint]:
    """Find a change by the removal of a part that begins where the table has it end."""
    removed = [
        split_label(name.text)
        for name in find_names(statement)
        if _REMOVING.search(statement[: name.start])
    ]
    for first, last in pairwise(numerals) if removed else ():
        if not _FROM.search(statement[: first.start]) or not _TO.fullmatch(
            statement, first.end, last.start
        ):
            continue
        firsts, lasts = _cells(first, grids), _cells(last, grids)
        is_turned = any(
            one.grid == other.grid and one.column == other.column and not _lacks(other, removed)
            for one in firsts
            for other in lasts
        )
        if firsts and is_turned and all(_lacks(cell, removed) for cell in firsts):
            message = (
                f"The statement says that the removal changes {first.text} to {last.text}; "
                f"the table has {first.text} in {firsts[0].line!r}."
            )
            yield Hint("direction", first.text, message, is_certain=True)


def _lacks(cell: Cell, removed: Sequence[Sequence[str]]) -> bool:
    """Tell whether the row is that without one of the parts."""
    return bool(_REMOVED_FROM.search(cell.line.partition("|")[0])) and any(
        has_words(cell.label, words) for words in removed
    )


def _is_ablation(cell: Cell, words: Sequence[str], grids: Sequence[Grid]) -> bool:
    """Tell whether the row lacks a part, and another row of the table has the name alone."""
    grid = find_grid(cell, grids)
    label = cell.line.partition("|")[0]
    return bool(_REMOVED_FROM.search(label)) and any(row == tuple(words) for row in grid.labels)


def _is_said_of_the_whole(numeral: Numeral, paper_text: str) -> bool:
    """Tell whether a sentence has the number without saying that something was taken away."""
    return any(
        not _REMOVED_FROM.search(sentence)
        for sentence, numerals in split_prose(paper_text)
        if any(match(numeral, each) for each in numerals)
    )


def _cells(numeral: Numeral, grids: Sequence[Grid]) -> list[Cell]:
    return [cell for grid in grids for cell in grid.cells if match(numeral, cell.numeral)]


def _any_of(cells: Sequence[Cell], words: Sequence[str]) -> bool:
    return not cells or any(cell.speaks_of(words) for cell in cells)


def _is_of(cell: Cell, words: Sequence[str]) -> bool:
    return has_words(cell.label, words)
