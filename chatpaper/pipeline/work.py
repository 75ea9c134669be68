"""Carries out what there is to do: downloads in one thread, at arXiv's pace; reading and asking in several."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Lock
from typing import Protocol

from chatpaper.domain import AbstractOnlyReason, Document, Entry, Paper, Summary, TokenEstimate
from chatpaper.errors import (
    BackendError,
    BackendRejectedError,
    BudgetReachedError,
    ChatPaperError,
    DefectError,
    ExtractError,
    QuotaExhaustedError,
    UpstreamError,
)
from chatpaper.pipeline.intake import Candidate
from chatpaper.pipeline.reading import FetchPdf, Reader, Reading, pdf_of
from chatpaper.pipeline.report import PaperReport, Stage

log = logging.getLogger(__name__)


class Progress(Protocol):
    """Is told how far the work is."""

    def begin(self, papers: int) -> None:
        """So many papers are to be done."""

    def at(self, paper: Paper, stage: Stage) -> None:
        """A paper has come to a stage."""

    def finish(self, paper: Paper) -> None:
        """A paper is done, one way or another."""


class Summarizing(Protocol):
    """Writes summaries, and says beforehand what they will take: `chatpaper.summarize.Summarizer`, or a test's own."""

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        """The checked answers to the fields. Raises a BackendError where there are none."""

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        """What that would take."""


@dataclass(frozen=True, slots=True)
class Job:
    """One paper to be summarized, for all the topics that want it; `kept` is its entry from an earlier run."""

    candidate: Candidate
    topics: tuple[str, ...]
    kept: Entry | None = None

    @property
    def paper(self) -> Paper:
        """The paper to be summarized."""
        return self.candidate.paper


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a job; `entry` is there when the paper can be published."""

    report: PaperReport
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use at most; None is no limit."""

    papers: int | None = None
    usd: float | None = None
    tokens: int | None = None


class Budget:
    """Counts what a run has used and may still use; shared by the threads of the run."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = Lock()
        self._papers = 0
        self._usd = 0.0
        self._tokens = 0

    def take_paper(self) -> bool:
        """Whether one more paper may be begun; it counts when it may."""
        with self._lock:
            if self._limits.papers is not None and self._papers >= self._limits.papers:
                return False
            self._papers += 1
            return True

    def reserve(self, estimate: TokenEstimate) -> None:
        """Set aside what a call is expected to use. Raises BudgetReachedError where that would be too much."""
        tokens, usd = estimate.input_tokens + estimate.output_tokens, estimate.cost_usd or 0.0
        with self._lock:
            if self._limits.tokens is not None and self._tokens + tokens > self._limits.tokens:
                raise BudgetReachedError(
                    f"budget.max_tokens is {self._limits.tokens}: {self._tokens} are used, and the next paper needs "
                    f"about {tokens}. The rest is queued for the next run."
                )
            if self._limits.usd is not None and self._usd + usd > self._limits.usd:
                raise BudgetReachedError(
                    f"budget.max_usd is {self._limits.usd:g}: {self._usd:.4f} is spent, and the next paper costs "
                    f"about {usd:.4f}. The rest is queued for the next run."
                )
            self._tokens += tokens
            self._usd += usd

    def settle(self, estimate: TokenEstimate, used_tokens: int, used_usd: float | None) -> None:
        """Replace what was set aside by what was used."""
        with self._lock:
            self._tokens += used_tokens - estimate.input_tokens - estimate.output_tokens
            self._usd += (used_usd or 0.0) - (estimate.cost_usd or 0.0)


class Workshop:
    """Turns jobs into entries. One fault costs one paper; only what no call can get around stops the rest."""

    def __init__(
        self,
        reader: Reader,
        fetch_pdf: FetchPdf,
        summarizer: Summarizing,
        fields: tuple[str, ...],
        *,
        concurrency: int,
        seconds_now: Callable[[], float],
        progress: Progress,
    ) -> None:
        self._reader = reader
        self._fetch_pdf = fetch_pdf
        self._summarizer = summarizer
        self._fields = fields
        self._concurrency = concurrency
        self._seconds_now = seconds_now
        self._progress = progress
        self._stop = Event()
        self.stopped_by: ChatPaperError | None = None

    def stop(self, reason: ChatPaperError) -> None:
        """Begin nothing new: what is under way is finished, the rest is queued."""
        self.stopped_by = self.stopped_by or reason
        self._stop.set()

    def carry_out(self, jobs: Sequence[Job], budget: Budget) -> tuple[Finished, ...]:
        """Do all jobs, in any order; what became of them comes back in the order of the jobs."""
        self._progress.begin(len(jobs))
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="paper") as pool:
            begun = [self._begin(job, budget, pool) for job in jobs]
            return tuple(future.result() for future in begun)

    def _begin(self, job: Job, budget: Budget, pool: ThreadPoolExecutor) -> Future[Finished]:
        """Fetch the PDF here, so that downloads keep their order and pace, and leave the rest to a thread."""
        if job.kept is not None:
            return self._settled(Finished(PaperReport(job.kept.paper, job.topics, "published"), job.kept))
        if self._stop.is_set():
            return self._settled(self._queued(job))
        if not budget.take_paper():
            return self._settled(self.over_budget(job))
        self._progress.at(job.paper, "fetch")
        try:
            pdf, missing = pdf_of(job.paper, job.candidate.pdf, self._fetch_pdf)
        except UpstreamError as error:
            return self._settled(self._failed(job, "fetch", error))
        return pool.submit(self._finish, job, pdf, missing, budget)

    def _settled(self, finished: Finished) -> Future[Finished]:
        self._progress.finish(finished.report.paper)
        future: Future[Finished] = Future()
        future.set_result(finished)
        return future

    def _finish(self, job: Job, pdf: Path | None, missing: AbstractOnlyReason | None, budget: Budget) -> Finished:
        try:
            return self._read_and_summarize(job, pdf, missing, budget)
        except Exception as error:
            # A defect of ours that one paper brings to light must not cost the others their night.
            log.exception("%s: unexpected error", job.paper.idv)
            return self._failed(job, "", DefectError(f"a defect of chatpaper: {type(error).__name__}: {error}"))
        finally:
            self._progress.finish(job.paper)

    def _read_and_summarize(
        self, job: Job, pdf: Path | None, missing: AbstractOnlyReason | None, budget: Budget
    ) -> Finished:
        began = self._seconds_now()
        if self._stop.is_set():
            return self._queued(job)
        self._progress.at(job.paper, "extract")
        try:
            reading = self._reader.read(job.paper, pdf, missing)
        except ExtractError as error:
            return self._failed(job, "extract", error)
        self._progress.at(job.paper, "summarize")
        try:
            summary = self._summarize(reading, budget)
        except (BackendRejectedError, QuotaExhaustedError, BudgetReachedError) as error:
            self.stop(error)
            return self._queued(job)
        except BackendError as error:
            return self._failed(job, "summarize", error)
        log.info("%s: summarized with %d call(s)", job.paper.idv, summary.llm_calls)
        # A post shows nothing of the sections; their text stays in the cache of documents.
        shown = replace(reading.document, sections=(), front_matter="")
        entry = Entry(reading.paper, shown, summary, reading.abstract_only, reading.images)
        return Finished(PaperReport.of_summary(reading.paper, job.topics, summary, self._seconds_now() - began), entry)

    def _summarize(self, reading: Reading, budget: Budget) -> Summary:
        estimate = self._summarizer.estimate(reading.paper, reading.document, self._fields)
        budget.reserve(estimate)
        tokens, usd = 0, 0.0
        try:
            summary = self._summarizer.summarize(reading.paper, reading.document, self._fields)
            if summary.llm_calls:
                tokens, usd = summary.input_tokens + summary.output_tokens, summary.cost_usd or 0.0
            return summary
        except BackendError as error:
            tokens = error.input_tokens + error.output_tokens
            raise
        finally:
            budget.settle(estimate, tokens, usd)

    def estimate(self, job: Job) -> PaperReport:
        """What a job would take: reads the paper, asks no model."""
        try:
            pdf, missing = pdf_of(job.paper, job.candidate.pdf, self._fetch_pdf)
            reading = self._reader.read(job.paper, pdf, missing)
        except (UpstreamError, ExtractError) as error:
            return self._failed(job, "fetch" if isinstance(error, UpstreamError) else "extract", error).report
        estimate = self._summarizer.estimate(reading.paper, reading.document, self._fields)
        return PaperReport(reading.paper, job.topics, "queued", reason="dry run", estimate=estimate)

    def over_budget(self, job: Job) -> Finished:
        """A paper that is left for the next run, because this one may not begin any more."""
        return self._queued(job, "budget.max_papers is reached")

    def _queued(self, job: Job, reason: str = "") -> Finished:
        why = reason or (str(self.stopped_by) if self.stopped_by else "the run was stopped")
        return Finished(PaperReport(job.paper, job.topics, "queued", reason=why))

    def _failed(self, job: Job, stage: Stage, error: ChatPaperError) -> Finished:
        log.error("%s: %s", job.paper.idv, error)
        report = PaperReport(job.paper, job.topics, "failed", stage, str(error), error)
        if isinstance(error, BackendError):
            report = replace(
                report,
                llm_calls=error.llm_calls,
                input_tokens=error.input_tokens,
                output_tokens=error.output_tokens,
            )
        return Finished(report)
