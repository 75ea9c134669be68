"""One task of a worker as its parent sees it: the future that waits for it, and its start."""

import shutil
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from chatpaper.domain.errors import ConfigError
from chatpaper.extract.worker_process import Failure

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Task(Generic[_T]):
    """Work on one PDF: `work` runs in the worker, `finish` turns its answer into a value here.

    `outcome` is the future that callers wait for; `part` is a temporary folder that the worker
    writes to, removed once the task is done.
    """

    work: Callable[[], _T]
    pdf: Path
    finish: Callable[[Future[_T | Failure]], _T]
    outcome: Future[_T]
    part: Path | None = None

    def settle(self, done: Future[_T | Failure]) -> None:
        """Remove the temporary folder, then set the outcome."""
        try:
            report = partial(self.outcome.set_result, self.finish(done))
        except Exception as error:  # the waiting thread is to see it, whatever it is
            report = partial(self.outcome.set_exception, error)
        if self.part is not None:
            shutil.rmtree(self.part, ignore_errors=True)
        # The outcome has been set already where no worker answered in time.
        with suppress(InvalidStateError):
            report()


class StartWatch:
    """Fail outcomes if no worker ever answers: the pool itself would wait for ever."""

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()
        self._started = threading.Event()
        self._waiting: set[Future[Any]] = set()
        self._timer: threading.Timer | None = None

    def expect(self, outcome: Future[Any]) -> None:
        """Fail `outcome` with ConfigError unless a worker answers before the timeout."""
        if self._started.is_set():
            return
        with self._lock:
            self._waiting.add(outcome)
            if self._timer is None:
                self._timer = threading.Timer(self._timeout_seconds, self._give_up)
                self._timer.daemon = True
                self._timer.start()

    @property
    def has_started(self) -> bool:
        """Whether a worker has answered."""
        return self._started.is_set()

    def mark_started(self) -> None:
        """Note that a worker has answered."""
        self._started.set()

    def close(self) -> bool:
        """Stop waiting; return whether tasks were sent and none was ever answered."""
        if self._timer is None:
            return False
        self._timer.cancel()
        return not self._started.is_set()

    def _give_up(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        if self._started.is_set():
            return
        for outcome in waiting:
            with suppress(InvalidStateError):
                outcome.set_exception(
                    make_start_error(f"none answered in {self._timeout_seconds:.0f} s")
                )


def make_start_error(reason: str) -> ConfigError:
    """Make the error that no worker process could be started."""
    return ConfigError(
        f"No process for reading PDFs could be started ({reason}): can this user run "
        f"{sys.executable}, and is there memory left? Nothing is lost; the papers are queued."
    )
