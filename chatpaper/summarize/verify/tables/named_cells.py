"""Numbers that stand in a table at a name that their own clause has."""

import re
from collections.abc import Sequence
from functools import lru_cache

from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import Passage
from chatpaper.summarize.verify.tables.grids import NUMBER
from chatpaper.summarize.verify.tables.table_rows import (
    extract_words,
    locate_operand,
    parse_columns,
    parse_rows,
)

_CLAUSE_END = re.compile(r"[，；。,;](?!\d)")


class NamedCells:
    """The tables of a paper, made ready for finding cells by the names of their rows or columns."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._rows = lru_cache(maxsize=None)(lambda number: parse_rows(passages[number]))
        self._columns = lru_cache(maxsize=None)(lambda number: parse_columns(passages[number]))

    def have(
        self,
        numeral: Numeral,
        printed: Sequence[tuple[int, Numeral]],
        sentence: str,
        quote: str,
    ) -> bool:
        """Tell whether a number stands at a name of its clause which the quoted words do not have.

        What a sentence compares a quoted row with stands in another: 123.49，优于 PASD（124.29）.
        `printed` are the places of the number, each with that of its passage.
        """
        if not _is_row(quote):
            return False
        names = extract_words(_cut_clause(numeral, sentence)) - extract_words(quote)
        return bool(names) and any(
            names & self._find_names(number, cell)
            for number, cell in printed
            if self._passages[number].tabular
        )

    def _find_names(self, number: int, cell: Numeral) -> frozenset[str]:
        """Return the words that name the row and the column of a cell, and most others lack."""
        row, place = locate_operand(self._rows(number), cell)
        if row is None:
            return frozenset()
        at = row.columns[place]
        column = next((each for each in self._columns(number) if each.number == at), None)
        return row.words | (column.words if column else frozenset())


def _is_row(quote: str) -> bool:
    """Tell whether quoted words are a row of a table: most of them are values."""
    words = [word for word in quote.split() if word != "|"]
    return sum(map(bool, map(NUMBER.match, words))) > len(words) / 2


def _cut_clause(numeral: Numeral, sentence: str) -> str:
    ends = [end.start() for end in _CLAUSE_END.finditer(sentence)]
    start = max((end + 1 for end in ends if end < numeral.start), default=0)
    end = min((end for end in ends if end >= numeral.end), default=len(sentence))
    return sentence[start:end]
