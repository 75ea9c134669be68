"""`python at_time.py TIME ARGUMENT ...`: chatpaper at another time, which goes on from TIME as the
machine's does.
"""

import sys
import time
from datetime import datetime, timedelta

from chatpaper.cli import main
from chatpaper.domain.clock import Clock

if __name__ == "__main__":
    begin, started = datetime.fromisoformat(sys.argv.pop(1)), time.monotonic()
    main(Clock(now=lambda: begin + timedelta(seconds=time.monotonic() - started)))
