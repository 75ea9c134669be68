"""Read the rows of a database file as they are, even damaged ones, and delete them."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from chatpaper.domain.errors import StoreError
from chatpaper.storage.database import Database, open_read_only

# A text as its bytes, which need not be UTF-8.
RawValue = bytes | int | float | None
# The columns of a primary key with their values.
RowKey = tuple[tuple[str, RawValue], ...]

# What SQLite keeps for itself, and the search index, which is rebuilt from the entries.
_NOT_READ = ("sqlite_", "search")


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of a table: its key, and the values and declared types of its columns.

    `is_json` tells whether its column `record`, if it has one, is valid JSON.
    """

    table: str
    key: RowKey
    values: Mapping[str, RawValue]
    types: Mapping[str, str]
    is_json: bool


def read_raw_rows(database: Path, most: int = -1) -> Iterator[RawRow]:
    """Read all rows of a file, or of each table at most so many, the last ones.

    Raises StoreError with the message of SQLite where the file itself is damaged.
    """
    try:
        with closing(open_read_only(database)) as connection:
            connection.text_factory = bytes
            for table in _tables(connection):
                yield from _rows_of(connection, table, most)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StoreError(str(error)) from error


def delete_rows(database: Database, rows: Iterable[tuple[str, RowKey]]) -> None:
    """Delete rows, given by table and key, in one step. Raises StoreError.

    For a row of `night_papers` its whole night is deleted, whose counts would be wrong without it.
    """
    with database.transaction() as connection:
        for table, key in rows:
            if table == "night_papers":
                table, key = "nights", tuple(pair for pair in key if pair[0] != "arxiv_id")
            # A text that is not UTF-8 can only be compared as bytes.
            same = " AND ".join(
                f"CAST({column} AS BLOB) IS ?" if isinstance(value, bytes) else f"{column} IS ?"
                for column, value in key
            )
            connection.execute(f"DELETE FROM {table} WHERE {same}", [value for _, value in key])


def is_unused(database: Path) -> bool:
    """Return whether a database has neither runs nor outcomes.

    Raises StoreError where the file cannot be read.
    """
    query = "SELECT EXISTS (SELECT 1 FROM runs) OR EXISTS (SELECT 1 FROM outcomes)"
    try:
        with closing(open_read_only(database)) as connection:
            return not connection.execute(query).fetchone()[0]
    except sqlite3.Error as error:
        raise StoreError(str(error)) from error


def _tables(connection: sqlite3.Connection) -> list[str]:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    ).fetchall()
    return [name.decode() for (name,) in names if not name.decode().startswith(_NOT_READ)]


def _rows_of(connection: sqlite3.Connection, table: str, most: int) -> Iterator[RawRow]:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    names = [column[1].decode() for column in columns]
    types = {name: column[2].decode() for name, column in zip(names, columns, strict=True)}
    keys = [name for name, column in zip(names, columns, strict=True) if column[5]] or ["rowid"]
    is_json = "json_valid(record)" if "record" in names else "1"
    order = ""
    if most >= 0:
        last = ", ".join(f"{key} DESC" for key in _order(connection, table, keys))
        order = f" ORDER BY {last} LIMIT {most}"
    for values in connection.execute(
        f"SELECT {', '.join((*keys, *names))}, {is_json} FROM {table}{order}"
    ):
        key = tuple(zip(keys, values, strict=False))
        row = dict(zip(names, values[len(keys) : -1], strict=True))
        yield RawRow(table, key, row, types, bool(values[-1]))


def _order(connection: sqlite3.Connection, table: str, keys: Sequence[str]) -> Sequence[str]:
    """Return the columns in whose order the rows of a table are stored."""
    (sql,) = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    return keys if sql.rstrip().endswith(b"WITHOUT ROWID") else ("rowid",)
