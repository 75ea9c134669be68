"""The time of day, and how it passes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def get_utc_now() -> datetime:
    """Return the time of the machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time that a run goes by, handed in at the command line.

    `now` tells the time of day with its zone, `sleep` waits for so many seconds, and `monotonic`
    measures how many seconds went by between two calls. With a clock of their own, tests run
    through a year of nights in minutes.
    """

    now: Callable[[], datetime] = get_utc_now
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic


SYSTEM_CLOCK = Clock()
