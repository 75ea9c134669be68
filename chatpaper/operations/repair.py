"""Repair, for `chatpaper doctor --fix`, what needs no decision that only a person can make."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from chatpaper.app.effective_settings import list_secrets
from chatpaper.app.settings import Settings
from chatpaper.domain.atomic_files import clear_parts
from chatpaper.operations import backups
from chatpaper.operations.integrity import find_damaged_rows, is_blank, remove_rows
from chatpaper.operations.maintenance import Action, Maintenance
from chatpaper.operations.rebuild import rebuild_from_posts
from chatpaper.operations.recovery import recover
from chatpaper.storage.database import FILE_NAME
from chatpaper.storage.store import Store
from chatpaper.storage.upkeep.integrity import find_integrity_problem

_OWNER_FOLDER, _OWNER_FILE = 0o700, 0o600
_OTHERS = 0o077


def repair_folders(settings: Settings) -> Iterator[Action]:
    """Create the folders of the settings, and give their owner access to them and the database."""
    for name, folder in settings.folders.items():
        try:
            if not folder.exists():
                folder.mkdir(parents=True)
                yield Action(f"created {name}: {folder}")
            yield from _give_owner_access(folder, _OWNER_FOLDER)
        except OSError as error:
            yield Action(
                f"{name} {folder} cannot be created: {error.strerror}; "
                f"set {name} to another folder",
                done=False,
            )
    kept = settings.state_dir / backups.FOLDER_NAME
    for file in (
        settings.state_dir / FILE_NAME,
        *(backup.path for backup in backups.list_backups(kept)),
    ):
        if file.exists():
            yield from _give_owner_access(file, _OWNER_FILE)


def protect_secrets(settings: Settings) -> Iterator[Action]:
    """Make the settings file readable to its owner only where keys or passwords are set."""
    file = settings.config_file
    if file is None or not list_secrets(settings) or os.name == "nt":
        return
    mode = file.stat().st_mode
    if not mode & _OTHERS:
        return
    try:
        file.chmod(mode & ~_OTHERS)
        yield Action(f"made {file}, which holds secrets, readable to its owner only")
    except OSError as error:
        yield Action(
            f"others can read {file}, which holds secrets, "
            f"and its mode cannot be changed: {error.strerror}",
            done=False,
        )


def _give_owner_access(path: Path, wanted: int) -> Iterator[Action]:
    mode = path.stat().st_mode
    if mode & wanted == wanted:
        return
    try:
        path.chmod(mode | wanted)
        yield Action(f"gave the owner of {path} the right to read and write it")
    except OSError as error:
        yield Action(
            f"{path} cannot be read and written: {error.strerror}; it belongs to another user",
            done=False,
        )


def repair_database(settings: Settings, now: datetime) -> Iterator[Action]:
    """Replace a damaged database by the newest sound backup, and add what was posted since.

    Without a backup the damaged file is set aside. If the file itself is sound, only rows that
    cannot be read are deleted.
    """
    database = settings.state_dir / FILE_NAME
    recovered = recover(settings, now)
    if recovered:
        yield Action(recovered)
    problem = find_integrity_problem(database) if not is_blank(database) else ""
    if problem:
        newest = backups.find_latest_valid(settings.state_dir / backups.FOLDER_NAME)
        if newest is None:
            aside = backups.set_aside(database, now)
            yield Action(
                f"{database} was damaged ({problem}) and there is no sound backup: "
                f"the damaged file is {aside}"
            )
        else:
            aside = backups.restore(database, newest.path, now)
            yield Action(
                f"{database} was damaged ({problem}): restored {newest.path}; "
                f"the damaged file is {aside}"
            )
    rows = find_damaged_rows(database, thorough=True) if database.exists() else ()
    if rows:
        with Store(settings.state_dir) as store:
            remove_rows(store.database, rows)
        yield from (Action(f"removed from {database}: {row}") for row in rows)
    if problem or rows:
        with Store(settings.state_dir) as store:
            papers = rebuild_from_posts(store, settings.output_dir, settings.post.layout, now)
        if papers:
            yield Action(f"restored from the posts what was published since; papers: {papers}")


def finish_killed_run(maintenance: Maintenance) -> Iterator[Action]:
    """Remove unfinished files of a killed run, write its pending posts, and do maintenance."""
    settings = maintenance.settings
    removed = sum(map(clear_parts, settings.folders.values()))
    if removed:
        yield Action(f"removed unfinished files: {removed}")
    publisher = maintenance.publisher
    for post in publisher.write_all(publisher.contents.posts.pending()).values():
        yield Action(f"wrote {post.path}, which a killed run had left unwritten")
        if post.warning:
            yield Action(post.warning)
    yield from maintenance.run()
