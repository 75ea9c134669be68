"""Limits on silent connections: on how many there are, and how long each waits for its request.

A process can have only so many files and connections open, often 1,024. Without a limit, whoever
opens as many and sends half a request on each would block the page for all, before any password is
asked for.
"""

import asyncio
import socket
import sys
from typing import Any, ClassVar

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from chatpaper.domain.errors import ConfigError

# A browser sends its request at once; a slow line takes a second or two for its few kilobytes.
HEADER_SECONDS = 10.0
# Files that the database, the processes that read PDFs, logs and libraries keep open.
_RESERVED_FILES = 200
# What is being answered has so long to end when the server is stopped.
_SHUTDOWN_SECONDS = 5
_MIN_CONNECTIONS = 50
# More than a page of one machine ever needs; each costs memory.
_MAX_CONNECTIONS = 4000


class IdleLimitProtocol(H11Protocol):
    """Uvicorn's HTTP/1.1 that closes silent connections, of too many the oldest first."""

    max_connections: ClassVar[int] = _MIN_CONNECTIONS
    header_seconds: ClassVar[float] = HEADER_SECONDS
    _silent: ClassVar[dict["IdleLimitProtocol", asyncio.TimerHandle]] = {}

    def connection_made(self, transport: Any) -> None:
        """Start waiting for a request; close the oldest silent connection of too many."""
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > self.max_connections and self._silent:
            next(iter(self._silent)).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a request, or stop waiting."""
        super().data_received(data)
        self._wait_unless_answering()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._wait_unless_answering()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait_unless_answering(self) -> None:
        if self._is_answering:
            self._stop_waiting()
        elif self not in self._silent and not self.transport.is_closing():
            self._wait()

    def _wait(self) -> None:
        self._silent[self] = self.loop.call_later(self.header_seconds, self._close_if_silent)

    def _stop_waiting(self) -> None:
        timer = self._silent.pop(self, None)
        if timer is not None:
            timer.cancel()

    def _close_if_silent(self) -> None:
        self._silent.pop(self, None)
        if not self._is_answering:
            self.transport.abort()


def limit_connections() -> type[IdleLimitProtocol]:
    """Return the protocol for as many connections as this process may have.

    The process raises its own limit on open files to what the system allows.
    """

    class Bounded(IdleLimitProtocol):
        """Within the limits of this process."""

        max_connections = max(
            _MIN_CONNECTIONS, min(_MAX_CONNECTIONS, _allowed_files() - _RESERVED_FILES)
        )

    return Bounded


def build_http_server(app: Any, *, behind_proxy: bool) -> uvicorn.Server:
    """Build what serves an application, within the limits of connections.

    Only `behind_proxy` are headers believed that say where a request comes from: without a proxy,
    anybody could claim to come from anywhere.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=limit_connections(),
            ws="none",
            proxy_headers=behind_proxy,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            lifespan="on",
        )
    )


def describe_address(listening: socket.socket, path: str) -> str:
    """Return the address of a path of a server."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"


def open_listening_socket(host: str, port: int) -> socket.socket:
    """Open a socket that listens.

    Raises ConfigError where another program has the port, or this machine has no such address.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        raise ConfigError(
            f"The page cannot be served at {host}:{port}: {error.strerror}. "
            "Choose another --port or --host."
        ) from error
    return listening


def _allowed_files() -> int:
    if sys.platform == "win32":
        return _MAX_CONNECTIONS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MAX_CONNECTIONS + _RESERVED_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    allowed = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    except (OSError, ValueError):
        return soft
    return allowed
