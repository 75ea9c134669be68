"""The ledger of backfills: which papers of a topic were found, by month, and what became of them.

The nights' own tables hold only what was published: a paper that waits for a backfill is none that
waits for the next night.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chatpaper.storage.database import Database

# `excluded` papers stand in another post, or a person forgot them; those `set_aside` failed for a
# reason of their own and are not tried again unless a person asks.
PaperState = Literal["waiting", "published", "excluded", "set_aside"]


@dataclass(frozen=True, slots=True)
class OfferedPaper:
    """A paper that a source offers: its day of submission in UTC, and what is known, as JSON."""

    arxiv_id: str
    day: date
    offer: str


@dataclass(frozen=True, slots=True)
class WaitingPaper:
    """A paper of a shard that is still to be settled, and how often it failed."""

    arxiv_id: str
    day: date
    offer: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Shard:
    """Papers of one month that are read together, and how many of them still wait."""

    number: int
    month: str
    papers: int
    waiting: int


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many papers of a month of submission (`2021-03`) were found, and what became of them."""

    month: str
    papers: int
    published: int
    excluded: int
    set_aside: int
    waiting: int


@dataclass(frozen=True, slots=True)
class SetAsidePaper:
    """A paper that is not tried again, and why."""

    arxiv_id: str
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class SettledPaper:
    """A paper that does not wait; what was offered of it is kept where it was set aside."""

    arxiv_id: str
    day: date
    state: PaperState
    reason: str
    offer: str | None


@dataclass(frozen=True, slots=True)
class ListingPlace:
    """How far a part of a source has been listed: whether to its end, else where to go on."""

    place: str
    is_done: bool


class BackfillLedger:
    """The papers of backfills by topic; each method is one transaction and raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, topic: str, papers: Iterable[OfferedPaper]) -> int:
        """Add papers that are not there yet; return how many those are."""
        with self._database.transaction() as connection:
            before = connection.total_changes
            connection.executemany(
                "INSERT INTO backfill_papers (topic, arxiv_id, day, offer) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                [(topic, each.arxiv_id, each.day.isoformat(), each.offer) for each in papers],
            )
            return connection.total_changes - before

    def form_shards(self, topic: str, most: int) -> int:
        """Give the papers that are in no shard one of at most so many papers of one month.

        The newest month has the lowest number. Returns how many shards are new; those that are
        there stay as they are.
        """
        with self._database.transaction() as connection:
            last = self._database.fetch_value(
                int, "SELECT max(shard) FROM backfill_papers WHERE topic = ?", (topic,)
            )
            first = 0 if last is None else last + 1
            connection.execute(
                "WITH placed AS (SELECT arxiv_id, substr(day, 1, 7) AS month, (row_number() OVER "
                "(PARTITION BY substr(day, 1, 7) ORDER BY day, arxiv_id) - 1) / :most AS part "
                "FROM backfill_papers WHERE topic = :topic AND shard IS NULL), "
                "numbered AS (SELECT arxiv_id, :first - 1 + dense_rank() OVER "
                "(ORDER BY month DESC, part) AS number FROM placed) "
                "UPDATE backfill_papers SET shard = numbered.number FROM numbered "
                "WHERE backfill_papers.topic = :topic "
                "AND backfill_papers.arxiv_id = numbered.arxiv_id",
                {"topic": topic, "most": most, "first": first},
            )
            newest = self._database.fetch_value(
                int, "SELECT max(shard) FROM backfill_papers WHERE topic = ?", (topic,)
            )
        return 0 if newest is None else newest + 1 - first

    def shards(self, topic: str, since: date, until: date) -> tuple[Shard, ...]:
        """List the shards with papers of these days, newest month first."""
        return self._database.fetch_all(
            Shard,
            "SELECT shard AS number, substr(min(day), 1, 7) AS month, count(*) AS papers, "
            "sum(state = 'waiting') AS waiting FROM backfill_papers "
            "WHERE topic = ? AND day BETWEEN ? AND ? AND shard IS NOT NULL "
            "GROUP BY shard ORDER BY month DESC, shard",
            (topic, since.isoformat(), until.isoformat()),
        )

    def waiting(self, topic: str, shard: int, since: date, until: date) -> tuple[WaitingPaper, ...]:
        """List the papers of a shard and of these days that are still to be settled, by day."""
        return self._database.fetch_all(
            WaitingPaper,
            "SELECT arxiv_id, day, offer, attempts FROM backfill_papers WHERE topic = ? "
            "AND shard = ? AND state = 'waiting' AND day BETWEEN ? AND ? ORDER BY day, arxiv_id",
            (topic, shard, since.isoformat(), until.isoformat()),
        )

    def count_waiting(self, topic: str, shard: int) -> int:
        """Count the papers of a shard that are still to be settled, of whatever day."""
        query = (
            "SELECT count(*) FROM backfill_papers "
            "WHERE topic = ? AND shard = ? AND state = 'waiting'"
        )
        return self._database.fetch_value(int, query, (topic, shard)) or 0

    def settled(self, topic: str, shard: int) -> tuple[SettledPaper, ...]:
        """List the papers of a shard that do not wait, by their ids."""
        return self._database.fetch_all(
            SettledPaper,
            "SELECT arxiv_id, day, state, reason, offer FROM backfill_papers "
            "WHERE topic = ? AND shard = ? AND state <> 'waiting' ORDER BY arxiv_id",
            (topic, shard),
        )

    def settle(self, topic: str, arxiv_id: str, state: PaperState, reason: str = "") -> None:
        """Record what became of a paper; what was offered of it is no longer needed."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE backfill_papers SET state = ?, reason = ?, "
                "offer = CASE ? WHEN 'set_aside' THEN offer END "
                "WHERE topic = ? AND arxiv_id = ?",
                (state, reason, state, topic, arxiv_id),
            )

    def count_failure(self, topic: str, arxiv_id: str, reason: str) -> None:
        """Record that a paper failed for a reason of its own, and waits."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE backfill_papers SET attempts = attempts + 1, reason = ? "
                "WHERE topic = ? AND arxiv_id = ?",
                (reason, topic, arxiv_id),
            )

    def reopen(self, topic: str) -> int:
        """Let the papers that were set aside wait again; return how many there are."""
        with self._database.transaction() as connection:
            return connection.execute(
                "UPDATE backfill_papers SET state = 'waiting', attempts = 0 "
                "WHERE topic = ? AND state = 'set_aside'",
                (topic,),
            ).rowcount

    def months(self, topic: str, since: date, until: date) -> tuple[MonthCount, ...]:
        """Count the papers of these days by month, oldest first."""
        return self._database.fetch_all(
            MonthCount,
            "SELECT substr(day, 1, 7) AS month, count(*) AS papers, "
            "sum(state = 'published') AS published, sum(state = 'excluded') AS excluded, "
            "sum(state = 'set_aside') AS set_aside, sum(state = 'waiting') AS waiting "
            "FROM backfill_papers WHERE topic = ? AND day BETWEEN ? AND ? "
            "GROUP BY month ORDER BY month",
            (topic, since.isoformat(), until.isoformat()),
        )

    def set_aside(self, topic: str, since: date, until: date) -> tuple[SetAsidePaper, ...]:
        """List the papers of these days that are not tried again, oldest first."""
        return self._database.fetch_all(
            SetAsidePaper,
            "SELECT arxiv_id, day, reason FROM backfill_papers "
            "WHERE topic = ? AND state = 'set_aside' AND day BETWEEN ? AND ? "
            "ORDER BY day, arxiv_id",
            (topic, since.isoformat(), until.isoformat()),
        )

    def find_place(self, topic: str, source: str, part: str) -> ListingPlace:
        """Return how far a part of a source has been listed: at its beginning, if nothing was."""
        found = self._database.fetch_one(
            ListingPlace,
            "SELECT place, is_done FROM backfill_listings "
            "WHERE topic = ? AND source = ? AND part = ?",
            (topic, source, part),
        )
        return found or ListingPlace("", is_done=False)

    def advance(
        self,
        topic: str,
        listing: tuple[str, str],
        place: ListingPlace,
        papers: Sequence[OfferedPaper],
    ) -> int:
        """Add the papers of a page and note where to go on, in one step; return how many are new.

        `listing` is a source and one of its parts.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO backfill_listings VALUES (?, ?, ?, ?, ?)",
                (topic, *listing, place.place, place.is_done),
            )
            return self.add(topic, papers)
