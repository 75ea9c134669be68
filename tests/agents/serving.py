"""Agents served over HTTP by the real command."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cli.conftest import Terminal


@contextmanager
def serving(terminal: Terminal, *options: str, **environment: str) -> Iterator[str]:
    """Serve agents over HTTP, and return the address."""
    process: subprocess.Popen[str] = terminal.start(
        "mcp", "--http", "--port", "0", *options, **environment
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate(timeout=30)
