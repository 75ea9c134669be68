"""The SQLite file: opening and migrating it, transactions, and what to do when it cannot be used.

One process writes at a time (it holds the run lock); its threads share one connection behind a
lock.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Self, TypeVar

from chatpaper.domain.atomic_files import restrict_to_owner
from chatpaper.domain.errors import StoreError
from chatpaper.storage.rows import read_column, read_rows
from chatpaper.storage.schema.migrations import MIGRATIONS

_T = TypeVar("_T")
# The values of a query's placeholders.
_Values = Sequence[object] | Mapping[str, object]

FILE_NAME = "chatpaper.db"
# Beside the database.
REPORTS_FOLDER = "runs"

# How long another process (a backup, a curious `sqlite3`) may hold the database before we give up.
BUSY_TIMEOUT_SECONDS = 30.0
# An answer that was paid for must survive a power cut, not only the end of the process.
SYNCHRONOUS = "FULL"
# An answer with its entry and their share of the journal takes a fraction of a megabyte; this is
# room for those of all the calls that may be under way.
MIN_FREE_BYTES = 16_000_000

# What to do, by a part of SQLite's message.
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
                restrict_to_owner(file)
            self._connection = sqlite3.connect(
                self.path,
                timeout=BUSY_TIMEOUT_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                self._prepare()
            except BaseException:
                # An open transaction would lock the file until the connection is collected.
                self._connection.close()
                raise
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"The database {self.path} cannot be opened: {error}. `chatpaper doctor --fix` "
                "restores the newest sound backup; or choose another state_dir."
            ) from error

    def _prepare(self) -> None:
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
        # Backups copy pages as they are: what a person forgot is not to stand in unused ones.
        self._connection.execute("PRAGMA secure_delete = ON")
        _migrate(self._connection, self.path)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit all changes of the block together, or none of them after an exception.

        A transaction within another one of the same thread is a part of that one. Raises
        StoreError.
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
                    # A full disk may end a transaction, or refuse a COMMIT without ending it.
                    if self._is_in_transaction():
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise _describe_error(self.path, error) from error

    @contextmanager
    def unit_of_work(self) -> Iterator[None]:
        """Commit what repositories change in the block together, or nothing after an exception.

        Raises StoreError.
        """
        with self.transaction():
            yield

    def rows(self, query: str, values: _Values = ()) -> list[sqlite3.Row]:
        """Return the rows of a query. Raises StoreError."""
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise _describe_error(self.path, error) from error

    def fetch_all(self, kind: type[_T], query: str, values: _Values = ()) -> tuple[_T, ...]:
        """Return each row of a query as a value; see `read_rows`. Raises StoreError."""
        return read_rows(kind, self.rows(query, values))

    def fetch_one(self, kind: type[_T], query: str, values: _Values = ()) -> _T | None:
        """Return the first row of a query as a value, if there is one. Raises StoreError."""
        return next(iter(read_rows(kind, self.rows(query, values)[:1])), None)

    def fetch_column(self, kind: type[_T], query: str, values: _Values = ()) -> tuple[_T, ...]:
        """Return what each row of a query has in its first column. Raises StoreError."""
        return read_column(kind, self.rows(query, values))

    def fetch_value(self, kind: type[_T], query: str, values: _Values = ()) -> _T | None:
        """Return the first column of the first row, or None where it is NULL or there is no row.

        Raises StoreError.
        """
        filled = [row for row in self.rows(query, values)[:1] if row[0] is not None]
        return next(iter(read_column(kind, filled)), None)

    def exists(self, query: str, values: _Values = ()) -> bool:
        """Return whether a query has any row. Raises StoreError."""
        return bool(self.rows(query, values))

    def ensure_free_space(self) -> None:
        """Raise StoreError if the disk could not take the answers of calls that begin now."""
        try:
            free_bytes = shutil.disk_usage(self.path.parent).free
        except OSError as error:
            raise _describe_error(self.path, error) from error
        if free_bytes < MIN_FREE_BYTES:
            raise StoreError(
                f"Less than {MIN_FREE_BYTES // 1_000_000} MB are free for {self.path}, so no model "
                "is asked: its answers could not be kept. Make room there and start the same "
                "command again; nothing is lost."
            )

    def _is_in_transaction(self) -> bool:
        return self._connection.in_transaction

    def salt(self) -> str:
        """Return a random value that this database alone has, for its digests."""
        return str(
            self.fetch_value(str, "SELECT value FROM installation WHERE name = ?", ("salt",))
        )


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database up to the newest schema.

    Raises StoreError where a newer chatpaper wrote it, and sqlite3.Error.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise StoreError(
            f"The database {path} was written by a newer chatpaper (schema {version}, "
            f"this one knows {len(MIGRATIONS)}): upgrade chatpaper."
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN;{script};PRAGMA user_version = {number};COMMIT;")


def _describe_error(path: Path, error: Exception) -> StoreError:
    """Return the error to raise: what is wrong with the database, and what to do about it."""
    message = str(error).lower()
    advice = next((todo for part, todo in _ADVICE.items() if part in message), None)
    return StoreError(
        f"The database {path} cannot be used: {error}. {advice or 'Restore a backup'} and "
        "start the same command again; what was finished is kept."
    )
