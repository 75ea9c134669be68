"""`chatpaper run` night by night in processes that can be killed, and what they left on disk."""

import os
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.cli.forked import Forker, without_settings

# A night takes a second or two; one that takes this long hangs.
_PATIENCE_SECONDS = 240.0
_ARGUMENTS = ("-q", "run")


@dataclass(frozen=True)
class Kill:
    """When to kill: at the n-th event of a kind, or at the start, and so many seconds after it."""

    kind: str
    number: int
    after_seconds: float


class Killer:
    """Ends a process with SIGKILL when its time has come, if it is still there."""

    def __init__(self, kill: Kill | None) -> None:
        self._kill = kill
        self._left = kill.number if kill else -1
        self._lock = threading.Lock()
        self._due = threading.Event()
        self._over = False
        self._process_id = 0
        self.struck = False

    def begin(self, process_id: int) -> None:
        self._process_id = process_id
        if self._kill is not None:
            threading.Thread(target=self._wait, daemon=True).start()
            self.hear("start")

    def hear(self, kind: str) -> None:
        """Take note of an event of a server, or of the start."""
        with self._lock:
            if self._kill is not None and kind == self._kill.kind:
                self._left -= 1
                if self._left == 0:
                    self._due.set()

    def end(self) -> None:
        """Forget the process, which is gone: its number may soon belong to another one."""
        with self._lock:
            self._over = True
        self._due.set()

    def _wait(self) -> None:
        assert self._kill is not None
        if not self._due.wait(_PATIENCE_SECONDS):
            return
        threading.Event().wait(self._kill.after_seconds)
        with self._lock:
            if not self._over:
                os.kill(self._process_id, signal.SIGKILL)
                self.struck = True


class Nights:
    """Runs `chatpaper run`, each time in a process forked from one that has loaded it already."""

    def __init__(self, forker: Forker) -> None:
        self._forker = forker

    def run(
        self,
        home: Path,
        now: datetime,
        environment: Mapping[str, str],
        killer: Killer,
        arguments: Sequence[str] = _ARGUMENTS,
    ) -> int:
        """Run one night, and return its exit code, negative where it was killed.

        What it said is in `told.log`. Raises TimeoutError where it hangs.
        """
        order = {
            "arguments": list(arguments),
            "environment": {**without_settings(os.environ), **environment},
            "folder": str(home),
            "now": now.isoformat(),
            "hurried": True,
        }
        with (home / "told.log").open("ab") as told:
            killer.begin(self._forker.begin(order, told.fileno(), told.fileno()))
            try:
                return self._forker.wait(_PATIENCE_SECONDS)
            finally:
                killer.end()
