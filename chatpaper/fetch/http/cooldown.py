"""How long a throttled host is left alone, beyond the end of a run.

arXiv's throttling lasts for hours, and a client that goes on asking through it prolongs it. A
cooldown begins when the retries of one request are used up, or at once where the service asks for
a longer pause than a run waits.
"""

from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import UpstreamError

# "Too many requests" in arXiv's two forms, and its refusal of clients that went on after one.
THROTTLED = frozenset({406, 429})
REFUSED = 403
UNAVAILABLE = 503
# Longer than any service is left alone: see MAX_RETRY_AFTER_SECONDS.
LONGEST_PAUSE = timedelta(days=2)


class CooldownMemory(Protocol):
    """Remembers cooldowns between runs: `chatpaper.storage.cooldowns.CooldownStore`."""

    def until(self, host: str) -> datetime | None:
        """Return the time before which a host must not be asked."""

    def begin(self, host: str, until: datetime, reason: str) -> None:
        """Leave a host alone until then."""


class HostCooldown:
    """Keeps to the pauses that services ask for.

    `pause_seconds` is the pause after throttling by a service that names none,
    `longest_wait_seconds` the longest pause that a run waits for itself.
    """

    def __init__(
        self,
        memory: CooldownMemory,
        clock: Clock,
        *,
        pause_seconds: float,
        longest_wait_seconds: float,
    ) -> None:
        self._memory = memory
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._longest_wait_seconds = longest_wait_seconds

    def ensure_allowed(self, url: str) -> None:
        """Raise UpstreamError if the host of `url` must be left alone for now."""
        host = urlsplit(url).netloc
        until, now = self._memory.until(host), self._clock.now()
        # An earlier version kept to whatever a service asked for, be it the year 9999.
        longest = max(LONGEST_PAUSE, timedelta(seconds=self._pause_seconds))
        if until is not None and now < until <= now + longest:
            raise UpstreamError(
                f"{host} asked us to come back later: "
                f"it is not asked before {until:%Y-%m-%d %H:%M} UTC",
                url=url,
            )

    def record(self, url: str, error: UpstreamError, *, is_one_file: bool) -> None:
        """Begin a cooldown if the last error calls for one.

        A 503 for one file says nothing about the other files of its host.
        """
        asked = error.retry_after_seconds or 0.0
        is_throttled = error.status in {REFUSED, *THROTTLED} or (
            error.status == UNAVAILABLE and not is_one_file
        )
        if not is_throttled and asked <= self._longest_wait_seconds:
            return
        seconds = max(asked, self._pause_seconds)
        if seconds > 0:
            until = self._clock.now() + timedelta(seconds=seconds)
            self._memory.begin(urlsplit(url).netloc, until, str(error))
