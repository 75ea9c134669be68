"""Run chatpaper night after night, each time in a process forked from this one.

So each night has a process of its own that costs no start. Reads one JSON object a line, {"argv",
"environment", "home", "now", "told"}; answers with a line {"pid"} when the night has begun and a
line {"exit_code"} when it has ended, which is negative if a signal ended it.
"""

import gc
import json
import os
import sys
import threading
import time
from datetime import datetime, timedelta
from typing import Any

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


def _night(order: dict[str, Any]) -> None:
    from chatpaper.cli.main import main
    from chatpaper.domain.clock import Clock

    told = os.open(order["told"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(told, 1)
    os.dup2(told, 2)
    os.chdir(order["home"])
    os.environ.update(order["environment"])
    sys.argv = ["chatpaper", *order["argv"]]
    simulated = SimulatedClock(datetime.fromisoformat(order["now"]))
    main(Clock(simulated.now, simulated.sleep))


def _in_a_fork(order: dict[str, Any]) -> int:
    process_id = os.fork()
    if process_id == 0:
        exit_code = 1
        try:
            _night(order)
        except SystemExit as end:
            exit_code = end.code if isinstance(end.code, int) else 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(exit_code)
    print(json.dumps({"pid": process_id}), flush=True)
    return os.waitstatus_to_exitcode(os.waitpid(process_id, 0)[1])


def serve() -> None:
    """Load all that a night needs, once, and run nights until the input ends."""
    from tests.cli.preload import preload

    preload()
    gc.freeze()
    # A night is over before it has made enough to be worth collecting.
    gc.disable()
    for line in sys.stdin:
        print(json.dumps({"exit_code": _in_a_fork(json.loads(line))}), flush=True)
    # Without taking down all that was loaded.
    os._exit(0)


# The processes that read PDFs import this module too, and are to be quick about it.
if __name__ == "__main__":
    serve()
