"""How well the stages of a run overlap, and what a paper costs us.

`python -m tests.benchmarks.benchmark_pipeline` starts `chatpaper run` as a process of its own
against servers that play arXiv and Gemini. The papers are those of the example library over and
over under other ids; each PDF bears its id in a comment after its end, so that none is read from
the cache in place of another. Three questions, each of which may be asked alone:

- pace: 60 papers, once with a slow arXiv and once with a slow model; the limit is the greater of
  papers x delay and of the model's time / concurrency, which no order of the work can beat
- memory: parent and children together, of 60 papers and of 600; the curve shows it over the course
  of the run
- processor: our own time for each additional paper, all that the parent does, from the same two
  nights as memory; what the start of a night takes is reported separately, and reading PDFs is the
  children's

Ends with 0 where the bounds below hold.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_papers import library_papers, repeated
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.loopback import Reply, Request

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
NIGHT = datetime(2026, 11, 22, tzinfo=UTC)
# The last announcement before that Sunday.
ANNOUNCED = date(2026, 11, 20)

MOST_OF_LIMIT = 1.10
MOST_OF_MEMORY = 1.20
MOST_CPU_MILLISECONDS = 60.0

# arXiv's own delay; a model whose answers take as long as those of a Flash model on a whole paper.
ARXIV_BOUND = {"delay_seconds": 3.0, "latency_seconds": 8.0}
MODEL_BOUND = {"delay_seconds": 1.0, "latency_seconds": 10.0}
AT_ONCE = {"delay_seconds": 0.0, "latency_seconds": 0.0}
CONCURRENCY = 4
_SAMPLE_SECONDS = 0.1
_CURVE_POINTS = 10
_BYTES_A_PAGE = os.sysconf("SC_PAGE_SIZE")

# Ends like the command itself, and leaves behind what processor time the process and its children
# took.
_METERED = """
import atexit, json, os, sys
from pathlib import Path
meter = Path(sys.argv.pop())
atexit.register(lambda: meter.write_text(json.dumps(list(os.times()))))
from chatpaper.cli import main
main()
"""


class SlowGemini(FakeGemini):
    """Takes its time for every answer, and counts how many it writes at once."""

    def __init__(self, latency_seconds: float) -> None:
        super().__init__()
        self._latency_seconds = latency_seconds

    def reply(self, request: Request) -> Reply:
        reply = super().reply(request)
        return (
            replace(reply, pause_seconds=self._latency_seconds) if self.is_call(request) else reply
        )


@dataclass(frozen=True)
class Night:
    """What one run took.

    `curve` is the memory in bytes at equal steps of the papers that were downloaded.
    """

    papers: int
    calls: int
    seconds: float
    limit_seconds: float
    cpu_seconds: float
    reader_cpu_seconds: float
    peak_bytes: int
    curve: tuple[int, ...]

    @property
    def ratio(self) -> float:
        return self.seconds / self.limit_seconds if self.limit_seconds else float("nan")

    @property
    def cpu_milliseconds(self) -> float:
        """Our own, of one paper."""
        return 1000 * self.cpu_seconds / self.papers


def resident_bytes(process_id: int) -> int:
    """Return the resident memory of a process and all its descendants."""
    total = 0
    waiting = [process_id]
    while waiting:
        one = waiting.pop()
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * _BYTES_A_PAGE
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, IndexError):
            continue
    return total


def night(count: int, *, delay_seconds: float, latency_seconds: float) -> Night:
    """Run one night and measure it from outside."""
    with (
        tempfile.TemporaryDirectory() as home,
        FakeArxiv(repeated(library_papers(LIBRARY), count, NIGHT)) as arxiv,
        SlowGemini(latency_seconds) as gemini,
    ):
        # As on a real night, the papers stand in the feed of the day.
        arxiv.announced = None
        arxiv.announcement_day = ANNOUNCED
        meter = Path(home) / "times.json"
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CHATPAPER", "GEMINI", "GOOGLE"))
        } | {
            "HOME": home,
            "CHATPAPER_STATE_DIR": f"{home}/state",
            "CHATPAPER_CACHE_DIR": f"{home}/cache",
            "CHATPAPER_ARXIV__API_URL": arxiv.api_url,
            "CHATPAPER_ARXIV__SITE_URL": arxiv.url,
            "CHATPAPER_ARXIV__RSS_URL": arxiv.url,
            "CHATPAPER_ARXIV__OAI_URL": arxiv.oai_url,
            "CHATPAPER_ARXIV__DELAY_SECONDS": str(delay_seconds),
            "CHATPAPER_LLM__BASE_URL": gemini.url,
            "CHATPAPER_LLM__CONCURRENCY": str(CONCURRENCY),
            "CHATPAPER_LLM__VERIFY": "never",
            "GEMINI_API_KEY": VALID_KEY,
        }
        command = [
            "run",
            "--topic",
            "Diffusion Models",
            "--date",
            "2026-11-22",
            "--max-papers",
            str(count),
        ]
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-c", _METERED, *command, "--output", f"{home}/posts", str(meter)],
            env=environment,
            cwd=home,
            stdout=subprocess.DEVNULL,
        )
        samples: list[tuple[int, int]] = []
        while process.poll() is None:
            samples.append((len(gemini.calls), resident_bytes(process.pid)))
            time.sleep(_SAMPLE_SECONDS)
        seconds = time.monotonic() - began
        if process.returncode != 0:
            raise SystemExit(f"the run ended with {process.returncode}")
        user, system, child_user, child_system, _ = json.loads(meter.read_text())
        calls = len(gemini.calls)
        return Night(
            papers=count,
            calls=calls,
            seconds=seconds,
            limit_seconds=max(count * delay_seconds, calls * latency_seconds / CONCURRENCY),
            cpu_seconds=user + system,
            reader_cpu_seconds=child_user + child_system,
            peak_bytes=max(resident for _, resident in samples),
            curve=_curve(samples, calls),
        )


def _curve(samples: Sequence[tuple[int, int]], calls: int) -> tuple[int, ...]:
    """Return the most memory in each tenth of the calls."""
    return tuple(
        max(
            (
                resident
                for at, resident in samples
                if first <= at * _CURVE_POINTS / calls <= first + 1
            ),
            default=0,
        )
        for first in range(_CURVE_POINTS)
    )


def _line(name: str, done: Night) -> str:
    return (
        f"{name:12} {done.papers:6} {done.calls:6} {done.seconds:8.1f} {done.limit_seconds:8.1f} "
        f"{done.ratio:6.3f} {done.cpu_milliseconds:8.1f} "
        f"{1000 * done.reader_cpu_seconds / done.papers:8.1f} {done.peak_bytes / 1e6:8.0f}   load "
        f"{os.getloadavg()[0]:.1f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("questions", nargs="*", default=["pace", "memory"], metavar="pace|memory")
    parser.add_argument("--papers", type=int, default=60)
    parser.add_argument("--many", type=int, default=600)
    options = parser.parse_args(arguments)
    broken: list[str] = []
    print(
        f"{'':12} {'papers':>6} {'calls':>6} {'seconds':>8} {'limit':>8} {'ratio':>6} "
        f"{'ms/paper':>8} {'reader':>8} {'MB':>8}",
        flush=True,
    )
    if "pace" in options.questions:
        for name, pace in (("slow arXiv", ARXIV_BOUND), ("slow model", MODEL_BOUND)):
            done = night(options.papers, **pace)
            print(_line(name, done), flush=True)
            if done.ratio > MOST_OF_LIMIT:
                broken.append(f"{name}: {done.ratio:.3f} of the limit, more than {MOST_OF_LIMIT}")
    if "memory" in options.questions:
        few, many = (night(count, **AT_ONCE) for count in (options.papers, options.many))
        for done in (few, many):
            print(_line("at once", done), flush=True)
            print("    curve, MB: " + " ".join(f"{point / 1e6:.0f}" for point in done.curve))
        growth = many.peak_bytes / few.peak_bytes
        print(f"peak of {many.papers} papers / peak of {few.papers}: {growth:.3f}")
        each = (many.cpu_seconds - few.cpu_seconds) / (many.papers - few.papers)
        print(
            f"processor: {1000 * each:.1f} ms a paper, "
            f"{few.cpu_seconds - few.papers * each:.1f} s a night"
        )
        if 1000 * each > MOST_CPU_MILLISECONDS:
            broken.append(f"{1000 * each:.0f} ms a paper, more than {MOST_CPU_MILLISECONDS:.0f}")
        if growth > MOST_OF_MEMORY:
            broken.append(f"memory grows: {growth:.3f}, more than {MOST_OF_MEMORY}")
    print("\n".join(broken))
    return bool(broken)


if __name__ == "__main__":
    raise SystemExit(main())
