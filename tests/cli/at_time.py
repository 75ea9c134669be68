"""Run chatpaper at another time: `python at_time.py TIME ARGUMENT ...`.

The clock starts at TIME and advances like that of the machine.
"""

import sys
import time
from datetime import datetime, timedelta

from chatpaper.cli import main
from chatpaper.domain.clock import Clock

if __name__ == "__main__":
    begin, started = datetime.fromisoformat(sys.argv.pop(1)), time.monotonic()
    main(Clock(now=lambda: begin + timedelta(seconds=time.monotonic() - started)))
