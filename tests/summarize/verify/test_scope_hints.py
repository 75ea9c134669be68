"""Claims about all of something that the paper says of a part, or that a table contradicts."""

import pytest

from chatpaper.summarize.verify.hints.detect import find_hints

PAPER = """\
Three raters labelled the archive. All letters were read twice.

We randomly selected 40 letters from the archive. Two raters then compared the transcripts. \
They preferred ours for 62.5% of the letters, twice as often as the old ones.

Of the letters, 91.3% were legible. Among these legible letters, 88.7% had a date. \
The recall over all letters is 74.25%.

The loss is cut by a margin of 12.9 points. Decoding is 3.75 times as fast, and a batch takes \
1.85ω at most.

Table 1 Results on NewsWire.
Method | Precision | Recall
ChartNet | 71.4 | 64.9
GraphNet-0912 | 78.2 | 66.3
TreeNet | 75.9 | 69.0
w/o [Attend] | 79.6 | 60.7

Table 2 Results on MailThreads.
Method | Precision | Recall
ChartNet | 61.4 | 44.9
GraphNet-0912 | 58.2 | 46.3
TreeNet | 65.9 | 49.0
TreeNet-ensemble | 66.8 | 50.1

Table 3 Scores of the tasks.
Method | QuizBank | LawNotes | DebateSet
GraphNet-0912 | 31.2 | 42.7 | 53.3
TreeNet | 35.9 | 41.5 | 56.8
"""


def certain(statement: str, quote: str = "") -> list[str]:
    hints = find_hints(statement, quote, quote, paper_text=PAPER)
    return [hint.kind for hint in hints if hint.is_certain]


@pytest.mark.parametrize(
    ("statement", "quote", "kind"),
    [
        ("在全部信件中，88.7% 标有日期。", "", "scope"),
        ("在所有样本中，62.5% 的新版转录更受偏好。", "", "scope"),
        ("Of all documents, 88.7% had a date.", "", "scope"),
        (
            "在整个 LetterBank 测试集上，评审更偏好新版转录，是旧版的两倍。",
            "They preferred ours for 62.5% of the letters, twice as often as the old ones.",
            "scope",
        ),
    ],
)
def test_a_result_on_a_part_is_not_one_on_the_whole(statement: str, quote: str, kind: str) -> None:
    assert kind in certain(statement, quote)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("在可辨认的信件中，88.7% 标有日期。", ""),
        ("所有样本上的召回率为 74.25%。", ""),
        ("Over all documents the recall is 74.25%.", ""),
        ("随机抽取 40 封，在全部样本中 62.5% 更偏好新版。", ""),
        (
            "随机抽取的 40 个样本中，评审更偏好新版转录，是旧版的两倍。",
            "They preferred ours for 62.5% of the letters, twice as often as the old ones.",
        ),
        ("所有数据均被读过两遍。", "All letters were read twice."),
    ],
)
def test_results_with_what_they_are_of_are_left_alone(statement: str, quote: str) -> None:
    assert certain(statement, quote) == []


@pytest.mark.parametrize(
    "statement",
    [
        "在 NewsWire 上，TreeNet 的精确率和召回率均高于所有基线。",
        "TreeNet 的精确率优于其他所有方法。",
        "On NewsWire the Precision of TreeNet is higher than that of all other methods.",
        "TreeNet 在所有任务上都优于 GraphNet-0912。",
    ],
)
def test_what_a_table_has_higher_is_not_below_it(statement: str) -> None:
    assert "scope" in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "在 NewsWire 上，TreeNet 的召回率高于所有基线。",
        # A variant of its own is no rival.
        "在 MailThreads 上，TreeNet 的精确率和召回率均高于所有基线。",
        "除 GraphNet 外，TreeNet 的精确率高于所有方法。",
        "On MailThreads the Precision of TreeNet is higher than that of all other methods.",
        "TreeNet 在两个任务上优于 GraphNet-0912。",
        "GraphNet-0912 的精确率在 NewsWire 上高于所有未做消融的方法。",
    ],
)
def test_what_is_highest_is_left_alone(statement: str) -> None:
    assert certain(statement) == []


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("损失降低了 12.9 倍。", "unit"),
        ("去掉 [Attend] 后，精确率从 79.6 降至 75.9。", "direction"),
        ("Without Attend, precision goes from 79.6 to 75.9.", "direction"),
    ],
)
def test_multiples_and_removals_are_held_against_the_paper(statement: str, kind: str) -> None:
    assert kind in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "损失降低了 12.9 个点。",
        "解码速度是原来的 3.75 倍。",
        "一个批次最多用 1.85 倍 ω。",
        "去掉 [Attend] 后，精确率从 75.9 升至 79.6，召回率从 69.0 降至 60.7。",
        "加入 [Attend] 后，精确率从 79.6 降至 75.9。",
    ],
)
def test_multiples_and_removals_of_the_paper_are_left_alone(statement: str) -> None:
    assert certain(statement) == []
