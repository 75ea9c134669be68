"""Run commands in processes forked from one that has loaded chatpaper.

Most tests of the command line are about what a command does, not about how Python starts. Tests
about the start itself, or about a command that is killed, use processes that begin from nothing.
"""

import atexit
import ctypes
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

REPOSITORY = Path(__file__).parents[2]
CLIENT = Path(__file__).with_name("client.py")
_NUMBER_BYTES = 4
# Whether a command ends with its client, and hears the signals that its client hears.
FOLLOWS_SIGNALS = hasattr(os, "pidfd_open")


class Forker:
    """A process that has chatpaper loaded, and runs commands in forks of itself."""

    def __init__(self, other: str = "") -> None:
        """Begin it, or have it forked from another one that serves at an address.

        It takes seconds to load chatpaper.
        """
        self._ours, theirs = socket.socketpair()
        # The path of a socket has to be short.
        self._place = tempfile.TemporaryDirectory(prefix="forker-")
        self.address = f"{self._place.name}/socket"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.address)
        listener.listen()
        given = [theirs.fileno(), listener.fileno()]
        self._process = None if other and _ask_for_fork(other, given) else _begin_anew(given)
        theirs.close()
        listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ours.close()
        if self._process is not None:
            self._process.wait()
        self._place.cleanup()

    @property
    def is_fork(self) -> bool:
        """Whether it was forked from another one."""
        return self._process is None

    def program(self, now: str = "") -> list[str]:
        """Return how a script starts commands that are run here; its clock begins at `now`."""
        return [sys.executable, "-I", "-S", str(CLIENT), self.address, now]

    def load(self, *modules: str) -> None:
        """Load modules that the commands to come would each load anew."""
        self._send({"load": modules}, [])
        assert self._answer() == 0

    def run(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        timeout_seconds: float,
        now: datetime | None = None,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command in `folder`; the clock of the machine goes on from `now`, if it is given.

        Raises subprocess.TimeoutExpired where the command takes longer; it is ended.
        """
        order = {
            "arguments": list(arguments),
            "folder": str(folder),
            "environment": dict(environment),
            "now": now.isoformat() if now else None,
        }
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            self.begin(order, out.fileno(), err.fileno())
            try:
                exit_code = self.wait(timeout_seconds)
            except TimeoutError:
                raise subprocess.TimeoutExpired(
                    arguments, timeout_seconds, _text(out), _text(err)
                ) from None
            return subprocess.CompletedProcess(arguments, exit_code, _text(out), _text(err))

    def begin(self, order: Mapping[str, Any], out: int, err: int) -> int:
        """Begin a command that says what it says in two files, and return its process.

        An order has `arguments`, `folder`, `environment`, `now`, and may be `hurried`: waits are
        short, and its clock goes on by them in full.
        """
        self._send(order, [out, err])
        self._process_id = self._answer()
        return self._process_id

    def wait(self, timeout_seconds: float) -> int:
        """Return the exit code of what was begun; raises TimeoutError where it had to be ended."""
        self._ours.settimeout(timeout_seconds)
        try:
            return self._answer()
        except TimeoutError:
            os.kill(self._process_id, signal.SIGKILL)
            self._ours.settimeout(None)
            self._answer()
            raise
        finally:
            self._ours.settimeout(None)

    def _send(self, order: Mapping[str, Any], streams: Sequence[int]) -> None:
        _send(self._ours, order, streams)

    def _answer(self) -> int:
        return int.from_bytes(_receive(self._ours, _NUMBER_BYTES), signed=True)


def _begin_anew(given: Sequence[int]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.cli.forked", *map(str, given)],
        cwd=REPOSITORY,
        env=without_settings(os.environ),
        stdin=subprocess.DEVNULL,
        pass_fds=given,
    )


def _ask_for_fork(address: str, given: Sequence[int]) -> bool:
    """Have another forker serve two sockets in a fork of itself; tell whether it is still there."""
    with socket.socket(socket.AF_UNIX) as asked:
        # `connect` is for hosts alone while a test runs.
        if asked.connect_ex(address):
            return False
        with suppress(ConnectionError):
            _send(asked, {"serve": True}, given)
            return True
    return False


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without a language, and without keys and settings of chatpaper."""
    keys = {"GEMINI_API_KEY", "GOOGLE_API_KEY", "OPENAI_API_KEY"}
    keys |= {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"}
    return {
        name: value
        for name, value in environment.items()
        if name not in keys and not name.startswith("CHATPAPER")
    }


def _text(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode().replace("\r\n", "\n"))


def _send(connection: socket.socket, order: Mapping[str, Any], streams: Sequence[int]) -> None:
    written = json.dumps(order).encode()
    message = len(written).to_bytes(_NUMBER_BYTES) + written
    sent = socket.send_fds(connection, [message], streams)
    connection.sendall(message[sent:])


def _receive(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        part = connection.recv(count - len(received))
        if not part:
            raise EOFError("the other side is gone")
        received += part
    return received


# --- in the process that forks

# The processes forked from it that fork, too.
_SERVING: list[int] = []


def _serve(connection: socket.socket, listener: socket.socket) -> Callable[[], None] | None:
    """Run commands until nobody asks for any; in a fork of this process, return the command."""
    while True:
        if listener in select.select([connection, listener], [], [])[0]:
            command = None
            with listener.accept()[0] as client, suppress(EOFError, ConnectionError):
                command = _run(client)
        else:
            command = _run(connection)
            if command is None:
                return None
        if callable(command):
            connection.close()
            listener.close()
            return command


def _run(asked: socket.socket) -> Callable[[], None] | int | None:
    """Run the next command, and tell its number and exit code; nothing if none is asked for.

    In a fork of this process, return the command.
    """
    head, streams, _, _ = socket.recv_fds(asked, _NUMBER_BYTES, 3)
    if not head:
        return None
    head += _receive(asked, _NUMBER_BYTES - len(head))
    order = json.loads(_receive(asked, int.from_bytes(head)))
    if "load" in order:
        for module in order["load"]:
            import_module(module)
        gc.freeze()
        asked.sendall((0).to_bytes(_NUMBER_BYTES))
        return 0
    process_id = os.fork()
    if process_id == 0:
        _SERVING.clear()
        return partial(_serve_in_fork, *streams) if "serve" in order else _begin(order, streams)
    for stream in streams:
        os.close(stream)
    if "serve" in order:
        _SERVING.append(process_id)
        return 0
    # Who asked may be killed.
    with suppress(ConnectionError):
        asked.sendall(process_id.to_bytes(_NUMBER_BYTES))
    if FOLLOWS_SIGNALS:
        _pass_signals(asked, process_id)
    exit_code = os.waitstatus_to_exitcode(os.waitpid(process_id, 0)[1])
    with suppress(ConnectionError):
        asked.sendall(exit_code.to_bytes(_NUMBER_BYTES, signed=True))
    return exit_code


def _serve_in_fork(own: int, public: int) -> None:
    with socket.socket(fileno=own) as connection, socket.socket(fileno=public) as listener:
        command = _serve(connection, listener)
    if command:
        command()


def _pass_signals(asked: socket.socket, process_id: int) -> None:
    """Send a command the signals that its client has got, until it ends.

    It is killed where its client is.
    """
    command = os.pidfd_open(process_id)
    try:
        watched: list[Any] = [command, asked]
        while command not in select.select(watched, [], [])[0]:
            try:
                number = int.from_bytes(_receive(asked, _NUMBER_BYTES))
            except (EOFError, ConnectionError):
                os.kill(process_id, signal.SIGKILL)
                return
            os.kill(process_id, number)
    finally:
        os.close(command)


def _begin(order: dict[str, Any], streams: Sequence[int]) -> Callable[[], None]:
    """Become the process that was asked for, and return what is left to be done."""
    from chatpaper.cli.main import main
    from chatpaper.domain.clock import Clock
    from tests.cli.simulated_clock import SimulatedClock

    # Two of them are those for what is said.
    for number, stream in enumerate(streams, 3 - len(streams)):
        os.dup2(stream, number)
        os.close(stream)
    if "beside" in order:
        _go_beside(order["beside"])
    encoding = order["environment"].get("PYTHONIOENCODING", "utf-8")
    # Open for as long as the process lives.
    sys.stdout = open(1, "w", encoding=encoding, closefd=False)  # noqa: SIM115
    sys.stderr = open(  # noqa: SIM115
        2, "w", encoding=encoding, errors="backslashreplace", buffering=1, closefd=False
    )
    for number in order.get("closed", ()):
        # As Python has them at its start.
        setattr(sys, ("stdin", "stdout", "stderr")[number], None)
        os.close(number)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    sys.argv = ["chatpaper", *order["arguments"]]
    if order["now"] is None:
        return main
    if "hurried" in order:
        clock = SimulatedClock(datetime.fromisoformat(order["now"]))
        return lambda: main(Clock(clock.now, clock.sleep))
    begin, started = datetime.fromisoformat(order["now"]), time.monotonic()
    return lambda: main(Clock(now=lambda: begin + timedelta(seconds=time.monotonic() - started)))


def _go_beside(process_id: int) -> None:
    """See the file systems that another process sees, which may have mounted some for itself."""
    own, theirs = Path("/proc/self/ns"), Path(f"/proc/{process_id}/ns")
    if not theirs.exists() or (own / "mnt").readlink() == (theirs / "mnt").readlink():
        return
    system = ctypes.CDLL(None, use_errno=True)
    spaces = [os.open(theirs / name, os.O_RDONLY) for name in ("user", "mnt")]
    for space in spaces:
        if system.setns(space, 0):
            raise OSError(ctypes.get_errno(), "cannot enter a name space")
        os.close(space)


def _exit_code_of(command: Callable[[], None]) -> int:
    """Run a command to its end; what is no exit with a number ends this process as ever."""
    try:
        command()
    except SystemExit as ended:
        if ended.code is not None and not isinstance(ended.code, int):
            raise
        return ended.code or 0
    return 0


def _end(exit_code: int) -> NoReturn:
    """End as Python ends, but let what is loaded lie: to take it down touches every page of it.

    Each page that is touched is copied first, which takes longer than most commands.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)


# Processes that read PDFs import this module too, and are to be quick about it.
if __name__ == "__main__":
    from tests.cli.preload import preload

    preload()
    gc.freeze()
    # A command is over before it has made enough to be worth collecting.
    gc.disable()
    own, public = (socket.socket(fileno=int(number)) for number in sys.argv[1:])
    with own, public:
        command = _serve(own, public)
    for serving in _SERVING:
        os.waitpid(serving, 0)
    _end(_exit_code_of(command) if command else 0)
