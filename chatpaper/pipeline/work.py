"""Carries out what there is to do: downloads in one thread, at arXiv's pace; reading and asking in several."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
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
from chatpaper.log_context import ContextThreadPool, about_paper
from chatpaper.pipeline.budget import Budget
from chatpaper.pipeline.intake import Candidate
from chatpaper.pipeline.reading import FetchPdf, Reader, pdf_of
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


class Workshop:
    """Turns jobs into entries. One fault costs one paper; only what no call can get around stops the rest."""

    def __init__(
        self,
        reader: Reader,
        fetch_pdf: FetchPdf,
        summarizer: Summarizing,
        fields: tuple[str, ...],
        budget: Budget,
        *,
        concurrency: int,
        seconds_now: Callable[[], float],
        progress: Progress,
    ) -> None:
        self._reader = reader
        self._fetch_pdf = fetch_pdf
        self._summarizer = summarizer
        self._fields = fields
        self._budget = budget
        self._concurrency = concurrency
        self._seconds_now = seconds_now
        self._progress = progress
        self._stop = Event()
        self.stopped_by: ChatPaperError | None = None

    def stop(self, reason: ChatPaperError) -> None:
        """Begin nothing new: what is under way is finished, the rest is queued."""
        self.stopped_by = self.stopped_by or reason
        self._stop.set()

    def carry_out(self, jobs: Sequence[Job]) -> tuple[Finished, ...]:
        """Do all jobs, in any order; what became of them comes back in the order of the jobs."""
        self._progress.begin(len(jobs))
        with ContextThreadPool(self._concurrency, thread_name_prefix="paper") as pool:
            begun = [self._begin_logged(job, pool) for job in jobs]
            return tuple(future.result() for future in begun)

    def _begin_logged(self, job: Job, pool: ContextThreadPool) -> Future[Finished]:
        with about_paper(job.paper.arxiv_id):
            return self._begin(job, pool)

    def _begin(self, job: Job, pool: ContextThreadPool) -> Future[Finished]:
        """Fetch the PDF here, so that downloads keep their order and pace, and leave the rest to a thread."""
        if job.kept is not None:
            return self._settled(Finished(PaperReport(job.kept.paper, job.topics, "published"), job.kept))
        if self._stop.is_set():
            return self._settled(self._queued(job))
        if not self._budget.take_paper():
            return self._settled(self._over_budget(job))
        self._progress.at(job.paper, "fetch")
        try:
            pdf, missing = pdf_of(job.paper, job.candidate.pdf, self._fetch_pdf)
        except UpstreamError as error:
            return self._settled(self._failed(job, "fetch", error))
        return pool.submit(self._finish, job, pdf, missing)

    def _settled(self, finished: Finished) -> Future[Finished]:
        self._progress.finish(finished.report.paper)
        future: Future[Finished] = Future()
        future.set_result(finished)
        return future

    def _finish(self, job: Job, pdf: Path | None, missing: AbstractOnlyReason | None) -> Finished:
        try:
            return self._read_and_summarize(job, pdf, missing)
        except Exception as error:
            # A defect of ours that one paper brings to light must not cost the others their night.
            log.exception("%s: unexpected error", job.paper.idv)
            return self._failed(job, "", DefectError(f"a defect of chatpaper: {type(error).__name__}: {error}"))
        finally:
            self._progress.finish(job.paper)

    def _read_and_summarize(self, job: Job, pdf: Path | None, missing: AbstractOnlyReason | None) -> Finished:
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
            summary = self._summarizer.summarize(reading.paper, reading.document, self._fields)
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

    def plan(self, job: Job) -> Finished:
        """What `carry_out` would make of a job, and what it would take: reads the paper, asks no model."""
        with about_paper(job.paper.arxiv_id):
            return self._plan(job)

    def _plan(self, job: Job) -> Finished:
        if job.kept is not None:
            return Finished(replace(self._queued(job, "dry run").report, estimate=TokenEstimate(0, 0, 0.0)))
        if not self._budget.take_paper():
            return self._over_budget(job)
        try:
            pdf, missing = pdf_of(job.paper, job.candidate.pdf, self._fetch_pdf)
            reading = self._reader.read(job.paper, pdf, missing)
        except (UpstreamError, ExtractError) as error:
            return self._failed(job, "fetch" if isinstance(error, UpstreamError) else "extract", error)
        estimate = self._summarizer.estimate(reading.paper, reading.document, self._fields)
        return Finished(PaperReport(reading.paper, job.topics, "queued", reason="dry run", estimate=estimate))

    def _over_budget(self, job: Job) -> Finished:
        """A paper that is left for the next run, because this one may not begin any more."""
        return self._queued(job, "budget.max_papers is reached")

    def _queued(self, job: Job, reason: str = "") -> Finished:
        why = reason or (str(self.stopped_by) if self.stopped_by else "the run was stopped")
        return Finished(PaperReport(job.paper, job.topics, "queued", reason=why))

    def _failed(self, job: Job, stage: Stage, error: ChatPaperError) -> Finished:
        log.error("%s: %s", job.paper.idv, error)
        return Finished(PaperReport(job.paper, job.topics, "failed", stage, str(error), error))
