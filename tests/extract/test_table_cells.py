"""Tables are read as rows and columns, with heads and labels that span several of them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from chatpaper.domain import CellSpan, TableCells
from chatpaper.extract.document import read_document
from tests.extract.drawn_pages import LEFT_COLUMN, PaperPage, draw, text_page

LIBRARY = Path(__file__).parents[2] / "examples" / "library"
TOP = 100.0
STEP = 12.0
SIZE = 9.0

Rows = Sequence[Sequence[tuple[float, str]]]


def write_rows(page: PaperPage, rows: Rows, top: float = TOP, step: float = STEP) -> None:
    for place, row in enumerate(rows):
        for x, text in row:
            page.text(x, top + SIZE + place * step, text, SIZE)


def rule(page: PaperPage, y: float, x0: float = 54, x1: float = 290) -> None:
    page.page.draw_line((x0, y), (x1, y), color=(0, 0, 0), width=0.6)


def read_table(path: Path, paint: Callable[[PaperPage], object]) -> TableCells | None:
    def page(page: PaperPage) -> None:
        paint(page)
        page.centred(LEFT_COLUMN, 275, "Table 1: Errors of all methods on all data.")
        page.prose(LEFT_COLUMN, 330, 20)
        page.prose((318, 558), 72, 42)

    document = read_document(draw(path / "paper.pdf", page, text_page), None)
    (table,) = [figure for figure in document.figures if figure.kind == "table"]
    return table.cells


def test_rows_and_columns_are_read_with_empty_cells(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        for y in (TOP + 90, TOP + 105, TOP + 150):
            rule(page, y)
        write_rows(
            page,
            [
                [(120, "short"), (180, "long"), (240, "cost")],
                [(56, "MergeNet with two heads"), (180, "9.9"), (240, "2.3")],
                [(56, "HeapNet"), (120, "4.1")],
                [(56, "TideSort"), (120, "2.4"), (180, "4.8"), (240, "1.9")],
            ],
            TOP + 92,
        )

    cells = read_table(tmp_path, paint)
    assert cells is not None
    assert cells.rows == (
        ("", "short", "long", "cost"),
        ("MergeNet with two heads", "", "9.9", "2.3"),
        ("HeapNet", "4.1", "", ""),
        ("TideSort", "2.4", "4.8", "1.9"),
    )
    assert (cells.head_rows, cells.spans) == (1, ())


def test_a_heading_over_a_short_rule_is_repeated_in_the_columns_that_it_spans(
    tmp_path: Path,
) -> None:
    def paint(page: PaperPage) -> None:
        for y in (TOP + 90, TOP + 119, TOP + 158):
            rule(page, y)
        rule(page, TOP + 105, 118, 200)
        write_rows(
            page,
            [
                [(150, "Error"), (240, "Cost")],
                [(56, "Model"), (120, "short"), (180, "long"), (240, "hours")],
                [(56, "MergeNet"), (120, "4.6"), (180, "9.9"), (240, "2")],
                [(56, "HeapNet"), (120, "4.1"), (180, "9.2"), (240, "3")],
                [(56, "TideSort"), (120, "2.4"), (180, "4.8"), (240, "1")],
            ],
            TOP + 92,
        )

    cells = read_table(tmp_path, paint)
    assert cells is not None
    assert cells.rows[:3] == (
        ("", "Error", "Error", "Cost"),
        ("Model", "short", "long", "hours"),
        ("MergeNet", "4.6", "9.9", "2"),
    )
    assert cells.head_rows == 2
    assert cells.spans == (CellSpan(0, 1, 1, 2),)


def test_a_label_at_the_middle_of_a_group_is_repeated_in_its_rows(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        for y in (TOP + 90, TOP + 105, TOP + 131, TOP + 157):
            rule(page, y)
        write_rows(page, [[(56, "Data"), (120, "Model"), (200, "Error")]], TOP + 92)
        for top, label in ((TOP + 106, "Lists"), (TOP + 132, "Trees")):
            page.text(56, top + SIZE + STEP / 2, label, SIZE)
            write_rows(
                page,
                [[(120, "MergeNet"), (200, "4.6")], [(120, "TideSort"), (200, "2.4")]],
                top,
            )

    cells = read_table(tmp_path, paint)
    assert cells is not None
    assert cells.rows == (
        ("Data", "Model", "Error"),
        ("Lists", "MergeNet", "4.6"),
        ("Lists", "TideSort", "2.4"),
        ("Trees", "MergeNet", "4.6"),
        ("Trees", "TideSort", "2.4"),
    )
    assert cells.spans == (CellSpan(1, 0, 2, 1), CellSpan(3, 0, 2, 1))


def test_lines_of_one_cell_are_joined(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        for y in (TOP + 78, TOP + 93, TOP + 155):
            rule(page, y)
        write_rows(
            page,
            [
                [(56, "Action"), (120, "Meaning")],
                [(56, "search"), (120, "Ask for papers with a query, and add")],
                [
                    (120, "them to the queue of those that are"),
                ],
                [(120, "read next.")],
                [(56, "stop"), (120, "Go on with the next paper.")],
            ],
            TOP + 80,
        )

    cells = read_table(tmp_path, paint)
    assert cells is not None
    assert cells.rows == (
        ("Action", "Meaning"),
        (
            "search",
            "Ask for papers with a query, and add them to the queue of those that are read next.",
        ),
        ("stop", "Go on with the next paper."),
    )


def test_vertical_rules_part_columns_that_stand_close(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        for y in (TOP + 90, TOP + 104, TOP + 118, TOP + 132):
            rule(page, y, 54, 200)
        for x in (54, 100, 150, 200):
            page.page.draw_line((x, TOP + 90), (x, TOP + 132), color=(0, 0, 0), width=0.4)
        write_rows(
            page,
            [
                [(56, "Model"), (102, "Size"), (152, "Error")],
                [(56, "MergeNet"), (102, "124 million"), (152, "4.6")],
                [(56, "TideSort"), (102, "703 million"), (152, "2.4")],
            ],
            TOP + 92,
            14.0,
        )

    cells = read_table(tmp_path, paint)
    assert cells is not None
    assert cells.rows == (
        ("Model", "Size", "Error"),
        ("MergeNet", "124 million", "4.6"),
        ("TideSort", "703 million", "2.4"),
    )


def test_running_text_between_rules_has_no_cells(tmp_path: Path) -> None:
    def paint(page: PaperPage) -> None:
        for y in (TOP + 90, TOP + 155):
            rule(page, y)
        page.prose((56, 288), TOP + 92, 5, SIZE)

    assert read_table(tmp_path, paint) is None


@pytest.mark.parametrize(
    ("paper", "first", "last"),
    [
        (
            "guidance-saturation",
            ("Guidance weight", "1", "2", "3", "4", "5"),
            ("Class accuracy (%)", "91.6", "98.2", "99.4", "99.6", "99.7"),
        ),
        (
            "laptop-report",
            ("Statement", "Evidence", "Outcome"),
            ("The cosine schedule is better", "2.97 against 2.96 discs", "did not hold"),
        ),
    ],
)
def test_tables_of_the_example_library_are_read(
    paper: str, first: tuple[str, ...], last: tuple[str, ...]
) -> None:
    document = read_document(LIBRARY / f"{paper}.pdf", None)
    cells = next(figure.cells for figure in document.figures if figure.label == "Table 1")
    assert cells is not None
    assert (cells.rows[0], cells.rows[-1]) == (first, last)
