"""What models were asked and what they took, in the database: requests by day, and a ledger of all
answers.

A day of requests is a day of the quota that they count against; a day of the ledger is that of the
posts.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chatpaper.domain import Completion, Usage
from chatpaper.storage.completions import Completions
from chatpaper.storage.database import Database

# Enough papers (or calls) to even out long and short ones, few enough to follow a change of the
# prompts.
CALIBRATION_ROWS = 40
# Fewer than these say more about themselves than about the next.
MIN_CALIBRATION_ROWS = 3

# How many tokens were used for each that had been expected: of the input and of the output.
Calibration = tuple[float, float]

_USAGE = (
    "count(*) AS llm_calls, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, "
    "CASE WHEN count(cost_usd) = count(*) THEN sum(cost_usd) END AS cost_usd"
)


@dataclass(frozen=True, slots=True)
class Call:
    """One answer of a model, what it cost (None: no known price), and what it had been expected to
    take.

    `model` is the one that answered, which a service may name more exactly than `asked`; `prompt`
    names what all papers are asked alike, so that answers to the same questions can be compared.
    """

    arxiv_id: str
    asked: str
    prompt: str
    model: str
    input_tokens: int
    output_tokens: int
    cached_input_tokens: int
    cost_usd: float | None
    expected_input_tokens: int
    expected_output_tokens: int


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """What was used of one model for the posts of one day."""

    day: date
    model: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class DayUsage:
    """What all runs for the posts of one day used together."""

    day: date
    runs: int
    usage: Usage


@dataclass(frozen=True, slots=True)
class Spent:
    """What was asked about papers on one day; `cost_usd` counts the answers whose price is known."""

    papers: int
    tokens: int
    cost_usd: float


class UsageLog:
    """The accounts in the database; may be shared by threads."""

    def __init__(self, database: Database, completions: Completions) -> None:
        self._database = database
        self._completions = completions
        self._run_id, self._day = "", date.min

    def begin_run(self, run_id: str, day: date) -> None:
        """Book what follows on this run, and on the day of its posts."""
        self._run_id, self._day = run_id, day

    def try_acquire(self, model: str, day: date, limit: int | None) -> bool:
        """Count one more request to a model on this day, if there may be one more.

        Raises StoreError where the answer could not be kept.
        """
        self._database.ensure_free_space()
        with self._database.transaction() as connection:
            found = connection.execute(
                "SELECT requests FROM requests WHERE model = ? AND day = ?",
                (model, day.isoformat()),
            ).fetchone()
            if limit is not None and found is not None and found["requests"] >= limit:
                return False
            connection.execute(
                "INSERT INTO requests VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET requests = requests + 1",
                (model, day.isoformat()),
            )
        return True

    def requests(self, model: str, day: date) -> int:
        """How many requests to a model were counted on this day."""
        rows = self._database.rows(
            "SELECT requests FROM requests WHERE model = ? AND day = ?", (model, day.isoformat())
        )
        return int(rows[0]["requests"]) if rows else 0

    def record(self, call: Call, key: str = "", completion: Completion | None = None) -> None:
        """Enter one answer, and keep it under `key` in the same step: what was paid for is there,
        and paid once.
        """
        with self._database.transaction() as connection:
            if completion is not None:
                self._completions.put(key, completion)
            connection.execute(
                "INSERT INTO calls VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self._run_id,
                    self._day.isoformat(),
                    call.arxiv_id,
                    call.asked,
                    call.prompt,
                    call.model,
                    call.input_tokens,
                    call.output_tokens,
                    call.cached_input_tokens,
                    call.cost_usd,
                    call.expected_input_tokens,
                    call.expected_output_tokens,
                ),
            )

    def used_on(self, day: date) -> Spent:
        """What was used on one day, for however many papers."""
        (row,) = self._database.rows(
            "SELECT count(DISTINCT arxiv_id) AS papers, ifnull(sum(input_tokens + output_tokens), 0) AS tokens, "
            "ifnull(sum(cost_usd), 0.0) AS cost_usd FROM calls WHERE day = ?",
            (day.isoformat(),),
        )
        return Spent(int(row["papers"]), int(row["tokens"]), float(row["cost_usd"]))

    def usage_by_day(self) -> tuple[DayUsage, ...]:
        """What the runs for each day used, newest first."""
        used = {
            row["day"]: row
            for row in self._database.rows(f"SELECT day, {_USAGE} FROM calls GROUP BY day")
        }
        runs = self._database.rows(
            "SELECT post_date, count(*) AS runs FROM runs GROUP BY post_date ORDER BY post_date DESC"
        )
        return tuple(
            DayUsage(
                date.fromisoformat(row["post_date"]),
                row["runs"],
                _usage(used[row["post_date"]]) if row["post_date"] in used else Usage(),
            )
            for row in runs
        )

    def usage_by_model(self, run_id: str | None = None) -> tuple[ModelUsage, ...]:
        """What was used of each model by day, newest first; of one run, or of all."""
        rows = self._database.rows(
            f"SELECT day, model, {_USAGE} FROM calls WHERE run_id = ifnull(?, run_id) "
            "GROUP BY day, model ORDER BY day DESC, model",
            (run_id,),
        )
        return tuple(
            ModelUsage(date.fromisoformat(row["day"]), row["model"], _usage(row)) for row in rows
        )

    def usage_by_paper(self, run_id: str) -> dict[str, Usage]:
        """What each paper took in a run."""
        rows = self._database.rows(
            f"SELECT arxiv_id, {_USAGE} FROM calls WHERE run_id = ? GROUP BY arxiv_id", (run_id,)
        )
        return {row["arxiv_id"]: _usage(row) for row in rows}

    def calibration_of_papers(self, model: str, prompt: str) -> Calibration | None:
        """What the last papers took with all their calls, against what their first call was
        expected to take.

        None where there have been too few to tell.
        """
        return self._calibration(
            "SELECT sum(input_tokens), expected_input_tokens, sum(output_tokens), expected_output_tokens, min(number) "
            "FROM calls WHERE asked = ? AND prompt = ? GROUP BY run_id, arxiv_id ORDER BY min(number) DESC LIMIT ?",
            model,
            prompt,
        )

    def calibration_of_calls(self, model: str, prompt: str) -> Calibration | None:
        """What the last calls took, against what they were expected to take; None where they are
        too few to tell.
        """
        return self._calibration(
            "SELECT input_tokens, expected_input_tokens, output_tokens, expected_output_tokens, number "
            "FROM calls WHERE asked = ? AND prompt = ? ORDER BY number DESC LIMIT ?",
            model,
            prompt,
        )

    def _calibration(self, query: str, model: str, prompt: str) -> Calibration | None:
        rows = self._database.rows(query, (model, prompt, CALIBRATION_ROWS))
        used_input, expected_input, used_output, expected_output = (
            sum(row[i] for row in rows) for i in range(4)
        )
        if len(rows) < MIN_CALIBRATION_ROWS or not (expected_input and expected_output):
            return None
        return used_input / expected_input, used_output / expected_output


def _usage(row: Any) -> Usage:
    return Usage(row["llm_calls"], row["input_tokens"], row["output_tokens"], row["cost_usd"])
