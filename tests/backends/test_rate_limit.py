"""Calls keep within what a service allows per minute and per day; none is made to be refused."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.backends import RequestParameters
from chatpaper.backends.decorators.rate_limit import (
    DailyLimitedBackend,
    RequestRateLimitedBackend,
    TokenRateLimitedBackend,
)
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import BadCompletionError, QuotaExhaustedError
from chatpaper.storage.store import Store
from tests.backends.asking import a_prompt


class Answering:
    """A backend that always answers, with as many tokens as told."""

    name = model = "answering"
    parameters = RequestParameters()

    def __init__(self, tokens: int = 0) -> None:
        self.tokens = tokens
        self.calls = 0

    def complete(self, prompt: Prompt) -> Completion:
        self.calls += 1
        return Completion("{}", self.model, input_tokens=self.tokens)


class SleptTime:
    """Time that passes by sleeping only."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.clock = Clock(sleep=self.sleep, monotonic=lambda: self.seconds)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@given(st.integers(1, 120), st.lists(st.floats(0, 90), min_size=1, max_size=8))
def test_calls_keep_their_distance(calls_per_minute: int, pauses: Sequence[float]) -> None:
    clock, starts = SleptTime(), list[float]()
    paced = RequestRateLimitedBackend(
        Answering(), calls_per_minute=calls_per_minute, clock=clock.clock
    )
    for pause in pauses:
        paced.complete(a_prompt())
        starts.append(clock.seconds)
        clock.seconds += pause
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert all(gap >= 60 / calls_per_minute - 1e-6 for gap in gaps)
    assert starts[0] == 1000.0, "the first call does not wait"


@given(st.lists(st.tuples(st.integers(0, 100), st.floats(0, 50)), min_size=1, max_size=12))
def test_no_minute_has_more_tokens_than_allowed(calls: Sequence[tuple[int, float]]) -> None:
    clock, backend, begun = SleptTime(), Answering(), list[tuple[float, int]]()
    expected = [0]
    paced = TokenRateLimitedBackend(
        backend, tokens_per_minute=100, expected_tokens=lambda _: expected[0], clock=clock.clock
    )
    for tokens, pause in calls:
        expected[0] = backend.tokens = tokens
        paced.complete(a_prompt())
        begun.append((clock.seconds, tokens))
        clock.seconds += pause
    for start, _ in begun:
        assert sum(tokens for at, tokens in begun if start <= at < start + 59.9) <= 100


def test_tokens_that_were_expected_and_not_used_are_given_back() -> None:
    clock, backend = SleptTime(), Answering(tokens=10)
    paced = TokenRateLimitedBackend(
        backend, tokens_per_minute=100, expected_tokens=lambda _: 90, clock=clock.clock
    )
    paced.complete(a_prompt())
    paced.complete(a_prompt())
    assert clock.seconds == 1000.0


def test_tokens_that_were_not_expected_are_waited_for() -> None:
    clock, backend = SleptTime(), Answering(tokens=100)
    paced = TokenRateLimitedBackend(
        backend, tokens_per_minute=100, expected_tokens=lambda _: 1, clock=clock.clock
    )
    paced.complete(a_prompt())
    paced.complete(a_prompt())
    assert clock.seconds == 1060.0


def test_a_call_larger_than_the_limit_has_a_minute_of_its_own() -> None:
    clock, backend = SleptTime(), Answering(tokens=500)
    paced = TokenRateLimitedBackend(
        backend, tokens_per_minute=100, expected_tokens=lambda _: 500, clock=clock.clock
    )
    paced.complete(a_prompt())
    paced.complete(a_prompt())
    assert (backend.calls, clock.seconds) == (2, 1060.0)


def test_a_call_that_failed_counts_what_it_took() -> None:
    class Failing(Answering):
        def complete(self, prompt: Prompt) -> Completion:
            self.calls += 1
            error = BadCompletionError("cut off")
            error.input_tokens = 100
            raise error

    clock = SleptTime()
    paced = TokenRateLimitedBackend(
        Failing(), tokens_per_minute=100, expected_tokens=lambda _: 1, clock=clock.clock
    )
    for _ in range(2):
        with pytest.raises(BadCompletionError):
            paced.complete(a_prompt())
    assert clock.seconds == 1060.0


def test_the_requests_of_a_day_are_counted_across_runs(tmp_path: Path) -> None:
    backend = Answering()
    for _ in range(3):
        with Store(tmp_path) as store:
            limited = DailyLimitedBackend(
                backend, store.usage, requests_per_day=3, clock=Clock(now=lambda: NOON)
            )
            limited.complete(a_prompt())
    with Store(tmp_path) as store:
        limited = DailyLimitedBackend(
            backend, store.usage, requests_per_day=3, clock=Clock(now=lambda: NOON)
        )
        with pytest.raises(QuotaExhaustedError, match=r"llm\.rpd is 3.*midnight Pacific"):
            limited.complete(a_prompt())
    assert backend.calls == 3


NOON = datetime(2026, 11, 22, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("midnight", "before"),
    [
        # Standard time, then daylight-saving time: midnight in Los Angeles in GMT.
        (datetime(2026, 11, 23, 8, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 7, 2, 7, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_the_day_of_the_quota_ends_at_midnight_pacific_time(
    tmp_path: Path, midnight: datetime, before: date
) -> None:
    now = [midnight - timedelta(seconds=1)]
    with Store(tmp_path) as store:
        limited = DailyLimitedBackend(
            Answering(), store.usage, requests_per_day=1, clock=Clock(now=lambda: now[0])
        )
        limited.complete(a_prompt())
        with pytest.raises(QuotaExhaustedError):
            limited.complete(a_prompt())
        now[0] = midnight
        limited.complete(a_prompt())
        assert not store.usage.try_acquire("answering", before, 1)


def test_without_a_limit_requests_are_counted_all_the_same(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        limited = DailyLimitedBackend(
            Answering(), store.usage, requests_per_day=None, clock=Clock(now=lambda: NOON)
        )
        limited.complete(a_prompt())
        assert not store.usage.try_acquire("answering", date(2026, 11, 22), 1)
