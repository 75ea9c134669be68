"""What a run did: the value and its exit code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, cast

from chatpaper.domain import Paper, Ranking, Summary, TokenEstimate, Usage
from chatpaper.domain.errors import ChatPaperError, ExitCode
from chatpaper.storage.papers.outcomes import Outcome, Status, describe_attempts
from chatpaper.storage.run_history import TopicRunStatus
from chatpaper.storage.usage import ModelUsage

Stage = Literal["", "intake", "fetch", "extract", "summarize", "write"]


@dataclass(frozen=True, slots=True)
class PaperReport:
    """What became of one paper in a run.

    `ranking` is there where the papers of the run were ranked for a reader.
    """

    paper: Paper
    topics: tuple[str | None, ...]
    status: Status
    stage: Stage = ""
    reason: str = ""
    error: ChatPaperError | None = None
    llm_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    estimate: TokenEstimate | None = None
    attempts: int = 0
    next_try: date | None = None
    ranking: Ranking | None = None
    awaits_batch: bool = False

    @property
    def failed_upstream(self) -> bool:
        """Whether a service is to blame, and not the paper."""
        return self.error is not None and self.error.exit_code == ExitCode.UPSTREAM

    @property
    def failed_by_itself(self) -> bool:
        """Whether the fault is the paper's own, which costs it an attempt."""
        return self.status == "failed" and (self.error is None or self.error.about == "paper")

    @property
    def waits(self) -> bool:
        """Whether the paper failed on an earlier night and was not tried on this one."""
        return self.status == "queued" and self.next_try is not None

    @property
    def given_up(self) -> bool:
        """Whether the attempt of this night was its last."""
        return self.status == "excluded" and self.error is not None

    @classmethod
    def published(
        cls, paper: Paper, topics: tuple[str | None, ...], summary: Summary, seconds: float
    ) -> "PaperReport":
        """Report a published paper."""
        return cls(paper, topics, "published", seconds=seconds, warnings=summary.warnings)

    def with_warnings(self, warnings: Iterable[str]) -> "PaperReport":
        """Add what readers of the report should know."""
        return replace(self, warnings=(*self.warnings, *warnings))

    @classmethod
    def deferred(
        cls, paper: Paper, topics: tuple[str | None, ...], outcome: Outcome
    ) -> "PaperReport":
        """Report a paper that failed on an earlier night and is not tried on this one."""
        attempts = describe_attempts(outcome.attempts)
        reason = f"waits until {outcome.next_try} after {attempts}: {outcome.reason}"
        stage = cast(Stage, outcome.stage)
        return cls(
            paper,
            topics,
            "queued",
            stage,
            reason,
            attempts=outcome.attempts,
            next_try=outcome.next_try,
        )

    def with_outcomes(self, outcomes: Sequence[Outcome]) -> "PaperReport":
        """Add what the outcomes of the paper, one for each topic, say of its attempts.

        The paper is excluded if it is so in all topics.
        """
        given_up = all(outcome.status == "excluded" for outcome in outcomes)
        return replace(
            self,
            status="excluded" if given_up else self.status,
            reason=outcomes[0].reason if given_up else self.reason,
            attempts=max(outcome.attempts for outcome in outcomes),
            next_try=min(
                (outcome.next_try for outcome in outcomes if outcome.next_try), default=None
            ),
        )

    def with_usage(self, usage: Usage) -> "PaperReport":
        """Add what the run used of models for the paper; calls of earlier runs are not counted."""
        return replace(
            self,
            llm_calls=usage.llm_calls,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost_usd=usage.cost_usd,
        )


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What became of the papers of one topic.

    found = published + excluded + failed, where deferred papers count as failed. `state` is how the
    run of the topic ended, None for a dry run; `source` is where its papers came from. With
    `awaits_batch`, papers wait for a batch that a later run collects.
    """

    name: str
    query: str
    found: int = 0
    published: int = 0
    excluded: int = 0
    failed: int = 0
    post: str | None = None
    error: ChatPaperError | None = None
    state: TopicRunStatus | None = None
    source: str = ""
    notes: tuple[str, ...] = ()
    awaits_batch: bool = False

    def __post_init__(self) -> None:
        if self.found != self.published + self.excluded + self.failed:
            raise AssertionError(f"the papers of topic {self.name!r} do not add up: {self}")


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did."""

    run_id: str
    post_date: date
    started: datetime
    finished: datetime
    topics: tuple[TopicReport, ...]
    papers: tuple[PaperReport, ...]
    posts: tuple[str, ...] = ()
    stopped_by: ChatPaperError | None = None
    dry_run: bool = False
    models: tuple[ModelUsage, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the command; the most pressing reason decides."""
        if self.stopped_by is not None:
            return self.stopped_by.exit_code
        if any(topic.error for topic in self.topics):
            return ExitCode.UPSTREAM
        if any(paper.error is not None and paper.error.about == "us" for paper in self.papers):
            return ExitCode.DEFECT
        statuses = {
            paper.status for paper in self.papers if not (paper.waits or paper.awaits_batch)
        }
        if "queued" in statuses and not self.dry_run:
            return ExitCode.BUDGET
        if any(paper.given_up for paper in self.papers):
            return ExitCode.SOME_FAILED
        if "failed" not in statuses:
            awaits_batch = any(paper.awaits_batch for paper in self.papers)
            return ExitCode.WAITING_FOR_BATCH if awaits_batch else ExitCode.DONE
        return (
            ExitCode.SOME_FAILED
            if "published" in statuses or not self._only_upstream_failed
            else ExitCode.UPSTREAM
        )

    @property
    def _only_upstream_failed(self) -> bool:
        return all(paper.failed_upstream for paper in self.papers if paper.status == "failed")

    @property
    def llm_calls(self) -> int:
        """The number of model calls."""
        return sum(paper.llm_calls for paper in self.papers)

    @property
    def input_tokens(self) -> int:
        """The number of tokens sent."""
        return sum(paper.input_tokens for paper in self.papers)

    @property
    def output_tokens(self) -> int:
        """The number of tokens received, thinking included."""
        return sum(paper.output_tokens for paper in self.papers)

    @property
    def cost_usd(self) -> float | None:
        """The money spent; None where the price of a call is not known."""
        return total_cost(paper.cost_usd for paper in self.papers)


def total_cost(costs: Iterable[float | None]) -> float | None:
    """Add up costs in US dollars; None where one of them is not known."""
    known = list(costs)
    return (
        None
        if any(cost is None for cost in known)
        else round(sum(cost for cost in known if cost is not None), 6)
    )
