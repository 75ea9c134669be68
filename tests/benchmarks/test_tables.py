"""How cells of tables are scored."""

from tests.benchmarks.scoring import Score, score_cells


def test_a_cell_is_right_in_its_row_and_column() -> None:
    true = [["", "a", "b"], ["x", "1", "−2"]]
    assert score_cells(true, [["", "a", "b"], ["x", "1", "-2"]]) == Score(5, 5, 0)
    assert score_cells(true, [["a", "", "b"], ["x", "1"]]) == Score(5, 3, 1)
    assert score_cells(true, None) == Score(5, 0, 0)
