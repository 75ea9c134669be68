"""Comparisons that the paper's table contradicts: 72.3 does not surpass a rival that has 73.0."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.prose import LEAST_TELLING_DIGITS
from chatpaper.summarize.verify.hints.values.attribution import is_gap
from chatpaper.summarize.verify.names.names import Name, find_names
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.tables.grids import (
    Cell,
    Grid,
    has_words,
    parse_grids,
    split_label,
)

# The number that is compared stands so far before the comparing word, and the rival so far behind.
REACH_OF_NUMBER = 60
REACH_OF_RIVAL = 24

_TABLES = load_word_tables(__name__)
_ABOVE = f"(?P<above>{_TABLES.join('above')})"
_BELOW = f"(?P<below>{_TABLES.join('below')})"
_COMPARED = re.compile(f"{_ABOVE}|{_BELOW}", re.IGNORECASE)
# 比 B 高: the word follows the rival.
_THAN = re.compile(
    rf"比(?P<rival>[^，。；,;]{{1,30}}?)(?:(?P<above>{_TABLES.join('above_behind')})|(?P<below>{_TABLES.join('below_behind')}))"
)
_RESERVED = re.compile(_TABLES.join("reserved"), re.IGNORECASE)
_LESS_IS_MORE = re.compile(_TABLES.join("smaller_is_better"), re.IGNORECASE)
_LESS_IS_MORE_IN_CAPTION = re.compile(_TABLES.join("smaller_is_better_in_captions"), re.IGNORECASE)
_SENTENCE_END = re.compile(r"[。；;]|\.\s")
_CLAUSE_END = re.compile(r"[，。；、,;]")


def find_rival_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find a number that is called higher than that of a rival which the table has higher."""
    statement = comparison.statement
    words = [*_COMPARED.finditer(statement), *_THAN.finditer(statement)]
    grids = parse_grids(comparison.paper_text) if words else ()
    names = find_names(statement) if grids else ()
    for word in words:
        own = _compared_number(statement, word)
        rival = _rival(statement, word, names)
        if own is None or rival is None:
            continue
        subjects = [split_label(name.text) for name in names if name.end <= own.start]
        found = _contradiction(own, subjects, split_label(rival.text), word, grids)
        if found is not None:
            message = (
                f"The statement says {word[0]!r} of {own.text} and {rival.text}; "
                f"the table has {found.numeral.text} for {rival.text}."
            )
            yield Hint("direction", word[0], message, is_certain=True)


def _compared_number(statement: str, word: re.Match[str]) -> Numeral | None:
    """Return the nearest number before the comparing word, in its sentence."""
    before = _SENTENCE_END.split(statement[: word.start()])[-1]
    start = word.start() - len(before)
    numerals = [
        each
        for each in find_stated_numbers(statement)
        if max(start, word.start() - REACH_OF_NUMBER) <= each.start < word.start()
    ]
    telling = [
        each
        for each in numerals
        if count_digits(each) >= LEAST_TELLING_DIGITS and not is_gap(statement[: each.start])
    ]
    return telling[-1] if telling and not _RESERVED.search(before) else None


def _rival(statement: str, word: re.Match[str], names: Sequence[Name]) -> Name | None:
    """Return what is compared with, unless a number of its own is stated."""
    start, end = word.span("rival") if "rival" in word.re.groupindex else (word.end(), 0)
    clause = _CLAUSE_END.search(statement, start)
    end = min(end or start + REACH_OF_RIVAL, clause.start() if clause else len(statement))
    found = [name for name in names if start <= name.start and name.end <= max(end, name.start + 1)]
    return found[0] if found else None


def _contradiction(
    own: Numeral,
    subjects: Sequence[Sequence[str]],
    rival: Sequence[str],
    word: re.Match[str],
    grids: Sequence[Grid],
) -> Cell | None:
    """Return the rival's cell that contradicts the comparison, None where any table agrees."""
    found: Cell | None = None
    for grid in grids:
        for cell in (each for each in grid.cells if match(own, each.numeral)):
            cells = _cells_of_rival(cell, grid, subjects, rival)
            if any(_agrees(cell, other, word) for other in cells):
                return None
            if cells and not _is_of_costs(cell, grid):
                found = cells[0]
    return found


def _is_of_costs(cell: Cell, grid: Grid) -> bool:
    """Tell whether the smaller number may be the better one."""
    beside = " ".join((*cell.label, *cell.head))
    return bool(_LESS_IS_MORE.search(beside) or _LESS_IS_MORE_IN_CAPTION.search(grid.caption))


def _agrees(cell: Cell, other: Cell, word: re.Match[str]) -> bool:
    return cell.numeral.value == other.numeral.value or (word["above"] is not None) == (
        cell.numeral.value > other.numeral.value
    )


def _cells_of_rival(
    cell: Cell, grid: Grid, subjects: Sequence[Sequence[str]], rival: Sequence[str]
) -> list[Cell]:
    """Return what the rival has where a subject of the statement has this cell.

    Both are rows of one column, or columns of one row. Nothing is returned where the cell may be
    the rival's own.
    """
    if cell.column < 0 or has_words(cell.label, rival) or has_words(cell.head, rival):
        return []
    if any(has_words(cell.label, words) for words in subjects):
        mates = [each for each in grid.cells if each.column == cell.column]
        rows = [each for each in mates if has_words(each.label, rival)]
        exact = [each for each in rows if grid.labels[each.row] == tuple(rival)]
        return exact or rows
    if any(cell.head == tuple(words) for words in subjects):
        mates = [each for each in grid.cells if each.row == cell.row]
        return [each for each in mates if each.head == tuple(rival)]
    return []
