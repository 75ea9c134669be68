"""What a row of the table of faults consists of, unless it is about an answer of a service.

Such rows are about machines, files, records, PDFs and databases.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from chatpaper.storage.store import Store
from tests.cli.conftest import Outcome, Terminal, connected, library_paper, terminal_at
from tests.cli.forked import Forker
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini

Group = Literal["places", "outputs", "arxiv", "text", "state"]
TOPIC = "Diffusion Models"
NEXT_DAY = "2026-11-23"
RUN = ("run", "--topic", TOPIC, "--date")


@dataclass(frozen=True)
class Desk:
    """The place where a command is tried.

    It has a terminal with folders of its own, the example papers, and servers.
    """

    terminal: Terminal
    library: Path
    arxiv: FakeArxiv
    gemini: FakeGemini

    @property
    def home(self) -> Path:
        return self.terminal.home

    @property
    def posts(self) -> Path:
        return self.terminal.posts

    @property
    def database(self) -> Path:
        return self.home / "state" / "chatpaper.db"

    @property
    def calls(self) -> int:
        """How often the model was asked."""
        return len(self.gemini.calls)

    def run(self, *arguments: str | Path, **environment: str) -> Outcome:
        return self.terminal.run(*arguments, **environment)


@dataclass(frozen=True)
class Seen:
    """What was done about a fault, and what the person is told."""

    done: str
    says: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    It has what is tried, what must be done about it, and part of what must be reported.
    """

    group: Group
    name: str
    comes: str
    attempt: Callable[[Desk], Seen]
    done: str
    says: str = ""

    def __str__(self) -> str:
        return f"{self.group}: {self.comes}"


@dataclass(frozen=True)
class FaultRow:
    """What became of a fault."""

    comes: str
    done: str
    attempts: int
    says: str

    def __str__(self) -> str:
        return " | ".join(
            (self.comes, self.done, f"{self.attempts} attempts", self.says or "nothing")
        )


@contextmanager
def desk_at(home: Path, library: Path, papers_read: Path, forker: Forker | None) -> Iterator[Desk]:
    """Set up a desk with two papers that can both be fetched, of which only one is on the topic."""
    papers = [
        library_paper(library, "step-budgets", 1, "Step Budgets for Diffusion Models"),
        library_paper(
            library,
            "leaf-shapes",
            4,
            "Diffusion of Gas in Leaves",
            abstract="Gas diffuses in leaves.",
        ),
    ]
    with FakeArxiv(papers) as arxiv, FakeGemini() as gemini:
        yield Desk(
            connected(terminal_at(home, forker), arxiv, gemini, papers_read), library, arxiv, gemini
        )


def row_of(kind: Kind, desk: Desk) -> FaultRow:
    """Return what becomes of a fault, and what it costs papers."""
    seen = kind.attempt(desk)
    return FaultRow(str(kind), seen.done, _attempts(desk), " ".join(seen.says.split()))


def _attempts(desk: Desk) -> int:
    """Count the attempts that papers were charged, in all."""
    if not desk.database.is_file():
        return 0
    with closing(Store(desk.database.parent)) as store:
        return sum(outcome.attempts for outcome in store.outcomes.all_unfinished())


def last_line(text: str) -> str:
    """Return the last line of a command's output."""
    return (text.strip().splitlines() or [""])[-1]


def line_with(text: str, part: str) -> str:
    """Return the first line that contains `part`, or an empty one."""
    return next((line.strip() for line in text.splitlines() if part in line), "")


def refused(outcome: Outcome) -> Seen:
    """Return what a command said that did nothing."""
    return Seen(f"exit {outcome.exit_code}", last_line(outcome.err))


def counted(report: Any) -> str:
    """Return what a run did, in numbers."""
    (topic,) = report["topics"]
    numbers = (f"{topic[name]} {name}" for name in ("published", "excluded", "failed"))
    return ", ".join(numbers)
