"""What a number of a statement counts or sets, where the quote speaks of something else."""

import re

from chatpaper.domain.text.scripts import HAN
from chatpaper.summarize.verify.claims.count_check import (
    Thing,
    find_known_thing,
    find_thing,
    has_thing,
)
from chatpaper.summarize.verify.hints.comparison import Comparison, find_printed_numbers
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.terms import extract_stems

# 循环数为 4, 分辨率设为 256.
_THING_BEFORE = re.compile(rf"([{HAN}]{{1,8}}?)[数量]?(?:[设取]?为|[=是取])\s?\Z")
_CELL_ENDS = frozenset("| \n")


def counts_another_thing(numeral: Numeral, comparison: Comparison) -> bool:
    """Tell whether a number counts something that only a table beside the quote speaks of.

    That has the number for a cell, and a word for the thing: four cycles, beside the mean over
    twenty runs.
    """
    thing = () if numeral.unit.kind else _find_thing(numeral, comparison.statement)
    if not thing or has_thing(thing, extract_stems(comparison.quote)):
        return False
    return any(
        has_thing(thing, extract_stems(table)) and _has_cell(numeral, table)
        for table in comparison.paper_text.split("\n\n")
        if "|" in table and table in comparison.context
    )


def _find_thing(numeral: Numeral, statement: str) -> Thing:
    if thing := find_thing(numeral, statement):
        return thing
    before = _THING_BEFORE.search(statement[: numeral.start])
    return find_known_thing(before[1]) if before else ()


def _has_cell(numeral: Numeral, table: str) -> bool:
    """Tell whether a number fills a cell of a table, behind the line of its caption."""
    caption = len(table.split("\n", 1)[0])
    return any(
        printed.start > caption
        and {table[printed.start - 1], table[printed.end : printed.end + 1]} - {""} <= _CELL_ENDS
        and match(numeral, printed) == "exact"
        for printed in find_printed_numbers(table)
    )
