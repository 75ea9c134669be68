"""What is wrong with a database: the file, or rows in it that cannot be read though the file is
sound.

One such row would end every run that meets it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from chatpaper.domain import Entry, Paper
from chatpaper.domain.errors import StoreError
from chatpaper.operations.backups import Backup, integrity_problem, latest_valid
from chatpaper.pipeline.selection import Candidate
from chatpaper.storage.database import Database
from chatpaper.storage.upkeep.raw_rows import RawRow, RowKey, delete_rows, is_unused, raw_rows

# What the JSON of a table's rows is of.
_RECORDS: Mapping[str, TypeAdapter[Any]] = {
    "papers": TypeAdapter(Candidate),
    "entries": TypeAdapter(Entry),
    "superseded": TypeAdapter(Entry),
    "revisions": TypeAdapter(Paper),
}
_MOMENTS = frozenset(
    {"post_date", "night", "next_try", "day", "updated", "started", "covered_until", "not_before"}
)
# More rows than these tell nobody more.
_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class DamagedRow:
    """A row that cannot be read: its table, its primary key as it stands there, and why."""

    table: str
    key: RowKey
    why: str

    def __str__(self) -> str:
        values = (
            value.decode(errors="replace") if isinstance(value, bytes) else str(value)
            for _, value in self.key
        )
        return f"the row {' · '.join(filter(None, values))} of {self.table} {self.why}"


def find_damaged_rows(database: Path, *, thorough: bool = False) -> tuple[DamagedRow, ...]:
    """The rows that cannot be read; a thorough look also takes records apart that are whole JSON.

    Raises StoreError where the file itself is damaged.
    """
    complaints = ((row, _why_bad(row, thorough=thorough)) for row in raw_rows(database))
    return tuple(DamagedRow(row.table, row.key, why) for row, why in complaints if why)


def remove_rows(database: Database, rows: Iterable[DamagedRow]) -> None:
    """Delete rows that cannot be read. Raises StoreError."""
    delete_rows(database, ((row.table, row.key) for row in rows))


def _why_bad(row: RawRow, *, thorough: bool) -> str:
    why = _complaint(row.values, row.types) or ("" if row.is_json else "is no JSON")
    if not why and thorough and row.table in _RECORDS:
        return _misfit(_RECORDS[row.table], row.values["record"])
    return why


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


def _misfit(adapter: TypeAdapter[Any], record: Any) -> str:
    try:
        adapter.validate_json(record)
    except ValueError:
        return "is not what it should be"
    return ""


def find_damage(database: Path, *, thorough: bool = False) -> str:
    """What is wrong with a database, or with rows in it; empty where nothing is, and where there is
    no database yet.
    """
    if not database.exists() or not database.stat().st_size:
        return ""
    problem = integrity_problem(database, "integrity_check" if thorough else "quick_check")
    if problem:
        return problem
    try:
        rows = find_damaged_rows(database, thorough=thorough)
    except StoreError as error:
        return str(error)
    more = f" and {len(rows) - _MOST_TOLD} more" if len(rows) > _MOST_TOLD else ""
    return "; ".join(map(str, rows[:_MOST_TOLD])) + more


def is_blank(database: Path) -> bool:
    """Whether there is no database, or one in which nothing was ever done."""
    if not database.exists() or not database.stat().st_size:
        return True
    try:
        return is_unused(database)
    except StoreError:
        return False


def latest_nonempty(folder: Path) -> Backup | None:
    """The newest sound copy of a database, if anything was ever done in it."""
    newest = latest_valid(folder)
    return None if newest is None or is_blank(newest.path) else newest
