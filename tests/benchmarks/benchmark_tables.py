"""Measure how right the cells of tables are read.

Run `python -m tests.benchmarks.benchmark_tables [FOLDER]`. FOLDER holds the PDFs of well-known
papers that `table_cells.json` names; the cells there were compared with the printed pages by eye. A
cell is right when its text is in its row and its column.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.benchmarks.known_papers import PAPERS, read_paper
from tests.benchmarks.scoring import Score, score_cells

TRUTH = Path(__file__).with_name("table_cells.json")


@dataclass(frozen=True)
class TableScore:
    """The score of one table, and whether its head has as many rows as it should."""

    name: str
    cells: Score
    is_head_right: bool


def score_tables(folder: Path) -> Iterator[TableScore]:
    """Score each table of the truth."""
    tables = json.loads(TRUTH.read_text("utf-8"))
    for paper, wanted in groupby(tables, key=lambda table: table["paper"]):
        figures = read_paper(folder / f"{paper}.pdf").figures
        for table in wanted:
            yield _score_table(table, figures)


def _score_table(table: Mapping[str, Any], figures: Sequence[Any]) -> TableScore:
    cells = next(
        (
            figure.cells
            for figure in figures
            if (figure.label, figure.page) == (table["label"], table["page"])
        ),
        None,
    )
    return TableScore(
        f"{table['paper']} {table['label']}",
        score_cells(table["cells"], cells.rows if cells else None),
        cells is not None and cells.head_rows == table["head_rows"],
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=PAPERS)
    scores = list(score_tables(parser.parse_args(arguments).folder))
    for score in scores:
        cells = score.cells
        print(f"{score.name:36} {cells.true:5} {cells.found:5} {cells.extra:5} {cells.f1:7.3f}")
    total = sum((score.cells for score in scores), Score())
    heads = sum(score.is_head_right for score in scores)
    print(f"{'all':36} {total.true:5} {total.found:5} {total.extra:5} {total.f1:7.3f}")
    print(f"heads of the right height: {heads} of {len(scores)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
