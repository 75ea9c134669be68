"""Kills around batches: `python -m tests.benchmarks.batch_kills --kills 40 --seed 1`.

`chatpaper run` with `llm.batch = "always"`, a real process against servers that play arXiv and
Gemini, is killed with SIGKILL when the service has received a file, a batch, a look-up or a
download, before or after it dealt with it, or at a random file operation of its own. Then the same
command is started again, some minutes later by its own clock, and killed again, until it is let
through. In the end no request was accepted twice by the service (paid twice), each was booked once,
and all papers stand in posts that are, byte for byte, those of undisturbed nights (none is lost).
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.benchmarks.kill_campaign import (
    LATENCY_SECONDS,
    NIGHT,
    Command,
    Kill,
    Tally,
    Watched,
    count_rows,
    tree,
)
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply, Request

# Runs the command at a time of its own, and kills it before its n-th operation on files; without
# n, says how many there were. Batches go as files where the environment says so.
_COUNTED = """
import os, signal, sys, time
from datetime import datetime, timedelta
from pathlib import Path
begin, kill_at, meter = datetime.fromisoformat(sys.argv.pop()), int(sys.argv.pop()), sys.argv.pop()
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
from chatpaper.backends.batches import gemini
from chatpaper.cli import main
from chatpaper.domain.clock import Clock
if os.environ.get("AS_FILES"):
    gemini.MAX_INLINE_REQUESTS = 0
started = time.monotonic()
try:
    main(Clock(now=lambda: begin + timedelta(seconds=time.monotonic() - started)))
finally:
    Path(meter).write_text(str(seen))
"""
# From the answer on its way to the commit of what came of it.
_AFTER_SECONDS = 0.12
# Shorter and longer than it takes until a batch that did not arrive is sent again.
_PAUSES = (timedelta(minutes=1), timedelta(minutes=11))
# One to send, one to collect, and as many where a batch has to be awaited first.
_MOST_RUNS = 6
_KINDS = {
    ":batchGenerateContent": "create",
    "/upload/": "upload",
    ":download": "download",
    "/batches": "look",
}


class WatchedBatches(Watched):
    """Servers that tell of what is done with batches, before and after it is done."""

    def make_gemini(self) -> FakeGemini:
        """Return a Gemini that tells of batches."""

        class Gemini(FakeGemini):
            def reply(inner, request: Request) -> Reply:  # noqa: N805
                kind = next((kind for part, kind in _KINDS.items() if part in request.path), "")
                if kind:
                    self.on_event(f"before {kind}")
                    time.sleep(LATENCY_SECONDS)
                reply = super().reply(request)
                if kind:
                    self.on_event(f"after {kind}")
                return replace(reply, pause_seconds=LATENCY_SECONDS / 2) if kind else reply

        return Gemini()


@dataclass
class BatchCommand(Command):
    """`chatpaper run` in batches, each start some minutes after the last."""

    now: datetime = NIGHT
    as_files: bool = False

    def start(self, kill_at_operation: int = 0) -> "subprocess.Popen[bytes]":
        environment = self.environment() | {"CHATPAPER_LLM__BATCH": "always"}
        if self.as_files:
            environment["AS_FILES"] = "1"
        command = ["run", "--topic", "Diffusion Models", "--date", f"{NIGHT:%Y-%m-%d}", "-q"]
        place = [str(self.home / "operations"), str(kill_at_operation), self.now.isoformat()]
        return subprocess.Popen(
            [sys.executable, "-c", _COUNTED, *command, *place],
            cwd=self.home,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def finish_all(self) -> tuple[int, str]:
        """Run until nothing waits for a batch, and return the last exit code and output."""
        for _ in range(_MOST_RUNS):
            exit_code, told = self.finish()
            self.now += _PAUSES[-1]
            if exit_code != 7:
                break
        return exit_code, told


def undisturbed_nights(servers: Watched) -> tuple[dict[str, bytes], int]:
    """Return the posts of undisturbed nights, and how many file operations the last run takes."""
    with tempfile.TemporaryDirectory() as home:
        command = BatchCommand(Path(home), servers)
        exit_code, told = command.finish_all()
        if exit_code:
            raise AssertionError(f"undisturbed runs ended with {exit_code}: {told}")
        return tree(Path(home) / "posts"), int((Path(home) / "operations").read_text())


def play_nights(
    servers: Watched, kills: Sequence[Kill], rng: random.Random, wanted: dict[str, bytes] | None
) -> list[str]:
    """Play nights with kills, and return what is wrong with what they left.

    Without `wanted` posts it is enough that there are some.
    """
    servers.forget()
    service = servers.gemini.batch_service
    service.batches.clear()
    with tempfile.TemporaryDirectory() as home:
        command = BatchCommand(Path(home), servers, as_files=rng.random() < 0.5)
        for kill in kills:
            command.killed(kill)
            command.now += rng.choice(_PAUSES)
        exit_code, told = command.finish_all()
        faults = [f"the last run ended with {exit_code}: {told}"] if exit_code else []
        twice = [key for key, times in Counter(service.sent).items() if times > 1]
        faults += [f"{len(twice)} requests were paid twice"] if twice else []
        booked = count_rows(command.database, "SELECT count(*) FROM calls")
        if booked != len(set(service.sent)):
            faults.append(f"{booked} answers are booked of {len(set(service.sent))} requests")
        papers = len(servers.arxiv.papers)
        published = count_rows(
            command.database, "SELECT count(*) FROM outcomes WHERE status = 'published'"
        )
        if published != papers:
            faults.append(f"{papers - published} of {papers} papers are lost")
        if count_rows(command.database, "SELECT count(*) FROM batch_requests"):
            faults.append("requests are left in the database")
        posts = tree(command.home / "posts")
        if posts != (posts if wanted is None else wanted) or not posts:
            faults.append("the posts differ")
        faults += [f"{path} is left" for path in command.home.rglob("*.part")]
    return [f"{', '.join(map(str, kills))}: {fault}" for fault in faults]


def choose_kill(rng: random.Random, operations: int) -> Kill:
    """Choose an instant around a batch, or a file operation."""
    when, what = rng.choice(("before", "after")), rng.choice(("create", "create", "look", "upload"))
    if rng.random() < 0.3:
        return Kill("operation", rng.randint(1, operations))
    return Kill(f"{when} {what}", 1, rng.uniform(0, _AFTER_SECONDS))


def run_campaign(
    kills: int, seed: int, kills_a_night: int, say: Callable[[str], None] = lambda line: None
) -> Tally:
    """Kill at instants that the seed chooses, as often as `kills` says."""
    rng = random.Random(seed)
    tally = Tally()
    with WatchedBatches() as servers:
        wanted, operations = undisturbed_nights(servers)
        while tally.kills < kills:
            chosen = [
                choose_kill(rng, operations) for _ in range(min(kills_a_night, kills - tally.kills))
            ]
            tally.faults += play_nights(servers, chosen, rng, wanted)
            tally.kills += len(chosen)
            tally.nights += 1
            say(f"{tally.kills} kills, {tally.nights} nights: {tally.faults[-1:] or 'no fault'}")
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills-a-night", type=int, default=3)
    options = parser.parse_args(arguments)
    tally = run_campaign(
        options.kills,
        options.seed,
        options.kills_a_night,
        lambda line: print(line, file=sys.stderr, flush=True),
    )
    print(f"{tally.kills} kills in {tally.nights} nights; lost, paid twice or wrong: ", end="")
    print(len(tally.faults), *tally.faults, sep="\n")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
