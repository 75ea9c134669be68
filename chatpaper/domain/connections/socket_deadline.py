"""A bound on how long a whole answer over sockets may take.

HTTP libraries bound only each wait for bytes: a server that sends a byte now and then would hold a
request for ever. Here a timer shuts the sockets of the request down, so that what reads from them
sees their end.
"""

import socket
import ssl
import threading
import time
from contextlib import suppress


class SocketDeadline:
    """Shuts the sockets of one request down when its time is over, unless it was ended before.

    Safe among threads. `is_over` tells an answer that was cut from one that came short.
    """

    def __init__(self, seconds: float) -> None:
        """Start the clock."""
        self._begun = time.monotonic()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._copies: list[socket.socket] = []
        self._has_ended = False
        self.is_over = False
        self._timer = self._start_timer(seconds)

    def hold(self, sock: socket.socket) -> None:
        """Have a socket shut down when the time is over, at once where it is."""
        with self._lock, suppress(OSError):
            if self._has_ended:
                return
            if isinstance(sock, ssl.SSLSocket):
                self._sockets.append(sock)
            else:
                # TLS takes the socket itself over; a copy reaches the same connection during the
                # handshake too.
                self._copies.append(sock.dup())
        if self.is_over:
            self._cut()

    def extend(self, seconds: float) -> None:
        """Move the deadline to so many seconds after the beginning, unless it has passed."""
        with self._lock:
            if not self._has_ended and not self.is_over:
                self._timer.cancel()
                self._timer = self._start_timer(seconds)

    def end(self) -> None:
        """Stop the clock, so that nothing is cut after this."""
        with self._lock:
            self._has_ended = True
            self._timer.cancel()
            self._release()

    def _start_timer(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(max(self._begun + seconds - time.monotonic(), 0.0), self._cut)
        timer.daemon = True
        timer.start()
        return timer

    def _cut(self) -> None:
        with self._lock:
            if self._has_ended:
                return
            self.is_over = True
            for sock in (*self._copies, *self._sockets):
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            self._release()

    def _release(self) -> None:
        for copy in self._copies:
            copy.close()
        self._sockets, self._copies = [], []
