"""Papers that were summarized for no topic: None in values, '' in the columns of the database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from chatpaper.domain import Document, Entry, Paper, Summary
from chatpaper.storage.papers.outcomes import Outcome, StatusCount
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.papers.revision_log import PostedVersion
from chatpaper.storage.rows import decode_topic, encode_topic
from chatpaper.storage.search_index import DayCount
from chatpaper.storage.store import Store

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TONIGHT = date(2026, 11, 22)
KEY = PostKey("/posts", None, "1", TONIGHT, "daily")
OUTCOME = Outcome(None, "1", 1, "published", post_date=TONIGHT, night=TONIGHT)
ENTRY = Entry(
    Paper("1", "One", version=1), Document(), Summary({}, "zh", "gemini", "model", "prompt")
)
RECORD = TypeAdapter(Entry).dump_json(ENTRY).decode()
TABLES = ("outcomes", "entries", "posts", "search", "superseded")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path) as opened:
        yield opened


def columns(store: Store, column: str = "topic") -> dict[str, list[str]]:
    return {
        table: [row[column] for row in store.database.rows(f"SELECT {column} FROM {table}")]
        for table in TABLES
    }


def test_no_topic_is_kept_as_an_empty_one(store: Store) -> None:
    store.outcomes.record([OUTCOME], [KEY], NOW)
    store.entries.save(None, "1", "recipe", RECORD)
    store.index.add(None, ENTRY)
    store.versions.archive_entry(None, "1", 2, date(2026, 11, 23))
    assert columns(store) == {table: [""] for table in TABLES}
    # The run history is one of topics: such a paper has no row there.
    assert store.history.topic_runs(TONIGHT) == ()


def test_an_empty_topic_is_read_as_none(store: Store) -> None:
    with store.database.transaction() as connection:
        connection.execute(
            "INSERT INTO outcomes (topic, arxiv_id, version, status, post_date, night, updated) "
            "VALUES ('', '1', 1, 'published', '2026-11-22', '2026-11-22', '')"
        )
        connection.execute("INSERT INTO entries VALUES ('', '1', 'recipe', ?)", (RECORD,))
        connection.execute("INSERT INTO posts VALUES ('/posts', '', '1', '2026-11-22', 'daily', 1)")
    assert store.outcomes.find(None, "1") == OUTCOME
    assert store.outcomes.published_on(None, TONIGHT) == ("1",)
    assert store.outcomes.counts() == (StatusCount(None, "published", 1),)
    assert store.entries.find(None, "1") == ("recipe", RECORD)
    assert store.entries.by_topic("1") == ((None, "recipe", RECORD),)
    assert store.posts.pending() == (KEY,)
    assert store.posts.contains(KEY)
    assert store.names.unnamed("/posts") == ((None, "1"),)
    assert store.versions.posted_versions("1") == (PostedVersion(None, TONIGHT, 1),)
    assert store.versions.output_folders(None, TONIGHT) == ("/posts",)
    assert store.versions.post_records(KEY) == {"1": RECORD}
    assert store.index.topics() == (None,)
    assert store.index.papers_by_day() == (DayCount(None, TONIGHT, 1),)


def test_papers_of_no_topic_can_be_searched_apart(store: Store) -> None:
    for topic in (None, "LLM"):
        store.outcomes.record([Outcome(topic, "1", 1, "published", post_date=TONIGHT)], [], NOW)
        store.index.add(topic, ENTRY)
    assert [hit.topic for hit in store.index.search("one", [None])] == [None]
    assert [hit.topic for hit in store.index.search("one")] == [None, "LLM"]


@pytest.mark.parametrize("topic", [None, "LLM", "扩散模型", " "])
def test_a_topic_comes_back_from_its_column(topic: str | None) -> None:
    assert decode_topic(encode_topic(topic)) == topic
