"""A SOCKS5 proxy (RFC 1928) on 127.0.0.1 that connects every request to one server.

The host that a request names makes no difference.
"""

import socket
import struct
import threading
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any, Self

_VERSION, _NO_PASSWORD, _CONNECT = 5, 0, 1
_IPV4, _HOST_NAME, _IPV6 = 1, 3, 4


class FakeSocks:
    """Serves until the `with` block ends; `asked` are the hosts that were asked for."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.asked: list[str] = []
        self._server = ThreadingTCPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.socks = self  # type: ignore[attr-defined]
        self.target = target

    @property
    def address(self) -> str:
        return f"socks5://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseRequestHandler):
    def handle(self) -> None:
        socks: FakeSocks = self.server.socks  # type: ignore[attr-defined]
        _, methods = struct.unpack("!BB", self._read(2))
        self._read(methods)
        self.request.sendall(struct.pack("!BB", _VERSION, _NO_PASSWORD))
        _, command, _, kind = struct.unpack("!BBBB", self._read(4))
        assert command == _CONNECT
        if kind == _HOST_NAME:
            host = self._read(self._read(1)[0]).decode()
        else:
            host = socket.inet_ntop(
                *(
                    (socket.AF_INET, self._read(4))
                    if kind == _IPV4
                    else (socket.AF_INET6, self._read(16))
                )
            )
        self._read(2)
        socks.asked.append(host)
        with socket.create_connection(socks.target) as target:
            self.request.sendall(struct.pack("!BBBB4sH", _VERSION, 0, 0, _IPV4, bytes(4), 0))
            back = threading.Thread(target=_pump, args=(target, self.request), daemon=True)
            back.start()
            _pump(self.request, target)
            back.join()

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.request.recv(count - len(data))
            if not more:
                raise ConnectionError("the client went away")
            data += more
        return data


def _pump(source: Any, sink: Any) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
