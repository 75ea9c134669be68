"""Execute the tasks of a run in three stages that overlap: fetching, reading and summarizing.

One thread fetches the papers, one after another, at arXiv's pace and in the order of the plan. They
are read by as many threads as there are processes for it, and summarized by as many as there may be
calls, so that reading never takes the place of a call. The number of papers between the stages is
bounded, and each result is handed to the caller at once: the memory that a run uses for documents
does not depend on how many papers it has.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from queue import SimpleQueue
from threading import Semaphore
from types import TracebackType
from typing import Self

from chatpaper.domain import TokenEstimate
from chatpaper.domain.errors import DefectError, StoreError
from chatpaper.domain.log_context import ContextThreadPool, log_paper
from chatpaper.pipeline.execution.controls import RunControls
from chatpaper.pipeline.execution.faults import FaultPolicy
from chatpaper.pipeline.execution.result import PaperResult
from chatpaper.pipeline.execution.steps import FetchedPaper, PaperSteps, ReadPaper
from chatpaper.pipeline.planning import PaperTask
from chatpaper.pipeline.report.run_report import PaperReport

# Papers that are fetched and not yet read. At arXiv's pace that is a minute and a half of fetching:
# enough to outlast a slow stretch of the model, and no more than that is asked of arXiv for a night
# that ends early.
MAX_PREFETCHED = 32
# Documents in memory for each call that may be made at once: the one that is asked about, and one
# that is ready when the call ends.
DOCUMENTS_PER_CALL = 2

_OVER_BUDGET = "budget.max_papers is reached"


@dataclass(frozen=True, slots=True)
class PaperExecutor:
    """Executes tasks: `readers` papers are read at a time, and `concurrency` summarized."""

    steps: PaperSteps
    controls: RunControls
    concurrency: int
    readers: int = 1

    def execute(self, tasks: Sequence[PaperTask]) -> "Execution":
        """Return the execution of the tasks, which begins when it is entered."""
        return Execution(self, tasks)

    def estimate(self, tasks: Iterable[PaperTask]) -> tuple[PaperReport, ...]:
        """Report what `execute` would use for the tasks: reads the papers, calls no model."""
        return tuple(self._estimate(task) for task in tasks)

    def _estimate(self, task: PaperTask) -> PaperReport:
        with log_paper(task.paper.arxiv_id):
            if task.is_complete or task.is_in_batch:
                report = PaperResult.queued(task, "dry run").report
                return replace(report, estimate=TokenEstimate(0, 0, 0.0))
            if not self.controls.budget.take_paper():
                return PaperResult.queued(task, _OVER_BUDGET).report
            return self.steps.estimate(task)


class Execution:
    """The execution of tasks: iterate over it for their results, in the order in which they come.

    A result counts as stored when the next one is asked for; until then the thread that made it
    begins nothing new, so that no call is paid for while an answer waits to be stored. If the
    context is left before all results were taken, nothing more is begun. In any case it is left
    when what is under way has ended.
    """

    def __init__(self, executor: PaperExecutor, tasks: Sequence[PaperTask]) -> None:
        """Prepare the threads; they begin when the execution is entered."""
        self._steps = executor.steps
        self._controls = executor.controls
        self._faults = FaultPolicy(executor.controls.cancellation)
        self._tasks = tasks
        self._fetching = ContextThreadPool(1, thread_name_prefix="fetch")
        self._reading = ContextThreadPool(executor.readers, thread_name_prefix="read")
        self._summarizing = ContextThreadPool(executor.concurrency, thread_name_prefix="ask")
        self._room_for_pdfs = Semaphore(MAX_PREFETCHED)
        self._room_for_documents = Semaphore(DOCUMENTS_PER_CALL * executor.concurrency)
        self._results: SimpleQueue[PaperResult] = SimpleQueue()
        self._stored = Semaphore(0)
        self._taken = 0
        self._last_work: Future[None] | None = None
        self._is_broken_off = False

    def __enter__(self) -> Self:
        self._controls.progress.begin(len(self._tasks))
        self._controls.budget.expect(len(self._tasks))
        for task in self._tasks:
            self._fetching.submit(self._fetch, task)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None or self._taken < len(self._tasks):
            self._is_broken_off = True
            self._controls.cancellation.cancel(DefectError("The run broke off."))
        # No thread waits for another any more, so that each stage ends before the next is closed.
        for gate in (self._room_for_pdfs, self._room_for_documents, self._stored):
            gate.release(len(self._tasks) or 1)
        for pool in (self._fetching, self._reading, self._summarizing):
            pool.shutdown(wait=True)
        if kind is None and self._last_work is not None:
            self._last_work.result()

    def __iter__(self) -> Iterator[PaperResult]:
        refused: list[PaperResult] = []
        while self._taken < len(self._tasks):
            result = self._results.get()
            self._taken += 1
            if result.refusal is None:
                yield result
            else:
                refused.append(result)
            self._controls.budget.finish_paper()
            self._controls.progress.finish(result.report, self._controls.budget.spent_usd)
            self._stored.release()
        yield from self._faults.judge(refused)

    def submit_after_downloads(self, work: Iterable[object]) -> None:
        """Go through `work` once all is fetched, while the rest is still read and summarized.

        It makes requests to arXiv that no paper is to wait for, and ends early if the execution is
        left early. A StoreError cancels the run; what else it raises is raised when the execution
        is left.
        """
        self._last_work = self._fetching.submit(self._go_through, work)

    def _go_through(self, work: Iterable[object]) -> None:
        try:
            for _ in work:
                if self._is_broken_off:
                    break
        except StoreError as error:
            self._controls.cancellation.cancel(error)

    def _fetch(self, task: PaperTask) -> None:
        """Fetch a PDF, and hand it to the next stage."""
        with log_paper(task.paper.arxiv_id):
            self._room_for_pdfs.acquire()
            if task.kept is not None and task.is_complete:
                step: FetchedPaper | PaperResult = PaperResult.reused(task, task.kept)
            elif task.awaited_batch:
                step = PaperResult.waiting(task, f"waits for the batch {task.awaited_batch}")
            else:
                step = self._faults.attempt(task, partial(self._fetched, task))
            if isinstance(step, FetchedPaper):
                self._reading.submit(self._read, step)
            else:
                self._room_for_pdfs.release()
                self._deliver(step)

    def _fetched(self, task: PaperTask) -> FetchedPaper | PaperResult:
        # The answers of a batch were in the budget of the run that sent it.
        if not task.is_answered and not self._controls.budget.take_paper():
            return PaperResult.queued(task, _OVER_BUDGET)
        self._controls.progress.at(task.paper, "fetch")
        return self._steps.fetch(task)

    def _read(self, fetched: FetchedPaper) -> None:
        """Read a PDF, and hand the document to the next stage."""
        self._room_for_documents.acquire()
        step = self._faults.attempt(fetched.task, partial(self._document_of, fetched))
        self._room_for_pdfs.release()
        if isinstance(step, ReadPaper):
            self._summarizing.submit(self._summarize, step)
        else:
            self._room_for_documents.release()
            self._deliver(step)

    def _document_of(self, fetched: FetchedPaper) -> ReadPaper:
        self._controls.progress.at(fetched.task.paper, "extract")
        return self._steps.read(fetched)

    def _summarize(self, read: ReadPaper) -> None:
        """Have a document summarized, and hand the result to the caller."""
        self._deliver(self._faults.attempt(read.task, partial(self._summary_of, read)))
        self._room_for_documents.release()

    def _summary_of(self, read: ReadPaper) -> PaperResult:
        self._controls.progress.at(read.task.paper, "summarize")
        result = self._steps.summarize(read)
        self._faults.record_answer()
        return result

    def _deliver(self, result: PaperResult) -> None:
        """Hand a result to the caller, and wait until a result was stored."""
        self._results.put(result)
        self._stored.acquire()
