"""Copies of the database: made whole or not at all, checked before they count, and put back where
it is damaged.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from chatpaper.domain.atomic_files import make_folder, new_part, put_in_place
from chatpaper.domain.errors import StoreError
from chatpaper.storage.database import open_read_only
from chatpaper.write.files import free_bytes

FOLDER_NAME = "backups"
_NAME = re.compile(r"chatpaper-(\d{4}-\d{2}-\d{2})\.db")
# What SQLite keeps beside a database: it belongs to that very file, and to no other that takes its
# place.
_COMPANIONS = ("-wal", "-shm")
# A copy is made beside the others and compacts on its way: it takes no more than the original, and
# leaves a margin.
_ROOM_FACTOR = 1.2
# More complaints than these tell nobody more.
_MAX_COMPLAINTS = 3

Thoroughness = Literal["quick_check", "integrity_check"]


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database as it was at the end of a day's first run."""

    path: Path
    day: date


def integrity_problem(database: Path, thoroughness: Thoroughness = "integrity_check") -> str:
    """What is wrong with a database file; empty where nothing is.

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
    return "it holds nothing of chatpaper" if empty else ""


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """The copies in a folder, oldest first."""
    found = ((_NAME.fullmatch(path.name), path) for path in folder.glob("chatpaper-*.db"))
    return tuple(
        sorted(
            (Backup(p, date.fromisoformat(m[1])) for m, p in found if m),
            key=lambda backup: backup.day,
        )
    )


def latest_valid(folder: Path) -> Backup | None:
    """The newest copy that passes the whole check."""
    return next(
        (backup for backup in reversed(list_backups(folder)) if not integrity_problem(backup.path)),
        None,
    )


def back_up(
    database: Path, folder: Path, *, keep: int, days_apart: int, today: date
) -> Backup | None:
    """Copy the database if a copy is due, and remove the oldest of more than `keep`; None where
    none is due.

    A copy of a day to come, from a clock that was wrong, puts off none. Raises StoreError.
    """
    if not keep or any(
        0 <= (today - backup.day).days < days_apart for backup in list_backups(folder)
    ):
        return None
    path = folder / f"chatpaper-{today.isoformat()}.db"
    with _told(f"No backup of {database} could be made in {folder}"):
        make_folder(folder)
        if free_bytes(folder) < database.stat().st_size * _ROOM_FACTOR:
            raise StoreError(
                f"No backup of {database} was made: the disk of {folder} is full. Free space there."
            )
        part = new_part(path)
        try:
            with closing(open_read_only(database)) as connection:
                connection.execute("VACUUM INTO ?", (str(part),))
            problem = integrity_problem(part)
            if problem:
                raise StoreError(
                    f"The backup of {database} is damaged and was thrown away: {problem}."
                )
            put_in_place(part, path)
        finally:
            part.unlink(missing_ok=True)
        for old in list_backups(folder)[:-keep]:
            old.path.unlink(missing_ok=True)
    return Backup(path, today)


def restore(database: Path, backup: Path, now: datetime) -> Path:
    """Put a copy in the place of a damaged database, which is kept beside it; returns where.

    Raises StoreError.

    At each instant there is a database in the place: a run that finds none would begin anew.
    """
    aside = database.with_name(f"{database.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
    with _told(f"The backup {backup} could not be put in the place of {database}"):
        part = new_part(database)
        try:
            if database.exists():
                shutil.copyfile(database, aside)
            shutil.copyfile(backup, part)
            for companion in _COMPANIONS:
                beside = Path(f"{database}{companion}")
                if beside.exists():
                    beside.replace(f"{aside}{companion}")
            put_in_place(part, database)
        finally:
            part.unlink(missing_ok=True)
    return aside


def set_aside(database: Path, now: datetime) -> Path:
    """Take a damaged database out of its place; returns where it is kept. Raises StoreError."""
    aside = database.with_name(f"{database.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
    with _told(f"The damaged {database} could not be set aside"):
        for companion in ("", *_COMPANIONS):
            beside = Path(f"{database}{companion}")
            if beside.exists():
                beside.replace(f"{aside}{companion}")
    return aside


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"{what}: {error}. See that the folder can be written and has space."
        ) from error
