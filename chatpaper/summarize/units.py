"""What stands behind a number: scales (million, 万) and units (dB, 小时), and how one converts to another."""

import re
from dataclasses import dataclass
from decimal import Decimal

PERCENT = "%"
TIMES = "×"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a multiple of the base unit of its kind; `kind` is "" where a number has no unit that we know."""

    kind: str = ""
    factor: Decimal = Decimal(1)


NO_UNIT = Unit()

_SCALES = {
    "hundred": "1e2", "thousand": "1e3", "million": "1e6", "billion": "1e9", "trillion": "1e12",
    "万亿": "1e12", "亿": "1e8", "億": "1e8", "千万": "1e7", "百万": "1e6", "十万": "1e5", "万": "1e4",
    "萬": "1e4", "千": "1e3", "百": "1e2",
    "K": "1e3", "k": "1e3", "M": "1e6", "B": "1e9", "T": "1e12",
}  # fmt: skip

# (how it is written, its kind, how many base units it is). A month and a year are no fixed number of days.
_UNITS = (
    (r"%|percentage points?|percent points?|per\s?cent|points?|pp|个?百分点|ポイント|パーセント", PERCENT, "1"),
    (r"×|x|times|-?\s?fold|倍", TIMES, "1"),
    (r"ns|纳秒", "second", "1e-9"),
    (r"[µμu]s|微秒", "second", "1e-6"),
    (r"ms|milliseconds?|毫秒|ミリ秒", "second", "1e-3"),
    (r"s|secs?|seconds?|秒钟?", "second", "1"),
    (r"mins?|minutes?|分钟|分間", "second", "60"),
    (r"h|hrs?|hours?|个?小时|時間", "second", "3600"),
    (r"days?|天|日間", "second", "86400"),
    (r"weeks?|周(?!期)|週間", "second", "604800"),
    (r"months?|个月|[かヶ]月", "month", "1"),
    (r"years?|年(?![代级轮])", "year", "1"),
    (r"Hz|赫兹", "hertz", "1"),
    (r"kHz|千赫兹?", "hertz", "1e3"),
    (r"MHz|兆赫兹?", "hertz", "1e6"),
    (r"GHz|吉赫兹?", "hertz", "1e9"),
    (r"dB|decibels?|分贝|デシベル", "decibel", "1"),
    (r"bytes?|字节|バイト", "byte", "1"),
    (r"[kK]B", "byte", "1e3"),
    (r"MB", "byte", "1e6"),
    (r"GB", "byte", "1e9"),
    (r"TB", "byte", "1e12"),
    (r"KiB", "byte", "1024"),
    (r"MiB", "byte", "1048576"),
    (r"GiB", "byte", "1073741824"),
    (r"-?bits?|比特|ビット", "bit", "1"),
    (r"nm|纳米", "metre", "1e-9"),
    (r"[µμu]m|微米", "metre", "1e-6"),
    (r"mm|毫米", "metre", "1e-3"),
    (r"cm|厘米", "metre", "1e-2"),
    (r"m|met(?:er|re)s?|米", "metre", "1"),
    (r"km|公里|千米|キロ", "metre", "1e3"),
    (r"px|pixels?|像素|画素|ピクセル", "pixel", "1"),
    (r"mg|毫克", "gram", "1e-3"),
    (r"g|grams?|克", "gram", "1"),
    (r"kg|千克|公斤", "gram", "1e3"),
    (r"mW|毫瓦", "watt", "1e-3"),
    (r"W|watts?|瓦", "watt", "1"),
    (r"kW|千瓦", "watt", "1e3"),
    (r"°C|℃|摄氏度", "degree Celsius", "1"),
    (r"°|degrees?|度", "degree", "1"),
    (r"USD|dollars?|美元|ドル", "dollar", "1"),
)

_SPACE = r"[ \u00a0\u2009\u202f]?"
_WORD_ENDS = r"(?![A-Za-z])"
_SCALE = re.compile(rf"{_SPACE}-?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})(?![A-Za-z\d分])")
_COMPILED = tuple(
    (re.compile(rf"{_SPACE}-?(?:{words}){_WORD_ENDS}"), Unit(kind, Decimal(factor))) for words, kind, factor in _UNITS
)


def scale_at(text: str, position: int) -> tuple[Decimal, int]:
    """The scale that stands at `position`, and where it ends; 1 where there is none."""
    match = _SCALE.match(text, position)
    return (Decimal(_SCALES[match["scale"]]), match.end()) if match else (Decimal(1), position)


def unit_at(text: str, position: int) -> tuple[Unit, int]:
    """The unit that stands at `position`, and where it ends; the longest where several fit."""
    found = [(match.end(), unit) for pattern, unit in _COMPILED if (match := pattern.match(text, position))]
    if not found:
        return NO_UNIT, position
    end, unit = max(found, key=lambda candidate: candidate[0])
    return unit, end


# Words that tell of a unit where the numbers themselves stand without it, as in a table.
_TOLD_BY = {PERCENT: r"%|per\s?cent|percentage", TIMES: r"×|times|factor|fold|speed-?up|ratio|倍"}


def mentions(unit: Unit, text: str) -> bool:
    """Whether a text speaks of units of this kind, with or without a number."""
    if unit.kind in _TOLD_BY:
        return bool(re.search(_TOLD_BY[unit.kind], text))
    words = "|".join(words for words, kind, _ in _UNITS if kind == unit.kind)
    return bool(re.search(rf"(?<![A-Za-z])(?:{words}){_WORD_ENDS}", text))
