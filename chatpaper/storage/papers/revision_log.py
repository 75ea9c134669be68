"""Later versions of posted papers, and the entries of older versions that earlier posts keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chatpaper.domain import EarlierPost, Paper, PostEntry
from chatpaper.storage.database import Database
from chatpaper.storage.papers.entries import Entries
from chatpaper.storage.papers.outcomes import Outcomes
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.rows import encode_topic, read_record, write_record

# Where a paper is posted: its latest version, and older versions that earlier posts keep.
# Each half has the condition: SQLite does not carry it into a union, and would read all of both.
_POSTED = (
    "SELECT topic, arxiv_id, post_date, version FROM outcomes "
    "WHERE post_date IS NOT NULL AND {condition} "
    "UNION SELECT topic, arxiv_id, post_date, version FROM superseded WHERE {condition}"
)


@dataclass(frozen=True, slots=True)
class PostedVersion:
    """The version of a paper in the posts of a topic and day; None where it is not known."""

    topic: str | None
    post_date: date
    version: int | None


class RevisionLog:
    """The newest versions of posted papers, and what earlier posts show of older ones."""

    def __init__(self, database: Database, outcomes: Outcomes, entries: Entries) -> None:
        self._database = database
        self._outcomes = outcomes
        self._entries = entries

    def newest(self, arxiv_id: str) -> Paper | None:
        """Return the newest version that was recorded.

        Raises StoreError where its row is damaged.
        """
        record = self._database.fetch_value(
            str, "SELECT record FROM revisions WHERE arxiv_id = ?", (arxiv_id,)
        )
        return None if record is None else read_record(Paper, record, arxiv_id)

    def posted_versions(self, arxiv_id: str) -> tuple[PostedVersion, ...]:
        """List where a paper is posted, with the version that is shown there."""
        return self._database.fetch_all(
            PostedVersion, _POSTED.format(condition="arxiv_id = :id"), {"id": arxiv_id}
        )

    def output_folders(self, topic: str | None, post_date: date) -> tuple[str, ...]:
        """List the output folders that have had posts of a topic and day."""
        return self._database.fetch_column(
            str,
            "SELECT DISTINCT output_dir FROM posts WHERE topic = ? AND post_date = ?",
            (encode_topic(topic), post_date.isoformat()),
        )

    def record(self, paper: Paper, posts: Iterable[tuple[str, str | None, date]] = ()) -> None:
        """Keep a paper as its newest version, and mark its posts as pending, in one step.

        `posts` are output folder, topic and day of the posts that show an older version.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO revisions VALUES (?, ?, ?)",
                (paper.arxiv_id, paper.version, write_record(paper)),
            )
            connection.executemany(
                "UPDATE posts SET pending = 1 WHERE output_dir = ? AND post_date = ? "
                "AND topic = ? AND arxiv_id IN ('', ?)",
                [
                    (folder, day.isoformat(), encode_topic(topic), paper.arxiv_id)
                    for folder, topic, day in posts
                ],
            )

    def posted_between(self, since: date, until: date) -> tuple[str, ...]:
        """List the ids of the papers of known version that were posted from `since` to `until`."""
        posted = _POSTED.format(
            condition="post_date BETWEEN :since AND :until AND version IS NOT NULL"
        )
        return self._database.fetch_column(
            str,
            f"SELECT DISTINCT arxiv_id FROM ({posted}) ORDER BY arxiv_id",
            {"since": since.isoformat(), "until": until.isoformat()},
        )

    def was_checked(self, post_date: date) -> bool:
        """Return whether this is the day for which later versions were looked up last."""
        return self._database.exists(
            "SELECT 1 FROM revision_look_ups WHERE day = ?", (post_date.isoformat(),)
        )

    def mark_checked(self, post_date: date) -> None:
        """Remember the day for which later versions were looked up last."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM revision_look_ups")
            connection.execute("INSERT INTO revision_look_ups VALUES (?)", (post_date.isoformat(),))

    def later_versions(self, topic: str, since: date, before: date) -> tuple[Paper, ...]:
        """List the later versions of papers that a topic posted from `since` until before a day.

        Raises StoreError where a row is damaged.
        """
        records = self._database.fetch_column(
            str,
            "SELECT revisions.record FROM revisions JOIN outcomes USING (arxiv_id) "
            "WHERE outcomes.topic = ? AND outcomes.post_date >= ? AND outcomes.post_date < ? "
            "AND outcomes.version < revisions.version ORDER BY arxiv_id",
            (topic, since.isoformat(), before.isoformat()),
        )
        return tuple(read_record(Paper, record, "a later version") for record in records)

    def archive_entry(
        self, topic: str | None, arxiv_id: str, version: int | None, post_date: date
    ) -> None:
        """Keep a paper's entry for the earlier post that shows it, if it is of another version.

        To be called in the transaction that replaces the entry by that of `version`, which is
        posted on `post_date`.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO superseded "
                "SELECT topic, arxiv_id, outcomes.post_date, outcomes.version, entries.record "
                "FROM outcomes JOIN entries USING (topic, arxiv_id) "
                "WHERE topic = ? AND arxiv_id = ? "
                "AND outcomes.post_date <> ? AND outcomes.version <> ?",
                (encode_topic(topic), arxiv_id, post_date.isoformat(), version),
            )

    def post_entries(self, key: PostKey) -> dict[str, PostEntry]:
        """Return the entries of a post by paper, older versions where those were posted.

        Raises StoreError where a row is damaged.
        """
        ids = (
            (key.arxiv_id,)
            if key.arxiv_id
            else self._outcomes.published_on(key.topic, key.post_date)
        )
        latest = {arxiv_id: self._entries.find(key.topic, arxiv_id) for arxiv_id in ids}
        older = self._database.rows(
            "SELECT arxiv_id, record FROM superseded "
            "WHERE topic = ? AND post_date = ? AND ? IN ('', arxiv_id)",
            (encode_topic(key.topic), key.post_date.isoformat(), key.arxiv_id),
        )
        return {arxiv_id: entry for arxiv_id, entry in latest.items() if entry is not None} | {
            row["arxiv_id"]: read_record(PostEntry, row["record"], row["arxiv_id"]) for row in older
        }

    def earlier_post(self, topic: str | None, paper: Paper, before: date) -> EarlierPost | None:
        """Return the last post before this day that has an older version of a paper."""
        return self._database.fetch_one(
            EarlierPost,
            "SELECT version, post_date AS date FROM superseded WHERE topic = ? AND arxiv_id = ? "
            "AND post_date < ? AND version < ? ORDER BY post_date DESC LIMIT 1",
            (encode_topic(topic), paper.arxiv_id, before.isoformat(), paper.version),
        )
