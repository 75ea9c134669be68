"""Which of the numbers printed in a figure are values: in rows, behind names, at bars and curves.

The numbers along its axes say nothing, and would support any statement.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from chatpaper.domain.text.scripts import LATIN

# What is set as a figure is a table where so many rows, and most of all, have a name and as many
# numbers at least.
LEAST_ROWS_OF_TABLE = 4
LEAST_SHARE_OF_ROWS = 0.7
LEAST_NUMBERS_OF_ROW = 3
# Behind a name stands a value, "Mean: 0.671"; few digits tell one curve from another.
_LABELLED_VALUE = re.compile(
    rf"[{LATIN}]{{2}}[²)]?\s?[:=≈]\s?[-−–]?(?:\d*\.\d|\d\d\d|\d{{1,3}},\d)"
)
# Cells of numbers, which may have a unit of a letter or two: 10m, 0.5s.
_NUMBER_OF_ROW = re.compile(r"(?=\D*\d)[\d.,%x×±–−-]+[a-z]{0,2}|[±–−-]")
# Values at bars and curves have three decimals or four digits, which axes seldom have; a unit or a
# scale of a letter or two may be glued to them: 523.95s, 113K.
_PRECISE = re.compile(
    r"(?<![\w.])(?P<value>\d*\.\d{3,6}|\d{2,6}\.\d\d|\d{3,6}\.\d)(?:[a-z]{1,2}|[KMGT]B?)?(?![\w.])"
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
    named = [line for line in lines if _is_row(line.replace("|", " ").split())]
    return len(named) >= max(LEAST_ROWS_OF_TABLE, LEAST_SHARE_OF_ROWS * len(lines))


def list_values(text: str) -> Iterator[str]:
    """Yield what stands in a diagram as a sentence, a name and its value, or a value alone."""
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


def _number_of(match: re.Match[str]) -> str:
    return match["value"] or match["scaled"]


def _is_of_sentence(cell: str) -> bool:
    """Tell whether a cell has a line of running text: many words, most of them in small letters."""
    words = [word.strip(".,;:()") for word in cell.split()]
    small = sum(word.isalpha() and word.islower() for word in words)
    return len(words) >= LEAST_WORDS_OF_SENTENCE and 2 * small > len(words)


def _is_row(words: list[str]) -> bool:
    named = next(
        (place for place, word in enumerate(words) if _NUMBER_OF_ROW.fullmatch(word)), len(words)
    )
    numbers = words[named:]
    return (
        any(character.isalpha() for word in words[:named] for character in word)
        and len(numbers) >= LEAST_NUMBERS_OF_ROW
        and all(map(_NUMBER_OF_ROW.fullmatch, numbers))
    )


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
