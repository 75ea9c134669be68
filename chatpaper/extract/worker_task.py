"""One task of a worker as its parent sees it: the future, and what watches that it ends."""

import shutil
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from pebble import ProcessPool

from chatpaper.domain.errors import ConfigError
from chatpaper.extract.worker_process import Failure

_T = TypeVar("_T")

# How long a broken pool has for failing its tasks itself, and how long one may wait for that.
WATCH_SECONDS = 1.0


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


class PoolWatch:
    """Fail the tasks that a pool forgets as it breaks.

    A pool that breaks fails the tasks that it has taken from its queue. One that is still in the
    queue then, or is just being taken, is never heard of again.
    """

    def __init__(self) -> None:
        self._unfinished: dict[Future[Any], ProcessPool] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def expect(self, running: Future[Any], pool: ProcessPool) -> None:
        """Fail `running` with BrokenProcessPool if its pool breaks and does not do so itself."""
        with self._changed:
            self._unfinished[running] = pool
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._thread.start()
            self._changed.notify()
        running.add_done_callback(self._forget)

    def close(self) -> None:
        """Stop watching; what is unfinished then stays so."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _forget(self, done: Future[Any]) -> None:
        with self._changed:
            del self._unfinished[done]

    def _watch(self) -> None:
        while unfinished := self._wait():
            broken = {pool for pool in unfinished.values() if not pool.active}
            for running in (each for each, pool in unfinished.items() if pool in broken):
                # The pool may have failed it in the meantime.
                with suppress(InvalidStateError):
                    running.set_exception(BrokenProcessPool("the pool forgot a task as it broke"))

    def _wait(self) -> dict[Future[Any], ProcessPool]:
        """Wait for unfinished tasks, then a little longer; return none once watching has ended."""
        with self._changed:
            while not self._closed:
                self._changed.wait_for(lambda: self._closed or self._unfinished)
                is_over = self._changed.wait_for(lambda: self._closed, WATCH_SECONDS)
                if self._unfinished and not is_over:
                    return dict(self._unfinished)
        return {}


def make_start_error(reason: str) -> ConfigError:
    """Make the error that no worker process could be started."""
    return ConfigError(
        f"No process for reading PDFs could be started ({reason}): can this user run "
        f"{sys.executable}, and is there memory left? Nothing is lost; the papers are queued."
    )
