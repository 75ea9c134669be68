"""Make papers with their truth.

`python -m tests.benchmarks.generated.make --seed 1 --count 300 --out FOLDER [--jobs 2]`

FOLDER then has `pdf/` and `truth/`, as `benchmark_extraction` reads them. The same seed makes the
same papers. Papers that LaTeX refuses are named at the end, and the exit code is 1. Needs Debian's
texlive-latex-extra, -publishers, -science, -humanities, -fonts-extra, -lang-chinese and
-lang-japanese.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from tests.benchmarks.generated import small_headings
from tests.benchmarks.generated.compiling import TypesettingError, has_tex_live, typeset
from tests.benchmarks.generated.document import write_paper
from tests.benchmarks.generated.truth import MissingMarkError, make_truth, read_marks
from tests.benchmarks.generated.variation import DocumentClass, load_classes


def choose_classes(seed: int, count: int, *, judging: bool, names: Sequence[str]) -> list[str]:
    """Choose the class of each paper: all equally often, in random order.

    Classes of the judging set are used there only; it has those of the field as well.
    """
    classes = load_classes()
    wanted = list(names) or [
        name for name, each in classes.items() if judging or not each.in_judging_set
    ]
    random = Random(f"{seed} classes")
    chosen: list[str] = []
    while len(chosen) < count:
        random.shuffle(wanted)
        chosen += wanted
    return chosen[:count]


def make_paper(
    seed: int,
    number: int,
    class_name: str,
    folder: Path,
    *,
    compact: bool = False,
    small_headings: bool = False,
) -> str:
    """Make one paper; return what went wrong, or nothing."""
    document_class = load_classes()[class_name]
    if compact and document_class.engine == "pdflatex":
        document_class = write_compactly(document_class)
    stem = f"{seed:03}-{number:03}-{class_name}"
    random = Random(stem)
    with tempfile.TemporaryDirectory() as work:
        latex, plan = write_paper(
            stem, document_class, random, Path(work), small_headings=small_headings
        )
        try:
            pdf = typeset(latex, stem, document_class.engine, Path(work))
            truth = make_truth(plan, read_marks(pdf.with_suffix(".truth")), pdf)
        except (TypesettingError, MissingMarkError) as error:
            shutil.copyfile(Path(work) / f"{stem}.tex", folder / f"{stem}.tex")
            return str(error)
        shutil.copyfile(pdf, folder / "pdf" / pdf.name)
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (folder / "truth" / f"{stem}.json").write_text(text + "\n", "utf-8")
    return ""


def write_compactly(document_class: DocumentClass) -> DocumentClass:
    """Have papers typeset by another driver, which embeds fonts in a third of the space."""
    options = (",".join(filter(None, (each, "dvipdfmx"))) for each in document_class.options)
    return replace(document_class, engine="uplatex", options=tuple(options))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "--judging", action="store_true", help="use also the classes that no rule was made on"
    )
    parser.add_argument(
        "--compact", action="store_true", help="make small files, to be kept as fixtures"
    )
    parser.add_argument(
        "--small-headings",
        action="store_true",
        help="set headings in about the body's size, in classes of the field that allow it",
    )
    parser.add_argument("--class", dest="classes", action="append", default=[])
    options = parser.parse_args(arguments)
    if not has_tex_live():
        print("TeX Live is not installed.", file=sys.stderr)
        return 2
    for name in ("pdf", "truth"):
        (options.out / name).mkdir(parents=True, exist_ok=True)
    names = options.classes or (small_headings.CLASSES if options.small_headings else ())
    chosen = choose_classes(options.seed, options.count, judging=options.judging, names=names)
    make = partial(
        make_paper,
        options.seed,
        folder=options.out,
        compact=options.compact,
        small_headings=options.small_headings,
    )
    papers = list(enumerate(chosen, start=1))
    if options.jobs == 1:
        told = [make(number, name) for number, name in papers]
    else:
        with ProcessPoolExecutor(options.jobs) as pool:
            making = [pool.submit(make, number, name) for number, name in papers]
            told = [done.result() for done in as_completed(making)]
    faults = [fault for fault in told if fault]
    for fault in sorted(faults):
        print(fault, file=sys.stderr)
    print(f"{len(chosen) - len(faults)} papers made, {len(faults)} refused")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
