"""The word lists of the hints, read from the file beside this one."""

import re
from functools import cache
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from chatpaper.domain.text.tables import load_table

Example = tuple[str, str]
Words = Annotated[
    re.Pattern[str],
    BeforeValidator(
        lambda words: re.compile(words, re.IGNORECASE) if isinstance(words, str) else words
    ),
]


class _Row(BaseModel):
    """A row of a list.

    `wrong` is a statement with evidence for which there is a hint, `right` one without.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    wrong: Example
    right: Example


class Opposites(_Row):
    """Words that say the opposite of each other."""

    name: str = ""
    one: Words
    other: Words
    # Only of statements that share a number with the quote, and of none that speaks of these
    # things.
    needs_number: bool = False
    # Words that say nothing without what there is more or less of: a lower error is a higher
    # accuracy.
    of_quantity: bool = False
    unless: Words | None = None


class Claiming(_Row):
    """Words of a statement that claim something, and the words of a paper that support them."""

    said: Words
    behind: Words


class Weakening(_Row):
    """Words of a quote that weaken what it says, and the words of a statement that keep that."""

    quoted: Words
    kept: Words


class HintWords(BaseModel):
    """All lists, by the kind of hint that they give."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    direction: tuple[Opposites, ...]
    role: tuple[Opposites, ...]
    superlative: tuple[Claiming, ...]
    scope: tuple[Claiming, ...]
    hedge: tuple[Claiming, ...]
    lost: tuple[Weakening, ...]
    future: tuple[Weakening, ...]


@cache
def load_hint_words() -> HintWords:
    """Return the lists, read once."""
    return load_table(__package__, "words.toml", HintWords)
