"""Small counts of a statement in place of which its quote has others: 六层 for a depth of three.

Any paper has so small a number somewhere, so that the quote alone tells: it has another count of
the same things, in the same unit, or nothing else that the two could count.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from chatpaper.domain.text.scripts import contains_unspaced
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
    hold_against_quote,
)
from chatpaper.summarize.verify.hints.things import counts_another_thing
from chatpaper.summarize.verify.numbers.number_words import (
    find_chinese_numbers,
    find_measured_words,
    is_cardinal,
    is_count_in_words,
)
from chatpaper.summarize.verify.numbers.numeral import Numeral, make_numeral
from chatpaper.summarize.verify.numbers.units import CALENDAR_MONTH, PERCENT, POINT, TIMES
from chatpaper.summarize.verify.spans import drop_overlapping
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.terms import extract_english_stems

_TABLES = load_word_tables(__name__)
LEAST_COUNT, LARGEST_COUNT = 2, 20
# What is counted stands so far behind its number.
REACH_BEHIND = 40
# How often something was repeated stands so near to the word for it.
REACH_OF_REPEATING = 40
_OCCASION_BEHIND = re.compile(r"\s?(?:[次回遍]|times\b)")
_REPEATED = re.compile(rf"(?:{_TABLES.join('repeated')})", re.IGNORECASE)
_FACTOR_BEHIND = re.compile(r"\s(?:as|more|less|fewer|faster|slower|larger|smaller|higher|lower)\b")
# Words with so many letters in common are forms of one.
LETTERS_OF_STEM = 5
_NO_COUNTS = (PERCENT, POINT, CALENDAR_MONTH)
_MEASURE_WORD = re.compile(rf"\s?(?:{_TABLES.join('measure_words')})")
_PART_BEFORE = re.compile(rf"(?:{_TABLES.join('parts')})\s?\Z", re.IGNORECASE)
_PEOPLE = re.compile(rf"\s?(?:{_TABLES.join('people')})")
_CLAUSE_END = re.compile(r"[,.;:()，。；：（）、\d]|[每则]|之[后前内中间]|以[后前内来上下]")
# The parts of what a summary itself counts follow at once: 训练分两步：先…….
_TOLD_BEHIND = re.compile(rf"[^。；;，,.]{{0,12}}(?:{_TABLES.join('told_behind')})", re.IGNORECASE)
# Digits of a quote count something where a word for many follows; else they may be marks.
_MANY_BEHIND = re.compile(r"[ -](?:[a-z-]+ ){0,2}[a-z-]{2,}s\b")


def find_count_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find small counts that the quote lacks where it has another one in their place."""
    if not comparison.quote:
        return
    said = find_small_counts(comparison.statement)
    stated = find_stated_numbers(comparison.statement)
    printed = find_printed_numbers(comparison.quote)
    spare = [
        each
        for each in printed
        if _is_small(each)
        and _is_said_as_count(each, comparison.quote)
        and not any(_is_same(other, each) for other in said)
        and not any(match(other, each) for other in stated)
    ]
    missing = [
        each
        for each in said
        # Digits with a unit are held against others elsewhere.
        if not (each.unit.kind and each.text[0].isdigit())
        and not any(_is_same(each, other) for other in printed)
        and not _follows(each, printed)
        and not _PART_BEFORE.search(comparison.statement[: each.start])
        and not _PEOPLE.match(comparison.statement, each.end)
        and not counts_another_thing(each, comparison)
    ]
    for numeral in missing if spare else ():
        rival = _find_rival(numeral, spare, comparison) or _find_only_other(
            numeral, missing, spare, comparison
        )
        if rival is not None:
            yield hold_against_quote("number", numeral.text, rival.text)


def find_small_counts(text: str) -> tuple[Numeral, ...]:
    """Find what a text counts up to twenty, in digits and in words."""
    words = [
        make_numeral(text, word.start, word.end, word.value, word.value)
        for word in find_chinese_numbers(text, counted_only=False)
        if is_count_in_words(text, word)
    ]
    words = [each for each in words if each.unit.kind or _MEASURE_WORD.match(text, each.end)]
    if not contains_unspaced(text):
        words = [
            make_numeral(text, word.start, word.end, word.value, word.value)
            for word in find_measured_words(text)
        ]
        words += [each for each in find_printed_numbers(text) if each.text.endswith("fold")]
    digits = [each for each in find_stated_numbers(text) if each.text[0].isdigit()]
    return drop_overlapping(each for each in (*words, *digits) if _is_small(each))


def _is_small(numeral: Numeral) -> bool:
    is_whole = numeral.digit >= 1 and numeral.value == numeral.value.to_integral_value()
    is_count = is_whole and numeral.unit.kind not in _NO_COUNTS
    return is_count and LEAST_COUNT <= numeral.value <= LARGEST_COUNT


def _is_said_as_count(printed: Numeral, quote: str) -> bool:
    """Tell whether a number of a quote counts: it has a unit, or is a cardinal before words."""
    if printed.unit.kind or is_cardinal(printed.text):
        return True
    return printed.text.isdigit() and bool(_MANY_BEHIND.match(quote, printed.end))


def _is_same(one: Numeral, other: Numeral) -> bool:
    return one.value == other.value or match(one, other) is not None


def _follows(numeral: Numeral, printed: Sequence[Numeral]) -> bool:
    """Tell whether a count may be the sum or the difference of two of a quote."""
    counts = Counter(each.value for each in printed if _is_small(each))
    return any(
        counts[numeral.value + one] or counts[numeral.value - one] > (numeral.value == 2 * one)
        for one in tuple(counts)
    )


def _find_rival(
    numeral: Numeral, spare: Sequence[Numeral], comparison: Comparison
) -> Numeral | None:
    """Return the count of a quote in the same unit, or of the same things.

    Where a sentence beside the quote has the stated one of these, that may be meant.
    """
    rival = next((each for each in spare if _is_alike(numeral, each, comparison)), None)
    is_beside = any(
        printed.value == numeral.value
        and _are_alike(numeral, comparison.statement, printed, comparison.context)
        for printed in find_printed_numbers(comparison.context)
    )
    return None if is_beside else rival


def _is_alike(numeral: Numeral, printed: Numeral, comparison: Comparison) -> bool:
    return _are_alike(numeral, comparison.statement, printed, comparison.quote)


def _are_alike(numeral: Numeral, text: str, printed: Numeral, other_text: str) -> bool:
    """Tell whether two numbers have one unit, or count the same things."""
    if TIMES in (numeral.unit.kind, printed.unit.kind) and abs(numeral.value - printed.value) == 1:
        # 快两倍 may be three times as fast.
        return False
    if is_occasion(numeral, text) and is_occasion(printed, other_text):
        return True
    if numeral.unit.kind or printed.unit.kind:
        return numeral.unit == printed.unit
    return _share(_find_things(numeral, text), _find_things(printed, other_text))


def is_occasion(numeral: Numeral, text: str) -> bool:
    """Tell whether a number says how often something was done, repeated ten times, and no factor.

    What is compared follows a factor, or it stands before a noun of its own.
    """
    if numeral.unit.kind not in ("", TIMES):
        return False
    around = text[max(0, numeral.start - REACH_OF_REPEATING) : numeral.end + REACH_OF_REPEATING]
    is_told = numeral.unit.kind == TIMES or _OCCASION_BEHIND.match(text, numeral.end)
    return bool(is_told and _REPEATED.search(around)) and not _FACTOR_BEHIND.match(
        text, numeral.end
    )


def _find_only_other(
    numeral: Numeral, missing: Sequence[Numeral], spare: Sequence[Numeral], comparison: Comparison
) -> Numeral | None:
    """Return the one count of a quote that is not stated, for the one stated that it lacks.

    What is known to count something else is not meant, and neither is what a sentence near by has,
    tables having any number, or what the statement itself tells one by one.
    """
    near = {each.value for each in find_printed_numbers(comparison.prose)}
    far = [each for each in missing if each.value not in near]
    if far != [numeral] or len({each.start for each in spare}) != 1:
        return None
    rival = spare[0]
    if numeral.unit.kind != rival.unit.kind or numeral.unit.kind == TIMES:
        return None
    if _TOLD_BEHIND.match(comparison.statement, numeral.end):
        return None
    things = _find_things(numeral, comparison.statement)
    others = _find_things(rival, comparison.quote)
    return rival if not things or not others else None


def _find_things(numeral: Numeral, text: str) -> frozenset[str]:
    """Return the stems of the English words for what stands right behind a number."""
    measure = _MEASURE_WORD.match(text, numeral.end)
    start = measure.end() if measure else numeral.end
    return extract_english_stems(_CLAUSE_END.split(text[start : start + REACH_BEHIND])[0])


def _share(stems: frozenset[str], others: frozenset[str]) -> bool:
    return bool(stems & others) or any(
        len(one) >= LETTERS_OF_STEM and one[:LETTERS_OF_STEM] == other[:LETTERS_OF_STEM]
        for one in stems
        for other in others
    )
