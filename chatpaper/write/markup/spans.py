"""Parts of a text that no rule of writing may touch: formulas, addresses and code."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# A dollar opens maths when no space follows, and closes it when no space precedes and no digit
# follows, so that "$5 and $10" is money (Pandoc's rule for tex_math_dollars).
MATHS = re.compile(r"(?<![\\$])\$(?![\s$])((?:\\.|[^$\\])+?)(?<!\s)\$(?![\d$])")
URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&*+,;=%-]*[A-Za-z0-9_~/#&=+%-]")
CODE = re.compile(r"(?<!`)`[^`\n]+`(?!`)")

# Unicode's supplementary private use area B: characters that stand for a span while the text around
# it is changed.
PLACEHOLDERS = "\U00100000-\U0010fffd"
_FIRST_STAND_IN, _LAST_STAND_IN = 0x100000, 0x10FFFD


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text whose spans have one character each in their place, and the spans."""

    text: str
    spans: dict[str, str]

    def restore(self, changed: str) -> str:
        """Return the changed text with its spans again."""
        return "".join(self.spans.get(character, character) for character in changed)


def mask_spans(text: str, *patterns: re.Pattern[str]) -> MaskedText:
    """Put a placeholder character in place of every match of the patterns.

    Each match has a character of its own; none that the text contains is used.
    """
    spans: dict[str, str] = {}
    free = _characters_not_in(text)

    def stand_in(match: re.Match[str]) -> str:
        character = next(free)
        spans[character] = match[0]
        return character

    return MaskedText(_replaced(text, patterns, stand_in), spans)


def _replaced(
    text: str, patterns: tuple[re.Pattern[str], ...], stand_in: Callable[[re.Match[str]], str]
) -> str:
    """Replace the matches of several patterns; of those that overlap the first wins."""
    matches = sorted(
        (match for pattern in patterns for match in pattern.finditer(text)),
        key=lambda match: match.start(),
    )
    parts: list[str] = []
    end = 0
    for match in matches:
        if match.start() >= end:
            parts += [text[end : match.start()], stand_in(match)]
            end = match.end()
    return "".join([*parts, text[end:]])


def _characters_not_in(text: str) -> Iterator[str]:
    used = set(text)
    return (
        chr(code) for code in range(_FIRST_STAND_IN, _LAST_STAND_IN + 1) if chr(code) not in used
    )
