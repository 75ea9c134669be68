"""Numbers that a table has at other settings than the statement: 5-shot, the test set, 14B."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.prose import LEAST_TELLING_DIGITS, find_prose_numbers
from chatpaper.summarize.verify.hints.values.attribution import is_gap
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.tables.grids import Cell, Grid, find_grid, parse_grids

_TABLES = load_word_tables(__name__)
_SETTINGS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile("|".join(patterns), re.IGNORECASE)
    for kind, patterns in _TABLES.get_rows("settings").items()
}
# A caption says of a whole table where it was measured, and explains the others.
_OF_CAPTIONS = ("shots", "splits")
_SAME = {word: kind for kind, words in _TABLES.get_rows("same").items() for word in words}


def find_condition_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find a number that the tables have only at other settings of a kind that is named."""
    said = _settings(comparison.statement)
    claimed = [
        each
        for each in find_stated_numbers(comparison.statement)
        if said
        and count_digits(each) >= LEAST_TELLING_DIGITS
        and not is_gap(comparison.statement[: each.start])
    ]
    grids = parse_grids(comparison.paper_text) if claimed else ()
    for numeral in claimed if grids else ():
        cells = [cell for grid in grids for cell in grid.cells if match(numeral, cell.numeral)]
        if not cells or any(
            match(numeral, each) for each in find_prose_numbers(comparison.paper_text)
        ):
            continue
        found = [_settings_of(cell, find_grid(cell, grids)) for cell in cells]
        named_before = _settings(comparison.statement[: numeral.start])
        for kind, settings in said.items():
            if kind in named_before and all(
                each.get(kind) and not each[kind] & settings for each in found
            ):
                message = (
                    f"The statement gives {numeral.text} for {', '.join(sorted(settings))}; "
                    f"the table has it for {', '.join(sorted(found[0][kind]))}."
                )
                yield Hint("table", numeral.text, message, is_certain=True)
                break


def _settings_of(cell: Cell, grid: Grid) -> dict[str, frozenset[str]]:
    """Return the settings of a row and, where it names none, those of the caption."""
    of_row = _settings(f"{cell.line.partition('|')[0]} | {' '.join(cell.head)}")
    of_caption = {
        kind: values
        for kind, values in _settings(grid.caption).items()
        if kind in _OF_CAPTIONS and len(values) == 1
    }
    return {**of_caption, **of_row}


@lru_cache(maxsize=1024)
def _settings(text: str) -> dict[str, frozenset[str]]:
    found = {}
    for kind, pattern in _SETTINGS.items():
        values = [
            next((part for part in each.groups() if part), each[0]).lower()
            for each in pattern.finditer(text)
        ]
        if values:
            found[kind] = frozenset(_SAME.get(value, value) for value in values)
    return found
