"""The database: what it promises across threads, kills and versions."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chatpaper.domain import Completion
from chatpaper.domain.errors import StoreError
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.schema.migrations import MIGRATIONS
from chatpaper.storage.store import Store
from tests.fakes.disk import SYNCHRONOUS

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TONIGHT = date(2026, 11, 22)


def published(arxiv_id: str, day: date = TONIGHT) -> Outcome:
    return Outcome("LLM", arxiv_id, 1, "published", post_date=day)


def test_a_completion_is_kept_for_good(tmp_path: Path) -> None:
    completion = Completion("{}", "some-model", 10, 5, 2)
    with Store(tmp_path) as store:
        assert store.completions.find("key") is None
        store.completions.save("key", completion)
    with Store(tmp_path) as store:
        assert store.completions.find("key") == completion


def test_outcomes_and_the_posts_they_call_for_are_settled_together(tmp_path: Path) -> None:
    key = PostKey("/posts", "LLM", "", TONIGHT, "daily")
    wrong = Outcome("LLM", "2", 1, "published")
    with Store(tmp_path) as store:
        with pytest.raises(StoreError, match="CHECK"):
            store.outcomes.record([published("1"), wrong], [key], NOW)
        assert store.outcomes.published_on("LLM", TONIGHT) == ()
        assert store.posts.pending() == ()
        store.outcomes.record([published("1")], [key], NOW)
        assert store.outcomes.published_on("LLM", TONIGHT) == ("1",)
        assert store.posts.pending() == (key,)
        store.posts.mark_written(key)
        assert store.posts.pending() == ()
        assert store.posts.since(TONIGHT) == (key,)
        assert store.posts.since(date(2026, 11, 23)) == ()


def test_unfinished_papers_stay_until_they_are_published(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.outcomes.record(
            [
                Outcome("LLM", "1", 1, "queued"),
                Outcome("LLM", "2", 1, "failed", "fetch", "reset", 2),
                published("3"),
            ],
            [],
            NOW,
        )
        assert {outcome.arxiv_id for outcome in store.outcomes.unfinished("LLM")} == {"1", "2"}
        store.outcomes.record([published("1")], [], NOW)
        assert [outcome.arxiv_id for outcome in store.outcomes.unfinished("LLM")] == ["2"]
        assert store.outcomes.find("LLM", "2") == Outcome(
            "LLM", "2", 1, "failed", "fetch", "reset", 2
        )


def test_many_threads_may_keep_completions_at_once(tmp_path: Path) -> None:
    with Store(tmp_path) as store, ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda number: store.completions.save(str(number), Completion(str(number), "m")),
                range(100),
            )
        )
        assert all(
            store.completions.find(str(number)) == Completion(str(number), "m")
            for number in range(100)
        )


def test_what_was_paid_for_survives_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tests do without, for the sake of their disk.
    monkeypatch.setattr("chatpaper.storage.database.SYNCHRONOUS", SYNCHRONOUS)
    with Store(tmp_path) as store:
        is_full = 2
        assert store.database.rows("PRAGMA synchronous")[0][0] == is_full


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        path = store.path
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StoreError, match="newer chatpaper"):
        Store(tmp_path)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "chatpaper.db").write_text("this is no database, though it has its name" * 50)
    with pytest.raises(StoreError, match=r"chatpaper\.db cannot be opened"):
        Store(tmp_path)


def test_what_an_earlier_version_let_others_read_is_closed_to_them(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.completions.save("key", Completion("text", "model"))
        reports = tmp_path / "runs"
        reports.mkdir()
        private = [*tmp_path.glob("chatpaper.db*")]
        assert len(private) == 3
        for file in private:
            file.chmod(0o644)
        reports.chmod(0o755)
        with Store(tmp_path):
            assert {stat.S_IMODE(file.stat().st_mode) for file in private} == {0o600}
            assert stat.S_IMODE(reports.stat().st_mode) == 0o700
