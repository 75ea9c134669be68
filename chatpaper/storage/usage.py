"""What models were asked and what they used: requests by day, and a log of all answers.

The day of a request is one of the quota that it counts against; the day of an answer is that of the
posts.
"""

from dataclasses import dataclass
from datetime import date

from chatpaper.domain import Completion, Usage
from chatpaper.storage.completions import Completions
from chatpaper.storage.database import Database
from chatpaper.storage.rows import read_column, read_rows

# Enough papers (or calls) to even out long and short ones, few enough to follow a change of the
# prompts.
CALIBRATION_ROWS = 40
# Fewer than these say more about themselves than about the next one.
MIN_CALIBRATION_ROWS = 3

# The tokens used, as a multiple of those expected: of the input and of the output.
Calibration = tuple[float, float]

# What a token costs has fewer decimals, and sums of floats depend on their order beyond them.
_COST_DECIMALS = 12
# The columns of a Usage. The cost is not known where that of one call is not.
_USAGE = (
    "count(calls.number) AS llm_calls, ifnull(sum(input_tokens), 0) AS input_tokens, "
    "ifnull(sum(output_tokens), 0) AS output_tokens, "
    "CASE WHEN count(cost_usd) = count(calls.number) "
    f"THEN round(ifnull(sum(cost_usd), 0.0), {_COST_DECIMALS}) END AS cost_usd"
)
# The same by day and model as it was added up; calls are read only where some of them were deleted.
_TOTALS = (
    "SELECT day, model, llm_calls, input_tokens, output_tokens, "
    f"CASE WHEN priced_calls = llm_calls THEN round(cost_usd, {_COST_DECIMALS}) END AS cost_usd "
    "FROM usage_totals WHERE NOT stale AND {condition} "
    f"UNION ALL SELECT day, model, {_USAGE} FROM (SELECT day, model FROM usage_totals "
    "WHERE stale AND {condition}) CROSS JOIN calls USING (day, model) GROUP BY day, model"
)
# A paper takes no more calls than these, repairs among them, so that the last papers are among so
# many last calls for each.
_MAX_CALLS_A_PAPER = 12


def describe_usage(usage: Usage) -> str:
    """Tell calls, tokens and cost in one line."""
    calls = "1 model call" if usage.llm_calls == 1 else f"{usage.llm_calls} model calls"
    tokens = f"{usage.input_tokens} + {usage.output_tokens} tokens"
    cost = "unknown cost" if usage.cost_usd is None else f"{usage.cost_usd:.4f} USD"
    return f"{calls}, {tokens}, {cost}"


@dataclass(frozen=True, slots=True)
class Call:
    """One answer of a model, what it cost (None: no known price), and the tokens expected of it.

    `model` is the one that answered, which a service may name more exactly than `asked`; `prompt`
    identifies what is asked of all papers alike, so that answers to the same questions can be
    compared.
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
    """What was used on one day; `cost_usd` counts the answers whose price is known."""

    papers: int
    tokens: int
    cost_usd: float


class UsageLog:
    """What the calls of models used; may be shared by threads."""

    def __init__(self, database: Database, completions: Completions) -> None:
        self._database = database
        self._completions = completions
        self._run_id, self._day = "", date.min

    def begin_run(self, run_id: str, day: date) -> None:
        """Attribute what is recorded from now on to this run, and to the day of its posts."""
        self._run_id, self._day = run_id, day

    def try_acquire(self, model: str, day: date, limit: int | None) -> bool:
        """Count one more request to a model on this day, unless that would exceed the limit.

        Raises StoreError where the disk could not take the answer.
        """
        self._database.ensure_free_space()
        with self._database.transaction() as connection:
            if limit is not None and 0 < self.requests(model, day) >= limit:
                return False
            connection.execute(
                "INSERT INTO requests VALUES (?, ?, 1) "
                "ON CONFLICT DO UPDATE SET requests = requests + 1",
                (model, day.isoformat()),
            )
        return True

    def requests(self, model: str, day: date) -> int:
        """Return how many requests to a model were counted on this day."""
        counted = self._database.fetch_value(
            int,
            "SELECT requests FROM requests WHERE model = ? AND day = ?",
            (model, day.isoformat()),
        )
        return counted or 0

    def record(self, call: Call, key: str = "", completion: Completion | None = None) -> None:
        """Record an answer, and cache it under `key` in the same step, so that it is paid once."""
        with self._database.transaction() as connection:
            if completion is not None:
                self._completions.save(key, completion, call.arxiv_id)
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
        """Return what was used on one day."""
        (spent,) = self._database.fetch_all(
            Spent,
            "SELECT count(DISTINCT arxiv_id) AS papers, "
            "ifnull(sum(input_tokens + output_tokens), 0) AS tokens, "
            "ifnull(sum(cost_usd), 0.0) AS cost_usd FROM calls WHERE day = ?",
            (day.isoformat(),),
        )
        return spent

    def usage_by_day(self, since: date = date.min) -> tuple[DayUsage, ...]:
        """List what the runs for each day used, newest first."""
        rows = self._database.rows(
            "SELECT post_date, runs, ifnull(sum(llm_calls), 0) AS llm_calls, "
            "ifnull(sum(input_tokens), 0) AS input_tokens, "
            "ifnull(sum(output_tokens), 0) AS output_tokens, "
            "CASE WHEN count(cost_usd) = count(day) "
            f"THEN round(ifnull(sum(cost_usd), 0.0), {_COST_DECIMALS}) END "
            "AS cost_usd FROM (SELECT post_date, count(*) AS runs FROM runs "
            "WHERE post_date >= :since GROUP BY post_date) "
            f"LEFT JOIN ({_TOTALS.format(condition='day >= :since')}) ON day = post_date "
            "GROUP BY post_date ORDER BY post_date DESC",
            {"since": since.isoformat()},
        )
        days, runs = read_column(date, rows, "post_date"), read_column(int, rows, "runs")
        return tuple(map(DayUsage, days, runs, read_rows(Usage, rows)))

    def usage_by_model(self, run_id: str | None = None) -> tuple[ModelUsage, ...]:
        """List what one run, or all of them, used of each model by day, newest first."""
        counted = (
            _TOTALS.format(condition="TRUE")
            if run_id is None
            else f"SELECT day, model, {_USAGE} FROM calls WHERE run_id = :run GROUP BY day, model"
        )
        rows = self._database.rows(
            f"SELECT * FROM ({counted}) ORDER BY day DESC, model",
            {"run": run_id},
        )
        days, models = read_column(date, rows, "day"), read_column(str, rows, "model")
        return tuple(map(ModelUsage, days, models, read_rows(Usage, rows)))

    def usage_by_paper(self, run_id: str) -> dict[str, Usage]:
        """Return what a run used for each paper, by the paper's id."""
        rows = self._database.rows(
            f"SELECT arxiv_id, {_USAGE} FROM calls WHERE run_id = ? GROUP BY arxiv_id", (run_id,)
        )
        return dict(zip(read_column(str, rows), read_rows(Usage, rows), strict=True))

    def calibration_of_papers(self, model: str, prompt: str) -> Calibration | None:
        """Compare what all calls of the last papers used with what their first was expected to use.

        None where there were too few papers to tell.
        """
        return self._calibrate(
            # SQLite takes the bare columns from the row of min(number), the first call.
            "SELECT sum(input_tokens), expected_input_tokens, sum(output_tokens), "
            "expected_output_tokens, min(number) FROM (SELECT DISTINCT run_id, arxiv_id FROM "
            "(SELECT run_id, arxiv_id FROM calls WHERE asked = :asked AND prompt = :prompt "
            f"ORDER BY number DESC LIMIT :rows * {_MAX_CALLS_A_PAPER})) "
            "CROSS JOIN calls USING (run_id, arxiv_id) WHERE asked = :asked AND prompt = :prompt "
            "GROUP BY run_id, arxiv_id ORDER BY min(number) DESC LIMIT :rows",
            model,
            prompt,
        )

    def calibration_of_calls(self, model: str, prompt: str) -> Calibration | None:
        """Compare what the last calls used with what they were expected to use.

        None where there were too few calls to tell.
        """
        return self._calibrate(
            "SELECT input_tokens, expected_input_tokens, output_tokens, expected_output_tokens "
            "FROM calls WHERE asked = :asked AND prompt = :prompt ORDER BY number DESC LIMIT :rows",
            model,
            prompt,
        )

    def _calibrate(self, query: str, model: str, prompt: str) -> Calibration | None:
        rows = self._database.rows(
            query, {"asked": model, "prompt": prompt, "rows": CALIBRATION_ROWS}
        )
        used_input, expected_input, used_output, expected_output = (
            sum(read_column(int, rows, column)) for column in range(4)
        )
        if len(rows) < MIN_CALIBRATION_ROWS or not (expected_input and expected_output):
            return None
        return used_input / expected_input, used_output / expected_output
