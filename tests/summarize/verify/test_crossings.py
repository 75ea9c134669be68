"""Numbers and comparisons of statements beside the cells of tables."""

import pytest

from chatpaper.domain import BBox, Document, Figure, TableCells
from chatpaper.summarize.verify.hints.detect import find_hints
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.tables.crossings import read_tables
from chatpaper.summarize.verify.verifier import Verifier


def table(caption: str, *lines: str, head_rows: int = 1) -> Figure:
    rows = tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines)
    cells = TableCells(rows, head_rows=head_rows)
    return Figure(caption[:7], "table", caption[8:], 1, BBox(0, 0, 1, 1), cells=cells)


TABLES = read_tables(
    (
        table(
            "Table 1 Results of all networks.",
            "Method | RiverBench | RiverBench | LakeBench | LakeBench",
            "Method | Precision | Recall | Precision | Recall",
            "Small networks |  |  |  | ",
            "TideNet-7B | 61.32 | 64.18 | 41.27 | 45.16",
            "MoonNet | 58.47 | 66.05 | 44.61 | 46.02",
            "Large networks |  |  |  | ",
            "DeepTide-Distill-Moon-32B | 72.63 | 73.31 | 62.14 | 57.25",
            "TideNet-7B-ensemble | 71.49 | 73.05 | 59.82 | 53.18",
            "Human | 91.24 | 92.18 | 93.47 | 94.66",
            "Tides (ours) | 70.12 | 71.56 | 63.18 | 58.27",
            head_rows=2,
        ),
        table(
            "Table 2 Ablation on RiverBench.",
            "Variant | Precision | Latency",
            "TideNet-7B | 61.32 | 83.47",
            "w/o [Gate] | 63.74 | 95.16",
            "MoonNet | 58.47 | 83.21",
        ),
    )
)
PROSE = "The small TideNet-7B needs 12.34 seconds."


def certain(statement: str) -> list[str]:
    hints = find_hints(statement, "", "", paper_text=PROSE, tables=TABLES)
    return [hint.message for hint in hints if hint.is_certain]


def test_values_know_their_rows_groups_and_columns() -> None:
    value = TABLES[0].values[5]
    assert value.rows == (("moonnet",), ("small", "networks"))
    assert value.columns == (("riverbench",), ("recall",), ("riverbench", "recall"))


@pytest.mark.parametrize(
    ("statement", "printed"),
    [
        # Another row, another column, another data set, and two rows exchanged.
        ("TideNet-7B 在 RiverBench 上的召回率为 66.05。", "64.18"),
        ("在 RiverBench 上，MoonNet 的召回率为 66.05，精确率为 61.32。", "58.47"),
        ("MoonNet 在 RiverBench 上的精确率为 44.61。", "58.47"),
        ("Moon-32B 在 LakeBench 上的精确率为 59.82。", "62.14"),
        ("精确率为 58.47，高于 MoonNet 的 61.32。", "58.47, 66.05, 44.61, 46.02"),
        # Lists in order, both numbers of a change, and where the sentence says it was measured.
        ("MoonNet 和 TideNet-7B 在 RiverBench 上的召回率分别为 64.18 和 66.05。", "66.05"),
        ("LakeBench 上，MoonNet 的精确率由 44.61 提高到 66.05。", "44.61"),
        ("在 LakeBench 上，MoonNet 稍快，TideNet-7B 的召回率为 64.18。", "45.16"),
        # A row that is called just so is none of "ours", and what is unknown stands further away.
        ("MoonNet 在 LakeBench 上的精确率为 63.18。", "44.61"),
        ("在 FordBench 上，MoonNet 在 LakeBench 上的精确率为 41.27。", "44.61"),
        # A measure that no heading has leaves the row alone.
        ("MoonNet 的检出率为 61.32。", "58.47, 66.05, 44.61, 46.02"),
    ],
)
def test_numbers_elsewhere_than_rows_and_columns_cross(statement: str, printed: str) -> None:
    assert any(f"the table has {printed} there" in message for message in certain(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "TideNet-7B 在 RiverBench 上的召回率为 64.18，精确率为 61.32，高于 MoonNet 的 58.47。",
        "MoonNet 在 RiverBench 和 LakeBench 上的精确率为 58.47 和 44.61。",
        "MoonNet 与 TideNet-7B 在 RiverBench 上的召回率分别为 66.05 和 64.18。",
        "MoonNet 与 TideNet-7B 的召回率为 64.18、66.05 和 45.16。",
        "在 LakeBench 上，MoonNet 稍快，在河中 TideNet-7B 的召回率为 64.18。",
        "MoonNet 在 RiverBench 上的召回率为 66.05（TideNet-7B 64.18），精确率为 58.47。",
        # A variant may be called by the name alone, and "ours" by a name that no row has.
        "Moon 在 LakeBench 上的精确率为 63.18。",
        "TideNet-7B 在 LakeBench 上的精确率为 59.82。",
        # Something else stands between, or the number is a difference, or what it was before.
        "TideNet-7B 之外，最好的为 66.05。",
        "去掉 Gate 后，精确率由 61.32 升至 63.74。",
        "TideNet-7B 的速度比 MoonNet 高 58.47。",
        # The text has this number.
        "MoonNet 的召回率为 12.34。",
    ],
)
def test_numbers_that_may_be_there_are_left_alone(statement: str) -> None:
    assert not [each for each in certain(statement) if "the table has" in each]


def test_a_table_without_headings_has_rows_alone() -> None:
    (bare,) = read_tables((table("Table 1 Sizes.", "TideNet | 61", "MoonNet | 58", head_rows=0),))
    assert [(value.rows, value.columns) for value in bare.values] == [
        ((("tidenet",), ()), ()),
        ((("moonnet",), ()), ()),
    ]


def test_rows_of_words_above_all_values_are_headings() -> None:
    (even,) = read_tables(
        (
            table(
                "Table 1 Sizes.",
                "Net | A | A",
                "Net | Big | Small",
                "TideNet | 61 | 58",
                head_rows=0,
            ),
        )
    )
    assert [value.columns for value in even.values] == [
        (("a",), ("big",), ("a", "big")),
        (("a",), ("small",), ("a", "small")),
    ]


def test_headings_beside_empty_cells_are_of_no_column() -> None:
    (parted,) = read_tables(
        (
            table(
                "Table 1 Scores.",
                "Model | Spectral | distance |  | Balanced | accuracy",
                "Model | Pump | Fan | Mean | Pump | Fan",
                "TideNet | 0.142 | 0.095 | 0.136 | 76.4 | 84.1",
                "MoonNet | 0.097 | 0.067 | 0.094 | 81.3 | 86.9",
                head_rows=2,
            ),
        )
    )
    assert {value.columns for value in parted.values} == {
        (("pump",), ("pump",)),
        (("fan",), ("fan",)),
        (("mean",), ("mean",)),
    }


def test_what_is_called_a_data_set_is_no_method_of_that_name() -> None:
    rated = table(
        "Table 1 Scores.",
        "Model | WaveMod | ChatTides",
        "WaveMod | 0.870 | 0.617",
        "TideNet | 0.856 | 0.592",
    )
    said = "TideNet 在 WaveMod 数据集上达到 0.856。"
    for statement, values in ((said, []), (said.replace("0.856", "0.592"), ["0.592"])):
        hints = find_hints(statement, "", "", paper_text="", tables=read_tables((rated,)))
        assert [hint.value for hint in hints if hint.is_certain] == values


DIAGRAM = Figure(
    "Figure 2", "figure", "Sizes.", 3, BBox(0, 0, 1, 1), text="1.6T\n1.2T | Brook | 175B | 40 | 60"
)
METHODS = table(
    "Table 1 Methods.",
    "Task | Method | Kind",
    *(f"Training | {name} | gate" for name in "ABCDEFGHIJKLMN"),
    *(f"Inference | {name} | lock" for name in "OPQRSTUVWXY"),
)


PANELS = Figure(
    "Figure 4",
    "figure",
    "Gates.",
    3,
    BBox(0, 0, 1, 1),
    text="30\n80 gates each\n64 | 128 | 256 | 512",
)
ERRORS = table(
    "Table 2 Errors.",
    "Step | small | medium | large",
    *(f"{step} | 1.{step}% | 2.{step}% | 3.{step}%" for step in (15, 25, 35, 45)),
)


@pytest.mark.parametrize(
    ("text", "unsupported"),
    [
        ("表 2 列出了 16 组误差。", []),
        ("表 2 列出了 13 组误差。", ["13"]),
        ("图 2 中 Brook 有 1.6 万亿参数。", []),
        ("据图 2，Brook 有 1.6 万亿参数，比 Creek 的 1.2 万亿多出 4000 亿。", []),
        ("据图 2，Brook 有 1.6 万亿参数，比 Creek 的 1.2 万亿多出 5000 亿。", ["5000 亿"]),
        ("表 1 汇总了 25 种方法，其中训练 14 种。", []),
        ("文中汇总了 25 种方法。", ["25"]),
        # What no figure is named for, what is not there, and the ticks of an axis.
        ("Brook 有 1.6 万亿参数。", ["1.6 万亿"]),
        ("图 2 中 Brook 有 2.6 万亿参数。", ["2.6 万亿"]),
        ("表 1 汇总了 37 种方法。", ["37"]),
        ("图 2 中 Brook 有 60 层。", ["60"]),
        ("图 4 把节点从 64 个增加到 512 个，即原来的 8 倍，每个有 80 道闸门。", []),
        ("图 4 把节点从 64 个增加到 512 个，即原来的 6 倍，每个有 30 道闸门。", ["6 倍", "30"]),
        ("把节点从 64 个增加到 512 个。", ["64", "512"]),
    ],
)
def test_numbers_are_read_off_the_figure_that_is_named(text: str, unsupported: list[str]) -> None:
    document = Document("Rivers", figures=(DIAGRAM, METHODS, ERRORS, PANELS))
    claims = Verifier(document).check(Statement(text))
    assert [each.value for each in claims if each.kind == "numeral" and not each.supported] == (
        unsupported
    )


@pytest.mark.parametrize(
    ("statement", "paper", "is_wrong"),
    [
        # TideNet-7B is 2.85 and the ensemble 10.17 before it.
        ("TideNet-7B 的 Precision 为 61.32，比 MoonNet 高 2.85 个百分点。", "", False),
        ("TideNet-7B-ensemble 为 71.49，比 TideNet-7B 的 61.32 高 10.2 个点。", "", False),
        ("TideNet-7B-ensemble 为 71.49，比 MoonNet 高 10.17 个百分点。", "", True),
        ("The ensemble is 10.17 points better than MoonNet.", "", True),
        # The statement's own values.
        ("TideNet-7B 为 61.32，比 MoonNet 的 58.47 高 3.85 个点。", "", True),
        ("TideNet-7B 为 61.32，比此前最好的 58.47 高 3.85 个点。", "", True),
        ("TideNet-7B 为 61.32，比此前最好的 58.47 高 2.85 个点。", "", False),
        # What is less exact than the margin is no value of it: MoonNet has 61.32 nowhere.
        ("在约 60% 的数据上，Tides 比 TideNet-7B 高 8.80 个百分点。", "", False),
        # Another value of the statement stands in no table, but may in a figure.
        ("Brook 为 88.88，比 MoonNet 高 10.17 个百分点。", "", False),
        # What the text tells need not be in a table, nor what no table has.
        ("比 MoonNet 高 10.17 个百分点。", "It gains 10.17 points over MoonNet at night.", False),
        ("比 HeronNet 高 10.17 个百分点。", "", False),
    ],
)
def test_a_margin_is_between_two_values_of_a_column(
    statement: str, paper: str, *, is_wrong: bool
) -> None:
    hints = find_hints(statement, "", "", paper_text=paper or PROSE, tables=TABLES)
    said = [hint.message for hint in hints if hint.is_certain]
    assert any("from" in each or "apart" in each for each in said) == is_wrong
