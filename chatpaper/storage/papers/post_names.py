"""What stands in output folders as far as the database knows: the names of files, and what was
written to them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chatpaper.storage.database import Database
from chatpaper.storage.rows import decode_topic

# Whose posts an output folder has had, oldest first: they keep the names that earlier versions gave
# them.
_UNNAMED = (
    "SELECT topic, arxiv_id FROM posts WHERE output_dir = :folder AND CASE topic WHEN '' THEN 'paper:' || arxiv_id "
    "ELSE 'topic:' || topic END NOT IN (SELECT subject FROM names WHERE output_dir = :folder) "
    "GROUP BY topic, CASE topic WHEN '' THEN arxiv_id END ORDER BY min(post_date), topic, arxiv_id"
)


@dataclass(frozen=True, slots=True)
class FileName:
    """A name of files, and the same as file systems compare it that do not tell capitals apart."""

    name: str
    folded: str


class PostNames:
    """The names in the database: of topics and papers by output folder, and what was written by
    path.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, folder: str, subject: str) -> str | None:
        """Return the name that a subject has in a folder."""
        rows = self._database.rows(
            "SELECT name FROM names WHERE output_dir = ? AND subject = ?", (folder, subject)
        )
        return str(rows[0]["name"]) if rows else None

    def claim(self, folder: str, subject: str, wanted: Iterable[FileName]) -> str | None:
        """Give a subject the first of these names that no other has, and return the name that it
        has.

        One that it has already stays. None where all are taken.
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

    def unnamed(self, folder: str) -> tuple[tuple[str | None, str], ...]:
        """List the topics and keys of the posts that a folder has had and that have no name yet,
        oldest first.
        """
        rows = self._database.rows(_UNNAMED, {"folder": folder})
        return tuple((decode_topic(row["topic"]), row["arxiv_id"]) for row in rows)

    def file_stem(self, subject: str) -> str | None:
        """Return the stem of the file that the paper of a subject came as."""
        rows = self._database.rows(
            "SELECT stem FROM files WHERE 'paper:' || arxiv_id = ?", (subject,)
        )
        return str(rows[0]["stem"]) if rows else None

    def has_content(self, path: str, digest: str) -> bool:
        """Return whether this content was written to a path last, or was being written."""
        return bool(
            self._database.rows(
                "SELECT 1 FROM written WHERE path = ? AND digest = ?", (path, digest)
            )
        )

    def has_path(self, path: str) -> bool:
        """Return whether it was ever noted what was written to a path."""
        return bool(self._database.rows("SELECT 1 FROM written WHERE path = ?", (path,)))

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
