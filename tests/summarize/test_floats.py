"""Tables are shown to the model as far as its context goes, those with the main results longest."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize.context.floats import select_floats
from chatpaper.summarize.context.section_selection import select_text

BOX = BBox(0, 0, 100, 100)


def table(label: str, page: int, rows: int) -> Figure:
    text = "\n".join(f"{label} row {row} | 27.3 | 38.1 | 41.{row}" for row in range(rows))
    return Figure(label, "table", f"What {label} holds.", page, BOX, text=text)


def picture(label: str, page: int) -> Figure:
    return Figure(label, "figure", "An overview of all parts of it.", page, BOX)


PROSE = "\n\n".join(["Sorting is an old art. " * 20] * 25)
PAPER = Document(
    sections=(
        Section("1", "Introduction", 1, 1, PROSE),
        Section("2", "Comparators", 1, 2, f"{PROSE} Table 1 lists the parts."),
        Section("3", "Experiments", 1, 3, f"{PROSE} Tables 2 and 4 give the main results."),
        Section("4", "Conclusion", 1, 5, PROSE),
        Section("A", "Proofs", 1, 6, f"{PROSE} See Table 5." * 4, appendix=True),
    ),
    figures=(
        table("Table 1", 2, 20),
        picture("Figure 1", 2),
        table("Table 2", 3, 80),
        table("Table 3", 4, 20),
        table("Table 4", 6, 20),
        table("Table 5", 7, 20),
    ),
)
TABLES = ("Table 1", "Table 2", "Table 3", "Table 4", "Table 5")


def test_in_a_large_context_every_row_of_every_table_is_shown() -> None:
    selection = select_text(PAPER, 900_000)
    assert all(figure.text in selection.text for figure in PAPER.figures)
    assert selection.coverage.tables_left_out == ()


def test_in_a_small_context_the_tables_of_the_results_stay_and_the_others_are_named() -> None:
    budget = round(estimate_tokens(PAPER.figures[2].text) * 4.2)
    selection = select_text(PAPER, budget)
    assert PAPER.figures[2].text in selection.text
    assert "Table 2" not in selection.coverage.tables_left_out
    assert {"Table 1", "Table 5"} <= set(selection.coverage.tables_left_out)
    assert "3 Experiments" in selection.coverage.sections_read


def test_the_appendix_makes_way_for_tables() -> None:
    body = sum(estimate_tokens(section.text) for section in PAPER.sections[:4])
    floats = sum(
        estimate_tokens(f"{figure.label}{figure.caption}{figure.text}") for figure in PAPER.figures
    )
    selection = select_text(PAPER, round((body + floats) * 1.1))
    assert selection.coverage.tables_left_out == ()
    assert PAPER.sections[-1].text not in selection.text


@pytest.mark.parametrize(
    ("mention", "kept"),
    [
        ("Table 2 shows it.", "Table 2"),
        ("as in Tables 1 and 2, we see", "Table 2"),
        ("(Tab. 3)", "Table 3"),
        ("Tables 1–3 hold all", "Table 3"),
        ("Tabellas  A.1.12 and B.2.13 and C.3.14 and 4 hold all", "Table 4"),
        ("Table 23 is of others; Table 4 is ours", "Table 4"),
    ],
)
def test_what_the_results_refer_to_comes_first(mention: str, kept: str) -> None:
    figures = tuple(table(f"Table {number}", 2, 30) for number in (9, 2, 3, 4))
    document = Document(sections=(Section("1", "Results", 1, 1, mention),), figures=figures)
    room = estimate_tokens(figures[0].text) + 60
    left_out = select_floats(document, room).tables_left_out
    assert kept not in left_out
    assert len(left_out) == 3


def test_tables_numbered_apart_count_as_those_of_an_appendix() -> None:
    figures = (table("Table S1", 2, 30), table("Table 1", 3, 30))
    document = Document(sections=(Section("1", "Results", 1, 1, "See Table S1."),), figures=figures)
    assert select_floats(document, estimate_tokens(figures[0].text) + 60).tables_left_out == (
        "Table S1",
    )


@given(st.integers(0, 12_000))
def test_the_list_fits_and_names_what_it_lacks(budget_tokens: int) -> None:
    shown = select_floats(PAPER, budget_tokens)
    assert estimate_tokens(shown.text) <= budget_tokens + len(PAPER.figures)
    complete = {
        figure.label for figure in PAPER.figures if figure.text and figure.text in shown.text
    }
    assert {*shown.tables_left_out, *complete} == set(TABLES)
    assert not complete & set(shown.tables_left_out)


def test_a_hostile_label_and_text_are_searched_in_proportion() -> None:
    text = "Table 1," * 20_000 + "Table " * 20_000 + "1 " * 20_000
    figures = (
        replace(table("Table 9", 2, 3), label="Table " + "1." * 20_000),
        table("Table 9", 3, 3),
    )
    document = Document(sections=(Section("1", "Results", 1, 1, text),), figures=figures)
    assert select_floats(document, 1_000_000).tables_left_out == ()
