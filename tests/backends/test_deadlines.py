"""Servers that send a byte now and then, over real HTTP, hold up no call to a model for ever."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from chatpaper.backends import BackendSettings, check_backend, create_backend
from chatpaper.domain.errors import BackendUnavailableError
from tests.backends.asking import a_prompt

BACKENDS = ("gemini", "google_generativeai", "openai")
TIMEOUT_SECONDS = 0.1
PATIENCE_SECONDS = 20.0
_STEP_SECONDS = 0.05

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
NEVER_A_HEAD = b"HTTP/1.1 200 OK\r\nX-Slow: "
DRIPS = {
    "head": (NEVER_A_HEAD, b"a"),
    "body of a length": (HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "body until the end": (HEAD + b"Connection: close\r\n\r\n", b" "),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "events": (
        HEAD.replace(b"application/json", b"text/event-stream")
        + b"Transfer-Encoding: chunked\r\n\r\n",
        b"d\r\n: keep-alive\n\r\n",
    ),
}


@contextmanager
def dripping(start: bytes, drop: bytes) -> Iterator[tuple[str, threading.Event]]:
    """Run a server that answers with `start` and then with one `drop` after another.

    The event is set when a client hangs up.
    """
    has_ended = threading.Event()
    is_hung_up = threading.Event()

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(start)
            while not has_ended.wait(_STEP_SECONDS):
                connection.sendall(drop)
        if not has_ended.is_set():
            is_hung_up.set()

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", is_hung_up
        finally:
            has_ended.set()
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("drip", DRIPS)
@pytest.mark.parametrize("name", BACKENDS)
def test_an_answer_that_drips_is_cut_as_a_time_out(name: str, drip: str) -> None:
    with dripping(*DRIPS[drip]) as (url, is_hung_up):
        base_url = f"{url}/v1" if name == "openai" else url
        settings = BackendSettings("a-model", base_url, "AIza-key", timeout_seconds=TIMEOUT_SECONDS)
        backend = create_backend(name, settings)
        begun = time.monotonic()
        with pytest.raises(BackendUnavailableError, match="in time") as raised:
            backend.complete(a_prompt())
        assert time.monotonic() - begun < PATIENCE_SECONDS
        assert raised.value.about == "moment"
        assert is_hung_up.wait(PATIENCE_SECONDS)


@pytest.mark.parametrize("name", BACKENDS)
def test_what_a_server_lists_is_bounded_too(name: str) -> None:
    with dripping(*DRIPS["body of a length"]) as (url, _):
        base_url = f"{url}/v1" if name == "openai" else url
        settings = BackendSettings("a-model", base_url, "AIza-key", timeout_seconds=TIMEOUT_SECONDS)
        begun = time.monotonic()
        with pytest.raises(BackendUnavailableError, match="in time"):
            check_backend(name, settings)
        assert time.monotonic() - begun < PATIENCE_SECONDS
