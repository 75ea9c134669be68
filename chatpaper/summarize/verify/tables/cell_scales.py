"""In thousands, millions or milliards: what the head of a column says of the numbers below it."""

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, RATES, TIMES, Unit, find_units
from chatpaper.summarize.verify.passages import Passage
from chatpaper.summarize.verify.tables.grids import parse_column_heads

HEAD_SCALES = {
    Decimal("1e3"): re.compile(rf"×\s?10\^?3\b|[(\[][kK][)\]]|thousand|in K\b|\bK(?={RATES})"),
    Decimal("1e6"): re.compile(rf"×\s?10\^?6\b|[(\[]M[)\]]|million|in M\b|\bM(?={RATES})"),
    Decimal("1e9"): re.compile(r"×\s?10\^?9\b|[(\[][BG][)\]]|billion|in B\b"),
}
# Powers of ten in brackets or behind a sign, (10^{−4}).
_POWER = re.compile(r"(?:[×x]\s?|[(\[])10\s?\^\{?(?P<exponent>[-−–]?\s?\d{1,2})\}?(?!\d)")
_LARGEST_EXPONENT = 12
_PLAIN_MINUS = str.maketrans("−–", "--")
LARGEST_SHARE = 100
# Shorter words of a head name no measure.
_WORD = re.compile(r"[A-Za-z]{4,40}")


class CellScales:
    """The tables of a paper, made ready for telling the scales of their cells."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._heads = lru_cache(maxsize=None)(
            lambda number: parse_column_heads(passages[number].text)
        )
        # The scales that columns of this name have in the tables that tell them.
        self._scales_of_words: dict[str, set[Decimal]] = defaultdict(set)
        for number, passage in enumerate(passages):
            for head in self._heads(number) if passage.tabular else ():
                for word in _WORD.findall(head):
                    self._scales_of_words[word.casefold()] |= find_scales(head)

    def of(self, number: int, cell: Numeral) -> set[Decimal]:
        """Return the scales in which a number of a table may be stated.

        Its own column tells it; where no column does, the caption does, or a column of the same
        name in another table.
        """
        passage = self._passages[number]
        heads = self._heads(number)
        own = self.head_of(number, cell)
        if any(find_scales(head) for head in heads):
            return find_scales(own)
        stated = find_scales(passage.text)
        words = _WORD.findall(own)
        return stated or {
            scale for word in words for scale in self._scales_of_words[word.casefold()]
        }

    def heads(self, number: int) -> Sequence[str]:
        """Return the heads of the columns of a table."""
        return self._heads(number)

    def head_of(self, number: int, cell: Numeral) -> str:
        """Return the head of the column of a cell; "" where it has none."""
        column = _column_of(self._passages[number], cell.start)
        heads = self._heads(number)
        return heads[column] if column < len(heads) else ""

    def choose_units(self, units: frozenset[Unit], number: int, cell: Numeral) -> frozenset[Unit]:
        """Return those of a table's units that the row or the column of a cell tells, else all."""
        if len(units) <= 1:
            return units
        text = self._passages[number].text
        start = text.rfind("\n", 0, cell.start) + 1
        label = text[start : max(start, text.find("|", start, cell.start))]
        kind = next(iter(units)).kind
        told = find_units(kind, label) | find_units(kind, self.head_of(number, cell))
        return told & units or units

    def has_only_shares(self, number: int, cell: Numeral) -> bool:
        """Tell whether the column of a cell has no number beyond 100."""
        passage = self._passages[number]
        column = _column_of(passage, cell.start)
        return all(
            other.value <= LARGEST_SHARE
            for other in passage.numerals
            if other.start > passage.text.find("\n") and _column_of(passage, other.start) == column
        )


def _column_of(passage: Passage, start: int) -> int:
    return passage.text.count("|", passage.text.rfind("\n", 0, start) + 1, start)


def find_scales(text: str) -> set[Decimal]:
    """Return the scales of which a text speaks."""
    scales = {scale for scale, words in HEAD_SCALES.items() if words.search(text)}
    for power in _POWER.finditer(text):
        exponent = int(re.sub(r"\s", "", power["exponent"]).translate(_PLAIN_MINUS))
        if 0 < abs(exponent) <= _LARGEST_EXPONENT:
            scales.add(Decimal(10) ** exponent)
    return scales


def find_cell_units(claimed: Numeral, passage: Passage) -> frozenset[Unit]:
    """Find the units of a table's cells that measure what the claimed number does.

    There are none for per cent and for what no unit tells. What a caption measures itself, "over 24
    hours", is no unit of cells.
    """
    kind = claimed.unit.kind
    if not passage.tabular or kind in ("", PERCENT, TIMES, POINT):
        return frozenset()
    caption, _, cells = passage.text.partition("\n")
    for numeral in passage.numerals:
        if numeral.unit.kind == kind and numeral.end <= len(caption):
            width = numeral.end - numeral.start
            caption = f"{caption[: numeral.start]}{' ' * width}{caption[numeral.end :]}"
    return find_units(kind, f"{caption}\n{cells}")
