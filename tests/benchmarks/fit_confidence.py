"""Fit the weights of the evidence that a region is the figure or table that its caption names.

Run `python -m tests.benchmarks.fit_confidence FOLDER...` with folders that hold `pdf/` and
`truth/`. What describes the figures and tables that are read is weighed by logistic regression, and
the weights are written to `chatpaper/extract/figures/confidence.toml`. With `--measure`, nothing is
written: how many right and wrong ones have less than each confidence is printed instead, as the
program rates them. Fitting leaves out papers that `set_aside.toml` names; measuring does not.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from chatpaper.extract.document import read_document
from chatpaper.extract.figures import confidence
from chatpaper.extract.serialization import document_to_json
from tests.benchmarks.benchmark_extraction import papers
from tests.benchmarks.fitting import fit_weights, list_set_aside, write_weights
from tests.benchmarks.scoring import list_ratable_floats

WEIGHTS = Path(confidence.__file__).with_name("confidence.toml")
# Weights are held small by this much, as papers that nobody made differ from those that are fitted.
STRENGTH = 1.0
THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
HEAD = """\
# Weights of what speaks for a region and against it, fitted by
# `python -m tests.benchmarks.fit_confidence`. What is described is in confidence.py.
"""
Example = tuple[Mapping[str, float], float, bool]


def collect_examples(path: Path, truth: Mapping[str, Any], images: Path) -> Iterator[Example]:
    """Yield what describes each float of a paper, its confidence, and whether it is right."""
    described: list[Mapping[str, float]] = []
    describe = confidence.describe_float

    def record(*arguments: Any) -> Mapping[str, float]:
        described.append(describe(*arguments))
        return described[-1]

    with patch.object(confidence, "describe_float", record):
        # Boxes are cut to their ink when images are written.
        document = read_document(path, images)
    if len(described) != len(document.figures):
        return  # a region was blank: which one is not told
    read = document_to_json(document, "").to_json()
    right = {id(figure): is_right for figure, is_right in list_ratable_floats(truth, read)}
    for numbers, figure in zip(described, read["figures"], strict=True):
        if id(figure) in right:
            yield numbers, figure["confidence"], right[id(figure)]


def list_losses(examples: Sequence[Example]) -> Iterator[str]:
    """Format how many right and wrong floats have less than each confidence."""
    right = [rated for _, rated, is_right in examples if is_right]
    wrong = [rated for _, rated, is_right in examples if not is_right]
    yield f"{'less than':>9} {'right':>6} {'wrong':>6}"
    for least in THRESHOLDS:
        lost, dropped = (sum(rated < least for rated in rates) for rates in (right, wrong))
        yield f"{least:9} {lost:6} {dropped:6}"
    yield f"{'all':>9} {len(right):6} {len(wrong):6}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--measure", action="store_true", help="fit nothing")
    options = parser.parse_args(arguments)
    aside = frozenset[str]() if options.measure else list_set_aside()
    with tempfile.TemporaryDirectory() as images:
        examples = [
            example
            for folder in options.folders
            for path, truth in papers(folder)
            if path.is_file() and path.stem not in aside
            for example in collect_examples(
                path, json.loads(truth.read_text("utf-8")), Path(images) / path.stem
            )
        ]
    if not options.measure:
        described, _, outcomes = zip(*examples, strict=True)
        write_weights(WEIGHTS, HEAD, *fit_weights(described, outcomes, STRENGTH))
    print("\n".join(list_losses(examples)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
