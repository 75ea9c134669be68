"""Numbers in words: 六百四十亿, 百分之八十五, 三分之一, twenty-five, two thirds, twice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.numbers.units import (
    CALENDAR_MONTH,
    NO_UNIT,
    PERCENT,
    TIMES,
    Unit,
    find_unit,
)


@dataclass(frozen=True, slots=True)
class NumberWord:
    """A number in words, its place, and the unit that it brings along."""

    start: int
    end: int
    value: Decimal
    unit: Unit = NO_UNIT


_DIGIT = "〇零一二两三四五六七八九"
_SCALE = "十百千万亿億萬"
_LONGEST_CHARACTERS = 24
# A stretch of characters that can make a number, read once: what is longer than any number is none.
_RUN = re.compile(rf"(?:[{_DIGIT}{_SCALE}]++(?:点[{_DIGIT}]++)?)")
_HAN = re.compile(rf"(?:[{_DIGIT}][{_DIGIT}{_SCALE}]*|十[{_DIGIT}万亿億萬]*)(?:点[{_DIGIT}]+)?")
_RATIO_IN_DIGITS = re.compile(r"(?<!\d)(\d{1,6}) ?分[之の] ?(\d{1,6}(?:\.\d{1,6})?)")
_ABOVE_IN_DIGITS = re.compile(r"\s?\d{1,6}(?:\.\d{1,6})?")
_PARTED = ("分之", "分の")
# 百分之四 and 千分之四 are percentages.
_WHOLES = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10000)}
# 三百多万, 十余亿.
_MORE_OF_SCALE = re.compile(r"[多余]([万亿億萬])(?![分年])")
_MORE_SCALES = {"万": "1e4", "萬": "1e4", "亿": "1e8", "億": "1e8"}
_HALF = re.compile(r"(?<!过)一半(?!以)")
# 成 is a tenth, and part of many other words: it counts behind a bound only.
_TENTHS = re.compile(
    r"(?<=[约近达到超过])([一二三四五六七八九])成(?![为分本功就长员果立])"
    r"|([一二三四五六七八九])成(?=左右|上下|以上|以下)"
    r"|([一二三四五六七八九])割(?!合)"
)
# 上 is the one before, but not in 加上, which adds.
_NO_COUNT_BEFORE = re.compile(r"[第数几成每同单统任]|(?<!加)上")
_TABLES = load_word_tables(__name__)
_IDIOM = re.compile(_TABLES.join("idiom"))

# Things that a study has a number of; 种, 类, 点, 方面 and the like count what its writer thinks.
_MEASURE = re.compile(
    f"(?:[个個]?[余多]|[个個]半)?(?:{_TABLES.join('measures')}|(?<=[多余半])月"
    f"|[个项](?:[公开真实不同主要标准常用基准下游评测大型的]{{0,6}})?(?:{_TABLES.join('counted_nouns')}))"
)
# So many of a whole: 九项任务中的四项.
_WHOLE_BEFORE = re.compile(r"(?:[项个种类组條条][^，。；]{0,8}[中里]|其中)的?\Z")
_REACH_OF_WHOLE = 12
_COUNTER = re.compile(r"[项个种类组条]")
# 两三, 五六十: neither number is meant.
_VAGUE = re.compile(rf"[{_DIGIT}]{{2}}[{_SCALE}]?|.*[〇零]")
_LEAST_WITHOUT_MEASURE = 11
_LEAST_COUNT = 2

_SMALL = {word: number for number, word in enumerate(_TABLES.list_words("small_numbers"))}
_TENS = {word: 10 * number for number, word in enumerate(_TABLES.list_words("tens"), start=2)}
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_ORDINALS = {word: number for number, word in enumerate(_TABLES.list_words("ordinals"), start=1)}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12, "sixteenth": 16,
    "twentieth": 20, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
# By how each begins: doubles, doubling, doubled.
_TIMES = {"once": 1, "twice": 2, "doubl": 2, "thrice": 3, "tripl": 3, "trebl": 3, "quadrupl": 4}
_TIMES_STEM = re.compile("|".join(_TIMES))
_HALVED = re.compile(r"halv(?:e[sd]?|ing)\Z")
_MONTHS = {
    name: number
    for number, month in enumerate(_TABLES.list_words("months"), start=1)
    for name in (month, month[:3], month[:4])
    if name != "marc"
}
_GROUPS = {"both": 2, "pair": 2, "dozen": 12}
# An order of magnitude is a factor of ten.
_MAGNITUDE = ("order", "of", "magnitude")
_ARTICLES = ("a", "an")
# So many words make no number any more.
_MOST_WORDS = 20
# In "a 2-second delay" a time is measured, and nothing is the second one.
_LATIN_WORD = re.compile(r"(?<![A-Za-z])(?!(?<=\d[ -])second\b)[A-Za-z]+")


def find_chinese_numbers(text: str, *, counted_only: bool) -> Iterator[NumberWord]:
    """Find numbers in Chinese characters; with `counted_only`, those alone that say how many."""
    runs = [match.span() for match in _RUN.finditer(text)]
    yield from _ratios(text, runs)
    for match in _HALF.finditer(text):
        yield NumberWord(*match.span(), Decimal("0.5"))
    for match in _TENTHS.finditer(text):
        yield NumberWord(
            *match.span(), 10 * Decimal(str(_value(match[match.lastindex or 1]))), Unit(PERCENT)
        )
    for start, end in runs:
        if start and _NO_COUNT_BEFORE.match(text, start - 1, start):
            continue
        number = _HAN.match(text, start, end) if end - start <= _LONGEST_CHARACTERS else None
        value = _value(number[0]) if number else None
        more = _MORE_OF_SCALE.match(text, end) if value else None
        if number and value is not None and more:
            yield NumberWord(start, more.end(), value * Decimal(_MORE_SCALES[more[1]]))
            continue
        if number and value is not None and (not counted_only or _counts(text, number, value)):
            yield NumberWord(*number.span(), value)


def _ratios(text: str, runs: list[tuple[int, int]]) -> Iterator[NumberWord]:
    """Yield ratios such as 三分之一 and 百分之八十五, in characters or digits."""
    for start, end in runs:
        if not text.startswith(_PARTED, end) or end - start > _LONGEST_CHARACTERS:
            continue
        in_words = (
            _HAN.match(text, end + len(_PARTED[0]))
            if _short_run(text, end + len(_PARTED[0]))
            else None
        )
        match = in_words or _ABOVE_IN_DIGITS.match(text, end + len(_PARTED[0]))
        above = _value(match[0].lstrip()) if match else None
        whole = _WHOLES.get(text[start:end])
        below = whole or _value(text[start:end]) or _value(f"一{text[start:end]}")
        if match and below and above is not None:
            value, unit = (
                (above / below, NO_UNIT) if whole is None else (above * 100 / whole, Unit(PERCENT))
            )
            yield NumberWord(start, match.end(), value, unit)
    for match in _RATIO_IN_DIGITS.finditer(text):
        if below := Decimal(match[1]):
            yield NumberWord(*match.span(), Decimal(match[2]) / below)


def _short_run(text: str, start: int) -> bool:
    match = _RUN.match(text, start, start + _LONGEST_CHARACTERS + 1)
    return match is not None and match.end() - start <= _LONGEST_CHARACTERS


def find_english_numbers(text: str) -> Iterator[NumberWord]:
    """Yield the numbers in English words, in each reading of them.

    "Third" is the third as well as a third.
    """
    words = [(match.start(), match.end(), match[0].lower()) for match in _LATIN_WORD.finditer(text)]
    position = 0
    while position < len(words):
        start, end, word = words[position]
        step = 1
        if (
            word in _SMALL
            or word in _TENS
            or (word in _SCALES and position and words[position - 1][2] in ("a", "of"))
        ):
            value, step = _cardinal(words, position)
            end = words[position + step - 1][1]
            yield NumberWord(start, end, Decimal(value))
            yield from _fraction(words, position, step, Decimal(value))
        if tuple(each for _, _, each in words[position : position + 3]) == _MAGNITUDE:
            yield NumberWord(start, words[position + 2][1], Decimal(10), Unit(TIMES))
        if word in _ARTICLES:
            yield from _single_unit(text, words[position : position + 2])
        if word in _PARTS:
            yield from _part_of_scale(words[position : position + 4])
        before = words[position - 1][2] if position else ""
        yield from _single(start, end, word, before, is_name=text[start].isupper())
        position += step


def is_cardinal(words: str) -> bool:
    """Tell whether English words are a cardinal number; "third", "both" and "half" are none."""
    return words.lower().split("-")[0].split()[0] in {*_SMALL, *_TENS}


def find_measured_words(text: str) -> Iterator[NumberWord]:
    """Find the cardinal numbers in English words, in a text about a paper, but for "one".

    They say something of the paper where a unit stands behind them: "five hours".
    """
    words = [(match.start(), match.end(), match[0].lower()) for match in _LATIN_WORD.finditer(text)]
    position = 0
    while position < len(words):
        step = 1
        if words[position][2] in _SMALL or words[position][2] in _TENS:
            value, step = _cardinal(words, position)
            if value >= _LEAST_COUNT:
                last = words[position + step - 1]
                yield NumberWord(words[position][0], last[1], Decimal(value))
        position += step


def is_count_in_words(text: str, word: NumberWord) -> bool:
    """Tell whether Chinese characters are a number of their own, and no idiom, share or guess."""
    is_part = (
        _IDIOM.match(text, word.start)
        or _IDIOM.match(text, word.end)
        or text.startswith(_PARTED, word.end)
        or text[max(0, word.start - 2) : word.start] in ("百分", *_PARTED)
    )
    return not is_part and not _VAGUE.fullmatch(text, word.start, word.end)


def _counts(text: str, match: re.Match[str], value: Decimal) -> bool:
    """Tell whether the characters say how many of something there are."""
    if not is_count_in_words(text, NumberWord(*match.span(), value)):
        return False
    start = match.start()
    is_part = _COUNTER.match(text, match.end()) and _WHOLE_BEFORE.search(
        text, max(0, start - _REACH_OF_WHOLE), start
    )
    return value >= _LEAST_WITHOUT_MEASURE or (
        value >= _LEAST_COUNT and bool(is_part or _MEASURE.match(text, match.end()))
    )


def _value(characters: str) -> Decimal | None:
    """Return what Chinese characters or digits are worth; None where they are no number."""
    # Takes a quarter of the time in which the commands are loaded, and most texts write their
    # numbers in digits.
    import cn2an

    if characters[:1].isdigit() and characters.isascii():
        return Decimal(characters)
    simplified = characters.replace("億", "亿").replace("萬", "万")
    try:
        return Decimal(str(cn2an.cn2an(simplified, "normal")))
    except ValueError:
        return None


def _cardinal(words: list[tuple[int, int, str]], position: int) -> tuple[int, int]:
    """Return the number that begins with the word at `position`, and how many words it takes."""
    total = group = 0
    taken = 0
    expected = words[position][0]
    for place in range(position, len(words)):
        start, end, word = words[place]
        if start > expected + 1 or taken == _MOST_WORDS:
            break
        expected = end
        if word in _SMALL or word in _TENS:
            if group % 10 or (group and word in _TENS and group < _SCALES["hundred"]):
                break
            group += _SMALL.get(word, 0) or _TENS.get(word, 0)
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in _SCALES:
            total, group = total + max(group, 1) * _SCALES[word], 0
        else:
            break
        taken += 1
    return total + group, taken


def _cardinal_of_fold(word: str) -> int:
    """Return the number in a word such as ninefold or twentyfold, 0 for other words."""
    number = word.removesuffix("fold") if word.endswith("fold") else ""
    return _SMALL.get(number, 0) or _TENS.get(number, 0)


def _fraction(
    words: list[tuple[int, int, str]], position: int, step: int, above: Decimal
) -> Iterator[NumberWord]:
    """Read two thirds, three quarters, one half."""
    if position + step < len(words):
        _, end, word = words[position + step]
        below = _PARTS.get(word.removesuffix("s")) or _PARTS.get(word)
        if below:
            yield NumberWord(words[position][0], end, above / below)


def _single_unit(text: str, words: Sequence[tuple[int, int, str]]) -> Iterator[NumberWord]:
    """Read "a petabyte" and "an hour" as one; "a second" is mostly another one."""
    start, end, _ = words[0]
    if find_unit(text, end)[0].kind and words[-1][2] != "second":
        yield NumberWord(start, end, Decimal(1))


def _part_of_scale(words: Sequence[tuple[int, int, str]]) -> Iterator[NumberWord]:
    """Read "half a million", "a half million" and "a quarter of a million"."""
    (start, _, part), *rest = words
    for _, end, word in rest:
        if word in _SCALES:
            yield NumberWord(start, end, Decimal(_SCALES[word]) / _PARTS[part])
        if word not in ("a", "of"):
            return


def _single(start: int, end: int, word: str, before: str, *, is_name: bool) -> Iterator[NumberWord]:
    if word in _ORDINALS:
        yield NumberWord(start, end, Decimal(_ORDINALS[word]))
    if is_name and word in _MONTHS:
        yield NumberWord(start, end, Decimal(_MONTHS[word]), Unit(CALENDAR_MONTH))
    if part := _PARTS.get(word):
        yield NumberWord(start, end, Decimal(1) / part)
    if word in ("percent", "percentage") and before in ("a", "one"):
        yield NumberWord(start, end, Decimal(1), Unit(PERCENT))
    if _HALVED.match(word):
        yield NumberWord(start, end, Decimal("0.5"))
    stem = _TIMES_STEM.match(word)
    times = _TIMES[stem[0]] if stem else _cardinal_of_fold(word)
    if times:
        yield NumberWord(start, end, Decimal(times), Unit(TIMES))
        yield NumberWord(start, end, Decimal(times))
    if group := _GROUPS.get(word):
        yield NumberWord(start, end, Decimal(group))
