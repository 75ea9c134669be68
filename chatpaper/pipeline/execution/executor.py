"""Carries out what there is to do, in three stages that overlap: fetching, reading and asking.

Papers are fetched one by one in the calling thread, at arXiv's pace. They are read by as many
threads as there are processes for it, and asked about by as many as there may be calls, so that
reading never takes the place of a call. Between the stages there are as many papers as named below,
and what is done is handed on at once: what a run holds in memory does not depend on how many papers
it has.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from threading import BoundedSemaphore
from typing import Protocol, TypeVar

from chatpaper.domain import AbstractOnlyReason, Document, Entry, Paper, Summary, TokenEstimate
from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BudgetReachedError,
    ChatPaperError,
    ConfigError,
    DefectError,
    ExtractError,
    FetchError,
    QuotaExhaustedError,
    StoreError,
    UnexplainedRefusalError,
)
from chatpaper.domain.log_context import ContextThreadPool, about_paper
from chatpaper.pipeline.documents import (
    FetchPdf,
    Reader,
    Reading,
    pdf_of,
)
from chatpaper.pipeline.execution.budget import Budget
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.execution.service_health import Answering, refused_paper
from chatpaper.pipeline.report.run_report import PaperReport, Stage
from chatpaper.pipeline.selection import Job

log = logging.getLogger(__name__)

# Papers that are fetched and not yet read. At arXiv's pace that is a minute and a half of fetching:
# enough to outlast a slow stretch of the model, and no more than that is asked of arXiv for a night
# that ends early.
MOST_FETCHED = 32
# Documents in memory for each call that may be made at once: the one that is asked about, and one
# that is ready when the call ends.
DOCUMENTS_A_CALL = 2

# No paper can get around these: the account, the budget, or a disk that takes nothing more.
_STOPPING = (BackendRejectedError, QuotaExhaustedError, BudgetReachedError, ConfigError, StoreError)
# These cost the one paper that they befell, at this stage.
_STAGE_OF_FAULT: tuple[tuple[type[ChatPaperError], Stage], ...] = (
    (FetchError, "fetch"),
    (ExtractError, "extract"),
    (BackendError, "summarize"),
)

_Step = TypeVar("_Step")


class Progress(Protocol):
    """Is told how far the work is."""

    def begin(self, papers: int) -> None:
        """So many papers are to be done."""

    def at(self, paper: Paper, stage: Stage) -> None:
        """A paper has come to a stage."""

    def finish(self, paper: Paper) -> None:
        """A paper is done, one way or another."""


class Summarizing(Protocol):
    """Writes summaries, and says beforehand what they will take: `chatpaper.summarize.Summarizer`,
    or a test's own.
    """

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        """The checked answers to the fields. Raises a BackendError where there are none."""

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        """What that would take."""

    def missing(self, summary: Summary, fields: tuple[str, ...]) -> tuple[str, ...]:
        """The fields that are to be asked for, since the summary has no answer to them that is
        still good.
        """


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a job; `entry` is there when the paper can be published."""

    report: PaperReport
    entry: Entry | None = None


# The entry of a job from an earlier run, if there is one that still holds; it may lack answers that
# are wanted now.
FindKept = Callable[[Job], Entry | None]
# Makes what became of a paper last. Called by several threads. Raises StoreError.
Settle = Callable[[Finished], None]


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A paper whose PDF is there, or of which it is known why there is none."""

    job: Job
    pdf: Path | None
    missing: AbstractOnlyReason | None
    kept: Entry | None


@dataclass(frozen=True, slots=True)
class _Read:
    """A paper that was read, and how long that took."""

    job: Job
    reading: Reading
    seconds: float
    kept: Entry | None


@dataclass(frozen=True, slots=True)
class _Stages:
    """The threads of one run, and the room between them."""

    reading: ContextThreadPool
    asking: ContextThreadPool
    fetched: BoundedSemaphore
    documents: BoundedSemaphore
    find_kept: FindKept
    settle: Settle


class Workshop:
    """Turns jobs into entries.

    One fault costs one paper; only what no call can get around stops the rest.
    """

    def __init__(
        self,
        reader: Reader,
        fetch_pdf: FetchPdf,
        summarizer: Summarizing,
        fields: tuple[str, ...],
        budget: Budget,
        *,
        readers: int = 1,
        concurrency: int,
        seconds_now: Callable[[], float],
        progress: Progress,
        cancellation: CancellationToken | None = None,
    ) -> None:
        """`readers` papers are read at a time, and no more than `concurrency` asked about."""
        self._reader = reader
        self._fetch_pdf = fetch_pdf
        self._summarizer = summarizer
        self._fields = fields
        self._budget = budget
        self._readers = readers
        self._concurrency = concurrency
        self._seconds_now = seconds_now
        self._progress = progress
        self._cancellation = cancellation or CancellationToken()
        self._answering = Answering()

    @property
    def stopped_by(self) -> ChatPaperError | None:
        """Why not all was begun."""
        return self._cancellation.reason

    def stop(self, reason: ChatPaperError) -> None:
        """Begin nothing new: what is under way is finished, the rest is queued."""
        self._cancellation.cancel(reason)

    def missing(self, entry: Entry | None) -> tuple[str, ...]:
        """The fields that are still to be asked for about a paper, which may have an entry."""
        return (
            self._fields if entry is None else self._summarizer.missing(entry.summary, self._fields)
        )

    def carry_out(
        self,
        jobs: Sequence[Job],
        find_kept: FindKept,
        settle: Settle,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> tuple[PaperReport, ...]:
        """Do all jobs; each is settled as soon as it is done, and the reports come back in the
        order of the jobs.

        `meanwhile` is done when all is fetched, while the rest is still read and asked about.
        """
        self._progress.begin(len(jobs))
        self._budget.expect(len(jobs))
        with (
            ContextThreadPool(self._concurrency, thread_name_prefix="ask") as asking,
            ContextThreadPool(self._readers, thread_name_prefix="read") as reading,
        ):
            stages = _Stages(
                reading,
                asking,
                BoundedSemaphore(MOST_FETCHED),
                BoundedSemaphore(DOCUMENTS_A_CALL * self._concurrency),
                find_kept,
                settle,
            )
            try:
                begun = [self._begin_logged(job, stages) for job in jobs]
                self._do_meanwhile(meanwhile)
                return self._with_refusals([report.result() for report in begun], settle)
            except BaseException:
                # What waits between the stages is not to be begun before this is told.
                self.stop(DefectError("The run broke off."))
                raise

    def _do_meanwhile(self, meanwhile: Callable[[], None]) -> None:
        try:
            meanwhile()
        except StoreError as error:
            self.stop(error)

    def _begin_logged(self, job: Job, stages: _Stages) -> Future[PaperReport]:
        with about_paper(job.paper.arxiv_id):
            return self._begin(job, stages)

    def _begin(self, job: Job, stages: _Stages) -> Future[PaperReport]:
        """Fetch the PDF here, so that downloads keep their order and pace, and leave the rest to
        the other stages.
        """
        report: Future[PaperReport] = Future()
        stages.fetched.acquire()
        step = self._guarded(job, lambda: self._fetched(job, stages))
        if isinstance(step, Finished):
            stages.fetched.release()
            self._settle(step, stages, report)
        else:
            stages.reading.submit(self._go_on_reading, step, stages, report)
        return report

    def _go_on_reading(
        self, fetched: _Fetched, stages: _Stages, report: Future[PaperReport]
    ) -> None:
        stages.documents.acquire()
        step = self._guarded(fetched.job, lambda: self._read(fetched))
        stages.fetched.release()
        if isinstance(step, Finished):
            stages.documents.release()
            self._settle(step, stages, report)
        else:
            stages.asking.submit(self._go_on_asking, step, stages, report)

    def _go_on_asking(self, read: _Read, stages: _Stages, report: Future[PaperReport]) -> None:
        self._settle(self._guarded(read.job, lambda: self._asked(read)), stages, report)
        stages.documents.release()

    def _guarded(self, job: Job, step: Callable[[], _Step]) -> _Step | Finished:
        """What a step comes to; a fault becomes the end of the one paper, or of all that has not
        begun.
        """
        try:
            return step()
        except UnexplainedRefusalError as error:
            return self._refused(job, error)
        except _STOPPING as error:
            self.stop(error)
            return self._queued(job)
        except ChatPaperError as error:
            self._note(error)
            stage = next(
                (stage for kind, stage in _STAGE_OF_FAULT if isinstance(error, kind)), None
            )
            return self._failed(job, stage or "", error)
        except Exception as error:
            # A defect of ours that one paper brings to light must not cost the others their night.
            log.exception("%s: unexpected error", job.paper.idv)
            return self._failed(
                job, "", DefectError(f"a defect of chatpaper: {type(error).__name__}: {error}")
            )

    def _note(self, error: ChatPaperError) -> None:
        """Learn from a fault whether the service answers; a night on which it does not is not spent
        on asking it.
        """
        if not isinstance(error, BackendError):
            return
        if error.about == "paper":
            self._answering.note_answer()
        elif error.about == "moment" and self._answering.note_silence():
            self.stop(error)

    def _refused(self, job: Job, error: UnexplainedRefusalError) -> Finished:
        """A paper that the service refuses without a reason that is known; the others say whether
        it is the paper.
        """
        if self._answering.answers:
            return self._failed(job, "summarize", refused_paper(error))
        log.warning("%s: %s", job.paper.idv, error)
        if self._answering.note_refusal(job, error):
            self.stop(error)
        return self._queued(job, str(error))

    def _with_refusals(self, reports: list[PaperReport], settle: Settle) -> tuple[PaperReport, ...]:
        """The reports, in which papers that were refused have failed if the service has answered
        about another.
        """
        refused = {job.paper.arxiv_id: (job, error) for job, error in self._answering.refused}
        if refused and not self._answering.answers:
            self.stop(next(iter(refused.values()))[1])
            return tuple(reports)
        for index, report in enumerate(reports):
            if report.paper.arxiv_id in refused:
                job, error = refused[report.paper.arxiv_id]
                done = self._failed(job, "summarize", refused_paper(error))
                try:
                    settle(done)
                    reports[index] = done.report
                except StoreError as fault:
                    self.stop(fault)
        return tuple(reports)

    def _settle(self, done: Finished, stages: _Stages, report: Future[PaperReport]) -> None:
        try:
            stages.settle(done)
            report.set_result(done.report)
        except StoreError as error:
            self.stop(error)
            report.set_result(replace(done.report, status="queued", reason=str(error)))
        except Exception as error:
            self.stop(DefectError("The run broke off."))
            report.set_exception(error)
        finally:
            self._budget.finish_paper()
            self._progress.finish(done.report.paper)

    def _fetched(self, job: Job, stages: _Stages) -> _Fetched | Finished:
        kept = stages.find_kept(job)
        if kept is not None and not self.missing(kept):
            return Finished(PaperReport(kept.paper, job.topics, "published"), kept)
        if self.stopped_by is not None:
            return self._queued(job)
        if not self._budget.take_paper():
            return self._over_budget(job)
        self._progress.at(job.paper, "fetch")
        return _Fetched(job, *pdf_of(job.paper, job.candidate.pdf, self._fetch_pdf), kept)

    def _read(self, fetched: _Fetched) -> _Read | Finished:
        if self.stopped_by is not None:
            return self._queued(fetched.job)
        self._progress.at(fetched.job.paper, "extract")
        began = self._seconds_now()
        reading = self._reader.read(
            fetched.job.paper,
            fetched.pdf,
            fetched.missing,
            is_own=fetched.job.candidate.pdf is not None,
        )
        return _Read(fetched.job, reading, self._seconds_now() - began, fetched.kept)

    def _asked(self, read: _Read) -> Finished:
        if self.stopped_by is not None:
            return self._queued(read.job)
        job, reading = read.job, read.reading
        self._progress.at(job.paper, "summarize")
        began = self._seconds_now()
        summary = self._summarizer.summarize(
            reading.paper, reading.document, self.missing(read.kept)
        )
        self._answering.note_answer()
        log.info("%s: summarized with %d call(s)", job.paper.idv, summary.llm_calls)
        # A post shows nothing of the sections; their text stays in the cache of documents.
        shown = replace(reading.document, sections=(), front_matter="")
        whole = read.kept.summary.completed_by(summary) if read.kept else summary
        entry = Entry(
            reading.paper,
            shown,
            whole,
            reading.abstract_only,
            reading.images,
            pdf_digest=reading.pdf_digest,
        )
        seconds = read.seconds + self._seconds_now() - began
        return Finished(PaperReport.of_summary(reading.paper, job.topics, summary, seconds), entry)

    def plan(self, job: Job, find_kept: FindKept) -> PaperReport:
        """What `carry_out` would make of a job, and what it would take: reads the paper, asks no
        model.
        """
        with about_paper(job.paper.arxiv_id):
            return self._plan(job, find_kept)

    def _plan(self, job: Job, find_kept: FindKept) -> PaperReport:
        kept = find_kept(job)
        if kept is not None and not self.missing(kept):
            return replace(self._queued(job, "dry run").report, estimate=TokenEstimate(0, 0, 0.0))
        if not self._budget.take_paper():
            return self._over_budget(job).report
        try:
            pdf, missing = pdf_of(job.paper, job.candidate.pdf, self._fetch_pdf)
            reading = self._reader.read(
                job.paper, pdf, missing, is_own=job.candidate.pdf is not None
            )
        except (FetchError, ExtractError) as error:
            return self._failed(
                job, "fetch" if isinstance(error, FetchError) else "extract", error
            ).report
        estimate = self._summarizer.estimate(reading.paper, reading.document, self.missing(kept))
        return PaperReport(reading.paper, job.topics, "queued", reason="dry run", estimate=estimate)

    def _over_budget(self, job: Job) -> Finished:
        """A paper that is left for the next run, because this one may not begin any more."""
        return self._queued(job, "budget.max_papers is reached")

    def _queued(self, job: Job, reason: str = "") -> Finished:
        why = reason or (str(self.stopped_by) if self.stopped_by else "the run was stopped")
        return Finished(PaperReport(job.paper, job.topics, "queued", reason=why))

    def _failed(self, job: Job, stage: Stage, error: ChatPaperError) -> Finished:
        log.error("%s: %s", job.paper.idv, error)
        # The frames of a traceback, and those of what caused it, would hold the document for as
        # long as the report.
        error.__traceback__ = error.__cause__ = error.__context__ = None
        return Finished(PaperReport(job.paper, job.topics, "failed", stage, str(error), error))
