"""The licences of versions of papers in the database: known, known to be none (''), or still to be
asked for.
"""

from collections.abc import Iterable

from chatpaper.storage.database import Database
from chatpaper.storage.papers.posts import Posts

# The id of a paper and the number of its version.
Version = tuple[str, int | None]


class LicenseTable:
    """The licences in the database, by id and version."""

    def __init__(self, database: Database, posts: Posts) -> None:
        self._database = database
        self._posts = posts

    def expect(self, versions: Iterable[Version]) -> None:
        """Note versions whose licence is to be asked for; what is known of them stays."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO licenses (arxiv_id, version) VALUES (?, ?) ON CONFLICT DO NOTHING",
                list(versions),
            )

    def unresolved(self) -> tuple[Version, ...]:
        """List the versions whose licence is still to be asked for, those that were noted last
        first.
        """
        rows = self._database.rows(
            "SELECT arxiv_id, version FROM licenses WHERE license IS NULL ORDER BY rowid DESC"
        )
        return tuple((row["arxiv_id"], row["version"]) for row in rows)

    def record(self, version: Version, uri: str) -> None:
        """Keep the licence of a version, and mark the posts that show the paper as pending, in one
        step.
        """
        arxiv_id, number = version
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE licenses SET license = ? WHERE arxiv_id = ? AND version = ?",
                (uri, arxiv_id, number),
            )
            self._posts.mark_stale(arxiv_id)

    def find(self, arxiv_id: str, version: int | None) -> str | None:
        """Return the URI of a version's licence, '' where it has none, or None where nothing is
        known.
        """
        rows = self._database.rows(
            "SELECT license FROM licenses WHERE arxiv_id = ? AND version = ? AND license IS NOT NULL",
            (arxiv_id, version),
        )
        return str(rows[0]["license"]) if rows else None
