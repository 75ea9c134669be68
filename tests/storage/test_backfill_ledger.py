"""The ledger of backfills, and what a night of many papers costs the database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpaper.domain.errors import StoreError
from chatpaper.storage.papers.backfill_ledger import ListingPlace, OfferedPaper
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.run_history import TopicRunResult
from chatpaper.storage.store import Store
from tests.storage.test_history_costs_nothing import count_steps

TOPIC = "LLM"
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
NIGHT = date(2021, 3, 1)
SINCE, UNTIL = date(2021, 1, 1), date(2021, 12, 31)


def offered(number: int, day: date = NIGHT) -> OfferedPaper:
    return OfferedPaper(f"{day:%y%m}.{number:05d}", day, "{}")


def publish(store: Store, numbers: Sequence[int]) -> None:
    store.outcomes.record(
        [
            Outcome(TOPIC, f"2103.{number:05d}", 1, "published", post_date=NIGHT, night=NIGHT)
            for number in numbers
        ],
        [],
        NOW,
    )


def test_a_paper_of_a_large_night_costs_no_more_than_one_of_a_small_night(tmp_path: Path) -> None:
    steps = []
    for papers in (20, 2000):
        with Store(tmp_path / str(papers)) as store:
            publish(store, range(papers))
            steps.append(count_steps(store, lambda store: publish(store, [99_999])))
    assert steps[1] <= 1.1 * steps[0]


def test_a_night_that_ends_is_counted_whole(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        publish(store, range(5))
        with store.database.transaction() as connection:
            connection.execute("UPDATE night_totals SET published_papers = 4, failed_papers = 1")
            connection.execute("UPDATE nights SET published = 4, failed = 1")
        with pytest.raises(StoreError, match="does not add up"):
            store.history.close(TopicRunResult(TOPIC, NIGHT, "done"))
        with store.database.transaction() as connection:
            connection.execute("UPDATE night_totals SET published_papers = 5, failed_papers = 0")
            connection.execute("UPDATE nights SET published = 5, failed = 0")
        assert store.history.close(TopicRunResult(TOPIC, NIGHT, "done")).published == 5


def test_backfilled_days_are_no_nights_on_which_the_topic_ran(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.history.open_backfilled(TOPIC, [NIGHT])
        publish(store, range(2))
        store.history.close_unended(TOPIC, NIGHT, "taken in by a backfill")
        assert store.history.first_post_date(TOPIC) is None
        assert store.history.last_post_date() is None
        # `status`, alerts and the page of the last night list those of `topic_runs`.
        assert store.history.topic_runs(NIGHT) == ()
        # A run of that day, later, makes it a night with all of its papers.
        run = store.history.close(TopicRunResult(TOPIC, NIGHT, "done", source="arxiv"))
        assert (run.found, run.published) == (2, 2)
        assert store.history.topic_runs(NIGHT) == (run,)


@settings(max_examples=25, deadline=None)
@given(
    batches=st.lists(st.lists(st.integers(0, 120), max_size=30), min_size=1, max_size=3),
    most=st.integers(1, 9),
)
def test_shards_are_of_one_month_and_stay(
    batches: list[list[int]], most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Store(tmp_path_factory.mktemp("ledger")) as store:
        ledger, members = store.backfills, dict[str, int]()
        for batch in batches:
            ledger.add(TOPIC, [offered(each, SINCE + timedelta(each)) for each in batch])
            ledger.form_shards(TOPIC, most)
            for shard in ledger.shards(TOPIC, SINCE, UNTIL):
                papers = ledger.waiting(TOPIC, shard.number, SINCE, UNTIL)
                assert 0 < len(papers) == shard.papers == shard.waiting <= most
                assert {f"{each.day:%Y-%m}" for each in papers} == {shard.month}
                for each in papers:
                    assert members.setdefault(each.arxiv_id, shard.number) == shard.number
        assert len(members) == len({each for batch in batches for each in batch})


def test_the_months_add_up_and_a_forgotten_paper_is_gone(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        ledger = store.backfills
        papers = [offered(number) for number in range(4)]
        assert ledger.advance(TOPIC, ("oai", "2021-03"), ListingPlace("token", False), papers) == 4
        assert ledger.advance(TOPIC, ("oai", "2021-03"), ListingPlace("", True), papers) == 0
        assert ledger.find_place(TOPIC, "oai", "2021-03").is_done
        ledger.form_shards(TOPIC, 9)
        ledger.settle(TOPIC, papers[0].arxiv_id, "published")
        ledger.settle(TOPIC, papers[1].arxiv_id, "excluded", "already published")
        ledger.settle(TOPIC, papers[2].arxiv_id, "set_aside", "crashed")
        (month,) = ledger.months(TOPIC, SINCE, UNTIL)
        assert (month.papers, month.published, month.excluded, month.set_aside, month.waiting) == (
            4,
            1,
            1,
            1,
            1,
        )
        assert ledger.reopen(TOPIC) == 1
        assert [each.arxiv_id for each in ledger.waiting(TOPIC, 0, SINCE, UNTIL)] == [
            papers[2].arxiv_id,
            papers[3].arxiv_id,
        ]
        publish(store, [0])
        store.forgetting.delete(store.forgetting.showings_of_paper(papers[0].arxiv_id))
        assert ledger.months(TOPIC, SINCE, UNTIL)[0].papers == 3
