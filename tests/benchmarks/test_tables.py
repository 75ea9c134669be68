"""Tables of papers that everybody knows are read cell by cell.

The papers are not part of this repository.
"""

import pytest

from tests.benchmarks.benchmark_tables import PAPERS, score_tables
from tests.benchmarks.scoring import Score, score_cells

# Just below what is measured, so that one more table read wrong is seen.
LEAST_F1 = 0.915


@pytest.mark.skipif(
    not PAPERS.is_dir(), reason="needs the PDFs in ../shared/corpus/pdf, which are not there"
)
def test_cells_of_known_tables_are_read() -> None:
    scores = list(score_tables(PAPERS))
    total = sum((score.cells for score in scores), Score())
    assert total.f1 >= LEAST_F1, [score.name for score in scores if score.cells.f1 < 1]


def test_a_cell_is_right_in_its_row_and_column() -> None:
    true = [["", "a", "b"], ["x", "1", "−2"]]
    assert score_cells(true, [["", "a", "b"], ["x", "1", "-2"]]) == Score(5, 5, 0)
    assert score_cells(true, [["a", "", "b"], ["x", "1"]]) == Score(5, 3, 1)
    assert score_cells(true, None) == Score(5, 0, 0)
