"""Rows of the database as values."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from chatpaper.domain.errors import StoreError
from chatpaper.storage.database import Database
from chatpaper.storage.rows import read_row, read_rows
from chatpaper.storage.store import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Visit:
    name: str
    day: date
    until: datetime | None = None


VISIT = TypeAdapter(Visit)


def rows(tmp_path: Path, *values: tuple[Any, ...]) -> Any:
    database = Database(tmp_path)
    with database.transaction() as connection:
        connection.execute("CREATE TABLE visits (name, day, until, other)")
        connection.executemany("INSERT INTO visits VALUES (?, ?, ?, 7)", values)
    return database.rows("SELECT * FROM visits")


def test_columns_are_fields_and_others_are_left_out(tmp_path: Path) -> None:
    found = rows(tmp_path, ("a", "2026-11-22", NOON.isoformat()), ("b", "2026-11-23", None))
    first, second = Visit("a", NOON.date(), NOON), Visit("b", date(2026, 11, 23))
    assert read_rows(VISIT, found) == (first, second)
    assert read_row(VISIT, found) == first


def test_there_may_be_no_row(tmp_path: Path) -> None:
    found = rows(tmp_path)
    assert (read_rows(VISIT, found), read_row(VISIT, found)) == ((), None)


@pytest.mark.parametrize("day", ["", "22 November", None, b"\xff"])
def test_a_row_without_such_a_value_is_damaged(tmp_path: Path, day: object) -> None:
    with pytest.raises(StoreError, match="doctor --fix"):
        read_rows(VISIT, rows(tmp_path, ("a", day, None)))


def test_a_damaged_outcome_is_told_as_such(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        with store.database.transaction() as connection:
            connection.execute(
                "INSERT INTO outcomes (topic, arxiv_id, status, next_try, updated) "
                "VALUES ('LLM', '1', 'failed', 'some day', '')"
            )
        with pytest.raises(StoreError, match="damaged"):
            store.outcomes.find("LLM", "1")
