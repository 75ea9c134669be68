"""The history of runs: for each topic and post date what was found, what became of it, and how the
run ended.

found = published + excluded + failed. The database holds that by itself: a paper enters the history
by the statement that settles its outcome, triggers count the rows of the papers, and no statement
can make the counts differ from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import TypeAdapter

from chatpaper.storage.database import Database
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.rows import read_row, read_rows

# How the run of a topic for a post date (a night) ends; the first two are quiet.
TopicRunStatus = Literal["done", "nothing_announced", "upstream_fault", "stale_upstream", "budget"]


@dataclass(frozen=True, slots=True)
class TopicRunResult:
    """What a run says of a topic's night when it ends it.

    `waiting` are papers that were found and are not tried before a later night; `repeated` are the
    ids of those that an earlier night had settled. `covered_until` is the time until which all that
    arXiv announced was taken in, or None where that cannot be said. `newest` is the id and
    submission time of the newest paper that the source showed.
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


@dataclass(frozen=True, slots=True)
class TopicRun:
    """A topic's night as the history has it; `state` is None for one that no run has ended (it was
    killed).
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


@dataclass(frozen=True, slots=True)
class TopicRunPaper:
    """What became of one paper on one night; `failed` papers are queued until `next_try`, or for
    the next run.
    """

    arxiv_id: str
    status: Literal["published", "excluded", "failed"]
    reason: str
    attempts: int
    next_try: date | None


_TOPIC_RUN = TypeAdapter(TopicRun)
_PAPER = TypeAdapter(TopicRunPaper)


class RunHistory:
    """The runs in the database, and what became of their topics."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, run_id: str, started: datetime, post_date: date) -> None:
        """Enter a run that begins; it has no exit code until it ends."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO runs (run_id, started, post_date) VALUES (?, ?, ?)",
                (run_id, started.isoformat(), post_date.isoformat()),
            )

    def finish(self, run_id: str, exit_code: int) -> None:
        """Enter with which exit code a run ended."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE runs SET exit_code = ? WHERE run_id = ?", (exit_code, run_id)
            )

    def last(self) -> tuple[datetime, int] | None:
        """When the last run that ended began, and its exit code."""
        rows = self._database.rows(
            "SELECT started, exit_code FROM runs WHERE exit_code IS NOT NULL ORDER BY started DESC LIMIT 1"
        )
        return (
            (datetime.fromisoformat(rows[0]["started"]), int(rows[0]["exit_code"]))
            if rows
            else None
        )

    def close(self, end: TopicRunResult) -> TopicRun:
        """End a night; one that ended before, by an earlier run for the same date, is carried on.

        A night on which something was published or failed is not one on which nothing was
        announced, whatever the last run of that date found.
        """
        key = (end.topic, end.post_date.isoformat())
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO nights (topic, post_date) SELECT ?, ? "
                "WHERE NOT EXISTS (SELECT 1 FROM nights WHERE topic = ? AND post_date = ?)",
                (*key, *key),
            )
            connection.executemany(
                "INSERT INTO night_papers VALUES (?, ?, ?, 'failed', ?, ?, ?) ON CONFLICT DO NOTHING",
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
            entered = connection.execute(
                "SELECT arxiv_id FROM night_papers WHERE topic = ? AND post_date = ?", key
            ).fetchall()
            repeated = len(set(end.repeated) - {row["arxiv_id"] for row in entered})
            connection.execute(
                "UPDATE nights SET repeated = max(repeated, :repeated), "
                "found = found + max(0, :repeated - repeated), excluded = excluded + max(0, :repeated - repeated), "
                "state = CASE WHEN :state = 'nothing_announced' AND published + failed > 0 THEN 'done' "
                "ELSE :state END, source = :source, covered_until = coalesce(:covered, covered_until), "
                "newest_submitted = coalesce(:submitted, newest_submitted), "
                "newest_id = CASE WHEN :submitted IS NULL THEN newest_id ELSE :newest END, explanation = :explanation "
                "WHERE topic = :topic AND post_date = :post_date",
                {
                    "topic": key[0],
                    "post_date": key[1],
                    "state": end.state,
                    "repeated": repeated,
                    "source": end.source,
                    "covered": end.covered_until.isoformat() if end.covered_until else None,
                    "newest": end.newest[0] if end.newest else "",
                    "submitted": end.newest[1].isoformat() if end.newest else None,
                    "explanation": end.explanation,
                },
            )
            row = connection.execute(
                "SELECT * FROM nights WHERE topic = ? AND post_date = ?", key
            ).fetchone()
        return _TOPIC_RUN.validate_python(dict(row))

    def finish_unended(self, topic: str, post_date: date, explanation: str) -> None:
        """Mark the run of a topic and day as done where no run said how it ended."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE nights SET state = 'done', explanation = ? WHERE state IS NULL AND topic = ? AND post_date = ?",
                (explanation, topic, post_date.isoformat()),
            )

    def topic_runs(self, since: date, topic: str | None = None) -> tuple[TopicRun, ...]:
        """The nights from a post date on, newest first; of one topic, or of all."""
        rows = self._database.rows(
            "SELECT * FROM nights WHERE post_date >= ? AND topic = ifnull(?, topic) ORDER BY post_date DESC, topic",
            (since.isoformat(), topic),
        )
        return read_rows(_TOPIC_RUN, rows)

    def papers(self, topic: str, post_date: date) -> tuple[TopicRunPaper, ...]:
        """The papers of a night, but those that an earlier one had settled."""
        rows = self._database.rows(
            "SELECT * FROM night_papers WHERE topic = ? AND post_date = ? ORDER BY arxiv_id",
            (topic, post_date.isoformat()),
        )
        return read_rows(_PAPER, rows)

    def exhausted(self, attempts: int) -> dict[tuple[str, date], int]:
        """Count the papers that were given up after so many attempts, by topic and post date."""
        rows = self._database.rows(
            "SELECT topic, post_date, count(*) AS papers FROM night_papers WHERE status = 'excluded' "
            "AND attempts >= ? GROUP BY topic, post_date",
            (attempts,),
        )
        return {(row["topic"], date.fromisoformat(row["post_date"])): row["papers"] for row in rows}

    def watermark(self, topic: str, night: date) -> TopicRun | None:
        """The last night, `night` itself included, until which all that arXiv announced had been
        taken in.

        Later nights do not count: a clock that was once in the future leaves no gap behind.
        """
        rows = self._database.rows(
            "SELECT * FROM nights WHERE topic = ? AND post_date <= ? AND covered_until IS NOT NULL "
            "ORDER BY post_date DESC LIMIT 1",
            (topic, night.isoformat()),
        )
        return read_row(_TOPIC_RUN, rows)

    def first_night(self, topic: str) -> date | None:
        """The post date of the first night that a topic had, however it ended."""
        (row,) = self._database.rows(
            "SELECT min(post_date) AS first FROM nights WHERE topic = ?", (topic,)
        )
        return date.fromisoformat(row["first"]) if row["first"] else None
