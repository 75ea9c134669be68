"""Measure how right and how fast papers are read.

Run `python -m tests.benchmarks.benchmark_extraction [FOLDER] [--peer]`. FOLDER holds `pdf/` and
`truth/`; without it, the example library is read. All runs one after the other on one core:

- bare limit: open, `get_text("dict")` and `get_cdrawings()`, which no reader can avoid
- limit: the same, and the true figures and tables rendered at 150 dpi and encoded
- boxes: text, sections and the boxes of figures, without images
- whole: the same with all crops written
- pymupdf4llm: the layout network that comes with the library, with `--peer`, since it takes
  long; papers that it does not finish in time are counted with the time they were given

Peak memory is that of a process of its own which reads the paper whole.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pymupdf

from chatpaper.extract.document import read_document
from chatpaper.extract.serialization import document_to_json
from tests.benchmarks.scoring import Score, score_captions, score_floats, score_headings

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
LIMIT_DPI = 150
# Longer than the peer takes for nearly all papers; on one of eight pages it was not done in seven
# minutes.
PEER_SECONDS = 120.0
MEASURES: Mapping[str, Callable[[Any, Any], Score]] = {
    "headings": score_headings,
    "figures": lambda truth, read: score_floats(truth, read, "figure"),
    "tables": lambda truth, read: score_floats(truth, read, "table"),
    "captions": score_captions,
}


@dataclass(frozen=True)
class Timing:
    """Processor seconds that one way of reading took for a paper."""

    way: str
    pages: int
    seconds: float


def papers(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield PDFs and their truths."""
    pdfs = folder / "pdf" if (folder / "pdf").is_dir() else folder
    for truth in sorted((folder / "truth").glob("*.json")):
        yield pdfs / f"{truth.stem}.pdf", truth


def read_limit(path: Path, crops: Sequence[Mapping[str, Any]]) -> None:
    """Do what no reader on this library can avoid, and render the boxes of `crops`, by page."""
    with pymupdf.open(path) as pdf:
        for page in pdf:
            page.get_text("dict")
            page.get_cdrawings()
        for crop in crops:
            page = pdf[crop["page"] - 1]
            page.get_pixmap(dpi=LIMIT_DPI, clip=pymupdf.Rect(*crop["bbox"])).tobytes("png")


def read_peer(path: Path) -> None:
    """Run the peer in a process of its own, which is ended after a while."""
    code = "import sys, pymupdf4llm; pymupdf4llm.to_json(sys.argv[1])"
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [sys.executable, "-c", code, path],
            capture_output=True,
            timeout=PEER_SECONDS,
            check=True,
        )


def timed(way: str, pages: int, read: Callable[[], object]) -> Timing:
    """Measure processor time, that of ended child processes included."""
    before = os.times()
    read()
    after = os.times()
    return Timing(way, pages, sum(after[:4]) - sum(before[:4]))


def peak_megabytes(path: Path, folder: Path) -> float:
    """Measure the peak resident memory of a process that reads a paper."""
    code = (
        "import resource, sys; from pathlib import Path; "
        "from chatpaper.extract.document import read_document;"
        "read_document(Path(sys.argv[1]), Path(sys.argv[2]));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path, folder], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def benchmark(folder: Path, *, peer: bool) -> tuple[dict[str, Score], list[Timing], float]:
    """Return the total scores, the times of each paper, and the most memory that one took."""
    scores = {name: Score() for name in MEASURES}
    timings: list[Timing] = []
    most_megabytes = 0.0
    with tempfile.TemporaryDirectory() as images:
        for path, truth_path in papers(folder):
            with pymupdf.open(path) as pdf:
                pages = pdf.page_count
            truth = json.loads(truth_path.read_text())
            crops = (*truth["figures"], *truth["tables"])
            ways: dict[str, Callable[[], object]] = {
                "whole": partial(read_document, path, Path(images) / path.stem),
                "boxes": partial(read_document, path, None),
                "limit": partial(read_limit, path, crops),
                "bare limit": partial(read_limit, path, ()),
            }
            if peer:
                ways["pymupdf4llm"] = partial(read_peer, path)
            timings += [timed(way, pages, read) for way, read in ways.items()]
            most_megabytes = max(most_megabytes, peak_megabytes(path, Path(images) / path.stem))
            read = document_to_json(read_document(path, Path(images) / path.stem), "").to_json()
            for name, measure in MEASURES.items():
                scores[name] += measure(truth, read)
            print(path.stem, file=sys.stderr, flush=True)
    return scores, timings, most_megabytes


def table(
    scores: Mapping[str, Score], timings: Sequence[Timing], megabytes: float
) -> Iterator[str]:
    """Format the results as lines to print."""
    yield f"{'':12} {'true':>6} {'found':>6} {'extra':>6} {'F1':>7}"
    for name, score in scores.items():
        yield f"{name:12} {score.true:6} {score.found:6} {score.extra:6} {score.f1:7.3f}"
    yield ""
    limit = sum(timing.seconds for timing in timings if timing.way == "limit")
    yield f"{'':12} {'pages':>6} {'ms/page':>9} {'x limit':>8}"
    for way in dict.fromkeys(timing.way for timing in timings):
        mine = [timing for timing in timings if timing.way == way]
        pages, seconds = (
            sum(timing.pages for timing in mine),
            sum(timing.seconds for timing in mine),
        )
        yield f"{way:12} {pages:6} {1000 * seconds / pages:9.1f} {seconds / limit:8.2f}"
    yield ""
    yield f"peak memory of one paper: {megabytes:.0f} MB"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=LIBRARY)
    parser.add_argument(
        "--peer", action="store_true", help="read with pymupdf4llm too, which takes long"
    )
    options = parser.parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    scores, timings, megabytes = benchmark(options.folder, peer=options.peer)
    print("\n".join(table(scores, timings, megabytes)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
