"""Papers that were summarized for no topic: None in values, '' in the columns of the database."""

from datetime import UTC, date, datetime

import pytest

from chatpaper.storage.papers.entries import StoredEntry
from chatpaper.storage.papers.outcomes import Outcome, StatusCount
from chatpaper.storage.papers.post_names import UnnamedPost
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.papers.revision_log import PostedVersion
from chatpaper.storage.rows import decode_topic, encode_topic, write_record
from chatpaper.storage.search_index import DayCount
from chatpaper.storage.store import Store
from tests.storage.sample import entry_of

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TONIGHT = date(2026, 11, 22)
KEY = PostKey("/posts", None, "1", TONIGHT, "daily")
OUTCOME = Outcome(None, "1", 1, "published", post_date=TONIGHT, night=TONIGHT)
ENTRY = entry_of("1")
TABLES = ("outcomes", "entries", "posts", "search", "superseded")


def columns(store: Store, column: str = "topic") -> dict[str, list[str]]:
    return {
        table: [row[column] for row in store.database.rows(f"SELECT {column} FROM {table}")]
        for table in TABLES
    }


def test_no_topic_is_kept_as_an_empty_one(store: Store) -> None:
    store.outcomes.record([OUTCOME], [KEY], NOW)
    store.entries.save(None, "recipe", ENTRY)
    store.revisions.archive_entry(None, "1", 2, date(2026, 11, 23))
    assert columns(store) == {table: [""] for table in TABLES}
    # The run history is one of topics: such a paper has no row there.
    assert store.history.topic_runs(TONIGHT) == ()


def test_an_empty_topic_is_read_as_none(store: Store) -> None:
    with store.database.transaction() as connection:
        connection.execute(
            "INSERT INTO outcomes (topic, arxiv_id, version, status, post_date, night, updated) "
            "VALUES ('', '1', 1, 'published', '2026-11-22', '2026-11-22', '')"
        )
        connection.execute(
            "INSERT INTO entries VALUES ('', '1', 'recipe', ?)", (write_record(ENTRY),)
        )
        connection.execute("INSERT INTO posts VALUES ('/posts', '', '1', '2026-11-22', 'daily', 1)")
    assert store.outcomes.find(None, "1") == OUTCOME
    assert store.outcomes.published_on(None, TONIGHT) == ("1",)
    assert store.outcomes.counts() == (StatusCount(None, "published", 1),)
    assert store.entries.find(None, "1") == ENTRY
    assert store.entries.of_paper("1") == (StoredEntry(None, "recipe", ENTRY),)
    assert store.posts.pending() == (KEY,)
    assert store.posts.contains(KEY)
    assert store.names.unnamed("/posts") == (UnnamedPost(None, "1"),)
    assert store.revisions.posted_versions("1") == (PostedVersion(None, TONIGHT, 1),)
    assert store.revisions.output_folders(None, TONIGHT) == ("/posts",)
    assert store.revisions.post_entries(KEY) == {"1": ENTRY}
    assert store.search_index.topics() == (None,)
    assert store.search_index.papers_by_day() == (DayCount(None, TONIGHT, 1),)


def test_papers_of_no_topic_can_be_searched_apart(store: Store) -> None:
    for topic in (None, "LLM"):
        store.outcomes.record([Outcome(topic, "1", 1, "published", post_date=TONIGHT)], [], NOW)
        store.search_index.add(topic, ENTRY)
    assert [hit.topic for hit in store.search_index.search("paper", [None])] == [None]
    assert [hit.topic for hit in store.search_index.search("paper")] == [None, "LLM"]


@pytest.mark.parametrize("topic", [None, "LLM", "扩散模型", " "])
def test_a_topic_comes_back_from_its_column(topic: str | None) -> None:
    assert decode_topic(encode_topic(topic)) == topic
