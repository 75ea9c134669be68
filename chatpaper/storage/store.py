"""State in SQLite: papers, what became of them by topic, completions, entries, posts still to be written, runs.

Each public method is one transaction, so that a process that is killed between two calls leaves a state from which the
next run goes on.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from chatpaper.domain import Completion
from chatpaper.storage.database import Database

Status = Literal["published", "excluded", "failed", "queued"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a paper in a topic.

    `night` is the post date of the run that says so, in whose ledger the paper then stands. `attempts` counts the
    nights on which it failed for a reason of its own; it is not tried again before `next_try`. `asked` is a digest of
    the service, model and key that were asked then.
    """

    topic: str
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
class PostKey:
    """Names one post: of a topic and day, or (with `arxiv_id`, and the topic empty) of one paper."""

    output_dir: str
    topic: str
    arxiv_id: str
    post_date: date
    format: str


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many papers of a topic stand at a status."""

    topic: str
    status: Status
    papers: int


class Store(Database):
    """Papers, outcomes, entries, posts, completions and runs; each public method is one transaction."""

    def save_paper(self, arxiv_id: str, version: int | None, record: str) -> None:
        """Remember the metadata of a paper, as JSON."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO papers VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version, "
                "record = excluded.record",
                (arxiv_id, version, record),
            )

    def paper_record(self, arxiv_id: str) -> str | None:
        """The metadata of a paper, as JSON."""
        rows = self.rows("SELECT record FROM papers WHERE arxiv_id = ?", (arxiv_id,))
        return str(rows[0]["record"]) if rows else None

    def provisional_records(self, since: date) -> tuple[str, ...]:
        """List the metadata, as JSON, of papers published from a day on whose record is provisional."""
        rows = self.rows(
            "SELECT DISTINCT record FROM papers JOIN outcomes USING (arxiv_id) WHERE outcomes.status = 'published' "
            "AND outcomes.post_date >= ? AND json_extract(record, '$.provisional') ORDER BY arxiv_id",
            (since.isoformat(),),
        )
        return tuple(row["record"] for row in rows)

    def outcome(self, topic: str, arxiv_id: str) -> Outcome | None:
        """What became of a paper in a topic so far."""
        rows = self.rows("SELECT * FROM outcomes WHERE topic = ? AND arxiv_id = ?", (topic, arxiv_id))
        return _outcome_from(rows[0]) if rows else None

    def unfinished(self, topic: str) -> tuple[Outcome, ...]:
        """Papers of a topic that failed or were left for another run, oldest first."""
        rows = self.rows(
            "SELECT * FROM outcomes WHERE topic = ? AND status IN ('failed', 'queued') ORDER BY updated, arxiv_id",
            (topic,),
        )
        return tuple(map(_outcome_from, rows))

    def exhausted(self, attempts: int) -> tuple[Outcome, ...]:
        """List the papers that were given up after so many attempts, in all topics."""
        rows = self.rows(
            "SELECT * FROM outcomes WHERE status = 'excluded' AND attempts >= ? ORDER BY topic, updated, arxiv_id",
            (attempts,),
        )
        return tuple(map(_outcome_from, rows))

    def unsettled(self, arxiv_id: str, attempts: int) -> tuple[Outcome, ...]:
        """List the topics in which a paper failed, waits, or was given up after so many attempts."""
        rows = self.rows(
            "SELECT * FROM outcomes WHERE arxiv_id = ? AND (status IN ('failed', 'queued') OR (status = 'excluded' "
            "AND attempts >= ?)) ORDER BY topic",
            (arxiv_id, attempts),
        )
        return tuple(map(_outcome_from, rows))

    def topics(self) -> tuple[str, ...]:
        """List the topics that papers were found in, those that were followed last first."""
        rows = self.rows("SELECT topic, min(rowid) FROM outcomes WHERE topic <> '' GROUP BY topic ORDER BY 2 DESC")
        return tuple(str(row["topic"]) for row in rows)

    def set_version(self, arxiv_id: str, version: int | None) -> None:
        """Tell the version of a paper that was settled when it was not known."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE outcomes SET version = ? WHERE arxiv_id = ? AND version IS NULL", (version, arxiv_id)
            )

    def published_on(self, topic: str, post_date: date) -> tuple[str, ...]:
        """The keys of the papers in the post of a topic and day."""
        rows = self.rows(
            "SELECT arxiv_id FROM outcomes WHERE topic = ? AND post_date = ? ORDER BY arxiv_id",
            (topic, post_date.isoformat()),
        )
        return tuple(str(row["arxiv_id"]) for row in rows)

    def record_outcomes(self, outcomes: Sequence[Outcome], posts: Sequence[PostKey], now: datetime) -> None:
        """Settle what became of papers, and mark the posts that have to be written because of it, in one step."""
        with self.transaction() as connection:
            connection.executemany(
                "INSERT INTO outcomes (topic, arxiv_id, version, status, stage, reason, attempts, post_date, night, "
                "next_try, asked, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "version = excluded.version, status = excluded.status, stage = excluded.stage, "
                "reason = excluded.reason, attempts = excluded.attempts, post_date = excluded.post_date, "
                "night = excluded.night, next_try = excluded.next_try, asked = excluded.asked, "
                "updated = excluded.updated",
                [(*_outcome_values(outcome), now.isoformat()) for outcome in outcomes],
            )
            connection.executemany(
                "INSERT INTO posts VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET pending = 1",
                [_post_values(post) for post in posts],
            )

    def pending_posts(self) -> tuple[PostKey, ...]:
        """Posts whose papers are settled but whose files may not be on disk."""
        return tuple(map(_post_key, self.rows("SELECT * FROM posts WHERE pending ORDER BY post_date, topic")))

    def posts_since(self, since: date | None) -> tuple[PostKey, ...]:
        """All posts from a day on, or all there are."""
        rows = self.rows(
            "SELECT * FROM posts WHERE post_date >= ? ORDER BY post_date, topic, arxiv_id, format",
            (since.isoformat() if since else "",),
        )
        return tuple(map(_post_key, rows))

    def posts_changed(self, arxiv_id: str) -> None:
        """The posts in which a paper stands are to be written again."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE posts SET pending = 1 WHERE EXISTS (SELECT 1 FROM outcomes WHERE outcomes.arxiv_id = ? "
                "AND outcomes.topic = posts.topic AND outcomes.post_date = posts.post_date "
                "AND posts.arxiv_id IN ('', outcomes.arxiv_id))",
                (arxiv_id,),
            )

    def has_post(self, post: PostKey) -> bool:
        """Whether that post was ever to be written."""
        query = (
            "SELECT 1 FROM posts WHERE output_dir = ? AND topic = ? AND arxiv_id = ? AND post_date = ? AND format = ?"
        )
        return bool(self.rows(query, _post_values(post)))

    def post_written(self, post: PostKey) -> None:
        """The files of a post are on disk."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO posts VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET pending = 0",
                _post_values(post),
            )

    def get(self, key: str) -> Completion | None:
        """The completion kept under `key`."""
        rows = self.rows("SELECT * FROM completions WHERE key = ?", (key,))
        if not rows:
            return None
        row = rows[0]
        return Completion(
            row["text"], row["model"], row["input_tokens"], row["output_tokens"], row["cached_input_tokens"]
        )

    def put(self, key: str, completion: Completion) -> None:
        """Keep a completion from the moment it arrived; nothing is written where it is kept already."""
        if self.get(key) == completion:
            return
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO completions VALUES (?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                (
                    key,
                    completion.text,
                    completion.model,
                    completion.input_tokens,
                    completion.output_tokens,
                    completion.cached_input_tokens,
                ),
            )

    def save_entry(self, topic: str, arxiv_id: str, recipe: str, record: str) -> None:
        """Keep a paper as it stands in the post of a topic, as JSON."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", (topic, arxiv_id, recipe, record))

    def entry(self, topic: str, arxiv_id: str) -> tuple[str, str] | None:
        """The recipe and the JSON of a paper's entry in a topic."""
        rows = self.rows("SELECT recipe, record FROM entries WHERE topic = ? AND arxiv_id = ?", (topic, arxiv_id))
        return (str(rows[0]["recipe"]), str(rows[0]["record"])) if rows else None

    def entries_of(self, arxiv_id: str) -> tuple[tuple[str, str], ...]:
        """The recipes and the JSON of all entries of a paper, whatever the topic."""
        rows = self.rows("SELECT recipe, record FROM entries WHERE arxiv_id = ? ORDER BY topic", (arxiv_id,))
        return tuple((str(row["recipe"]), str(row["record"])) for row in rows)

    def entries_by_topic(self, arxiv_id: str) -> tuple[tuple[str, str, str], ...]:
        """List topic, recipe and JSON of all entries of a paper."""
        rows = self.rows("SELECT topic, recipe, record FROM entries WHERE arxiv_id = ?", (arxiv_id,))
        return tuple((row["topic"], row["recipe"], row["record"]) for row in rows)

    def salt(self) -> str:
        """Return a value that this database alone has."""
        return str(self.rows("SELECT value FROM installation WHERE name = 'salt'")[0]["value"])

    def run_started(self, run_id: str, started: datetime, post_date: date) -> None:
        """A run begins; it has no exit code until it ends."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO runs (run_id, started, post_date) VALUES (?, ?, ?)",
                (run_id, started.isoformat(), post_date.isoformat()),
            )

    def run_finished(self, run_id: str, exit_code: int) -> None:
        """A run ended."""
        with self.transaction() as connection:
            connection.execute("UPDATE runs SET exit_code = ? WHERE run_id = ?", (exit_code, run_id))

    def last_run(self) -> tuple[datetime, int] | None:
        """When the last run that ended began, and its exit code."""
        rows = self.rows(
            "SELECT started, exit_code FROM runs WHERE exit_code IS NOT NULL ORDER BY started DESC LIMIT 1"
        )
        return (datetime.fromisoformat(rows[0]["started"]), int(rows[0]["exit_code"])) if rows else None

    def counts(self) -> tuple[StatusCount, ...]:
        """How many papers stand where, by topic."""
        rows = self.rows(
            "SELECT topic, status, count(*) AS papers FROM outcomes GROUP BY topic, status ORDER BY topic, status"
        )
        return tuple(StatusCount(row["topic"], row["status"], row["papers"]) for row in rows)

    def all_unfinished(self) -> tuple[Outcome, ...]:
        """Every paper that failed or waits, of all topics."""
        rows = self.rows(
            "SELECT * FROM outcomes WHERE status IN ('failed', 'queued') ORDER BY topic, updated, arxiv_id"
        )
        return tuple(map(_outcome_from, rows))


def _outcome_from(row: sqlite3.Row) -> Outcome:
    """The outcome in a row of its table."""
    return Outcome(
        topic=row["topic"],
        arxiv_id=row["arxiv_id"],
        version=row["version"],
        status=row["status"],
        stage=row["stage"],
        reason=row["reason"],
        attempts=row["attempts"],
        post_date=_date(row["post_date"]),
        night=_date(row["night"]),
        next_try=_date(row["next_try"]),
        asked=row["asked"],
    )


def _outcome_values(outcome: Outcome) -> tuple[object, ...]:
    dates = (_iso(outcome.post_date), _iso(outcome.night), _iso(outcome.next_try))
    failure = (outcome.status, outcome.stage, outcome.reason, outcome.attempts)
    return (outcome.topic, outcome.arxiv_id, outcome.version, *failure, *dates, outcome.asked)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _post_key(row: sqlite3.Row) -> PostKey:
    return PostKey(
        row["output_dir"], row["topic"], row["arxiv_id"], date.fromisoformat(row["post_date"]), row["format"]
    )


def _post_values(post: PostKey) -> tuple[str, str, str, str, str]:
    return (post.output_dir, post.topic, post.arxiv_id, post.post_date.isoformat(), post.format)
