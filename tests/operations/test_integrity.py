"""How much of a database commands look at before they use it."""

from pathlib import Path

import pytest

from chatpaper.operations import integrity
from chatpaper.operations.integrity import find_damage, find_damaged_rows
from chatpaper.storage.store import Store

PAPERS = 300


@pytest.fixture
def database(tmp_path: Path) -> Path:
    with Store(tmp_path) as store, store.unit_of_work():
        for number in range(PAPERS):
            store.records.save(f"{number:05d}", 1, "{}")
    return tmp_path / "chatpaper.db"


def spoil(database: Path, number: int) -> None:
    with Store(database.parent) as store, store.database.transaction() as connection:
        connection.execute("UPDATE papers SET record = '{' WHERE arxiv_id = ?", (f"{number:05d}",))


@pytest.mark.parametrize(("number", "is_found"), [(PAPERS - 1, True), (0, False)])
def test_of_a_large_database_commands_look_at_the_last_rows(
    database: Path, monkeypatch: pytest.MonkeyPatch, number: int, is_found: bool
) -> None:
    spoil(database, number)
    assert "is not JSON" in find_damage(database)
    monkeypatch.setattr(integrity, "MAX_CHECKED_BYTES", 0)
    assert ("is not JSON" in find_damage(database)) is is_found
    assert len(find_damaged_rows(database)) == 1
