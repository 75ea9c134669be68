"""Have a command run by a forker: `client.py SOCKET TIME ARGUMENT ...`; TIME may be empty.

Takes the place of `python -m chatpaper` in scripts that start it by a program of their own. Begins
in a hundredth of the time, as it loads nothing: run it by `python -I -S`.
"""

import json
import os
import signal
import socket
import sys


def _is_closed(stream: int) -> bool:
    """Tell whether a stream is closed; something else has its number from then on."""
    try:
        os.fstat(stream)
    except OSError:
        os.open(os.devnull, os.O_RDWR)
        return True
    return False


if __name__ == "__main__":
    closed = [stream for stream in range(3) if _is_closed(stream)]
    _, place, now, *arguments = sys.argv
    order = {
        "arguments": arguments,
        "folder": os.getcwd(),  # noqa: PTH109
        "environment": dict(os.environ),
        "now": now or None,
        "beside": os.getpid(),
        "closed": closed,
    }
    written = json.dumps(order).encode()
    message = len(written).to_bytes(4) + written
    with socket.socket(socket.AF_UNIX) as forker:
        forker.connect(place)
        sent = socket.send_fds(forker, [message], [0, 1, 2])
        forker.sendall(message[sent:])
        forker.recv(4, socket.MSG_WAITALL)  # the number of the process
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: forker.sendall(number.to_bytes(4)))
        exit_code = int.from_bytes(forker.recv(4, socket.MSG_WAITALL), signed=True)
    # As a shell tells of a command that a signal ended.
    sys.exit(exit_code if exit_code >= 0 else 128 - exit_code)
