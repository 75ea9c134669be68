"""A scripted HTTP server on 127.0.0.1 that records its requests: the base of fake model servers."""

import json
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_CHUNK_BYTES = 512
_LONGEST_HOLD_SECONDS = 60.0
# A call that has not come by then does not come.
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Reply:
    """One answer: JSON or bytes, after a pause or an event.

    `reset` breaks the connection instead, `cut` leaves the end out.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    pause_seconds: float = 0.0
    held_until: threading.Event | None = None
    reset: bool = False
    cut: bool = False
    chunked: bool = False
    media_type: str = ""

    @property
    def payload(self) -> bytes:
        return (
            self.body
            if isinstance(self.body, bytes)
            else json.dumps(self.body, ensure_ascii=False).encode()
        )

    @property
    def content_type(self) -> str:
        usual = "text/html" if isinstance(self.body, bytes) else "application/json; charset=UTF-8"
        return self.media_type or usual


HTML = Reply(body=b"<!DOCTYPE html><html><body>Sign in to the network</body></html>")
RESET = Reply(reset=True)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


class LoopbackServer:
    """Serves until the `with` block ends.

    Scripted replies are given first, one a call; then real answers.
    """

    def __init__(self, port: int = 0) -> None:
        self.requests: list[Request] = []
        self._script: deque[Reply] = deque()
        self._lock = threading.Lock()
        self._recorded = threading.Condition()
        self._http = _HttpServer(port, self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def script(self, *replies: Reply) -> None:
        """Answer the next model calls with these."""
        self._script.extend(replies)

    def next_scripted(self) -> Reply | None:
        with self._lock:
            return self._script.popleft() if self._script else None

    @property
    def calls(self) -> list[Request]:
        """The requests that asked a model for an answer."""
        return [
            request
            for request in self.requests
            if request.method == "POST" and self.is_call(request)
        ]

    def record(self, request: Request) -> None:
        """Keep a request, and tell those who await a call."""
        with self._recorded:
            self.requests.append(request)
            self._recorded.notify_all()

    def await_call(self, is_awaited: Callable[[Request], bool] = lambda call: True) -> None:
        """Wait until a call, or one of a kind, has come."""
        with self._recorded:
            came = self._recorded.wait_for(
                lambda: any(map(is_awaited, self.calls)), _PATIENCE_SECONDS
            )
        assert came, "nobody asks"

    def is_call(self, request: Request) -> bool:
        raise NotImplementedError

    def reply(self, request: Request) -> Reply:
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def serve_forever(self) -> None:
        """Serve until interrupted, as a server that runs by itself."""
        print(self.url, flush=True)
        try:
            self._http.serve_forever()
        except KeyboardInterrupt:
            self._http.server_close()


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, fake: LoopbackServer) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.fake = fake

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up: some are killed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _parsed(raw: bytes) -> Any:
    """Return a body as JSON; one that is none, such as a file of lines, as it is."""
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw


class _Handler(BaseHTTPRequestHandler):
    server: "_HttpServer"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def log_message(self, *_: object) -> None:
        """Log nothing; tests read the recorded requests instead."""

    def _answer(self, method: str) -> None:
        raw = self._read_body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(method, self.path, headers, _parsed(raw))
        self.server.fake.record(request)
        self._send(self.server.fake.reply(request))

    def _read_body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().strip(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, reply: Reply) -> None:
        time.sleep(reply.pause_seconds)
        if reply.held_until is not None:
            reply.held_until.wait(_LONGEST_HOLD_SECONDS)
        self.close_connection = reply.reset or reply.cut
        if reply.reset:
            # A linger time of zero makes the system send RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        try:
            self._write(reply)
        except OSError:
            self.close_connection = True  # the client has given up waiting

    def _write(self, reply: Reply) -> None:
        payload = reply.payload
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, len(payload), _CHUNK_BYTES):
                part = payload[start : start + _CHUNK_BYTES]
                self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload[: len(payload) // 2] if reply.cut else payload)
