"""The history of runs: what each topic's run for a post date found, and how it ended.

found = published + excluded + failed, which the database itself enforces: a paper enters the
history by the statement that records its outcome, triggers count the rows of the papers, and no
statement can make the counts differ from them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from chatpaper.storage.database import Database
from chatpaper.storage.papers.outcomes import Outcome

# The source of days that no run of their night filled, but a backfill later.
BACKFILL = "backfill"
# How the run of a topic for a post date ends; the first two need nobody's attention.
TopicRunStatus = Literal["done", "nothing_announced", "upstream_fault", "stale_upstream", "budget"]


@dataclass(frozen=True, slots=True)
class LastRun:
    """When the last run that ended was started, and the exit code of its process."""

    started: datetime
    exit_code: int


@dataclass(frozen=True, slots=True)
class TopicRunResult:
    """How a topic's run for a post date ended.

    `waiting` are papers that were found and are tried again on a later day; `repeated` are the ids
    of those that an earlier run had dealt with. Everything that arXiv announced until
    `covered_until` was taken in (None where that is not known). `newest` is the id and submission
    time of the newest paper that the source showed. With `awaits_batch`, papers wait for a batch.
    """

    topic: str
    post_date: date
    state: TopicRunStatus
    waiting: Sequence[Outcome] = ()
    repeated: Sequence[str] = ()
    source: str = ""
    covered_until: datetime | None = None
    newest: tuple[str, datetime] | None = None
    explanation: str = ""
    awaits_batch: bool = False


@dataclass(frozen=True, slots=True)
class TopicRun:
    """A topic's run for a post date; `state` is None if it never ended because it was killed.

    With `awaits_batch`, papers of it waited for a batch when it ended.
    """

    topic: str
    post_date: date
    state: TopicRunStatus | None
    found: int
    published: int
    excluded: int
    failed: int
    repeated: int
    source: str
    covered_until: datetime | None
    newest_submitted: datetime | None
    newest_id: str
    explanation: str
    awaits_batch: bool = False


@dataclass(frozen=True, slots=True)
class TopicRunPaper:
    """What became of one paper in a topic's run.

    One that `failed` is queued until `next_try`, or for the next run.
    """

    arxiv_id: str
    status: Literal["published", "excluded", "failed"]
    reason: str
    attempts: int
    next_try: date | None


@dataclass(frozen=True, slots=True)
class _ExhaustedCount:
    """How many papers of a topic's run were given up."""

    topic: str
    post_date: date
    papers: int


class RunHistory:
    """Runs, what they found for each topic, and what became of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, run_id: str, started: datetime, post_date: date) -> None:
        """Record that a run begins; it has no exit code until it ends."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO runs (run_id, started, post_date) VALUES (?, ?, ?)",
                (run_id, started.isoformat(), post_date.isoformat()),
            )

    def finish(self, run_id: str, exit_code: int) -> None:
        """Record the exit code with which a run ended."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE runs SET exit_code = ? WHERE run_id = ?", (exit_code, run_id)
            )

    def last(self) -> LastRun | None:
        """Return the run that was started last, of those that ended."""
        return self._database.fetch_one(
            LastRun,
            "SELECT started, exit_code FROM runs WHERE exit_code IS NOT NULL "
            "ORDER BY started DESC LIMIT 1",
        )

    def close(self, end: TopicRunResult) -> TopicRun:
        """Record how a topic's run ended; one that ended before for the same date is continued.

        A run in which something was published or failed is "done" even if the last run for that
        date found that nothing was announced.
        """
        key = (end.topic, end.post_date.isoformat())
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO nights (topic, post_date) SELECT ?, ? "
                "WHERE NOT EXISTS (SELECT 1 FROM nights WHERE topic = ? AND post_date = ?)",
                (*key, *key),
            )
            connection.executemany(
                "INSERT INTO night_papers VALUES (?, ?, ?, 'failed', ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                [
                    (
                        *key,
                        each.arxiv_id,
                        each.reason,
                        each.attempts,
                        each.next_try and each.next_try.isoformat(),
                    )
                    for each in end.waiting
                ],
            )
            recorded = self._database.fetch_column(
                str, "SELECT arxiv_id FROM night_papers WHERE topic = ? AND post_date = ?", key
            )
            repeated = len(set(end.repeated) - set(recorded))
            connection.execute(
                "UPDATE nights SET repeated = max(repeated, :repeated), "
                "found = found + max(0, :repeated - repeated), "
                "excluded = excluded + max(0, :repeated - repeated), "
                "state = CASE WHEN :state = 'nothing_announced' AND published + failed > 0 "
                "THEN 'done' ELSE :state END, awaits_batch = :awaits_batch, source = :source, "
                "covered_until = coalesce(:covered, covered_until), "
                "newest_submitted = coalesce(:submitted, newest_submitted), "
                "newest_id = CASE WHEN :submitted IS NULL THEN newest_id ELSE :newest END, "
                "explanation = :explanation WHERE topic = :topic AND post_date = :post_date",
                {
                    "topic": key[0],
                    "post_date": key[1],
                    "state": end.state,
                    "awaits_batch": end.awaits_batch,
                    "repeated": repeated,
                    "source": end.source,
                    "covered": end.covered_until.isoformat() if end.covered_until else None,
                    "newest": end.newest[0] if end.newest else "",
                    "submitted": end.newest[1].isoformat() if end.newest else None,
                    "explanation": end.explanation,
                },
            )
            (ended,) = self._database.fetch_all(
                TopicRun, "SELECT * FROM nights WHERE topic = ? AND post_date = ?", key
            )
        return ended

    def open_backfilled(self, topic: str, days: Iterable[date]) -> None:
        """Open days for a backfill; those that have a run of their own stay as they are."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO nights (topic, post_date, source) SELECT ?, ?, ? "
                "WHERE NOT EXISTS (SELECT 1 FROM nights WHERE topic = ? AND post_date = ?)",
                [(topic, day.isoformat(), BACKFILL, topic, day.isoformat()) for day in days],
            )

    def close_unended(self, topic: str, post_date: date, explanation: str) -> None:
        """Record the run of a topic and day as done, if nothing says how it ended."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE nights SET state = 'done', explanation = ? "
                "WHERE state IS NULL AND topic = ? AND post_date = ?",
                (explanation, topic, post_date.isoformat()),
            )

    def topic_runs(self, since: date, topic: str | None = None) -> tuple[TopicRun, ...]:
        """List the runs of one topic, or of all, from a post date on, newest first.

        Days that only a backfill filled are no runs.
        """
        return self._database.fetch_all(
            TopicRun,
            "SELECT * FROM nights WHERE post_date >= ? AND topic = ifnull(?, topic) "
            "AND source <> ? ORDER BY post_date DESC, topic",
            (since.isoformat(), topic, BACKFILL),
        )

    def papers(self, topic: str, post_date: date) -> tuple[TopicRunPaper, ...]:
        """List the papers of a topic's run, without those that an earlier one had dealt with."""
        return self._database.fetch_all(
            TopicRunPaper,
            "SELECT * FROM night_papers WHERE topic = ? AND post_date = ? ORDER BY arxiv_id",
            (topic, post_date.isoformat()),
        )

    def count_exhausted(self, attempts: int) -> dict[tuple[str, date], int]:
        """Count the papers that were given up after so many attempts, by topic and post date."""
        counts = self._database.fetch_all(
            _ExhaustedCount,
            # Without its name SQLite reads all papers in the order of the groups.
            "SELECT topic, post_date, count(*) AS papers FROM night_papers "
            "INDEXED BY night_papers_exhausted WHERE status = 'excluded' AND attempts >= ? "
            "GROUP BY topic, post_date",
            (attempts,),
        )
        return {(each.topic, each.post_date): each.papers for each in counts}

    def watermark(self, topic: str, post_date: date) -> TopicRun | None:
        """Return the last run up to a post date that took in all that arXiv had announced.

        Later runs do not count, so that a clock that was once in the future leaves no gap behind.
        """
        return self._database.fetch_one(
            TopicRun,
            "SELECT * FROM nights WHERE topic = ? AND post_date <= ? AND covered_until IS NOT NULL "
            "ORDER BY post_date DESC LIMIT 1",
            (topic, post_date.isoformat()),
        )

    def first_post_date(self, topic: str) -> date | None:
        """Return the post date of the first run of a topic, however it ended; no backfilled day."""
        return self._database.fetch_value(
            date,
            "SELECT post_date FROM nights WHERE topic = ? AND source <> ? "
            "ORDER BY post_date LIMIT 1",
            (topic, BACKFILL),
        )

    def last_post_date(self, before: date = date.max) -> date | None:
        """Return the latest post date for which any topic ran, however that ended."""
        return self._database.fetch_value(
            date,
            "SELECT post_date FROM nights WHERE post_date < ? AND source <> ? "
            "ORDER BY post_date DESC LIMIT 1",
            (before.isoformat(), BACKFILL),
        )
