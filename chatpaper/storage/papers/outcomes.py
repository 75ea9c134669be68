"""What became of papers, by topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from chatpaper.storage.database import Database
from chatpaper.storage.papers.posts import PostKey, Posts
from chatpaper.storage.rows import encode_topic

Status = Literal["published", "excluded", "failed", "queued"]

# The stage of papers that a person excluded. With no topic the exclusion holds for all of them.
FORGOTTEN = "forgotten"
# That of papers for which there was no room on their night, since others had better scores.
CUT = "cut"

# Without the name of the index SQLite reads all papers of a topic, since these are in order.
_BY_POST_DATE = "outcomes INDEXED BY outcomes_by_date"
# There are few topics, each with many papers: one after the other is looked for in the index.
_TOPICS = (
    "WITH RECURSIVE topics (topic) AS ("
    "SELECT min(topic) FROM outcomes WHERE topic > '' "
    "UNION ALL SELECT (SELECT min(topic) FROM outcomes WHERE topic > topics.topic) "
    "FROM topics WHERE topic IS NOT NULL) "
    "SELECT topic FROM (SELECT topic, (SELECT min(post_date) FROM outcomes "
    "WHERE outcomes.topic = topics.topic AND post_date IS NOT NULL) AS since "
    "FROM topics WHERE topic IS NOT NULL) ORDER BY since IS NOT NULL, since DESC"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a paper in a topic, or (with None) of one that was asked for alone.

    `night` is the post date of the run that says so, in whose history the paper then stands.
    `attempts` counts the nights on which it failed for a reason of its own; it is not tried again
    before `next_try`. `asked` is a digest of the service, model and key that were asked then.
    `ranking` is, as JSON, what a paper that was cut was worth to its reader.
    """

    topic: str | None
    arxiv_id: str
    version: int | None
    status: Status
    stage: str = ""
    reason: str = ""
    attempts: int = 0
    post_date: date | None = None
    night: date | None = None
    next_try: date | None = None
    asked: str = ""
    ranking: str = ""


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many papers of a topic have a status."""

    topic: str | None
    status: Status
    papers: int


def describe_attempts(attempts: int) -> str:
    """Count attempts in words."""
    return "1 attempt" if attempts == 1 else f"{attempts} attempts"


class Outcomes:
    """The outcomes of papers; recording them marks the posts that are to be written."""

    def __init__(self, database: Database, posts: Posts) -> None:
        self._database = database
        self._posts = posts

    def find(self, topic: str | None, arxiv_id: str) -> Outcome | None:
        """Return what became of a paper in a topic so far."""
        return self._database.fetch_one(
            Outcome,
            "SELECT * FROM outcomes WHERE topic = ? AND arxiv_id = ?",
            (encode_topic(topic), arxiv_id),
        )

    def unfinished(self, topic: str) -> tuple[Outcome, ...]:
        """List the papers of a topic that failed or were left for another run, oldest first."""
        return self._database.fetch_all(
            Outcome,
            "SELECT * FROM outcomes WHERE topic = ? AND status IN ('failed', 'queued') "
            "ORDER BY updated, arxiv_id",
            (topic,),
        )

    def all_unfinished(self) -> tuple[Outcome, ...]:
        """List the papers of all topics that failed or were left for another run."""
        return self._database.fetch_all(
            Outcome,
            "SELECT * FROM outcomes WHERE status IN ('failed', 'queued') "
            "ORDER BY topic, updated, arxiv_id",
        )

    def exhausted(self, attempts: int) -> tuple[Outcome, ...]:
        """List the papers of all topics that were given up after so many attempts."""
        return self._database.fetch_all(
            Outcome,
            "SELECT * FROM outcomes WHERE status = 'excluded' AND attempts >= ? "
            "ORDER BY topic, updated, arxiv_id",
            (attempts,),
        )

    def unsettled(self, arxiv_id: str, attempts: int) -> tuple[Outcome, ...]:
        """List where a paper failed, waits, or was given up after so many attempts, by topic."""
        return self._database.fetch_all(
            Outcome,
            "SELECT * FROM outcomes WHERE arxiv_id = ? AND (status IN ('failed', 'queued') "
            "OR (status = 'excluded' AND attempts >= ?)) ORDER BY topic",
            (arxiv_id, attempts),
        )

    def published_on(self, topic: str | None, post_date: date) -> tuple[str, ...]:
        """List the ids of the papers in the post of a topic and day."""
        return self._database.fetch_column(
            str,
            f"SELECT arxiv_id FROM {_BY_POST_DATE} WHERE topic = ? AND post_date = ? "
            "ORDER BY arxiv_id",
            (encode_topic(topic), post_date.isoformat()),
        )

    def cut_on(self, topic: str, night: date) -> tuple[Outcome, ...]:
        """List the papers of a topic for which there was no room on a night, by their ids."""
        return self._database.fetch_all(
            Outcome,
            "SELECT * FROM outcomes INDEXED BY outcomes_cut "
            f"WHERE topic = ? AND night = ? AND stage = '{CUT}' ORDER BY arxiv_id",
            (topic, night.isoformat()),
        )

    def published_between(self, topic: str, since: date, until: date) -> tuple[str, ...]:
        """List the ids of the papers in the posts of a topic from one day to another."""
        return self._database.fetch_column(
            str,
            f"SELECT arxiv_id FROM {_BY_POST_DATE} WHERE topic = ? AND post_date BETWEEN ? AND ? "
            "ORDER BY arxiv_id",
            (topic, since.isoformat(), until.isoformat()),
        )

    def topics(self) -> tuple[str, ...]:
        """List the topics in which papers were found, those that were followed last first.

        A topic is followed since its first post; those that have none come first.
        """
        return self._database.fetch_column(str, _TOPICS)

    def ids(self, status: Status) -> tuple[str, ...]:
        """List the ids of the papers with a status in some topic, those recorded last first."""
        return self._database.fetch_column(
            str,
            "SELECT arxiv_id FROM outcomes WHERE status = ? GROUP BY arxiv_id "
            "ORDER BY max(rowid) DESC",
            (status,),
        )

    def counts(self) -> tuple[StatusCount, ...]:
        """Count the papers of each topic and status."""
        return self._database.fetch_all(
            StatusCount,
            "SELECT topic, status, count(*) AS papers FROM outcomes GROUP BY topic, status "
            "ORDER BY topic, status",
        )

    def set_version(self, arxiv_id: str, version: int | None) -> None:
        """Record the version of a paper whose outcomes were recorded before it was known."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE outcomes SET version = ? WHERE arxiv_id = ? AND version IS NULL",
                (version, arxiv_id),
            )

    def record(self, outcomes: Sequence[Outcome], posts: Sequence[PostKey], now: datetime) -> None:
        """Record what became of papers, and mark the posts to be written for it, in one step."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO outcomes (topic, arxiv_id, version, status, stage, reason, attempts, "
                "post_date, night, next_try, asked, ranking, updated) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "version = excluded.version, status = excluded.status, stage = excluded.stage, "
                "reason = excluded.reason, attempts = excluded.attempts, "
                "post_date = excluded.post_date, night = excluded.night, "
                "next_try = excluded.next_try, asked = excluded.asked, "
                "ranking = excluded.ranking, updated = excluded.updated",
                [(*_columns(outcome), now.isoformat()) for outcome in outcomes],
            )
            self._posts.mark_pending(posts)


def _columns(outcome: Outcome) -> tuple[object, ...]:
    return (
        encode_topic(outcome.topic),
        outcome.arxiv_id,
        outcome.version,
        outcome.status,
        outcome.stage,
        outcome.reason,
        outcome.attempts,
        _iso(outcome.post_date),
        _iso(outcome.night),
        _iso(outcome.next_try),
        outcome.asked,
        outcome.ranking,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
