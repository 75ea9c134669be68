"""Words of a statement that say the opposite of its evidence: directions and roles."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from chatpaper.summarize.support import match
from chatpaper.summarize.verify.comparison import Comparison, Hint, numbers_printed, numbers_said
from chatpaper.summarize.verify.hint_words import Opposites, hint_words

Side = Literal["one", "other"]

# So many characters before a word a negation may stand.
NEGATION_REACH = 16
_NEGATED = re.compile(
    r"(?:不(?!仅|但|只|同|断|变|过)|没有?|未(?!来)|无(?!监督)|并非|难以|\bnot(?! only)|n't|\bno\b|\bnever\b"
    r"|\bwithout\b|\bnor\b)"
    r"[^，。；,.;]{0,10}\Z",
    re.IGNORECASE,
)


def opposite_hints(comparison: Comparison) -> Iterator[Hint]:
    """Where a statement has only the one of two opposites, and its evidence only the other."""
    for words in hint_words().direction:
        yield from _opposed(words, "direction", comparison, comparison.quote)
    for words in hint_words().role:
        yield from _opposed(words, "role", comparison, comparison.evidence)


def _opposed(
    words: Opposites, kind: Literal["direction", "role"], comparison: Comparison, evidence: str
) -> Iterator[Hint]:
    said, printed = _found(words, comparison.statement), _found(words, evidence)
    if len(said) != 1 or len(printed) != 1 or said.keys() == printed.keys():
        return
    shares_number = _share_a_number(comparison)
    if (words.needs_number and not shares_number) or (words.unless and words.unless.search(comparison.statement)):
        return
    (word,), (other,) = said.values(), printed.values()
    message = f"The statement says {word!r}; the quoted words say {other!r}."
    yield Hint(kind, word, message, is_certain=shares_number and kind == "direction")


def _found(words: Opposites, text: str) -> Mapping[Side, str]:
    """Which of the opposites a text has, with its words; both where one of them is negated."""
    found: dict[Side, str] = {}
    sides: tuple[tuple[Side, re.Pattern[str], Side], ...] = (("one", words.one, "other"), ("other", words.other, "one"))
    for side, pattern, opposite in sides:
        for match_ in pattern.finditer(text):
            found.setdefault(side, text[match_.start() : _end_of_word(text, match_.end())])
            if _NEGATED.search(text[max(0, match_.start() - NEGATION_REACH) : match_.start()]):
                found.setdefault(opposite, match_[0])
    return found


def _end_of_word(text: str, position: int) -> int:
    while position < len(text) and text[position].isascii() and text[position].isalpha():
        position += 1
    return position


def _share_a_number(comparison: Comparison) -> bool:
    printed = numbers_printed(comparison.quote)
    return any(match(each, other) for each in numbers_said(comparison.statement) for other in printed)
