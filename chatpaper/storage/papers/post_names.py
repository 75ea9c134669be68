"""The names of files in output folders, and what was written to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from chatpaper.storage.database import Database

# The topics and papers whose posts an output folder has had, oldest first: they keep the names that
# earlier versions gave them.
_UNNAMED = (
    "SELECT topic, arxiv_id FROM posts WHERE output_dir = :folder "
    "AND CASE topic WHEN '' THEN 'paper:' || arxiv_id ELSE 'topic:' || topic END "
    "NOT IN (SELECT subject FROM names WHERE output_dir = :folder) "
    "GROUP BY topic, CASE topic WHEN '' THEN arxiv_id END "
    "ORDER BY min(post_date), topic, arxiv_id"
)


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
        return self._database.fetch_value(
            str, "SELECT stem FROM files WHERE 'paper:' || arxiv_id = ?", (subject,)
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
