"""Find what is wrong with a database: the file, or rows of a sound file that cannot be read.

One such row would end every run that reads it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from chatpaper.domain import Paper, PostEntry
from chatpaper.domain.errors import StoreError
from chatpaper.operations.backups import Backup, find_latest_valid
from chatpaper.pipeline.selection import Candidate
from chatpaper.storage.database import Database
from chatpaper.storage.upkeep.integrity import find_integrity_problem
from chatpaper.storage.upkeep.raw_rows import RawRow, RowKey, delete_rows, is_unused, read_raw_rows

# The type of value whose JSON the column `record` of a table holds.
_RECORDS: Mapping[str, TypeAdapter[Any]] = {
    "papers": TypeAdapter(Candidate),
    "entries": TypeAdapter(PostEntry),
    "superseded": TypeAdapter(PostEntry),
    "revisions": TypeAdapter(Paper),
}
_TIMES = frozenset(
    {"post_date", "night", "next_try", "day", "updated", "started", "covered_until", "not_before"}
)
# A file of this size is checked as a whole in a fraction of a second. Of a larger one a command
# looks at the last rows of each table; each backup and `chatpaper doctor` check all of it.
MAX_CHECKED_BYTES = 32_000_000
_ROWS_OF_LARGE = 100
# The message names no more rows than these.
_MAX_NAMED = 3


@dataclass(frozen=True, slots=True)
class DamagedRow:
    """A row that cannot be read: its table, its primary key as it is stored, and why."""

    table: str
    key: RowKey
    damage: str

    def __str__(self) -> str:
        values = (
            value.decode(errors="replace") if isinstance(value, bytes) else str(value)
            for _, value in self.key
        )
        return f"the row {' · '.join(filter(None, values))} of {self.table} {self.damage}"


def find_damaged_rows(
    database: Path, *, thorough: bool = False, most: int = -1
) -> tuple[DamagedRow, ...]:
    """List the rows that cannot be read; a thorough check also parses records that are valid JSON.

    Of each table at most so many are looked at, the last ones, or all. Raises StoreError where the
    file itself is damaged.
    """
    checked = ((row, _damage_of(row, thorough=thorough)) for row in read_raw_rows(database, most))
    return tuple(DamagedRow(row.table, row.key, damage) for row, damage in checked if damage)


def remove_rows(database: Database, rows: Iterable[DamagedRow]) -> None:
    """Delete rows that cannot be read. Raises StoreError."""
    delete_rows(database, ((row.table, row.key) for row in rows))


def _damage_of(row: RawRow, *, thorough: bool) -> str:
    damage = _damage_of_values(row.values, row.types) or ("" if row.is_json else "is not JSON")
    if not damage and thorough and row.table in _RECORDS:
        return _damage_of_record(_RECORDS[row.table], row.values["record"])
    return damage


def _damage_of_values(row: Mapping[str, Any], types: Mapping[str, str]) -> str:
    for name, value in row.items():
        if value is None:
            continue
        if types[name] == "TEXT":
            if not isinstance(value, bytes):
                return f"has no text for {name}"
            if not _is_text(value):
                return f"has bytes for {name} that are not UTF-8"
            if name in _TIMES and value and not _is_time(value.decode()):
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


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _damage_of_record(adapter: TypeAdapter[Any], record: Any) -> str:
    try:
        adapter.validate_json(record)
    except ValueError:
        return "is not a valid record"
    return ""


def is_large(database: Path) -> bool:
    """Return whether a check of the whole file would take longer than a command may."""
    return database.stat().st_size > MAX_CHECKED_BYTES


def find_damage(database: Path, *, thorough: bool = False) -> str:
    """Describe the damage of a database or its rows; "" if there is none, or no database yet.

    Unless the check is thorough, only the last rows of a large database are looked at.
    """
    if not database.exists() or not database.stat().st_size:
        return ""
    partial = is_large(database) and not thorough
    if not partial:
        problem = find_integrity_problem(database, "integrity_check" if thorough else "quick_check")
        if problem:
            return problem
    try:
        rows = find_damaged_rows(
            database, thorough=thorough, most=_ROWS_OF_LARGE if partial else -1
        )
    except StoreError as error:
        return str(error)
    more = f" and {len(rows) - _MAX_NAMED} more" if len(rows) > _MAX_NAMED else ""
    return "; ".join(map(str, rows[:_MAX_NAMED])) + more


def is_blank(database: Path) -> bool:
    """Return whether there is no database, or one without runs and outcomes."""
    if not database.exists() or not database.stat().st_size:
        return True
    try:
        return is_unused(database)
    except StoreError:
        return False


def find_latest_nonempty(folder: Path) -> Backup | None:
    """Return the newest sound backup, unless it has neither runs nor outcomes."""
    newest = find_latest_valid(folder)
    return None if newest is None or is_blank(newest.path) else newest
