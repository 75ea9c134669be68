"""Turn rows and JSON records of the database into values, and back.

What is no such value is a damaged row, not a defect of the program.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import TypeAdapter

from chatpaper.domain.errors import StoreError

_T = TypeVar("_T")

# The columns named `topic` are parts of primary keys, which cannot be NULL: this is what they have
# for a paper that was summarized for no topic.
_NO_TOPIC = ""

# Adapters take milliseconds to build: each is built when it is first needed, and kept.
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def encode_topic(topic: str | None) -> str:
    """Return what a column holds for the name of a topic, or for no topic (None)."""
    return _NO_TOPIC if topic is None else topic


def decode_topic(column: str) -> str | None:
    """Return the name of the topic that a column holds, or None for no topic."""
    return None if column == _NO_TOPIC else column


def read_rows(kind: type[_T], rows: Iterable[sqlite3.Row]) -> tuple[_T, ...]:
    """Return each row as a value of a dataclass whose fields have the names of the columns.

    Other columns are left out; days and times are read from ISO 8601. Raises StoreError where a row
    is no such value.
    """
    return tuple(_validated(kind, _fields(row)) for row in rows)


def read_column(
    kind: type[_T], rows: Iterable[sqlite3.Row], column: str | int = 0
) -> tuple[_T, ...]:
    """Return what each row has in a column, given by its name or position.

    Raises StoreError where that is no such value.
    """
    return tuple(_validated(kind, row[column]) for row in rows)


def read_record(kind: type[_T], record: str, subject: str) -> _T:
    """Return the value of a JSON record.

    Raises StoreError, which names the `subject`, for one that cannot be read.
    """
    try:
        value: _T = _adapter(kind).validate_json(record)
        return value
    except ValueError as error:
        raise StoreError(
            f"The database's record of {subject} is damaged: `chatpaper doctor --fix` removes it "
            "and restores from the posts what was published."
        ) from error


def write_record(value: object) -> str:
    """Return the JSON record of a value, which `read_record` reads."""
    return _adapter(type(value)).dump_json(value).decode()


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    adapter = _ADAPTERS.get(kind)
    if adapter is None:
        adapter = _ADAPTERS[kind] = TypeAdapter(kind)
    return adapter


def _validated(kind: type[_T], value: object) -> _T:
    try:
        valid: _T = _adapter(kind).validate_python(value)
        return valid
    except ValueError as error:
        raise StoreError(
            "A row of the database is damaged: `chatpaper doctor --fix` removes it and restores "
            "from the posts what was published."
        ) from error


def _fields(row: sqlite3.Row) -> dict[str, object]:
    values = dict(row)
    return values | {"topic": decode_topic(values["topic"])} if "topic" in values else values
