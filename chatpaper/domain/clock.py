"""The time of day, and how it passes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

Now = Callable[[], datetime]
Sleep = Callable[[float], None]


def utc_now() -> datetime:
    """The time of the machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """What a run goes by: `now` says the time, with its zone, and `sleep` waits for so many
    seconds.

    It is handed in at the command line, so that a year of nights can be run through in minutes.
    """

    now: Now = utc_now
    sleep: Sleep = time.sleep


SYSTEM_CLOCK = Clock()
