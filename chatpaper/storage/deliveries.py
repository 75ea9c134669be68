"""Which papers were sent where: each paper once to each channel.

A paper is `sending` from before its message leaves until the service has answered. What a kill or a
silent service leaves in that state may have arrived: it is never sent again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chatpaper.storage.database import Database

DeliveryState = Literal["waiting", "sending", "sent", "unknown"]


@dataclass(frozen=True, slots=True)
class UndeliveredPaper:
    """A published paper that was not sent to a channel yet, in one of its topics."""

    topic: str
    arxiv_id: str
    version: int | None
    post_date: date


class Deliveries:
    """What was sent to each channel; a quiet day is sent under its date in place of a paper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_channel(self, channel: str, day: date) -> date:
        """Return since when a channel is delivered to; a new one begins with this day."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO delivery_channels VALUES (?, ?)", (channel, day.isoformat())
            )
        since = self._database.fetch_value(
            date, "SELECT since FROM delivery_channels WHERE channel = ?", (channel,)
        )
        return since or day

    def list_undelivered(
        self, channel: str, topics: Sequence[str], since: date
    ) -> tuple[UndeliveredPaper, ...]:
        """List the papers of topics, posted from a day on, that a channel was never sent.

        A later version of a paper that was posted again counts as another paper.
        """
        marks = ", ".join("?" * len(topics))
        return self._database.fetch_all(
            UndeliveredPaper,
            "SELECT topic, arxiv_id, version, post_date FROM outcomes AS o "
            f"WHERE status = 'published' AND topic IN ({marks}) AND post_date >= ? "
            "AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.channel = ? "
            "AND d.subject = o.arxiv_id AND d.state <> 'waiting' "
            "AND coalesce(d.version, 0) >= coalesce(o.version, 0)) "
            "ORDER BY post_date DESC, topic, arxiv_id",
            (*topics, since.isoformat(), channel),
        )

    def list_newest(self, ending: str = "") -> tuple[UndeliveredPaper, ...]:
        """List the papers that were posted last, of all topics whose names end like this."""
        chosen = (
            "status = 'published' AND topic <> '' "
            "AND (:ending = '' OR substr(topic, -length(:ending)) = :ending)"
        )
        return self._database.fetch_all(
            UndeliveredPaper,
            f"SELECT topic, arxiv_id, version, post_date FROM outcomes WHERE {chosen} AND "
            f"post_date = (SELECT max(post_date) FROM outcomes WHERE {chosen}) "
            "ORDER BY topic, arxiv_id",
            {"ending": ending},
        )

    def was_sent(self, channel: str, subject: str) -> bool:
        """Return whether something was sent to a channel, or may have been."""
        return self._database.exists(
            "SELECT 1 FROM deliveries WHERE channel = ? AND subject = ? AND state <> 'waiting'",
            (channel, subject),
        )

    def record(
        self, channel: str, subjects: Sequence[tuple[str, int | None]], state: DeliveryState
    ) -> None:
        """Record how far papers, each with its version, are on their way, all in one step."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO deliveries VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "version = excluded.version, state = excluded.state",
                [(channel, subject, version, state) for subject, version in subjects],
            )

    def settle_interrupted(self, channel: str) -> int:
        """Give up what a kill left on its way, and return how many papers that are."""
        with self._database.transaction() as connection:
            return connection.execute(
                "UPDATE deliveries SET state = 'unknown' WHERE channel = ? AND state = 'sending'",
                (channel,),
            ).rowcount
