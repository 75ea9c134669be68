"""What stands behind a number.

That is scales (million, 万) and units (dB, 小时), and how one converts to another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import product

from chatpaper.domain.text.tables import load_word_tables

PERCENT = "%"
TIMES = "×"
# Points of a score: of a percentage, of BLEU, of anything that the paper counts in points.
POINT = "point"
CALENDAR_MONTH = "calendar month"
DOLLAR = "dollar"
_YEN_SIGN = "yuan or yen"
_OF_A_BODY = ("mass of", "radius of", "luminosity of")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a multiple of the base unit of its kind.

    `kind` is "" where a number has no unit that we know.
    """

    kind: str = ""
    factor: Decimal = Decimal(1)


NO_UNIT = Unit()

_TABLES = load_word_tables(__name__)
_SCALES = {word: factor for factor, words in _TABLES.get_rows("scales").items() for word in words}
_FACTORS = {"G": "1e9", **_SCALES}

_PREFIXES = {
    "f": "1e-15", "p": "1e-12", "n": "1e-9", "µ": "1e-6", "μ": "1e-6", "u": "1e-6", "m": "1e-3",
    "k": "1e3", "M": "1e6", "G": "1e9", "T": "1e12",
}  # fmt: skip
# Energies of particles alone take the larger ones: PeV, EeV.
_LARGER_PREFIXES = {"electronvolt": {"P": "1e15", "E": "1e18"}}
# The symbols that take prefixes, with their kind; each is one base unit.
_PREFIXED = {
    symbol: kind for kind, symbols in _TABLES.get_rows("prefixed").items() for symbol in symbols
}
# Letters that mostly name something else, and characters that mostly are parts of words, unless
# they have a prefix: 8 A, 6 N, 12 L, 5 安全.
_NEVER_ALONE = frozenset("ANLl升安焦")
# Words for the same, with and without a prefix, in Chinese, English and Japanese.
_PREFIXES_IN_WORDS = {
    "prefixed_in_chinese": {
        "飞": "1e-15", "皮": "1e-12", "纳": "1e-9", "微": "1e-6", "毫": "1e-3", "": "1",
        "兆": "1e6", "吉": "1e9",
    },
    "prefixed_in_english": {
        "femto": "1e-15", "pico": "1e-12", "nano": "1e-9", "micro": "1e-6", "milli": "1e-3",
        "centi": "1e-2", "": "1", "hecto": "1e2", "kilo": "1e3", "mega": "1e6", "giga": "1e9",
        "tera": "1e12",
    },
    "prefixed_in_japanese": {
        "フェムト": "1e-15", "ピコ": "1e-12", "ナノ": "1e-9", "マイクロ": "1e-6", "ミリ": "1e-3",
        "センチ": "1e-2", "": "1", "ヘクト": "1e2", "キロ": "1e3", "メガ": "1e6", "ギガ": "1e9",
        "テラ": "1e12",
    },
}  # fmt: skip

# Other words, as regular expressions. Tables have the names of their kinds, and rows those of how
# many base units they are.
_WORD_TABLES = load_word_tables(f"{__package__}.unit_words")
BY_THE_SECOND = " a second"
_PER_SECOND = r"(?:ps|\s?/\s?(?:s(?:ec(?:ond)?)?|秒)|[ -](?:per|a)[ -]sec(?:ond)?|\s?[每毎]秒)"
_WORDS = tuple(
    (
        f"(?:{'|'.join(words)}){_PER_SECOND if kind.endswith(BY_THE_SECOND) else ''}",
        kind,
        factor,
    )
    for kind in _WORD_TABLES.root
    for factor, words in _WORD_TABLES.get_rows(kind).items()
)

_SPACE = r"[ \u00a0\u2009\u202f]?"
_WORD_ENDS = r"(?![A-Za-z\d])"
_LATIN_SCALES = "|".join(
    sorted((word for word in _SCALES if word.isascii()), key=len, reverse=True)
)
_HAN_SCALES = "|".join(
    sorted((word for word in _SCALES if not word.isascii()), key=len, reverse=True)
)
# G is a scale behind decimals, 1.22G, and behind three digits, 2265G; 5G is a name.
_BEHIND_DECIMALS = "|".join(
    [*(f"(?<=[.]{digits})" for digits in (r"\d" * size for size in range(1, 6))), r"(?<=\d{3})"]
)
# What is counted by the second may follow a scale at once: 157 Ktps, 2 MIOPS.
RATES = r"(?:[tqr]ps|i?ops|TPS|QPS|RPS|I?OPS)\b"
_SCALE = re.compile(
    rf"{_SPACE}(?:-?(?P<latin>{_LATIN_SCALES}|(?:{_BEHIND_DECIMALS})G)(?:(?![A-Za-z\d_⊙☉⊕♁♃])|(?={RATES}))"
    rf"|(?:[多余]\s?)?(?P<han>{_HAN_SCALES})(?![\d分年]))"
)
_COMPILED = tuple(
    (
        re.compile(rf"{_SPACE}-?(?:{words})(?:(?<![A-Za-z])|{_WORD_ENDS})"),
        Unit(kind, Decimal(factor)),
    )
    for words, kind, factor in _WORDS
)
_SYMBOL = re.compile(rf"{_SPACE}-?(?P<symbol>[A-Za-zµμΩ]{{1,6}}){_WORD_ENDS}")
_IN_WORDS = tuple(
    re.compile(
        rf"{_SPACE}-?(?P<symbol>(?:{'|'.join(filter(None, prefixes))})?"
        rf"(?:{'|'.join(sorted(_TABLES.list_words(table), key=len, reverse=True))})s?)"
        rf"(?:(?<![A-Za-z])|{_WORD_ENDS})"
    )
    for table, prefixes in _PREFIXES_IN_WORDS.items()
)
_SIGNS = tuple(
    (Unit(kind), re.compile(rf"(?<![A-Za-z])(?:{'|'.join(words)})\s?\Z"))
    for kind, words in _TABLES.get_rows("signs").items()
)
SIGN = rf"(?<![A-Za-z])(?:{_TABLES.join('signs')})"
# No unit with the space before it is longer.
_LONGEST_CHARACTERS = 24


def _symbols() -> Iterator[tuple[str, Unit]]:
    for symbol, kind in _PREFIXED.items():
        if symbol not in _NEVER_ALONE:
            yield symbol, Unit(kind)
        for prefix, scale in {**_PREFIXES, **_LARGER_PREFIXES.get(kind, {})}.items():
            yield prefix + symbol, Unit(kind, Decimal(scale))
    for table, prefixes in _PREFIXES_IN_WORDS.items():
        for kind, words in _TABLES.get_rows(table).items():
            for word, prefix in product(words, prefixes):
                if prefix or word not in _NEVER_ALONE:
                    unit = Unit(kind, Decimal(prefixes[prefix]))
                    yield prefix + word, unit
                    yield f"{prefix}{word}s", unit


_SYMBOLS = dict(_symbols())
_CURRENCIES = frozenset(_TABLES.get_rows("signs"))
_CALLED = {
    "bit": {f"bit{BY_THE_SECOND}"},
    "degree Celsius": {"degree"},
    DOLLAR: {kind for kind in _CURRENCIES if kind.endswith(DOLLAR)},
    _YEN_SIGN: {"yuan", "yen"},
    "yuan": {_YEN_SIGN},
    "yen": {_YEN_SIGN},
    # Of several radii of the Earth the first alone may be called so.
    **{kind: {TIMES} for kind in _WORD_TABLES.root if kind.startswith(_OF_A_BODY)},
}


def find_scale(text: str, position: int) -> tuple[Decimal, int]:
    """Return the scale that stands at `position`, and where it ends; 1 where there is none."""
    match = _SCALE.match(text, position)
    return (
        (Decimal(_FACTORS[match["latin"] or match["han"]]), match.end())
        if match
        else (Decimal(1), position)
    )


def find_unit(text: str, position: int) -> tuple[Unit, int]:
    """Return the unit that stands at `position`, and where it ends.

    The longest is taken where several fit.
    """
    unit, length = _unit_that_begins(text[position : position + _LONGEST_CHARACTERS])
    return unit, position + length


def find_sign(before: str) -> Unit:
    """Return the currency whose sign a text ends with, NO_UNIT where it ends with none."""
    if not before or before[-1].isdigit():
        return NO_UNIT
    return next((unit for unit, sign in _SIGNS if sign.search(before)), NO_UNIT)


def is_currency(unit: Unit) -> bool:
    """Tell whether a unit is that of sums of money."""
    return unit.kind in _CURRENCIES


def may_be_called(kind: str, printed: str) -> bool:
    """Tell whether what is printed in a unit may be told in one of another kind.

    Networks are called by their rate, 10 Gbit Ethernet, $ is the sign of every dollar, and degrees
    may be those of a temperature.
    """
    return kind == printed or kind in _CALLED.get(printed, ())


def is_physical(unit: Unit) -> bool:
    """Tell whether a unit measures a quantity, which no bare number has that is only near."""
    return unit.kind not in ("", PERCENT, POINT, TIMES, CALENDAR_MONTH)


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
        for pattern in (_SYMBOL, *_IN_WORDS)
        if (match := pattern.match(text)) and match["symbol"] in _SYMBOLS
    ]
    if not found:
        return NO_UNIT, 0
    end, unit = max(found, key=lambda candidate: candidate[0])
    return unit, end


# Words that tell of a unit where the numbers themselves stand without it, as in a table.
_TOLD_BY = {
    PERCENT: r"%|per\s?cent|percentage|百分",
    TIMES: r"×|times|fold|(?i:factor|speed[- ]?up|faster|slower|ratio|multipli(?:er|ed))|倍",
}
_PER_MILLE = re.compile(r"‰|per\s?mill?e\b|千分")
_BEFORE_A_LETTER = r"(?<=[(\[/\d（])[ ]?"
_WORD_BEGINS = r"(?<![A-Za-z’])"


@lru_cache(maxsize=16384)
def find_units(kind: str, text: str) -> frozenset[Unit]:
    """Return the units of a kind that a text speaks of, with or without a number.

    Single letters count only in brackets.
    """
    if kind == PERCENT and _PER_MILLE.search(text):
        return frozenset({Unit(PERCENT), Unit(PERCENT, Decimal("0.1"))})
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
