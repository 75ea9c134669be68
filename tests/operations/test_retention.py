"""What the database forgets, and what it never does."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chatpaper.domain import Completion
from chatpaper.domain.errors import ConfigError
from chatpaper.operations.retention import delete_before, refuse_deleted, remove_old_reports
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.run_history import TopicRunResult
from chatpaper.storage.store import Store
from tests.storage.sample import entry_of

OLD, NEW, LIMIT = date(2024, 5, 1), date(2026, 11, 1), date(2025, 1, 1)


def publish(
    store: Store,
    arxiv_id: str,
    day: date,
    *,
    written: bool = True,
    topic: str = "LLM",
    settled: date | None = None,
) -> None:
    key = PostKey("/posts", topic, "", day, "daily")
    store.records.save(arxiv_id, 1, "{}")
    store.entries.save(topic, "recipe", entry_of(arxiv_id, summary="{}" * 10_000))
    now = datetime.combine(settled or day, datetime.min.time(), UTC)
    store.outcomes.record([Outcome(topic, arxiv_id, 1, "published", post_date=day)], [key], now)
    if written:
        store.posts.mark_written(key)


def answer(store: Store, key: str, day: date) -> None:
    store.completions.save(key, Completion("text", "m", 1, 1))
    with store.database.transaction() as connection:
        connection.execute(
            "UPDATE completions SET created = ? WHERE key = ?", (f"{day}T02:00:00Z", key)
        )


def test_what_was_posted_is_remembered_for_ever_though_it_cannot_be_written_again(
    store: Store,
) -> None:
    publish(store, "2405.00001", OLD)
    publish(store, "2611.00001", NEW)
    answer(store, "old", OLD)
    answer(store, "new", NEW)
    assert delete_before(store.retention, LIMIT).rows >= 4
    outcome = store.outcomes.find("LLM", "2405.00001")
    assert outcome is not None
    assert outcome.post_date == OLD
    assert (
        store.entries.find("LLM", "2405.00001"),
        store.records.find("2405.00001"),
        store.completions.find("old"),
    ) == (None, None, None)
    assert [key.post_date for key in store.posts.since(None)] == [NEW]
    assert None not in (
        store.entries.find("LLM", "2611.00001"),
        store.records.find("2611.00001"),
        store.completions.find("new"),
    )
    assert delete_before(store.retention, LIMIT).rows == 0


def test_the_post_of_an_old_day_that_was_made_of_late_is_remembered(store: Store) -> None:
    publish(store, "2405.00001", OLD, settled=NEW)
    delete_before(store.retention, LIMIT)
    assert store.entries.find("LLM", "2405.00001") is not None
    assert [key.post_date for key in store.posts.since(None)] == [OLD]
    refuse_deleted(store.retention, ["LLM"], OLD)


def test_a_post_that_is_still_to_be_written_keeps_all_that_it_needs(store: Store) -> None:
    publish(store, "2405.00001", OLD, written=False)
    delete_before(store.retention, LIMIT)
    assert store.entries.find("LLM", "2405.00001") is not None
    assert len(store.posts.pending()) == 1


def test_a_paper_that_is_still_to_be_published_keeps_its_record_and_its_answers(
    store: Store,
) -> None:
    at = datetime.combine(OLD, datetime.min.time(), UTC)
    store.records.save("2405.00002", 1, "{}")
    store.outcomes.record([Outcome("LLM", "2405.00002", 1, "failed", attempts=1)], (), at)
    store.history.start("run", at, OLD)
    with store.database.transaction() as connection:
        connection.execute(
            "INSERT INTO calls VALUES "
            "(NULL, 'run', ?, '2405.00002', 'm', 'p', 'm', 1, 1, 0, 0.1, 1, 1)",
            (str(OLD),),
        )
    answer(store, "before its first call", date(2024, 4, 1))
    answer(store, "its own", OLD)
    delete_before(store.retention, LIMIT)
    assert (
        store.completions.find("before its first call"),
        store.completions.find("its own") is None,
    ) == (None, False)
    assert store.records.find("2405.00002") == "{}"
    assert [outcome.arxiv_id for outcome in store.outcomes.all_unfinished()] == ["2405.00002"]
    assert (
        len(store.database.rows("SELECT * FROM runs"))
        == len(store.database.rows("SELECT * FROM calls"))
        == 1
    )


def test_nights_are_forgotten_but_for_the_one_from_which_their_topic_is_caught_up(
    store: Store,
) -> None:
    at = datetime(2024, 5, 1, tzinfo=UTC)
    for topic, covered in (("LLM", at), ("NeRF", None)):
        for day in (date(2024, 4, 1), OLD):
            publish(store, f"2405.{day.month:05d}", day, topic=topic)
            store.history.close(TopicRunResult(topic, day, "done", covered_until=covered))
    delete_before(store.retention, LIMIT)
    assert [(night.topic, night.post_date) for night in store.history.topic_runs(date.min)] == [
        ("LLM", OLD)
    ]
    assert (
        len(store.database.rows("SELECT * FROM night_papers"))
        == len(store.history.papers("LLM", OLD))
        == 1
    )


def test_a_forgotten_day_is_not_written_again_with_half_of_its_papers(store: Store) -> None:
    publish(store, "2405.00001", OLD)
    publish(store, "2405.00009", OLD, topic="NeRF")
    refuse_deleted(store.retention, ["LLM"], OLD)
    delete_before(store.retention, LIMIT)
    with pytest.raises(ConfigError, match=r"'LLM' for 2024-05-01 .*another --date"):
        refuse_deleted(store.retention, ["Agent", "LLM"], OLD)
    refuse_deleted(store.retention, ["Agent"], OLD)
    refuse_deleted(store.retention, ["LLM"], NEW)


def test_the_file_gives_back_the_space_of_what_is_gone(store: Store) -> None:
    for number in range(120):
        publish(store, f"2405.{number:05d}", OLD, topic=f"topic {number % 3}")
    size = store.path.stat().st_size + Path(f"{store.path}-wal").stat().st_size
    forgotten = delete_before(store.retention, LIMIT)
    assert store.path.stat().st_size < size / 3
    assert forgotten.freed_bytes > 0


def test_reports_of_old_runs_go(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    for name in ("20240501T023000Z-aaaa.json", "20261101T023000Z-bbbb.json"):
        (tmp_path / "runs" / name).write_text("{}")
    assert remove_old_reports(tmp_path, datetime(2025, 1, 1, tzinfo=UTC)) == 1
    assert [path.name[:4] for path in (tmp_path / "runs").iterdir()] == ["2026"]
