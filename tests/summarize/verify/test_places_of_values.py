"""Values whose place in a table or a sentence only seems to be another than a statement says."""

import pytest

from chatpaper.domain import BBox, Figure, TableCells
from chatpaper.summarize.verify.hints.detect import find_hints
from chatpaper.summarize.verify.tables.crossings import read_tables


def table(caption: str, *lines: str) -> Figure:
    rows = tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines)
    cells = TableCells(rows, head_rows=1)
    return Figure(caption[:7], "table", caption[8:], 1, BBox(0, 0, 1, 1), cells=cells)


FIGURES = (
    table(
        "Table 1 Classification accuracy of nets.",
        "Net | Chance Accuracy | Gates | Locks",
        "TideNet | 50.2 | 64.18 | 61.32",
        "MoonNet | 50.5 | 66.05 | 58.47",
    ),
    table(
        "Table 2 Scores of single measures.",
        "Measure | AUC | Recall",
        "Brook PPL | 0.985 | 0.672",
        "Brook X-PPL | 0.263 | 0.104",
    ),
    table(
        "Table 3 Priors.",
        "Prior | Estimate",
        "Strong: Half-normal(0.67) | −2.25",
        "Default: Half-normal(2) | −2.43",
        "Low bias | −1.94 (−3.32, −0.67)",
    ),
)
TEXT = "\n\n".join(
    "\n".join([f"{each.label} {each.caption}", *(" | ".join(row) for row in cells.rows)])
    for each in FIGURES
    if (cells := each.cells)
)


def find_certain(said: str, quote: str = "", context: str = "") -> list[str]:
    hints = find_hints(said, quote, context, paper_text=TEXT, tables=read_tables(FIGURES))
    return list(dict.fromkeys(hint.value for hint in hints if hint.is_certain))


@pytest.mark.parametrize(
    ("said", "values"),
    [
        # What a share is taken of has another row than the method that takes it.
        ("TideNet 以 20.3% 的 MoonNet 更新达到 61.32。", []),
        ("TideNet 以 20.3% 的 MoonNet 更新达到 58.47。", ["58.47"]),
        # A special kind of what all of the table measures is not meant by the measure alone.
        ("TideNet Accuracy 64.18。", []),
        ("TideNet 的准确率为 64.18。", []),
        ("TideNet 的准确率为 66.05。", ["66.05"]),
        # A measure with its kind before it may be a special one.
        ("Brook 交叉困惑度的 AUC 为 0.263。", []),
        ("Brook 的困惑度的 AUC 为 0.263。", ["0.263"]),
        # A number of the name of a row is no value of it.
        ("取先验 Half-normal(0.67) 时的估计为 −2.25。", []),
    ],
)
def test_names_and_measures_are_of_the_rows_and_columns_that_they_name(
    said: str, values: list[str]
) -> None:
    assert find_certain(said) == values


def test_headings_that_all_lack_a_cell_have_none_above_the_labels() -> None:
    paper = (
        "Table 1 Scores of nets.\nTideNet | MoonNet | BrookNet\n1T stones | 6T stones | 4T stones\n"
        "Lakes | 77.6 | 75.4 | 79.6\nSeas | 60.3 | 58.7 | 61.1"
    )
    for said, values in (("MoonNet 为 58.7。", []), ("MoonNet 为 61.1。", ["61.1"])):
        hints = find_hints(said, "", "", paper_text=paper)
        assert [hint.value for hint in hints if hint.is_certain] == values


@pytest.mark.parametrize(
    ("quote", "values"),
    [
        ("TideNet (75 steps) | 93.8 | 86.1", []),
        ("TideNet (50 steps) | 93.8 | 86.1", ["75"]),
        ("TideNet | 93.8 | 86.1", ["75"]),
    ],
)
def test_no_other_sentence_tells_against_a_number_of_the_quote(
    quote: str, values: list[str]
) -> None:
    said = "TideNet 训练 75 步后，完成率为 86.1。"
    context = f"{quote}\nThe completion rate drops for the TideNet trained for 25 steps."
    assert find_certain(said, quote, context) == values


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("TideNet needs 3GB of memory but cannot run on a GPU with 32GB using MoonNet.", []),
        ("TideNet needs 3GB of memory but cannot run on a GPU, 32GB using MoonNet.", ["3 GB"]),
    ],
)
def test_a_name_beside_its_number_in_both_is_not_exchanged(
    sentence: str, values: list[str]
) -> None:
    said = "TideNet 只需 3 GB，却无法用 MoonNet 在一块 32 GB 的 GPU 上运行。"
    assert find_certain(said, "", sentence) == values
