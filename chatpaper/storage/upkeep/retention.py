"""What goes of the database when it is older than it has to be, but never the memory of what was
posted.

Nothing goes that a post which is still to be written, or a paper which is still to be published,
needs.
"""

from collections.abc import Sequence
from datetime import date

from chatpaper.storage.database import Database

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
    (
        "DELETE FROM posts WHERE post_date < :day AND NOT pending AND NOT EXISTS (SELECT 1 FROM outcomes AS o "
        "WHERE o.topic = posts.topic AND o.post_date = posts.post_date AND o.updated >= :day)"
    ),
    f"DELETE FROM completions WHERE created < :day AND created < ifnull(({_FIRST_NEEDED}), :day)",
    "DELETE FROM outcomes WHERE status = 'excluded' AND updated < :day",
    (
        "DELETE FROM papers WHERE arxiv_id NOT IN (SELECT arxiv_id FROM outcomes WHERE status <> 'published' "
        "OR updated >= :day)"
    ),
    f"DELETE FROM calls WHERE day < :day AND arxiv_id NOT IN ({_UNFINISHED})",
    "DELETE FROM requests WHERE day < :day",
    f"DELETE FROM nights WHERE post_date < :day AND post_date <> ifnull(({_WATERMARK}), '')",
    "DELETE FROM notices WHERE day < :day",
    (
        "DELETE FROM superseded WHERE post_date < :day AND NOT EXISTS (SELECT 1 FROM posts AS p WHERE p.pending "
        "AND p.topic = superseded.topic AND p.post_date = superseded.post_date)"
    ),
    "DELETE FROM revision_look_ups WHERE day < :day",
    "DELETE FROM runs WHERE post_date < :day AND run_id NOT IN (SELECT run_id FROM calls)",
)


class Retention:
    """The old rows of the database, and the space that they leave."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def delete_before(self, day: date) -> int:
        """Delete what belongs to days before this one, in one step, and return how many rows went."""
        with self._database.transaction() as connection:
            return sum(
                connection.execute(statement, {"day": day.isoformat()}).rowcount
                for statement in _OLD
            )

    def free_share(self) -> float:
        """Return the share of the file, from 0 to 1, that SQLite keeps for what comes next."""
        (pages,), (free,) = (
            self._database.rows("PRAGMA page_count")[0],
            self._database.rows("PRAGMA freelist_count")[0],
        )
        return float(free / pages) if pages else 0.0

    def compact(self) -> None:
        """Give the free space of the file back, which takes as much space again while it lasts."""
        self._database.rows("VACUUM")
        self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def topic_without_entry(self, topics: Sequence[str], post_date: date) -> str | None:
        """Return one of these topics whose post of a day has a paper of which no entry is kept."""
        marks = ", ".join("?" * len(topics))
        rows = self._database.rows(
            f"SELECT topic FROM outcomes WHERE post_date = ? AND topic IN ({marks}) AND NOT EXISTS "
            "(SELECT 1 FROM entries AS e WHERE e.topic = outcomes.topic AND e.arxiv_id = outcomes.arxiv_id) LIMIT 1",
            (post_date.isoformat(), *topics),
        )
        return str(rows[0]["topic"]) if rows else None
