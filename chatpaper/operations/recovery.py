"""The database as a command finds it: refused where it is damaged, filled again where it was lost
beside posts.
"""

from datetime import datetime
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.domain.errors import StoreError
from chatpaper.operations import backups
from chatpaper.operations.integrity import find_damage, is_blank, latest_nonempty
from chatpaper.operations.rebuild import has_posts, rebuild_from_posts
from chatpaper.storage.database import FILE_NAME
from chatpaper.storage.store import Store


def refuse_damaged(database: Path) -> None:
    """Raise StoreError, with what to do, for a database that is damaged, be it in one row."""
    problem = find_damage(database)
    if problem:
        raise StoreError(
            f"The database {database} is damaged ({problem}): `chatpaper doctor --fix` mends it, and what was "
            "published is not lost."
        )


def recover(settings: Settings, now: datetime) -> str:
    """Fill a database that was lost from the newest sound backup and from the posts; says what was
    done, if anything.

    Raises StoreError.
    """
    database = settings.state_dir / FILE_NAME
    if not is_blank(database):
        return ""
    newest = latest_nonempty(settings.state_dir / backups.FOLDER_NAME)
    if newest is None and not has_posts(settings.output_dir):
        return ""
    if newest is not None:
        backups.restore(database, newest.path, now)
    with Store(settings.state_dir) as store:
        learned = rebuild_from_posts(store, settings.output_dir, now)
    restored = f"the backup {newest.path} was restored, and " if newest else ""
    return (
        f"The database {database} was empty or gone: {restored}it was learned from the posts in {settings.output_dir} "
        f"that {learned} papers were published."
    )
