"""Rows and records of the database read back; what is no such value is a damaged row, and no
defect.
"""

import sqlite3
from collections.abc import Iterable
from typing import TypeVar

from pydantic import TypeAdapter

from chatpaper.domain.errors import StoreError

_T = TypeVar("_T")

# The columns named `topic` are parts of primary keys, which cannot be NULL: this is what they have
# for a paper that was summarized for no topic.
_NO_TOPIC = ""


def encode_topic(topic: str | None) -> str:
    """Return what a column holds for the name of a topic, or for no topic (None)."""
    return _NO_TOPIC if topic is None else topic


def decode_topic(column: str) -> str | None:
    """Return the name of the topic that a column holds, or None for no topic."""
    return None if column == _NO_TOPIC else column


def read_rows(adapter: TypeAdapter[_T], rows: Iterable[sqlite3.Row]) -> tuple[_T, ...]:
    """Return each row as the value whose fields its columns are named after; other columns are left
    out.

    Days and times are read from ISO 8601. Raises StoreError where a row has no such value.
    """
    try:
        return tuple(adapter.validate_python(_values(row)) for row in rows)
    except ValueError as error:
        raise StoreError(
            "A row of the database is damaged: `chatpaper doctor --fix` removes it, and learns from the posts what was "
            "published."
        ) from error


def _values(row: sqlite3.Row) -> dict[str, object]:
    values = dict(row)
    return values | {"topic": decode_topic(values["topic"])} if "topic" in values else values


def read_row(adapter: TypeAdapter[_T], rows: Iterable[sqlite3.Row]) -> _T | None:
    """Return the first row as a value, or None where there is none; errors as for `read_rows`."""
    return next(iter(read_rows(adapter, list(rows)[:1])), None)


def read_record(adapter: TypeAdapter[_T], record: str, subject: str) -> _T:
    """The record as what it is of.

    Raises StoreError, which names the `subject`, for one that cannot be read.
    """
    try:
        return adapter.validate_json(record)
    except ValueError as error:
        raise StoreError(
            f"What the database has of {subject} is damaged: `chatpaper doctor --fix` removes that row, and learns "
            "from the posts what was published."
        ) from error
