"""Rows of the database as values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from chatpaper.domain.errors import StoreError
from chatpaper.storage.database import Database
from chatpaper.storage.rows import read_column, read_record, read_rows, write_record
from chatpaper.storage.store import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

Visits = Callable[..., Database]


@dataclass(frozen=True)
class Visit:
    name: str
    day: date
    until: datetime | None = None


@pytest.fixture
def visits(tmp_path: Path) -> Iterator[Visits]:
    """Return what fills a database, which is closed after the test."""
    with Database(tmp_path) as database:

        def fill(*values: tuple[Any, ...]) -> Database:
            with database.transaction() as connection:
                connection.execute("CREATE TABLE visits (name, day, until, other)")
                connection.executemany("INSERT INTO visits VALUES (?, ?, ?, 7)", values)
            return database

        yield fill


def test_columns_are_fields_and_others_are_left_out(visits: Visits) -> None:
    database = visits(("a", "2026-11-22", NOON.isoformat()), ("b", "2026-11-23", None))
    first, second = Visit("a", NOON.date(), NOON), Visit("b", date(2026, 11, 23))
    query = "SELECT * FROM visits"
    assert database.fetch_all(Visit, query) == read_rows(Visit, database.rows(query))
    assert database.fetch_all(Visit, query) == (first, second)
    assert database.fetch_one(Visit, query) == first


def test_columns_are_values_too(visits: Visits) -> None:
    database = visits(("a", "2026-11-22", None), ("b", "2026-11-23", NOON.isoformat()))
    days = (NOON.date(), date(2026, 11, 23))
    assert database.fetch_column(date, "SELECT day FROM visits") == days
    assert read_column(date, database.rows("SELECT * FROM visits"), "day") == days
    assert database.fetch_value(date, "SELECT day FROM visits") == days[0]
    assert database.fetch_value(datetime, "SELECT until FROM visits") is None


def test_there_may_be_no_row(visits: Visits) -> None:
    database = visits()
    query = "SELECT * FROM visits"
    assert (database.fetch_all(Visit, query), database.fetch_one(Visit, query)) == ((), None)
    assert (database.fetch_column(str, query), database.fetch_value(str, query)) == ((), None)
    assert not database.exists(query)


def test_a_value_comes_back_from_its_record() -> None:
    visit = Visit("扩散", NOON.date(), NOON)
    assert read_record(Visit, write_record(visit), "a visit") == visit
    with pytest.raises(StoreError, match="a visit is damaged"):
        read_record(Visit, "{", "a visit")


@pytest.mark.parametrize("day", ["", "22 November", None, b"\xff"])
def test_a_row_without_such_a_value_is_damaged(visits: Visits, day: object) -> None:
    with pytest.raises(StoreError, match="doctor --fix"):
        visits(("a", day, None)).fetch_all(Visit, "SELECT * FROM visits")


def test_a_damaged_outcome_is_told_as_such(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        with store.database.transaction() as connection:
            connection.execute(
                "INSERT INTO outcomes (topic, arxiv_id, status, next_try, updated) "
                "VALUES ('LLM', '1', 'failed', 'some day', '')"
            )
        with pytest.raises(StoreError, match="damaged"):
            store.outcomes.find("LLM", "1")
