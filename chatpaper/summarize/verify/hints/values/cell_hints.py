"""Numbers that the paper's tables have, but in other cells than the statement says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_stated_numbers,
    leave_out_tables,
)
from chatpaper.summarize.verify.hints.values.attribution import is_filler, is_gap, is_metric
from chatpaper.summarize.verify.names.names import Name, find_names
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.tables.grids import (
    Cell,
    Grid,
    find_grid,
    has_words,
    is_in_label,
    parse_grids,
    split_label,
)

# Numbers with fewer digits stand in many cells.
LEAST_DIGITS = 3
# A name so far before a number is not what the number is of.
REACH = 64
# Captions that are as alike as this but for their names are of tables that show the same of
# different things.
LEAST_ALIKE_CAPTIONS = 80.0

# Where something was measured may stand between a name and its number.
_SETTING = re.compile(
    r"在[^，。；]{1,30}?[下上中时里]|\(.{1,30}?\)|（[^（）]{1,30}）|\bat [\d.]+ ?% \w+"
)
_IN_ORDER = re.compile(r"分别|依次|それぞれ|\brespectively\b", re.IGNORECASE)
_AND = re.compile(r"\s?(?:、|，|和|与|及|/|,|\band\b|, and)\s?(?:the )?")
_WHERE = re.compile(r"(?:在|于|\b(?:on|in|for)\s)[^，。；,;]{0,20}\Z", re.IGNORECASE)
_OURS = frozenset({"ours", "our", "proposed", "this"})


@dataclass(frozen=True, slots=True)
class _Attribution:
    """A number of the statement, the name that it is of, and the other names of the statement."""

    numeral: Numeral
    name: str
    others: tuple[str, ...]
    settings: Sequence[Name]

    @property
    def setting(self) -> str:
        """Return where the number was measured.

        It is "" where the statement names several places or none.
        """
        return self.settings[0].text if len({each.text for each in self.settings}) == 1 else ""


def find_cell_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find numbers of another row or column."""
    claimed = [
        each
        for each in find_stated_numbers(comparison.statement)
        if count_digits(each) >= LEAST_DIGITS
    ]
    grids = parse_grids(comparison.paper_text) if claimed else ()
    if not grids:
        return
    prose = _prose_numbers(comparison.paper_text)
    in_tables = [each for each in claimed if not any(match(each, printed) for printed in prose)]
    for each in _attributions(comparison.statement, in_tables, grids):
        words = split_label(each.name)
        labels = (label for grid in grids for label in (*grid.labels, *grid.heads))
        if is_in_label(each.numeral.text, words, labels):
            continue
        holders = _holders(each.numeral, grids)
        own = [cell for cell in holders if cell.speaks_of(words) or _may_be_called(cell, words)]
        if holders and not own and any(find_grid(cell, grids).names(words) for cell in holders):
            if not any(_is_told(cell, each) for cell in holders):
                message = (
                    f"The statement gives {each.numeral.text} for {each.name}; "
                    f"the paper has it in {holders[0].line!r}."
                )
                yield Hint("table", each.numeral.text, message, is_certain=True)
        elif own and each.setting and _is_elsewhere(own, words, each.setting, grids):
            message = (
                f"The paper gives {each.numeral.text} for {each.name}, but not for {each.setting}."
            )
            yield Hint("table", each.numeral.text, message, is_certain=True)


def _attributions(
    statement: str, numerals: Sequence[Numeral], grids: Sequence[Grid]
) -> Iterator[_Attribution]:
    names = find_names(statement)
    if _IN_ORDER.search(statement):
        return
    for numeral in numerals:
        if is_gap(statement[: numeral.start]):
            continue
        name = _name_of(numeral, statement, names, grids)
        if name is not None:
            settings = [
                each for each in names if each != name and _is_setting(each, statement, numeral)
            ]
            yield _Attribution(
                numeral, name.text, tuple(each.text for each in names if each != name), settings
            )


def _is_listed(name: Name, names: Sequence[Name], statement: str) -> bool:
    """Tell whether several names have several numbers together."""
    return any(
        _AND.fullmatch(statement, each.end, name.start) for each in names if each.end <= name.start
    )


def _is_setting(name: Name, statement: str, numeral: Numeral) -> bool:
    """Tell whether the statement says by this name where the number was measured."""
    before = statement[max(0, name.start - REACH) : name.start]
    return name.start < numeral.start and bool(_WHERE.search(before)) and not is_metric(name.text)


def _name_of(
    numeral: Numeral, statement: str, names: Sequence[Name], grids: Sequence[Grid]
) -> Name | None:
    """Return the nearest name before a number, unless something between could have the number."""
    for name in sorted(names, key=lambda each: -each.end):
        if name.end > numeral.start or numeral.start - name.end > REACH:
            continue
        if is_metric(name.text) or _is_setting(name, statement, numeral):
            continue
        if not any(grid.names(split_label(name.text)) for grid in grids):
            return None
        if _is_listed(name, names, statement):
            return None
        return name if is_filler(_SETTING.sub(" ", statement[name.end : numeral.start])) else None
    return None


def _holders(numeral: Numeral, grids: Sequence[Grid]) -> list[Cell]:
    return [cell for grid in grids for cell in grid.cells if match(numeral, cell.numeral)]


def _may_be_called(cell: Cell, words: Sequence[str]) -> bool:
    """Tell whether the row may be that of the name all the same: a variant of it, or "ours"."""
    name = "".join(words)
    return bool(_OURS.intersection(cell.label)) or any(
        word.startswith(name) or (len(word) > 2 and name.startswith(word)) for word in cell.label
    )


def _is_told(cell: Cell, attribution: _Attribution) -> bool:
    """Tell whether another name of the statement is that of the row."""
    return any(has_words(cell.label, split_label(name)) for name in attribution.others)


def _is_elsewhere(
    own: Sequence[Cell], words: Sequence[str], other: str, grids: Sequence[Grid]
) -> bool:
    """Tell whether the number is that of a rival of `other`.

    That is so where the paper has other numbers for both names together, and this one only where a
    rival stands in place of `other`.
    """
    wanted = split_label(other)
    if any(cell.speaks_of(wanted) for cell in own):
        return False
    together = [
        cell
        for grid in grids
        for cell in grid.cells
        if cell.speaks_of(words) and cell.speaks_of(wanted)
    ]
    return bool(together) and all(
        any(_are_rivals(cell, each, wanted, grids) for each in together) for cell in own
    )


def _are_rivals(cell: Cell, other: Cell, wanted: Sequence[str], grids: Sequence[Grid]) -> bool:
    """Tell whether two cells differ just by the name of the second.

    They may be of one table, or of two whose captions are alike.
    """
    if cell.grid == other.grid:
        return (
            has_words(other.head, wanted) and bool(cell.head) and not has_words(cell.head, wanted)
        )
    if not has_words(other.caption, wanted) or has_words(cell.caption, wanted):
        return False
    captions = [_bare_caption(find_grid(each, grids).caption) for each in (cell, other)]
    return fuzz.token_set_ratio(*captions) >= LEAST_ALIKE_CAPTIONS


@lru_cache(maxsize=128)
def _bare_caption(caption: str) -> str:
    """Return a caption without label, names and numbers."""
    for name in reversed(find_names(caption)):
        caption = f"{caption[: name.start]} {caption[name.end :]}"
    return re.sub(r"\d[\d.]*", " ", caption)


@lru_cache(maxsize=2)
def _prose_numbers(paper_text: str) -> tuple[Numeral, ...]:
    prose = leave_out_tables(paper_text)
    # The ticks of an axis are round numbers.
    return tuple(
        each for each in find_printed_numerals(prose) if count_digits(each) >= LEAST_DIGITS
    )
