"""What a sentence says that a number was computed by.

A computed value counts only where the sentence speaks of a comparison or a sum, and only in the way
in which it does: a value in percentage points is a difference, one in 倍 is a ratio.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.numbers.numeral import Numeral, may_be_year
from chatpaper.summarize.verify.numbers.rounding import measure_bound
from chatpaper.summarize.verify.numbers.units import PERCENT, POINT, TIMES

Operation = Literal[
    "difference",
    "rise",
    "fall",
    "share",
    "ratio",
    "excess",
    "fraction",
    "sum",
    "total",
    "quotient",
]

_RELATIVE_OPERATIONS: tuple[Operation, ...] = ("rise", "fall")

# How far from a number, in characters, the words stand that tell what was computed.
_REACH_BEFORE = 60
_REACH_BEHIND = 24

_TABLES = load_word_tables(__name__)
_RISE = re.compile(_TABLES.join("rise"), re.IGNORECASE)
_FALL = re.compile(_TABLES.join("fall"), re.IGNORECASE)
# Adjectives compare where the number follows them: 高 3.1 个百分点; 21 ポイント高い.
_EXTENT = "(?:出|掉|了|约|近|达|到|于|至|上|个)*"
# 少用 71 秒, 多训练 3 轮; but not 至少用.
_WORK = "(?:训练|[用花耗费占需要训跑算存传写读调查付错漏丢赢输拿得做走等看有])"
_HIGHER = re.compile(rf"(?:[高多快大优长强好早]|(?<![至最很许])多{_WORK}){_EXTENT}\s?\Z")
_LOWER = re.compile(rf"(?:[低少慢小短差弱晚]|(?<![至最很许])少{_WORK}){_EXTENT}\s?\Z")
_HIGHER_BEHIND = re.compile(r"\s?(?:も|ほど)?[高多速大長]")
_LOWER_BEHIND = re.compile(r"\s?(?:も|ほど)?[低少遅小短]")
_SPEED_BEFORE = re.compile(rf"[快慢]{_EXTENT}\s?\Z")
_SPEED_BEHIND = re.compile(r"\s?(?:slower|faster)\b", re.IGNORECASE)
# What is said of the first of several is said of each: 低 1920.4 和 1931.5.
_OTHERS_BEFORE = re.compile(
    r"(?:\d[\d.,]{0,12}[^\d，；。,;]{0,6}?(?:[和与與及跟、/]|,? and|,)\s?){1,4}\Z"
)
_GAP = re.compile(
    r"(?<![誤误偏方准準残])差|相距|相比|gap|differ|margin|than\b|change|变化|より|比べ",
    re.IGNORECASE,
)
# A gap in per cent is one of either side.
_GAP_OF = re.compile(r"(?:差距?|相差|gap|difference|margin)[^，；。,;\d]{0,20}\Z", re.IGNORECASE)
_SHARE = re.compile(_TABLES.join("share"), re.IGNORECASE)
_SUM = re.compile(_TABLES.join("sum"), re.IGNORECASE)
_REST = re.compile(
    r"(?:其余|其餘|剩余|余下|剩下|其他|另外|残り|\b(?:remaining|other|rest))[^\d，；。,;]{0,6}\Z",
    re.IGNORECASE,
)
_EXCESS = re.compile(r"(?:增加|增长|增大|提高|提升|高出|多出|超出|快)[了约近超过到]{0,3}\s?\Z")
# What is said in another way: "2496 frames at 24 a second, i.e. 104 seconds"; and a mean of so many
# in so much: 54.1 秒传送 676.8MB，平均每秒约 12.5MB.
_MEAN_OF_EACH = re.compile(r"平均每[^，；。,;\d每]{1,8}\Z")
_THAT_IS = re.compile(
    r"(?:即|也就是|相当于|折合|折算|换算|按[^，；。,;]{1,20}计|i\.e\.|that is|equivalent to|=)"
    r"[^，；。,;]{0,12}\Z",
    re.IGNORECASE,
)
# 升至 86.3 and "from 0.44" are levels, no changes.
_LEVEL = re.compile(r"(?:[由从自至到]|\bfrom|\bto|\bat|=)\s?\Z")
_START = re.compile(r"(?:[由从]|\bfrom)\s?\Z")
# 约 9 美元跌至; but not 每提高到 2 倍.
_FALLS_TO = re.compile(
    r"(?:左右)?(?:大幅|逐渐|进一步|显著|明显)?[升降增减跌涨][高升低加少]?[至到为]"
)
_SIGNED = re.compile(r"(?:(?<![A-Za-z])-|[−–+＋↑↓△▲▼])\s?\Z")
_POINTS = re.compile(r"点|points?|pp|ポイント")
_FRACTION = re.compile(r"分[之の]|一半|\d/\d")
# 相对提升 28%, 28% 的相对提升: a share of the value before.
_RELATIVE_BEFORE = re.compile(rf"(?:{_TABLES.join('relative_before')})\Z", re.IGNORECASE)
_RELATIVE_BEHIND = re.compile(_TABLES.join("relative_behind"), re.IGNORECASE)
# 不足其一半, 不足原来的五分之一.
_OF_ITS = "(?:其|一|[^，；。,;\\d（）()]{1,24}(?:（[^（）]{1,24}）|\\([^()]{1,24}\\))?的)?"
_AT_LEAST_BEFORE = re.compile(rf"(?:{_TABLES.join('at_least_before')}){_OF_ITS}\s?\Z")
_AT_LEAST_BEHIND = re.compile(r"\s?(?:以上|多(?!种|个)|余|强|or more)")
_AT_MOST_BEFORE = re.compile(rf"(?:{_TABLES.join('at_most_before')})\s?{_OF_ITS}\Z")
_AT_MOST_BEHIND = re.compile(r"\s?(?:以下|以内|未満)")

# A value that is computed and stated as approximate is off by no more than this share of itself,
# one that is called a bound by no more than the other.
MAX_ROUNDING_SHARE = Decimal("0.05")
MAX_BOUND_SHARE = Decimal("0.25")
MAX_NEAR_SHARE = Decimal("0.1")
# About 6 % is 6.47 % too, and about 3 % is 3.4 %: of per cent only whole ones are stated.
MAX_ROUNDING_SHARE_OF_PERCENT = Decimal("0.15")
# A fraction in digits that is not called approximate, 4/9.
MAX_ROUNDING_SHARE_OF_FRACTION = Decimal("0.01")
# So many things are seldom counted one by one: a summary adds up what a paper lists, and does not
# say so.
LEAST_TOTAL = 1000
# What is called approximate may stand behind what it is a part of: 约为原来的 1/8.
_ABOUT = re.compile(
    r"(?:约|大概|大致|about|around|roughly|approximately)[^，；。,;]{0,20}\Z", re.IGNORECASE
)
EXACT = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Calculation:
    """A stated value, the operations that may give it, and how far the exact result may differ."""

    claimed: Numeral
    operations: tuple[Operation, ...]
    low: Decimal
    high: Decimal

    def answers(self, value: Decimal) -> bool:
        """Tell whether the value is what was stated, rounded as it was stated."""
        return self.low <= value <= self.high


@lru_cache(maxsize=1024)
def parse_calculation(claimed: Numeral, sentence: str) -> Calculation | None:
    """Return what a sentence says was computed.

    Returns None where it speaks of no comparison and no sum.
    """
    before = sentence[max(0, claimed.start - _REACH_BEFORE) : claimed.start]
    before = _OTHERS_BEFORE.sub("", before)
    behind = sentence[claimed.end : claimed.end + _REACH_BEHIND]
    # What a change begins with was not computed.
    is_start = _START.search(before) or _FALLS_TO.match(behind)
    operations = () if is_start else tuple(dict.fromkeys(_operations(claimed, before, behind)))
    if is_said_relative(claimed, sentence):
        operations = tuple(each for each in operations if each in _RELATIVE_OPERATIONS)
    if not operations or not claimed.value or may_be_year(claimed):
        return None
    low, high = _limits(claimed, before, behind)
    return Calculation(claimed, operations, low, high)


def is_difference(claimed: Numeral, sentence: str) -> bool:
    """Tell whether a sentence says that a number is how far two values are apart."""
    calculation = parse_calculation(claimed, sentence)
    return calculation is not None and "difference" in calculation.operations


def is_said_relative(claimed: Numeral, sentence: str) -> bool:
    """Tell whether a sentence says that a number in per cent is a share of the value before."""
    return (
        claimed.unit.kind == PERCENT
        and not _POINTS.search(claimed.text)
        and bool(
            _RELATIVE_BEFORE.search(sentence, 0, claimed.start)
            or _RELATIVE_BEHIND.match(sentence, claimed.end)
        )
    )


def _operations_of_ratio(claimed: Numeral, before: str) -> Iterator[Operation]:
    is_higher = bool(_HIGHER.search(before))
    # 高 0.5 倍 is half as much again, and no half.
    if claimed.value >= 1 or not is_higher:
        yield "ratio"
    if is_higher or _EXCESS.search(before):
        yield "excess"


def _operations(claimed: Numeral, before: str, behind: str) -> Iterator[Operation]:
    around = f"{before}\n{behind}"
    signed = bool(_SIGNED.search(before))
    rises = bool(
        signed or _RISE.search(around) or _HIGHER.search(before) or _HIGHER_BEHIND.match(behind)
    )
    falls = bool(
        signed or _FALL.search(around) or _LOWER.search(before) or _LOWER_BEHIND.match(behind)
    )
    if _SPEED_BEFORE.search(before) or _SPEED_BEHIND.match(behind):
        # What is slower takes more time, and does less in it.
        rises = falls = True
    compares = rises or falls or bool(_GAP.search(around))
    if claimed.unit.kind == TIMES or _FRACTION.search(claimed.text):
        yield from _operations_of_ratio(claimed, before)
        return
    is_change = not _LEVEL.search(before)
    if compares and is_change:
        yield "difference"
    if claimed.unit.kind == PERCENT and not _POINTS.search(claimed.text):
        if rises and is_change:
            yield "rise"
        if falls and is_change:
            yield "fall"
        if _GAP_OF.search(before):
            yield "rise"
            yield "fall"
        if _SHARE.search(before) or _SHARE.search(behind):
            yield "share"
    if (_THAT_IS.search(before) or _MEAN_OF_EACH.search(before)) and claimed.unit.kind not in (
        PERCENT,
        POINT,
    ):
        yield "quotient"
    yield from _sums(claimed, before, behind)


def _sums(claimed: Numeral, before: str, behind: str) -> Iterator[Operation]:
    """Yield sums, and what is left of them."""
    if claimed.unit.kind not in (PERCENT, POINT) and _SUM.search(f"{before}\n{behind}"):
        yield "sum"
    if claimed.unit.kind:
        return
    if _REST.search(before):
        yield "difference"
    if claimed.value >= LEAST_TOTAL:
        yield "total"


def _limits(claimed: Numeral, before: str, behind: str) -> tuple[Decimal, Decimal]:
    value = claimed.value
    if claimed.goes_on:
        return value, value + measure_bound(claimed)
    is_about = claimed.approximate or bool(_ABOUT.search(before))
    share = (
        MAX_ROUNDING_SHARE_OF_PERCENT
        if is_about and claimed.unit.kind == PERCENT
        else MAX_ROUNDING_SHARE
    )
    reach = max(min(claimed.digit / 2, value * share), value * EXACT)
    if claimed.unit.kind == TIMES or _FRACTION.search(claimed.text):
        is_exact = "/" in claimed.text and not is_about
        reach = (
            value * (MAX_ROUNDING_SHARE_OF_FRACTION if is_exact else MAX_ROUNDING_SHARE)
            if claimed.digit == 1
            else reach
        )
        if _AT_LEAST_BEFORE.search(before) or _AT_LEAST_BEHIND.match(behind):
            return value, value * (1 + MAX_BOUND_SHARE)
        if _AT_MOST_BEFORE.search(before) or _AT_MOST_BEHIND.match(behind):
            return value * (1 - MAX_BOUND_SHARE), value
    # What is nearly ten times as much is less, and a little more than that from ten.
    low, high = value - reach, value + reach
    return (
        min(low, value * (1 - MAX_NEAR_SHARE)) if claimed.bound == "most" else low,
        max(high, value * (1 + MAX_NEAR_SHARE)) if claimed.bound == "least" else high,
    )
