"""Papers as they stand in the posts of topics, and their metadata until they do."""

from dataclasses import dataclass
from datetime import date

from chatpaper.domain import PostEntry
from chatpaper.storage.database import Database
from chatpaper.storage.rows import decode_topic, encode_topic, read_record, write_record
from chatpaper.storage.search_index import SearchIndex


class PaperRecords:
    """The metadata of papers by their ids, as JSON: what they were offered with by their source."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, arxiv_id: str, version: int | None, record: str) -> None:
        """Remember the metadata of a paper, as JSON."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO papers VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
                "version = excluded.version, record = excluded.record",
                (arxiv_id, version, record),
            )

    def find(self, arxiv_id: str) -> str | None:
        """Return the metadata of a paper, as JSON."""
        return self._database.fetch_value(
            str, "SELECT record FROM papers WHERE arxiv_id = ?", (arxiv_id,)
        )

    def recent(self, topic: str, before: date, most: int) -> tuple[str, ...]:
        """List the metadata, as JSON, of papers of a topic's nights before a day, newest first."""
        return self._database.fetch_column(
            str,
            "SELECT papers.record FROM night_papers AS n JOIN papers USING (arxiv_id) "
            "WHERE n.topic = ? AND n.post_date < ? ORDER BY n.post_date DESC, n.arxiv_id LIMIT ?",
            (topic, before.isoformat(), most),
        )

    def provisional(self, since: date) -> tuple[str, ...]:
        """List the provisional metadata, as JSON, of papers that were published from a day on."""
        return self._database.fetch_column(
            str,
            "SELECT DISTINCT record FROM papers JOIN outcomes USING (arxiv_id) "
            "WHERE outcomes.status = 'published' AND outcomes.post_date >= ? "
            "AND json_extract(record, '$.provisional') ORDER BY arxiv_id",
            (since.isoformat(),),
        )


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """The entry of a paper in a topic, and the recipe by which it was made.

    The recipe digests what shapes an entry besides its paper and its answers: entries of another
    recipe are not used for new posts.
    """

    topic: str | None
    recipe: str
    entry: PostEntry


class Entries:
    """The entries of papers by topic; the search index follows them."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._index = index

    def save(self, topic: str | None, recipe: str, entry: PostEntry) -> None:
        """Keep a paper as it stands in the posts of a topic, and index it, in one step."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)",
                (encode_topic(topic), entry.paper.arxiv_id, recipe, write_record(entry)),
            )
            self._index.add(topic, entry)

    def find(self, topic: str | None, arxiv_id: str) -> PostEntry | None:
        """Return the entry of a paper in a topic."""
        record = self._database.fetch_value(
            str,
            "SELECT record FROM entries WHERE topic = ? AND arxiv_id = ?",
            (encode_topic(topic), arxiv_id),
        )
        return None if record is None else read_record(PostEntry, record, arxiv_id)

    def contains(self, topic: str | None, arxiv_id: str) -> bool:
        """Return whether a paper has an entry in a topic."""
        return self._database.exists(
            "SELECT 1 FROM entries WHERE topic = ? AND arxiv_id = ?",
            (encode_topic(topic), arxiv_id),
        )

    def of_recipe(self, recipe: str, arxiv_id: str) -> tuple[PostEntry, ...]:
        """List the entries of a paper in all topics that were made by a recipe."""
        records = self._database.fetch_column(
            str,
            "SELECT record FROM entries WHERE arxiv_id = ? AND recipe = ? ORDER BY topic",
            (arxiv_id, recipe),
        )
        return tuple(read_record(PostEntry, record, arxiv_id) for record in records)

    def of_paper(self, arxiv_id: str) -> tuple[StoredEntry, ...]:
        """List the entries of a paper in all topics."""
        rows = self._database.rows(
            "SELECT topic, recipe, record FROM entries WHERE arxiv_id = ?", (arxiv_id,)
        )
        return tuple(
            StoredEntry(
                decode_topic(row["topic"]),
                row["recipe"],
                read_record(PostEntry, row["record"], arxiv_id),
            )
            for row in rows
        )
