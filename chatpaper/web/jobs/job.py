"""A summary that a visitor asked for: what it is, how far it is, and how that becomes known."""

from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Literal

from chatpaper.backends import Backend
from chatpaper.backends.decorators.decorated import DecoratedBackend
from chatpaper.domain import Completion, Paper, Prompt
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.report.run_report import PaperReport, Stage
from chatpaper.web.jobs.requests import SummaryRequest

State = Literal["waiting", "working", "cancelling", "done", "failed", "cancelled"]
Step = Literal["", "find", "fetch", "extract", "summarize", "check", "write"]


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How far a job is.

    `pages`, `sections` and `figures` are those that the model was given, `calls` the calls so far.
    `report` is there once the work is over, `error` where it failed.
    """

    state: State = "waiting"
    step: Step = ""
    pages: int = 0
    sections: int = 0
    figures: int = 0
    calls: int = 0
    error: Exception | None = None
    report: PaperReport | None = None


@dataclass(slots=True)
class Job:
    """A request that was accepted.

    Its status is replaced as a whole, so that any thread may read it.
    """

    number: str
    request: SummaryRequest
    visitor: str = ""
    cancellation: CancellationToken = field(default_factory=CancellationToken)
    status: JobStatus = JobStatus()
    lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.status.state in ("done", "failed", "cancelled")

    def change(self, **changes: Any) -> None:
        """Replace the status by one that differs in `changes`, unless the job is over."""
        with self.lock:
            if not self.over:
                self.status = replace(self.status, **changes)

    def forget_key(self) -> None:
        """Drop the API key that the visitor typed in."""
        self.request = replace(self.request, api_key=type(self.request.api_key)(""))


class JobProgress:
    """Reports the stages of the pipeline as steps of a job."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def begin(self, papers: int) -> None:
        """Do nothing: a job has one paper."""

    def at(self, paper: Paper, stage: Stage) -> None:
        """Report the stage at which the paper is."""
        self._job.change(step=stage)

    def finish(self, report: PaperReport, spent_usd: float | None) -> None:
        """Report that the answers are stored and posts are still to be written."""
        self._job.change(step="write")


class WatchedBackend(DecoratedBackend):
    """A backend whose calls are reported as steps of a job."""

    def __init__(self, backend: Backend, job: Job) -> None:
        super().__init__(backend)
        self._job = job

    def complete(self, prompt: Prompt) -> Completion:
        """Complete the prompt; report what is sent before, and that it is checked after."""
        source = prompt.source
        self._job.change(
            step="summarize",
            calls=self._job.status.calls + 1,
            pages=source.pages,
            sections=source.sections,
            figures=source.figures,
        )
        completion = super().complete(prompt)
        self._job.change(step="check")
        return completion
