"""Which numbers of a sentence or a passage can be those from which a value was computed."""

import re
from collections.abc import Iterator, Sequence

from chatpaper.summarize.verify.numbers.numerals import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, TIMES
from chatpaper.summarize.verify.passages import Passage
from chatpaper.summarize.verify.support.number_match import NO_NOUNS

# Numbers of the sentence that are tried as operands: the nearest ones.
MOST_OPERANDS = 6

_LINK = re.compile(r"\s?(?:,|/|and|,\s?and|&)\s?")


def nearest(stated: Sequence[Numeral], claimed: Numeral) -> list[Numeral]:
    """The numbers that stand nearest before and behind the claimed one, which itself is none of them."""
    before = [each for each in stated if each.end <= claimed.start]
    behind = [each for each in stated if each.start >= claimed.end]
    return [*before[: -MOST_OPERANDS - 1 : -1], *behind[:2]]


def measures(passage: Passage, claimed: Numeral, most: int) -> list[Numeral]:
    """The numbers of a sentence that can be operands of the claimed one; none where they are too many."""
    kept: list[Numeral] = []
    for numeral in passage.numerals:
        is_year = not numeral.unit.kind and 1900 <= numeral.value <= 2100 and "." not in numeral.text
        measures = claimed.unit.kind in ("", PERCENT, POINT, TIMES, numeral.unit.kind)
        if measures and not is_year and numeral.text[:1].isdigit() and (not kept or numeral.start >= kept[-1].end):
            kept.append(numeral)
    return kept if len(kept) <= most else []


def measure_the_same(one: Numeral, other: Numeral) -> bool:
    """Whether two numbers have one kind of unit or, without units, one noun behind them."""
    if one.unit.kind or other.unit.kind:
        return one.unit.kind == other.unit.kind
    return one.noun == other.noun and bool(one.noun) and one.noun not in NO_NOUNS


def lists_in(passage: Passage) -> Iterator[list[Numeral]]:
    """Numbers of a sentence with nothing but commas, strokes and "and" between them."""
    begun: list[Numeral] = []
    for numeral in passage.numerals:
        if begun and numeral.start >= begun[-1].end and not _LINK.fullmatch(passage.text, begun[-1].end, numeral.start):
            yield begun
            begun = []
        if not begun or numeral.start >= begun[-1].end:
            begun.append(numeral)
    yield begun
