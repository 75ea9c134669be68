"""A table as rows of numbers, and which of its rows a sentence names."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from chatpaper.domain.text.scripts import UNSPACED
from chatpaper.summarize.verify.numbers.numeral import Numeral, is_error
from chatpaper.summarize.verify.passages import Passage
from chatpaper.summarize.verify.tables.grids import LETTERS, parse_column_heads
from chatpaper.summarize.verify.terms import extract_english_stems

# The index of a name may be a formula: TF_{k◦p}.
_TOKEN = re.compile(rf"[A-Za-z](?:[\w.+@-]|_?\{{[\w.,◦∘·]{{1,8}}\}})*|[{UNSPACED}]{{2,}}")
# The parts of a name say of what its row is too: S1.1-SFT is S1.1 with SFT.
_JOINT = re.compile(r"(?<=[\w.])[-‐‑+](?=[A-Za-z])")
_LATIN = re.compile(r"[A-Za-z]+")
_DIGIT = re.compile(r"\d")
# A number whose thousands a blank parts, or whose decimals a comma does, is read whole.
_PARTED = re.compile(r"\d{1,3}(?: \d{3})+|\d{1,3},\d{1,2}[KMB]?")
# 5-way and 20-way stand in the heads of columns.
_BEFORE_NAME = re.compile(r"-[a-z]{2}")
_IN_NAME = re.compile(r"[A-Za-z@][-‐‑@]?\Z")
_OPENING, _CLOSING = frozenset("([-–"), frozenset("-–)]")
# So many columns at least are parted from each other in all lines.
PARTED_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its numbers from left to right, and the words in it.

    `words` are those that most other rows lack. `columns` are the numbers of the columns of its
    cells, from 0 to before `width`.
    """

    cells: tuple[Numeral, ...]
    words: frozenset[str]
    columns: tuple[int, ...] = ()
    width: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column of a table: all its words, and those that most others lack."""

    number: int
    head: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=64)
def translate(sentence: str) -> frozenset[str]:
    """Return the stems of the English words that the Chinese ones of a sentence may stand for."""
    return extract_english_stems(_LATIN.sub(" ", sentence))


def extract_words(text: str) -> frozenset[str]:
    """Return the words of a text by which a row is known: BERT_LARGE and BERTLARGE are one."""
    return frozenset(
        word
        for token in _TOKEN.findall(text)
        if len(word := re.sub(r"[\W_]", "", token).lower()) > 1
    )


def parse_rows(passage: Passage, kind: str = "") -> tuple[Row, ...]:
    """Return the rows of a table that have numbers.

    Words that most of them share name none of them. Of several readings of a cell the one of this
    kind of unit is taken: 13m are metres or minutes.
    """
    rows = list(_lines(passage, kind))
    distinctive = _keep_distinctive([row.words for row in rows])
    return tuple(replace(row, words=words) for row, words in zip(rows, distinctive, strict=True))


def parse_columns(passage: Passage) -> tuple[Column, ...]:
    """Return the heads of the columns of a table, none where its rows are not even."""
    heads = [extract_words(head) for head in parse_column_heads(passage.text)]
    distinctive = _keep_distinctive(heads)
    return tuple(map(Column, range(len(heads)), heads, distinctive))


def _keep_distinctive(labels: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Return the words of each label that most of them lack."""
    counts = Counter(word for words in labels for word in words)
    most = max(2, len(labels) // 2)
    return [frozenset(word for word in words if counts[word] < most) for words in labels]


def _lines(passage: Passage, kind: str) -> Iterator[Row]:
    start = 0
    cells = [
        each
        for each in passage.numerals
        if not _IN_NAME.search(passage.text[max(0, each.start - 2) : each.start])
        and not is_error(each, passage.text)
        and not _BEFORE_NAME.match(passage.text, each.end)
    ]
    numerals = _apart(sorted(cells, key=lambda each: each.unit.kind != kind))
    first = 0
    for line in passage.text.split("\n"):
        end = start + len(line)
        last = first
        while last < len(numerals) and numerals[last].start < end:
            last += 1
        # The first line is the caption.
        if start and last > first:
            row = _read_row(line, start, numerals[first:last])
            if row.cells:
                yield row
        first, start = last, end + 1


def _read_row(line: str, start: int, numerals: Sequence[Numeral]) -> Row:
    """Read a line that begins at `start`, with its numbers but for those within its labels."""
    columns = [line.count("|", 0, numeral.start - start) for numeral in numerals]
    parts = line.split("|")
    numbered = [
        (numeral, column)
        for numeral, column in zip(numerals, columns, strict=True)
        if len(parts) == 1
        or not _is_in_label(numeral, parts[column], is_alone=columns.count(column) == 1)
    ]
    return Row(
        tuple(numeral for numeral, _ in numbered),
        extract_words(line) | extract_words(_JOINT.sub(" ", line)),
        tuple(column for _, column in numbered),
        len(parts),
    )


def _is_in_label(numeral: Numeral, part: str, *, is_alone: bool) -> bool:
    """Tell whether a number belongs to the words beside it, as in LLaMA 34B and (Lee, 2019)."""
    around = re.search(rf"(.?){re.escape(numeral.text)}(.?)", part)
    if not around or not LETTERS.search(part.replace(numeral.text, " ")):
        return False
    is_size = is_alone and numeral.text[-1].isalpha() and not numeral.unit.kind
    return is_size or around[1] in _OPENING or around[2] in _CLOSING


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

    Where the columns are parted, those tell it. Otherwise cells count from the left and, where some
    are empty, from the right.
    """
    if row.width != other.width or row.width <= PARTED_COLUMNS:
        from_right = len(other.cells) - (len(row.cells) - place)
        places = {place, from_right}
    else:
        among = place - row.columns.index(row.columns[place])
        column = [at for at, number in enumerate(other.columns) if number == row.columns[place]]
        places = {*column[among : among + 1]}
        # Cells may have run together in one of two whole rows.
        places |= {place} if len(row.cells) == len(other.cells) else set()
    return tuple(other.cells[each] for each in sorted(places) if 0 <= each < len(other.cells))
