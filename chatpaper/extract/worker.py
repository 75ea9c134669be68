"""PDF parsing in processes of their own, under limits: papers are untrusted input.

The parent never opens a PDF. A worker is fed paths and returns values; when it crashes, hangs, is
killed or wants too much, that costs the one document that it was reading, and a new worker takes
its place.
"""

import errno
import importlib
import logging
import math
import multiprocessing
import os
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessFuture, ProcessPool

from chatpaper.domain import Document
from chatpaper.domain.atomic_files import (
    make_folder,
    new_part_folder,
    put_in_place,
    sync,
)
from chatpaper.domain.errors import ConfigError, ExtractError
from chatpaper.extract import DISK_FAULT
from chatpaper.extract.pdf.highlights import PageImage
from chatpaper.extract.process_environment import sanitize_environment

_LOG = logging.getLogger(__name__)

_T = TypeVar("_T")

# The largest papers (a thousand pages, a page of 130,000 paths) need 300 MB of data.
DEFAULT_MEMORY_BYTES = 1_000_000_000
# The slowest page seen takes 8 s; theses of hundreds of pages take as long in sum.
DEFAULT_TIMEOUT_SECONDS = 120.0
# Text and crops of one document: a hundred full-page crops at a megabyte each are far beyond any
# paper.
MAXIMUM_OUTPUT_BYTES = 200_000_000
# Processor time may pass the timeout by this before the kernel ends a worker whose parent no longer
# can.
_GRACE_SECONDS = 10
# Workers take no notice of a polite request to end, see `_prepare`: there is no use in waiting for
# what comes of one.
CONSTS.term_timeout = 0.05
# A worker starts in half a second, on a machine that is very busy in ten.
START_TIMEOUT_SECONDS = 50.0
# A worker is replaced after so many documents, so that what the library leaks is given back.
_DOCUMENTS_A_WORKER = 200

# Imported by workers alone: the parent never needs the PDF library.
_READER = "chatpaper.extract.document"
# PyMuPDF loads these parts wherever they are installed, and numpy and onnxruntime with them: most
# of the time and memory that a worker takes to start, for models of layout that no page is ever
# given to.
_UNUSED_PARTS = ("pymupdf.layout", "pymupdf4llm")

# A document whose worker died before it began goes to another pool, but not for ever.
_POOLS_A_DOCUMENT = 3

# No fault of the document's: there is no room for what was read.
_DISK_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)

_REASONS = {
    signal.SIGXCPU: ("timeout", "took too much processor time"),
    signal.SIGXFSZ: ("output", "would have written a file that is too large"),
}


@dataclass(frozen=True, slots=True)
class _Failure:
    """What a worker returns in place of a document: exceptions with keyword arguments do not
    survive pickling.

    `trace` is where a defect of ours came up; it travels because a worker has no log.
    """

    reason: str
    message: str
    trace: str = ""


class Extractor:
    """Reads PDFs in `workers` processes; a context manager, whose methods may be called from any
    thread.

    `timeout_seconds` is the wall time and `memory_bytes` the memory that one document may take (the
    kernel enforces the latter on Linux only).
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
        self._start_timeout_seconds = start_timeout_seconds
        self._lock = threading.Lock()
        self._closed = False
        self._started = threading.Event()
        self._waiting: set[Future[Any]] = set()
        self._watch: threading.Timer | None = None
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        # Threads and forks do not mix, and the PDF library is not safe to share: workers start from
        # nothing.
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=_DOCUMENTS_A_WORKER,
            initializer=_prepare,
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
        if self._watch is not None:
            self._watch.cancel()
        if not self._started.is_set() and self._watch is not None:
            # A pool whose workers never began may not end either; its threads do not keep the
            # process alive.
            return
        if error is None:
            self._pool.close()  # type: ignore[no-untyped-call]
        else:
            self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def extract(self, pdf: Path, image_folder: Path) -> Document:
        """Read `pdf` and write its figures to `image_folder`; waits for the answer.

        Raises ExtractError: its `reason` is "timeout", "memory", "output", "crashed" or "disk", or
        what `read_document` says of a file that is none, is encrypted, or damaged.
        """
        return self.submit(pdf, image_folder).result()

    def submit(self, pdf: Path, image_folder: Path) -> Future[Document]:
        """The same without waiting.

        Images appear in `image_folder` when all are there, or not at all.
        """
        make_folder(image_folder.parent)
        part = new_part_folder(image_folder)
        work = partial(_read, pdf, part)
        return self._send(work, pdf, lambda done: _document(done, pdf, image_folder, part), part)

    def render_page(self, pdf: Path, page_number: int, passage: str, value: str = "") -> PageImage:
        """A page, counted from 1, as an image in which a passage, and a value in it, are marked;
        waits for the answer.

        Raises ExtractError as `extract` does, and with reason "no such page".
        """
        work = partial(_picture, pdf, page_number, passage, value)
        return self._send(work, pdf, lambda done: _answer(done, pdf)).result()

    def count_pages(self, pdf: Path) -> int:
        """How many pages there are; waits for the answer. Raises ExtractError as `extract` does."""
        return self._send(partial(_count, pdf), pdf, lambda done: _answer(done, pdf)).result()

    def _send(
        self,
        work: Callable[[], _T],
        pdf: Path,
        finish: "Callable[[Future[_T | _Failure]], _T]",
        part: Path | None = None,
    ) -> Future[_T]:
        outcome: Future[_T] = Future()
        outcome.set_running_or_notify_cancel()
        self._expect_start(outcome)
        self._schedule(_Task(work, pdf, finish, outcome, part), _POOLS_A_DOCUMENT)
        return outcome

    def _expect_start(self, outcome: Future[Any]) -> None:
        """Have `outcome` fail where no worker of this extractor ever answers: a pool waits for them
        without end.
        """
        if self._started.is_set():
            return
        with self._lock:
            self._waiting.add(outcome)
            if self._watch is None:
                self._watch = threading.Timer(self._start_timeout_seconds, self._give_up)
                self._watch.daemon = True
                self._watch.start()

    def _give_up(self) -> None:
        """Tell all who wait that no worker could be started, unless one has answered by now."""
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        if self._started.is_set():
            return
        for outcome in waiting:
            with suppress(InvalidStateError):
                outcome.set_exception(
                    _not_started(f"none answered in {self._start_timeout_seconds:.0f} s")
                )

    def _schedule(self, errand: "_Task[_T]", pools_left: int) -> None:
        pool = self._pool

        def settle(done: Future[_T | _Failure]) -> None:
            if not isinstance(done.exception(), BrokenProcessPool | OSError):
                self._started.set()
            if isinstance(done.exception(), BrokenProcessPool) and pools_left > 1:
                self._replace(pool)
                self._schedule(errand, pools_left - 1)
            else:
                errand.settle(done)

        try:
            task: ProcessFuture[_T | _Failure] = pool.schedule(
                _guarded,
                args=(errand.work, errand.pdf, self._timeout_seconds),
                timeout=self._timeout_seconds,
            )
        except RuntimeError as error:  # the pool has given itself up already, or was closed
            refused: Future[_T | _Failure] = Future()
            refused.set_exception(error if self._closed else BrokenProcessPool(str(error)))
            settle(refused)
        except OSError as error:
            errand.outcome.set_exception(_not_started(str(error)))
        else:
            # The thread that calls back knows nothing of the paper; what it logs is to name it.
            context = copy_context()
            task.add_done_callback(lambda done: context.run(settle, done))

    def _replace(self, broken: ProcessPool) -> None:
        """Go on with new workers: the pool gives itself up when one dies while none has anything to
        do.
        """
        with self._lock:
            if self._pool is broken:
                self._pool = self._new_pool()


@dataclass(frozen=True, slots=True)
class _Task(Generic[_T]):
    """What is to be done with a PDF in a worker, what is made of its answer here, and the future
    that waits for it.

    `part` is a folder that the worker writes to.
    """

    work: Callable[[], _T]
    pdf: Path
    finish: Callable[[Future[_T | _Failure]], _T]
    outcome: Future[_T]
    part: Path | None = None

    def settle(self, done: Future[_T | _Failure]) -> None:
        """Clear up, then tell who waits what came of it."""
        try:
            tell = partial(self.outcome.set_result, self.finish(done))
        except Exception as error:  # the waiting thread is to see it, whatever it is
            tell = partial(self.outcome.set_exception, error)
        if self.part is not None:
            shutil.rmtree(self.part, ignore_errors=True)
        with suppress(
            InvalidStateError
        ):  # nobody waits any longer where no worker answered in time
            tell()


def _not_started(reason: str) -> ConfigError:
    return ConfigError(
        f"No process for reading PDFs could be started ({reason}): can this user run {sys.executable}, and is there "
        "memory left? Nothing is lost; the papers are queued."
    )


def _document(
    done: Future[Document | _Failure], pdf: Path, image_folder: Path, part: Path
) -> Document:
    """The document that a task came to; its images are moved to where they belong."""
    answer = _answer(done, pdf)
    images = sorted(part.iterdir())
    if images:
        make_folder(image_folder)
    for image in images:
        put_in_place(image, image_folder / image.name, sync_folder=False)
    if images:
        sync(image_folder)
    return answer


def _answer(done: Future[_T | _Failure], pdf: Path) -> _T:
    """What a task came to. Raises ExtractError where that is a failure."""
    try:
        answer = done.result()
    except TimeoutError:
        answer = _Failure("timeout", "took too long")
    except BrokenProcessPool:
        answer = _Failure("crashed", "no reader could be started; is there enough memory?")
    except ProcessExpired as expired:
        answer = _expired(expired)
    if isinstance(answer, _Failure):
        _LOG.warning(
            "cannot read %s: %s%s", pdf, answer.message, f"\n{answer.trace}" if answer.trace else ""
        )
        raise ExtractError(f"{pdf}: {answer.message}", path=str(pdf), reason=answer.reason)
    return answer


def _expired(expired: ProcessExpired) -> _Failure:
    number = -expired.exitcode if isinstance(expired.exitcode, int) else 0
    for limit, (reason, message) in _REASONS.items():
        if number == limit:
            return _Failure(reason, f"its reader {message}")
    return _Failure("crashed", f"its reader ended unexpectedly (exit code {expired.exitcode})")


# --- in the worker


def _prepare(memory_bytes: int) -> None:
    """Set the limits of a worker that hold for its whole life, and import the PDF library under
    them.
    """
    sanitize_environment()
    if sys.platform != "win32":
        import resource

        # A service manager tells all processes of a service at once to end; the parent still wants
        # what is being read.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAXIMUM_OUTPUT_BYTES, MAXIMUM_OUTPUT_BYTES))
        if sys.platform == "linux":
            # Data, not address space: libraries map much more than they use.
            resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    # Python refuses to import a module that is None here, as if it were not installed.
    modules: dict[str, Any] = vars(sys)["modules"]
    modules.update(dict.fromkeys(_UNUSED_PARTS))
    importlib.import_module(_READER)


def _guarded(work: Callable[[], _T], pdf: Path, timeout_seconds: float) -> _T | _Failure:
    """Do something with one PDF in the worker; failures come back as values."""
    _limit_processor_time(timeout_seconds)
    try:
        return work()
    except ExtractError as error:
        return _Failure(error.reason, str(error).removeprefix(f"{pdf}: "))
    except MemoryError:
        return _Failure("memory", "needs more memory than allowed")
    except OSError as error:
        if error.errno not in _DISK_FAULTS:
            return _Failure("crashed", f"its reader failed: {error}", traceback.format_exc())
        return _Failure(DISK_FAULT, f"its images cannot be written: {error.strerror}")
    except Exception as error:
        if _is_out_of_memory(error):
            return _Failure("memory", "needs more memory than allowed")
        return _Failure(
            "crashed", f"its reader failed: {type(error).__name__}: {error}", traceback.format_exc()
        )


def _read(pdf: Path, part: Path) -> Document:
    from chatpaper.extract.document import read_document

    document = read_document(pdf, part)
    written = sum(file.stat().st_size for file in part.iterdir())
    if written + _text_bytes(document) > MAXIMUM_OUTPUT_BYTES:
        limit = f"would give more than {MAXIMUM_OUTPUT_BYTES // 1_000_000} MB"
        raise ExtractError(f"{pdf}: {limit}", path=str(pdf), reason="output")
    return document


def _picture(pdf: Path, page_number: int, passage: str, value: str) -> PageImage:
    from chatpaper.extract.pdf.page_image import render_marked_page

    return render_marked_page(pdf, page_number, passage, value)


def _count(pdf: Path) -> int:
    from chatpaper.extract.pdf.reader import count_pages

    return count_pages(pdf)


def _limit_processor_time(timeout_seconds: float) -> None:
    """Let the kernel end a task that runs away while nobody watches; the limit counts from the
    worker's start.
    """
    if sys.platform != "win32":
        import resource

        times = os.times()
        soft = math.ceil(times.user + times.system + timeout_seconds + _GRACE_SECONDS)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _is_out_of_memory(error: Exception) -> bool:
    """Whether the PDF library failed for want of memory; it has no class of exception for that."""
    text = str(error).lower()
    return "bad_alloc" in text or "out of memory" in text or ("alloc" in text and "failed" in text)


def _text_bytes(document: Document) -> int:
    texts = [section.text for section in document.sections] + [
        hidden.text for hidden in document.hidden_text
    ]
    return sum(len(text) for text in texts)
