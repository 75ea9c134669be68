"""Later versions of posted papers in the database, and the entries of older versions that earlier
posts keep.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from chatpaper.domain import EarlierPost, Paper
from chatpaper.storage.database import Database
from chatpaper.storage.papers.entries import Entries
from chatpaper.storage.papers.outcomes import Outcomes
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.rows import encode_topic, read_record, read_rows

_PAPER = TypeAdapter(Paper)

# Where a paper is posted: as it stands now, and in earlier posts that keep an older version of it.
_POSTED = (
    "SELECT topic, arxiv_id, post_date, version FROM outcomes WHERE post_date IS NOT NULL "
    "UNION SELECT topic, arxiv_id, post_date, version FROM superseded"
)


@dataclass(frozen=True, slots=True)
class PostedVersion:
    """The version of a paper that stands in the posts of a topic and day; None where no version was
    told.
    """

    topic: str | None
    post_date: date
    version: int | None


_POSTED_VERSION = TypeAdapter(PostedVersion)


class RevisionLog:
    """The versions in the database."""

    def __init__(self, database: Database, outcomes: Outcomes, entries: Entries) -> None:
        self._database = database
        self._outcomes = outcomes
        self._entries = entries

    def newest(self, arxiv_id: str) -> Paper | None:
        """Return the newest version that was recorded.

        Raises StoreError where its row is damaged.
        """
        rows = self._database.rows("SELECT record FROM revisions WHERE arxiv_id = ?", (arxiv_id,))
        return read_record(_PAPER, rows[0]["record"], arxiv_id) if rows else None

    def posted_versions(self, arxiv_id: str) -> tuple[PostedVersion, ...]:
        """List where a paper is posted, with the version that stands there."""
        rows = self._database.rows(f"SELECT * FROM ({_POSTED}) WHERE arxiv_id = ?", (arxiv_id,))
        return read_rows(_POSTED_VERSION, rows)

    def output_folders(self, topic: str | None, post_date: date) -> tuple[str, ...]:
        """List the output folders that have had posts of a topic and day."""
        rows = self._database.rows(
            "SELECT DISTINCT output_dir FROM posts WHERE topic = ? AND post_date = ?",
            (encode_topic(topic), post_date.isoformat()),
        )
        return tuple(row["output_dir"] for row in rows)

    def record(self, paper: Paper, posts: Iterable[tuple[str, str | None, date]] = ()) -> None:
        """Keep a paper as its newest version, and mark its posts as pending, in one step.

        `posts` are output folder, topic and day of the posts that show an older version.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO revisions VALUES (?, ?, ?)",
                (paper.arxiv_id, paper.version, _PAPER.dump_json(paper).decode()),
            )
            connection.executemany(
                "UPDATE posts SET pending = 1 WHERE output_dir = ? AND post_date = ? AND topic = ? "
                "AND arxiv_id IN ('', ?)",
                [
                    (folder, day.isoformat(), encode_topic(topic), paper.arxiv_id)
                    for folder, topic, day in posts
                ],
            )

    def posted_between(self, since: date, until: date) -> tuple[str, ...]:
        """List the keys of the papers whose version is known and that were posted on these days,
        both included.
        """
        rows = self._database.rows(
            f"SELECT DISTINCT arxiv_id FROM ({_POSTED}) WHERE post_date BETWEEN ? AND ? AND version IS NOT NULL "
            "ORDER BY arxiv_id",
            (since.isoformat(), until.isoformat()),
        )
        return tuple(row["arxiv_id"] for row in rows)

    def was_checked(self, post_date: date) -> bool:
        """Return whether later versions were looked up for this day, and for none since."""
        return bool(
            self._database.rows(
                "SELECT 1 FROM revision_look_ups WHERE day = ?", (post_date.isoformat(),)
            )
        )

    def mark_checked(self, post_date: date) -> None:
        """Remember the day for which later versions were looked up last."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM revision_look_ups")
            connection.execute("INSERT INTO revision_look_ups VALUES (?)", (post_date.isoformat(),))

    def later_versions(self, topic: str, since: date, before: date) -> tuple[Paper, ...]:
        """List the later versions of papers that a topic posted from `since` on, and before the
        other day.

        Raises StoreError where a row is damaged.
        """
        rows = self._database.rows(
            "SELECT revisions.record FROM revisions JOIN outcomes USING (arxiv_id) WHERE outcomes.topic = ? "
            "AND outcomes.post_date >= ? AND outcomes.post_date < ? AND outcomes.version < revisions.version "
            "ORDER BY arxiv_id",
            (topic, since.isoformat(), before.isoformat()),
        )
        return tuple(read_record(_PAPER, row["record"], "a later version") for row in rows)

    def archive_entry(
        self, topic: str | None, arxiv_id: str, version: int | None, post_date: date
    ) -> None:
        """Keep the entry of another version for the earlier post where it stands.

        To be called in the transaction that puts this version, posted on this day, in its place.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO superseded "
                "SELECT topic, arxiv_id, outcomes.post_date, outcomes.version, entries.record "
                "FROM outcomes JOIN entries USING (topic, arxiv_id) WHERE topic = ? AND arxiv_id = ? "
                "AND outcomes.post_date <> ? AND outcomes.version <> ?",
                (encode_topic(topic), arxiv_id, post_date.isoformat(), version),
            )

    def post_records(self, key: PostKey) -> dict[str, str]:
        """Return the entries of a post as JSON, by their papers' keys: older versions where they
        were posted.
        """
        ids = (
            (key.arxiv_id,)
            if key.arxiv_id
            else self._outcomes.published_on(key.topic, key.post_date)
        )
        entries = {arxiv_id: self._entries.find(key.topic, arxiv_id) for arxiv_id in ids}
        standing = {arxiv_id: entry[1] for arxiv_id, entry in entries.items() if entry is not None}
        older = self._database.rows(
            "SELECT arxiv_id, record FROM superseded WHERE topic = ? AND post_date = ? AND ? IN ('', arxiv_id)",
            (encode_topic(key.topic), key.post_date.isoformat(), key.arxiv_id),
        )
        return standing | {row["arxiv_id"]: row["record"] for row in older}

    def earlier_post(self, topic: str | None, paper: Paper, before: date) -> EarlierPost | None:
        """Return the last post before this day that has an older version of a paper."""
        rows = self._database.rows(
            "SELECT post_date, version FROM superseded WHERE topic = ? AND arxiv_id = ? AND post_date < ? "
            "AND version < ? ORDER BY post_date DESC LIMIT 1",
            (encode_topic(topic), paper.arxiv_id, before.isoformat(), paper.version),
        )
        return (
            EarlierPost(rows[0]["version"], date.fromisoformat(rows[0]["post_date"]))
            if rows
            else None
        )
