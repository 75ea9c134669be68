"""Back up the database and restore it.

A backup is made whole or not at all, and is checked before it counts.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from chatpaper.domain.atomic_files import create_part, make_folder, put_in_place
from chatpaper.domain.errors import StoreError
from chatpaper.storage.upkeep.integrity import copy_database, find_integrity_problem
from chatpaper.write.files import measure_free_bytes, write_atomically

FOLDER_NAME = "backups"
_NAME = re.compile(r"chatpaper-(\d{4}-\d{2}-\d{2})\.db")
# What SQLite keeps beside a database: it belongs to that file, and not to one that replaces it.
_COMPANIONS = ("-wal", "-shm")
# A backup takes no more than the database with what is still in its journal; with a margin.
_ROOM_FACTOR = 1.2
# So much is copied for each day between two backups: a larger database is copied less often, so
# that a night's share of the work stays the same. The posts hold what was published meanwhile.
BYTES_A_DAY = 500_000_000
MAX_DAYS_APART = 30


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database as it was after the first run of a day."""

    path: Path
    day: date


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """List the backups in a folder, oldest first."""
    found = ((_NAME.fullmatch(path.name), path) for path in folder.glob("chatpaper-*.db"))
    return tuple(
        sorted(
            (Backup(p, date.fromisoformat(m[1])) for m, p in found if m),
            key=lambda backup: backup.day,
        )
    )


def find_latest_valid(folder: Path) -> Backup | None:
    """Return the newest backup that passes the full integrity check."""
    return next(
        (
            backup
            for backup in reversed(list_backups(folder))
            if not find_integrity_problem(backup.path)
        ),
        None,
    )


def back_up(
    database: Path, folder: Path, *, keep: int, days_apart: int, today: date
) -> Backup | None:
    """Back up the database if that is due, and keep the newest `keep` backups.

    Returns None where no backup is due: of a large database there are fewer. One of a future day,
    made when the clock was wrong, delays none. Raises StoreError.
    """
    days = count_days_apart(database.stat().st_size, days_apart)
    if not keep or any(0 <= (today - backup.day).days < days for backup in list_backups(folder)):
        return None
    path = folder / f"chatpaper-{today.isoformat()}.db"
    with _reported_as(f"No backup of {database} could be made in {folder}"):
        make_folder(folder)
        if measure_free_bytes(folder) < database.stat().st_size * _ROOM_FACTOR:
            raise StoreError(
                f"No backup of {database} was made: the disk of {folder} is full. Free space there."
            )
        part = create_part(path)
        try:
            copy_database(database, part)
            problem = find_integrity_problem(part)
            _note_damage(database, problem)
            if problem:
                raise StoreError(
                    f"The backup of {database} is damaged and was discarded: {problem}."
                )
            put_in_place(part, path)
        finally:
            part.unlink(missing_ok=True)
        for old in list_backups(folder)[:-keep]:
            old.path.unlink(missing_ok=True)
    return Backup(path, today)


def count_days_apart(size_bytes: int, days_apart: int) -> int:
    """Return how many days lie between two backups of a database of a size."""
    return max(days_apart, min(MAX_DAYS_APART, days_apart * size_bytes // BYTES_A_DAY))


def restore(database: Path, backup: Path, now: datetime) -> Path:
    """Replace a damaged database by a backup, and return the path where the damaged one is kept.

    At each instant there is a database at its path: a run that found none would create an empty
    one. Raises StoreError.
    """
    aside = database.with_name(f"{database.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
    with _reported_as(f"The backup {backup} could not replace {database}"):
        part = create_part(database)
        try:
            if database.exists():
                shutil.copyfile(database, aside)
            shutil.copyfile(backup, part)
            for companion in _COMPANIONS:
                beside = Path(f"{database}{companion}")
                if beside.exists():
                    beside.replace(f"{aside}{companion}")
            put_in_place(part, database)
            _note_damage(database, "")
        finally:
            part.unlink(missing_ok=True)
    return aside


def set_aside(database: Path, now: datetime) -> Path:
    """Move a damaged database aside, and return the path where it is kept. Raises StoreError."""
    aside = database.with_name(f"{database.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
    with _reported_as(f"The damaged {database} could not be set aside"):
        for companion in ("", *_COMPANIONS):
            beside = Path(f"{database}{companion}")
            if beside.exists():
                beside.replace(f"{aside}{companion}")
        _note_damage(database, "")
    return aside


def read_damage(database: Path) -> str:
    """Return what the check of the last backup found wrong with a database; "" for nothing."""
    try:
        return _name_note(database).read_text("utf-8")
    except OSError:
        return ""


def _note_damage(database: Path, problem: str) -> None:
    """Keep what a check of the whole database found, for commands that have no time for one.

    It stands beside the database, which may take nothing more.
    """
    if problem:
        write_atomically(_name_note(database), problem.encode())
    else:
        _name_note(database).unlink(missing_ok=True)


def _name_note(database: Path) -> Path:
    return database.with_name(f"{database.name}.damage")


@contextmanager
def _reported_as(failure: str) -> Iterator[None]:
    """Turn errors of the file system into a StoreError that says what failed."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{failure}: {error}. Make sure that the folder is writable and has free space."
        ) from error
