"""Backups: whole or not there, checked, as many as are wanted; and the way back."""

import random
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chatpaper.app.settings import load_settings
from chatpaper.domain import Completion
from chatpaper.domain.errors import StoreError
from chatpaper.operations.backups import (
    BYTES_A_DAY,
    MAX_DAYS_APART,
    back_up,
    count_days_apart,
    find_latest_valid,
    list_backups,
    restore,
)
from chatpaper.operations.monitoring import collect_health
from chatpaper.storage.store import Store
from chatpaper.storage.upkeep.integrity import find_integrity_problem

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    with Store(tmp_path) as store:
        for number in range(200):
            store.completions.save(f"key-{number}", Completion("text " * 100, "m", 1, 1))
    return tmp_path


def damage(database: Path) -> None:
    """Overwrite pages in the middle, as a disk does that goes bad."""
    with database.open("r+b") as file:
        file.seek(database.stat().st_size // 2)
        file.write(random.Random(1).randbytes(20_000))


def completion(database: Path, key: str) -> Completion | None:
    with Store(database.parent) as store:
        return store.completions.find(key)


def make(state: Path, day: date, keep: int = 3, days_apart: int = 1) -> bool:
    made = back_up(
        state / "chatpaper.db", state / "backups", keep=keep, days_apart=days_apart, today=day
    )
    return made is not None


def test_a_backup_is_made_while_the_database_is_open_and_holds_what_was_just_written(
    state: Path,
) -> None:
    with Store(state) as store:
        store.completions.save("newest", Completion("answer", "m", 1, 1))
        assert make(state, TODAY)
    (backup,) = list_backups(state / "backups")
    (state / "copy").mkdir()
    backup.path.rename(state / "copy" / "chatpaper.db")
    assert completion(state / "copy" / "chatpaper.db", "newest") == Completion("answer", "m", 1, 1)
    assert not list((state / "backups").iterdir())


def test_one_a_day_is_made_and_the_newest_are_kept(state: Path) -> None:
    assert [make(state, TODAY + timedelta(days=day)) for day in (0, 0, 1, 2, 5)] == [
        True,
        False,
        True,
        True,
        True,
    ]
    assert [backup.day.day for backup in list_backups(state / "backups")] == [26, 27, 30]
    assert not make(state, TODAY + timedelta(days=7), days_apart=7)
    assert not make(state, TODAY + timedelta(days=9), keep=0)


def test_a_clock_that_was_ahead_puts_off_no_backup(state: Path) -> None:
    assert make(state, TODAY.replace(year=2099))
    assert make(state, TODAY)


def test_a_damaged_database_is_not_backed_up_over_a_sound_one(state: Path) -> None:
    make(state, TODAY)
    damage(state / "chatpaper.db")
    with pytest.raises(StoreError) as told:
        make(state, TODAY + timedelta(days=1))
    assert "backup" in str(told.value)
    assert [backup.day for backup in list_backups(state / "backups")] == [TODAY]
    assert [path.name for path in (state / "backups").iterdir()] == ["chatpaper-2026-11-25.db"]


def test_what_the_check_of_a_backup_found_is_told_until_the_database_is_restored(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command has no time to check all of a large database, and looks at the note."""
    monkeypatch.setattr("chatpaper.operations.integrity.MAX_CHECKED_BYTES", 0)
    settings = load_settings(None, {"state_dir": state, "alerts": {"min_free_gigabytes": 0}})

    def alerts() -> list[str]:
        with Store(state) as store:
            return [alert.kind for alert in collect_health(settings, store, NOW).alerts]

    make(state, TODAY)
    with Store(state) as store:
        whole = (state / "chatpaper.db").read_bytes()
        pages = len(whole) // 4096
        root = store.database.rows("SELECT rootpage FROM sqlite_master WHERE name = 'names'")[0][0]
    assert pages > root
    with (state / "chatpaper.db").open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(random.Random(1).randbytes(4096))
    assert alerts() == []
    with pytest.raises(StoreError):
        make(state, TODAY + timedelta(days=1))
    assert alerts() == ["database"]
    restore(state / "chatpaper.db", state / "backups" / "chatpaper-2026-11-25.db", NOW)
    assert alerts() == []


def test_the_newest_sound_backup_takes_the_place_of_a_damaged_database(state: Path) -> None:
    for day in range(3):
        make(state, TODAY + timedelta(days=day))
    damage(state / "backups" / "chatpaper-2026-11-27.db")
    (state / "chatpaper.db-wal").write_bytes(b"a log of the damaged file")
    damage(state / "chatpaper.db")
    damaged = (state / "chatpaper.db").read_bytes()
    newest = find_latest_valid(state / "backups")
    assert newest is not None
    assert newest.day == TODAY + timedelta(days=1)
    aside = restore(state / "chatpaper.db", newest.path, NOW)
    assert aside.name == "chatpaper.db.damaged-20261125T073000Z"
    assert aside.read_bytes() == damaged
    assert Path(f"{aside}-wal").is_file()
    assert find_integrity_problem(state / "chatpaper.db") == ""
    assert completion(state / "chatpaper.db", "key-7") is not None
    assert newest.path.is_file()


@pytest.mark.parametrize("content", [b"", b"no database" * 100])
def test_what_is_no_database_of_ours_is_no_sound_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "chatpaper-2026-11-25.db").write_bytes(content)
    assert find_integrity_problem(tmp_path / "chatpaper-2026-11-25.db")
    assert find_latest_valid(tmp_path) is None


def test_damage_is_found_by_the_quick_check_too(state: Path) -> None:
    assert find_integrity_problem(state / "chatpaper.db", "quick_check") == ""
    damage(state / "chatpaper.db")
    assert find_integrity_problem(state / "chatpaper.db", "quick_check")
    assert "unable to open" in find_integrity_problem(state / "nowhere.db")


def test_checking_changes_nothing(state: Path) -> None:
    before = (state / "chatpaper.db").read_bytes()
    find_integrity_problem(state / "chatpaper.db")
    assert (state / "chatpaper.db").read_bytes() == before
    with closing(sqlite3.connect(state / "chatpaper.db")) as connection, connection:
        connection.execute("SELECT 1")


def test_a_large_database_is_backed_up_less_often() -> None:
    assert [count_days_apart(size, 1) for size in (0, BYTES_A_DAY, 5 * BYTES_A_DAY)] == [1, 1, 5]
    assert count_days_apart(5 * BYTES_A_DAY, 2) == 10
    assert count_days_apart(1000 * BYTES_A_DAY, 1) == MAX_DAYS_APART
    assert count_days_apart(1000 * BYTES_A_DAY, 90) == 90


def test_a_backup_has_nothing_of_rows_that_were_deleted(state: Path) -> None:
    with Store(state) as store:
        for number in range(50):
            store.completions.save(f"secret-{number}", Completion("forget me " * 500, "m", 1, 1))
        with store.database.transaction() as connection:
            connection.execute("DELETE FROM completions WHERE key LIKE 'secret%'")
        assert make(state, TODAY)
    (backup,) = list_backups(state / "backups")
    assert b"forget me" not in backup.path.read_bytes()
