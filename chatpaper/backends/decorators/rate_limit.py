"""Keeps to what a service allows a minute and a day: backends around a backend."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock
from typing import Protocol
from zoneinfo import ZoneInfo

from chatpaper.backends import Backend
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import BackendError, QuotaExhaustedError

SECONDS_PER_MINUTE = 60.0
# Less than this is no time: a clock of limited precision might never pass it.
TICK_SECONDS = 0.001

# "Requests per day (RPD) quotas reset at midnight Pacific time" (ai.google.dev, rate limits).
QUOTA_ZONE = ZoneInfo("America/Los_Angeles")


class RequestPacedBackend:
    """Starts at most so many calls a minute of another backend, evenly spaced over all threads."""

    def __init__(
        self,
        backend: Backend,
        *,
        calls_per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._backend = backend
        self._interval_seconds = SECONDS_PER_MINUTE / calls_per_minute
        self._clock, self._sleep = clock, sleep
        self._lock = Lock()
        self._next_start_seconds = clock()
        self.name, self.model = backend.name, backend.model

    def complete(self, prompt: Prompt) -> Completion:
        """The answer of the backend, after the wait that the pace asks for."""
        with self._lock:
            now = self._clock()
            start = max(now, self._next_start_seconds)
            self._next_start_seconds = start + self._interval_seconds
        if start > now:
            self._sleep(start - now)
        return self._backend.complete(prompt)


@dataclass
class _Spending:
    """Tokens of a call: those expected, until it is known how many there were."""

    start_seconds: float
    tokens: int


class TokenPacedBackend:
    """Begins no call that would bring the tokens of the last minute, in and out, above a limit.

    A call that is larger than the limit by itself has a minute of its own.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        tokens_per_minute: int,
        expected_tokens: Callable[[Prompt], int],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._backend = backend
        self._tokens_per_minute = tokens_per_minute
        self._expected_tokens = expected_tokens
        self._clock, self._sleep = clock, sleep
        self._lock = Lock()
        self._last_minute: deque[_Spending] = deque()
        self.name, self.model = backend.name, backend.model

    def complete(self, prompt: Prompt) -> Completion:
        """The answer of the backend, as soon as there is room for its tokens."""
        spending = self._begun(self._expected_tokens(prompt))
        try:
            completion = self._backend.complete(prompt)
        except BackendError as error:
            spending.tokens = error.input_tokens + error.output_tokens
            raise
        spending.tokens = completion.input_tokens + completion.output_tokens
        return completion

    def _begun(self, tokens: int) -> _Spending:
        while True:
            with self._lock:
                now = self._clock()
                while self._last_minute and self._seconds_left(now) < TICK_SECONDS:
                    self._last_minute.popleft()
                spent = sum(spending.tokens for spending in self._last_minute)
                if not self._last_minute or spent + tokens <= self._tokens_per_minute:
                    spending = _Spending(now, tokens)
                    self._last_minute.append(spending)
                    return spending
                wait_seconds = self._seconds_left(now)
            self._sleep(wait_seconds)

    def _seconds_left(self, now: float) -> float:
        """Until the oldest call is no longer of the last minute."""
        return self._last_minute[0].start_seconds + SECONDS_PER_MINUTE - now


class RequestLedger(Protocol):
    """Remembers across runs how many requests a model was sent on a day."""

    def try_acquire(self, model: str, day: date, limit: int | None) -> bool:
        """Count one more request, if there may be one more."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class DailyLimitedBackend:
    """Sends at most so many requests a day, as the quota counts days; without a limit they are only
    counted.
    """

    def __init__(
        self,
        backend: Backend,
        ledger: RequestLedger,
        *,
        requests_per_day: int | None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._backend, self._ledger = backend, ledger
        self._requests_per_day = requests_per_day
        self._now = now
        self.name, self.model = backend.name, backend.model

    def complete(self, prompt: Prompt) -> Completion:
        """The answer of the backend.

        Raises QuotaExhaustedError, without a request, where the day's are used up.
        """
        day = self._now().astimezone(QUOTA_ZONE).date()
        if not self._ledger.try_acquire(self.model, day, self._requests_per_day):
            raise QuotaExhaustedError(
                f"llm.rpd is {self._requests_per_day}: so many requests were made to {self.model} today, and the day "
                "of the quota ends at midnight Pacific time. The rest is queued for the next run.",
                model=self.model,
            )
        return self._backend.complete(prompt)
