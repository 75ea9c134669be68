"""Statements about the figures of papers in other languages, or numbered by chapter."""

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.context.floats import select_floats
from chatpaper.summarize.verify.names.figure_labels import find_figure, find_labels
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals

PLACE = BBox(0, 0, 10, 10)
FIGURES = tuple(
    Figure(label, "table" if label.startswith(("Tabelle", "표", "表")) else "figure", "", 1, PLACE)
    for label in (
        "Abb. 2–4",
        "Tabelle 3",
        "Рис. 5",
        "图 3-1",
        "그림 6",
        "Figure 7",
        "图 八",
        "表 十二",
        "Scheme 9",
    )
)


@pytest.mark.parametrize(
    ("named", "label"),
    [
        ("图 2-4", "Abb. 2–4"),
        ("Abbildung 2‑4", "Abb. 2–4"),
        ("表 3", "Tabelle 3"),
        ("Table 3", "Tabelle 3"),
        ("图5", "Рис. 5"),
        ("Рисунок 5", "Рис. 5"),
        ("Figure 3–1", "图 3-1"),
        ("Figs. 7–9", "Figure 7"),
        ("图 6", "그림 6"),
        ("Figure 8", "图 八"),
        ("表十二", "表 十二"),
        ("Table 12", "表 十二"),
        ("scheme 9", "Scheme 9"),
        ("图 3-2", None),
        ("Tabelle 5", None),
    ],
)
def test_figures_are_known_by_their_labels_in_any_language(named: str, label: str | None) -> None:
    figure = find_figure(named, FIGURES)

    assert (figure.label if figure else None) == label


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("见图 3-1 与 Abb. 2。", ("图 3-1", "Abb. 2")),
        ("方法 Scheme 2 比 Chart 3 快，Bild 4 同理。", ()),
        ("见Figure 3。", ("Figure 3",)),
        ("据图 2，按表 4 与从图 5 看", ("图 2", "表 4", "图 5")),
        ("代表 2 类，地图 3 张。", ()),
    ],
)
def test_only_words_that_mean_figures_name_them_in_a_text(
    text: str, labels: tuple[str, ...]
) -> None:
    assert find_labels(text) == labels


@pytest.mark.parametrize("label", ["Abb. 3", "Tabelle 3", "Рис. 3", "그림 3", "図 3", "Figura 3"])
def test_numbers_of_labels_count_nothing(label: str) -> None:
    assert not list(find_claimed_numerals(f"{label} 说明了这一点。"))


def test_tables_that_the_results_name_in_their_language_are_kept_longest() -> None:
    tables = tuple(
        Figure(f"Tabelle {n}", "table", "", n, PLACE, text="x 1 2 3 4 5 6 7 8 9\n" * 40)
        for n in (1, 2, 3)
    )
    sections = (
        Section("1", "Introduction", 1, 1, "Text."),
        Section("2", "Results", 1, 2, "Siehe Tabelle 3: dort stehen die Werte."),
    )

    shown = select_floats(Document(sections=sections, figures=tables), 1000)

    assert shown.tables_left_out == ("Tabelle 1", "Tabelle 2")
