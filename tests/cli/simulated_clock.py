"""A clock for many nights in little time."""

import threading
import time
from datetime import datetime, timedelta

# How much faster the clock of a night goes while the night waits.
_WAITING_FACTOR = 200.0
_LONGEST_REAL_WAIT_SECONDS = 0.05


class SimulatedClock:
    """Begins at a time of the simulated year.

    Waiting takes hardly any time, but advances the clock in full.
    """

    def __init__(self, begin: datetime) -> None:
        self._begin = begin
        self._started = time.monotonic()
        self._waited_seconds = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._begin + timedelta(
            seconds=time.monotonic() - self._started + self._waited_seconds
        )

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._waited_seconds += seconds
        time.sleep(min(seconds / _WAITING_FACTOR, _LONGEST_REAL_WAIT_SECONDS))
