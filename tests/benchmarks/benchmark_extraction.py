"""Measure how right and how fast papers are read.

Run `python -m tests.benchmarks.benchmark_extraction [FOLDER] [--peer | --scores]`. FOLDER holds
`pdf/` and `truth/`; without it, the example library is read. Where truths say what varied in the
papers, as those of `tests.benchmarks.generated` do, the kinds that are misread most often are
listed. With `--scores`, times are not taken. Otherwise all runs one after the other on one core:

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
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pymupdf

from chatpaper.extract.document import read_document
from chatpaper.extract.serialization import document_to_json
from tests.benchmarks.faults_by_kind import FaultCounts, has_kinds
from tests.benchmarks.scoring import (
    Score,
    score_abstract,
    score_captions,
    score_floats,
    score_headings,
    score_reading_order,
    score_title,
    score_whole_captions,
)

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
    "to the end": score_whole_captions,
    "titles": score_title,
    "abstracts": score_abstract,
    "text": score_reading_order,
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


@dataclass
class Results:
    """What was found out about all papers."""

    scores: dict[str, Score] = field(default_factory=lambda: dict.fromkeys(MEASURES, Score()))
    faults: FaultCounts = field(default_factory=FaultCounts)
    timings: list[Timing] = field(default_factory=list)
    megabytes: float = 0.0

    def add_scores(self, truth: dict[str, Any], read: dict[str, Any]) -> None:
        """Add what was read right and wrong in one paper."""
        for name, measure in MEASURES.items():
            self.scores[name] += measure(truth, read)
        if has_kinds(truth):
            self.faults.add_paper(truth, read)


def benchmark(folder: Path, *, peer: bool, scores_only: bool = False) -> Results:
    """Read all papers of a folder."""
    results = Results()
    with tempfile.TemporaryDirectory() as images:
        for path, truth_path in papers(folder):
            truth = json.loads(truth_path.read_text())
            if not scores_only:
                _take_times(path, truth, Path(images) / path.stem, results, peer=peer)
            document = read_document(path, Path(images) / path.stem)
            results.add_scores(truth, document_to_json(document, "").to_json())
            print(path.stem, file=sys.stderr, flush=True)
    return results


def _take_times(
    path: Path, truth: Mapping[str, Any], images: Path, results: Results, *, peer: bool
) -> None:
    with pymupdf.open(path) as pdf:
        pages = pdf.page_count
    crops = (*truth["figures"], *truth["tables"])
    ways: dict[str, Callable[[], object]] = {
        "whole": partial(read_document, path, images),
        "boxes": partial(read_document, path, None),
        "limit": partial(read_limit, path, crops),
        "bare limit": partial(read_limit, path, ()),
    }
    if peer:
        ways["pymupdf4llm"] = partial(read_peer, path)
    results.timings += [timed(way, pages, read) for way, read in ways.items()]
    results.megabytes = max(results.megabytes, peak_megabytes(path, images))


def table(results: Results) -> Iterator[str]:
    """Format the results as lines to print."""
    yield f"{'':12} {'true':>6} {'found':>6} {'extra':>6} {'F1':>7}"
    for name, score in results.scores.items():
        if score != Score():
            yield f"{name:12} {score.true:6} {score.found:6} {score.extra:6} {score.f1:7.3f}"
    if results.timings:
        yield ""
        yield from _list_times(results.timings)
        yield ""
        yield f"peak memory of one paper: {results.megabytes:.0f} MB"
    if results.faults.true:
        yield ""
        yield from results.faults.list_worst()


def _list_times(timings: Sequence[Timing]) -> Iterator[str]:
    yield f"{'':12} {'pages':>6} {'ms/page':>9} {'x limit':>8}"
    limit = sum(timing.seconds for timing in timings if timing.way == "limit")
    for way in dict.fromkeys(timing.way for timing in timings):
        mine = [timing for timing in timings if timing.way == way]
        pages, seconds = (
            sum(timing.pages for timing in mine),
            sum(timing.seconds for timing in mine),
        )
        yield f"{way:12} {pages:6} {1000 * seconds / pages:9.1f} {seconds / limit:8.2f}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=LIBRARY)
    parser.add_argument(
        "--peer", action="store_true", help="read with pymupdf4llm too, which takes long"
    )
    parser.add_argument("--scores", action="store_true", help="do not take times")
    options = parser.parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    results = benchmark(options.folder, peer=options.peer, scores_only=options.scores)
    print("\n".join(table(results)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
