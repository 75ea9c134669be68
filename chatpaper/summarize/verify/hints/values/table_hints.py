"""Numbers that stand in another row of a table than the one that the statement names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.scripts import HAN, UNSPACED, contains_unspaced
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_printed_numbers,
    find_prose_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.values.attribution import is_beginning, is_end, is_gap
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.support.number_match import match

_CITED = re.compile(r"\[[\d, –-]{1,40}\]|\([^()]{0,60}\b(?:19|20)\d\d[a-z]?\)")
# Where the label of a row ends if no cell parts it from the values.
_FIRST_VALUE = re.compile(r"(?<![\w.-])[-+−]?\d[\d.,]*%?(?=\s|$)")
_VALUE = re.compile(r"[\s<>≤≥~≈+−–-]{0,4}\d[\d.,\s%±()×+−–-]*[A-Za-z]{0,3}\s*")
_CLAUSE_END = re.compile(r"[，；。,;]\s?")
_TABLES = load_word_tables(__name__)
# What stands behind such a word is compared with, and is not what the numbers are of.
_COMPARED = re.compile(rf"(?:{_TABLES.join('compared')})\s*(?:the\s)?\Z", re.IGNORECASE)
# A measure and a verb may stand between a name and its number, but nothing that is compared.
_AT_ONCE = re.compile(f"\\s?[{HAN}]{{1,10}}(?:[，,][为是])?\\s?")
_BESIDE = re.compile("[比较对与和及由从自超近优胜差]|[高低多少]于")
_HAN_RUN = re.compile(f"[{UNSPACED}]{{2,}}")
_TELLING = re.compile(r"[^\W\d_]{2}|[^\W\d_]\d|[α-ω]")
_PLAIN_WORDS = re.compile(r"[a-z]+(?:[ -][a-z]+)*")
# Numbers with fewer digits are found in many rows.
LEAST_DIGITS = 3
MOST_ROWS = 400
# A line without cells that is longer belongs to the text between two tables.
MOST_CHARACTERS_IN_TABLE = 80


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    It has the number of the table, the words of its label, the numbers behind it, and in how many
    cells nothing but such a number stands.
    """

    table: int
    label: tuple[str, ...]
    text: str
    numerals: tuple[Numeral, ...]
    value_cells: int


def find_table_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find a number that only rows of other names hold."""
    # A quoted row stands in its table, which is part of the context, once more.
    rows = parse_rows(comparison.context) or parse_rows(comparison.quote)
    claimed = [
        numeral
        for numeral in find_stated_numbers(comparison.statement)
        if count_digits(numeral) >= LEAST_DIGITS
    ]
    if not rows or not claimed:
        return
    prose = find_printed_numbers(
        "\n".join(line for line in comparison.evidence.splitlines() if "|" not in line)
    ) + find_prose_numbers(comparison.paper_text)
    named = _named(comparison.statement, rows)
    for numeral in claimed:
        name = _name_of(numeral, comparison.statement, named)
        if name is None or any(match(numeral, printed) for printed in prose):
            continue
        holders = [row for row in rows if any(match(numeral, printed) for printed in row.numerals)]
        if (
            holders
            and not _is_list_of_settings(holders[0].table, rows)
            and not _may_hold(holders, name, named, comparison.statement)
        ):
            message = (
                f"The statement gives {numeral.text} for {name}; "
                f"it stands in the row {holders[0].text!r}."
            )
            before = comparison.statement[: numeral.start]
            # The value before or after a change may be that of another row.
            is_change = is_beginning(before) or is_end(before) or is_gap(before)
            is_only_name = len(named) == 1 and bool(comparison.quote)
            is_certain = (
                not is_change
                and (is_only_name or _is_told_at_once(before, name))
                and not _is_descriptive(holders[0].text, comparison)
            )
            yield Hint("table", numeral.text, message, is_certain=is_certain)


def _is_descriptive(label: str, comparison: Comparison) -> bool:
    """Tell whether a label is made of common words, which a translation says in its own language.

    The paper writes them without capitals as well: "Fully Connected", and "a fully connected
    network". Only names are left as they are.
    """
    words = label.lower()
    return (
        contains_unspaced(comparison.statement)
        and _PLAIN_WORDS.fullmatch(words) is not None
        and words in comparison.paper_text
    )


def _is_list_of_settings(table: int, rows: Sequence[Row]) -> bool:
    """Tell whether the rows of a table have one value each: their labels are what it is of."""
    return all(row.value_cells <= 1 for row in rows if row.table == table)


def _is_told_at_once(before: str, name: str) -> bool:
    """Tell whether a name has its number right behind it: TideNet 的准确率仅为 61.3."""
    between = before[before.rfind(name) + len(name) :]
    return _AT_ONCE.fullmatch(between) is not None and not _BESIDE.search(between)


def parse_rows(evidence: str) -> tuple[Row, ...]:
    """Return the lines with cells that have a label and numbers."""
    rows: list[Row] = []
    table = 0
    for line in evidence.splitlines()[: 2 * MOST_ROWS]:
        if "|" not in line:
            table += len(line) > MOST_CHARACTERS_IN_TABLE or not line.strip()
        elif (row := _row(line, table)) is not None:
            is_first = not rows or rows[-1].table != table
            # The heads of columns may have numbers among their words: @ 0.01% FPR.
            if not (is_first and not any(map(_VALUE.fullmatch, line.split("|")))):
                rows.append(row)
    return tuple(rows[:MOST_ROWS])


def _row(line: str, table: int) -> Row | None:
    first, _, rest = line.partition("|")
    bare = _CITED.sub(" ", first)
    value = _FIRST_VALUE.search(bare)
    label = bare[: value.start()] if value else bare
    values = f"{bare[value.start() :] if value else ''} | {rest}"
    words = tuple(word for part in label.split() if (word := fold_accents(part)))
    numerals = find_printed_numbers(values.replace("|", " , "))
    if not words or not any(map(str.isalpha, "".join(words))) or not numerals:
        return None
    value_cells = sum(map(bool, map(_VALUE.fullmatch, values.split("|"))))
    return Row(table, words, " ".join(label.split()), numerals, value_cells)


def _named(statement: str, rows: Sequence[Row]) -> dict[str, tuple[Row, ...]]:
    """Return the names of a statement that are labels of rows, with their rows."""
    found = {}
    for name in find_names(statement):
        words = tuple(word for part in name.text.split() if (word := fold_accents(part)))
        size = len(words)
        held = tuple(
            row
            for row in rows
            if size
            and any(
                row.label[first : first + size] == words
                for first in range(len(row.label) - size + 1)
            )
        )
        if held:
            found[name.text] = held
    return found


def _name_of(numeral: Numeral, statement: str, named: dict[str, tuple[Row, ...]]) -> str | None:
    """Return the name that a number is of, or None where that is not certain.

    It is the only one before the number, in the sentence or in its clause.
    """
    before = statement[: numeral.start]
    clause = _CLAUSE_END.split(before)[-1]
    names = [name for name in named if name in (before if len(named) == 1 else clause)]
    if len(names) != 1:
        return None
    return None if _COMPARED.search(before[: before.rfind(names[0])]) else names[0]


def _may_hold(
    holders: Sequence[Row], name: str, named: dict[str, tuple[Row, ...]], statement: str
) -> bool:
    """Tell whether the number may be the statement's after all.

    It may be of a row that the statement names too, or of another table.
    """
    said = fold_accents(statement)
    tables = {row.table for row in named[name]}
    return any(
        row in named[name] or row.table not in tables or _is_told_of(row, said) for row in holders
    )


def _is_told_of(row: Row, said: str) -> bool:
    """Tell whether the statement has a word of the row's label, or in Chinese a part of one."""
    pairs = {
        run[first : first + 2]
        for run in _HAN_RUN.findall("".join(row.label))
        for first in range(len(run) - 1)
    }
    return any(word in said for word in (*pairs, *row.label) if _TELLING.search(word))
