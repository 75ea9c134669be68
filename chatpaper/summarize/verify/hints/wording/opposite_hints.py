"""Words of a statement that say the opposite of its evidence: directions and roles."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.clauses import find_closest, split_clauses
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.hints.values.number_hints import follows_from_two
from chatpaper.summarize.verify.hints.wording.comparison_hints import have_same_outcome
from chatpaper.summarize.verify.hints.words import Opposites, load_hint_words
from chatpaper.summarize.verify.support.number_match import match

Side = Literal["one", "other"]

# So many characters before a word a negation may stand.
NEGATION_REACH = 16
# Clauses that share fewer terms may speak of different things.
LEAST_SHARED = 2
_TABLES = load_word_tables(__name__)
_NEGATED = re.compile(
    f"(?:不(?!{_TABLES.join('beginning_with_not')})"
    rf"|{_TABLES.join('negated')})[^，。；,.;]{{0,10}}\Z",
    re.IGNORECASE,
)
# What something was reached in spite of is turned round by itself.
_CONCESSION = re.compile(r"\b(?:despite|in spite of|even with|notwithstanding)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"[(（][^()（）]{0,60}[)）]")
# What holds of all but some is turned round for these.
_EXCEPTED = re.compile(r"\ball (?:but|except)\b|\bexcept (?:for|one)\b", re.IGNORECASE)
# What is outperformed by something is the one that is worse; "outperformed by 3 points" is better.
_PASSIVE = re.compile(r"(?:outperform|surpass|exceed|beat)(?:ed|en)", re.IGNORECASE)
_AGENT = re.compile(
    r"\s+by\s+(?!\W?\d|(?:about|around|roughly|up to|at least|more than|as much|an?)\b)",
    re.IGNORECASE,
)
# A word before a number may say on which side of it something is, and nothing of where that went.
_BOUND = re.compile(_TABLES.join("bounds"), re.IGNORECASE)
_BOUNDED = re.compile(r"(?:\s*than)?\s*(?:了|约|about |~)?\s?\d", re.IGNORECASE)
# A variance-reduced estimator does not say what was reduced here.
_IN_COMPOUND = re.compile(r"[A-Za-z][-‐‑]")


def find_opposite_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find where a statement has only the one of two opposites, and its evidence only the other."""
    for words in (
        ()
        if have_same_outcome(comparison.statement, comparison.quote)
        else load_hint_words().direction
    ):
        yield from _opposed(words, "direction", comparison, comparison.quote)
    for words in load_hint_words().role:
        yield from _opposed(words, "role", comparison, comparison.evidence)


def _opposed(
    words: Opposites, kind: Literal["direction", "role"], comparison: Comparison, evidence: str
) -> Iterator[Hint]:
    if words.unless and words.unless.search(comparison.statement):
        return
    if _EXCEPTED.search(comparison.quote):
        return
    shares_number = _share_a_number(comparison.statement, comparison.quote)
    pair = _opposite(words, comparison.statement, evidence)
    if pair and (shares_number or not words.needs_number):
        is_certain = kind == "direction" and (
            (shares_number and not _tells_more(pair[0], comparison))
            or (not words.of_quantity and _are_of_one_clause(words, comparison))
        )
        yield _hint(kind, *pair, is_certain)
    elif pair is None and kind == "direction":
        yield from _opposed_clauses(words, comparison)


def _tells_more(word: str, comparison: Comparison) -> bool:
    """Tell whether the clause with a word has numbers, and none that the quote has.

    It tells how it went on: 83.5% at layer 9, 在第 12 层降到 76.8%.
    """
    printed = find_printed_numbers(comparison.quote)
    clause = next((each for each in split_clauses(comparison.statement) if word in each), "")
    said = find_stated_numbers(clause)
    return bool(said) and not any(
        follows_from_two(each, comparison.statement, printed)
        or any(match(each, other) for other in printed)
        for each in said
    )


def _are_of_one_clause(words: Opposites, comparison: Comparison) -> bool:
    """Tell whether the clauses that have the opposites speak of the same."""
    quoted = split_clauses(_CONCESSION.sub(", ", _BRACKETS.sub(" ", comparison.quote)))
    for clause in split_clauses(comparison.statement):
        other, overlap = find_closest(clause, quoted)
        if overlap.shared and _opposite(words, clause, other):
            return True
    return False


def _opposed_clauses(words: Opposites, comparison: Comparison) -> Iterator[Hint]:
    """Find opposites in clauses that belong together.

    This is for statements and quotes that have both words.
    """
    quoted = split_clauses(comparison.quote)
    for clause in split_clauses(comparison.statement):
        other, overlap = find_closest(clause, quoted)
        pair = _opposite(words, clause, other) if overlap.shared >= LEAST_SHARED else None
        if pair and (not words.needs_number or _share_a_number(clause, other)):
            yield _hint("direction", *pair)


def _hint(
    kind: Literal["direction", "role"], word: str, other: str, is_certain: bool = False
) -> Hint:
    return Hint(
        kind, word, f"The statement says {word!r}; the quoted words say {other!r}.", is_certain
    )


def _opposite(words: Opposites, statement: str, evidence: str) -> tuple[str, str] | None:
    """Return the words of both texts where each has another one of two opposites, and no other.

    A word that bounds a number has an opposite only in one that bounds a number as well, and one
    of which the evidence has the like in any other words has none there.
    """
    said = _found(words, statement)
    if len(said) != 1:
        return None
    printed = _found(words, evidence)
    if len(printed) != 1 or said.keys() == printed.keys():
        return None
    if _has_only_bounds(words, statement) != _has_only_bounds(words, evidence):
        return None
    word, other = next(iter(said.values())), next(iter(printed.values()))
    return None if _has_alike(word, evidence) else (word, other)


def _has_alike(word: str, text: str) -> bool:
    """Tell whether a text has a word of the same direction, as any row of opposites pairs them."""
    return any(
        _found(words, word).keys() & _found(words, text).keys()
        for words in load_hint_words().direction
    )


def _has_only_bounds(words: Opposites, text: str) -> bool:
    return all(
        _is_bound(found, text) for side in (words.one, words.other) for found in side.finditer(text)
    )


def _is_bound(word: re.Match[str], text: str) -> bool:
    """Tell whether a word says on which side of a number something is: less than 20%."""
    return bool(_BOUND.fullmatch(word[0]) and _BOUNDED.match(text, word.end()))


def _found(words: Opposites, text: str) -> Mapping[Side, str]:
    """Return which of the opposites a text has, with its words.

    Both are returned where one of them is negated.
    """
    found: dict[Side, str] = {}
    sides: tuple[tuple[Side, re.Pattern[str], Side], ...] = (
        ("one", words.one, "other"),
        ("other", words.other, "one"),
    )
    for one, pattern, other in sides:
        for match_ in pattern.finditer(text):
            side, opposite = one, other
            if _IN_COMPOUND.match(text, max(0, match_.start() - 2)):
                continue
            end = _end_of_word(text, match_.end())
            if _PASSIVE.fullmatch(text[match_.start() : end]) and _AGENT.match(text, end):
                side, opposite = opposite, side
            found.setdefault(side, text[match_.start() : end])
            if _NEGATED.search(text[max(0, match_.start() - NEGATION_REACH) : match_.start()]):
                found.setdefault(opposite, match_[0])
    return found


def _end_of_word(text: str, position: int) -> int:
    while position < len(text) and text[position].isascii() and text[position].isalpha():
        position += 1
    return position


@lru_cache(maxsize=256)
def _share_a_number(statement: str, evidence: str) -> bool:
    printed = find_printed_numbers(evidence)
    return any(
        follows_from_two(each, statement, printed) or any(match(each, other) for other in printed)
        for each in find_stated_numbers(statement)
    )
