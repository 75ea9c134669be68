"""A disk that nobody waits for.

A night forces some hundred changes to the disk, milliseconds each. Tests end processes, which what
the system holds in memory outlives; none of them pulls the plug.
"""

import os

from chatpaper.storage import database

# As users have it.
SYNCHRONOUS = database.SYNCHRONOUS


def wait_for_no_disk() -> None:
    """Let what this process and its forks write reach the disk when it may."""
    os.fsync = lambda fd: None
    database.SYNCHRONOUS = "OFF"
