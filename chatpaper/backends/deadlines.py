"""A bound on how long a whole answer of a service may take, for the two HTTP libraries beneath the
clients.

Both bound each wait for bytes alone, so that a server which sends one byte now and then would hold
a call for ever. Here a watch shuts the sockets of a request down when its time is over, through
what the libraries offer for it: event hooks and the trace extension of httpx2, the transport
adapters of requests.
"""

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import httpx2
import requests
import urllib3
import urllib3.connection
from requests.adapters import HTTPAdapter

# To connect, to send the request, and to wait for the first byte may each take one time-out.
_HEAD_DEADLINE_IN_TIMEOUTS = 3
# Servers under load keep a line alive with empty lines or comments while a request waits its turn,
# DeepSeek for up to ten minutes (api-docs.deepseek.com, "Rate Limit"), and a streamed answer comes
# word by word: the usual time-out of two minutes leaves twenty for both.
_DEADLINE_IN_TIMEOUTS = 10

# In the words by which a time-out is known (`describe_connection_fault`).
_TIMED_OUT = "the answer timed out before it was whole"

# A connection is watched from its beginning: one that is used again would not be seen by its watch.
_NO_REUSE = httpx2.Limits(max_keepalive_connections=0)


class Watch:
    """Shuts the sockets of one request down unless its answer is whole in time; safe among threads.

    The head of the answer has its own, shorter deadline until `extend` is called.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._begun = time.monotonic()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._copies: list[socket.socket] = []
        self._is_over = False
        self.is_cut = False
        self._timer = self._start_timer(_HEAD_DEADLINE_IN_TIMEOUTS)

    def hold(self, sock: socket.socket) -> None:
        """Have this socket shut down when the time is over."""
        with self._lock, suppress(OSError):
            if self._is_over:
                return
            if isinstance(sock, ssl.SSLSocket):
                self._sockets.append(sock)
            else:
                # TLS takes the socket itself over; a copy reaches the same connection during the
                # handshake too.
                self._copies.append(sock.dup())
        if self.is_cut:
            self._cut()

    def extend(self) -> None:
        """Leave the rest of the answer its time, since the head has come."""
        with self._lock:
            if not self._is_over and not self.is_cut:
                self._timer.cancel()
                self._timer = self._start_timer(_DEADLINE_IN_TIMEOUTS)

    def end(self) -> None:
        """Stop to watch."""
        with self._lock:
            self._is_over = True
            self._timer.cancel()
            self._let_go()

    def _start_timer(self, timeouts: int) -> threading.Timer:
        seconds = self._begun + timeouts * self._timeout_seconds - time.monotonic()
        timer = threading.Timer(max(seconds, 0.0), self._cut)
        timer.daemon = True
        timer.start()
        return timer

    def _cut(self) -> None:
        with self._lock:
            if self._is_over:
                return
            self.is_cut = True
            for sock in (*self._copies, *self._sockets):
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            self._let_go()

    def _let_go(self) -> None:
        for copy in self._copies:
            copy.close()
        self._sockets, self._copies = [], []


class _Trace:
    """Follows one request of httpx2 by the events that its transport tells of."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Raise httpx2.ReadTimeout in place of what a connection that was cut looks like."""
        stream = info.get("return_value")
        if stream is not None and hasattr(stream, "get_extra_info"):
            self._watch.hold(stream.get_extra_info("socket"))
        # What cannot be sent may be answered all the same, so that the transport goes on to read.
        has_failed = event.endswith(".failed") and ".send_request_" not in event
        if has_failed or event.endswith("response_closed.complete"):
            self._watch.end()
        if self._watch.is_cut and (has_failed or event.endswith("receive_response_body.complete")):
            raise httpx2.ReadTimeout(_TIMED_OUT)

    def expect_body(self) -> None:
        """Leave the rest of the answer its time, since the head has come."""
        self._watch.extend()


def httpx_arguments() -> dict[str, Any]:
    """Arguments for a httpx2.Client whose answers end in time, counted in the time-out for reading
    of each request.
    """
    return {
        "event_hooks": {"request": [_watch_request], "response": [_expect_body]},
        "limits": _NO_REUSE,
    }


def _watch_request(request: httpx2.Request) -> None:
    seconds = (request.extensions.get("timeout") or {}).get("read")
    if seconds is not None:
        request.extensions = {**request.extensions, "trace": _Trace(Watch(seconds))}


def _expect_body(response: httpx2.Response) -> None:
    trace = response.request.extensions.get("trace")
    if isinstance(trace, _Trace):
        trace.expect_body()


_current: ContextVar[Watch | None] = ContextVar("_current", default=None)


def _hold(connection: urllib3.connection.HTTPConnection) -> None:
    watch = _current.get()
    if watch is not None and connection.sock is not None:
        watch.hold(connection.sock)


class _Connection(urllib3.connection.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _hold(self)

    def getresponse(self) -> Any:
        # A connection that is used again was not made during this request.
        _hold(self)
        return super().getresponse()


class _SecureConnection(urllib3.connection.HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _hold(self)

    def getresponse(self) -> Any:
        _hold(self)
        return super().getresponse()


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


class DeadlineAdapter(HTTPAdapter):
    """A transport of requests whose answers end in time, read whole before they are handed on."""

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """The pools of a proxy over HTTP; the way through SOCKS has connections of its own and is
        not bounded.
        """
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Raises requests.ReadTimeout where the answer is not whole in time."""
        watch = Watch(self._timeout_seconds)
        token = _current.set(watch)
        try:
            response = super().send(request, *args, **kwargs)
            watch.extend()
            # To read it is what fills the attribute.
            _ = response.content
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if watch.is_cut:
                raise requests.ReadTimeout(_TIMED_OUT, request=request) from error
            raise
        finally:
            _current.reset(token)
            watch.end()
        if watch.is_cut:
            raise requests.ReadTimeout(_TIMED_OUT, request=request)
        return response
