"""Numbers that a statement has from another data set or task than the paper has them from."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.sentences import split_sentences
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    count_digits,
    find_stated_numbers,
    leave_out_tables,
)
from chatpaper.summarize.verify.hints.values.attribution import is_metric
from chatpaper.summarize.verify.names.names import Name, find_names
from chatpaper.summarize.verify.numbers.calculations import parse_calculation
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, TIMES
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.tables.crossings import AddressedTable
from chatpaper.summarize.verify.tables.grids import (
    CONTINUING_WORDS,
    Cell,
    find_grid,
    has_words,
    parse_grids,
    split_label,
)

# Numbers with fewer digits stand in many places.
LEAST_DIGITS = 3
# What stands in more places than this is no result.
MOST_PLACES = 6
# A sentence may speak of what one so far before or behind it names.
REACH_SENTENCES = 2
MOST_CHARACTERS_OF_HEADING = 80
# No caption has more sentences and values.
MOST_SENTENCES = 40
_FIGURE = ("figure", "fig")
# So far before a name the statement says that something was measured there.
REACH = 16
_WHERE = re.compile(r"(?:在|于|\b(?:on|in)\s)[^，。；,;\d]{0,10}\Z", re.IGNORECASE)
# Another place that a number may be of: 在真实数据集上, "on the real-world set".
_PLACE = re.compile(r"在[^，。；]{1,24}?[上中]|\b(?:on|in) [^,.;]{2,40}")
_CLAUSE = re.compile(r"[，；。;]|, ")
_PLACE_BEHIND = re.compile(r"\s?%?\s(?:on|in) [a-z]")
_LEVEL = re.compile(r"(?:[为是達到达]|\b(?:is|was|at|of|to))\s?\Z")
_THERE = re.compile(r"\s?(?:数据集|测试集|基准|任务|榜单|评测)?(?:之)?[上中]")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the paper in folded letters, its numbers, and the number of its paragraph.

    `heading` is that over its paragraph, in folded letters too.
    """

    letters: str
    numerals: tuple[Numeral, ...]
    paragraph: int
    heading: str = ""


def find_setting_hints(comparison: Comparison) -> Iterator[Hint]:
    """Yield a number said of one data set that the paper gives for others alone.

    That must hold wherever the paper has the number.
    """
    settings = [
        name for name in find_names(comparison.statement) if _is_setting(name, comparison.statement)
    ]
    if len({fold_accents(each.text) for each in settings}) != 1:
        return
    words = split_label(settings[0].text)
    for numeral in find_stated_numbers(comparison.statement):
        if (
            numeral.start < settings[0].end
            or count_digits(numeral) < LEAST_DIGITS
            or _has_another_place(numeral, settings[0], comparison.statement)
        ):
            continue
        if (
            not _is_computed(numeral, comparison.statement)
            and _is_elsewhere(numeral, words, comparison.paper_text)
            and not _is_addressed(numeral, words, comparison.tables)
        ):
            message = f"The paper gives {numeral.text} nowhere for {settings[0].text}."
            yield Hint("table", numeral.text, message, is_certain=True)
            return


def _has_another_place(numeral: Numeral, setting: Name, statement: str) -> bool:
    """Tell whether something else stands between, or behind, that the number may be of."""
    between, behind = statement[setting.end : numeral.start], statement[numeral.end :]
    # A clause of its own states what something costs as a whole.
    is_cost = numeral.unit.kind not in ("", PERCENT, POINT, TIMES) and _CLAUSE.search(between)
    return bool(_PLACE.search(between) or _PLACE_BEHIND.match(behind) or is_cost)


def _is_computed(numeral: Numeral, statement: str) -> bool:
    """Tell whether a number follows from two others: such a one has no place of its own.

    What is called a level does not, although the sentence compares it: 为 47.2%，比 42.6% 高.
    """
    if _LEVEL.search(statement[: numeral.start]):
        return numeral.unit.kind == TIMES
    return parse_calculation(numeral, statement) is not None


def _is_setting(name: Name, statement: str) -> bool:
    """Tell whether something was measured on what has this name: 在 X 上, on X."""
    before = statement[max(0, name.start - REACH) : name.start]
    said = _WHERE.search(before)
    if said is None or is_metric(name.text):
        return False
    return said[0][0] not in "在于" or bool(_THERE.match(statement, name.end))


def _is_elsewhere(numeral: Numeral, words: Sequence[str], paper_text: str) -> bool:
    """Tell whether the paper has the number, knows the name, and never has the two together."""
    cells = [
        cell
        for grid in parse_grids(paper_text)
        for cell in grid.cells
        if match(numeral, cell.numeral)
    ]
    prose = _prose(paper_text)
    places = [
        place
        for place, sentence in enumerate(prose)
        if any(match(numeral, each) for each in sentence.numerals)
    ]
    if not 0 < len(cells) + len(places) <= MOST_PLACES or any(
        _may_be_of(cell, words, paper_text) for cell in cells
    ):
        return False
    name = "".join(words)
    near = (sentence.letters for place in places for sentence in _find_around(place, prose))
    headings = [prose[place].heading for place in places]
    return not any(name in letters for letters in (*near, *headings)) and any(
        name in sentence.letters and sentence.numerals for sentence in prose
    )


def _find_around(place: int, prose: Sequence[_Sentence]) -> Iterator[_Sentence]:
    """Yield the sentences around one in its paragraph, of a caption all: its figure has them."""
    paragraph = prose[place].paragraph
    around = [
        number
        for number in range(max(0, place - MOST_SENTENCES), place + MOST_SENTENCES)
        if number < len(prose) and prose[number].paragraph == paragraph
    ]
    is_caption = prose[around[0]].letters.startswith(_FIGURE)
    yield from (
        prose[number] for number in around if is_caption or abs(number - place) <= REACH_SENTENCES
    )


def _is_addressed(numeral: Numeral, words: Sequence[str], tables: Sequence[AddressedTable]) -> bool:
    """Tell whether a table has the number beside, under or in what has this name."""
    return any(
        has_words(label, words)
        for table in tables
        for value in table.values
        if any(match(numeral, each) for each in value.numerals)
        for label in (*value.rows, *value.columns, table.caption)
    )


def _may_be_of(cell: Cell, words: Sequence[str], paper_text: str) -> bool:
    """Tell whether a cell may be of what has this name.

    Where rows or columns have the name, only their cells may be, or a cell without a head where
    columns have it.
    """
    grid = find_grid(cell, parse_grids(paper_text))
    if has_words(cell.label, words) or has_words(cell.head, words):
        return True
    if any(label and label[0] in CONTINUING_WORDS for label in grid.labels):
        # A label in several lines names the rows around its last one too.
        return True
    in_rows = any(has_words(label, words) for label in grid.labels)
    in_heads = any(has_words(head, words) for head in grid.heads)
    return not (in_rows or in_heads) or (in_heads and not cell.head)


@lru_cache(maxsize=2)
def _prose(paper_text: str) -> tuple[_Sentence, ...]:
    blocks = leave_out_tables(paper_text)
    ends = [end.start() for end in re.finditer("\n\n", blocks)]
    sentences = list(split_sentences(blocks))
    starts = [start for start, _ in sentences]
    numbers: list[list[Numeral]] = [[] for _ in sentences]
    for numeral in find_printed_numerals(blocks) if sentences else ():
        numbers[max(0, bisect_right(starts, numeral.start) - 1)].append(numeral)
    headings = _find_headings(blocks.split("\n\n"))
    paragraphs = [bisect_right(ends, start) for start in starts]
    return tuple(
        _Sentence("".join(split_label(sentence)), tuple(printed), paragraph, headings[paragraph])
        for (_, sentence), printed, paragraph in zip(sentences, numbers, paragraphs, strict=True)
    )


def _find_headings(blocks: Sequence[str]) -> list[str]:
    """Return the heading over each block of text, in folded letters.

    A heading is a short block without a full stop at its end.
    """
    headings, last = [], ""
    for block in blocks:
        if len(block) <= MOST_CHARACTERS_OF_HEADING and block[-1:].isalnum():
            last = "".join(split_label(block))
        headings.append(last)
    return headings
