"""When a service that throttled us may be asked again, beyond the end of a run.

arXiv's throttling lasts for hours, and a client that goes on asking through it prolongs it. A pause
begins when the retries of one request are used up, or at once where the service asks for a longer
one than a run waits.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from chatpaper.domain.errors import UpstreamError

# "Too many requests" in arXiv's two forms, and its refusal of clients that went on after one.
THROTTLED = frozenset({406, 429})
REFUSED = 403
UNAVAILABLE = 503
# Longer than any service is left alone: see MAX_RETRY_AFTER_SECONDS in client.py.
LONGEST_PAUSE = timedelta(days=2)


class Cooldowns(Protocol):
    """Remembers pauses: `chatpaper.storage.cooldowns.CooldownStore`."""

    def until(self, host: str) -> datetime | None:
        """Until when a host is not to be asked."""

    def begin(self, host: str, until: datetime, reason: str) -> None:
        """Leave a host alone until then."""


class Patience:
    """Keeps to the pauses that services ask for.

    `pause_seconds` is the pause after throttling by a service that names none,
    `longest_wait_seconds` what a run waits for by itself.
    """

    def __init__(
        self,
        pauses: Cooldowns,
        now: Callable[[], datetime],
        *,
        pause_seconds: float,
        longest_wait_seconds: float,
    ) -> None:
        self._pauses = pauses
        self._now = now
        self._pause_seconds = pause_seconds
        self._longest_wait_seconds = longest_wait_seconds

    def check(self, url: str) -> None:
        """Raises UpstreamError where the host of `url` is to be left alone for now."""
        host = urlsplit(url).netloc
        until = self._pauses.until(host)
        # An earlier version kept to whatever a service asked for, be it the year 9999.
        longest = max(LONGEST_PAUSE, timedelta(seconds=self._pause_seconds))
        if until is not None and self._now() < until <= self._now() + longest:
            raise UpstreamError(
                f"{host} asked us to come back later: it is not asked before {until:%Y-%m-%d %H:%M} UTC",
                url=url,
            )

    def learn(self, url: str, error: UpstreamError, *, is_one_file: bool) -> None:
        """Begin a pause where the last answer calls for one; a 503 for one file says nothing about
        the others.
        """
        asked = error.retry_after_seconds or 0.0
        throttled = error.status in {REFUSED, *THROTTLED} or (
            error.status == UNAVAILABLE and not is_one_file
        )
        if not throttled and asked <= self._longest_wait_seconds:
            return
        seconds = max(asked, self._pause_seconds)
        if seconds > 0:
            self._pauses.begin(
                urlsplit(url).netloc, self._now() + timedelta(seconds=seconds), str(error)
            )
