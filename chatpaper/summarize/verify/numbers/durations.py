"""How long something took, in several units: 6 hours and 40 minutes, 10m40s."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from chatpaper.summarize.verify.numbers.numeral import Numeral, measure_last_digit
from chatpaper.summarize.verify.numbers.units import Unit

_AND = re.compile(r"(?:,? and |, | |零|又|と)?")
# What follows in a list is another duration: 2 hours, 30 minutes; 2 hours and 30 minutes each.
_LISTED = re.compile(r",")
_TOLD_APART = re.compile(r"\b(?:respectively|each)\b|それぞれ|各")
# By itself m is a metre, d a dimension, and 分 a point of a score.
_UNITS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_LETTERS = {"天": "d", "日": "d", "小": "h", "個": "h", "个": "h", "時": "h", "分": "m", "秒": "s"}
_WORDS = {
    "d": "d|天|日間?",
    "h": "h|hrs?|[个個]?小[时時]|時間",
    "m": "m|mins?|分[钟鐘間]?",
    "s": "s|secs?|秒[钟鐘間]?",
}
_PARTS = re.compile(
    r"(?<![A-Za-z\d.,_-])(?=\d)"
    + "".join(rf"(?:\d{{1,4}}(?:\.\d{{1,2}})?\s?(?:{words})\s?)?" for words in _WORDS.values())
    + r"(?<!\s)(?![A-Za-z\d])"
)
_PART = re.compile(r"(?P<digits>\d[\d.]*)\s?(?P<unit>[^\d\s])[^\d\s]*")


def find_parts_of_durations(text: str) -> Iterator[Numeral]:
    """Yield the parts of durations in several units by their short names: 10m40s, 10 分 40 秒.

    Each of the units is the next smaller one: 3d 4s are no days and seconds.
    """
    for match in _PARTS.finditer(text):
        parts = list(_PART.finditer(text, *match.span()))
        letters = "".join(_LETTERS.get(part["unit"], part["unit"]) for part in parts)
        if len(parts) > 1 and letters in "dhms":
            for part, letter in zip(parts, letters, strict=True):
                digits, unit = part["digits"], Unit("second", Decimal(_UNITS[letter]))
                digit = measure_last_digit(digits)
                yield Numeral(part[0], *part.span(), Decimal(digits), unit, digit)


def join_durations(text: str, numerals: Sequence[Numeral]) -> Iterator[Numeral]:
    """Yield durations that are given in several units, in the smallest one.

    `numerals` are those of the text, in any order.
    """
    parts = {each.start: each for each in numerals if each.unit.kind == "second"}
    ordered = [parts[start] for start in sorted(parts)]
    for first, joined in enumerate(ordered):
        for short in ordered[first + 1 :]:
            if not _continues(text, joined, short):
                break
            value = joined.value * joined.unit.factor / short.unit.factor + short.value
            joined = replace(
                joined,
                text=text[joined.start : short.end],
                end=short.end,
                value=value,
                unit=short.unit,
                digit=short.digit,
            )
            yield joined


def join_stated_durations(text: str, numerals: Sequence[Numeral]) -> Iterator[Numeral]:
    """Yield the durations in several units of a text that does not list their parts."""
    if not _TOLD_APART.search(text):
        yield from (
            each for each in join_durations(text, numerals) if not _LISTED.search(each.text)
        )


def _continues(text: str, long: Numeral, short: Numeral) -> bool:
    """Tell whether a shorter duration right behind another one is the rest of it."""
    is_shorter = long.unit.factor > max(short.unit.factor, short.value * short.unit.factor)
    return is_shorter and bool(_AND.fullmatch(text, long.end, short.start))
