"""What became of papers, by topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import TypeAdapter

from chatpaper.storage.database import Database
from chatpaper.storage.papers.posts import PostKey, Posts
from chatpaper.storage.rows import encode_topic, read_row, read_rows

Status = Literal["published", "excluded", "failed", "queued"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a paper in a topic, or (with None) of one that was asked for alone.

    `night` is the post date of the run that says so, in whose ledger the paper then stands.
    `attempts` counts the nights on which it failed for a reason of its own; it is not tried again
    before `next_try`. `asked` is a digest of the service, model and key that were asked then.
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


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many papers of a topic stand at a status."""

    topic: str | None
    status: Status
    papers: int


_OUTCOME = TypeAdapter(Outcome)
_COUNT = TypeAdapter(StatusCount)


class Outcomes:
    """The outcomes in the database; those that concern posts mark them in the same step."""

    def __init__(self, database: Database, posts: Posts) -> None:
        self._database = database
        self._posts = posts

    def find(self, topic: str | None, arxiv_id: str) -> Outcome | None:
        """What became of a paper in a topic so far."""
        rows = self._database.rows(
            "SELECT * FROM outcomes WHERE topic = ? AND arxiv_id = ?",
            (encode_topic(topic), arxiv_id),
        )
        return read_row(_OUTCOME, rows)

    def unfinished(self, topic: str) -> tuple[Outcome, ...]:
        """Papers of a topic that failed or were left for another run, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM outcomes WHERE topic = ? AND status IN ('failed', 'queued') ORDER BY updated, arxiv_id",
            (topic,),
        )
        return read_rows(_OUTCOME, rows)

    def all_unfinished(self) -> tuple[Outcome, ...]:
        """Every paper that failed or waits, of all topics."""
        rows = self._database.rows(
            "SELECT * FROM outcomes WHERE status IN ('failed', 'queued') ORDER BY topic, updated, arxiv_id"
        )
        return read_rows(_OUTCOME, rows)

    def exhausted(self, attempts: int) -> tuple[Outcome, ...]:
        """List the papers that were given up after so many attempts, in all topics."""
        rows = self._database.rows(
            "SELECT * FROM outcomes WHERE status = 'excluded' AND attempts >= ? ORDER BY topic, updated, arxiv_id",
            (attempts,),
        )
        return read_rows(_OUTCOME, rows)

    def unsettled(self, arxiv_id: str, attempts: int) -> tuple[Outcome, ...]:
        """List the topics in which a paper failed, waits, or was given up after so many attempts."""
        rows = self._database.rows(
            "SELECT * FROM outcomes WHERE arxiv_id = ? AND (status IN ('failed', 'queued') OR (status = 'excluded' "
            "AND attempts >= ?)) ORDER BY topic",
            (arxiv_id, attempts),
        )
        return read_rows(_OUTCOME, rows)

    def published_on(self, topic: str | None, post_date: date) -> tuple[str, ...]:
        """The keys of the papers in the post of a topic and day."""
        rows = self._database.rows(
            "SELECT arxiv_id FROM outcomes WHERE topic = ? AND post_date = ? ORDER BY arxiv_id",
            (encode_topic(topic), post_date.isoformat()),
        )
        return tuple(str(row["arxiv_id"]) for row in rows)

    def topics(self) -> tuple[str, ...]:
        """List the topics that papers were found in, those that were followed last first."""
        rows = self._database.rows(
            "SELECT topic, min(rowid) FROM outcomes WHERE topic <> '' GROUP BY topic ORDER BY 2 DESC"
        )
        return tuple(str(row["topic"]) for row in rows)

    def counts(self) -> tuple[StatusCount, ...]:
        """How many papers stand where, by topic."""
        rows = self._database.rows(
            "SELECT topic, status, count(*) AS papers FROM outcomes GROUP BY topic, status ORDER BY topic, status"
        )
        return read_rows(_COUNT, rows)

    def set_version(self, arxiv_id: str, version: int | None) -> None:
        """Tell the version of a paper that was settled when it was not known."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE outcomes SET version = ? WHERE arxiv_id = ? AND version IS NULL",
                (version, arxiv_id),
            )

    def record(self, outcomes: Sequence[Outcome], posts: Sequence[PostKey], now: datetime) -> None:
        """Settle what became of papers, and mark the posts that have to be written because of it,
        in one step.
        """
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO outcomes (topic, arxiv_id, version, status, stage, reason, attempts, post_date, night, "
                "next_try, asked, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "version = excluded.version, status = excluded.status, stage = excluded.stage, "
                "reason = excluded.reason, attempts = excluded.attempts, post_date = excluded.post_date, "
                "night = excluded.night, next_try = excluded.next_try, asked = excluded.asked, "
                "updated = excluded.updated",
                [(*_outcome_values(outcome), now.isoformat()) for outcome in outcomes],
            )
            self._posts.mark_pending(posts)


def _outcome_values(outcome: Outcome) -> tuple[object, ...]:
    dates = (_iso(outcome.post_date), _iso(outcome.night), _iso(outcome.next_try))
    failure = (outcome.status, outcome.stage, outcome.reason, outcome.attempts)
    return (
        encode_topic(outcome.topic),
        outcome.arxiv_id,
        outcome.version,
        *failure,
        *dates,
        outcome.asked,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
