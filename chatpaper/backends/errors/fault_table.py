"""Classify the fault that an answer reports.

It is about the paper, the account, a setting, or the moment. The rows of the table are in
`fault_table.toml`, with their sources.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from chatpaper.domain.errors import Blame
from chatpaper.domain.text.tables import load_table

Kind = Literal[
    "minute",
    "balance",
    "suspended",
    "moderated",
    "region",
    "plan",
    "parameter",
    "too_long",
    "model",
    "key",
    "day",
    "load",
    "address",
    "refused",
]

# What each kind of fault is about. What is refused in unknown words is about a setting until the
# service has answered about another paper.
ABOUT: dict[Kind, Blame] = {
    "moderated": "paper",
    "too_long": "paper",
    "balance": "account",
    "suspended": "account",
    "region": "account",
    "plan": "account",
    "key": "account",
    "day": "account",
    "model": "setting",
    "parameter": "setting",
    "address": "setting",
    "refused": "setting",
    "minute": "moment",
    "load": "moment",
}

# What a status tells where the words tell nothing.
_OF_STATUS: dict[int, Kind] = {
    401: "key",
    402: "balance",
    404: "address",
    405: "address",
    408: "load",
    409: "load",
    410: "address",
    413: "too_long",
    425: "load",
    429: "minute",
    498: "load",
    499: "load",
}
_REFUSALS = range(400, 500)


@dataclass(frozen=True, slots=True)
class Row:
    """Words that identify a kind of fault in an answer with one of these statuses.

    Where there are no statuses, any status will do.
    """

    kind: Kind
    words: re.Pattern[str]
    statuses: frozenset[int] = frozenset()

    def fits(self, status: int, signature: str) -> bool:
        """Return whether an answer of this status and signature tells of this fault."""
        return (not self.statuses or status in self.statuses) and self.words.search(
            signature
        ) is not None


class _Entry(BaseModel):
    """A row as it stands in the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    words: tuple[str, ...]
    statuses: frozenset[int] = frozenset()


def _rows() -> Iterator[Row]:
    table = load_table(__package__, "fault_table.toml", dict[Literal["row"], tuple[_Entry, ...]])
    for entry in table["row"]:
        words = re.compile("|".join(entry.words), re.IGNORECASE | re.DOTALL)
        yield Row(entry.kind, words, entry.statuses)


ROWS = tuple(_rows())


def classify_fault(status: int, signature: str) -> Kind:
    """Return the kind of fault of which an answer of this HTTP status tells.

    It is `refused` where nobody here knows its words. An answer of 200 that is a fault and does not
    say which is one of the moment, as are all that are no refusals.
    """
    for row in ROWS:
        if row.fits(status, signature):
            return row.kind
    return _OF_STATUS.get(status, "refused" if status in _REFUSALS else "load")
