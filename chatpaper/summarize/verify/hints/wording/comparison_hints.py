"""Comparisons and changes that are turned round.

"A beats B" stands for "B beats A", or "from 0.6 to 0.4" for "from 0.4 to 0.6".
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.hints.clauses import SENTENCE_END, measure_overlap
from chatpaper.summarize.verify.hints.comparison import (
    Comparison,
    Hint,
    find_printed_numbers,
    find_stated_numbers,
)
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.support.number_match import match

Measure = Literal["quality", "amount", "speed", "choice"]

# The compared things stand within so many characters of the word that compares them.
REACH = 60
# A comparison is turned round with certainty where its two things share this much with the other's.
CERTAIN_SHARED = 2


class _Relation(NamedTuple):
    """What is compared, with what, whether it has more of the measure, and in which words."""

    subject: str
    object: str
    measure: Measure
    is_more: bool
    words: str


_TABLES = load_word_tables(__name__)


def _compile_sides(table: str, flags: re.RegexFlag) -> re.Pattern[str]:
    more, less = (_TABLES.join(f"{table}_{side}") for side in ("more", "less"))
    return re.compile(f"(?P<more>{more})|(?P<less>{less})", flags)


# Words between subject and object.
_MEASURES_BETWEEN: tuple[Measure, ...] = ("quality", "amount", "choice", "speed")
_COMPILED_BETWEEN = tuple(
    (measure, _compile_sides(measure, re.IGNORECASE)) for measure in _MEASURES_BETWEEN
)
# Words behind the object: 比 B 高, B より高い, B を上回る.
_MEASURES_BEHIND: tuple[Measure, ...] = ("quality", "amount", "speed")
_COMPILED_BEHIND = tuple(
    (measure, _compile_sides(f"{measure}_behind", re.NOFLAG)) for measure in _MEASURES_BEHIND
)
# 比 A 好 (better than A), but not 比例 or 比较.
_THAN_OF_CHINESE = re.compile(
    f"比(?!{_TABLES.join('words_with_than')})(?P<object>[^，。；,;]{{1,40}})"
)
_THAN_OF_JAPANESE = re.compile(r"[はが](?P<object>[^、。はが]{1,40}?)(?=より|を[上下]回)(?:より)?")
# Where something is compared is no part of what is compared.
_SETTING = re.compile(
    rf"在[^，。；]{{1,30}}?[上下中时里内]|\b(?:{_TABLES.join('before_a_setting')})\b.*", re.DOTALL
)
_PREFERS = re.compile(r"\b(?:favou?r|prefer|cho[so])\w*", re.IGNORECASE)
_PASSIVE = re.compile(r"ed by\b")
_DENIED_BEFORE = re.compile(r"(?:不|没|未|并非|\bnot|n't|\bno)\s?\w{0,8}\s?\Z", re.IGNORECASE)

# No other number stands between: "from 41.0 at 5 steps to 6.3" does not begin with 5.
_FROM = re.compile(r"(?:由|从|\bfrom\b)[^，。；,;\d]{0,24}\Z", re.IGNORECASE)
_TO = re.compile(
    r"[^，。；,;]{0,24}?(?:至|到|为|→|->|から|\bto\b)[^，。；,;]{0,12}\Z", re.IGNORECASE
)


def find_comparison_hints(comparison: Comparison) -> Iterator[Hint]:
    """Find relations and changes of the statement that the quote has the other way round."""
    yield from _turned_relations(comparison)
    yield from _turned_changes(comparison)


def _turned_relations(comparison: Comparison) -> Iterator[Hint]:
    quoted = _relations(comparison.quote)
    for said in _relations(comparison.statement):
        leans = [(_lean(said, other), other) for other in quoted if said.measure == other.measure]
        turned = [
            (lean, is_sure)
            for (lean, is_sure), other in leans
            if lean and (lean > 0) != (said.is_more == other.is_more)
        ]
        leaning = sum(lean != 0 for (lean, _), _ in leans)
        # Where another comparison of the quote agrees, it is the one that is meant.
        if turned and len(turned) == leaning:
            lean, is_sure = turned[0]
            message = (
                f"The statement says {said.words!r} of the one and the other; "
                f"the quoted words turn that round."
            )
            yield Hint(
                "direction" if lean > 0 else "role",
                said.words,
                message,
                is_sure and len(quoted) == 1,
            )
            return


def have_same_outcome(statement: str, quote: str) -> bool:
    """Tell whether both compare the same things with the same outcome, in whichever order.

    "A beats B" and "B is behind A" do.
    """
    quoted = _relations(quote)
    return any(
        lean != 0 and (lean > 0) == (said.is_more == other.is_more)
        for said in _relations(statement)
        for other in quoted
        for lean in [_lean(said, other)[0]]
        if said.measure == other.measure
    )


def _lean(said: _Relation, other: _Relation) -> tuple[int, bool]:
    """Return how much more two comparisons share part by part than crosswise.

    The second value tells whether both parts say so.
    """
    straight = (
        measure_overlap(said.subject, other.subject).shared,
        measure_overlap(said.object, other.object).shared,
    )
    crossed = (
        measure_overlap(said.subject, other.object).shared,
        measure_overlap(said.object, other.subject).shared,
    )
    lean = sum(straight) - sum(crossed)
    agreeing, other_way = (straight, crossed) if lean > 0 else (crossed, straight)
    # What is not chosen is named alone: that it is the other one's choice is enough.
    is_plain = said.measure == "choice" and not other_way[1]
    return lean, all(agreeing) and (abs(lean) >= CERTAIN_SHARED or is_plain)


def _relations(text: str) -> list[_Relation]:
    found = []
    for measure, pattern in _COMPILED_BETWEEN:
        for word in pattern.finditer(text):
            before = SENTENCE_END.split(text[max(0, word.start() - REACH) : word.start()])[-1]
            after = SENTENCE_END.split(text[word.end() : word.end() + REACH])[0]
            if word[0] == " over " and not _PREFERS.search(before):
                continue
            found.append(_relation(before, after, measure, word))
    for than in (*_THAN_OF_CHINESE.finditer(text), *_THAN_OF_JAPANESE.finditer(text)):
        before = SENTENCE_END.split(text[max(0, than.start() - REACH) : than.start()])[-1]
        found += _behind(before, text, than)
    return [relation for relation in found if not _DENIED_BEFORE.search(relation.subject)]


def _relation(before: str, after: str, measure: Measure, word: re.Match[str]) -> _Relation:
    if _PASSIVE.match(word[0][-2:] + after[:3]):
        before, after = after, before
    if measure == "choice":
        return _Relation(before, after, measure, word["more"] is not None, word[0])
    return _Relation(_bare(before), _bare(after), measure, word["more"] is not None, word[0])


def _bare(words: str) -> str:
    return _SETTING.sub(" ", words)


def _behind(before: str, text: str, than: re.Match[str]) -> Iterator[_Relation]:
    """Find a comparison whose word follows the object."""
    object_: str = than["object"]
    ends = than.start("object"), than.end() + 8
    hits = [
        (word.start(), measure, word)
        for measure, pattern in _COMPILED_BEHIND
        if (word := pattern.search(text, ends[0], ends[1]))
    ]
    if hits:
        start, measure, word = min(hits, key=lambda hit: hit[0])
        yield _Relation(
            before,
            object_[: max(0, start - ends[0])] or object_,
            measure,
            word["more"] is not None,
            word[0],
        )


def _turned_changes(comparison: Comparison) -> Iterator[Hint]:
    quoted = _changes(comparison.quote, find_printed_numbers(comparison.quote))
    for first, last in _changes(comparison.statement, find_stated_numbers(comparison.statement)):
        if any(match(first, end) and match(last, start) for start, end in quoted):
            message = (
                f"The statement says from {first.text} to {last.text}; "
                f"the quoted words say it the other way round."
            )
            words = comparison.statement[first.start : last.end]
            yield Hint("direction", words, message, is_certain=True)


def _changes(text: str, numerals: tuple[Numeral, ...]) -> list[tuple[Numeral, Numeral]]:
    """Find numbers between which something changes, in the order of the text."""
    found = []
    for first, last in pairwise(numerals):
        before, between = (
            text[max(0, first.start - REACH) : first.start],
            text[first.end : last.start],
        )
        if (
            len(between) <= REACH
            and (_FROM.search(before) or "から" in between)
            and _TO.fullmatch(between)
        ):
            found.append((first, last))
    return found
