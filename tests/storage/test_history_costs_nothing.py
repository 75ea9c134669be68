"""What a night asks of the database takes no more steps when ten times as much is behind it.

Steps are instructions of SQLite's virtual machine: a query that reads all rows of a table takes
more of them with every row, on whatever machine.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chatpaper.domain import Completion
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.run_history import TopicRunResult
from chatpaper.storage.store import Store
from chatpaper.storage.usage import Call
from tests.storage.sample import entry_of

TOPIC, FOLDER = "LLM", "/posts"
LAST_NIGHT = date(2026, 11, 20)
SINCE = LAST_NIGHT - timedelta(4)
PAPERS_A_NIGHT = 6
FEW_NIGHTS, MANY_NIGHTS = 12, 120
# B-trees become a level deeper.
MOST_OF_FEW, FREE_STEPS = 1.3, 300

ID = f"{LAST_NIGHT:%m%d}.00001"


def fill(store: Store, nights: int) -> None:
    with store.unit_of_work():
        for number in range(nights):
            add_night(store, LAST_NIGHT - timedelta(number))


def add_night(store: Store, day: date) -> None:
    now = datetime.combine(day, datetime.min.time(), UTC)
    run = f"run-{day}"
    store.history.start(run, now, day)
    store.usage.begin_run(run, day)
    ids = [f"{day:%y%m%d}.{number:05d}" for number in range(PAPERS_A_NIGHT)]
    if day == LAST_NIGHT:
        ids[1] = ID
    key = PostKey(FOLDER, TOPIC, "", day, "daily")
    store.records.save(ids[0], 1, "{}")
    store.licenses.expect((arxiv_id, 1) for arxiv_id in ids)
    for arxiv_id in ids:
        store.records.save(arxiv_id, 1, '{"provisional": false}')
        store.entries.save(TOPIC, "recipe", entry_of(arxiv_id))
        store.usage.record(
            Call(arxiv_id, "m", "p", "m", 9, 5, 0, 0.5, 8, 4), arxiv_id, Completion("{}", "m", 9, 5)
        )
        store.licenses.record((arxiv_id, 1), "")
        store.names.claim(FOLDER, f"paper:{arxiv_id}", ())
    excluded = Outcome(TOPIC, f"{day:%y%m%d}.90000", 1, "excluded", "intake", "off", night=day)
    published = [Outcome(TOPIC, each, 1, "published", post_date=day, night=day) for each in ids]
    store.outcomes.record([*published, excluded], [key], now)
    store.posts.mark_written(key)
    store.history.close(TopicRunResult(TOPIC, day, "done", covered_until=now))
    store.history.finish(run, 0)


def add_earlier_version(store: Store, day: date) -> None:
    """Post a paper on a day, and its next version on the day after."""
    arxiv_id = f"{day:%y%m%d}.80000"
    store.entries.save(TOPIC, "recipe", entry_of(arxiv_id))
    for version, posted in ((1, day), (2, day + timedelta(1))):
        store.revisions.archive_entry(TOPIC, arxiv_id, version, posted)
        outcome = Outcome(TOPIC, arxiv_id, version, "published", post_date=posted, night=posted)
        store.outcomes.record([outcome], [], datetime.combine(posted, datetime.min.time(), UTC))


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    with (
        Store(tmp_path_factory.mktemp("few")) as few,
        Store(tmp_path_factory.mktemp("many")) as many,
    ):
        fill(few, FEW_NIGHTS)
        fill(many, MANY_NIGHTS)
        for store, nights in ((few, FEW_NIGHTS), (many, MANY_NIGHTS)):
            with store.unit_of_work():
                for number in range(nights):
                    add_earlier_version(store, LAST_NIGHT - timedelta(number))
            # What older nights left is looked at once.
            store.retention.delete_before(date(2000, 1, 1))
        yield few, many


def count_steps(store: Store, question: Callable[[Store], object]) -> int:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with store.database.transaction() as connection:
        connection.set_progress_handler(count, 1)
        try:
            question(store)
        finally:
            connection.set_progress_handler(None, 0)
    return steps


QUESTIONS: dict[str, Callable[[Store], object]] = {
    "versions that are posted": lambda store: store.revisions.posted_versions(ID),
    "papers of the last posts": lambda store: store.revisions.posted_between(SINCE, LAST_NIGHT),
    "later versions": lambda store: store.revisions.later_versions(TOPIC, SINCE, LAST_NIGHT),
    "entries of a recipe": lambda store: store.entries.of_recipe("recipe", ID),
    "entries of a paper": lambda store: store.entries.of_paper(ID),
    "an entry is replaced": lambda store: store.entries.save(TOPIC, "recipe", entry_of(ID)),
    "provisional records": lambda store: store.records.provisional(SINCE),
    "pending posts": lambda store: store.posts.pending(),
    "papers of the nights before": lambda store: store.records.recent(TOPIC, LAST_NIGHT, 20),
    "marks of a profile": lambda store: store.marks.of_profile(""),
    "stale posts": lambda store: (
        store.posts.mark_stale(ID),
        store.posts.mark_written(PostKey(FOLDER, TOPIC, "", LAST_NIGHT, "daily")),
    ),
    "topics": lambda store: store.outcomes.topics(),
    "papers of a post": lambda store: store.outcomes.published_on(TOPIC, LAST_NIGHT),
    "papers of a week": lambda store: store.outcomes.published_between(TOPIC, SINCE, LAST_NIGHT),
    "papers without room": lambda store: store.outcomes.cut_on(TOPIC, LAST_NIGHT),
    "entries of a post": lambda store: store.revisions.post_entries(
        PostKey(FOLDER, TOPIC, "", LAST_NIGHT, "daily")
    ),
    "papers that a post shows": lambda store: store.forgetting.showings_of_post(TOPIC, LAST_NIGHT),
    "papers nobody was told of": lambda store: store.deliveries.list_undelivered(
        "mail", [TOPIC], SINCE
    ),
    "unfinished papers of a topic": lambda store: store.outcomes.unfinished(TOPIC),
    "unfinished papers": lambda store: store.outcomes.all_unfinished(),
    "papers that were given up": lambda store: store.outcomes.exhausted(3),
    "papers that were given up, by night": lambda store: store.history.count_exhausted(3),
    "licences that are owed": lambda store: store.licenses.unresolved(50),
    "use of a run": lambda store: store.usage.usage_by_model(f"run-{LAST_NIGHT}"),
    "use of papers": lambda store: store.usage.usage_by_paper(f"run-{LAST_NIGHT}"),
    "use of the last days": lambda store: store.usage.usage_by_day(SINCE),
    "calibration": lambda store: store.usage.calibration_of_papers("m", "p"),
    "the last run": lambda store: store.history.last(),
    "the last nights": lambda store: store.history.topic_runs(SINCE),
    "the day of the last night": lambda store: store.history.last_post_date(),
    "the day of the night before": lambda store: store.history.last_post_date(LAST_NIGHT),
    "the stem of a file": lambda store: store.names.file_stem(f"paper:{ID}"),
    "where a paper is shown": lambda store: store.forgetting.showings_of_paper(ID),
    "posts with a paper": lambda store: store.forgetting.posts_with(
        store.forgetting.showings_of_paper(ID)
    ),
    "what is too old": lambda store: store.retention.delete_before(date(2000, 1, 2)),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_of_a_night_costs_the_same(
    stores: tuple[Store, Store], question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As many last calls as both have.
    monkeypatch.setattr("chatpaper.storage.usage.CALIBRATION_ROWS", 4)
    few, many = (count_steps(store, QUESTIONS[question]) for store in stores)
    assert many <= MOST_OF_FEW * few + FREE_STEPS


def test_the_use_of_all_days_is_read_from_sums(stores: tuple[Store, Store]) -> None:
    days = [store.usage.usage_by_model() for store in stores]
    assert [len(each) for each in days] == [FEW_NIGHTS, MANY_NIGHTS]
    assert {(each.usage.llm_calls, each.usage.cost_usd) for each in days[1]} == {
        (PAPERS_A_NIGHT, PAPERS_A_NIGHT * 0.5)
    }
    steps = count_steps(stores[1], lambda store: store.usage.usage_by_model())
    assert steps < 40 * MANY_NIGHTS


def test_sums_follow_calls_that_are_deleted(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.usage.begin_run("run", LAST_NIGHT)
        for arxiv_id in ("1", "2", "3"):
            store.usage.record(Call(arxiv_id, "m", "p", "m", 9, 5, 0, 0.25, 8, 4))
        with store.database.transaction() as connection:
            connection.execute("DELETE FROM calls WHERE arxiv_id = '2'")
        (used,) = store.usage.usage_by_model()
        assert (used.usage.llm_calls, used.usage.input_tokens, used.usage.cost_usd) == (2, 18, 0.5)
        store.usage.record(Call("4", "m", "p", "m", 9, 5, 0, None, 8, 4))
        (used,) = store.usage.usage_by_model()
        assert (used.usage.llm_calls, used.usage.cost_usd) == (3, None)
        with store.database.transaction() as connection:
            connection.execute("DELETE FROM usage_totals")
        assert store.usage.usage_by_model() == (used,)
        with store.database.transaction() as connection:
            connection.execute("DELETE FROM calls")
        assert store.usage.usage_by_model() == ()


def test_old_rows_go_in_slices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    with Store(tmp_path) as store:
        fill(store, MANY_NIGHTS)
        with store.database.transaction() as connection:
            pass
        changes = connection.total_changes

        def note(statement: str) -> None:
            nonlocal changes
            if statement.startswith("COMMIT"):
                steps.append(connection.total_changes - changes)
                changes = connection.total_changes

        connection.set_trace_callback(note)
        deleted = store.retention.delete_before(LAST_NIGHT)
        connection.set_trace_callback(None)
        assert deleted > 2_000
        assert store.entries.of_paper(ID)
        assert len(store.database.rows("SELECT 1 FROM entries")) == PAPERS_A_NIGHT
        assert len(store.database.rows("SELECT 1 FROM papers")) == PAPERS_A_NIGHT
        assert store.search_index.rebuild() == 0
    # A row has rows of indices of its own, which count as well.
    assert max(steps) < deleted
    assert len([step for step in steps if step]) >= 6


def test_what_a_pending_post_kept_is_deleted_once_it_is_written(tmp_path: Path) -> None:
    old = LAST_NIGHT - timedelta(50)
    with Store(tmp_path) as store:
        add_night(store, old)
        key = PostKey(FOLDER, TOPIC, "", old, "daily")
        store.posts.mark_pending([key])
        store.retention.delete_before(LAST_NIGHT)
        store.retention.delete_before(LAST_NIGHT + timedelta(1))
        assert len(store.database.rows("SELECT 1 FROM entries")) == PAPERS_A_NIGHT
        store.posts.mark_written(key)
        store.retention.delete_before(LAST_NIGHT + timedelta(2))
        assert not store.database.rows("SELECT 1 FROM entries")
        assert not store.database.rows("SELECT 1 FROM papers")
