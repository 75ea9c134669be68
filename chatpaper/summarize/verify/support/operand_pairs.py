"""The pairs of numbers of a paper from which a summary may compute a value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from chatpaper.summarize.verify.numbers.numeral import Numeral, is_error, may_be_year
from chatpaper.summarize.verify.passages import Passage
from chatpaper.summarize.verify.support.operands import are_of_one_measure, read_signed
from chatpaper.summarize.verify.tables.table_rows import (
    find_column_mates,
    parse_columns,
    parse_rows,
)

# Sentences with more numbers are lists, and larger tables supplements, which no summary reads out.
MOST_NUMBERS_OF_SENTENCE = 12
MOST_ROWS = 40
MOST_COLUMNS = 16
# A summary compares what stands in so many sentences that follow each other.
REACH_SENTENCES = 6
_NO_WORDS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OperandPair:
    """Two numbers of a passage, or of one and another behind it, given by their numbers.

    `labels` are the words of each row and column of a table in which they stand.
    """

    one: Numeral
    other: Numeral
    passage: int
    other_passage: int
    labels: tuple[frozenset[str], ...] = ()

    @property
    def places(self) -> frozenset[tuple[int, int]]:
        """Return where the two numbers stand: passage, and the first character in it."""
        return frozenset({(self.passage, self.one.start), (self.other_passage, self.other.start)})


def list_pairs(passages: Sequence[Passage], number: int, kind: str) -> Iterator[OperandPair]:
    """List the pairs of a passage; cells of a table are read as this kind of unit where they may.

    Those of a sentence go with the ones of the sentences behind it that measure the same, those of
    a table with others of their row or column.
    """
    passage = passages[number]
    if passage.tabular:
        yield from _pair_cells(passage, number, kind)
    own = _read_sentence(passage)
    yield from (
        OperandPair(one, other, number, number)
        for one, other in combinations(own, 2)
        if (one.value < 0) == (other.value < 0) or _are_measured(one, other)
    )
    last = number + REACH_SENTENCES
    for place, behind in enumerate(passages[number + 1 : last + 1], number + 1):
        if passage.tabular or behind.tabular or behind.section != passage.section:
            break
        for mate in _read_sentence(behind):
            yield from (
                OperandPair(one, mate, number, place)
                for one in own
                if _are_measured(one, mate)
                or (are_of_one_measure(one, mate) and one.noun == mate.noun != "")
            )


def _are_measured(one: Numeral, other: Numeral) -> bool:
    return are_of_one_measure(one, other) and (bool(one.unit.kind) or "." in one.text)


def _read_sentence(passage: Passage) -> list[Numeral]:
    """Return the numbers in digits of a sentence, or of the caption of a table.

    A year is left out where no number beside it counts the same.
    """
    end = passage.text.find("\n") if passage.tabular else len(passage.text)
    kept: list[Numeral] = []
    for each in sorted(passage.numerals, key=lambda numeral: numeral.start):
        is_year = may_be_year(each) and not any(
            each.noun == other.noun != "" and not may_be_year(other) for other in passage.numerals
        )
        is_apart = (not kept or each.start >= kept[-1].end) and each.end <= end
        is_value = each.text[:1].isdigit() and not is_year and not is_error(each, passage.text)
        if is_apart and is_value:
            kept.append(read_signed(each, passage.text))
    return kept[:MOST_NUMBERS_OF_SENTENCE]


def _pair_cells(passage: Passage, number: int, kind: str) -> Iterator[OperandPair]:
    rows = [
        replace(row, cells=tuple(read_signed(cell, passage.text) for cell in row.cells))
        for row in parse_rows(passage, kind)[:MOST_ROWS]
    ]
    heads = {column.number: column.head for column in parse_columns(passage)}
    for row in rows:
        for (at, one), (place, other) in combinations(enumerate(row.cells[:MOST_COLUMNS]), 2):
            if are_of_one_measure(one, other):
                columns = (heads.get(row.columns[each], _NO_WORDS) for each in (at, place))
                yield OperandPair(one, other, number, number, (row.words, *columns))
    for row, below in combinations(rows, 2):
        for at, cell in enumerate(row.cells[:MOST_COLUMNS]):
            labels = (row.words, below.words, heads.get(row.columns[at], _NO_WORDS))
            for mate in find_column_mates(row, at, below):
                if are_of_one_measure(cell, mate):
                    yield OperandPair(cell, mate, number, number, labels)
