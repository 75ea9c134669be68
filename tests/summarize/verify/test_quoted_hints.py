"""What the words of a quote alone tell against a statement, without a second reader."""

import pytest

from chatpaper.summarize.verify.hints.detect import find_hints


def certain(statement: str, quote: str, paper_text: str = "") -> list[str]:
    hints = find_hints(statement, quote, quote, paper_text=paper_text or quote)
    return [hint.kind for hint in hints if hint.is_certain]


@pytest.mark.parametrize(
    ("statement", "quote", "kind"),
    [
        (
            "去掉跳跃连接会提高精度。",
            "removing the skip connections degrades accuracy",
            "direction",
        ),
        (
            "加入平滑后，识别结果一致改善。",
            "recognition was consistently worse once smoothing was added",
            "direction",
        ),
        (
            "平滑処理を加えると、認識は改善した。",
            "Recognition degraded when smoothing was applied.",
            "direction",
        ),
        (
            "引入词典会提升标注的一致性。",
            "Adding the dictionary hurts the agreement of the labels.",
            "direction",
        ),
        # What was chosen, and what was not.
        (
            "误差主要源于方差，而不是偏差。",
            "the error stems mainly from bias rather than variance",
            "role",
        ),
        # Most, some and exceptions.
        ("所有受试者的得分都为零。", "the score of most subjects was zero", "scope"),
        (
            "无论数据大小，阈值都有效。",
            "the threshold did not help in general, except with small data",
            "scope",
        ),
        ("この手法は常に収束する。", "The method usually converges.", "scope"),
        ("The filter helps in every case.", "The filter helps in some cases.", "scope"),
        # Hedges.
        ("瓶颈在于磁盘读取。", "The bottleneck may be reading from the disk.", "hedge"),
        ("这一差距来自采样率。", "The gap seems to come from the sampling rate.", "hedge"),
        ("能耗降低 35%。", "It cuts the energy by up to 35%.", "hedge"),
        # The number belongs to the name of the rival.
        (
            "该模型得分 79.8，略高于 Orion-mini。",
            "It scores 79.8, slightly surpassing Orion-1217.",
            "name",
        ),
    ],
)
def test_a_statement_that_its_quote_contradicts_is_told(
    statement: str, quote: str, kind: str
) -> None:
    assert kind in certain(statement, quote)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("加入平滑后，识别结果一致变差。", "recognition was consistently worse with smoothing"),
        ("平滑改善了识别。", "Recognition degrades when smoothing is removed."),
        ("跳跃连接提升了精度。", "Without the skip connections, accuracy degrades."),
        ("去掉平滑会使识别变差。", "smoothing improves the recognition"),
        ("平滑処理を加えると、認識は悪化した。", "Recognition degraded with smoothing."),
        ("误差主要源于偏差，而不是方差。", "the error stems from bias rather than variance"),
        ("误差主要源于偏差而非方差。", "variance matters less than bias for the error"),
        ("大多数受试者的得分为零。", "the score of most subjects was zero"),
        (
            "阈值总体上无效，只在小数据时除外。",
            "it did not help in general, except with small data",
        ),
        ("所有受试者都完成了两轮。", "all subjects completed both rounds, most of them twice"),
        ("整个训练只需十小时。", "has a training time of only 10 hours"),
        ("所有图像都取自最近的存档。", "images are taken from the most recent archive"),
        ("瓶颈可能在于磁盘读取。", "The bottleneck may be reading from the disk."),
        ("作者推测差距来自采样率。", "The gap seems to come from the sampling rate."),
        ("能耗最多降低 35%。", "It cuts the energy by up to 35%."),
        ("电场的作用到 100 Hz 仍然存在。", "the effect persists up to 100 Hz"),
        ("该模型得分 79.8，略高于 Orion。", "It scores 79.8, slightly surpassing Orion-1217."),
        # The word for a fall belongs to a number that the quote does not have.
        (
            "准确率到第 9 层为 83.5%，在第 12 层降到 76.8%。",
            "Accuracy grows up to layer 9, where it is 83.5%",
        ),
    ],
)
def test_a_statement_that_its_quote_allows_is_left_alone(statement: str, quote: str) -> None:
    assert certain(statement, quote) == []


TABLES = """\
Reading takes 41.5 seconds a page.

Starting from the dictionary, the final agreement of the annotators is 87.35 percent.

On LawNotes the annotators worked in pairs, for 3 days.

Table 1 Agreement of the annotators.
Method | AIME 2024 | LawNotes | MailThreads
ChartNet (ours) | 61.4 | 55.9 | 72.8
GraphNet | 63.7 | 52.6 | 70.1
TreeNet | 58.2 | 57.3 | 69.6
"""


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("LawNotes 的一致率：GraphNet 57.3，TreeNet 为 52.6。", "table"),
        ("GraphNet 为 57.3，ChartNet 为 55.9，TreeNet 为 57.3。", "table"),
    ],
)
def test_a_number_beside_a_name_that_has_its_own_row_is_told(statement: str, kind: str) -> None:
    assert kind in certain(statement, "", TABLES)


@pytest.mark.parametrize(
    "statement",
    [
        "以词典为起点，标注一致率总体达到 87.35%。",
        "LawNotes 的一致率：GraphNet 52.6，TreeNet 为 57.3。",
        "ChartNet 在 AIME 2024 上为 61.4，低于 GraphNet 的 63.7。",
    ],
)
def test_a_number_in_its_own_row_is_left_alone(statement: str) -> None:
    assert certain(statement, "", TABLES) == []


def test_a_row_of_a_combination_has_the_name_of_its_part() -> None:
    statement = "加一条 BM25 负例后，top-5 由 55.8 升到 65.8。"
    quote = "adding a BM25 negative improves the result"
    table = "Negatives | top-5\nGold | 55.8\nG.+BM25(1) | 65.8"
    hints = find_hints(statement, quote, table, paper_text=f"{quote}\n\n{table}")
    assert not any(hint.is_certain for hint in hints)
