"""A database that an earlier version wrote keeps its contents.

It is used further as if it were new.
"""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chatpaper.domain import Completion
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.schema.migrations import MIGRATIONS
from chatpaper.storage.store import Store

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
TONIGHT = date(2026, 11, 24)

# What each version could hold, in the order of the versions: statements that its schema
# understands.
CONTENTS: tuple[tuple[str, ...], ...] = (
    (
        "INSERT INTO papers (arxiv_id, version, record) VALUES ('2611.00001', 1, '{\"paper\": 1}')",
        (
            "INSERT INTO outcomes (topic, arxiv_id, version, status, post_date, updated) VALUES "
            "('LLM', '2611.00001', 1, 'published', '2026-11-20', '2026-11-20T03:00:00+00:00')"
        ),
        (
            "INSERT INTO outcomes (topic, arxiv_id, version, status, stage, reason, attempts, "
            "updated) VALUES ('LLM', '2611.00002', 1, 'failed', 'fetch', 'reset', 7, "
            "'2026-11-20T03:00:00+00:00')"
        ),
        (
            "INSERT INTO completions (key, text, model, input_tokens, output_tokens, "
            "cached_input_tokens, created) VALUES ('key', '{}', 'm', 10, 5, 2, "
            "'2026-11-20T03:00:00Z')"
        ),
        (
            "INSERT INTO entries (topic, arxiv_id, recipe, record) VALUES ('LLM', '2611.00001', "
            "'r', '{\"entry\": 1}')"
        ),
        (
            "INSERT INTO posts (output_dir, topic, post_date, format, pending) "
            "VALUES ('/posts', 'LLM', '2026-11-20', 'daily', 1)"
        ),
        (
            "INSERT INTO runs (run_id, started, post_date) VALUES ('run', "
            "'2026-11-20T03:00:00+00:00', '2026-11-20')"
        ),
    ),
    (
        "INSERT INTO requests (model, day, requests) VALUES ('m', '2026-11-20', 3)",
        (
            "INSERT INTO calls VALUES (1, 'run', '2026-11-20', '2611.00001', 'm', 'p', 'm', "
            "10, 5, 2, 0.5, 9, 4)"
        ),
    ),
)


def database(folder: Path, version: int) -> None:
    """Create the file that chatpaper wrote when its schema had this version."""
    connection = sqlite3.connect(folder / "chatpaper.db")
    for number, script in enumerate(MIGRATIONS[:version], start=1):
        connection.executescript(f"BEGIN;{script};PRAGMA user_version = {number};COMMIT;")
        for statement in CONTENTS[number - 1] if number <= len(CONTENTS) else ():
            connection.execute(statement)
        connection.commit()
    connection.close()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_the_contents_of_every_earlier_version_are_kept(tmp_path: Path, version: int) -> None:
    database(tmp_path, version)
    with Store(tmp_path) as store:
        assert store.database.rows("PRAGMA user_version")[0][0] == len(MIGRATIONS)
        assert store.records.find("2611.00001") == '{"paper": 1}'
        published, failed = (
            store.outcomes.find("LLM", "2611.00001"),
            store.outcomes.find("LLM", "2611.00002"),
        )
        assert published is not None
        assert failed is not None
        assert (published.status, published.post_date) == ("published", date(2026, 11, 20))
        assert (failed.reason, failed.attempts, failed.next_try) == ("reset", 7, None)
        assert store.completions.find("key") == Completion("{}", "m", 10, 5, 2)
        assert [key.post_date for key in store.posts.pending()] == [date(2026, 11, 20)]
        assert [
            str(row["record"]) for row in store.database.rows("SELECT record FROM entries")
        ] == ['{"entry": 1}']
        if version >= 2:
            (used,) = store.usage.usage_by_model("run")
            assert (used.usage.input_tokens, used.usage.cost_usd) == (10, 0.5)
        assert store.database.rows("PRAGMA integrity_check")[0][0] == "ok"


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_what_an_earlier_version_left_goes_on_in_the_ledger(tmp_path: Path, version: int) -> None:
    database(tmp_path, version)
    with Store(tmp_path) as store:
        done = Outcome("LLM", "2611.00002", 1, "published", post_date=TONIGHT, night=TONIGHT)
        store.outcomes.record([done], [], NOW)
        (night,) = store.history.topic_runs(TONIGHT)
        assert (night.found, night.published) == (1, 1)
        assert store.outcomes.unfinished("LLM") == ()


def test_a_migration_that_breaks_off_leaves_the_earlier_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database(tmp_path, 1)
    monkeypatch.setattr(
        "chatpaper.storage.database.MIGRATIONS",
        (MIGRATIONS[0], "CREATE TABLE half (x); CREATE TABLE half (x)"),
    )
    with pytest.raises(Exception, match="cannot be opened"):
        Store(tmp_path)
    monkeypatch.undo()
    with Store(tmp_path) as store:
        assert store.records.find("2611.00001") == '{"paper": 1}'
        assert (
            store.database.rows("SELECT count(*) FROM sqlite_master WHERE name = 'half'")[0][0] == 0
        )
