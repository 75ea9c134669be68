"""Delete old rows of the database, but never the record of what was posted.

What a post that is still to be written or a paper that is still to be published needs is kept.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from chatpaper.storage.database import Database
from chatpaper.storage.papers.outcomes import FORGOTTEN

_UNFINISHED = "SELECT arxiv_id FROM outcomes WHERE status IN ('failed', 'queued')"
_OLD_ENTRIES = (
    "FROM entries WHERE EXISTS (SELECT 1 FROM outcomes AS o WHERE o.topic = entries.topic "
    "AND o.arxiv_id = entries.arxiv_id AND o.post_date < :day AND o.updated < :day "
    "AND NOT EXISTS (SELECT 1 FROM posts AS p WHERE p.pending AND p.topic = o.topic "
    "AND p.post_date = o.post_date AND p.arxiv_id IN ('', o.arxiv_id)))"
)
# The post of an old day may have been made recently.
_OLD_POSTS = (
    "FROM posts WHERE post_date < :day AND NOT pending AND NOT EXISTS "
    "(SELECT 1 FROM outcomes AS o WHERE o.topic = posts.topic AND o.post_date = posts.post_date "
    "AND o.updated >= :day)"
)
# A paper that is still to be published may have answers from as far back as its first call.
_FIRST_NEEDED = (
    "SELECT min(runs.started) FROM calls JOIN runs USING (run_id) "
    f"WHERE calls.arxiv_id IN ({_UNFINISHED})"
)
_OLD_PAPERS = (
    "FROM papers WHERE arxiv_id NOT IN "
    "(SELECT arxiv_id FROM outcomes WHERE status <> 'published' OR updated >= :day)"
)
# The next run of the topic catches up from there.
_WATERMARK = (
    "SELECT max(post_date) FROM nights AS n "
    "WHERE n.topic = nights.topic AND n.covered_until IS NOT NULL"
)
_OLD_VERSIONS = (
    "FROM superseded WHERE post_date < :day AND NOT EXISTS (SELECT 1 FROM posts AS p "
    "WHERE p.pending AND p.topic = superseded.topic AND p.post_date = superseded.post_date)"
)
# In this order: what is deleted first decides what the later statements find.
_DELETIONS: tuple[str, ...] = (
    f"DELETE {_OLD_ENTRIES}",
    f"DELETE {_OLD_POSTS}",
    f"DELETE FROM completions WHERE created < :day AND created < ifnull(({_FIRST_NEEDED}), :day)",
    # What a person asked never to see again is remembered like what was posted.
    f"DELETE FROM outcomes WHERE status = 'excluded' AND updated < :day AND stage <> '{FORGOTTEN}'",
    f"DELETE {_OLD_PAPERS}",
    f"DELETE FROM calls WHERE day < :day AND arxiv_id NOT IN ({_UNFINISHED})",
    "DELETE FROM requests WHERE day < :day",
    f"DELETE FROM nights WHERE post_date < :day AND post_date <> ifnull(({_WATERMARK}), '')",
    "DELETE FROM notices WHERE day < :day",
    f"DELETE {_OLD_VERSIONS}",
    "DELETE FROM revision_look_ups WHERE day < :day",
    "DELETE FROM runs WHERE post_date < :day AND run_id NOT IN (SELECT run_id FROM calls)",
)


class Retention:
    """Old rows of the database, and the space that they leave."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def path(self) -> Path:
        """The file of the database."""
        return self._database.path

    def delete_before(self, day: date) -> int:
        """Delete the rows of days before this one, in one step; return how many there were."""
        with self._database.transaction() as connection:
            return sum(
                connection.execute(statement, {"day": day.isoformat()}).rowcount
                for statement in _DELETIONS
            )

    def free_share(self) -> float:
        """Return the share of the file, from 0 to 1, that SQLite keeps free for later rows."""
        pages = self._database.fetch_value(int, "PRAGMA page_count") or 0
        free = self._database.fetch_value(int, "PRAGMA freelist_count") or 0
        return free / pages if pages else 0.0

    def compact(self) -> None:
        """Shrink the file to what it holds, for which SQLite needs as much space again."""
        self._database.rows("VACUUM")
        self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def topic_without_entry(self, topics: Sequence[str], post_date: date) -> str | None:
        """Return one of these topics whose post of a day shows a paper without an entry, if any."""
        marks = ", ".join("?" * len(topics))
        return self._database.fetch_value(
            str,
            f"SELECT topic FROM outcomes WHERE post_date = ? AND topic IN ({marks}) "
            "AND NOT EXISTS (SELECT 1 FROM entries AS e "
            "WHERE e.topic = outcomes.topic AND e.arxiv_id = outcomes.arxiv_id) LIMIT 1",
            (post_date.isoformat(), *topics),
        )
