"""Delete old rows of the database, but never the record of what was posted.

What a post that is still to be written or a paper that is still to be published needs is kept.
"""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from chatpaper.storage.database import Database

# So many rows are deleted in one step: others that use the database wait no longer than for these.
_SLICE_ROWS = 500
# A night is deleted with all its papers.
_SLICE_NIGHTS = 5
# The name of the day up to which everything has been deleted, in the table of the installation.
_MARK = "deleted_before"

_UNFINISHED = "SELECT arxiv_id FROM outcomes WHERE status IN ('failed', 'queued')"
# What became old since the last time: settled, or posted, on a day that was not old then.
_GROWN_OLD: tuple[str, ...] = tuple(
    f"SELECT rowid, {column} FROM outcomes WHERE {column} >= :since AND {column} < :day "
    f"AND ({column}, rowid) > (:since, :number) ORDER BY {column}, rowid LIMIT {_SLICE_ROWS}"
    for column in ("updated", "post_date")
)
_OLD_ENTRIES = (
    "FROM entries WHERE rowid IN (SELECT e.rowid FROM json_each(:rows) "
    "CROSS JOIN outcomes AS o ON o.rowid = value "
    "CROSS JOIN entries AS e ON e.topic = o.topic AND e.arxiv_id = o.arxiv_id "
    "WHERE o.post_date < :day AND o.updated < :day "
    "AND NOT EXISTS (SELECT 1 FROM posts AS p WHERE p.pending AND p.topic = o.topic "
    "AND p.post_date = o.post_date AND p.arxiv_id IN ('', o.arxiv_id)))"
)
_OLD_PAPERS = (
    "FROM papers WHERE arxiv_id IN (SELECT value FROM json_each(:ids)) AND NOT EXISTS "
    "(SELECT 1 FROM outcomes AS o WHERE o.arxiv_id = papers.arxiv_id "
    "AND (o.status <> 'published' OR o.updated >= :day))"
)
_IDS = "SELECT arxiv_id FROM json_each(:rows) CROSS JOIN outcomes AS o ON o.rowid = value"
# What a person asked never to see again is remembered like what was posted.
_OLD_EXCLUSIONS = (
    "SELECT rowid FROM outcomes WHERE status = 'excluded' AND stage <> 'forgotten' "
    f"AND updated < :day LIMIT {_SLICE_ROWS}"
)
# The post of an old day may have been made recently.
_OLD_POSTS = (
    "SELECT rowid FROM posts WHERE post_date < :day AND NOT pending AND NOT EXISTS "
    "(SELECT 1 FROM outcomes AS o WHERE o.topic = posts.topic AND o.post_date = posts.post_date "
    "AND o.updated >= :day)"
)
# A paper that is still to be published may have answers from as far back as its first call.
_FIRST_NEEDED = (
    "SELECT min(runs.started) FROM calls JOIN runs USING (run_id) "
    f"WHERE calls.arxiv_id IN ({_UNFINISHED})"
)
# The next run of the topic catches up from there.
_WATERMARK = (
    "SELECT max(post_date) FROM nights AS n "
    "WHERE n.topic = nights.topic AND n.covered_until IS NOT NULL"
)
_OLD_VERSIONS = (
    "SELECT rowid FROM superseded WHERE post_date < :day AND NOT EXISTS (SELECT 1 FROM posts AS p "
    "WHERE p.pending AND p.topic = superseded.topic AND p.post_date = superseded.post_date)"
)
# In this order: what is deleted first decides what the later statements find. Each is repeated
# until it finds nothing more.
_DELETIONS: tuple[str, ...] = (
    f"DELETE FROM posts WHERE rowid IN ({_OLD_POSTS} LIMIT {_SLICE_ROWS})",
    (
        "DELETE FROM completions WHERE rowid IN (SELECT rowid FROM completions "
        f"WHERE created < min(:day, :needed) LIMIT {_SLICE_ROWS})"
    ),
    (
        "DELETE FROM calls WHERE number IN (SELECT number FROM calls "
        f"WHERE day < :day AND arxiv_id NOT IN ({_UNFINISHED}) LIMIT {_SLICE_ROWS})"
    ),
    (
        "DELETE FROM usage_totals WHERE stale AND NOT EXISTS (SELECT 1 FROM calls AS c "
        "WHERE c.day = usage_totals.day AND c.model = usage_totals.model)"
    ),
    "DELETE FROM requests WHERE day < :day",
    (
        "DELETE FROM nights WHERE rowid IN (SELECT rowid FROM nights WHERE post_date < :day "
        f"AND post_date <> ifnull(({_WATERMARK}), '') LIMIT {_SLICE_NIGHTS})"
    ),
    "DELETE FROM notices WHERE day < :day AND day = (SELECT min(day) FROM notices)",
    f"DELETE FROM superseded WHERE rowid IN ({_OLD_VERSIONS} LIMIT {_SLICE_ROWS})",
    "DELETE FROM revision_look_ups WHERE day < :day",
    (
        "DELETE FROM runs WHERE rowid IN (SELECT rowid FROM runs WHERE post_date < :day "
        "AND NOT EXISTS (SELECT 1 FROM calls WHERE calls.run_id = runs.run_id) "
        f"LIMIT {_SLICE_ROWS})"
    ),
)
# Papers that were never settled in any topic.
_STRAY_PAPERS = (
    "DELETE FROM papers WHERE rowid IN (SELECT rowid FROM papers WHERE NOT EXISTS "
    "(SELECT 1 FROM outcomes AS o WHERE o.arxiv_id = papers.arxiv_id) "
    f"LIMIT {_SLICE_ROWS})"
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
        """Delete the rows of days before this one; return how many there were.

        They are deleted in slices, each in one step: what a kill leaves, the next time deletes.
        Only what became old since the last time is looked at.
        """
        limit = day.isoformat()
        since = self._deleted_before()
        # The clock was ahead, or more was to be deleted then: all is looked at again.
        since = since if since <= limit else ""
        deleted = sum(self._delete_grown_old(query, since, limit) for query in _GROWN_OLD)
        deleted += self._delete_exclusions(limit)
        if not since:
            deleted += self._delete_all(_STRAY_PAPERS, {})
        needed = self._database.fetch_value(str, _FIRST_NEEDED) or limit
        for statement in _DELETIONS:
            deleted += self._delete_all(statement, {"day": limit, "needed": needed})
        self._mark(limit)
        return deleted

    def _deleted_before(self) -> str:
        return (
            self._database.fetch_value(
                str, "SELECT value FROM installation WHERE name = ?", (_MARK,)
            )
            or ""
        )

    def _mark(self, day: str) -> None:
        """Note up to which day everything is deleted: not what posts still to be written need."""
        pending = self._database.fetch_value(str, "SELECT min(post_date) FROM posts WHERE pending")
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO installation VALUES (?, ?)",
                (_MARK, min(day, pending or day)),
            )

    def _delete_grown_old(self, query: str, since: str, day: str) -> int:
        """Delete the entries and papers of the outcomes that a query finds, page by page."""
        deleted, last, number = 0, since, -1
        while page := self._database.rows(query, {"since": last, "number": number, "day": day}):
            number, last = page[-1]
            rows = json.dumps([row[0] for row in page])
            with self._database.transaction() as connection:
                deleted += connection.execute(
                    f"DELETE {_OLD_ENTRIES}", {"rows": rows, "day": day}
                ).rowcount
                deleted += self._delete_papers(
                    self._database.fetch_column(str, _IDS, {"rows": rows}), day
                )
        return deleted

    def _delete_exclusions(self, day: str) -> int:
        deleted = 0
        while page := self._database.fetch_column(int, _OLD_EXCLUSIONS, {"day": day}):
            rows = json.dumps(page)
            with self._database.transaction() as connection:
                ids = self._database.fetch_column(str, _IDS, {"rows": rows})
                deleted += connection.execute(
                    "DELETE FROM outcomes WHERE rowid IN (SELECT value FROM json_each(?))", (rows,)
                ).rowcount
                deleted += self._delete_papers(ids, day)
        return deleted

    def _delete_papers(self, ids: Sequence[str], day: str) -> int:
        """Delete the records of those of these papers that nobody needs any more."""
        with self._database.transaction() as connection:
            return connection.execute(
                f"DELETE {_OLD_PAPERS}", {"ids": json.dumps(ids), "day": day}
            ).rowcount

    def _delete_all(self, statement: str, values: dict[str, str]) -> int:
        """Repeat a deletion, each time in a step of its own, until nothing is left of it."""
        deleted = 0
        while True:
            with self._database.transaction() as connection:
                rows = connection.execute(statement, values).rowcount
            if not rows:
                return deleted
            deleted += rows

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
