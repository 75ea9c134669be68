"""Where a phrase stands in a text, as a reader would say it does."""

import re
from collections.abc import Iterator
from functools import lru_cache

from chatpaper.domain.text.folding import fold_width
from chatpaper.domain.text.scripts import LATIN, contains_cjk

Span = tuple[int, int]

# "few-shot", "few shot" and "fewshot" are one word to a reader; line ends and dashes of any kind
# may part them.
_GAP = r"[\s\-‐-―]*"
_SPACED_GAP = r"[\s\-‐-―]+"
_PARTS = re.compile(r"[\s\-‐-―]+")
_VOWELS = "aeiou"
# Below three letters an acronym at the end of a longer word is chance, not a compound ("GAN" in
# "CycleGAN").
_COMPOUND_LETTERS = 3
_LONGEST_ACRONYM = 6


def find_phrase(phrase: str, text: str) -> Iterator[Span]:
    """Find a phrase as whole words, in the plural too, hyphens and spaces being the same.

    Case counts in acronyms alone ("GAN" is not "gan"), and they may end a compound ("BronchoGAN").
    Chinese and Japanese phrases are found anywhere. `text` is of usual width, as `fold_width` makes
    it.
    """
    pattern = _pattern(phrase)
    return iter(()) if pattern is None else (match.span() for match in pattern.finditer(text))


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str] | None:
    words = [word for word in _PARTS.split(fold_width(phrase)) if word]
    if not words:
        return None
    body = _joined(words)
    return re.compile(f"{_left_edge(words[0])}{body}{_right_edge(words[-1])}")


def _joined(words: list[str]) -> str:
    pattern = ""
    for number, word in enumerate(words):
        last = number == len(words) - 1
        if number:
            # A digit run into a digit would make another number.
            clash = words[number - 1][-1:].isdigit() and word[:1].isdigit()
            pattern += _SPACED_GAP if clash else _GAP
        pattern += _word(word, plural=last)
    return pattern


def _word(word: str, *, plural: bool) -> str:
    if contains_cjk(word):
        return re.escape(word)
    ending = _plural(word) if plural and word[-1:].isalpha() else re.escape(word)
    return ending if _is_acronym(word) else f"(?i:{ending})"


def _plural(word: str) -> str:
    lower = word.lower()
    if lower.endswith("y") and lower[-2:-1] not in _VOWELS:
        return f"{re.escape(word[:-1])}(?:y|ies)"
    if lower.endswith(("s", "x", "ch", "sh")):
        return f"{re.escape(word)}(?:es)?"
    return f"{re.escape(word)}s?"


def _is_acronym(word: str) -> bool:
    """Return whether the case of a word means something.

    It does in GAN, NeRF and I2I, but not in GENERATION in capitals.
    """
    capitals = sum(character.isupper() for character in word)
    shouted = word.isupper() and len(word) > _LONGEST_ACRONYM
    return capitals > 1 and not shouted


def _left_edge(word: str) -> str:
    if contains_cjk(word[0]) or not word[0].isalnum():
        return ""
    if (
        _is_acronym(word)
        and sum(character.isalpha() for character in word) >= _COMPOUND_LETTERS
        and word[0].isalpha()
    ):
        return "(?<![A-Z0-9À-Þ])"
    return f"(?<![0-9{LATIN}])"


def _right_edge(word: str) -> str:
    if contains_cjk(word[-1]) or not word[-1].isalnum():
        return ""
    # Names grow numbers and versions: StyleGAN2, YOLOv12.
    return f"(?!(?!v[0-9])[{LATIN}])" if _is_acronym(word) else f"(?![0-9{LATIN}])"
