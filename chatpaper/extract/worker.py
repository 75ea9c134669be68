"""PDF parsing in processes of their own, under limits: papers are untrusted input.

The parent never opens a PDF. Workers take paths and return values; a worker that crashes, hangs, is
killed or takes too much memory costs the one document that it was reading, and is replaced.
"""

import logging
import multiprocessing
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextvars import copy_context
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessFuture, ProcessPool

from chatpaper.domain import Document
from chatpaper.domain.atomic_files import (
    create_part_folder,
    make_folder,
    put_in_place,
    sync,
)
from chatpaper.domain.errors import ExtractError
from chatpaper.extract import worker_process
from chatpaper.extract.pdf.highlights import PageImage
from chatpaper.extract.worker_process import Failure
from chatpaper.extract.worker_task import PoolWatch, StartWatch, Task, make_start_error

_LOG = logging.getLogger(__name__)

_T = TypeVar("_T")

# The largest papers (a thousand pages, a page of 130,000 paths) need 300 MB of data.
DEFAULT_MEMORY_BYTES = 1_000_000_000
# The slowest page seen takes 8 s; theses of hundreds of pages take as long in sum.
DEFAULT_TIMEOUT_SECONDS = 120.0
# Workers ignore SIGTERM, see `prepare_worker`: waiting for its effect is of no use.
CONSTS.term_timeout = 0.05
# A worker starts in half a second, on a very busy machine in ten.
START_TIMEOUT_SECONDS = 50.0
# Workers are replaced after so many documents, so that memory leaked by the library is freed.
_DOCUMENTS_PER_WORKER = 200

# A document whose worker died before it began goes to another pool, at most so many times.
_POOLS_PER_DOCUMENT = 3

_REASONS = {
    signal.SIGXCPU: ("timeout", "took too much processor time"),
    signal.SIGXFSZ: ("output", "would have written a file that is too large"),
}


class Extractor:
    """Read PDFs in worker processes; a context manager whose methods are thread-safe.

    `workers` is the number of processes, `timeout_seconds` the wall time and `memory_bytes` the
    memory that one document may take (the kernel enforces the latter on Linux only).
    `start_timeout_seconds` is how long the first answer of any worker is waited for.
    """

    def __init__(
        self,
        workers: int = 1,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        memory_bytes: int = DEFAULT_MEMORY_BYTES,
        start_timeout_seconds: float = START_TIMEOUT_SECONDS,
    ) -> None:
        self._workers = workers
        self._timeout_seconds = timeout_seconds
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._closed = False
        self._start = StartWatch(start_timeout_seconds)
        self._watch = PoolWatch()
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        # Spawned, not forked: forking a process with threads is unsafe, and so is sharing the PDF
        # library.
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=_DOCUMENTS_PER_WORKER,
            initializer=worker_process.prepare_worker,
            initargs=(self._memory_bytes,),
            context=multiprocessing.get_context("spawn"),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed = True
        if self._start.close():
            # A pool whose workers never started may never end; its threads are daemons.
            self._watch.close()
            return
        if error is None:
            self._pool.close()  # type: ignore[no-untyped-call]
        else:
            self._watch.close()
            self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        self._watch.close()

    def extract(self, pdf: Path, image_folder: Path) -> Document:
        """Read `pdf` and write its figures to `image_folder`; block until both are done.

        Raises ExtractError, whose `reason` is "timeout", "memory", "output", "crashed", "disk" or
        one of those that `read_pdf` gives (missing, damaged, encrypted files), and ConfigError if
        no worker can be started.
        """
        return self.submit(pdf, image_folder).result()

    def submit(self, pdf: Path, image_folder: Path) -> Future[Document]:
        """Start reading `pdf` and return a future; otherwise like `extract`.

        Images appear in `image_folder` all at once, or not at all.
        """
        make_folder(image_folder.parent)
        part = create_part_folder(image_folder)
        work = partial(worker_process.read_document, pdf, part)
        return self._send(
            work, pdf, lambda done: _finish_document(done, pdf, image_folder, part), part
        )

    def render_page(
        self, pdf: Path, page_number: int, passage: str, value: str = "", *, cropped: bool = False
    ) -> PageImage:
        """Render a page, counted from 1, with a passage and a value in it marked; block until done.

        `cropped` to the passage, it is large enough to be read on a phone. Raises ExtractError as
        `extract` does, and with reason "no such page".
        """
        work = partial(worker_process.render_page, pdf, page_number, passage, value, cropped)
        return self._send(work, pdf, lambda done: _unwrap(done, pdf)).result()

    def count_pages(self, pdf: Path) -> int:
        """Count the pages of `pdf`; block until done. Raises ExtractError as `extract` does."""
        return self._send(
            partial(worker_process.count_pages, pdf), pdf, lambda done: _unwrap(done, pdf)
        ).result()

    def _send(
        self,
        work: Callable[[], _T],
        pdf: Path,
        finish: Callable[[Future[_T | Failure]], _T],
        part: Path | None = None,
    ) -> Future[_T]:
        outcome: Future[_T] = Future()
        outcome.set_running_or_notify_cancel()
        self._start.expect(outcome)
        self._schedule(Task(work, pdf, finish, outcome, part), _POOLS_PER_DOCUMENT)
        return outcome

    def _schedule(self, task: Task[_T], pools_left: int) -> None:
        pool = self._pool

        def settle(done: Future[_T | Failure]) -> None:
            if not isinstance(done.exception(), BrokenProcessPool | OSError):
                self._start.mark_started()
            if isinstance(done.exception(), BrokenProcessPool) and pools_left > 1:
                self._replace(pool)
                self._schedule(task, pools_left - 1)
            elif isinstance(done.exception(), BrokenProcessPool) and not self._start.has_started:
                # No worker lived to see any PDF: that is the machine's fault, not this paper's.
                failed: Future[_T | Failure] = Future()
                failed.set_exception(make_start_error("each ended at once"))
                task.settle(failed)
            else:
                task.settle(done)

        try:
            running: ProcessFuture[_T | Failure] = pool.schedule(
                worker_process.run_guarded,
                args=(task.work, task.pdf, self._timeout_seconds),
                timeout=self._timeout_seconds,
            )
        except RuntimeError as error:  # the pool has closed itself, or was closed
            refused: Future[_T | Failure] = Future()
            refused.set_exception(error if self._closed else BrokenProcessPool(str(error)))
            settle(refused)
        except OSError as error:
            task.outcome.set_exception(make_start_error(str(error)))
        else:
            # The callback runs in a thread without log context; its messages must name the paper.
            context = copy_context()
            running.add_done_callback(lambda done: context.run(settle, done))
            self._watch.expect(running, pool)

    def _replace(self, broken: ProcessPool) -> None:
        """Replace a pool that closed itself, as pools do when a worker dies while all are idle."""
        with self._lock:
            if self._pool is broken:
                self._pool = self._new_pool()


def _finish_document(
    done: Future[Document | Failure], pdf: Path, image_folder: Path, part: Path
) -> Document:
    """Return the document of a finished task, with its images moved to `image_folder`."""
    answer = _unwrap(done, pdf)
    images = sorted(part.iterdir())
    if images:
        make_folder(image_folder)
    for image in images:
        put_in_place(image, image_folder / image.name, sync_folder=False)
    if images:
        sync(image_folder)
    return answer


def _unwrap(done: Future[_T | Failure], pdf: Path) -> _T:
    """Return the value of a finished task. Raises ExtractError if it failed."""
    try:
        answer = done.result()
    except TimeoutError:
        answer = Failure("timeout", "took too long")
    except BrokenProcessPool:
        answer = Failure("crashed", "no reader could be started; is there enough memory?")
    except ProcessExpired as expired:
        answer = _explain_exit(expired)
    if isinstance(answer, Failure):
        names_it = str(pdf) in answer.message
        message = answer.message if names_it else f"{pdf}: {answer.message}"
        # The caller reports that there is no document; only a defect is worth a warning of its own.
        if answer.trace:
            _LOG.warning("%s\n%s", message, answer.trace)
        else:
            _LOG.info("%s", message)
        raise ExtractError(message, path=str(pdf), reason=answer.reason)
    return answer


def _explain_exit(expired: ProcessExpired) -> Failure:
    number = -expired.exitcode if isinstance(expired.exitcode, int) else 0
    for limit, (reason, message) in _REASONS.items():
        if number == limit:
            return Failure(reason, f"its reader {message}")
    return Failure("crashed", f"its reader ended unexpectedly (exit code {expired.exitcode})")
