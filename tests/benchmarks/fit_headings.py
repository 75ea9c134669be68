"""Fit the weights of the evidence that a line is a heading.

Run `python -m tests.benchmarks.fit_headings FOLDER...` with folders that hold `pdf/` and `truth/`,
as `tests.benchmarks.generated.make --small-headings` makes them. Lines that the rules leave open
are described, and logistic regression weighs what describes them. The weights are written to
`chatpaper/extract/headings/quiet/evidence.toml`. Papers named in `set_aside.toml` are left out.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from chatpaper.extract.document import read_document
from chatpaper.extract.headings import headings
from chatpaper.extract.headings.parsed_headings import ParsedHeading
from chatpaper.extract.headings.quiet import evidence
from chatpaper.extract.headings.quiet.evidence import Surroundings, describe_entries
from chatpaper.extract.layout.text import clean_text
from tests.benchmarks.benchmark_extraction import papers
from tests.benchmarks.fitting import fit_weights, list_set_aside, write_weights
from tests.benchmarks.scoring import letters

WEIGHTS = Path(evidence.__file__).with_name("evidence.toml")
# Weights are held small by this much, as papers that nobody made differ from those that are fitted.
STRENGTH = 3.0
HEAD = """\
# Weights of what speaks for a heading, fitted by `python -m tests.benchmarks.fit_headings`. What is
# described is in evidence.py: most is 0 or 1. Names with "like" are shares of lines of one style.
"""
Example = tuple[Mapping[str, float], bool]


def collect_examples(path: Path, truth: Mapping[str, Any]) -> Iterator[Example]:
    """Yield what describes the lines that rules leave open in a paper, and whether they head."""
    open_lines: list[tuple[ParsedHeading, Mapping[str, float]]] = []

    def record(entries: Sequence[ParsedHeading], around: Surroundings) -> list[float]:
        open_lines.extend(zip(entries, describe_entries(entries, around), strict=True))
        return [0.0] * len(entries)

    with patch.object(headings, "rate_entries", record):
        read_document(path, None)
    true = {
        (letters(heading["title"]), heading["page"])
        for heading in (*truth["sections"], *truth.get("sections_level3", ()))
    }
    for entry, described in open_lines:
        key = letters(clean_text(entry.title)), entry.candidate.page
        yield described, key in true or entry.kind == "references"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    aside = list_set_aside()
    examples = [
        example
        for folder in options.folders
        for path, truth in papers(folder)
        if path.is_file() and path.stem not in aside
        for example in collect_examples(path, json.loads(truth.read_text("utf-8")))
    ]
    described, heads = zip(*examples, strict=True)
    write_weights(WEIGHTS, HEAD, *fit_weights(described, heads, STRENGTH))
    print(f"{len(examples)} lines, {sum(heads)} of them headings")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
