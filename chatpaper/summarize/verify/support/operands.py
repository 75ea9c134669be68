"""Which numbers of a sentence or a passage can be those from which a value was computed."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from chatpaper.summarize.verify.numbers.numeral import Numeral, may_be_year
from chatpaper.summarize.verify.numbers.units import CALENDAR_MONTH, PERCENT, POINT, TIMES
from chatpaper.summarize.verify.terms import extract_english_stems

# Numbers of the sentence that are tried as operands: the nearest ones.
MOST_OPERANDS = 6
MAX_SMALL_COUNT = 10
# Two numbers add up to a third one by chance.
LEAST_PARTS = 3
# A stated value that is so many times the printed one differs in its scale.
_LEAST_FACTOR = 999

# Scores of one measure are hardly further apart: 0.8055 is none beside 33.189.
LARGEST_RATIO_OF_SCORES = 20

_LISTED = re.compile(r"[^\d，；。,;]{0,2}?\s?(?:[和与與及跟、/]|,? and|,)\s?")
_MINUS_BEFORE = re.compile(r"(?<![A-Za-z\d])[-−–]\s?\Z")
_CONDITION = re.compile(r"[^\d，；。,;:：]{0,8}?(?:[时時]|下(?![降跌调滑]))")
_SIZES = frozenset("KMB")
# What is counted stands so far behind its number.
_REACH_BEHIND = 24
_COUNTED_END = re.compile(r"[,.;:()，。；：（）、\d]")
# What a name is called in short stands within it: question answer (QA) pairs.
_SHORT_FOR = re.compile(r" ?\([A-Z]{2,6}s?\)")
_MEASURE_WORD = re.compile(r"\A\s?[张張個个篇条位名项段块枚件台种类组]")
_NAME_BEFORE = re.compile(r"[A-Za-z][\d.]{0,6}[ -]?\Z")
# LLaMA3.1-8B: so near stands the last letter of a name.
_REACH_OF_NAME = 8
_COMPOUND = re.compile(r"-[a-z]{2}")
_CLAUSE = re.compile(r"[，；;、]|,\s|。")
_FROM = re.compile(r"[^，；;\d]{0,12}(?:[由从]|from\b|up from|down from)")


def find_nearest(stated: Sequence[Numeral], claimed: Numeral) -> list[Numeral]:
    """Find the numbers nearest before and behind the claimed one, without itself."""
    before = [each for each in stated if each.end <= claimed.start]
    behind = [each for each in stated if each.start >= claimed.end]
    return [*before[: -MOST_OPERANDS - 1 : -1], *behind[:2]]


def find_counted(numeral: Numeral, text: str) -> frozenset[str]:
    """Return the stems of the English words for what stands right behind a number."""
    behind = _SHORT_FOR.sub("", text[numeral.end : numeral.end + 2 * _REACH_BEHIND])
    behind = _MEASURE_WORD.sub("", behind[:_REACH_BEHIND])
    return extract_english_stems(_COUNTED_END.split(behind)[0])


def is_one_of_several(claimed: Numeral, stated: Sequence[Numeral], sentence: str) -> bool:
    """Tell whether a number stands in a list with another one that measures the same: 11.1 和 24.5.

    Each of them has operands of its own.
    """
    return any(
        each.start >= 0
        and each.unit.kind == claimed.unit.kind
        and (
            _LISTED.fullmatch(sentence, each.end, claimed.start)
            or _LISTED.fullmatch(sentence, claimed.end, each.start)
        )
        for each in stated
    )


def is_of_another_clause(stated: Numeral, claimed: Numeral, sentence: str) -> bool:
    """Tell whether a number follows the claimed one in a clause that does not give its origin."""
    gap = sentence[claimed.end : stated.start]
    clause = _CLAUSE.search(gap)
    return clause is not None and not _FROM.match(gap, clause.end())


def is_beyond_semicolon(stated: Numeral, claimed: Numeral, sentence: str) -> bool:
    """Tell whether a number stands behind a semicolon after the claimed one.

    Such a later part of the sentence says something of its own.
    """
    return stated.start > claimed.end and any(
        mark in sentence[claimed.end : stated.start] for mark in ";；"
    )


def is_negative(stated: Numeral, sentence: str) -> bool:
    """Tell whether a minus sign precedes a number; a hyphen after a word or a digit is not one."""
    return bool(_MINUS_BEFORE.search(sentence[max(0, stated.start - 3) : max(0, stated.start)]))


def read_signed(printed: Numeral, text: str) -> Numeral:
    """Return a number of a text below zero where a minus sign precedes it."""
    return replace(printed, value=-printed.value) if is_negative(printed, text) else printed


def is_part_of_name(stated: Numeral, sentence: str) -> bool:
    """Tell whether a number says which thing is meant: 20-way, LLaMA 34B, ICML 2023, R@5."""
    before = sentence[max(0, stated.start - _REACH_OF_NAME) : max(0, stated.start)]
    may_follow = stated.text[-1:] in _SIZES or may_be_year(stated)
    is_behind_name = before.endswith("@") or (may_follow and bool(_NAME_BEFORE.search(before)))
    return not stated.unit.kind and (is_behind_name or bool(_COMPOUND.match(sentence, stated.end)))


def is_condition(stated: Numeral, sentence: str) -> bool:
    """Tell whether a measured number says when something holds: 25 nA 时, 5 V 的电压下, at 5 m."""
    before = sentence[max(0, stated.start - 4) : max(0, stated.start)]
    is_before = bool(_CONDITION.match(sentence, stated.end)) or before.endswith(" at ")
    return stated.unit.kind not in ("", PERCENT, POINT, TIMES) and is_before


def get_significant_digits(numeral: Numeral) -> str:
    """Return the digits of a number at any scale: 4 of 0.4 as well as of 400 亿."""
    return f"{numeral.value:f}".replace(".", "").strip("0")


def have_same_digits(one: Numeral, other: Numeral) -> bool:
    """Tell whether two numbers are of the same digits, and one is some powers of ten larger."""
    digits = get_significant_digits(one)
    return digits == get_significant_digits(other) != "" and one.value != other.value


def is_small_count(numeral: Numeral) -> bool:
    """Tell whether a number is a count or month such as 两, 三, 8 次.

    Any part of a paper has such counts, and summaries make them themselves: where a paper has them
    tells nothing.
    """
    return (
        numeral.unit.kind in ("", CALENDAR_MONTH)
        and "." not in numeral.text
        and numeral.value == numeral.value.to_integral_value()
        and abs(numeral.value) <= MAX_SMALL_COUNT
    )


def is_sum_of_counts(numeral: Numeral, parts: Sequence[Numeral]) -> bool:
    """Tell whether a number is the sum of all the counts of a text: 1,200 of 888, 218 and 94."""
    are_counts = all(not each.unit.kind and "." not in each.text for each in (numeral, *parts))
    is_sum = numeral.value == sum(each.value for each in parts)
    return len(parts) >= LEAST_PARTS and are_counts and is_sum


def are_of_one_measure(one: Numeral, other: Numeral) -> bool:
    """Tell whether two numbers have the same unit, and both have decimals or neither has."""
    return one.unit.kind == other.unit.kind and ("." in one.text) == ("." in other.text)


def are_alike(one: Numeral, other: Numeral) -> bool:
    """Tell whether two numbers look like values of one measure.

    They are of one measure, different, and neither is a small count.
    """
    smaller, larger = sorted((abs(one.value), abs(other.value)))
    if not one.unit.kind and "." in one.text and larger > LARGEST_RATIO_OF_SCORES * smaller:
        return False
    return (
        one.value != other.value
        and are_of_one_measure(one, other)
        and not is_small_count(one)
        and not is_small_count(other)
    )


def express_as_stated(cell: Numeral, held: Numeral, stated: Numeral) -> Numeral:
    """Return a cell in the unit and scale of the stated number.

    The bare cell `held` supports that number, so that the two tell the scale.
    """
    if cell.unit.kind or held.unit.kind or not held.value:
        return cell
    factor = stated.value / held.value
    scale = Decimal(1).scaleb(round(math.log10(factor))) if factor > _LEAST_FACTOR else Decimal(1)
    return replace(cell, value=cell.value * scale, unit=stated.unit)
