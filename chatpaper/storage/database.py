"""The SQLite file: opened and migrated, its transactions, and what to do where it cannot be used.

One process writes at a time (the run lock); its threads share one connection behind a lock.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Self

from chatpaper.domain.atomic_files import close_to_others
from chatpaper.domain.errors import StoreError
from chatpaper.storage.migrations import MIGRATIONS

FILE_NAME = "chatpaper.db"
# Beside the database.
REPORTS_FOLDER = "runs"

# How long another process (a backup, a curious `sqlite3`) may hold the database before we give up.
BUSY_TIMEOUT_SECONDS = 30.0
# An answer with its entry and their share of the journal takes a fraction of a megabyte; this is
# room for those of all the calls that may be under way.
LEAST_FREE_BYTES = 16_000_000

# What to do, by a word of SQLite's.
_ADVICE = {
    "full": "Make room on the disk",
    "disk i/o": "Make room on the disk or replace it",
    "locked": "End the other program that uses it",
    "readonly": "Make the folder writable, or choose another state_dir,",
    "unable to open": "Make the folder writable, or choose another state_dir,",
}


def open_read_only(database: Path) -> sqlite3.Connection:
    """Return a connection that changes nothing. Raises sqlite3.Error."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)


class Database:
    """The database in `state_dir`, created and migrated when it is opened."""

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir / FILE_NAME
        self._lock = RLock()
        try:
            state_dir.mkdir(parents=True, exist_ok=True)
            # What was read and written is its owner's business; files that SQLite adds get the mode
            # of this one. Earlier versions let others read them.
            self.path.touch(mode=0o600)
            for file in (self.path, *state_dir.glob(f"{FILE_NAME}-*"), state_dir / REPORTS_FOLDER):
                close_to_others(file)
            self._connection = sqlite3.connect(
                self.path,
                timeout=BUSY_TIMEOUT_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA journal_mode = WAL")
            # A paid answer must survive a power cut, not just the end of the process.
            self._connection.execute("PRAGMA synchronous = FULL")
            self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"The database {self.path} cannot be opened: {error}. "
                "`chatpaper doctor --fix` restores the newest sound backup; or choose another state_dir."
            ) from error

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _migrate(self) -> None:
        version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise StoreError(
                f"The database {self.path} was written by a newer chatpaper (schema {version}, this one knows "
                f"{len(MIGRATIONS)}): upgrade chatpaper."
            )
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            try:
                self._connection.executescript(
                    f"BEGIN;{script};PRAGMA user_version = {number};COMMIT;"
                )
            except sqlite3.Error:
                # An open transaction would lock the file for as long as the connection is not
                # collected.
                self._connection.close()
                raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept all together or, after an exception, not at all.

        Raises StoreError.

        A transaction within another of the same thread is a part of that one.
        """
        with self._lock:
            if self._is_in_transaction():
                yield self._connection
                return
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    # A full disk may end a transaction by itself, and may refuse a COMMIT without
                    # ending it.
                    if self._is_in_transaction():
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise self._fault(error) from error

    @contextmanager
    def unit_of_work(self) -> Iterator[None]:
        """Keep what repositories change within it all together or, after an exception, not at all.

        Raises StoreError.
        """
        with self.transaction():
            yield

    def ensure_free_space(self) -> None:
        """Raise StoreError where the disk could not take what calls that are begun now will bring."""
        try:
            free_bytes = shutil.disk_usage(self.path.parent).free
        except OSError as error:
            raise self._fault(error) from error
        if free_bytes < LEAST_FREE_BYTES:
            raise StoreError(
                f"Less than {LEAST_FREE_BYTES // 1_000_000} MB are free for {self.path}, so no model is asked: its "
                "answers could not be kept. Make room there and start the same command again; nothing is lost."
            )

    def _fault(self, error: Exception) -> StoreError:
        """What is wrong with the database, and what to do about it."""
        told = str(error).lower()
        advice = next((todo for word, todo in _ADVICE.items() if word in told), "Restore a backup")
        return StoreError(
            f"The database {self.path} cannot be used: {error}. {advice} and start the same command again; what was "
            "finished is kept."
        )

    def _is_in_transaction(self) -> bool:
        return self._connection.in_transaction

    def rows(
        self, query: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> list[sqlite3.Row]:
        """What a query finds. Raises StoreError."""
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise self._fault(error) from error

    def salt(self) -> str:
        """Return a value that this database alone has."""
        return str(self.rows("SELECT value FROM installation WHERE name = 'salt'")[0]["value"])
