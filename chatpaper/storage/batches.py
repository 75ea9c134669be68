"""Batches of requests: what was sent, what waits for it, and what came of it.

A batch and its requests are stored before it is sent, under a name of ours by which the service is
asked whether it arrived: a process that is killed at any instant finds it again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chatpaper.storage.database import Database

# `prepared`: it is not known whether the service has it. `waiting`: it has. The others are ends:
# what it answered was taken in, or it brought nothing.
BatchStage = Literal["prepared", "waiting", "collected", "lost"]
RequestState = Literal["waiting", "answered", "unanswered"]


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch; `batch_id` is the service's name of it, empty until that is known.

    `service` digests whom it was sent to: backend, address and key. `requests` counts those that
    were sent, `answered` those that an answer came for, and `expected_usd` is what they were
    expected to cost (None: no known price).
    """

    name: str
    service: str
    backend: str
    model: str
    created: datetime
    batch_id: str = ""
    state: BatchStage = "prepared"
    reason: str = ""
    requests: int = 0
    answered: int = 0
    expected_usd: float | None = None
    sent: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request of a batch.

    `body` is what is sent, as JSON, and kept until the service has it; `answer` is what came, as
    JSON; `losses` counts the batches that brought no answer, for the last one's `reason`.
    `prompt` and the tokens expected are what calls are recorded with.
    """

    key: str
    batch: str
    arxiv_id: str
    state: RequestState
    body: str = ""
    answer: str = ""
    reason: str = ""
    losses: int = 0
    completion_key: str = ""
    prompt: str = ""
    expected_input_tokens: int = 0
    expected_output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class PaperInBatches:
    """Whether a paper still waits for a batch, or all that it waited for has come."""

    arxiv_id: str
    batch: str
    waits: bool


class Batches:
    """Batches and their requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prepare(self, batch: StoredBatch, requests: Sequence[StoredRequest]) -> None:
        """Store a batch that is about to be sent, and its requests, which then wait for it."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO batches (name, service, backend, model, state, requests, "
                "expected_usd, created) VALUES (?, ?, ?, ?, 'prepared', ?, ?, ?)",
                (
                    batch.name,
                    batch.service,
                    batch.backend,
                    batch.model,
                    len(requests),
                    batch.expected_usd,
                    batch.created.isoformat(),
                ),
            )
            connection.executemany(
                "INSERT INTO batch_requests (key, batch, arxiv_id, state, body, completion_key, "
                "prompt, expected_input_tokens, expected_output_tokens) "
                "VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "batch = excluded.batch, state = 'waiting', body = excluded.body",
                [
                    (
                        each.key,
                        batch.name,
                        each.arxiv_id,
                        each.body,
                        each.completion_key,
                        each.prompt,
                        each.expected_input_tokens,
                        each.expected_output_tokens,
                    )
                    for each in requests
                ],
            )

    def mark_sent(self, name: str, batch_id: str, now: datetime) -> None:
        """Record that the service has a batch; what was sent need not be kept any more."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE batches SET state = 'waiting', batch_id = ?, sent = ? WHERE name = ?",
                (batch_id, now.isoformat(), name),
            )
            connection.execute("UPDATE batch_requests SET body = '' WHERE batch = ?", (name,))

    def withdraw(self, name: str) -> None:
        """Delete a batch that the service refused; its requests are as if they were never made."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM batch_requests WHERE batch = ? AND losses = 0", (name,))
            connection.execute(
                "UPDATE batch_requests SET state = 'unanswered', body = '' WHERE batch = ?", (name,)
            )
            connection.execute("DELETE FROM batches WHERE name = ?", (name,))

    def answer(self, key: str, answer: str) -> None:
        """Keep what came under a key, as JSON."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE batch_requests SET state = 'answered', answer = ?, reason = '' "
                "WHERE key = ?",
                (answer, key),
            )

    def end(self, batch: StoredBatch, faults: Iterable[tuple[str, str]]) -> None:
        """Record how a batch ended.

        Requests that still wait for it were not answered, for the batch's reason or, by their keys,
        for the `faults` of their own.
        """
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE batch_requests SET reason = ? WHERE key = ? AND state = 'waiting'",
                [(fault, key) for key, fault in faults],
            )
            connection.execute(
                "UPDATE batch_requests SET state = 'unanswered', losses = losses + 1, body = '', "
                "reason = CASE WHEN reason = '' THEN ? ELSE reason END "
                "WHERE batch = ? AND state = 'waiting'",
                (batch.reason, batch.name),
            )
            connection.execute(
                "UPDATE batches SET state = ?, reason = ?, ended = ?, answered = "
                "(SELECT count(*) FROM batch_requests WHERE batch = ? AND state = 'answered') "
                "WHERE name = ?",
                (
                    batch.state,
                    batch.reason,
                    batch.ended and batch.ended.isoformat(),
                    batch.name,
                    batch.name,
                ),
            )

    def settle(self, arxiv_id: str) -> None:
        """Forget the requests about a paper that is done with, but for those that still wait."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM batch_requests WHERE arxiv_id = ? AND state <> 'waiting'", (arxiv_id,)
            )

    def forget_ended(self, before: datetime) -> None:
        """Delete the batches that ended before a time, and what nobody took of their answers."""
        ended = "FROM batches WHERE state IN ('collected', 'lost') AND ended < ?"
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM batch_requests WHERE state <> 'waiting' "
                f"AND batch IN (SELECT name {ended})",
                (before.isoformat(),),
            )
            connection.execute(f"DELETE {ended}", (before.isoformat(),))

    def find_request(self, key: str) -> StoredRequest | None:
        """Return the request of a key."""
        return self._database.fetch_one(
            StoredRequest, "SELECT * FROM batch_requests WHERE key = ?", (key,)
        )

    def waiting_requests(self, name: str) -> tuple[StoredRequest, ...]:
        """List the requests that wait for a batch."""
        return self._database.fetch_all(
            StoredRequest,
            "SELECT * FROM batch_requests WHERE batch = ? AND state = 'waiting' ORDER BY key",
            (name,),
        )

    def open(self) -> tuple[StoredBatch, ...]:
        """List the batches that have not ended, oldest first."""
        return self._database.fetch_all(
            StoredBatch,
            "SELECT * FROM batches WHERE state IN ('prepared', 'waiting') ORDER BY created, name",
        )

    def last_ended(self, limit: int) -> tuple[StoredBatch, ...]:
        """List so many of the batches that ended, newest first."""
        return self._database.fetch_all(
            StoredBatch,
            "SELECT * FROM batches WHERE state IN ('collected', 'lost') "
            "ORDER BY ended DESC, name LIMIT ?",
            (limit,),
        )

    def papers(self) -> dict[str, PaperInBatches]:
        """Return the papers that wait for batches, or have been answered, by their ids."""
        found = self._database.fetch_all(
            PaperInBatches,
            "SELECT arxiv_id, max(CASE WHEN state = 'waiting' THEN batch ELSE '' END) AS batch, "
            "max(state = 'waiting') AS waits FROM batch_requests GROUP BY arxiv_id",
        )
        return {each.arxiv_id: each for each in found}
