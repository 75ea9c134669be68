"""Kills at random instants: `python -m tests.benchmarks.kill_campaign --kills 100 --seed 1`.

`chatpaper run`, a real process against servers that play arXiv and Gemini, is killed with SIGKILL:
when a server has received a request, shortly after it has answered one, at a random file operation
of its own, or at a random time. Then the same command is started again, and killed again, until it
is let through. What must hold:

- after each kill: the database is sound, every answer in it is booked once, every file of a post is
  whole, the processes that read PDFs are gone, and what was asked for but is not kept are the calls
  that were under way
- at the end of a night: the posts are, byte for byte, those of an undisturbed night; every paper is
  published once; nothing half-written is left; no answer that was kept was asked for again
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.arxiv_papers import library_papers, tiny_pdf
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.loopback import Reply, Request

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
NIGHT = datetime(2026, 11, 22, tzinfo=UTC)
CONCURRENCY = 2
# Long enough that calls are under way at the same time, and that a kill can hit them.
LATENCY_SECONDS = 0.1
# From the answer on its way to the commit of what came of it.
_AFTER_SECONDS = 0.12
_PATIENCE_SECONDS = 180.0
# A reader finds out that its parent is gone when it has read what it is reading.
_ORPHAN_SECONDS = 30.0

# Runs the command, and kills it before its n-th operation on files; without n, says how many there
# were.
_COUNTED = """
import os, signal, sys
from pathlib import Path
kill_at, meter = int(sys.argv.pop()), Path(sys.argv.pop())
seen = 0
def count(event, arguments):
    global seen
    writes = False
    if event == "open" and isinstance(arguments[2], int):
        writes = arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if writes or event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod"):
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from chatpaper.cli import main
try:
    main()
finally:
    meter.write_text(str(seen))
"""


@dataclass(frozen=True)
class Kill:
    """When to kill: at the n-th event of a kind, and so many seconds after it."""

    kind: str
    number: int
    after_seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.kind} {self.number} + {self.after_seconds * 1000:.0f} ms"


@dataclass
class Tally:
    """What a campaign saw; `faults` tells of everything that must not be."""

    kills: int = 0
    nights: int = 0
    calls: int = 0
    answers: int = 0
    faults: list[str] = field(default_factory=list)


class Watched:
    """Both servers of a night, and who wants to hear of their events."""

    def __init__(self) -> None:
        self.on_event: Callable[[str], None] = lambda kind: None
        self.gemini = self.make_gemini()

        class Arxiv(FakeArxiv):
            def end(inner) -> None:  # noqa: N805
                super().end()
                self.on_event("download")

        self.arxiv = Arxiv(night_papers())

    def make_gemini(self) -> FakeGemini:
        """Return a Gemini that tells of its calls."""

        class Gemini(FakeGemini):
            def reply(inner, request: Request) -> Reply:  # noqa: N805
                reply = super().reply(request)
                if not inner.is_call(request):
                    return reply
                self.on_event("call")
                threading.Timer(LATENCY_SECONDS, self.on_event, ("answer",)).start()
                return replace(reply, pause_seconds=LATENCY_SECONDS)

        return Gemini()

    def __enter__(self) -> Self:
        self.gemini.__enter__()
        self.arxiv.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.arxiv.__exit__(None, None, None)
        self.gemini.__exit__(None, None, None)

    def forget(self) -> None:
        """Begin to count anew."""
        self.gemini.requests.clear()

    def bodies(self, first: int) -> list[str]:
        """Return what the model was asked, from the first-th call on."""
        return [json.dumps(request.body, sort_keys=True) for request in self.gemini.calls[first:]]


def night_papers() -> list[FakePaper]:
    """Return two papers with figures and two short ones."""
    originals = {Path(paper.title).name: paper for paper in library_papers(LIBRARY)}
    with_figures = sorted(originals.values(), key=lambda paper: len(paper.pdf or b""))[:2]
    text = (
        "We study diffusion models on small images and measure how much of the quality is "
        "lost with few steps. "
    ) * 12
    papers = [(paper.authors, paper.pdf or b"") for paper in with_figures]
    papers += [
        (("Ada Lovelace",), tiny_pdf(f"Short Diffusion Models {name}", text)) for name in "ab"
    ]
    return [
        FakePaper(
            arxiv_id=f"2611.{number:05d}",
            title=f"Diffusion Models, Part {number}",
            abstract=f"We study diffusion models under a small budget of steps, part {number}.",
            authors=authors,
            published=NIGHT - timedelta(hours=number),
            categories=("cs.CV",),
            pdf=pdf,
        )
        for number, (authors, pdf) in enumerate(papers, start=1)
    ]


@dataclass
class Command:
    """`chatpaper run` with folders of its own."""

    home: Path
    servers: Watched

    @property
    def database(self) -> Path:
        return self.home / "state" / "chatpaper.db"

    def environment(self) -> dict[str, str]:
        """Return the environment of the command."""
        return {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CHATPAPER", "GEMINI", "GOOGLE"))
        } | {
            "HOME": str(self.home),
            "CHATPAPER_STATE_DIR": str(self.home / "state"),
            "CHATPAPER_CACHE_DIR": str(self.home / "cache"),
            "CHATPAPER_ARXIV__API_URL": self.servers.arxiv.api_url,
            "CHATPAPER_ARXIV__SITE_URL": self.servers.arxiv.url,
            "CHATPAPER_ARXIV__RSS_URL": self.servers.arxiv.url,
            "CHATPAPER_ARXIV__OAI_URL": self.servers.arxiv.oai_url,
            "CHATPAPER_ARXIV__DELAY_SECONDS": "0",
            "CHATPAPER_EXTRACT__WORKERS": "1",
            "CHATPAPER_LLM__BASE_URL": self.servers.gemini.url,
            "CHATPAPER_LLM__CONCURRENCY": str(CONCURRENCY),
            "CHATPAPER_LLM__VERIFY": "never",
            "GEMINI_API_KEY": VALID_KEY,
        }

    def start(self, kill_at_operation: int = 0) -> "subprocess.Popen[bytes]":
        command = ["run", "--topic", "Diffusion Models", "--date", f"{NIGHT:%Y-%m-%d}", "-q"]
        return subprocess.Popen(
            [
                sys.executable,
                "-c",
                _COUNTED,
                *command,
                str(self.home / "operations"),
                str(kill_at_operation),
            ],
            cwd=self.home,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def finish(self) -> tuple[int, str]:
        """Let it through, and return its exit code and output."""
        self.servers.on_event = lambda kind: None
        with self.start() as process:
            _, told = process.communicate(timeout=_PATIENCE_SECONDS)
        return process.returncode, told.decode()

    def killed(self, kill: Kill) -> list[int]:
        """Start it and kill it, and return the child processes that it had.

        It may have ended before.
        """
        process = self.start(kill.number if kill.kind == "operation" else 0)
        due = threading.Event()
        left = [kill.number]

        def count(kind: str) -> None:
            left[0] -= kind == kill.kind
            if left[0] == 0:
                due.set()

        self.servers.on_event = count
        deadline = time.monotonic() + _PATIENCE_SECONDS
        children: list[int] = []
        began = time.monotonic()
        while process.poll() is None and time.monotonic() < deadline:
            children = _children(process.pid) or children
            if kill.kind == "time" and time.monotonic() - began > kill.after_seconds:
                break
            if due.wait(0.02):
                time.sleep(kill.after_seconds)
                break
        process.kill()
        process.communicate()
        return children

    def kept(self) -> int:
        """Count the answers that the database holds."""
        return count_rows(self.database, "SELECT count(*) FROM completions WHERE text <> ''")


def _children(process_id: int) -> list[int]:
    try:
        return [
            int(child)
            for task in Path(f"/proc/{process_id}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []


def count_rows(database: Path, query: str) -> int:
    if not database.exists():
        return 0
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # killed before the first table was there
    finally:
        connection.close()


def tree(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def faults_after_kill(command: Command, children: Sequence[int]) -> list[str]:
    """Return what is wrong with what a killed process left."""
    faults = []
    if command.database.exists():
        connection = sqlite3.connect(command.database)
        try:
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                faults.append("the database is damaged")
        finally:
            connection.close()
    booked = count_rows(command.database, "SELECT count(*) FROM calls")
    if booked != command.kept():
        faults.append(f"{command.kept()} answers are kept, {booked} are booked")
    for name, content in tree(command.home / "posts").items():
        whole = {
            ".json": lambda content: content.endswith(b"}\n"),
            ".md": lambda content: content.endswith(b"\n"),
            ".png": lambda content: content.endswith(b"IEND\xaeB`\x82"),
        }.get(Path(name).suffix)
        if whole is not None and not whole(content):
            faults.append(f"{name} is half a file")
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while time.monotonic() < deadline and any(_is_running(child) for child in children):
        time.sleep(0.05)
    faults += [f"process {child} was left behind" for child in children if _is_running(child)]
    return faults


def _is_running(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def random_kill(rng: random.Random, operations: int) -> Kill:
    kind = rng.choice(
        ("call", "answer", "answer", "download", "operation", "operation", "operation", "time")
    )
    if kind == "operation":
        return Kill(kind, rng.randint(1, operations))
    if kind == "time":
        return Kill(kind, 0, rng.uniform(0.2, 4.0))
    return Kill(kind, rng.randint(1, 4), rng.uniform(0, _AFTER_SECONDS) if kind != "call" else 0.0)


def undisturbed(servers: Watched) -> tuple[dict[str, bytes], int]:
    """Return the posts of an undisturbed night, and how many file operations it takes."""
    with tempfile.TemporaryDirectory() as home:
        exit_code, told = Command(Path(home), servers).finish()
        if exit_code:
            raise AssertionError(f"an undisturbed run ended with {exit_code}: {told}")
        return tree(Path(home) / "posts"), int((Path(home) / "operations").read_text())


def night(servers: Watched, kills: Sequence[Kill], wanted: dict[str, bytes], tally: Tally) -> None:
    """Play one night with kills, and check what it left."""
    servers.forget()
    with tempfile.TemporaryDirectory() as home:
        command = Command(Path(home), servers)
        asked: set[str] = set()
        unkept = 0
        for kill in kills:
            before = len(servers.gemini.calls)
            children = command.killed(kill)
            found = faults_after_kill(command, children)
            mine = servers.bodies(before)
            found += _repeats(mine, asked, unkept)
            asked |= set(mine)
            # What earlier kills cut short may still be to be asked for, behind what this process
            # began with.
            lost_before, unkept = unkept, len(asked) - command.kept()
            if not 0 <= unkept <= lost_before + CONCURRENCY:
                found.append(f"{unkept} calls were made and not kept, {lost_before} of them before")
            tally.kills += 1
            tally.faults += [f"after {kill}: {fault}" for fault in found]
        before = len(servers.gemini.calls)
        exit_code, told = command.finish()
        found = _repeats(servers.bodies(before), asked, unkept) + _faults_of_night(command, wanted)
        if exit_code:
            found.append(f"the last run ended with {exit_code}: {told}")
        tally.nights += 1
        tally.calls += len(servers.gemini.calls)
        tally.answers += len(set(servers.bodies(0)))
        tally.faults += [f"{', '.join(map(str, kills))}: {fault}" for fault in found]


def _repeats(mine: Sequence[str], asked: set[str], unkept: int) -> list[str]:
    """Report calls that one process made twice, and repeated ones whose answers were kept."""
    repeated = len(mine) - len(set(mine) - asked)
    return [f"{repeated} calls were repeated, {unkept} were not kept"] if repeated > unkept else []


def _faults_of_night(command: Command, wanted: dict[str, bytes]) -> list[str]:
    faults = []
    posts = tree(command.home / "posts")
    if posts != wanted:
        differing = [
            name for name in posts.keys() | wanted.keys() if posts.get(name) != wanted.get(name)
        ]
        faults.append(f"the posts differ: {sorted(differing)}")
    faults += [f"{path} is left" for path in command.home.rglob("*.part")]
    papers = len(command.servers.arxiv.papers)
    published = count_rows(
        command.database, "SELECT count(*) FROM outcomes WHERE status = 'published'"
    )
    if (
        published != papers
        or count_rows(command.database, "SELECT count(*) FROM outcomes") != papers
    ):
        faults.append(f"{published} of {papers} papers are published")
    if count_rows(command.database, "SELECT count(*) FROM posts WHERE pending"):
        faults.append("a post is pending")
    return faults


def campaign(
    kills: int, seed: int, kills_a_night: int, say: Callable[[str], None] = lambda line: None
) -> Tally:
    """Kill at instants that the seed chooses, as often as `kills` says."""
    rng = random.Random(seed)
    tally = Tally()
    with Watched() as servers:
        wanted, operations = undisturbed(servers)
        while tally.kills < kills:
            count = min(kills_a_night, kills - tally.kills)
            night(servers, [random_kill(rng, operations) for _ in range(count)], wanted, tally)
            say(
                f"{tally.kills} kills, {tally.nights} nights, {len(tally.faults)} faults "
                f"{tally.faults[-1:] or ''}"
            )
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills-a-night", type=int, default=5)
    options = parser.parse_args(arguments)
    tally = campaign(
        options.kills,
        options.seed,
        options.kills_a_night,
        lambda line: print(line, file=sys.stderr, flush=True),
    )
    print(
        f"kills {tally.kills}, nights {tally.nights}, model calls {tally.calls} for "
        f"{tally.answers} answers; faults {len(tally.faults)}"
    )
    print("\n".join(tally.faults))
    return bool(tally.faults)


if __name__ == "__main__":
    raise SystemExit(main())
