"""What is deleted of a paper, what others keep, and what the accounts still say."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chatpaper.domain import Completion
from chatpaper.storage.papers.forgetting import Showing
from chatpaper.storage.papers.outcomes import FORGOTTEN, Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.run_history import TopicRunResult
from chatpaper.storage.schema.migrations import MIGRATIONS
from chatpaper.storage.store import Store
from chatpaper.storage.usage import Call
from tests.storage.sample import entry_of

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
TONIGHT, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
PAPER, OTHER = "2611.00001", "2611.00002"


def key(topic: str, day: date = TONIGHT, arxiv_id: str = "", post_format: str = "daily") -> PostKey:
    return PostKey("/posts", topic, arxiv_id, day, post_format)


def publish(store: Store, arxiv_id: str, topic: str = "LLM", day: date = TONIGHT) -> None:
    store.records.save(arxiv_id, 1, "{}")
    store.entries.save(topic, "recipe", entry_of(arxiv_id, summary="扩散模型"))
    outcome = Outcome(topic, arxiv_id, 1, "published", post_date=day, night=day)
    store.outcomes.record([outcome], [key(topic, day)], NOW)
    call = Call(arxiv_id, "m", "prompt", "m", 10, 5, 0, 0.5, 9, 4)
    store.usage.record(call, f"key of {arxiv_id}", Completion(f"about {arxiv_id}", "m", 10, 5))


def dump(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "chatpaper.db")) as connection:
        return "\n".join(connection.iterdump())


def test_nothing_is_left_of_a_paper_and_all_of_the_others(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        publish(store, PAPER)
        publish(store, OTHER)
        newest = (PAPER, NOW)
        store.history.close(TopicRunResult("LLM", TONIGHT, "done", newest=newest))
        store.notices.record(TONIGHT, [("digest", PAPER), ("digest", OTHER)])
        store.licenses.expect([(PAPER, 1), (OTHER, 1)])
        store.identities.keep(PAPER, "digest")
        assert store.forgetting.showings_of_post("LLM", TONIGHT) == (
            Showing("LLM", PAPER, TONIGHT),
            Showing("LLM", OTHER, TONIGHT),
        )
        store.forgetting.delete(store.forgetting.showings_of_paper(PAPER))
        assert store.forgetting.showings_of_paper(PAPER) == ()
        assert [hit.arxiv_id for hit in store.search_index.search("扩散")] == [OTHER]
        (night,) = store.history.topic_runs(TONIGHT)
        assert (night.found, night.published) == (1, 1)
        # What was paid was paid.
        (day,) = [used.usage for used in store.usage.usage_by_model()]
        assert (day.llm_calls, day.cost_usd) == (2, 1.0)
        assert store.usage.used_on(date.min).papers == 2
        assert store.completions.find(f"key of {OTHER}") is not None
    assert PAPER not in dump(tmp_path)


def test_what_another_topic_shows_stays(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        publish(store, PAPER)
        publish(store, PAPER, "GAN")
        store.forgetting.delete([Showing("LLM", PAPER, TONIGHT)])
        assert store.forgetting.showings_of_paper(PAPER) == (Showing("GAN", PAPER, TONIGHT),)
        assert store.entries.contains("GAN", PAPER)
        assert not store.entries.contains("LLM", PAPER)
        assert store.records.find(PAPER) == "{}"
        assert store.completions.find(f"key of {PAPER}") is not None


def test_a_paper_that_failed_is_no_longer_tried(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        failed = Outcome("LLM", PAPER, 1, "failed", "fetch", "reset", 1, night=TONIGHT)
        store.outcomes.record([failed], [], NOW)
        assert store.forgetting.showings_of_paper(PAPER) == (Showing("LLM", PAPER, None),)
        store.forgetting.delete(store.forgetting.showings_of_paper(PAPER))
        assert store.outcomes.unfinished("LLM") == ()
        (night,) = store.history.topic_runs(TONIGHT)
        assert (night.found, night.failed) == (0, 0)


def test_posts_of_all_days_and_formats_that_show_a_paper_are_found(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        publish(store, PAPER)
        publish(store, OTHER, day=TOMORROW)
        store.posts.mark_pending(
            [key("LLM", arxiv_id=PAPER, post_format="card"), key("LLM", post_format="brief")]
        )
        store.posts.mark_pending([key("LLM", arxiv_id=OTHER, post_format="card"), key("GAN")])
        found = store.forgetting.posts_with(store.forgetting.showings_of_paper(PAPER))
        assert found == (
            key("LLM", post_format="brief"),
            key("LLM", arxiv_id=PAPER, post_format="card"),
            key("LLM"),
        )
        store.forgetting.delete_post(found[0], [])
        assert not store.posts.contains(found[0])


def test_an_exclusion_outlives_other_exclusions(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        excluded = [
            Outcome(None, PAPER, None, "excluded", FORGOTTEN, "by hand"),
            Outcome("LLM", OTHER, 1, "excluded", "intake", "off topic"),
        ]
        store.outcomes.record(excluded, [], NOW)
        store.retention.delete_before(date(2036, 1, 1))
        assert store.outcomes.find(None, PAPER) is not None
        assert store.outcomes.find("LLM", OTHER) is None


def test_an_answer_that_is_marked_as_useless_is_still_known_by_its_paper(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        publish(store, PAPER)
        store.completions.save(f"key of {PAPER}", Completion("", "m"))
        store.forgetting.delete(store.forgetting.showings_of_paper(PAPER))
        assert store.completions.find(f"key of {PAPER}") is None


@pytest.mark.parametrize(("papers", "known"), [((PAPER,), PAPER), ((PAPER, OTHER), "")])
def test_answers_of_earlier_versions_get_their_paper_where_it_is_certain(
    tmp_path: Path, papers: tuple[str, ...], known: str
) -> None:
    before = 10
    with closing(sqlite3.connect(tmp_path / "chatpaper.db")) as connection, connection:
        for number, script in enumerate(MIGRATIONS[:before], start=1):
            connection.executescript(f"BEGIN;{script};PRAGMA user_version = {number};COMMIT;")
        for number, paper in enumerate(papers):
            connection.execute(
                "INSERT INTO calls VALUES (?, 'run', '2026-11-20', ?, 'm', 'p', 'm', 10, 5, 2, "
                "0.5, 9, 4)",
                (number, paper),
            )
        connection.execute(
            "INSERT INTO completions VALUES ('key', '{}', 'm', 10, 5, 2, '2026-11-20T03:00:00Z')"
        )
    with Store(tmp_path) as store:
        (found,) = store.database.fetch_column(str, "SELECT arxiv_id FROM completions")
        assert found == known
        assert store.completions.find("key") == Completion("{}", "m", 10, 5, 2)
