"""One connection at a time, and a pause between requests.

arXiv's terms of use allow one request in three seconds over a single connection (info.arxiv.org,
"API Terms of Use").
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from chatpaper.domain.clock import SYSTEM_CLOCK, Clock


class RateLimiter:
    """Lets one connection through at a time and keeps requests apart; safe among threads."""

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._last_request_at: float | None = None

    @contextmanager
    def connection(self) -> Iterator[None]:
        """Hold the only connection; the same thread may enter again while it holds it."""
        with self._lock:
            yield

    @contextmanager
    def request(self, delay_seconds: float) -> Iterator[None]:
        """Send one request, at least `delay_seconds` after the last one was answered.

        Counting from the response and not from the request keeps the distance for the server too,
        however long a request was on its way.
        """
        with self._lock:
            if self._last_request_at is not None:
                pause = self._last_request_at + delay_seconds - self._clock.monotonic()
                if pause > 0:
                    self._clock.sleep(pause)
            try:
                yield
            finally:
                self._last_request_at = self._clock.monotonic()


# arXiv counts requests by client, not by session: all sessions of the process share one limiter.
PROCESS_RATE_LIMITER = RateLimiter()
