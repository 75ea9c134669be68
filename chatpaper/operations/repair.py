"""What `chatpaper doctor --fix` mends: what can be mended without a decision that only a person can make."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from chatpaper.config import Settings
from chatpaper.durable import clear_parts
from chatpaper.operations import backups
from chatpaper.operations.housekeeping import Deed, House
from chatpaper.store import FILE_NAME, Outcome, Store

_OWNER_FOLDER, _OWNER_FILE = 0o700, 0o600
_OTHERS = 0o077


def mend_folders(settings: Settings) -> Iterator[Deed]:
    """Make the folders of the settings, and let their owner into them and into the database."""
    for name in ("output_dir", "state_dir", "cache_dir"):
        folder: Path = getattr(settings, name)
        try:
            if not folder.exists():
                folder.mkdir(parents=True)
                yield Deed(f"made {name}: {folder}")
            yield from _opened_to_owner(folder, _OWNER_FOLDER)
        except OSError as error:
            yield Deed(f"{name} {folder} cannot be made: {error.strerror}; set {name} to another folder", done=False)
    kept = settings.state_dir / backups.FOLDER_NAME
    for file in (settings.state_dir / FILE_NAME, *(backup.path for backup in backups.backups(kept))):
        if file.exists():
            yield from _opened_to_owner(file, _OWNER_FILE)


def mend_secrets(settings: Settings) -> Iterator[Deed]:
    """A settings file that holds a key or an address of notifications is its owner's alone."""
    file = settings.config_file
    if file is None or not (settings.llm.api_key or settings.notify.urls) or os.name == "nt":
        return
    mode = file.stat().st_mode
    if not mode & _OTHERS:
        return
    try:
        file.chmod(mode & ~_OTHERS)
        yield Deed(f"took {file}, which holds secrets, out of the reach of others")
    except OSError as error:
        yield Deed(f"others can read {file}, which holds secrets, and it stays so: {error.strerror}", done=False)


def _opened_to_owner(path: Path, wanted: int) -> Iterator[Deed]:
    mode = path.stat().st_mode
    if mode & wanted == wanted:
        return
    try:
        path.chmod(mode | wanted)
        yield Deed(f"let the owner of {path} read and write it")
    except OSError as error:
        yield Deed(f"{path} cannot be read and written: {error.strerror}; it belongs to another user", done=False)


def mend_database(settings: Settings, now: datetime) -> Iterator[Deed]:
    """Put the newest sound backup in the place of a damaged database, and learn anew what was posted since."""
    database = settings.state_dir / FILE_NAME
    problem = backups.problem_of(database) if database.exists() and database.stat().st_size else ""
    if not problem:
        return
    newest = backups.newest_sound(settings.state_dir / backups.FOLDER_NAME)
    if newest is None:
        yield Deed(
            f"{database} is damaged ({problem}), and there is no sound backup: move it away to begin anew "
            "(--date and --until then decide which papers are posted again)",
            done=False,
        )
        return
    aside = backups.restore(database, newest.path, now)
    yield Deed(f"{database} was damaged ({problem}): restored {newest.path}; the damaged file is {aside}")
    with Store(settings.state_dir) as store:
        learned = learn_from_posts(store, settings.output_dir, now)
    if learned:
        yield Deed(f"learned from the posts that {learned} more papers were published since")


def learn_from_posts(store: Store, output_dir: Path, now: datetime) -> int:
    """Enter the papers of posts which the database does not know as published; how many there are.

    Their posts stay as they are: they cannot be written again, but no later night repeats their papers.
    """
    posted = (outcome for record in _posts(output_dir) for outcome in _outcomes(record))
    new = {
        (outcome.topic, outcome.arxiv_id): outcome
        for outcome in posted
        if (known := store.outcome(outcome.topic, outcome.arxiv_id)) is None or known.status != "published"
    }
    store.record_outcomes(list(new.values()), (), now)
    return len(new)


def _posts(output_dir: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(output_dir.glob("????-??-??/*.json")):
        with suppress(OSError, ValueError):  # whatever else lies there is none of our posts
            record = json.loads(path.read_bytes())
            if isinstance(record, dict) and {"date", "topic", "papers"} <= record.keys():
                yield record


def _outcomes(record: dict[str, Any]) -> Iterator[Outcome]:
    day = date.fromisoformat(record["date"])
    for paper in record["papers"]:
        yield Outcome(record["topic"], paper["arxiv_id"], paper["version"], "published", post_date=day)


def mend_house(house: House) -> Iterator[Deed]:
    """Remove the unfinished files of a killed run, write the posts that it left, and do what ends a run."""
    settings = house.settings
    removed = sum(map(clear_parts, (settings.output_dir, settings.state_dir, settings.cache_dir)))
    if removed:
        yield Deed(f"removed {removed} unfinished files")
    for path in house.publisher.write_all(house.publisher.pending()).values():
        yield Deed(f"wrote {path}, which a run that was killed had left unwritten")
    yield from house.keep()
