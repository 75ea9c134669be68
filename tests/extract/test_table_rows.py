"""Rows of tables are read with their cells under each other."""

from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox
from chatpaper.extract.page import Span
from chatpaper.extract.tables.table_rows import format_table
from chatpaper.extract.textline import TextLine, build_text_line


def row(baseline: float, *cells: tuple[float, str]) -> list[TextLine]:
    """Build cells that are lines of their own, each from its left edge."""
    return [build_text_line(1, [_span(x, text, baseline)]) for x, text in cells]


def _span(x: float, text: str, baseline: float) -> Span:
    box = BBox(x, baseline - 8, x + 4 * len(text), baseline)
    return Span(text, box, baseline, "Times-Roman", 9.0, False, False, False, 0, 255, False)


def test_an_empty_cell_holds_its_place() -> None:
    lines = [
        *row(10, (100, "EN-DE"), (150, "EN-FR"), (200, "Cost")),
        *row(22, (10, "MergeNet"), (100, "24.6"), (150, "39.9"), (200, "2.3")),
        *row(34, (10, "HeapNet"), (150, "39.2")),
        *row(46, (10, "BayNet"), (200, "8.0")),
        *row(58, (10, "TideSort"), (100, "28.4"), (150, "41.8"), (200, "2.1")),
    ]
    assert format_table(lines).splitlines() == [
        " | EN-DE | EN-FR | Cost",
        "MergeNet | 24.6 | 39.9 | 2.3",
        "HeapNet |  | 39.2",
        "BayNet |  |  | 8.0",
        "TideSort | 28.4 | 41.8 | 2.1",
    ]


def test_headings_over_several_columns_part_none_and_rows_of_their_own_stay() -> None:
    lines = [
        *row(10, (100, "Error of all lists"), (200, "Cost")),
        *row(22, (10, "Model"), (100, "short"), (150, "long"), (200, "hours")),
        *row(34, (10, "Trained on a million lists")),
        *row(46, (10, "MergeNet"), (100, "4.6"), (150, "9.9"), (200, "2")),
        *row(58, (10, "TideSort"), (100, "2.4"), (150, "4.8"), (200, "1")),
    ]
    assert format_table(lines).splitlines() == [
        " | Error of all lists |  | Cost",
        "Model | short | long | hours",
        "Trained on a million lists",
        "MergeNet | 4.6 | 9.9 | 2",
        "TideSort | 2.4 | 4.8 | 1",
    ]


def test_cells_of_one_line_are_parted_where_there_is_white_space() -> None:
    spans = [_span(10, "TideSort", 10), _span(80, "28.4", 10), _span(110, "41.8", 10)]
    other = [_span(10, "MergeNet", 22), _span(80, "24.6", 22), _span(110, "39.9", 22)]
    text = format_table([build_text_line(1, spans), build_text_line(1, other)])
    assert text == "TideSort | 28.4 | 41.8\nMergeNet | 24.6 | 39.9"


def test_a_table_without_rows_is_empty() -> None:
    assert format_table([]) == ""


cells = st.tuples(
    st.integers(0, 30).map(lambda place: 15.0 * place), st.text("ab1.", min_size=1, max_size=5)
)


@given(st.lists(st.lists(cells, max_size=6, unique_by=lambda cell: cell[0]), max_size=8))
def test_no_word_is_lost_or_moved(drawn: list[list[tuple[float, str]]]) -> None:
    lines = [line for place, found in enumerate(drawn) for line in row(12.0 * place, *found)]
    expected = [text for found in drawn for _, text in sorted(found)]
    assert format_table(lines).replace("|", " ").split() == expected
