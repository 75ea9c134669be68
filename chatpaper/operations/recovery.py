"""Check the database at the start of a command: refuse a damaged one, and refill a lost one."""

from datetime import datetime
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.domain.errors import StoreError
from chatpaper.operations import backups
from chatpaper.operations.integrity import find_damage, find_latest_nonempty, is_blank
from chatpaper.operations.rebuild import has_posts, rebuild_from_posts
from chatpaper.storage.database import FILE_NAME
from chatpaper.storage.store import Store


def refuse_damaged(database: Path) -> None:
    """Raise StoreError, with what to do, for a database of which even one row is damaged."""
    problem = find_damage(database)
    if problem:
        raise StoreError(
            f"The database {database} is damaged ({problem}): `chatpaper doctor --fix` repairs it, "
            "and what was published is not lost."
        )


def recover(settings: Settings, now: datetime) -> str:
    """Refill a lost database from the newest sound backup and from the posts.

    Returns a message about what was done, empty if nothing was. Raises StoreError.
    """
    database = settings.state_dir / FILE_NAME
    if not is_blank(database):
        return ""
    newest = find_latest_nonempty(settings.state_dir / backups.FOLDER_NAME)
    if newest is None and not has_posts(settings.output_dir, settings.post.layout):
        return ""
    if newest is not None:
        backups.restore(database, newest.path, now)
    with Store(settings.state_dir) as store:
        papers = rebuild_from_posts(store, settings.output_dir, settings.post.layout, now)
    sources = f"the backup {newest.path} and " if newest else ""
    return (
        f"The database {database} was empty or missing: it was restored from {sources}the posts in "
        f"{settings.output_dir} (papers: {papers})."
    )
