"""Numbers that a statement gives to one thing and its evidence to another."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from chatpaper.domain.text.folding import fold_accents
from chatpaper.summarize.verify.hints.clauses import measure_overlap, split_clauses
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.values.attribution import is_metric
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT
from chatpaper.summarize.verify.support.number_match import match

_WORD = re.compile(r"[A-Za-z][\w@.+-]*")
_IN_ORDER = re.compile(r"分别|依次|各为|それぞれ|\brespectively\b", re.IGNORECASE)
_JOINED = re.compile(
    r"[^、，,和与及と]{1,40}?\s?(?:和|与|及|、|，|,|と|and|/)\s?(?:and\s)?", re.IGNORECASE
)
# The digits of ResNet-101 are read as a number in a paper.
_IN_NAME = re.compile(r"[A-Za-z@][-‐‑@]?\Z")
# The ends of a range are one value.
_REST_OF_RANGE = re.compile(r"\s?[-–~]\s?\d")
_BEGINNING_OF_RANGE = re.compile(r"\d\s?[-–~]\s?\Z")
# AIME 2024, MMLU 500: the word right before a number.
_WORD_BEFORE = re.compile(r"([A-Za-z][\w-]*)[ -]?\Z")
_LONGEST_WORD = 24
_BETWEEN = re.compile(r"[\d.,]+\s?[A-Za-z%]{0,3}\s?(?:的|の)?\s?")
_BLANK = re.compile(r"[ -]?| with (?:an? )?")
# More than these are not paired: no sentence has so many.
MOST_ANCHORS = 12
# Smaller whole numbers are parts of names as often as not: recall@20.
LEAST_TELLING_COUNT = 100
# So many more terms two numbers must share crosswise.
LEAST_LEAN = 0
_DIGITS = re.compile(r"\d[\d.,]*")


class Shared(NamedTuple):
    """Something that statement and quote both have once, with its places in them.

    `measure` is the kind of a number's unit: only numbers of one kind can have been exchanged.
    """

    text: str
    said: int
    quoted: int
    measure: str = ""


def find_pairing_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find two numbers and two names in exchanged order."""
    names = _shared_names(comparison)
    for pair in combinations(_shared_numbers(comparison), 2):
        if pair[0].measure != pair[1].measure:
            continue
        for named in combinations(names, 2):
            # A measure has all numbers, and a thing that was measured some of them.
            if is_metric(named[0].text) != is_metric(named[1].text) or any(
                _stays_beside(name, number, comparison) for name in named for number in pair
            ):
                continue
            said = _of_the_first(
                comparison.statement, [_Item(each.text, each.said) for each in (*named, *pair)]
            )
            quoted = _of_the_first(
                comparison.quote, [_Item(each.text, each.quoted) for each in (*named, *pair)]
            )
            if said and quoted and said != quoted:
                message = (
                    f"The statement gives {said} to {named[0].text}; "
                    f"the quoted words give it {quoted}."
                )
                yield Hint("role", said, message, is_certain=True)
                return
    yield from _turned_clauses(comparison)


def _is_beside(text: str, name_at: int, number_at: int) -> bool:
    """Tell whether nothing but a particle parts a number from the name behind or before it."""
    if number_at < name_at:
        return bool(_BETWEEN.fullmatch(text[number_at:name_at]))
    written = re.match(r"[\w@.+-]+", text[name_at:])
    return bool(written and _BLANK.fullmatch(text[name_at + written.end() : number_at]))


def _stays_beside(name: Shared, number: Shared, comparison: Comparison) -> bool:
    """Tell whether a name and a number stand side by side in both texts."""
    return _is_beside(comparison.statement, name.said, number.said) and _is_beside(
        comparison.quote, name.quoted, number.quoted
    )


def _turned_clauses(comparison: Comparison) -> Iterator[Hint]:
    """Find two numbers whose clauses have more in common with the clause of the other.

    Each stands in a clause of its own.
    """
    said, quoted = split_clauses(comparison.statement), split_clauses(comparison.quote)
    for one, other in combinations(_shared_numbers(comparison), 2):
        first, second = (_clause_with(number.text, said, claimed=True) for number in (one, other))
        its, theirs = (_clause_with(number.text, quoted, claimed=False) for number in (one, other))
        if not (first and second and its and theirs) or first == second or its == theirs:
            continue
        straight = _overlap(first, its) + _overlap(second, theirs)
        crossed = _overlap(first, theirs) + _overlap(second, its)
        if crossed > straight + LEAST_LEAN:
            message = (
                f"{one.text} and {other.text} stand in the quoted words "
                f"beside the words that the other one has here."
            )
            yield Hint("role", one.text, message)
            return


def _clause_with(number: str, clauses: tuple[str, ...], *, claimed: bool) -> str:
    """Return the only clause that has the number, "" where none or several have it."""
    wanted = find_stated_numbers(number)
    found = [
        clause
        for clause in clauses
        for printed in (find_stated_numbers(clause) if claimed else find_printed_numbers(clause))
        if wanted and match(wanted[0], printed)
    ]
    return found[0] if len(found) == 1 else ""


def _overlap(clause: str, other: str) -> int:
    return measure_overlap(_DIGITS.sub(" ", clause), _DIGITS.sub(" ", other)).shared


class _Item(NamedTuple):
    text: str
    start: int


def _of_the_first(text: str, items: list[_Item]) -> str:
    """Return which of two numbers belongs to the first of two names.

    It is "" where the order does not tell. Names and numbers that take turns belong together in
    their order; two names before two numbers only where the text says so.
    """
    names, numbers = sorted(items[:2], key=_start), sorted(items[2:], key=_start)
    in_order = sorted(items, key=_start)
    kinds = [item in names for item in in_order]
    takes_turns = kinds[0] == kinds[2] and kinds[1] == kinds[3]
    listed = kinds[0] == kinds[1] and _IN_ORDER.search(text)
    if takes_turns or (listed and _JOINED.fullmatch(text[in_order[0].start : in_order[1].start])):
        return numbers[names.index(items[0])].text
    return ""


def _start(item: _Item) -> int:
    return item.start


def _shared_numbers(comparison: Comparison) -> list[Shared]:
    quote = comparison.quote
    printed = [
        each
        for each in find_printed_numbers(quote)
        if not _IN_NAME.search(quote[max(0, each.start - 2) : each.start])
        and not _REST_OF_RANGE.match(quote, each.end)
        and not _BEGINNING_OF_RANGE.search(quote[: each.start])
    ]
    claimed = find_stated_numbers(comparison.statement)
    shared = []
    for numeral in claimed:
        found = {other.start: other for other in printed if match(numeral, other)}
        if len(found) == 1 and _is_once(numeral, claimed) and _is_measure(numeral):
            place = next(iter(found))
            if not _completes_a_name(comparison, numeral, place):
                measure = "" if numeral.unit.kind in (PERCENT, POINT) else numeral.unit.kind
                shared.append(Shared(numeral.text, numeral.start, place, measure))
    return shared[:MOST_ANCHORS]


def _completes_a_name(comparison: Comparison, numeral: Numeral, place: int) -> bool:
    """Tell whether a whole number stands behind the same word in both texts.

    It is the end of a name then.
    """
    if numeral.unit.kind or numeral.digit < 1:
        return False
    before = (
        _WORD_BEFORE.search(text[max(0, start - _LONGEST_WORD) : start])
        for text, start in ((comparison.statement, numeral.start), (comparison.quote, place))
    )
    said, quoted = (fold_accents(match[1]) if match else "" for match in before)
    return bool(said) and said == quoted


def _is_measure(numeral: Numeral) -> bool:
    return bool(numeral.unit.kind) or numeral.digit < 1 or numeral.value >= LEAST_TELLING_COUNT


def _is_once(numeral: Numeral, claimed: tuple[Numeral, ...]) -> bool:
    return sum(other.value == numeral.value for other in claimed) == 1


def _shared_names(comparison: Comparison) -> list[Shared]:
    said = _places(comparison.statement)
    quoted = _places(comparison.quote)
    once = [key for key in said if len(said[key]) == 1 and len(quoted.get(key, ())) == 1]
    return [Shared(key, said[key][0], quoted[key][0]) for key in once[:MOST_ANCHORS]]


def _places(text: str) -> dict[str, list[int]]:
    """Return where names and other words in Latin letters that are marked as such stand."""
    found: dict[str, list[int]] = {}
    names = [(name.text, name.start) for name in find_names(text)]
    words = [
        (each[0], each.start())
        for each in _WORD.finditer(text)
        if re.search(r"[\d@A-Z]", each[0][1:])
    ]
    for word, start in dict.fromkeys([*names, *words]):
        places = found.setdefault(fold_accents(word), [])
        if start not in places:
            places.append(start)
    return found
