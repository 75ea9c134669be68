"""Papers as they stand in the posts of topics, and their metadata until they do."""

from datetime import date

from chatpaper.storage.database import Database
from chatpaper.storage.rows import decode_topic, encode_topic


class PaperRecords:
    """The metadata of papers in the database, as JSON, by their keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, arxiv_id: str, version: int | None, record: str) -> None:
        """Remember the metadata of a paper, as JSON."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO papers VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version, "
                "record = excluded.record",
                (arxiv_id, version, record),
            )

    def find(self, arxiv_id: str) -> str | None:
        """The metadata of a paper, as JSON."""
        rows = self._database.rows("SELECT record FROM papers WHERE arxiv_id = ?", (arxiv_id,))
        return str(rows[0]["record"]) if rows else None

    def provisional(self, since: date) -> tuple[str, ...]:
        """List the metadata, as JSON, of papers published from a day on whose record is
        provisional.
        """
        rows = self._database.rows(
            "SELECT DISTINCT record FROM papers JOIN outcomes USING (arxiv_id) WHERE outcomes.status = 'published' "
            "AND outcomes.post_date >= ? AND json_extract(record, '$.provisional') ORDER BY arxiv_id",
            (since.isoformat(),),
        )
        return tuple(row["record"] for row in rows)


class Entries:
    """The entries of papers in the database, as JSON, by topic; each with the recipe that made it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, topic: str | None, arxiv_id: str, recipe: str, record: str) -> None:
        """Keep a paper as it stands in the post of a topic, as JSON."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)",
                (encode_topic(topic), arxiv_id, recipe, record),
            )

    def find(self, topic: str | None, arxiv_id: str) -> tuple[str, str] | None:
        """The recipe and the JSON of a paper's entry in a topic."""
        rows = self._database.rows(
            "SELECT recipe, record FROM entries WHERE topic = ? AND arxiv_id = ?",
            (encode_topic(topic), arxiv_id),
        )
        return (str(rows[0]["recipe"]), str(rows[0]["record"])) if rows else None

    def of_paper(self, arxiv_id: str) -> tuple[tuple[str, str], ...]:
        """The recipes and the JSON of all entries of a paper, whatever the topic."""
        rows = self._database.rows(
            "SELECT recipe, record FROM entries WHERE arxiv_id = ? ORDER BY topic", (arxiv_id,)
        )
        return tuple((str(row["recipe"]), str(row["record"])) for row in rows)

    def by_topic(self, arxiv_id: str) -> tuple[tuple[str | None, str, str], ...]:
        """List topic, recipe and JSON of all entries of a paper."""
        rows = self._database.rows(
            "SELECT topic, recipe, record FROM entries WHERE arxiv_id = ?", (arxiv_id,)
        )
        return tuple((decode_topic(row["topic"]), row["recipe"], row["record"]) for row in rows)
