"""Steps in the other order than the paper gives them."""

import pytest

from chatpaper.summarize.verify.hints.detect import find_hints

PAPER = """\
The decision token is generated before the rationale, so that it can serve as a reward.

We transform each recording into the feature space, before summarising it by mean and deviation.

The layers are frozen only after the embedding has been normalised.

Documents are filtered for duplicates, followed by a clustering of the embeddings.

Compared with a setting where images are cropped before being scaled, nothing changes."""


def certain(statement: str) -> list[str]:
    hints = find_hints(statement, "", "", paper_text=PAPER)
    return [hint.kind for hint in hints if hint.is_certain]


@pytest.mark.parametrize(
    "statement",
    [
        "模型先写出理由，再生成判断词元。",
        "先以平均值和标准差概括录音，然后变换到特征空间。",
        "まず平均と標準偏差で要約し、その後に録音を特徴に変換する。",
        "It first writes a rationale and then generates the decision token.",
        "先对文档嵌入做聚类，再过滤重复的文档。",
    ],
)
def test_steps_in_reverse_are_told(statement: str) -> None:
    assert "direction" in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "模型先生成判断词元，再写出理由。",
        "模型先写出理由再生成判断词元时，效果相当。",
        "先把录音变换到特征空间，然后以平均值和标准差概括。",
        "まず録音を特徴に変換し、その後に平均と標準偏差で要約する。",
        "It first generates the decision token and then writes a rationale.",
        "先归一化嵌入，再冻结各层。",
        "先缩放图像，再裁剪图像。",  # of which the paper tells as of a variant only
        "先训练编码器，再训练解码器。",
        "先过滤重复的文档，再对嵌入做聚类。",
    ],
)
def test_steps_in_order_are_left_alone(statement: str) -> None:
    assert certain(statement) == []
