"""A backfill of 2,000 papers on one machine, and on a Ray cluster that loses one of two nodes.

`python -m tests.benchmarks.benchmark_backfill` gives the example papers on diffusion other ids,
days, abstracts and bytes, a shard for each of twenty months, and puts poison in the place of three
PDFs: one breaks off, one takes too much memory, one never ends. A fake Gemini answers. The backfill
runs on `local` with two readers, then on a cluster of two nodes of one core each, one of which is
killed when half of the shards are read. Printed are wall and processor time of each, what was set
aside and why, and what the lost node had read for nothing. Ends with 0 if data set and posts are
the same byte for byte, the poison alone is set aside, and no model was asked twice.

Needs Linux and the extra `ray`. `--papers 60` tries it in a few minutes.
"""

import argparse
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_snapshot import SnapshotPaper, make_papers, write_pdfs, write_snapshot
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.poison import write_poison
from tests.fakes.services import name_services

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
TOPIC = "Diffusion Models"
PAPERS = 2_000
MONTHS = 20
HOURS_A_MONTH = 730
READERS = 2
# A PDF that never ends costs so many seconds; others have to be read in them on a busy machine too.
TIMEOUT_SECONDS = 60
# The poison takes more of memory, no paper does.
MEMORY_MEGABYTES = 400
_SET_CHILD_SUBREAPER = 36
_ENDING_SECONDS = 60.0
_SAMPLE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Cost:
    """What a backfill took: wall and processor time in seconds, of all processes that it began.

    `load` is how many processes wanted to run at a time in its last quarter of an hour, others'
    too: wall times of different loads cannot be compared.
    """

    wall: float
    processor: float
    load: float


@dataclass(frozen=True, slots=True)
class Backfill:
    """How a backfill ended: its report, its files, the calls of the model, and its cost."""

    report: Mapping[str, Any]
    data_set: Mapping[str, bytes]
    posts: Mapping[str, bytes]
    calls: int
    cost: Cost


@dataclass(frozen=True, slots=True)
class Loss:
    """When the node was killed, and the papers that its reader had read by then, for nothing."""

    shards_before: int
    papers: tuple[str, ...]


def write_papers(folder: Path, count: int) -> tuple[list[SnapshotPaper], list[str]]:
    """Write snapshot and PDFs; return the papers and the ids of those that are poison."""
    # Papers of one text would be asked about once, and PDFs of the same bytes read once.
    papers = [
        replace(each, abstract=f"{each.abstract} This is version {number} of the study.")
        for number, each in enumerate(
            make_papers(LIBRARY, count, max(1, MONTHS * HOURS_A_MONTH // count)), 1
        )
    ]
    write_snapshot(folder / "snapshot.json", papers)
    pdfs = write_pdfs(folder / "pdfs", papers)
    for paper in papers:
        path = pdfs / paper.arxiv_id[:4] / f"{paper.arxiv_id}v{paper.version}.pdf"
        path.write_bytes(path.read_bytes() + f"\n% {paper.arxiv_id}\n".encode())
    return papers, write_poison(pdfs, papers)


def run_backfill(folder: Path, name: str, *more: str) -> Backfill:
    """Run a backfill into folders of its own."""
    home = folder / name
    home.mkdir()
    began = time.monotonic()
    with (
        _Meter() as meter,
        FakeArxiv([]) as arxiv,
        FakeGemini() as gemini,
        (home / "errors").open("w+") as errors,
    ):
        done = subprocess.run(
            [
                *(sys.executable, "-m", "chatpaper", "backfill", "--topic", TOPIC),
                *("--since", "2021", "--metadata", str(folder / "snapshot.json")),
                *("--pdfs", f"file://{folder}/pdfs", "--dataset", str(home / "data")),
                *("--yes", "--json", *more),
            ],
            env={
                **_keep_surroundings(),
                **name_services(arxiv, gemini),
                "HOME": str(home),
                "CHATPAPER_STATE_DIR": str(home / "state"),
                "CHATPAPER_CACHE_DIR": str(home / "cache"),
                "CHATPAPER_OUTPUT_DIR": str(home / "posts"),
                "CHATPAPER_EXTRACT__WORKERS": str(READERS),
                "CHATPAPER_EXTRACT__TIMEOUT_SECONDS": str(TIMEOUT_SECONDS),
                "CHATPAPER_EXTRACT__MEMORY_MEGABYTES": str(MEMORY_MEGABYTES),
                "GEMINI_API_KEY": VALID_KEY,
            },
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            check=False,
        )
        wall = time.monotonic() - began
        if done.returncode != 3:
            errors.seek(0)
            raise SystemExit(f"{name} ended with {done.returncode}: {errors.read()[-2000:]}")
    return Backfill(
        json.loads(done.stdout),
        _read_tree(home / "data"),
        _read_tree(home / "posts"),
        len(gemini.calls),
        Cost(wall, meter.seconds, os.getloadavg()[2]),
    )


def run_on_cluster(folder: Path) -> tuple[Backfill, Loss]:
    """Run a backfill on two nodes, and kill one of them half-way."""
    scratch = folder / "scratch"
    scratch.mkdir()
    store, losses = folder / "shards", list[int]()
    with _starting_cluster(scratch) as (cluster, second):
        killer = threading.Thread(target=_kill_half_way, args=(cluster, second, store, losses))
        killer.start()
        address = ("--ray-address", cluster.address, "--shards", str(store))
        backfill = run_backfill(folder, "ray", "--engine", "ray", *address)
        killer.join()
    _await_ends()
    read = sorted(path.stem for path in scratch.glob("chatpaper-pdfs-*/pdf/*.pdf"))
    return backfill, Loss(losses[0], tuple(read))


@contextmanager
def _starting_cluster(scratch: Path) -> Iterator[tuple[Any, Any]]:
    """Start a cluster of two nodes whose workers have their temporary files in a folder."""
    # Workers that end remove their copies of PDFs: those of the lost node are what stays there.
    changed = {
        "RAY_TMPDIR": tempfile.gettempdir(),
        "TMPDIR": str(scratch),
        "RAY_AUTH_MODE": "disabled",
    }
    saved = {name: os.environ.get(name) for name in changed}
    os.environ |= changed
    cluster: Any = None
    try:
        utilities: Any = import_module("ray.cluster_utils")
        cluster = utilities.Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
        yield cluster, cluster.add_node(num_cpus=1)
    finally:
        if cluster is not None:
            cluster.shutdown()
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _kill_half_way(cluster: Any, node: Any, store: Path, losses: list[int]) -> None:
    """Kill a node when half of the planned shards are read; note how many those are."""
    while True:
        planned = len(list(store.glob("*/plan/*.json")))
        read = len(list(store.glob("*/read/*.parquet")))
        if planned and 2 * read >= planned:
            break
        time.sleep(0.1)
    cluster.remove_node(node, allow_graceful=False)
    losses.append(read)


class _Meter:
    """Sums up the processor time of all processes below this one, from samples.

    Raylets ignore the ends of their workers, whose time their parents never learn: each process is
    looked at while it lives, and what it takes after its last sample is lost.
    """

    def __init__(self) -> None:
        self._seconds: dict[tuple[int, str], float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample_on, daemon=True)

    def __enter__(self) -> "_Meter":
        # Processes that lose their parent become children of this one, and stay below it.
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 0)

    @property
    def seconds(self) -> float:
        """The processor time so far."""
        return sum(self._seconds.values())

    def _sample_on(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self._sample()

    def _sample(self) -> None:
        ticks = os.sysconf("SC_CLK_TCK")
        found: dict[int, tuple[int, str, float]] = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                # Behind the name in brackets: state, parent, …, user and system time, …, start.
                values = path.read_text().rpartition(")")[2].split()
                used = (int(values[11]) + int(values[12])) / ticks
                found[int(path.parent.name)] = (int(values[1]), values[19], used)
        below = {os.getpid()}
        while more := {pid for pid, each in found.items() if each[0] in below} - below:
            below |= more
        for pid in below - {os.getpid()}:
            _, start, used = found[pid]
            self._seconds[pid, start] = used


def _await_ends() -> None:
    """Wait for the ends of all children, adopted ones too."""
    until = time.monotonic() + _ENDING_SECONDS
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.1)
        except ChildProcessError:
            return
    print("some processes of the cluster have not ended", file=sys.stderr)


def _keep_surroundings() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CHATPAPER", "GEMINI", "GOOGLE", "OPENAI"))
    }


def _read_tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _find_differences(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def find_faults(local: Backfill, ray: Backfill, papers: int, poison: Sequence[str]) -> list[str]:
    """List what does not hold of the two backfills."""
    faults = {
        f"{what} differ: {', '.join(_find_differences(one, other)[:5])}": one != other
        for what, one, other in (
            ("the data sets", local.data_set, ray.data_set),
            ("the posts", local.posts, ray.posts),
        )
    }
    for name, each in (("local", local), ("ray", ray)):
        aside = [paper["arxiv_id"] for paper in each.report["set_aside"]]
        published = each.report["published_now"]
        faults |= {
            f"{name} set aside {aside}": aside != list(poison),
            f"{name} published {published} papers": published != papers - len(poison),
            f"{name} asked {each.calls} times": each.calls != published,
        }
    return [says for says, is_so in faults.items() if is_so]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--papers", type=int, default=PAPERS)
    parser.add_argument("--folder", type=Path, help="an empty folder where all of it stays")
    options = parser.parse_args(arguments)
    kept = nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory()
    with kept as name:
        folder = Path(name).absolute()
        folder.mkdir(exist_ok=True)
        papers, poison = write_papers(folder, options.papers)
        local = run_backfill(folder, "local")
        ray, loss = run_on_cluster(folder)
    months = len(local.report["months"])
    print(f"{len(papers)} papers, {months} shards\n")
    print("| engine | wall s | load | CPU s | published | set aside | calls |\n" + "|---" * 7 + "|")
    for engine, each in ((f"local, {READERS} readers", local), ("ray, 2 nodes, then 1", ray)):
        print(
            f"| {engine} | {each.cost.wall:.0f} | {each.cost.load:.1f} | "
            f"{each.cost.processor:.0f} | "
            f"{each.report['published_now']} | {len(each.report['set_aside'])} | {each.calls} |"
        )
    print(
        f"\nRay to local: wall time {ray.cost.wall / local.cost.wall:.2f}, "
        f"processor time {ray.cost.processor / local.cost.processor:.2f}\n"
        f"A node was killed when {loss.shards_before} of {months} shards were read; "
        f"read again: {len(loss.papers)} papers"
    )
    for paper in ray.report["set_aside"]:
        print(f"{paper['arxiv_id']}: {paper['reason']}")
    size = sum(map(len, local.data_set.values())) / 1e6
    print(f"data set: {len(local.data_set)} files, {size:.1f} MB; posts: {len(local.posts)} files")
    faults = find_faults(local, ray, len(papers), poison)
    print("\n".join(faults) or "the same byte for byte")
    return bool(faults)


if __name__ == "__main__":
    raise SystemExit(main())
