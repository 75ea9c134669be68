"""Claims about all of something of which the paper has an exception or a counter-example."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.clauses import CLAUSE_MARK
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.tables.grids import (
    Cell,
    Grid,
    parse_grids,
    split_label,
)

_TABLES = load_word_tables(__name__)
_ALL = re.compile(_TABLES.join("all"), re.IGNORECASE)
_RESERVED = re.compile(_TABLES.join("reserved"), re.IGNORECASE)
_BETTER = re.compile(_TABLES.join("better"), re.IGNORECASE)
_EXCEPTED = re.compile(_TABLES.join("excepted"), re.IGNORECASE)
_PART = re.compile(_TABLES.join("part"), re.IGNORECASE)
_TELLS_OF_ALL = re.compile(
    r"\ball\b|\bevery\b|\beach\b|\bconsistent|\bboth\b|\bacross\b|\buniform|所有|均|都",
    re.IGNORECASE,
)
_SMALLER_IS_BETTER = re.compile(_TABLES.join("smaller_is_better"), re.IGNORECASE)
LEAST_NAMES = 2
LEAST_COLUMNS = 2


def find_universal_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find a claim about all that the paper's exception or a table contradicts."""
    said = _ALL.search(comparison.statement)
    if said is None or _RESERVED.search(_ALL.sub(" ", comparison.statement)):
        return
    names = list(dict.fromkeys(name.text for name in find_names(comparison.statement)))
    if (part := _PART.search(comparison.quote)) and not _TELLS_OF_ALL.search(
        _PART.sub(" ", comparison.quote)
    ):
        message = f"The statement says {said[0]!r}; the quoted words say {part[0]!r}."
        yield Hint("scope", said[0], message, is_certain=True)
    elif not names:
        return
    elif any(
        _makes_exception(each, names)
        for each in (comparison.quote, *_about(names, comparison.paper_text))
    ):
        yield Hint(
            "scope",
            said[0],
            f"The statement says {said[0]!r}; the paper makes an exception.",
            is_certain=True,
        )
    elif len(names) >= LEAST_NAMES and (better := _BETTER.search(comparison.statement)):
        first, second = _sides(comparison.statement, names, better)
        if (
            first
            and second
            and not is_told_of_all([first, second], comparison.paper_text)
            and _is_mixed(parse_grids(comparison.paper_text), first, second)
        ):
            message = (
                f"The statement says {said[0]!r}; "
                f"in a table {second} has some higher numbers than {first}."
            )
            yield Hint("scope", said[0], message, is_certain=True)


def _makes_exception(sentence: str, names: Sequence[str]) -> bool:
    """Tell whether a sentence makes an exception that names none of the statement's names.

    A statement that names the exception itself does not claim it along with the rest.
    """
    excepted = _EXCEPTED.search(sentence)
    if excepted is None:
        return False
    what = fold_accents(excepted[0] + CLAUSE_MARK.split(sentence[excepted.end() :])[0])
    return not any(fold_accents(name) in what for name in names if name)


def is_told_of_all(names: Sequence[str], paper_text: str) -> bool:
    """Tell whether a sentence of the paper that has two of the names speaks of all."""
    return any(_TELLS_OF_ALL.search(each) for each in _about(names, paper_text))


def _about(names: Sequence[str], paper_text: str) -> Iterator[str]:
    """Return the sentences that have two of the names, or the only one."""
    wanted = [fold_accents(name) for name in names if name]
    least = min(LEAST_NAMES, len(wanted))
    for block in paper_text.split("\n\n"):
        if "|" not in block and sum(name in fold_accents(block) for name in wanted) >= least:
            for _, sentence in split_sentences(block):
                if sum(name in fold_accents(sentence) for name in wanted) >= LEAST_NAMES:
                    yield sentence


def _sides(statement: str, names: Sequence[str], better: re.Match[str]) -> tuple[str, str]:
    """Return the names nearest to the comparing word, before and behind it."""
    before = [name for name in names if statement.find(name) + len(name) <= better.start()]
    behind = [name for name in names if statement.find(name) >= better.end()]
    return (before[0] if before else "", behind[0] if behind else "")


def _is_mixed(grids: Sequence[Grid], first: str, second: str) -> bool:
    """Tell whether of two rows of a table now the one has the higher number and now the other."""
    for grid in grids:
        one, other = _row(grid, first), _row(grid, second)
        if not grid.is_even or _SMALLER_IS_BETTER.search(f"{grid.caption} {grid.heads}"):
            continue
        shared = one.keys() & other.keys()
        higher = sum(one[column].numeral.value > other[column].numeral.value for column in shared)
        lower = sum(one[column].numeral.value < other[column].numeral.value for column in shared)
        if higher >= LEAST_COLUMNS and lower:
            return True
    return False


def _row(grid: Grid, name: str) -> dict[int, Cell]:
    """Return the cells, by column, of the only row that has this name and no other words."""
    words = split_label(name)
    rows = [number for number, label in enumerate(grid.labels) if label == words]
    return {cell.column: cell for cell in grid.cells if len(rows) == 1 and cell.row == rows[0]}
