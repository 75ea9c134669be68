"""Backends that keep to what a service allows a minute and a day."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Protocol
from zoneinfo import ZoneInfo

from chatpaper.backends.decorators.decorated import DecoratedBackend
from chatpaper.backends.interface import Backend
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import BackendError, QuotaExhaustedError

SECONDS_PER_MINUTE = 60.0
# Less than this is no time: a clock of limited precision might never pass it.
TICK_SECONDS = 0.001

# "Requests per day (RPD) quotas reset at midnight Pacific time" (ai.google.dev, rate limits).
QUOTA_ZONE = ZoneInfo("America/Los_Angeles")


class RequestRateLimitedBackend(DecoratedBackend):
    """Starts a bounded number of calls a minute, evenly spaced over all threads."""

    def __init__(
        self, backend: Backend, *, calls_per_minute: int, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        super().__init__(backend)
        self._interval_seconds = SECONDS_PER_MINUTE / calls_per_minute
        self._clock = clock
        self._lock = Lock()
        self._next_start_seconds = clock.monotonic()

    def complete(self, prompt: Prompt) -> Completion:
        """Answer after the wait that keeps calls apart."""
        with self._lock:
            now = self._clock.monotonic()
            start = max(now, self._next_start_seconds)
            self._next_start_seconds = start + self._interval_seconds
        if start > now:
            self._clock.sleep(start - now)
        return super().complete(prompt)


@dataclass
class _Reservation:
    """Tokens of a call: those expected until it has ended, then those that it used."""

    start_seconds: float
    tokens: int


class TokenRateLimitedBackend(DecoratedBackend):
    """Starts no call that would bring the tokens of the last minute above a limit.

    Tokens of prompts and answers count. A call that exceeds the limit on its own gets a minute of
    its own.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        tokens_per_minute: int,
        expected_tokens: Callable[[Prompt], int],
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(backend)
        self._tokens_per_minute = tokens_per_minute
        self._expected_tokens = expected_tokens
        self._clock = clock
        self._lock = Lock()
        self._last_minute: deque[_Reservation] = deque()

    def complete(self, prompt: Prompt) -> Completion:
        """Answer as soon as there is room for the tokens."""
        reservation = self._reserve(self._expected_tokens(prompt))
        try:
            completion = super().complete(prompt)
        except BackendError as error:
            reservation.tokens = error.input_tokens + error.output_tokens
            raise
        reservation.tokens = completion.input_tokens + completion.output_tokens
        return completion

    def _reserve(self, tokens: int) -> _Reservation:
        """Wait until there is room for so many tokens, and take it."""
        while True:
            with self._lock:
                now = self._clock.monotonic()
                while self._last_minute and self._seconds_left(now) < TICK_SECONDS:
                    self._last_minute.popleft()
                reserved = sum(reservation.tokens for reservation in self._last_minute)
                if not self._last_minute or reserved + tokens <= self._tokens_per_minute:
                    reservation = _Reservation(now, tokens)
                    self._last_minute.append(reservation)
                    return reservation
                wait_seconds = self._seconds_left(now)
            self._clock.sleep(wait_seconds)

    def _seconds_left(self, now: float) -> float:
        """Count the seconds until the oldest call is more than a minute ago."""
        return self._last_minute[0].start_seconds + SECONDS_PER_MINUTE - now


class RequestCounter(Protocol):
    """Counts across runs how many requests a model was sent on a day."""

    def try_acquire(self, model: str, day: date, limit: int | None) -> bool:
        """Count one more request, if there may be one more."""


class DailyLimitedBackend(DecoratedBackend):
    """Sends a bounded number of requests a day, as the quota counts days.

    Without a limit they are counted all the same.
    """

    def __init__(
        self,
        backend: Backend,
        counter: RequestCounter,
        *,
        requests_per_day: int | None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(backend)
        self._counter = counter
        self._requests_per_day = requests_per_day
        self._clock = clock

    def complete(self, prompt: Prompt) -> Completion:
        """Answer as the decorated backend does.

        Raises QuotaExhaustedError, without a request, where the day's requests are used up.
        """
        day = self._clock.now().astimezone(QUOTA_ZONE).date()
        if not self._counter.try_acquire(self.model, day, self._requests_per_day):
            raise QuotaExhaustedError(
                f"llm.rpd is {self._requests_per_day}: so many requests were made to {self.model} "
                "today, and the day of the quota ends at midnight Pacific time. The rest is queued "
                "for the next run.",
                model=self.model,
            )
        return super().complete(prompt)
