"""The database within its bounds: what is older than `store.keep_days` goes, but never the memory of what was posted.

After that such posts cannot be written again, and their files stay as they are. Nothing goes that a post which is still
to be written, or a paper which is still to be published, needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from chatpaper.domain.errors import ConfigError
from chatpaper.storage.store import Store
from chatpaper.write.files import free_bytes

# SQLite keeps the space of what was deleted for what comes next; with more than this share of it, the file is made
# smaller, which takes as much space again while it lasts.
_MAX_FREE_SHARE = 0.25

_UNFINISHED = "SELECT arxiv_id FROM outcomes WHERE status IN ('failed', 'queued')"
_OLD_ENTRIES = (
    "FROM entries WHERE EXISTS (SELECT 1 FROM outcomes AS o WHERE o.topic = entries.topic "
    "AND o.arxiv_id = entries.arxiv_id AND o.post_date < :day AND o.updated < :day AND NOT EXISTS (SELECT 1 "
    "FROM posts AS p WHERE p.pending AND p.topic = o.topic AND p.post_date = o.post_date "
    "AND p.arxiv_id IN ('', o.arxiv_id)))"
)
# A paper that is still to be published may have answers from as far back as its first call.
_FIRST_NEEDED = f"SELECT min(runs.started) FROM calls JOIN runs USING (run_id) WHERE calls.arxiv_id IN ({_UNFINISHED})"
# From there on a topic that rested is caught up.
_WATERMARK = "SELECT max(post_date) FROM nights AS n WHERE n.topic = nights.topic AND n.covered_until IS NOT NULL"
_OLD: tuple[str, ...] = (
    f"DELETE {_OLD_ENTRIES}",
    # The post of an old day may be one that was made of late.
    "DELETE FROM posts WHERE post_date < :day AND NOT pending AND NOT EXISTS (SELECT 1 FROM outcomes AS o "
    "WHERE o.topic = posts.topic AND o.post_date = posts.post_date AND o.updated >= :day)",
    f"DELETE FROM completions WHERE created < :day AND created < ifnull(({_FIRST_NEEDED}), :day)",
    "DELETE FROM outcomes WHERE status = 'excluded' AND updated < :day",
    "DELETE FROM papers WHERE arxiv_id NOT IN (SELECT arxiv_id FROM outcomes WHERE status <> 'published' "
    "OR updated >= :day)",
    f"DELETE FROM calls WHERE day < :day AND arxiv_id NOT IN ({_UNFINISHED})",
    "DELETE FROM requests WHERE day < :day",
    f"DELETE FROM nights WHERE post_date < :day AND post_date <> ifnull(({_WATERMARK}), '')",
    "DELETE FROM notices WHERE day < :day",
    "DELETE FROM superseded WHERE post_date < :day AND NOT EXISTS (SELECT 1 FROM posts AS p WHERE p.pending "
    "AND p.topic = superseded.topic AND p.post_date = superseded.post_date)",
    "DELETE FROM revision_look_ups WHERE day < :day",
    "DELETE FROM runs WHERE post_date < :day AND run_id NOT IN (SELECT run_id FROM calls)",
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows went, and by how much the file became smaller."""

    rows: int = 0
    freed_bytes: int = 0


def forget_before(store: Store, day: date) -> Forgotten:
    """Remove what belongs to days before this one. Raises StoreError."""
    with store.transaction() as connection:
        rows = sum(connection.execute(statement, {"day": day.isoformat()}).rowcount for statement in _OLD)
    return Forgotten(rows, _compact(store) if rows else 0)


def _compact(store: Store) -> int:
    (pages,), (free,) = store.rows("PRAGMA page_count")[0], store.rows("PRAGMA freelist_count")[0]
    size = store.path.stat().st_size
    if free <= _MAX_FREE_SHARE * pages or free_bytes(store.path.parent) < 2 * size:
        return 0
    store.rows("VACUUM")
    store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    return max(0, size - store.path.stat().st_size)


def refuse_forgotten(store: Store, topics: Sequence[str], post_date: date) -> None:
    """Raise ConfigError for a date whose posts cannot be written again: a new one would lack what is forgotten."""
    marks = ", ".join("?" * len(topics))
    missing = store.rows(
        f"SELECT topic FROM outcomes WHERE post_date = ? AND topic IN ({marks}) AND NOT EXISTS "
        "(SELECT 1 FROM entries AS e WHERE e.topic = outcomes.topic AND e.arxiv_id = outcomes.arxiv_id) LIMIT 1",
        (post_date.isoformat(), *topics),
    )
    if missing:
        raise ConfigError(
            f"The post of {missing[0]['topic']!r} for {post_date} is older than what the database remembers "
            "(store.keep_days), and would lose its papers: choose another --date."
        )


def remove_old_reports(state_dir: Path, oldest: datetime) -> int:
    """Remove the reports of runs that began before `oldest`; how many there were."""
    old = [path for path in (state_dir / "runs").glob("*.json") if path.name[:8] < f"{oldest:%Y%m%d}"]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
