"""What is wrong with a database: the file, or rows in it that cannot be read though the file is sound.

One such row would end every run that meets it.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from chatpaper.domain import Entry, Paper
from chatpaper.operations.backups import Backup, newest_sound, opened, problem_of
from chatpaper.pipeline.selection import Candidate

# What the JSON of a table's rows is of.
_RECORDS: Mapping[str, TypeAdapter[Any]] = {
    "papers": TypeAdapter(Candidate),
    "entries": TypeAdapter(Entry),
    "superseded": TypeAdapter(Entry),
    "revisions": TypeAdapter(Paper),
}
_MOMENTS = frozenset({"post_date", "night", "next_try", "day", "updated", "started", "covered_until", "not_before"})
# More rows than these tell nobody more.
_MOST_TOLD = 3
# What SQLite keeps for itself, and the index of words, which is made again from the entries.
_NOT_OURS = ("sqlite_", "search")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: its table, its primary key as it stands there, and why."""

    table: str
    key: tuple[tuple[str, bytes | int | float | None], ...]
    why: str

    def __str__(self) -> str:
        values = (value.decode(errors="replace") if isinstance(value, bytes) else str(value) for _, value in self.key)
        return f"the row {' · '.join(filter(None, values))} of {self.table} {self.why}"


def bad_rows(database: Path, *, thorough: bool = False) -> tuple[BadRow, ...]:
    """The rows that cannot be read; a thorough look also takes records apart that are whole JSON.

    Raises sqlite3.Error where the file itself is damaged.
    """
    with closing(opened(database)) as connection:
        connection.text_factory = bytes
        return tuple(row for table in _tables(connection) for row in _bad_rows_of(connection, table, thorough=thorough))


def remove_rows(connection: sqlite3.Connection, rows: tuple[BadRow, ...]) -> None:
    """Delete rows, each alone; a paper of a night goes with the night, whose counts would be wrong without it."""
    for row in rows:
        table, key = row.table, row.key
        if table == "night_papers":
            table, key = "nights", tuple(pair for pair in key if pair[0] != "arxiv_id")
        # The bytes of a text that is no UTF-8 can only be compared as bytes.
        same = " AND ".join(
            f"CAST({column} AS BLOB) IS ?" if isinstance(value, bytes) else f"{column} IS ?" for column, value in key
        )
        connection.execute(f"DELETE FROM {table} WHERE {same}", [value for _, value in key])


def _tables(connection: sqlite3.Connection) -> list[str]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return [name.decode() for (name,) in names if not name.decode().startswith(_NOT_OURS)]


def _bad_rows_of(connection: sqlite3.Connection, table: str, *, thorough: bool) -> Iterator[BadRow]:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    names = [column[1].decode() for column in columns]
    types = {name: column[2].decode() for name, column in zip(names, columns, strict=True)}
    keys = [name for name, column in zip(names, columns, strict=True) if column[5]] or ["rowid"]
    is_json = "json_valid(record)" if "record" in names else "1"
    query = f"SELECT {', '.join((*keys, *names))}, {is_json} FROM {table}"
    for values in connection.execute(query):
        row = dict(zip(names, values[len(keys) : -1], strict=True))
        why = _complaint(row, types) or ("" if values[-1] else "is no JSON")
        if not why and thorough and table in _RECORDS:
            why = _misfit(_RECORDS[table], row["record"])
        if why:
            yield BadRow(table, tuple(zip(keys, values, strict=False)), why)


def _complaint(row: Mapping[str, Any], types: Mapping[str, str]) -> str:
    for name, value in row.items():
        if value is None:
            continue
        if types[name] == "TEXT":
            if not isinstance(value, bytes):
                return f"has no text for {name}"
            if not _is_text(value):
                return f"has bytes for {name} that are no UTF-8"
            if name in _MOMENTS and value and not _is_moment(value.decode()):
                return f"has no date for {name}"
        elif types[name] in ("INTEGER", "REAL") and not isinstance(value, int | float):
            return f"has no number for {name}"
    return ""


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _misfit(adapter: TypeAdapter[Any], record: bytes) -> str:
    try:
        adapter.validate_json(record)
    except ValueError:
        return "is not what it should be"
    return ""


def damage_of(database: Path, *, thorough: bool = False) -> str:
    """What is wrong with a database, or with rows in it; empty where nothing is, and where there is no database yet."""
    if not database.exists() or not database.stat().st_size:
        return ""
    problem = problem_of(database, "integrity_check" if thorough else "quick_check")
    if problem:
        return problem
    try:
        rows = bad_rows(database, thorough=thorough)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return str(error)
    more = f" and {len(rows) - _MOST_TOLD} more" if len(rows) > _MOST_TOLD else ""
    return "; ".join(map(str, rows[:_MOST_TOLD])) + more


def is_blank(database: Path) -> bool:
    """Whether there is no database, or one in which nothing was ever done."""
    if not database.exists() or not database.stat().st_size:
        return True
    with closing(opened(database)) as connection:
        try:
            query = "SELECT EXISTS (SELECT 1 FROM runs) OR EXISTS (SELECT 1 FROM outcomes)"
            return not connection.execute(query).fetchone()[0]
        except sqlite3.Error:
            return False


def newest_filled(folder: Path) -> Backup | None:
    """The newest sound copy of a database, if anything was ever done in it."""
    newest = newest_sound(folder)
    return None if newest is None or is_blank(newest.path) else newest
