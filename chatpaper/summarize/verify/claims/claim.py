"""A claim of a text, and where the paper supports it."""

from dataclasses import dataclass
from typing import Literal

from chatpaper.summarize.verify.passages import Passage

ClaimKind = Literal["numeral", "name", "quote"]
Nearness = Literal["passage", "section", "elsewhere", "nowhere"]

MAX_SNIPPET_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A number, name or quotation of a text, and where the paper supports it.

    `line` counts from 1. `page`, `section` and `snippet` tell the nearest place where the paper has
    it, even where that place speaks of something else and so does not support it; without such a
    place they are 0 and empty. `derivation` is how a number follows from others that the paper
    prints, "0.61 - 0.42 = 0.19", and "" for one that it prints itself.
    """

    kind: ClaimKind
    value: str
    line: int
    supported: bool
    page: int = 0
    section: str = ""
    snippet: str = ""
    nearness: Nearness = "nowhere"
    derivation: str = ""


def cut_snippet(passage: Passage, value: str) -> str:
    """Return the passage as one line, around the value where it is long."""
    text = " ".join(passage.text.split())
    if len(text) <= MAX_SNIPPET_CHARACTERS:
        return text
    middle = max(0, text.find(value.split(maxsplit=1)[0]) if value.split() else 0)
    start = max(0, min(middle - MAX_SNIPPET_CHARACTERS // 2, len(text) - MAX_SNIPPET_CHARACTERS))
    return text[start : start + MAX_SNIPPET_CHARACTERS].strip()
