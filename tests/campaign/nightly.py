"""`chatpaper run` night by night in processes that can be killed, and what they left on disk."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

REPOSITORY = Path(__file__).parents[2]
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

    def __init__(self) -> None:
        self._forker = subprocess.Popen(
            [sys.executable, "-m", "tests.campaign.forked"],
            cwd=REPOSITORY,
            env=_clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.close()
        self._forker.wait(_PATIENCE_SECONDS)
        self._forker.stdout.close()

    def run(
        self,
        home: Path,
        now: datetime,
        environment: Mapping[str, str],
        killer: Killer,
        arguments: Sequence[str] = _ARGUMENTS,
    ) -> int:
        """Run one night, and return its exit code, negative where it was killed.

        What it said is in `told.log`.
        """
        order = {
            "argv": list(arguments),
            "environment": dict(environment),
            "home": str(home),
            "now": now.isoformat(),
            "told": str(home / "told.log"),
        }
        assert self._forker.stdin is not None
        self._forker.stdin.write(json.dumps(order) + "\n")
        self._forker.stdin.flush()
        killer.begin(self._answer()["pid"])
        hanging = threading.Timer(_PATIENCE_SECONDS, self._forker.kill)
        hanging.start()
        try:
            return self._answer()["exit_code"]
        finally:
            hanging.cancel()
            killer.end()

    def _answer(self) -> dict[str, int]:
        assert self._forker.stdout is not None
        line = self._forker.stdout.readline()
        if not line:
            raise AssertionError("a night hangs, or the process that forks nights is gone")
        answer: dict[str, int] = json.loads(line)
        return answer


def _clean_environment() -> dict[str, str]:
    keys = ("CHATPAPER", "GEMINI", "GOOGLE", "OPENAI")
    return {name: value for name, value in os.environ.items() if not name.startswith(keys)}
