"""Claims to be above all others that a row of the paper's tables contradicts."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import Comparison, Hint
from chatpaper.summarize.verify.hints.tabular.headings import find_headings
from chatpaper.summarize.verify.names.names import Name, extend_by_number, find_names
from chatpaper.summarize.verify.tables.grids import Cell, Grid, has_words, parse_grids, split_label

_TABLES = load_word_tables(__name__)
_ABOVE_ALL = re.compile(_TABLES.join("above_all"), re.IGNORECASE)
_RESERVED = re.compile(_TABLES.join("reserved"), re.IGNORECASE)
_NO_RIVALS = re.compile(_TABLES.join("no_rivals"), re.IGNORECASE)
_SENTENCE_END = re.compile(r"[。；;]|\.\s")


def find_best_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find a method called better than all others at a measure that a table has higher."""
    statement = comparison.statement
    for said in _ABOVE_ALL.finditer(statement):
        before = _SENTENCE_END.split(statement[: said.start()])[-1]
        after = _SENTENCE_END.split(statement[said.end() :])[0]
        if _RESERVED.search(f"{before}{said[0]}{after}"):
            continue
        headings = [heading for _, _, heading in find_headings(before)]
        grids = parse_grids(comparison.paper_text)
        for name in find_names(before):
            cell = _higher(extend_by_number(name, before), headings, find_names(before), grids)
            if cell is not None:
                message = (
                    f"The statement says {said[0]!r} of {name.text}; "
                    f"the table has {cell.numeral.text} in {cell.line!r}."
                )
                yield Hint("scope", said[0], message, is_certain=True)
                return


def _higher(
    name: str, headings: Sequence[tuple[str, ...]], names: Sequence[Name], grids: Sequence[Grid]
) -> Cell | None:
    """Return a cell of another row that is higher in a column of the measures that are named."""
    words = split_label(name)
    places = [split_label(each.text) for each in names]
    of_captions = [
        grid for grid in grids if any(has_words(split_label(grid.caption), each) for each in places)
    ]
    for grid in of_captions or grids:
        rows = [row for row, label in enumerate(grid.labels) if label == words]
        own = [
            cell
            for cell in grid.cells
            if grid.is_even and len(rows) == 1 and cell.row == rows[0] and cell.head in headings
        ]
        for cell in own:
            for other in grid.cells:
                if (
                    other.column == cell.column
                    and other.numeral.value > cell.numeral.value
                    and not "".join(other.label).startswith("".join(words))
                    and not _NO_RIVALS.search(other.line.partition("|")[0])
                ):
                    return other
    return None
