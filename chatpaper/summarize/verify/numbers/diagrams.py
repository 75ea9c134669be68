"""Which of the numbers printed in a figure are values: in rows, behind names, at bars and curves.

The numbers along its axes say nothing, and would support any statement.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from chatpaper.domain.text.scripts import LATIN

# What is set as a figure is a table where so many rows, and most of all, have a name and as many
# numbers at least.
LEAST_ROWS_OF_TABLE = 4
LEAST_SHARE_OF_ROWS = 0.7
LEAST_NUMBERS_OF_ROW = 3
# Behind a name stands a value, "Mean: 0.671" or "Mean (0.671)"; few digits tell one curve from
# another.
_LABELLED_VALUE = re.compile(
    rf"[{LATIN}]{{2}}(?:[²)]?\s?[:=≈]|\s\()\s?[-−–]?(?:\d*\.\d|\d\d\d|\d{{1,3}},\d)"
)
# Where no line has numbers alone, as along a vertical axis, so many rows make a table.
LEAST_ROWS_WITHOUT_AXIS = 2
# Cells of numbers, which may have a unit of a letter or two: 10m, 0.5s.
_NUMBER_OF_ROW = re.compile(r"(?=\D*\d)[\d.,%x×±+–−-]+[a-z]{0,2}|[±–−-]")
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
# The unit of a cell is left out: "Walter | 72 Ktps".
_UNIT_OF_CELL = re.compile(r"(\d)[ ][A-Za-z%/]{1,6}(?=\s*(?:\||\Z))")
# Counts at bars and in slices of a chart, and those that no axis has; years are along one.
_COUNT = re.compile(r"(?!(?:19|20)\d\d\Z)(?:\d{3,6}|\d{1,3},\d{3})")
_ODD_COUNT = re.compile(r"[1-46-9]\Z")
_NAME_ALONE = re.compile(rf"[{LATIN}][{LATIN} .-]{{2,40}}")
LEAST_COUNTS = 3
_MEASURED = re.compile(r"\.\d|\d\d\d|\d,\d")
# A table may be set beside a diagram, whose names and numbers then stand in its rows.
LEAST_ROWS_BESIDE_DIAGRAM = 4
_NAME_AND_NUMBERS = re.compile(
    rf"(?P<name>[{LATIN}][^|\d]{{2,40}})[|\s]+"
    r"(?P<numbers>\d[\d,]*(?:\.\d+)?(?:[|\s]+\d[\d,]*(?:\.\d+)?(?![^|\s]))+)"
)
# Numbers of a legend: "80 groups per node", "n = 400".
_NUMBER_AND_WORD = re.compile(
    rf"(?<![\w.,])\d[\d.,]*[ -][{LATIN}]{{3}}|[{LATIN}]\s?[=:]\s?\d|[{LATIN}]{{3}}[ -]\d"
)
# Values at bars and curves have three digits, of which those along an axis end in 0 or 5, and stand
# at no even distances; a unit or a scale of a letter or two may be glued to them: 523.95s.
_PRECISE = re.compile(
    r"(?<![\w.])"
    r"(?P<value>\d*\.\d{3,6}|\d{2,6}\.\d\d|(?!0\.0)\d\.\d[1-46-9]|\d{3,6}\.\d"
    r"|\d{1,2}\.\d(?=\s?%))(?:[a-z]{1,2}|[KMGT]B?|\s?%)?(?![\w.])"
    r"|(?<![\w.])(?P<scaled>\d\d[1-9]|\d\.\d[1-9]|\d\d\.[1-9])[KMBk](?![\w.])"
)
# So many words, most of them in small letters, are a line of a sentence that a figure says.
LEAST_WORDS_OF_SENTENCE = 7
# Numbers of an axis are as far from each other, so many of them at least.
LEAST_TICKS = 4
# In a figure with more of them they are coordinates.
MOST_PRECISE_VALUES = 80


def has_rows_of_numbers(text: str) -> bool:
    """Tell whether what stands in a figure is a table: rows with a name and numbers behind it."""
    lines = text.splitlines()
    named = [line for line in lines if len(_read_row(line)) >= LEAST_NUMBERS_OF_ROW]
    return len(named) >= max(LEAST_ROWS_OF_TABLE, LEAST_SHARE_OF_ROWS * len(lines))


def list_values(text: str) -> Iterator[str]:
    """Yield what stands in a diagram as a sentence, a name and its value, or a value alone."""
    yield from _list_rows(text)
    yield from _list_rows_without_axis(text.splitlines())
    yield from _list_counts(text)
    ticks = _find_ticks([_number_of(match) for match in _PRECISE.finditer(text)])
    for cell in re.split(r"[|\n]", text):
        if _is_of_sentence(cell) or _LABELLED_VALUE.search(cell):
            yield cell.strip()
        else:
            yield from (
                match[0]
                for match in _PRECISE.finditer(cell)
                if Decimal(_number_of(match)) not in ticks
            )


def list_set_values(text: str) -> Iterator[str]:
    """Yield what a diagram shows its results for: numbers in its legend and below its bars.

    Those have words beside them, "80 groups", or many others in their line, which the numbers along
    a vertical axis seldom have.
    """
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        numbers = [cell for cell in cells if _NUMBER_OF_ROW.fullmatch(cell)]
        yield from numbers if len(numbers) >= LEAST_TICKS else ()
        yield from (cell for cell in cells if _NUMBER_AND_WORD.search(cell))


def _list_rows(text: str) -> Iterator[str]:
    """Yield the rows of a table that is set beside a diagram, without what the diagram has there.

    Numbers along an axis, at even distances or by one factor, are no row.
    """
    rows = [row for line in text.splitlines() for row in _cut_rows(line)]
    width = min((len(numbers) for _, numbers in rows), default=0)
    if len(rows) >= LEAST_ROWS_BESIDE_DIAGRAM:
        yield from (f"{name} | {' | '.join(numbers[:width])}" for name, numbers in rows)


def _list_rows_without_axis(lines: Sequence[str]) -> Iterator[str]:
    """Yield the rows of a table of few rows or columns that is set as a figure."""
    bare = [_UNIT_OF_CELL.sub(r"\1", line) for line in lines]
    rows = [
        line
        for line, numbers in zip(lines, map(_read_row, bare), strict=True)
        if numbers and (_UNIT_OF_CELL.search(line) or _tell_values(numbers))
    ]
    has_axis = any(
        all(map(_NUMBER_OF_ROW.fullmatch, line.replace("|", " ").split())) for line in bare
    )
    if not has_axis and len(rows) >= max(LEAST_ROWS_WITHOUT_AXIS, len(lines) / 2):
        yield from rows


def _list_counts(text: str) -> Iterator[str]:
    """Yield the counts below the names of a chart, and those at bars that no axis would have.

    Numbers along an axis are round or powers of two.
    """
    lines = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    named = [
        number
        for names, numbers in pairwise(lines)
        if len(names) == len(numbers)
        and all(map(_NAME_ALONE.fullmatch, names))
        and all(map(_COUNT.fullmatch, numbers))
        for number in numbers
    ]
    counts = [cell for line in lines for cell in line if _COUNT.fullmatch(cell)]
    is_chart = len(named) >= LEAST_COUNTS and not _are_ticks(named)
    odd = {cell for cell in counts if _ODD_COUNT.search(cell) and not _is_power_of_two(cell)}
    if is_chart:
        yield from counts
    elif len(odd) >= LEAST_COUNTS:
        yield from (cell for cell in counts if cell in odd)


def _is_power_of_two(cell: str) -> bool:
    return int(cell.replace(",", "")).bit_count() == 1


def _tell_values(numbers: Sequence[str]) -> bool:
    """Tell whether numbers are measured values: one has decimals or three digits, and no axis."""
    return any(map(_MEASURED.search, numbers)) and not _are_ticks(numbers)


def _are_ticks(numbers: Sequence[str]) -> bool:
    """Tell whether numbers stand at even distances, or of one factor, as along an axis."""
    values = sorted(
        {
            Decimal(digits[0].replace(",", ""))
            for each in numbers
            if (digits := _DIGITS.search(each))
        }
    )
    steps = {later - value for value, later in pairwise(values)}
    factors = {later / value for value, later in pairwise(values) if value}
    return len(values) >= LEAST_NUMBERS_OF_ROW and (len(steps) == 1 or len(factors) == 1)


def _cut_rows(line: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the names of a line with the numbers behind each."""
    for match in _NAME_AND_NUMBERS.finditer(line):
        numbers = [each for each in re.split(r"[|\s]+", match["numbers"]) if each]
        if len(numbers) >= LEAST_NUMBERS_OF_ROW and not _are_ticks(numbers):
            yield match["name"].strip(), numbers


def _number_of(match: re.Match[str]) -> str:
    return match["value"] or match["scaled"]


def _is_of_sentence(cell: str) -> bool:
    """Tell whether a cell has a line of running text: many words, most of them in small letters."""
    words = [word.strip(".,;:()") for word in cell.split()]
    small = sum(word.isalpha() and word.islower() for word in words)
    return len(words) >= LEAST_WORDS_OF_SENTENCE and 2 * small > len(words)


def _read_row(line: str) -> list[str]:
    """Return the numbers of a row behind its name; a line of another form has none."""
    words = line.replace("|", " ").split()
    named = next(
        (place for place, word in enumerate(words) if _NUMBER_OF_ROW.fullmatch(word)), len(words)
    )
    numbers = words[named:]
    is_named = any(character.isalpha() for word in words[:named] for character in word)
    return numbers if is_named and all(map(_NUMBER_OF_ROW.fullmatch, numbers)) else []


def _find_ticks(printed: list[str]) -> frozenset[Decimal]:
    """Find the numbers that stand at even distances, as those along an axis do."""
    values = {Decimal(each) for each in printed}
    if len(values) > MOST_PRECISE_VALUES:
        return frozenset(values)
    runs = (
        {one + step * (other - one) for step in range(LEAST_TICKS)}
        for one, other in combinations(sorted(values), 2)
    )
    return frozenset(tick for run in runs if run <= values for tick in run)
