"""Which run and which paper a log line is about.

Set where the work on a paper begins, added to every line below it.

So a retry deep in an HTTP client names the paper though the client knows of none.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

RUN_ID: ContextVar[str | None] = ContextVar("run_id", default=None)
ARXIV_ID: ContextVar[str | None] = ContextVar("arxiv_id", default=None)


@contextmanager
def log_paper(arxiv_id: str) -> Iterator[None]:
    """Mark what is logged inside as being about this paper."""
    token = ARXIV_ID.set(arxiv_id)
    try:
        yield
    finally:
        ARXIV_ID.reset(token)


def add_context(record: logging.LogRecord) -> bool:
    """Let every record pass, with `run_id` and `arxiv_id` set; a filter for handlers.

    They are None where the context has none.
    """
    record.run_id, record.arxiv_id = RUN_ID.get(), ARXIV_ID.get()
    return True


class ContextThreadPool(ThreadPoolExecutor):
    """A thread pool whose tasks log as the thread does that submitted them.

    Threads begin without any context.
    """

    def submit(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Submit a call as `ThreadPoolExecutor.submit` does, in the context of the caller."""
        return super().submit(copy_context().run, partial(task, *args, **kwargs))


@contextmanager
def silence_logs() -> Iterator[None]:
    """Log nothing within the block: libraries log addresses that are secrets, and answers."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
