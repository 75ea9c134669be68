"""The names of files in output folders, and what was written to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from chatpaper.storage.database import Database

# The topics and papers whose posts an output folder has had, oldest first: they keep the names that
# earlier versions gave them.
# A folder has few topics, each with a post a day: one after the other is looked for in the index.
_UNNAMED = (
    "WITH RECURSIVE topics (topic) AS ("
    "SELECT min(topic) FROM posts WHERE output_dir = :folder AND topic > '' "
    "UNION ALL SELECT (SELECT min(topic) FROM posts "
    "WHERE output_dir = :folder AND topic > topics.topic) "
    "FROM topics WHERE topic IS NOT NULL) "
    "SELECT topic, arxiv_id FROM ("
    "SELECT posts.topic, posts.arxiv_id, min(posts.post_date) AS first FROM topics "
    "CROSS JOIN posts USING (topic) WHERE output_dir = :folder AND NOT EXISTS (SELECT 1 FROM names "
    "WHERE output_dir = :folder AND subject = 'topic:' || topics.topic) GROUP BY posts.topic "
    "UNION ALL SELECT posts.topic, posts.arxiv_id, min(posts.post_date) AS first FROM posts "
    "WHERE output_dir = :folder AND topic = '' AND NOT EXISTS (SELECT 1 FROM names "
    "WHERE names.output_dir = :folder AND subject = 'paper:' || posts.arxiv_id) "
    "GROUP BY posts.arxiv_id) ORDER BY first, topic, arxiv_id"
)
_PAPER = "paper:"


@dataclass(frozen=True, slots=True)
class FileName:
    """A file name, also in the form in which case-insensitive file systems compare it."""

    name: str
    folded: str


@dataclass(frozen=True, slots=True)
class UnnamedPost:
    """The topic or, where that is None, the paper of a post whose files were never given a name."""

    topic: str | None
    arxiv_id: str


class PostNames:
    """The names of topics and papers by output folder, and digests of what was written by path."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, folder: str, subject: str) -> str | None:
        """Return the name that a subject has in a folder."""
        return self._database.fetch_value(
            str, "SELECT name FROM names WHERE output_dir = ? AND subject = ?", (folder, subject)
        )

    def claim(self, folder: str, subject: str, wanted: Iterable[FileName]) -> str | None:
        """Give a subject the first of these names that is free, and return the name that it has.

        A name that it has already stays. None where all are taken.
        """
        with self._database.transaction() as connection:
            for each in wanted:
                connection.execute(
                    "INSERT INTO names VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (folder, subject, each.name, each.folded),
                )
                if (name := self.find(folder, subject)) is not None:
                    return name
        return None

    def unnamed(self, folder: str) -> tuple[UnnamedPost, ...]:
        """List what the posts of a folder are about that have no name yet, oldest first."""
        return self._database.fetch_all(UnnamedPost, _UNNAMED, {"folder": folder})

    def file_stem(self, subject: str) -> str | None:
        """Return the stem of the file that the paper of a subject came as."""
        if not subject.startswith(_PAPER):
            return None
        return self._database.fetch_value(
            str, "SELECT stem FROM files WHERE arxiv_id = ?", (subject.removeprefix(_PAPER),)
        )

    def has_content(self, path: str, digest: str) -> bool:
        """Return whether this content was written to a path last, or was being written."""
        return self._database.exists(
            "SELECT 1 FROM written WHERE path = ? AND digest = ?", (path, digest)
        )

    def has_path(self, path: str) -> bool:
        """Return whether it was ever noted what was written to a path."""
        return self._database.exists("SELECT 1 FROM written WHERE path = ?", (path,))

    def add_content(self, path: str, digest: str) -> None:
        """Note what is about to be written to a path, beside what stands there."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO written VALUES (?, ?) ON CONFLICT DO NOTHING", (path, digest)
            )

    def keep_content(self, path: str, digest: str) -> None:
        """Forget what stood at a path before this was written."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM written WHERE path = ? AND digest <> ?", (path, digest))
