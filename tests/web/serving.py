"""A page that the real command serves, with servers that play arXiv and Gemini.

A nightly run has written its archive.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.conftest import TONIGHT, Terminal, library_paper
from tests.conftest import LIBRARY
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.loopback import Reply, Request
from tests.fakes.services import name_services

HOSTILE_TITLE = (
    "<img src=x onerror=alert(1)> ](javascript:alert(2)) $x$ <script>alert(3)</script> "
    "Diffusion Models"
)


class SlowGemini(FakeGemini):
    """Takes its time, and may be out of order."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.seconds = 0.0
        self.fault: Reply | None = None

    def reply(self, request: Request) -> Reply:
        if request.method == "POST" and self.is_call(request):
            time.sleep(self.seconds)
            if self.fault is not None:
                return self.fault
        return super().reply(request)


@dataclass
class ServedPage:
    """The address of a page, and what is behind it."""

    url: str
    terminal: Terminal
    gemini: SlowGemini
    arxiv: FakeArxiv
    process: "subprocess.Popen[str]"
    log: Path

    @property
    def home(self) -> Path:
        return self.terminal.home


@contextmanager
def serving_page(home: Path, *, nights: bool = True, **environment: str) -> Iterator[ServedPage]:
    """Serve the page until the context ends, after a night of two topics."""
    papers = [
        library_paper(LIBRARY, "step-budgets", 1, "Step Budgets for Diffusion Models"),
        library_paper(LIBRARY, "schedule-sensors", 2, HOSTILE_TITLE),
        library_paper(
            LIBRARY, "leaf-shapes", 4, "Shapes of Leaves", abstract="Leaves have shapes."
        ),
        library_paper(
            LIBRARY, "ring-relaxation", 5, "Relaxation of Rings", abstract="Rings relax."
        ),
    ]
    with FakeArxiv(papers) as arxiv, SlowGemini() as gemini:
        terminal = Terminal(home, _environment(home, arxiv, gemini) | environment)
        if nights:
            night = terminal.run("run", "--topic", "Diffusion Models", "--date", TONIGHT, "-q")
            assert night.exit_code in (0, 3), night.err
        with _served(terminal, gemini, arxiv) as served:
            yield served


def restarted(site: ServedPage) -> AbstractContextManager[ServedPage]:
    """Serve the same page once more, after its process has ended."""
    return _served(site.terminal, site.gemini, site.arxiv)


@contextmanager
def _served(terminal: Terminal, gemini: SlowGemini, arxiv: FakeArxiv) -> Iterator[ServedPage]:
    log = terminal.home / "page.log"
    with log.open("w") as errors:
        process = terminal_process(terminal, errors)
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            assert url, log.read_text()
            yield ServedPage(url, terminal, gemini, arxiv, process, log)
        finally:
            process.terminate()
            process.wait(30)
            process.stdout.close()


def terminal_process(terminal: Terminal, errors: Any) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "chatpaper", "-vv", "web", "--port", "0"],
        cwd=terminal.home,
        env=terminal.variables({}),
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )


def _environment(home: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> dict[str, str]:
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "CHATPAPER_STATE_DIR": str(home / "state"),
        "CHATPAPER_CACHE_DIR": str(home / "cache"),
        "CHATPAPER_EXTRACT__WORKERS": "1",
        **name_services(arxiv, gemini),
        "GEMINI_API_KEY": VALID_KEY,
    }
