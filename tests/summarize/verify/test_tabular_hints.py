"""Statements that the rows and columns of a paper's tables contradict."""

import pytest

from chatpaper.summarize.verify.hints.detect import find_hints

PAPER = """\
We train a parser of 7 billion weights and compare it with two others.

On held-out data the share of exact trees is 46.12 for the whole corpus.

Table 1 Accuracy on NewsWire.
Method | Precision | Recall | Recall@5 | Recall@10
ChartNet | 71.4 | 64.93 | 70.15 | 78.25
GraphNet | 68.2 | 66.37 | 72.41 | 80.66
TreeNet | 75.9 | 69.05 | 74.38 | 83.91
TreeNet w/o Attention | 70.6 | 63.87 | 69.44 | 77.02

Table 2 Exact match of the scaled models.
Model | QuizBank | LawNotes
TreeNet-7B | 51.27 | 33.95
TreeNet-14B | 56.81 | 39.46
GraphNet-14B | 58.33 | 37.72

Table 3 Zero-shot results on MailThreads.
Model | Exact | Partial
TreeNet-7B | 27.13 | 41.68
GraphNet-14B | 29.54 | 44.17

Table 4 Test error in percent, lower is better.
Model | First run | Second run
TreeNet | 12.61 | 12.83
ChartNet | 14.92 | 15.07
"""


def certain(statement: str, quote: str = "") -> list[str]:
    hints = find_hints(statement, quote, quote, paper_text=PAPER)
    return [hint.value for hint in hints if hint.is_certain]


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        # The rival has the higher number in the column of the stated one.
        (
            "在 NewsWire 上 ChartNet 的精确率低于 TreeNet，其召回率 64.93 却超过了 GraphNet。",
            "超过了",
        ),
        ("TreeNet-14B 在 QuizBank 上达到 56.81，优于同规模的 GraphNet-14B。", "优于"),
        ("TreeNet-14B reaches 56.81 on QuizBank and outperforms GraphNet-14B.", "outperforms"),
        ("GraphNet-14B 在 LawNotes 上得到 37.72，比 TreeNet-14B 高。", "比 TreeNet-14B 高"),
    ],
)
def test_a_rival_with_the_better_number_is_not_surpassed(statement: str, value: str) -> None:
    assert value in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "TreeNet-14B 在 LawNotes 上达到 39.46，优于 GraphNet-14B。",
        "TreeNet-14B 在 QuizBank 上为 56.81，低于 GraphNet-14B。",
        "在 NewsWire 上 GraphNet 的召回率 66.37 超过 ChartNet，仍不及 TreeNet。",
        "TreeNet reaches a recall of 69.05, higher than GraphNet with 66.37.",
        "TreeNet 的首轮测试误差为 12.61，优于 ChartNet。",  # the smaller error is the better one
        "TreeNet-14B 在 QuizBank 上为 56.81，未能超过 GraphNet-14B。",
        # The number is a difference, which no row has to have.
        "TreeNet-14B 在 QuizBank 上比 TreeNet-7B 高 5.54，但 GraphNet-14B 更好。",
        "TreeNet 的召回率为 69.05，比 ChartNet 高 4.12 个百分点，比 GraphNet 高 2.68 个百分点。",
        "TreeNet 的精确率比 ChartNet 高 4.5 个百分点，为 75.9。",
    ],
)
def test_a_rival_that_is_surpassed_is_left_alone(statement: str) -> None:
    assert certain(statement) == []


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("GraphNet 的召回率为 64.93，低于 ChartNet 的 66.37。", "64.93"),
        ("TreeNet 为 66.37，GraphNet 为 69.05。", "66.37"),
        ("TreeNet-7B（27.13），ChartNet（68.2），GraphNet（71.4）。", "68.2"),
    ],
)
def test_numbers_that_two_names_have_exchanged_are_told(statement: str, value: str) -> None:
    assert value in certain(statement)


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("完整的 TreeNet 在 NewsWire 上的召回率为 63.87。", "63.87"),
        ("TreeNet 的精确率为 70.6，高于 GraphNet 的 68.2。", "70.6"),
        ("On NewsWire, the recall of TreeNet is 63.87.", "63.87"),
    ],
)
def test_a_number_of_an_ablation_is_not_that_of_the_whole(statement: str, value: str) -> None:
    assert value in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "去掉注意力后，TreeNet 的召回率为 63.87。",
        "不用注意力的 TreeNet 精确率为 70.6。",
        "TreeNet 的召回率为 69.05，精确率为 75.9，均高于 GraphNet 的 66.37 和 68.2。",
        "TreeNet w/o attention reaches a recall of 63.87.",
        "召回率方面，TreeNet 为 69.05，GraphNet 为 66.37，ChartNet 为 64.93。",
        "注意力なしの TreeNet の再現率は 63.87 である。",
    ],
)
def test_numbers_beside_their_own_names_are_left_alone(statement: str) -> None:
    assert certain(statement) == []


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("TreeNet 的 Recall@5 为 83.91。", "83.91"),
        ("在 NewsWire 上，TreeNet 的精确率为 69.05。", "69.05"),
        ("TreeNet の適合率は 69.05 であった。", "69.05"),
        ("TreeNet-14B 在 LawNotes 上为 56.81。", "56.81"),
        ("For GraphNet the table gives a Recall@10 of 72.41.", "72.41"),
    ],
)
def test_a_number_under_another_heading_is_told(statement: str, value: str) -> None:
    assert value in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "TreeNet 的 Recall@10 为 83.91，Recall@5 为 74.38。",
        "TreeNet 的召回率（前 10 个结果）为 83.91。",  # a recall at some depth
        "TreeNet-14B 在 QuizBank 和 LawNotes 上分别为 56.81 和 39.46。",
        "TreeNet の再現率は 69.05、適合率は 75.9 である。",
        "整个语料上的召回率为 46.12。",  # the text has it
    ],
)
def test_a_number_under_its_own_heading_is_left_alone(statement: str) -> None:
    assert certain(statement) == []


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("TreeNet 的 7B 模型在 QuizBank 上得分 56.81。", "56.81"),
        ("经过 5-shot 提示，模型在 MailThreads 上得到 27.13。", "27.13"),
        ("With 5-shot prompts the exact score on MailThreads is 29.54.", "29.54"),
        ("5 样本设置下 MailThreads 的部分匹配为 44.17。", "44.17"),
    ],
)
def test_a_number_of_another_setting_is_told(statement: str, value: str) -> None:
    assert value in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "TreeNet 的 14B 模型在 QuizBank 上得分 56.81。",
        "14B 的两个模型中，TreeNet 为 56.81；7B 的 TreeNet 为 51.27。",
        "零样本下 MailThreads 的精确匹配为 27.13，14B 的 GraphNet 为 29.54。",
        "用 350B token 训练后，QuizBank 上得分 56.81。",  # no size of a model
        "TreeNet reaches 69.05 on the test set.",  # the table says nothing of sets
    ],
)
def test_a_number_of_its_own_setting_is_left_alone(statement: str) -> None:
    assert certain(statement) == []


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("与 ChartNet 相比，TreeNet 的召回率相对提升了 4.12%。", "4.12%"),
        ("相比 GraphNet，TreeNet 的精确率提高了 11.29 个百分点。", "11.29 个百分点"),
        ("以 ChartNet 的召回率为基数，TreeNet 高出 4.12%。", "4.12%"),
        ("误差从 12.61% 升至 15.07%，即上升 19.51 个百分点。", "19.51 个百分点"),
        ("It falls from 40.15% to 30.05%, a relative reduction of 10.1%.", "10.1%"),
    ],
)
def test_points_and_relative_changes_are_told_apart(statement: str, value: str) -> None:
    assert value in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "与 ChartNet 相比，TreeNet 的召回率提升了 4.12 个百分点。",
        "相比 ChartNet，TreeNet 的召回率相对提高 6.35%。",
        "TreeNet 的召回率相对 ChartNet 高 4.12%。",  # 相对 says only what is compared with
        "误差从 40.15% 降到 30.05%，即 10.1 个百分点，相对下降 25.16%。",
        "It falls from 40.15% to 30.05%, a relative reduction of 25.16%.",
    ],
)
def test_changes_in_their_own_measure_are_left_alone(statement: str) -> None:
    assert certain(statement) == []
