"""The database within its bounds: what is older than `store.keep_days` goes, but never the memory
of what was posted.

After that such posts cannot be written again, and their files stay as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from chatpaper.domain.errors import ConfigError
from chatpaper.storage.store import Store
from chatpaper.storage.upkeep.retention import Retention
from chatpaper.write.files import free_bytes

# SQLite keeps the space of what was deleted for what comes next; with more than this share of it,
# the file is made smaller, which takes as much space again while it lasts.
_MAX_FREE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows went, and by how much the file became smaller."""

    rows: int = 0
    freed_bytes: int = 0


def forget_before(store: Store, day: date) -> Forgotten:
    """Remove what belongs to days before this one. Raises StoreError."""
    retention = store.retention
    rows = retention.delete_before(day)
    return Forgotten(rows, _compact(store.path, retention) if rows else 0)


def _compact(database: Path, retention: Retention) -> int:
    size = database.stat().st_size
    if retention.free_share() <= _MAX_FREE_SHARE or free_bytes(database.parent) < 2 * size:
        return 0
    retention.compact()
    return max(0, size - database.stat().st_size)


def refuse_forgotten(store: Store, topics: Sequence[str], post_date: date) -> None:
    """Raise ConfigError for a date whose posts cannot be written again: a new one would lack what
    is forgotten.
    """
    missing = store.retention.topic_without_entry(topics, post_date)
    if missing is not None:
        raise ConfigError(
            f"The post of {missing!r} for {post_date} is older than what the database remembers "
            "(store.keep_days), and would lose its papers: choose another --date."
        )


def remove_old_reports(state_dir: Path, oldest: datetime) -> int:
    """Remove the reports of runs that began before `oldest`; how many there were."""
    old = [
        path for path in (state_dir / "runs").glob("*.json") if path.name[:8] < f"{oldest:%Y%m%d}"
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
