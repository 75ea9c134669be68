"""Check and copy whole database files, which may be damaged."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

from chatpaper.storage.database import open_read_only

# SQLite names no more faults than these.
_MAX_COMPLAINTS = 3

# 16 MB: a moment's work.
_PAGES_A_STEP = 4096

Thoroughness = Literal["quick_check", "integrity_check"]


def find_integrity_problem(database: Path, thoroughness: Thoroughness = "integrity_check") -> str:
    """Describe what is wrong with a database file, or return "" if nothing is.

    The quick check leaves the indexes out.
    """
    try:
        with closing(open_read_only(database)) as connection:
            complaints = [
                str(row[0])
                for row in connection.execute(f"PRAGMA {thoroughness}({_MAX_COMPLAINTS})")
            ]
            empty = not connection.execute("PRAGMA user_version").fetchone()[0]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return str(error)
    if complaints != ["ok"]:
        return "; ".join(complaint.replace("\n", " ") for complaint in complaints)
    return "it has no tables of chatpaper" if empty else ""


def copy_database(database: Path, target: Path) -> None:
    """Copy a database into a new file, in steps between which others may write.

    Raises OSError, also for what SQLite reports.
    """
    try:
        with (
            closing(open_read_only(database)) as connection,
            closing(sqlite3.connect(target)) as copy,
        ):
            connection.backup(copy, pages=_PAGES_A_STEP)
            # A copy stands by itself: it is read where no file can be put beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
