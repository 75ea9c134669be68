"""Certain errors in statements with and without a quote, and what resembles one but is right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.summarize.verify.hints.detect import Hint, find_hints
from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.tables.grids import parse_grids

PAPER = "\n\n".join(
    [
        (
            "Table 1 Results on RiverBench.\nModel | Small | Large | F1\nTideNet | 61.32 | "
            "64.18 | 70.21\n"
            "MoonNet | 58.47 | 66.05 | 69.44\nTideNet-L | 63.05 | 67.92 | 74.36\nStarNet | "
            "59.33 | 62.70 | 68.15"
        ),
        (
            "Table 2 Results on LakeBench test set.\nModel | Small | Large | F1\nTideNet | 41.27 | "
            "45.16 | 50.83\n"
            "MoonNet | 44.61 | 46.02 | 49.37\nStarNet | 39.55 | 47.71 | 51.64"
        ),
        (
            "Table 3 Ablation.\n | RiverBench |  | LakeBench\nVariant | Small | Large | Small | "
            "Large\n"
            "w/o gates | 60.11 | 62.94 | 40.02 | 43.87\nTideNet | 61.32 | 64.18 | 41.27 | 45.16"
        ),
        "TideNet-L sets a new state of the art on RiverBench.",
        "With the exception of PondBench, FordNet is better than StarNet on all sets.",
        (
            "Table 4 Scores.\nModel | Hills | Lakes | Seas\nFordNet | 51.3 | 47.2 | 33.8\nBrookNet "
            "| 49.9 | 48.1 | 30.6"
        ),
        "We train all networks on 16 boards for three days.",
        "The corpus was collected for RiverWeek 2023 and released in 2024.",
        "Earlier gates (Brook et al., 2019) were fixed; FordNet (Hill et al., 2018) learned them.",
        (
            "One limitation is that training becomes unstable with batches of more "
            "than 4096 recordings."
        ),
        "In future work we will extend the gates to video and speech.",
        "TideNet is 2.4 times faster than MoonNet, with 31.5M instead of 48.2M parameters.",
    ]
)


def hints_of(statement: str, quote: str = "") -> list[Hint]:
    return [
        hint for hint in find_hints(statement, quote, quote, paper_text=PAPER) if hint.is_certain
    ]


@pytest.mark.parametrize(
    ("kind", "statement", "quote"),
    [
        ("table", "MoonNet 的 F1 为 70.21。", ""),
        ("table", "在 RiverBench 上，TideNet-L 的 F1 达到 69.44，StarNet 为 68.15。", ""),
        ("table", "MoonNet reaches 67.92 on RiverBench.", ""),
        (
            "scope",
            "門の有無によらず、FordNet は改善した。",
            "FordNet did not improve in general, except in the case of gates.",
        ),
        ("table", "在 LakeBench 上，TideNet 的 F1 为 70.21。", ""),
        ("table", "TideNet-L 的 F1 比 MoonNet 的 68.15 高。", ""),
        (
            "name",
            "TideNet 比 StarNet 快 2.4 倍。",
            "TideNet is 2.4 times faster than MoonNet, with 31.5M instead of 48.2M parameters.",
        ),
        (
            "number",
            "TideNet 快 2.4 倍，参数为 31.5M，而不是 64.2M。",
            "TideNet is 2.4 times faster than MoonNet, with 31.5M instead of 48.2M parameters.",
        ),
        (
            # The paper has 48.2 elsewhere; here it stands in the place of 31.5.
            "number",
            "TideNet 快 2.4 倍，参数为 48.2M。",
            "TideNet is 2.4 times faster than MoonNet, with 31.5M parameters.",
        ),
        (
            "number",
            "语料发布于 2019 年。",
            "The corpus was collected for RiverWeek 2023 and released in 2024.",
        ),
        ("future", "作者已将门控扩展到视频与语音。", ""),
        ("scope", "FordNet 在所有数据集上均优于 StarNet。", ""),
        (
            "scope",
            "FordNet is better on all sets without exception.",
            "With the exception of PondBench, FordNet is better than StarNet on all sets.",
        ),
        ("scope", "所有方法的得分都是零。", "the score of most methods is zero"),
        ("scope", "无论规模如何，门控都有效。", "gates mostly help"),
        (
            "direction",
            "潮汐特征通常优于波浪特征。",
            "tidal features are generally outperformed by wave features",
        ),
        ("direction", "去掉门控会提高精度。", "Removing the gates degrades the accuracy."),
        (
            "direction",
            "加入门控后，精度有所改善。",
            "The accuracy (Table 4, right) indicated worse results with gates.",
        ),
        ("role", "误差来自偏差，而不是方差。", "The error arises from variance rather than bias."),
        ("future", "The authors have already extended the gates to speech and video.", ""),
        ("future", "作者还把门控扩展到了视频与语音。", ""),
        ("future", "We extend the gates to speech and video with similar gains.", ""),
    ],
)
def test_it_is_certain_of_what_is_wrong(kind: str, statement: str, quote: str) -> None:
    assert kind in {hint.kind for hint in hints_of(statement, quote)}


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("作者推测门控可扩展到视频与语音。", ""),
        ("作者没有把门控扩展到视频与语音。", ""),
        ("门控扩展到了视频与语音。", ""),
        ("We did not extend the gates to speech and video.", ""),
        ("作者在 16 块板卡上用门控训练了网络。", ""),
        ("MoonNet 的 F1 为 69.44。", ""),
        ("MoonNet 的 F1 为 69.44，Large 上为 66.05。", ""),
        ("在 RiverBench 上，TideNet 的 F1 为 70.21；在 LakeBench 上为 50.83。", ""),
        ("TideNet 与 MoonNet 的 F1 分别为 70.21 和 69.44。", ""),
        ("TideNet and MoonNet reach 70.21 and 69.44 on RiverBench.", ""),
        ("与 MoonNet 相比，最大的模型达到 74.36。", ""),
        ("MoonNet 之后，TideNet-L 进一步升至 74.36。", ""),
        ("去掉门控的 TideNet 降为 60.11。", ""),
        (
            "准确率为 89.56%，比 StarNet 的 83.45% 高 6.11 个百分点。",
            "it surpasses StarNet on 4 out of 5 rivers with an improvement of 6.11%",
        ),
        (
            "在 LakeSet 上 F1 为 86.4；在 PondSet 上为 82.0，高 1.5 个点。",
            "on LakeSet (PondSet), we obtain an 86.4 (82.0) F1, a +2.3 (+1.5) point increase",
        ),
        (
            "潮汐特征通常不如波浪特征。",
            "tidal features are generally outperformed by wave features",
        ),
        ("FordNet 优于基线 2.3 个点。", "the baseline was outperformed by 2.3 points"),
        ("它在 RiverWeek 上的 mAP 为 0.314。", "It achieves mAP / AUC of 0.314 / 0.959."),
        ("提高温度 0.5 得到的模型更差。", "a temperature of 0.5 led to worse models"),
        (
            "三位作者来自湖畔大学，前两位贡献相同。",
            "Eric Ford∗1, Yu Brook∗12, Noah Tide1 and 14 more",
        ),
        ("作者来自 4 家机构。", "1Lake, 2New Pond University, 3Sea, 14Moor Labs"),
        # The scale of a cell stands in the head of its column.
        ("大模型有 2.13 亿参数，是基础模型（6500 万）的三倍多。", "big 6 1024 300K 4.33 213"),
        ("算力使超过 50% 的攻击成为可能。", "power reduced trust by allowing over 50% of attacks"),
        ("kECQ 核的误差为 0.1075。", "kEC 0.6282 kEQC 0.1075"),
        ("TideNet 比 MoonNet 快 2.4 倍。", "TideNet is 2.4 times faster than MoonNet."),
        ("基于 StarNet 的 TideNet 比基线快 2.4 倍。", "TideNet is 2.4 times faster than MoonNet."),
        (
            "TideNet 快 2.4 倍，共训练 4096 次。",
            "TideNet is 2.4 times faster than MoonNet after 16 trials.",
        ),
        (
            "FordNet 的 F1 由 51.3 升至 53.6。",
            "FordNet outperforms the noise-reduced baseline of 51.3 by 2.3 points.",
        ),
        ("大多数方法的得分都是零。", "the score of most methods is zero"),
        ("所有方法的得分都是零。", "The most common score is zero for all methods."),
        ("误差来自方差，而不是偏差。", "The error arises from variance rather than bias."),
        (
            "只用一半数据，FordNet 的得分也超过 BrookNet。",
            "FordNet outperformed BrookNet in score, despite training on less of the data.",
        ),
        (
            "A gate that is too strict does far less harm than one that is too loose.",
            "far more tolerant of a gate that is too strict than of one that is too loose.",
        ),
        ("在 RiverBench 上，FordNet 的误差更低。", "FordNet has a higher accuracy on RiverBench."),
        ("FordNet 于 2018 年提出。", "FordNet (Hill et al., 2018) learned them."),
        (
            "TideNet-R1 在 RIVER 2023 上的 Hit@1 为 79.8%，略高于 MoonNet-o1-1217。",
            (
                "TideNet-R1 achieves a score of 79.8% Hit@1 on RIVER 2023, slightly "
                "surpassing MoonNet-o1-1217."
            ),
        ),
        ("作者计划今后将门控扩展到视频与语音。", ""),
        ("作者已公开代码与语料。", ""),
        ("除 PondBench 外，FordNet 在所有数据集上均优于 StarNet。", ""),
        ("误差从 5 步的 41.0 降到 40 步的 6.3。", ""),
        ("The error falls from 41.0 at 5 steps to 6.3 at 40 steps.", ""),
    ],
)
def test_it_is_certain_of_nothing_that_is_right(statement: str, quote: str) -> None:
    assert hints_of(statement, quote) == []


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("在 1 块卡上训练 2 轮，有效批大小为 32。", "a single card (12G memory) for 2 epochs"),
        (
            "在 1 块卡上训练 2 轮，批大小为 4，有效批为 32。",
            "1 card (12G) for 2 epochs, batch size of 4",
        ),
        ("没有系数满足条件时，估计保持不变。", "the estimated value remains to be"),
        ("剩余数据不足 256 KB 时结束。", "we stop when less than 256KB remains to be transferred"),
        ("使用者应当谨慎。", "they should be careful if they plan to use the model"),
        ("比 RIVER 2014 好 64%。", "outperforms RIVER 14 by 64% (RIVER 2015)"),
        (
            "LakeCheck 在 2.7 GHz 的 MacBook Pro 上用时 15 秒。",
            "LakeCheck needs 15 seconds on a MacBook Pro with a 2.7GHz processor",
        ),
    ],
)
def test_units_years_in_short_and_other_measures_are_no_other_numbers(
    statement: str, quote: str
) -> None:
    paper = "We won RIVER 2015, and are better than RIVER 14. The effective batch size is 32."
    hints = find_hints(statement, quote, quote, paper_text=paper)
    assert [hint for hint in hints if hint.is_certain] == []


def test_the_labels_of_a_list_of_settings_are_no_rows_that_were_measured() -> None:
    rows = "Name | Value\nNVIDIA H100 GPU | 16\nfreezing step | 50\ntotal step | 250"
    statement, quote = "训练使用 NVIDIA H100，总共 250 步。", "NVIDIA H100 GPU 16"
    hints = find_hints(statement, quote, rows, paper_text=rows)
    assert [hint for hint in hints if hint.kind == "table"] == []


@pytest.mark.parametrize(("label", "is_certain"), [("Fully Connected", False), ("StarNet", True)])
def test_a_row_that_is_called_by_common_words_may_be_named_in_translation(
    label: str, *, is_certain: bool
) -> None:
    rows = f"Model | AUC | mAP\nTideNet-50 | 0.926 | 0.182\n{label} | 0.851 | 0.058"
    paper = f"The baseline is a fully connected network.\n{rows}"
    said, quote = "TideNet-50 为 0.182，约为全连接基线（0.058）的三倍。", "TideNet-50 0.182"
    found = [h for h in find_hints(said, quote, rows, paper_text=paper) if h.kind == "table"]
    assert [hint.is_certain for hint in found] == [is_certain]


def test_the_name_of_a_month_is_no_count_in_another_unit() -> None:
    quote = "The pilot was executed between May 12th and June 25th, 2025."
    assert hints_of("The pilot ran for about six weeks.", quote) == []


def test_the_subject_of_a_paper_stands_in_the_place_of_no_other_name() -> None:
    said, quote = "BrookNet 的得分高 2.4 个点。", "The score is 2.4 points above FordNet."
    paper = f"{quote}\n\nBrookNet is old."
    subject = f"{quote}\n\n{'BrookNet grows. ' * 30}"
    assert [hint.is_certain for hint in find_hints(said, quote, quote, paper_text=paper)] == [True]
    assert [hint.is_certain for hint in find_hints(said, quote, quote, paper_text=subject)] == [
        False
    ]


def test_the_names_of_the_first_page_are_not_foreign_to_a_quote() -> None:
    said = "作者来自 Cardiff，课题由 Morgannwg 资助。"
    quote = "We thank the Morgannwg Board for the Fellowship of which this work is a part."
    for front_matter, certain in (("School of Lakes, Cardiff", []), ("", ["Cardiff"])):
        hints = find_hints(said, quote, quote, paper_text=quote, front_matter=front_matter)
        assert [hint.value for hint in hints if hint.is_certain] == certain


def test_the_names_of_authors_stand_in_the_place_of_no_other_name() -> None:
    said = "作者来自威尔士，课题由 Morgannwg 资助。"
    for front_matter, certain in (("Dylan Meredith, Wales", []), ("", ["Morgannwg"])):
        hints = find_hints(
            said,
            "Dylan Meredith, Wales",
            "Dylan Meredith, Wales",
            paper_text="We thank Morgannwg.",
            front_matter=front_matter,
        )
        assert [hint.value for hint in hints if hint.is_certain] == certain


@pytest.mark.parametrize(
    ("said", "quote", "values"),
    [
        ("146 个测试错误降到 74 个。", "at a temperature of 20 it made 74 test errors", []),
        ("146 个测试错误降到 74 个。", "with 20 test errors before, it made 74", ["146"]),
    ],
)
def test_a_count_may_stand_before_the_quote(said: str, quote: str, values: list[str]) -> None:
    context = f"The small net made 146 test errors. {quote}"
    hints = find_hints(said, quote, context, paper_text=context)
    assert [hint.value for hint in hints if hint.is_certain] == values


def test_a_number_among_the_heads_of_columns_is_of_no_row() -> None:
    quote = "Gates are good at low rates."
    table = f"{quote}\nSet | Gate | @ 0.01% rate\nLakes | Ford | 0.95\nSeas | Ford | 0.99"
    said = "在 Lakes 上，比率为 0.01% 时 Ford 的得分为 0.95。"
    assert [
        each for each in find_hints(said, quote, table, paper_text=table) if each.is_certain
    ] == []


@pytest.mark.parametrize(
    ("said", "quote", "values"),
    [
        ("TideNet 基线在 LakeSet 上的得分为 0.68。", "We found the score of TB to be 0.68.", []),
        (
            "MoonNet 基线在 LakeSet 上的得分为 0.68。",
            "We found the score of TB to be 0.68.",
            ["MoonNet"],
        ),
        # What the paper abbreviates may be said in another language, but not in its own.
        ("MoonNet 的潮汐基线得分为 0.68。", "We found the score of TGB to be 0.68.", []),
        (
            "The MoonNet baseline has a score of 0.68.",
            "We found the score of TGB to be 0.68.",
            ["MoonNet"],
        ),
        # One name stands in the place of no two others.
        ("PoolSet 以 RustDB 实现。", "BrookNet has a score of 0.68.", []),
        ("PoolSet 的得分为 0.68。", "BrookNet has a score of 0.68.", ["PoolSet"]),
        ("实验各用 Base 和 Large 两种尺寸。", "ViT-L gains with both sizes.", []),
        # What stands for both is printed as the beginning of one of them.
        ("DeepNet 与 FoRdNet 的得分为 0.68。", "FoR has a score of 0.68.", []),
    ],
)
def test_short_forms_and_sizes_take_no_place(said: str, quote: str, values: list[str]) -> None:
    paper = (
        "It is called the TideNet Baseline (TB), or tide gauge baseline (TGB).\n\n"
        f"LakeSet is old, as are PoolSet and RustDB.\n\n{quote}"
    )
    hints = find_hints(said, quote, quote, paper_text=paper)
    assert [hint.value for hint in hints if hint.is_certain][:1] == values


def test_what_there_are_many_of_is_no_name() -> None:
    quote = "A score is required for every candidate in KGs."
    paper = f"{quote}\n\nBrookNet is old."
    assert find_hints("BrookNet 直接生成实体。", quote, quote, paper_text=paper) == ()


def test_a_name_of_the_same_family_near_a_shared_number_is_another() -> None:
    quote = "TideNet reaches 79.8, slightly above MoonNet-o1-1217."
    context = f"{quote}\nMoonNet-o1-mini is smaller."
    said = "TideNet 达到 79.8，略高于 MoonNet-o1-mini。"
    assert [
        hint.kind
        for hint in find_hints(said, quote, context, paper_text=context)
        if hint.is_certain
    ] == ["name"]


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("BrookNet 训练 251B 词元才相当于 FordNet 训练 160B 词元的效果。", ["role"]),
        ("BrookNet 训练 160B 词元就相当于 FordNet 训练 251B 词元的效果。", []),
    ],
)
def test_exchanged_numbers_are_certain_without_a_quote(said: str, kinds: list[str]) -> None:
    sentence = (
        "BrookNet trained with 160B tokens is comparable to FordNet trained with 251B tokens."
    )
    hints = find_hints(said, "", sentence, paper_text=sentence)
    assert [hint.kind for hint in hints if hint.is_certain] == kinds


def test_the_ends_of_a_range_are_not_exchanged() -> None:
    sentence = "FordNet uses 2-3x longer passages compared to BrookNet (288 words, ours 100)."
    said = "FordNet 的段落长 288 个词，约为 BrookNet 的 2–3 倍。"
    assert find_hints(said, "", sentence, paper_text=sentence) == ()


def test_a_name_above_the_column_counts_before_one_in_the_caption_of_another_table() -> None:
    """A line break splits the name in the second caption."""
    paper = (
        "Table 1 Scores by drawing on RIVER-500 and LAKE.\nMethod | 8 | 16\n"
        "TideNet | 21.0 | 23.2\nMoonNet | 21.4 | 24.4\n\n"
        "Table 2 Scores by searching on RIVER- 500 and LAKE.\nMethod | RIVER-500 | LAKE\nTideNet | "
        "42.6 | 81.0\n"
        "MoonNet | 47.2 | 84.8"
    )
    said = "在 RIVER-500 上为 47.2%，比 TideNet 的 42.6% 高。"
    assert not [hint for hint in find_hints(said, "", "", paper_text=paper) if hint.is_certain]


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        (
            "丢失超过 70% 的节点后，召回率接近 0。",
            "with losses above 70% recall drops to values near 0",
        ),
        (
            "规模增长时，重复的更新不到 20%。",
            "duplication stays less than 20% even as it scales up",
        ),
    ],
    ids=["statement", "quote"],
)
def test_a_bound_is_no_direction(said: str, quote: str) -> None:
    assert not find_hints(said, quote, quote, paper_text=quote)


def test_a_part_of_a_quoted_whole_is_no_other_number() -> None:
    quote = "It finds 500 new defects in 9 kilns."
    said = "在 9 座窑中找到 121 处裂纹和 379 处缺口。"
    assert not [
        hint for hint in find_hints(said, quote, quote, paper_text=quote) if hint.is_certain
    ]
    assert find_hints("在 9 座窑中找到 520 处缺陷。", quote, quote, paper_text=quote)


def test_a_bound_beside_a_direction_leaves_that_as_it_is() -> None:
    said, quote = "层数超过 8 之后性能下降。", "the performance degrades as depth increases above 8"
    assert not find_hints(said, quote, quote, paper_text=quote)


def test_what_the_quote_says_in_other_words_is_no_opposite() -> None:
    said = "链长从 3 缩短为 2，工作量减少。"
    quote = "This improvement comes from chains of 2 rather than 3, reducing the work."
    assert not find_hints(said, quote, quote, paper_text=quote)


def test_a_bound_has_its_opposite_in_another_bound() -> None:
    said, quote = "重复的更新超过 20%。", "duplicate updates stay lower than 20%"
    hints = find_hints(said, quote, quote, paper_text=quote)
    assert {hint.kind for hint in hints} == {"direction"}


def test_a_number_of_the_text_is_not_looked_for_in_tables() -> None:
    paper = f"{PAPER}\n\nMoonNet reaches 70.21 once it is tuned."
    assert find_hints("MoonNet 的 F1 为 70.21。", "", "", paper_text=paper) == ()


def test_a_heading_over_several_columns_may_be_printed_over_the_middle_one() -> None:
    (grid,) = parse_grids(
        "Table 1 Scores.\n |  | Gain |  |  | Loss\n | 0dB | 3dB | 6dB | 0dB | 3dB | 6dB\n"
        "TideNet | 6.78 | 4.76 | 2.52 | 16.79 | 15.30 | 13.69"
    )
    said = [
        tuple(each for each in ("gain", "loss") if cell.speaks_of([each])) for cell in grid.cells
    ]
    assert said == [("gain",), ("gain",), *[("gain", "loss")] * 2, ("loss",), ("loss",)]


def test_a_line_of_names_with_numbers_is_a_heading() -> None:
    (grid,) = parse_grids("Table 1 Scores.\nModel | AIME 2024 | MATH-500\nFordNet | 71.0 | 95.9")
    assert grid.heads == (("model",), ("aime", "2024"), ("math500",))
    (grid,) = parse_grids(
        "Table 1 Scores.\n | AIME 2024 | MATH-500\nModel | |\nFordNet | 71.0 | 95.9"
    )
    assert [cell.label for cell in grid.cells] == [("fordnet",)] * 2


def test_a_table_is_read_as_rows_under_headings() -> None:
    grid = parse_grids(PAPER)[2]
    (cell,) = [cell for cell in grid.cells if cell.numeral.text == "43.87"]
    assert (cell.label, cell.head, cell.caption) == (
        ("wo", "gates"),
        ("lakebench", "large"),
        ("table", "3", "ablation"),
    )


def test_a_name_with_an_underscore_is_one_name() -> None:
    assert [name.text for name in find_names("TIDE_LARGE 与 TIDE_BASE 的得分，权重 W_q。")] == [
        "TIDE_LARGE",
        "TIDE_BASE",
    ]


ROWS = st.lists(
    st.tuples(st.sampled_from(["TideNet", "MoonNet", "StarNet", "FordNet"]), st.integers(100, 999)),
    min_size=2,
    max_size=4,
    unique_by=(lambda row: row[0], lambda row: row[1]),
)


@given(ROWS)
def test_every_value_is_right_for_its_own_row_and_wrong_for_another(
    rows: list[tuple[str, int]],
) -> None:
    table = "\n".join(
        ["Table 1 Scores.", "Model | Score", *(f"{name} | {value / 10}" for name, value in rows)]
    )
    (name, value), (other, _) = rows[:2]
    assert find_hints(f"{name} 的得分为 {value / 10}。", "", table, paper_text=table) == ()
    assert [
        hint.kind
        for hint in find_hints(f"{other} 的得分为 {value / 10}。", "", "", paper_text=table)
    ] == ["table"]


@pytest.mark.parametrize(
    ("statement", "quote", "context"),
    [
        # What something was before, what two numbers give, and what another sentence adds.
        ("准确率由 68.8% 升至 72.3%。", "it improved to 72.3%, not far from 73%.", "It was 68.8%."),
        ("准确率为 72.6%，高 25.6 个百分点。", "it scores 72.6%, and 94.3% on hills.", "47.0%"),
        (
            "每次处理 100 段，延迟 20 毫秒。",
            "the latency is 20 ms with 64 GB, in 512 boards.",
            "100 passages",
        ),
    ],
)
def test_numbers_from_beside_the_quote_are_left_alone(
    statement: str, quote: str, context: str
) -> None:
    hints = find_hints(statement, quote, context, paper_text=f"{PAPER}\n\n{context}")
    assert not any(hint.kind == "number" and hint.is_certain for hint in hints)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("Mechanical Turk 工人的准确率为 62%。", "MTurkers scored an accuracy of 62%."),
        (
            "四种方法中只有一种慢于播放速度。",
            "All but one of the methods run faster than playback.",
        ),
        (
            "FordNet 在全部数据集上优于 StarNet，PondBench 上则持平。",
            "With the exception of PondBench, FordNet is better than StarNet on all sets.",
        ),
    ],
)
def test_other_forms_of_names_and_exceptions_are_left_alone(statement: str, quote: str) -> None:
    hints = find_hints(statement, quote, "StarNet is old.", paper_text=PAPER)
    assert not any(hint.is_certain for hint in hints)


STATISTICS = (
    "The minority effect is α = 10 and the temperature β = 1.7, with σ = 5.0.\n\nDeep | σ | 4"
)


@pytest.mark.parametrize(
    ("statement", "quote", "value"),
    [
        # With what the values are of.
        ("少数派效应 α=1.7。", "", "1.7"),
        ("The temperature is β = 10.", "", "10"),
        ("例中取 z=8、l=4。", "with z = 5 and l = 4", "8"),
        # The same digits of another unit or scale.
        (
            "存储约需 16 GB 内存。",
            "storage requires about 16 terabytes of memory",
            "16 GB",
        ),
        ("预热约为 100 个周期。", "a warm-up of about 100,000 cycles", "100"),
        # Small counts that stand nowhere near.
        ("例中的路径长度是 7。", "In the example, the length of the path is 4.", "7"),
        ("用 16 电极装置记录。", "we recorded with a 12-electrode setup", "16"),
        # The only number of the same thing, and all values of a kind.
        ("有 13 篇论文表示人工评估昂贵。", "20 papers report that evaluation is expensive", "13"),
        (
            "Matches below 0.5 are dropped and at most five are shown.",
            "we drop matches scoring less than 0.3, and show at most five",
            "0.5",
        ),
        (
            "Lock has a throughput of 120 GB/s, and gate of 169 GB/s.",
            "lock has a throughput of 232 GB/s, and gate has 217 GB/s",
            "120 GB/s",
        ),
        # Another work.
        ("本文用的是 Kiln 等人（2002）的模型。", "focused on the Bornholm model (2001)", "Kiln"),
    ],
)
def test_values_are_held_to_what_they_are_of(statement: str, quote: str, value: str) -> None:
    text = f"{STATISTICS}\n\n{quote}"
    hints = find_hints(statement, quote, quote, paper_text=text)
    assert value in [hint.value for hint in hints if hint.is_certain]


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("少数派效应 α=10，温度 β=1.7。", ""),
        # In a table, a Latin letter, and a symbol that the paper has not.
        ("σ=4.0。", ""),
        ("p = 0.29。", ""),
        ("γ=4。", ""),
        ("例中的路径长度是 4，另有 7 条。", "the length of the path is 4; in the other example 7"),
        ("四种路径合起来有 7 条。", "four ways have 4 and 3 paths"),
        ("从 z=5 到 z=8 都一样。", "with z = 5 as before"),
        ("阈值取 z=8。", "with z = 5; later z is 8"),
        ("标普 500 的检验都拒绝了原假设。", "p-values well below the 0.05 threshold"),
        ("预热约为 100,000 个周期，共 100 次。", "a warm-up of about 100,000 cycles"),
        ("网络在 2 万个样本上训练，有两层。", "the network has two hidden layers of 64 units"),
        ("有 13 篇论文，其中 20 篇摘要。", "20 papers report that evaluation is expensive"),
        ("到第 9 层为 83.5%，第 12 层降到 76.8%。", "it grows up to layer 9, where it is 83.5%"),
        (
            "AUC was 67.6% for lock and 67.2% for gate.",
            "lock 67.6 gate 67.2 wall 64.3",
        ),
    ],
)
def test_what_is_written_with_its_value_and_right_is_left_alone(statement: str, quote: str) -> None:
    text = f"{STATISTICS}\n\n{quote}"
    hints = find_hints(statement, quote, quote, paper_text=text)
    assert [hint for hint in hints if hint.is_certain] == []


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        ("在湖上，TideNet 的得分只有 62.70，MoonNet 为 58.47。", ["table"]),
        ("在湖上，TideNet 的得分最高，为 62.70。", ["table"]),
        ("在湖上，TideNet 的得分高于 62.70，MoonNet 为 58.47。", []),
        ("在湖上，TideNet 在 Lake 上与之相比的得分是 62.70，MoonNet 为 58.47。", []),
    ],
)
def test_a_number_right_behind_a_name_is_of_its_row(statement: str, kinds: list[str]) -> None:
    rows = "TideNet | 61.32 | 64.18\nMoonNet | 58.47 | 66.05\nStarNet | 59.33 | 62.70"
    hints = find_hints(statement, "", rows, paper_text="")
    assert [hint.kind for hint in hints if hint.is_certain] == kinds
