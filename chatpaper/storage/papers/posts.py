"""The posts of output folders, and which of them are still to be written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chatpaper.storage.database import Database
from chatpaper.storage.rows import encode_topic


@dataclass(frozen=True, slots=True)
class PostKey:
    """What identifies a post: the one of a topic and day, or (with `arxiv_id`) one of a paper.

    `arxiv_id` is empty for a post of a topic and day; `topic` is None for a paper that was
    summarized for none.
    """

    output_dir: str
    topic: str | None
    arxiv_id: str
    post_date: date
    format: str


class Posts:
    """Posts: pending from when their papers are settled until their files are on disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self) -> tuple[PostKey, ...]:
        """List the posts whose papers are settled but whose files may not be on disk."""
        return self._database.fetch_all(
            PostKey, "SELECT * FROM posts WHERE pending ORDER BY post_date, topic"
        )

    def since(self, since: date | None) -> tuple[PostKey, ...]:
        """List the posts from a day on, or all there are."""
        return self._database.fetch_all(
            PostKey,
            "SELECT * FROM posts WHERE post_date >= ? ORDER BY post_date, topic, arxiv_id, format",
            (since.isoformat() if since else "",),
        )

    def contains(self, post: PostKey) -> bool:
        """Return whether a post was ever to be written."""
        return self._database.exists(
            "SELECT 1 FROM posts WHERE output_dir = ? AND topic = ? AND arxiv_id = ? "
            "AND post_date = ? AND format = ?",
            _columns(post),
        )

    def mark_pending(self, posts: Iterable[PostKey]) -> None:
        """Mark posts as to be written."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO posts VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET pending = 1",
                [_columns(post) for post in posts],
            )

    def mark_stale(self, arxiv_id: str) -> None:
        """Mark the posts that show a paper as to be written again."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE posts SET pending = 1 WHERE rowid IN (SELECT posts.rowid FROM outcomes "
                "CROSS JOIN posts USING (topic, post_date) WHERE outcomes.arxiv_id = ? "
                "AND posts.arxiv_id IN ('', outcomes.arxiv_id))",
                (arxiv_id,),
            )

    def mark_written(self, post: PostKey) -> None:
        """Mark a post as one whose files are on disk."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO posts VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET pending = 0",
                _columns(post),
            )


def _columns(post: PostKey) -> tuple[str, str, str, str, str]:
    return (
        post.output_dir,
        encode_topic(post.topic),
        post.arxiv_id,
        post.post_date.isoformat(),
        post.format,
    )
