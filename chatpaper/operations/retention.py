"""Delete what is older than `store.keep_days`, but never the record of what was posted.

The posts of deleted entries cannot be written again; their files stay as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from chatpaper.domain.errors import ConfigError
from chatpaper.storage.database import REPORTS_FOLDER
from chatpaper.storage.upkeep.retention import Retention
from chatpaper.write.files import measure_free_bytes

# SQLite keeps the space of deleted rows for later ones. With more than this share of free space the
# file is compacted, which needs as much space again meanwhile.
_MAX_FREE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class DeletedRows:
    """How many rows were deleted, and by how much the file shrank."""

    rows: int = 0
    freed_bytes: int = 0


def delete_before(retention: Retention, day: date) -> DeletedRows:
    """Delete the rows of days before this one, and compact the file. Raises StoreError."""
    rows = retention.delete_before(day)
    return DeletedRows(rows, _compact(retention) if rows else 0)


def _compact(retention: Retention) -> int:
    """Compact the file if that is worth it and there is space; return how many bytes it lost."""
    size = retention.path.stat().st_size
    if (
        retention.free_share() <= _MAX_FREE_SHARE
        or measure_free_bytes(retention.path.parent) < 2 * size
    ):
        return 0
    retention.compact()
    return max(0, size - retention.path.stat().st_size)


def refuse_deleted(retention: Retention, topics: Sequence[str], post_date: date) -> None:
    """Raise ConfigError for a date whose post, written again, would lack papers deleted since."""
    missing = retention.topic_without_entry(topics, post_date)
    if missing is not None:
        raise ConfigError(
            f"The post of {missing!r} for {post_date} is older than what the database keeps "
            "(store.keep_days), and would lose its papers: choose another --date."
        )


def remove_old_reports(state_dir: Path, oldest: datetime) -> int:
    """Remove the reports of runs that began before `oldest`; return how many there were."""
    reports = (state_dir / REPORTS_FOLDER).glob("*.json")
    old = [path for path in reports if path.name[:8] < f"{oldest:%Y%m%d}"]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
