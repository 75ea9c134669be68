"""The word lists of the hints, read from the file beside this one."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    said: str
    behind: str
    wrong: tuple[str, str]
    right: tuple[str, str]


class _Lists(BaseModel):
    model_config = ConfigDict(extra="forbid")

    superlative: tuple[_Row, ...]


@dataclass(frozen=True, slots=True)
class Claiming:
    """Words of a statement that claim something, and the words of a paper that stand behind them.

    `wrong` and `right` are examples: a statement and its evidence that get a hint, and ones that get none.
    """

    said: re.Pattern[str]
    behind: re.Pattern[str]
    wrong: tuple[str, str]
    right: tuple[str, str]


@cache
def claiming_words(kind: str) -> tuple[Claiming, ...]:
    """The rows of one kind."""
    text = files("chatpaper.summarize.verify").joinpath("hint_words.toml").read_text(encoding="utf-8")
    rows: tuple[_Row, ...] = getattr(_Lists.model_validate(tomllib.loads(text)), kind)
    return tuple(
        Claiming(re.compile(row.said, re.IGNORECASE), re.compile(row.behind, re.IGNORECASE), row.wrong, row.right)
        for row in rows
    )
