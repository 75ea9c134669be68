"""Connections that say nothing: each has a few seconds for a request, and gives way where there are
too many.

A process can have so many files and connections open at once, often 1,024. Whoever opens as many
and sends half a request on each would otherwise end the page for all, before any password is asked
for.
"""

import asyncio
import sys
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

# A browser sends its request at once; a slow line takes a second or two for its few kilobytes.
HEADER_SECONDS = 10.0
# What the database, the processes that read PDFs, logs and libraries have open besides.
_RESERVED_FILES = 200
_FEWEST_CONNECTIONS = 50
# As many as no page of one machine needs; each costs memory.
_MOST_CONNECTIONS = 4000


class PatientProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it; closes what does not ask, the oldest first where `most` are
    open.
    """

    most: ClassVar[int] = _FEWEST_CONNECTIONS
    header_seconds: ClassVar[float] = HEADER_SECONDS
    _silent: ClassVar[dict["PatientProtocol", asyncio.TimerHandle]] = {}

    def connection_made(self, transport: Any) -> None:
        """As asyncio has it."""
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > self.most and self._silent:
            next(iter(self._silent)).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """As asyncio has it."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """As asyncio has it."""
        super().data_received(data)
        self._settle()

    def on_response_complete(self) -> None:
        """As uvicorn has it."""
        super().on_response_complete()
        self._settle()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _settle(self) -> None:
        if self._is_answering:
            self._wait_no_more()
        elif self not in self._silent and not self.transport.is_closing():
            self._wait()

    def _wait(self) -> None:
        self._silent[self] = self.loop.call_later(self.header_seconds, self._give_up)

    def _wait_no_more(self) -> None:
        timer = self._silent.pop(self, None)
        if timer is not None:
            timer.cancel()

    def _give_up(self) -> None:
        self._silent.pop(self, None)
        if not self._is_answering:
            self.transport.abort()


def bounded_protocol() -> type[PatientProtocol]:
    """The protocol for as many connections as this process may have; it lets itself have all that
    the system allows.
    """

    class Bounded(PatientProtocol):
        """Within the limits of this process."""

        most = max(_FEWEST_CONNECTIONS, min(_MOST_CONNECTIONS, _allowed_files() - _RESERVED_FILES))

    return Bounded


def _allowed_files() -> int:
    if sys.platform == "win32":
        return _MOST_CONNECTIONS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_CONNECTIONS + _RESERVED_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    allowed = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    except (OSError, ValueError):
        return soft
    return allowed
