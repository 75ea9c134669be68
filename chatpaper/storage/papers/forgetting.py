"""Delete what the database holds of papers and posts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chatpaper.domain.overviews.overview import OVERVIEW
from chatpaper.storage.database import Database
from chatpaper.storage.papers.outcomes import CUT
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.rows import encode_topic

# Where papers were found, or stand in a post; an earlier version may stand in one of its own.
# Each half has the condition: SQLite does not carry it into a union, and would read all of both.
_SHOWN = (
    "SELECT topic, arxiv_id, post_date FROM outcomes WHERE {condition} "
    "UNION SELECT topic, arxiv_id, post_date FROM superseded WHERE {condition}"
)
# A post also names the papers of its night that there was no room for.
_NAMED = (
    f"{_SHOWN} UNION SELECT topic, arxiv_id, night FROM outcomes WHERE {{condition}} "
    f"AND stage = '{CUT}'"
)
_IS_LEFT = (
    "EXISTS (SELECT 1 FROM outcomes WHERE arxiv_id = :id) "
    "OR EXISTS (SELECT 1 FROM superseded WHERE arxiv_id = :id)"
)
# What is known of a paper, in whatever topic.
_OF_PAPER = (
    "DELETE FROM papers WHERE arxiv_id = :id",
    "DELETE FROM marks WHERE arxiv_id = :id",
    "DELETE FROM library_papers WHERE arxiv_id = :id",
    "DELETE FROM revisions WHERE arxiv_id = :id",
    "DELETE FROM licenses WHERE arxiv_id = :id",
    "DELETE FROM files WHERE arxiv_id = :id",
    "DELETE FROM completions WHERE arxiv_id = :id",
    # Answers about several papers may speak of this one.
    f"DELETE FROM completions WHERE arxiv_id = '{OVERVIEW}'",
    "DELETE FROM batch_requests WHERE arxiv_id = :id",
    "DELETE FROM names WHERE subject = 'paper:' || :id",
    "DELETE FROM notices WHERE subject = :id",
    "DELETE FROM backfill_papers WHERE arxiv_id = :id",
    "DELETE FROM deliveries WHERE subject = :id",
    "UPDATE nights SET newest_id = '' WHERE newest_id = :id",
    # What was paid stays in the accounts, under a name that tells nothing.
    (
        "UPDATE calls SET arxiv_id = (SELECT 'forgotten-' || lower(hex(randomblob(4)))) "
        "WHERE arxiv_id = :id"
    ),
)


@dataclass(frozen=True, slots=True)
class Showing:
    """A paper in a topic (None: by itself), and the day of the post that shows it, if any does."""

    topic: str | None
    arxiv_id: str
    post_date: date | None


class Forgetting:
    """Finds and deletes all that there is of papers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def showings_of_paper(self, arxiv_id: str) -> tuple[Showing, ...]:
        """List where a paper was found, and the posts that show it."""
        return self._database.fetch_all(
            Showing,
            _SHOWN.format(condition="arxiv_id = :id") + " ORDER BY topic, post_date",
            {"id": arxiv_id},
        )

    def showings_of_post(self, topic: str | None, post_date: date) -> tuple[Showing, ...]:
        """List the papers that the post of a topic and day shows."""
        return self._database.fetch_all(
            Showing,
            # Without the sign SQLite reads all papers of the topic, since these are in order.
            _SHOWN.format(condition="+topic = :topic AND post_date = :day") + " ORDER BY arxiv_id",
            {"topic": encode_topic(topic), "day": post_date.isoformat()},
        )

    def posts_with(self, showings: Iterable[Showing]) -> tuple[PostKey, ...]:
        """List the posts of the topics of papers that name the papers, on whatever day."""
        shown = _NAMED.format(condition="topic = :topic AND arxiv_id = :id")
        found: dict[PostKey, None] = {}
        for topic, arxiv_id in dict.fromkeys((each.topic, each.arxiv_id) for each in showings):
            found |= dict.fromkeys(
                self._database.fetch_all(
                    PostKey,
                    f"SELECT DISTINCT posts.* FROM posts JOIN ({shown}) AS shown "
                    "USING (topic, post_date) WHERE posts.arxiv_id IN ('', shown.arxiv_id) "
                    "ORDER BY post_date, format",
                    {"topic": encode_topic(topic), "id": arxiv_id},
                )
            )
        return tuple(found)

    def delete(self, showings: Sequence[Showing]) -> None:
        """Delete papers where they are shown, and all else of those that nothing shows any more."""
        with self._database.transaction() as connection:
            for showing in showings:
                place = {
                    "topic": encode_topic(showing.topic),
                    "id": showing.arxiv_id,
                    "day": showing.post_date.isoformat() if showing.post_date else None,
                }
                for table in ("outcomes", "superseded"):
                    connection.execute(
                        f"DELETE FROM {table} WHERE topic = :topic AND arxiv_id = :id "
                        "AND post_date IS :day",
                        place,
                    )
                connection.execute(
                    "DELETE FROM entries WHERE topic = :topic AND arxiv_id = :id AND NOT EXISTS "
                    "(SELECT 1 FROM outcomes AS o WHERE o.topic = :topic AND o.arxiv_id = :id)",
                    place,
                )
                connection.execute(
                    "DELETE FROM night_papers WHERE topic = :topic AND arxiv_id = :id "
                    "AND (post_date = :day OR NOT EXISTS "
                    "(SELECT 1 FROM outcomes AS o WHERE o.topic = :topic AND o.arxiv_id = :id))",
                    place,
                )
            for arxiv_id in dict.fromkeys(showing.arxiv_id for showing in showings):
                if not self._database.exists(f"SELECT 1 WHERE {_IS_LEFT}", {"id": arxiv_id}):
                    for statement in _OF_PAPER:
                        connection.execute(statement, {"id": arxiv_id})

    def delete_post(self, post: PostKey, paths: Iterable[str]) -> None:
        """Delete a post that shows nothing any more, and what was noted of its files."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM posts WHERE output_dir = ? AND topic = ? AND arxiv_id = ? "
                "AND post_date = ? AND format = ?",
                (
                    post.output_dir,
                    encode_topic(post.topic),
                    post.arxiv_id,
                    post.post_date.isoformat(),
                    post.format,
                ),
            )
            connection.executemany("DELETE FROM written WHERE path = ?", [(p,) for p in paths])
