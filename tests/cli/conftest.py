"""The command line as users see it: a process of its own, with fake servers of arXiv and Gemini."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from filelock import FileLock

from tests.cli.forked import FOLLOWS_SIGNALS, Forker, without_settings
from tests.conftest import shared_folder
from tests.contracts.validation import find_violations_printed
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.services import name_services

TONIGHT = "2026-11-22"
COMMAND_TIMEOUT_SECONDS = 120
# Variables that are read before chatpaper is: encodings, the library of C, the PDF library.
_OF_THE_START = ("PYTHON", "LC_", "LANG", "LD_")
AT_TIME = Path(__file__).with_name("at_time.py")


@dataclass(frozen=True)
class Outcome:
    """What a command gave back."""

    exit_code: int
    out: str
    err: str

    @property
    def report(self) -> Any:
        return json.loads(self.out)


@dataclass
class Terminal:
    """Runs chatpaper with folders of its own."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    # Where commands are forked from; without it, each begins from nothing.
    forker: Forker | None = None
    # What time it is where nights follow one another: the machine's own, if it is not said.
    now: datetime | None = None

    def run(self, *arguments: str | Path, **environment: str) -> Outcome:
        """Run a command to its end; what it prints with `--json` is as its schema says.

        What Python itself reads at its start needs a process that begins from nothing.
        """
        outcome = self._run(*arguments, **environment)
        violations = find_violations_printed([*map(str, arguments)], outcome.out)
        assert not violations, "what was printed is not as its schema says:\n" + "\n".join(
            violations
        )
        return outcome

    def _run(self, *arguments: str | Path, **environment: str) -> Outcome:
        variables = self.variables(environment)
        if self.forker is not None and not any(
            name.startswith(_OF_THE_START) and name != "PYTHONIOENCODING" for name in environment
        ):
            shown = [*map(str, arguments)]
            done = self.forker.run(shown, self.home, variables, COMMAND_TIMEOUT_SECONDS, self.now)
            return Outcome(done.returncode, done.stdout, done.stderr)
        with replace(self, forker=None).start(*arguments, **environment) as process:
            out, err = process.communicate(timeout=COMMAND_TIMEOUT_SECONDS)
        return Outcome(process.returncode, out, err)

    def start(self, *arguments: str | Path, **environment: str) -> "subprocess.Popen[str]":
        """Begin a command that may be ended by signals; others wait until it has ended."""
        program = self.as_program() if FOLLOWS_SIGNALS else self.program
        return subprocess.Popen(
            [*program, *map(str, arguments)],
            cwd=self.home,
            env=self.variables(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def on_a_terminal(
        self, *arguments: str, stream: Literal["stdout", "stderr"] = "stdout", **environment: str
    ) -> str:
        """Return what a command shows where stdout, or stderr alone, is a terminal."""
        ours, theirs = os.openpty()
        program = [*self.as_program(), *arguments]
        environment = self.variables(environment)
        streams: dict[str, Any] = {"stdout": subprocess.DEVNULL, stream: theirs}
        with subprocess.Popen(program, cwd=self.home, env=environment, **streams) as process:
            os.close(theirs)
            # A terminal holds some thousand bytes: whoever writes more waits for a reader.
            with ThreadPoolExecutor(1) as reader:
                shown = reader.submit(_read_terminal, ours)
                try:
                    process.wait(COMMAND_TIMEOUT_SECONDS)
                finally:
                    process.kill()
        return shown.result().decode()

    @property
    def program(self) -> list[str]:
        """How chatpaper is started."""
        if self.now is None:
            return [sys.executable, "-m", "chatpaper"]
        return [sys.executable, str(AT_TIME), self.now.isoformat()]

    def as_program(self) -> list[str]:
        """How scripts start chatpaper, in a fork where that can be."""
        now = self.now.isoformat() if self.now else ""
        return self.forker.program(now) if self.forker else self.program

    def variables(self, more: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of a command."""
        return {**without_settings(os.environ), **self.environment, **more}

    @property
    def posts(self) -> Path:
        return self.home / "posts"


def _read_terminal(handle: int) -> bytes:
    """Read what is shown until its writer ends, which Linux says by an error."""
    shown = bytearray()
    with os.fdopen(handle, "rb", buffering=0) as terminal, suppress(OSError):
        while piece := terminal.read(65536):
            shown += piece
    return bytes(shown)


def terminal_at(home: Path, forker: Forker | None) -> Terminal:
    """Return a terminal all of whose folders are below `home`."""
    return Terminal(
        home,
        {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "CHATPAPER_STATE_DIR": str(home / "state"),
            "CHATPAPER_CACHE_DIR": str(home / "cache"),
            # Three short papers are read faster by one process than it takes to start another.
            "CHATPAPER_EXTRACT__WORKERS": "1",
        },
        forker,
    )


@pytest.fixture
def terminal(tmp_path: Path, forker: Forker | None) -> Terminal:
    return terminal_at(tmp_path, forker)


@dataclass(frozen=True)
class Shown:
    """The folder of a demo, and what the command gave back."""

    folder: Path
    outcome: Outcome

    def continue_in(self, home: Path) -> Path:
        """Let a home have the folder, and return it."""
        return Path(shutil.copytree(self.folder, home / self.folder.name))

    def lend_cache_to(self, home: Path) -> None:
        """Let a home have a demo that has read its papers, and done nothing else yet."""
        folder = home / self.folder.name
        shutil.copytree(self.folder / "cache", folder / "cache")
        shutil.copy(self.folder / "chatpaper.toml", folder)


@pytest.fixture(scope="session")
def demo_shown(forker: Forker | None, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Run `chatpaper demo` once for all tests, which leave its folder as it is.

    Workers that test side by side share it.
    """
    home = shared_folder(tmp_path_factory) / "demo-shown"
    told = home.with_suffix(".json")
    with FileLock(home.with_suffix(".lock")):
        if not told.exists():
            home.mkdir()
            terminal = terminal_at(home, forker)
            terminal.now = datetime(2026, 11, 22, 9, tzinfo=UTC)
            outcome = terminal.run("demo")
            assert [path.name for path in home.iterdir()] == ["chatpaper-demo"], outcome.err
            told.write_text(json.dumps(asdict(outcome)), "utf-8")
    return Shown(home / "chatpaper-demo", Outcome(**json.loads(told.read_text("utf-8"))))


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


def library_paper(library: Path, stem: str, number: int, title: str, **changes: Any) -> FakePaper:
    """Return a paper of arXiv whose PDF is one of the example library."""
    record: dict[str, Any] = {
        "abstract": "Diffusion models are usually sampled with a number of steps that was chosen "
        "once. We find a smaller budget and measure the error.",
        "authors": ("José Núñez", "Oğuzhan Fatih Kar"),
        "published": datetime(2026, 11, 20, number % 24, tzinfo=UTC),
        "categories": ("cs.CV", "cs.LG"),
        "pdf": (library / f"{stem}.pdf").read_bytes(),
    }
    return FakePaper(arxiv_id=f"2611.{number:05d}", title=title, **(record | changes))


def standard_papers(library: Path) -> list[FakePaper]:
    """Return three papers on diffusion models and one off topic.

    Of the three, one has no PDF and one is withdrawn.
    """
    return [
        library_paper(
            library,
            "step-budgets",
            1,
            "Step  Budgets for Diffusion\n Models",
            comment="Code: https://github.com/a/b",
        ),
        library_paper(
            library, "schedule-sensors", 2, "A Diffusion Model Whose PDF Is Missing", pdf=None
        ),
        library_paper(
            library,
            "step-budgets",
            3,
            "A Withdrawn Diffusion Model",
            comment="This paper has been withdrawn by the authors",
            pdf=None,
        ),
        library_paper(
            library,
            "leaf-shapes",
            4,
            "Diffusion of Gas in Leaves",
            abstract="Gas diffuses. Models of leaves.",
        ),
    ]


@pytest.fixture
def arxiv(library: Path) -> Iterator[FakeArxiv]:
    """Serve the standard papers."""
    with FakeArxiv(standard_papers(library)) as server:
        yield server


def submitted(arxiv: FakeArxiv, ago: timedelta, now: datetime | None = None) -> None:
    """Change the submission time of arXiv's papers, for runs that look for recent ones."""
    published = (now or datetime.now(UTC)) - ago
    arxiv.papers[:] = [replace(paper, published=published) for paper in arxiv.papers]


@pytest.fixture
def online(terminal: Terminal, arxiv: FakeArxiv, gemini: FakeGemini, papers_read: Path) -> Terminal:
    return connected(terminal, arxiv, gemini, papers_read)


def connected(
    terminal: Terminal, arxiv: FakeArxiv, gemini: FakeGemini, papers_read: Path
) -> Terminal:
    """Return a terminal with the fake arXiv and Gemini, and the library already read."""
    shutil.copytree(papers_read, terminal.home / "cache", dirs_exist_ok=True)
    terminal.environment |= {
        **name_services(arxiv, gemini),
        # Nights follow one another within a second here.
        "CHATPAPER_ARXIV__BACKOFF_SECONDS": "0",
        "GEMINI_API_KEY": VALID_KEY,
    }
    return terminal


@dataclass(frozen=True)
class Night:
    """What commands left behind that each test of a file goes on from, in the same folder.

    The database names posts by their whole paths.
    """

    home: Path
    kept: Path

    def restore(self) -> Path:
        """Let the home be as these commands left it, and return it."""
        shutil.rmtree(self.home)
        return Path(shutil.copytree(self.kept, self.home, symlinks=True))


def restore_for(request: pytest.FixtureRequest, fixture: str, otherwise: Path) -> Path:
    """Restore the night of a file where a test uses the fixture, and return its home."""
    if fixture not in request.fixturenames:
        return otherwise
    night: Night = request.getfixturevalue("night")
    return night.restore()


Publish = Callable[..., Night]


@pytest.fixture(scope="module")
def publish(
    library: Path,
    papers_read: Path,
    forker: Forker | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Publish:
    """Return a function that runs commands once for all tests of a file, with the standard papers.

    Every command has to end well. A file lets its `tmp_path` be what `Night.restore` returns.
    """

    def run_once(*commands: Sequence[str | Path], settings: str = "") -> Night:
        home = tmp_path_factory.mktemp("night")
        if settings:
            (home / "chatpaper.toml").write_text(settings, encoding="utf-8")
        with FakeArxiv(standard_papers(library)) as arxiv, FakeGemini() as gemini:
            terminal = connected(terminal_at(home, forker), arxiv, gemini, papers_read)
            for command in commands:
                done = terminal.run(*command)
                assert done.exit_code == 0, done.err
        kept = tmp_path_factory.mktemp("kept") / "home"
        return Night(home, Path(shutil.copytree(home, kept, symlinks=True)))

    return run_once
