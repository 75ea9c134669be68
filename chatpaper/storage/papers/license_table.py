"""The licences of versions of papers: known, known to be none, or still to be looked up."""

from collections.abc import Iterable

from chatpaper.storage.database import Database
from chatpaper.storage.papers.posts import Posts
from chatpaper.storage.rows import read_column

# The id of a paper and the number of its version.
Version = tuple[str, int | None]


class LicenseTable:
    """The licences of versions; recording one marks the posts that show the paper."""

    def __init__(self, database: Database, posts: Posts) -> None:
        self._database = database
        self._posts = posts

    def expect(self, versions: Iterable[Version]) -> None:
        """Note versions whose licence is to be looked up; what is known of them stays."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO licenses (arxiv_id, version) VALUES (?, ?) ON CONFLICT DO NOTHING",
                list(versions),
            )

    def unresolved(self, limit: int) -> tuple[Version, ...]:
        """List versions whose licence is still to be looked up, those noted last first."""
        rows = self._database.rows(
            "SELECT arxiv_id, version FROM licenses WHERE license IS NULL "
            "ORDER BY rowid DESC LIMIT ?",
            (limit,),
        )
        ids, versions = read_column(str, rows, "arxiv_id"), read_column(int, rows, "version")
        return tuple(zip(ids, versions, strict=True))

    def unresolved_among(self, versions: Iterable[Version]) -> tuple[Version, ...]:
        """List those of these versions whose licence is still to be looked up, last noted first."""
        found = {
            number: version
            for version in versions
            for number in self._database.fetch_column(
                int,
                "SELECT rowid FROM licenses WHERE arxiv_id = ? AND version = ? AND license IS NULL",
                version,
            )
        }
        return tuple(found[number] for number in sorted(found, reverse=True))

    def record(self, version: Version, uri: str) -> None:
        """Keep the licence of a version, and mark the posts that show the paper, in one step.

        The URI is empty for a version of which no licence can be known.
        """
        arxiv_id, number = version
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE licenses SET license = ? WHERE arxiv_id = ? AND version = ?",
                (uri, arxiv_id, number),
            )
            self._posts.mark_stale(arxiv_id)

    def find(self, arxiv_id: str, version: int | None) -> str | None:
        """Return the URI of a version's licence, "" where it has none, None where none is known."""
        return self._database.fetch_value(
            str,
            "SELECT license FROM licenses WHERE arxiv_id = ? AND version = ?",
            (arxiv_id, version),
        )
