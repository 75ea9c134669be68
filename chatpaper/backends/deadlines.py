"""Bound how long a whole answer of a service may take.

This holds for the two HTTP libraries beneath the clients. Deadlines reach the sockets through what
the libraries offer: event hooks and the trace extension of httpx2, the transport adapters of
requests.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import httpx2
import requests
import urllib3
import urllib3.connection
from requests.adapters import HTTPAdapter

from chatpaper.domain.connections.socket_deadline import SocketDeadline

# To connect, to send the request, and to wait for the first byte may each take one time-out.
_HEAD_DEADLINE_IN_TIMEOUTS = 3
# Servers under load keep a line alive with empty lines or comments while a request waits its turn,
# DeepSeek for up to ten minutes (api-docs.deepseek.com, "Rate Limit"), and a streamed answer comes
# word by word: the usual time-out of two minutes leaves twenty for both.
_DEADLINE_IN_TIMEOUTS = 10

# In the words by which a time-out is known (`describe_connection_fault`).
_TIMED_OUT = "the answer timed out before it was whole"

# A deadline holds a connection from its beginning; it would not see one that is used again.
_NO_REUSE = httpx2.Limits(max_keepalive_connections=0)


class _AnswerDeadline(SocketDeadline):
    """The deadline of one answer; that of its head is shorter."""

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__(_HEAD_DEADLINE_IN_TIMEOUTS * timeout_seconds)
        self._timeout_seconds = timeout_seconds

    def expect_body(self) -> None:
        """Leave the rest of the answer its time, since the head has come."""
        self.extend(_DEADLINE_IN_TIMEOUTS * self._timeout_seconds)


class _Trace:
    """Follows one request of httpx2 by the events that its transport reports."""

    def __init__(self, deadline: _AnswerDeadline) -> None:
        self.deadline = deadline

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Raise httpx2.ReadTimeout in place of what a connection that was cut looks like."""
        stream = info.get("return_value")
        if stream is not None and hasattr(stream, "get_extra_info"):
            self.deadline.hold(stream.get_extra_info("socket"))
        # What cannot be sent may be answered all the same, so that the transport goes on to read.
        has_failed = event.endswith(".failed") and ".send_request_" not in event
        if has_failed or event.endswith("response_closed.complete"):
            self.deadline.end()
        if self.deadline.is_over and (
            has_failed or event.endswith("receive_response_body.complete")
        ):
            raise httpx2.ReadTimeout(_TIMED_OUT)


def build_httpx_arguments() -> dict[str, Any]:
    """Return arguments for a httpx2.Client whose answers end in time.

    The time is counted in the time-out for reading of each request.
    """
    return {
        "event_hooks": {"request": [_set_deadline], "response": [_expect_body]},
        "limits": _NO_REUSE,
    }


def _set_deadline(request: httpx2.Request) -> None:
    seconds = (request.extensions.get("timeout") or {}).get("read")
    if seconds is not None:
        request.extensions = {**request.extensions, "trace": _Trace(_AnswerDeadline(seconds))}


def _expect_body(response: httpx2.Response) -> None:
    trace = response.request.extensions.get("trace")
    if isinstance(trace, _Trace):
        trace.deadline.expect_body()


_current: ContextVar[SocketDeadline | None] = ContextVar("_current", default=None)


def _hold(connection: urllib3.connection.HTTPConnection) -> None:
    deadline = _current.get()
    if deadline is not None and connection.sock is not None:
        deadline.hold(connection.sock)


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
        """Create the manager of connections that keep the deadline."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Bound the pools of a proxy over HTTP too; SOCKS has connections of its own, unbounded."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a request, and read the whole answer.

        Raises requests.ReadTimeout where it is not whole in time.
        """
        deadline = _AnswerDeadline(self._timeout_seconds)
        token = _current.set(deadline)
        try:
            response = super().send(request, *args, **kwargs)
            deadline.expect_body()
            # To read it is what fills the attribute.
            _ = response.content
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if deadline.is_over:
                raise requests.ReadTimeout(_TIMED_OUT, request=request) from error
            raise
        finally:
            _current.reset(token)
            deadline.end()
        if deadline.is_over:
            raise requests.ReadTimeout(_TIMED_OUT, request=request)
        return response
