"""Only what can succeed is tried again, as late as the service asks, and not for ever."""

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.backends import BackendSettings, RequestParameters, create_backend
from chatpaper.backends.decorators.retry import (
    FIRST_WAIT_SECONDS,
    LONGEST_WAIT_SECONDS,
    RetryingBackend,
)
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BackendUnavailableError,
    BadCompletionError,
    ContentFilteredError,
    ContextTooLongError,
    QuotaExhaustedError,
    RateLimitedError,
)
from tests.backends.asking import a_prompt
from tests.fakes import gemini as google
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import RESET

ANSWER = Completion("{}", "scripted")


class Scripted:
    """A backend that fails as told, then answers."""

    name = "scripted"
    model = "scripted"
    parameters = RequestParameters()

    def __init__(self, *errors: BackendError) -> None:
        self._errors = list(errors)
        self.calls = 0

    def complete(self, prompt: Prompt) -> Completion:
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)
        return ANSWER


def retry(
    backend: Scripted, waits: list[float], attempts: int = 5, total_seconds: float = 600
) -> Completion:
    retrying = RetryingBackend(
        backend,
        max_attempts=attempts,
        max_total_seconds=total_seconds,
        clock=Clock(sleep=waits.append),
    )
    assert (retrying.name, retrying.model) == ("scripted", "scripted")
    return retrying.complete(a_prompt())


@pytest.mark.parametrize("error", [BackendUnavailableError("down"), RateLimitedError("slow")])
def test_passing_faults_are_tried_again(error: BackendError) -> None:
    waits: list[float] = []
    backend = Scripted(error, error)
    assert retry(backend, waits) is ANSWER
    assert backend.calls == 3
    assert len(waits) == 2


@pytest.mark.parametrize(
    "error",
    [
        BackendRejectedError("no"),
        QuotaExhaustedError("none left"),
        ContextTooLongError("long"),
        ContentFilteredError("no", reason="SAFETY"),
        BadCompletionError("bad"),
    ],
)
def test_what_cannot_succeed_is_not_tried_again(error: BackendError) -> None:
    waits: list[float] = []
    backend = Scripted(error)
    with pytest.raises(type(error)):
        retry(backend, waits)
    assert (backend.calls, waits) == (1, [])


def test_the_last_error_is_raised_after_so_many_attempts() -> None:
    waits: list[float] = []
    backend = Scripted(*[BackendUnavailableError(f"down {n}") for n in range(9)])
    with pytest.raises(BackendUnavailableError, match="down 2"):
        retry(backend, waits, attempts=3)
    assert (backend.calls, len(waits)) == (3, 2)


def test_the_service_is_waited_for_as_it_asks() -> None:
    waits: list[float] = []
    retry(Scripted(RateLimitedError("slow", retry_after_seconds=17.0)), waits)
    assert 17.0 <= waits[0] <= 18.0


def test_a_wait_that_would_take_too_long_is_not_begun() -> None:
    waits: list[float] = []
    with pytest.raises(RateLimitedError):
        retry(Scripted(RateLimitedError("slow", retry_after_seconds=900.0)), waits)
    assert waits == []


@given(st.integers(1, 12))
def test_waits_grow_with_jitter_up_to_a_bound(failures: int) -> None:
    waits: list[float] = []
    retry(
        Scripted(*[BackendUnavailableError("down")] * failures),
        waits,
        attempts=20,
        total_seconds=10_000,
    )
    for attempt, wait in enumerate(waits):
        longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**attempt)
        assert longest / 2 <= wait <= longest


@given(st.lists(st.floats(0, 300), max_size=12))
def test_all_waits_together_stay_within_the_time(asked: Sequence[float]) -> None:
    waits: list[float] = []
    errors = [RateLimitedError("slow", retry_after_seconds=seconds) for seconds in asked]
    with suppress(RateLimitedError):
        retry(Scripted(*errors), waits, attempts=100, total_seconds=500)
    assert sum(waits) <= 500


def test_over_http_a_bad_minute_passes() -> None:
    waits: list[float] = []
    with FakeGemini() as server:
        server.script(google.quota(retry_delay="2s"), google.overloaded(), RESET)
        settings = BackendSettings(base_url=server.url, api_key=google.VALID_KEY)
        backend = RetryingBackend(
            create_backend("gemini", settings), max_attempts=5, clock=Clock(sleep=waits.append)
        )
        assert backend.complete(a_prompt()).model == backend.model
        assert len(server.calls) == 4
    assert 2.0 <= waits[0] <= 3.0
