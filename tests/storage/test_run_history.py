"""The ledger of nights adds up whatever happens.

No statement can make it say anything else.
"""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpaper.domain.errors import StoreError
from chatpaper.storage.papers.outcomes import Outcome, Status
from chatpaper.storage.run_history import (
    TopicRunPaper,
    TopicRunResult,
    TopicRunStatus,
)
from chatpaper.storage.store import Store

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
TONIGHT = date(2026, 11, 24)
STATES: tuple[TopicRunStatus, ...] = (
    "done",
    "nothing_announced",
    "upstream_fault",
    "stale_upstream",
    "budget",
)


def outcome(arxiv_id: str, status: Status, night: date = TONIGHT, **changes: Any) -> Outcome:
    post_date = night if status == "published" else None
    return Outcome(
        "LLM", arxiv_id, 1, status, "", "why", post_date=post_date, night=night, **changes
    )


def test_a_paper_is_in_the_ledger_as_soon_as_its_outcome_is(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        ledger = store.history
        store.outcomes.record(
            [outcome("1", "queued"), outcome("2", "queued"), outcome("3", "excluded")], [], NOW
        )
        (night,) = ledger.topic_runs(TONIGHT)
        assert (night.state, night.found, night.published, night.excluded, night.failed) == (
            None,
            3,
            0,
            1,
            2,
        )
        waits = outcome("2", "failed", attempts=1, next_try=date(2026, 11, 25))
        store.outcomes.record([outcome("1", "published"), waits], [], NOW)
        (night,) = ledger.topic_runs(TONIGHT)
        assert (night.found, night.published, night.excluded, night.failed) == (3, 1, 1, 1)
        assert ledger.papers("LLM", TONIGHT)[1] == TopicRunPaper(
            "2", "failed", "why", 1, date(2026, 11, 25)
        )


def test_papers_that_were_summarized_alone_belong_to_no_night(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.outcomes.record(
            [Outcome(None, "1", 1, "published", post_date=TONIGHT, night=TONIGHT)], [], NOW
        )
        assert store.history.topic_runs(TONIGHT) == ()


def test_what_earlier_nights_settled_and_what_waits_is_counted_too(tmp_path: Path) -> None:
    waiting = outcome("9", "failed", date(2026, 11, 23), attempts=2, next_try=date(2026, 11, 25))
    end = TopicRunResult("LLM", TONIGHT, "done", waiting=[waiting], repeated=["1", "7", "8"])
    with Store(tmp_path) as store:
        ledger = store.history
        store.outcomes.record([outcome("1", "published")], [], NOW)
        night = ledger.close(end)
        # Paper 1 has a row of its own, and is not counted twice.
        assert (night.found, night.published, night.excluded, night.failed, night.repeated) == (
            4,
            1,
            2,
            1,
            2,
        )
        # A second run of the date, to which the source shows less, does not take anything back.
        again = ledger.close(
            TopicRunResult("LLM", TONIGHT, "upstream_fault", explanation="HTTP 503")
        )
        assert (again.state, again.found, again.explanation) == ("upstream_fault", 4, "HTTP 503")


def test_a_night_with_papers_is_none_on_which_nothing_was_announced(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        ledger = store.history
        assert (
            ledger.close(TopicRunResult("LLM", TONIGHT, "nothing_announced")).state
            == "nothing_announced"
        )
        store.outcomes.record([outcome("1", "excluded")], [], NOW)
        assert (
            ledger.close(TopicRunResult("LLM", TONIGHT, "nothing_announced")).state
            == "nothing_announced"
        )
        store.outcomes.record([outcome("2", "published", date(2026, 11, 25))], [], NOW)
        assert (
            ledger.close(TopicRunResult("LLM", date(2026, 11, 25), "nothing_announced")).state
            == "done"
        )


@pytest.mark.parametrize("status", ["queued", "failed", "published"])
def test_a_later_run_opens_a_night_on_which_nothing_was_announced(
    tmp_path: Path, status: Status
) -> None:
    with Store(tmp_path) as store:
        ledger = store.history
        ledger.close(TopicRunResult("LLM", TONIGHT, "nothing_announced"))
        store.outcomes.record([outcome("1", status)], [], NOW)
        (night,) = ledger.topic_runs(TONIGHT)
        assert (night.state, night.found) == (None, 1)
        assert ledger.close(TopicRunResult("LLM", TONIGHT, "done")).state == "done"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE nights SET found = found + 1",
        "UPDATE nights SET found = found + 1, published = published + 1",
        "UPDATE nights SET published = 0, failed = failed + 1",
        "UPDATE nights SET repeated = 5",
        "UPDATE nights SET state = 'fine'",
        "UPDATE nights SET state = 'nothing_announced'",
        "UPDATE night_papers SET status = 'lost'",
        "INSERT INTO nights (topic, post_date, found, excluded) VALUES ('GAN', '2026-11-24', 1, 1)",
    ],
)
def test_no_statement_can_make_a_night_not_add_up(tmp_path: Path, statement: str) -> None:
    with Store(tmp_path) as store:
        store.outcomes.record([outcome("1", "published"), outcome("2", "failed")], [], NOW)
        store.history.close(TopicRunResult("LLM", TONIGHT, "done", repeated=["3"]))
        before = store.history.topic_runs(TONIGHT)
        with (
            pytest.raises(StoreError, match=r"add up|CHECK"),
            store.database.transaction() as connection,
        ):
            connection.execute(statement)
        assert store.history.topic_runs(TONIGHT) == before


def test_a_transaction_that_settles_what_cannot_be_leaves_the_ledger_alone(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        with pytest.raises(StoreError):
            store.outcomes.record(
                [outcome("1", "queued"), Outcome("LLM", "2", 1, "published", night=TONIGHT)],
                [],
                NOW,
            )
        assert store.history.topic_runs(TONIGHT) == ()


def test_the_watermark_is_the_last_covered_night_that_is_not_in_the_future(tmp_path: Path) -> None:
    def night(day: int, *, covered: bool) -> TopicRunResult:
        until = datetime(2026, 11, day, 16, tzinfo=UTC) if covered else None
        newest = (f"2611.{day:05d}", datetime(2026, 11, day - 1, 12, tzinfo=UTC))
        return TopicRunResult(
            "LLM", date(2026, 11, day), "done", covered_until=until, newest=newest
        )

    with Store(tmp_path) as store:
        ledger = store.history
        assert ledger.watermark("LLM", TONIGHT) is None
        for end in (night(20, covered=True), night(21, covered=False), night(29, covered=True)):
            ledger.close(end)
        mark = ledger.watermark("LLM", TONIGHT)
        assert mark is not None
        assert (mark.post_date, mark.newest_id) == (date(2026, 11, 20), "2611.00020")
        assert mark.covered_until == datetime(2026, 11, 20, 16, tzinfo=UTC)
        assert mark.newest_submitted == datetime(2026, 11, 19, 12, tzinfo=UTC)
        assert ledger.watermark("GAN", TONIGHT) is None


def test_a_night_can_be_forgotten_as_a_whole(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.outcomes.record(
            [outcome("1", "published"), outcome("2", "published", date(2026, 11, 25))], [], NOW
        )
        with store.database.transaction() as connection:
            connection.execute("DELETE FROM nights WHERE post_date = '2026-11-24'")
        ledger = store.history
        assert [night.post_date.day for night in ledger.topic_runs(date(2026, 11, 1))] == [25]
        assert ledger.papers("LLM", TONIGHT) == ()


outcomes = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", "4"]),
        st.sampled_from(["published", "excluded", "failed", "queued"]),
        st.integers(0, 2),
    ),
    max_size=12,
)
ends = st.lists(
    st.tuples(
        st.sampled_from(STATES), st.sets(st.sampled_from(["1", "2", "5", "6"])), st.integers(0, 2)
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(outcomes, ends, st.randoms(use_true_random=False))
def test_the_ledger_adds_up_after_any_sequence_of_outcomes_and_ends(
    settled: list[tuple[str, Status, int]],
    ended: list[tuple[TopicRunStatus, set[str], int]],
    order: random.Random,
) -> None:
    steps: list[Any] = [*settled, *ended]
    order.shuffle(steps)
    with TemporaryDirectory() as folder, Store(Path(folder)) as store:
        ledger = store.history
        for first, second, day in steps:
            night = TONIGHT + timedelta(day)
            if isinstance(second, set):
                ledger.close(TopicRunResult("LLM", night, first, repeated=sorted(second)))
            else:
                store.outcomes.record([outcome(first, second, night)], [], NOW)
            for each in ledger.topic_runs(TONIGHT):
                rows = ledger.papers("LLM", each.post_date)
                counts = [
                    sum(row.status == status for row in rows)
                    for status in ("published", "excluded", "failed")
                ]
                assert (
                    each.found
                    == each.published + each.excluded + each.failed
                    == len(rows) + each.repeated
                )
                assert counts == [each.published, each.excluded - each.repeated, each.failed]
