"""What stands behind a number.

That is scales (million, 万) and units (dB, 小时), and how one converts to another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

PERCENT = "%"
TIMES = "×"
# Points of a score: of a percentage, of BLEU, of anything that the paper counts in points.
POINT = "point"
CALENDAR_MONTH = "calendar month"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a multiple of the base unit of its kind.

    `kind` is "" where a number has no unit that we know.
    """

    kind: str = ""
    factor: Decimal = Decimal(1)


NO_UNIT = Unit()

_SCALES = {
    "hundred": "1e2", "thousand": "1e3", "million": "1e6", "billion": "1e9", "trillion": "1e12",
    "万亿": "1e12", "亿": "1e8", "億": "1e8", "千万": "1e7", "百万": "1e6", "十万": "1e5",
    "万": "1e4", "萬": "1e4", "千": "1e3", "百": "1e2", "K": "1e3", "k": "1e3", "M": "1e6",
    "B": "1e9", "T": "1e12", "bn": "1e9",
}  # fmt: skip

_PREFIXES = {
    "f": "1e-15", "p": "1e-12", "n": "1e-9", "µ": "1e-6", "μ": "1e-6", "u": "1e-6", "m": "1e-3",
    "k": "1e3", "M": "1e6", "G": "1e9", "T": "1e12",
}  # fmt: skip
# The symbols that take prefixes, with their kind and how many base units each is.
_PREFIXED = {
    "s": ("second", "1"), "m": ("metre", "1"), "g": ("gram", "1"), "Hz": ("hertz", "1"),
    "W": ("watt", "1"), "V": ("volt", "1"), "A": ("ampere", "1"), "eV": ("electronvolt", "1"),
    "J": ("joule", "1"), "Pa": ("pascal", "1"), "N": ("newton", "1"), "Ω": ("ohm", "1"),
    "mol": ("mole", "1"), "L": ("litre", "1"), "l": ("litre", "1"), "pc": ("parsec", "1"),
    "yr": ("year", "1"), "Wh": ("watt hour", "1"), "Jy": ("jansky", "1"), "bp": ("base pair", "1"),
    "FLOPs": ("operation", "1"), "FLOPS": ("operation a second", "1"), "bps": ("bit a second", "1"),
}  # fmt: skip
# Letters that mostly name something else, unless they have a prefix: 8 A, 6 N, 12 L.
_NEVER_ALONE = frozenset("ANLl")
# Chinese words for the same, with and without a prefix.
_HAN_PREFIXES = {
    "飞": "1e-15", "皮": "1e-12", "纳": "1e-9", "微": "1e-6", "毫": "1e-3", "": "1", "兆": "1e6",
    "吉": "1e9",
}  # fmt: skip
_HAN_PREFIXED = {
    "秒": "s", "米": "m", "克": "g", "赫": "Hz", "赫兹": "Hz", "瓦": "W", "伏": "V", "伏特": "V",
    "安培": "A", "焦耳": "J", "帕": "Pa", "欧姆": "Ω", "摩尔": "mol", "升": "L", "电子伏": "eV",
    "电子伏特": "eV", "秒差距": "pc",
}  # fmt: skip

# Other words, as regular expressions: their kind, how many base units they are. A month and a year
# are no fixed number of days.
_WORDS = (
    (r"%|per\s?cent(?:age)?(?:[ -]points?)?|pp|个?百分点|パーセント(?:ポイント)?", PERCENT, "1"),
    (r"pts?|points?|个?点(?![对积云击数])|ポイント", POINT, "1"),
    (r"×|[xX]|times|-?\s?fold|倍", TIMES, "1"),
    (r"secs?|seconds?|秒钟", "second", "1"),
    (r"milliseconds?|msecs?|ミリ秒", "second", "1e-3"),
    (r"microseconds?|マイクロ秒", "second", "1e-6"),
    (r"nanoseconds?|ナノ秒", "second", "1e-9"),
    (r"mins?|minutes?|分钟|分間", "second", "60"),
    (r"h|hrs?|hours?|[个個]?小[时時]|時間", "second", "3600"),
    (r"days?|天|日間", "second", "86400"),
    (r"weeks?|周(?!期)|週間", "second", "604800"),
    (r"months?|[个個]月|[かヶカケ]月", "month", "1"),
    (r"月份?(?![光球面])", CALENDAR_MONTH, "1"),
    (r"years?|年(?![代级轮])", "year", "1"),
    (r"ka", "year", "1e3"),
    (r"万年", "year", "1e4"),
    (r"Ma|百万年", "year", "1e6"),
    (r"亿年|億年", "year", "1e8"),
    (r"Ga|十亿年", "year", "1e9"),
    (r"[Hh]ertz|ヘルツ", "hertz", "1"),
    (r"KHz|khz|千赫兹?|キロヘルツ", "hertz", "1e3"),
    (r"Mhz|メガヘルツ", "hertz", "1e6"),
    (r"d[bB]|decibels?|分贝|デシベル", "decibel", "1"),
    (r"bytes?|字节|バイト", "byte", "1"),
    (r"[kK]B", "byte", "1e3"),
    (r"MB|兆字节", "byte", "1e6"),
    (r"GB", "byte", "1e9"),
    (r"TB", "byte", "1e12"),
    (r"KiB", "byte", "1024"),
    (r"MiB", "byte", "1048576"),
    (r"GiB", "byte", "1073741824"),
    (r"-?bits?|比特|ビット", "bit", "1"),
    (r"[kK]b(?:it)?/s|Kbps", "bit a second", "1e3"),
    (r"Mb(?:it)?/s", "bit a second", "1e6"),
    (r"Gb(?:it)?/s", "bit a second", "1e9"),
    (r"[kK]B/s", "byte a second", "1e3"),
    (r"MB/s", "byte a second", "1e6"),
    (r"GB/s", "byte a second", "1e9"),
    (r"TB/s", "byte a second", "1e12"),
    (r"met(?:er|re)s?|メートル", "metre", "1"),
    (r"cm|centimet(?:er|re)s?|厘米|センチ(?:メートル)?", "metre", "1e-2"),
    (r"kilomet(?:er|re)s?|公里|千米|キロ(?:メートル)?", "metre", "1e3"),
    (r"microns?|マイクロメートル", "metre", "1e-6"),
    (r"px|pixels?|像素|画素|ピクセル", "pixel", "1"),
    (r"grams?|グラム", "gram", "1"),
    (r"千克|公斤|キログラム", "gram", "1e3"),
    (r"watts?|ワット", "watt", "1"),
    (r"千瓦|キロワット", "watt", "1e3"),
    (r"volts?|ボルト", "volt", "1"),
    (r"ergs?|尔格", "joule", "1e-7"),
    (r"千秒差距", "parsec", "1e3"),
    (r"百万秒差距", "parsec", "1e6"),
    (r"°C|℃|摄氏度", "degree Celsius", "1"),
    (r"°|degrees?|度", "degree", "1"),
    (r"USD|dollars?|美元|ドル", "dollar", "1"),
)  # fmt: skip

_SPACE = r"[ \u00a0\u2009\u202f]?"
_WORD_ENDS = r"(?![A-Za-z\d])"
_LATIN_SCALES = "|".join(
    sorted((word for word in _SCALES if word.isascii()), key=len, reverse=True)
)
_HAN_SCALES = "|".join(
    sorted((word for word in _SCALES if not word.isascii()), key=len, reverse=True)
)
_SCALE = re.compile(
    rf"{_SPACE}(?:-?(?P<latin>{_LATIN_SCALES})(?![A-Za-z\d])|(?:[多余]\s?)?(?P<han>{_HAN_SCALES})"
    rf"(?![\d分年]))"
)
_COMPILED = tuple(
    (
        re.compile(rf"{_SPACE}-?(?:{words})(?:(?<![A-Za-z])|{_WORD_ENDS})"),
        Unit(kind, Decimal(factor)),
    )
    for words, kind, factor in _WORDS
)
_SYMBOL = re.compile(rf"{_SPACE}-?(?P<symbol>[A-Za-zµμΩ]{{1,6}}){_WORD_ENDS}")
_HAN_SYMBOL = re.compile(
    rf"{_SPACE}(?P<symbol>(?:{'|'.join(filter(None, _HAN_PREFIXES))})?"
    rf"(?:{'|'.join(sorted(_HAN_PREFIXED, key=len, reverse=True))}))"
)
# No unit with the space before it is longer.
_LONGEST_CHARACTERS = 24


def _symbols() -> Iterator[tuple[str, Unit]]:
    for symbol, (kind, factor) in _PREFIXED.items():
        if symbol not in _NEVER_ALONE:
            yield symbol, Unit(kind, Decimal(factor))
        for prefix, scale in _PREFIXES.items():
            yield prefix + symbol, Unit(kind, Decimal(factor) * Decimal(scale))
    for word, symbol in _HAN_PREFIXED.items():
        kind, factor = _PREFIXED[symbol]
        for prefix, scale in _HAN_PREFIXES.items():
            # 升 alone is more often a verb.
            if prefix or word != "升":
                yield prefix + word, Unit(kind, Decimal(factor) * Decimal(scale))


_SYMBOLS = dict(_symbols())


def find_scale(text: str, position: int) -> tuple[Decimal, int]:
    """Return the scale that stands at `position`, and where it ends; 1 where there is none."""
    match = _SCALE.match(text, position)
    return (
        (Decimal(_SCALES[match["latin"] or match["han"]]), match.end())
        if match
        else (Decimal(1), position)
    )


def find_unit(text: str, position: int) -> tuple[Unit, int]:
    """Return the unit that stands at `position`, and where it ends.

    The longest is taken where several fit.
    """
    unit, length = _unit_that_begins(text[position : position + _LONGEST_CHARACTERS])
    return unit, position + length


def is_unit(word: str) -> bool:
    """Tell whether a word is nothing but a unit, such as ms or Mpc."""
    unit, length = _unit_that_begins(word)
    return unit is not NO_UNIT and length == len(word)


@lru_cache(maxsize=65536)
def _unit_that_begins(text: str) -> tuple[Unit, int]:
    if not text or text[0].isdigit() or text[0] in ",.;:)]":
        return NO_UNIT, 0
    found = [(match.end(), unit) for pattern, unit in _COMPILED if (match := pattern.match(text))]
    found += [
        (match.end(), _SYMBOLS[match["symbol"]])
        for pattern in (_SYMBOL, _HAN_SYMBOL)
        if (match := pattern.match(text)) and match["symbol"] in _SYMBOLS
    ]
    if not found:
        return NO_UNIT, 0
    end, unit = max(found, key=lambda candidate: candidate[0])
    return unit, end


# Words that tell of a unit where the numbers themselves stand without it, as in a table.
_TOLD_BY = {
    PERCENT: r"%|per\s?cent|percentage|百分",
    TIMES: r"×|times|factor|fold|speed-?up|ratio|倍",
}
_BEFORE_A_LETTER = r"(?<=[(\[/\d（])[ ]?"
_WORD_BEGINS = r"(?<![A-Za-z’])"


@lru_cache(maxsize=16384)
def find_units(kind: str, text: str) -> frozenset[Unit]:
    """Return the units of a kind that a text speaks of, with or without a number.

    Single letters count only in brackets.
    """
    if kind in _TOLD_BY:
        return frozenset({Unit(kind)}) if re.search(_TOLD_BY[kind], text) else frozenset()
    return frozenset(unit for unit, pattern in _patterns_of(kind) if pattern.search(text))


@cache
def list_factors(kind: str) -> frozenset[Decimal]:
    """Return how many base units each unit of a kind is."""
    units = [Unit(each, Decimal(factor)) for _, each, factor in _WORDS] + list(_SYMBOLS.values())
    return frozenset(unit.factor for unit in units if unit.kind == kind and kind)


@cache
def _patterns_of(kind: str) -> tuple[tuple[Unit, re.Pattern[str]], ...]:
    words = [
        (Unit(kind, Decimal(factor)), alternatives)
        for alternatives, each, factor in _WORDS
        if each == kind
    ]
    words += [(unit, re.escape(symbol)) for symbol, unit in _SYMBOLS.items() if unit.kind == kind]
    return tuple(
        (
            unit,
            re.compile(
                rf"{_BEFORE_A_LETTER if len(words) == 1 else _WORD_BEGINS}(?:{words}){_WORD_ENDS}"
            ),
        )
        for unit, words in words
    )
