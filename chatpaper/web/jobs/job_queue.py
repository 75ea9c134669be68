"""The queue of jobs, which are carried out whether or not anybody is still looking."""

import secrets
from collections import Counter, OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import RLock
from typing import Protocol

from chatpaper.app.settings_groups import WebSettings
from chatpaper.fetch.paper_reference import PdfFile
from chatpaper.web.jobs.job import Job
from chatpaper.web.jobs.job_runner import CancelledError
from chatpaper.web.jobs.requests import SummaryRequest
from chatpaper.web.visitor_errors import VisitorError

# Jobs that are over are remembered so that a visitor who comes back finds them.
MAX_JOBS = 500


class QueueFullError(VisitorError):
    """Too many jobs are waiting, of all visitors or of one."""


class Runner(Protocol):
    """Carries out jobs."""

    def run(self, job: Job) -> None:
        """Carry out a job to its end; never raises."""


class JobQueue:
    """Carries out `concurrency` jobs at a time, and those of one paper one after another."""

    def __init__(self, runner: Runner, web: WebSettings) -> None:
        self._runner = runner
        self._web = web
        self._pool = ThreadPoolExecutor(web.concurrency, thread_name_prefix="visitor")
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = RLock()
        # From the key of each paper that is worked on to the visitor.
        self._working: dict[str, str] = {}

    def close(self) -> None:
        """Cancel all jobs, and wait for those that have begun."""
        for job in list(self._jobs.values()):
            self.cancel(job.number)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, request: SummaryRequest, visitor: str = "") -> Job:
        """Accept a request.

        Raises QueueFullError where too many jobs wait, of all visitors or of this one.
        """
        with self._lock:
            if self.waiting >= self._web.max_waiting:
                raise QueueFullError("queue_full", waiting=self.waiting)
            own = sum(each.visitor == visitor and not each.over for each in self._jobs.values())
            if own >= self._web.max_waiting_a_visitor:
                raise QueueFullError("queue_own", own=own)
            job = Job(secrets.token_urlsafe(16), request, visitor)
            self._jobs[job.number] = job
            over = [number for number, each in self._jobs.items() if each.over]
            for number in over[: max(0, len(self._jobs) - MAX_JOBS)]:
                del self._jobs[number]
        self._pool.submit(self._run_all)
        return job

    def find(self, number: str) -> Job | None:
        """Return the job of a number; None where it is no longer remembered."""
        return self._jobs.get(number)

    @property
    def waiting(self) -> int:
        """The number of jobs that have not begun."""
        return sum(job.status.state == "waiting" for job in list(self._jobs.values()))

    def count_ahead(self, job: Job) -> int:
        """Count the jobs that will begin before this one."""
        ahead = 0
        for each in list(self._jobs.values()):
            if each is job:
                break
            ahead += each.status.state == "waiting"
        return ahead

    def cancel(self, number: str) -> None:
        """Begin no further step of a job; what was paid for is kept."""
        job = self._jobs.get(number)
        if job is None:
            return
        job.cancellation.cancel(CancelledError("Cancelled by the visitor."))
        job.change(state="cancelled" if job.status.state == "waiting" else "cancelling")

    @property
    def files(self) -> set[Path]:
        """The uploaded files that are still needed."""
        requests = (job.request for job in list(self._jobs.values()) if not job.over)
        return {each.reference.path for each in requests if isinstance(each.reference, PdfFile)}

    def _run_all(self) -> None:
        """Carry out jobs until none can begin."""
        while (job := self._take_next()) is not None:
            try:
                if not job.over:
                    self._runner.run(job)
            finally:
                with self._lock:
                    del self._working[job.request.key]

    def _take_next(self) -> Job | None:
        """Begin the oldest job of the visitor with the fewest jobs at work.

        A job on a paper that is worked on stays in the queue: whoever ends that work takes it up.
        """
        with self._lock:
            waiting = [
                job
                for job in self._jobs.values()
                if job.status.state == "waiting" and job.request.key not in self._working
            ]
            at_work = Counter(self._working.values())
            job = min(waiting, key=lambda each: at_work[each.visitor], default=None)
            if job is not None:
                self._working[job.request.key] = job.visitor
                job.change(state="working", step="find")
            return job
