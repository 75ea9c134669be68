"""A paper that fails is tried a bounded number of times, at growing intervals.

Outages do not count.
"""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chatpaper.pipeline.failures.retries import (
    MAX_ATTEMPTS,
    defer,
    is_due,
    is_exhausted,
    record_failure,
)
from chatpaper.storage.papers.outcomes import Outcome

FIRST = date(2026, 11, 1)
FAILED = Outcome("LLM", "2611.00001", 1, "failed", "summarize", "the answer is in English")


def test_the_nights_between_attempts_grow_until_the_paper_is_given_up() -> None:
    known, tried = None, []
    for night in (FIRST + timedelta(day) for day in range(30)):
        if known is None or (not is_exhausted(known) and is_due(known, night)):
            known = record_failure(FAILED, known, night)
            tried.append((night - FIRST).days)
    assert tried == [0, 1, 3, 7]
    assert known is not None
    assert (known.status, known.attempts, known.next_try) == ("excluded", 4, None)
    assert known.reason == "gave up after 4 attempts: the answer is in English"


def test_a_night_is_one_attempt_however_often_it_is_run() -> None:
    once = record_failure(FAILED, None, FIRST)
    assert is_due(once, FIRST)
    assert record_failure(FAILED, once, FIRST) == once
    assert not is_due(record_failure(FAILED, once, FIRST + timedelta(1)), FIRST + timedelta(2))


def test_another_version_begins_anew() -> None:
    known = record_failure(FAILED, None, FIRST)
    second = Outcome("LLM", "2611.00001", 2, "failed")
    assert record_failure(second, known, FIRST + timedelta(1)).attempts == 1


def test_a_clock_that_was_wrong_makes_no_paper_wait_for_years() -> None:
    known = record_failure(FAILED, None, date(2090, 1, 1))
    assert is_due(known, FIRST)
    assert record_failure(FAILED, known, FIRST).next_try == FIRST + timedelta(2)


def test_an_attempt_that_an_older_version_counted_is_due() -> None:
    old = Outcome("LLM", "2611.00001", 1, "failed", attempts=9)
    assert is_due(old, FIRST)
    assert is_exhausted(record_failure(FAILED, old, FIRST))


@given(st.lists(st.sampled_from(["failure", "outage"]), max_size=40))
def test_outages_burn_no_attempts_and_failures_are_bounded(faults: list[str]) -> None:
    known: Outcome | None = None
    night, failures = FIRST, 0
    for fault in faults:
        night += timedelta(1)
        if known is not None and (is_exhausted(known) or not is_due(known, night)):
            continue
        if fault == "failure":
            known, failures = record_failure(FAILED, known, night), failures + 1
        else:
            known = defer(FAILED, known, night)
            assert is_due(known, night + timedelta(1))
    if known is not None:
        assert known.attempts == failures <= MAX_ATTEMPTS
        assert is_exhausted(known) == (failures == MAX_ATTEMPTS)
