"""The posts of output folders, and which of them are still to be written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from chatpaper.storage.database import Database
from chatpaper.storage.rows import encode_topic, read_rows


@dataclass(frozen=True, slots=True)
class PostKey:
    """Names one post: of a topic and day, or (with `arxiv_id`) of one paper.

    The topic is None for a paper that was summarized for none.
    """

    output_dir: str
    topic: str | None
    arxiv_id: str
    post_date: date
    format: str


_POST = TypeAdapter(PostKey)


class Posts:
    """The posts in the database: pending from when their papers are settled until their files are
    on disk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self) -> tuple[PostKey, ...]:
        """Posts whose papers are settled but whose files may not be on disk."""
        return read_rows(
            _POST,
            self._database.rows("SELECT * FROM posts WHERE pending ORDER BY post_date, topic"),
        )

    def since(self, since: date | None) -> tuple[PostKey, ...]:
        """All posts from a day on, or all there are."""
        rows = self._database.rows(
            "SELECT * FROM posts WHERE post_date >= ? ORDER BY post_date, topic, arxiv_id, format",
            (since.isoformat() if since else "",),
        )
        return read_rows(_POST, rows)

    def contains(self, post: PostKey) -> bool:
        """Whether that post was ever to be written."""
        query = "SELECT 1 FROM posts WHERE output_dir = ? AND topic = ? AND arxiv_id = ? AND post_date = ? AND format = ?"
        return bool(self._database.rows(query, _post_values(post)))

    def mark_pending(self, posts: Iterable[PostKey]) -> None:
        """Mark posts that are to be written because of what became of their papers."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO posts VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET pending = 1",
                [_post_values(post) for post in posts],
            )

    def mark_stale(self, arxiv_id: str) -> None:
        """Mark the posts in which a paper stands as to be written again."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE posts SET pending = 1 WHERE EXISTS (SELECT 1 FROM outcomes WHERE outcomes.arxiv_id = ? "
                "AND outcomes.topic = posts.topic AND outcomes.post_date = posts.post_date "
                "AND posts.arxiv_id IN ('', outcomes.arxiv_id))",
                (arxiv_id,),
            )

    def mark_written(self, post: PostKey) -> None:
        """Mark a post as one whose files are on disk."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO posts VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET pending = 0",
                _post_values(post),
            )


def _post_values(post: PostKey) -> tuple[str, str, str, str, str]:
    return (
        post.output_dir,
        encode_topic(post.topic),
        post.arxiv_id,
        post.post_date.isoformat(),
        post.format,
    )
