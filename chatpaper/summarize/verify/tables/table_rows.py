"""A table as rows of numbers, and which of its rows a sentence names."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chatpaper.domain.text.scripts import UNSPACED, contains_unspaced
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.passages import Passage

_TOKEN = re.compile(rf"[A-Za-z][\w.+-]*|[{UNSPACED}]{{2,}}")
_DIGIT = re.compile(r"\d")
# A number whose thousands a blank parts, or whose decimals a comma does, is read whole.
_PARTED = re.compile(r"\d{1,3}(?: \d{3})+|\d{1,3},\d{1,2}[KMB]?")
# 5-way and 20-way stand in the heads of columns.
_BEFORE_NAME = re.compile(r"-[a-z]{2}")
_IN_NAME = re.compile(r"[A-Za-z@][-‐‑@]?\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its numbers from left to right, and the words in it."""

    cells: tuple[Numeral, ...]
    words: frozenset[str]

    def is_named_in(self, names: frozenset[str], sentence: str) -> bool:
        """Tell whether a sentence has one of the words; Chinese ones may stand within others."""
        return any(
            word in names or (contains_unspaced(word[0]) and word in sentence)
            for word in self.words
        )


def extract_words(text: str) -> frozenset[str]:
    """Return the words of a text by which a row is known: BERT_LARGE and BERTLARGE are one."""
    return frozenset(
        word
        for token in _TOKEN.findall(text)
        if len(word := re.sub(r"[\W_]", "", token).lower()) > 1
    )


def parse_rows(passage: Passage) -> tuple[Row, ...]:
    """Return the rows of a table that have numbers.

    Words that most of them share name none of them.
    """
    rows = list(_lines(passage))
    counts = Counter(word for _, words in rows for word in words)
    most = max(2, len(rows) // 2)
    return tuple(
        Row(cells, frozenset(word for word in words if counts[word] < most))
        for cells, words in rows
    )


def _lines(passage: Passage) -> Iterator[tuple[tuple[Numeral, ...], frozenset[str]]]:
    start = 0
    numerals = _apart(
        each
        for each in passage.numerals
        if not _IN_NAME.search(passage.text[max(0, each.start - 2) : each.start])
        and not _BEFORE_NAME.match(passage.text, each.end)
    )
    first = 0
    for line in passage.text.split("\n"):
        end = start + len(line)
        last = first
        while last < len(numerals) and numerals[last].start < end:
            last += 1
        # The first line is the caption.
        if start and last > first:
            yield numerals[first:last], extract_words(line)
        first, start = last, end + 1


def _apart(numerals: Iterable[Numeral]) -> tuple[Numeral, ...]:
    """Return the numbers in digits; of several readings of one place the first."""
    kept: list[Numeral] = []
    for numeral in sorted(
        numerals, key=lambda each: (each.start, -each.end if _PARTED.fullmatch(each.text) else 0)
    ):
        if _DIGIT.match(numeral.text.lstrip(".")) and (not kept or numeral.start >= kept[-1].end):
            kept.append(numeral)
    return tuple(kept)


def find_column_mates(row: Row, place: int, other: Row) -> tuple[Numeral, ...]:
    """Find what stands in the same column of another row.

    Cells count from the left and, where some are empty, from the right.
    """
    from_right = len(other.cells) - (len(row.cells) - place)
    places = {place, from_right} if len(row.cells) != len(other.cells) else {place}
    return tuple(other.cells[each] for each in sorted(places) if 0 <= each < len(other.cells))


def locate_operand(rows: Sequence[Row], operand: Numeral) -> tuple[Row | None, int]:
    """Return the row of a number and its place in it; None where no row has it."""
    for row in rows:
        for place, cell in enumerate(row.cells):
            if cell.start == operand.start:
                return row, place
    return None, 0


def find_comparable_rows(rows: Sequence[Row], own: Row, place: int) -> list[Row]:
    """Return the rows that a number may be compared with.

    They are its neighbours, the first, the last, and the next best.
    """
    at = rows.index(own)
    columns = [
        (mates[0].value, row)
        for row in rows
        if row is not own and (mates := find_column_mates(own, place, row))
    ]
    mine = own.cells[place].value
    below = max(
        (pair for pair in columns if pair[0] < mine), key=lambda pair: pair[0], default=None
    )
    above = min(
        (pair for pair in columns if pair[0] > mine), key=lambda pair: pair[0], default=None
    )
    best = [pair[1] for pair in (below, above) if pair is not None]
    near = [
        rows[each]
        for each in (at - 1, at + 1, 0, len(rows) - 1)
        if 0 <= each < len(rows) and each != at
    ]
    return list(dict.fromkeys([*near, *best]))
