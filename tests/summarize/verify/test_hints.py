"""What words alone tell against a statement."""

from typing import Any

import pytest

from chatpaper.summarize.verify.hints.detect import Hint, find_hints
from chatpaper.summarize.verify.hints.words import HintWords, load_hint_words

# Rows of these lists give hints of another kind's name.
KIND_OF = {"lost": "hedge"}
ROWS = [
    (KIND_OF.get(kind, kind), row)
    for kind in HintWords.model_fields
    for row in getattr(load_hint_words(), kind)
]

TABLE = """Table 2 Error rates on the river set.
model | top-1 | top-5
TideNet-18 | 27.94 | 9.33
TideNet-34 | 25.03 | 7.76
Plain-34 | 28.54 | 10.02"""

# A kind, a statement, a quote, a context.
WRONG = [
    ("number", "系统每秒处理 640 帧。", "The system processes 460 frames per second.", ""),
    ("number", "The set has 7,200 recordings.", "The set has 2,700 recordings.", ""),
    ("number", "訓練には 36 時間かかる。", "Training takes 63 hours.", ""),
    ("number", "准确率为 91.2%。", "The accuracy is 92.1%.", "The baseline reaches 91.2%."),
    ("number", "共有 5 个提示模板。", "There are three prompt templates.", ""),
    ("number", "数据采集于 2019 年。", "The data were collected in 2017.", ""),
    ("unit", "延迟为 35 秒。", "The latency is 35 ms.", ""),
    ("unit", "信噪比提高 3.2%。", "The signal-to-noise ratio rises by 3.2 dB.", ""),
    ("name", "作者在 RiverBench 上评测。", "We evaluate on LakeBench.", ""),
    ("name", "The code builds on TideFlow.", "The code builds on MoonFlow.", ""),
    ("table", "TideNet-34 的 top-5 错误率为 9.33%。", "TideNet-34 | 25.03 | 7.76", TABLE),
    (
        "table",
        "TideNet-18 の top-1 誤り率は 28.54% である。",
        "Error rates on the river set",
        TABLE,
    ),
    (
        "role",
        "RiverNet 的准确率为 71.5%，LakeNet 为 64.3%。",
        "RiverNet has 64.3% and LakeNet 71.5% accuracy.",
        "",
    ),
    (
        "role",
        "它比 Net-10 快 101%，比 Net-101 快 83%。",
        "It is 83% faster than Net-10, 101% faster than Net-101.",
        "",
    ),
    (
        "role",
        "RiverNet 和 LakeNet 分别为 8.1 和 7.2。",
        "We measure 7.2 for RiverNet and 8.1 for LakeNet.",
        "",
    ),
    ("direction", "缓存使延迟增加 30%。", "Caching reduces latency by 30%.", ""),
    ("direction", "Caching increases latency by 30%.", "Caching reduces latency by 30%.", ""),
    ("direction", "キャッシュにより遅延は 30% 増加した。", "Caching reduces latency by 30%.", ""),
    ("direction", "错误率由 0.42 升至 0.61。", "The error rate falls from 0.61 to 0.42.", ""),
    ("role", "LakeNet 优于 RiverNet。", "RiverNet outperforms LakeNet on the river set.", ""),
    ("direction", "RiverNet 劣于 LakeNet。", "RiverNet outperforms LakeNet on the river set.", ""),
    ("role", "LakeNet is better than RiverNet.", "RiverNet is better than LakeNet.", ""),
    ("role", "LakeNet は RiverNet を上回る。", "RiverNet outperforms LakeNet.", ""),
    (
        "direction",
        "共享特征缩短了训练时间，但增加了测试时间。",
        "Sharing increases training time, but reduces test time.",
        "",
    ),
    ("cause", "由于训练数据的噪声，作者冻结编码器。", "We freeze the encoder to save memory.", ""),
    (
        "name",
        "模型以 RiverNet-101 为骨干。",
        "The backbone is RiverNet-50.",
        "We also tried RiverNet-101.",
    ),
    ("role", "作者选择测试而不是训练。", "We favor training over testing.", ""),
    (
        "role",
        "训练用 9,741 张图像，测试用 1,247 张。",
        "Testing takes 9,741 images, training takes 1,247.",
        "",
    ),
    ("direction", "去掉跳跃连接会提高精度。", "Removing skip connections degrades accuracy.", ""),
    (
        "negation",
        "它改变了训练误差，但没有改变测试时间。",
        "It did not change the training error. It changed the testing time.",
        "",
    ),
    (
        "superlative",
        "方法取得当前最优结果。",
        "It is better than the plain encoder.",
        "between best and worst results",
    ),
    ("negation", "训练不使用标签平滑。", "Training uses label smoothing.", ""),
    ("negation", "训练使用标签平滑。", "Training does not use label smoothing.", ""),
    ("negation", "Training uses label smoothing.", "Training does not use label smoothing.", ""),
]

RIGHT = [
    ("系统每秒处理 460 帧。", "The system processes 460 frames per second.", ""),
    ("准确率比基线高 2.8 个百分点。", "The accuracy is 92.1%, that of the baseline 89.3%.", ""),
    ("延迟为 0.035 秒。", "The latency is 35 ms.", ""),
    ("数据采集于 2017 年。", "The data were collected in 2017.", ""),
    ("TideNet-34 的 top-5 错误率为 7.76%。", "TideNet-34 | 25.03 | 7.76", TABLE),
    ("TideNet-34 比 TideNet-18 的 27.94 低。", "TideNet-34 | 25.03 | 7.76", TABLE),
    (
        "RiverNet 的准确率为 64.3%，LakeNet 为 71.5%。",
        "RiverNet has 64.3% and LakeNet 71.5% accuracy.",
        "",
    ),
    (
        "RiverNet 和 LakeNet 分别为 7.2 和 8.1。",
        "We measure 7.2 for RiverNet and 8.1 for LakeNet.",
        "",
    ),
    ("RiverNet 优于 LakeNet。", "RiverNet outperforms LakeNet on the river set.", ""),
    ("LakeNet 不如 RiverNet。", "RiverNet outperforms LakeNet on the river set.", ""),
    ("LakeNet is outperformed by RiverNet.", "RiverNet outperforms LakeNet on the river set.", ""),
    ("错误率由 0.61 降至 0.42。", "The error rate falls from 0.61 to 0.42.", ""),
    ("与现有最好的方案相比，陶窑每天烧两次。", "The kiln is fired twice a day.", ""),
    ("作者选择训练而不是测试。", "We favor training over testing.", ""),
    (
        "训练用 9,741 张图像，测试用 1,247 张。",
        "Testing takes 1,247 images, training takes 9,741.",
        "",
    ),
    ("TideNet-34 的 top-1 错误率低 2.91。", "TideNet-34 | 25.03 | 7.76", TABLE),
    (
        "它比 Net-10 快 83%，比 Net-101 快 101%。",
        "It is 83% faster than Net-10, 101% faster than Net-101.",
        "",
    ),
    ("过拟合引起了误差。", "The error is caused by overfitting.", ""),
    (
        "深层网络的退化并非由过拟合造成。",
        "The degradation of deep networks is not caused by overfitting.",
        "",
    ),
    ("降低了误差。", "It improves accuracy.", ""),
    ("缓存使延迟降低 30%。", "Caching reduces latency by 30%.", ""),
    ("误差没有增加。", "The error is not reduced by this.", ""),
    ("预训练是无监督的。", "Pre-training is unsupervised.", ""),
    ("训练不仅使用标签平滑，还使用混合。", "Training uses label smoothing and mixing.", ""),
    ("训练无需标签。", "Training works without labels.", ""),
    ("训练摆脱了标签。", "Training works without labels.", ""),
]


def hints_of(statement: str, quote: str, context: str = "") -> tuple[Hint, ...]:
    return find_hints(statement, quote, context, paper_text=f"{quote}\n\n{context}")


@pytest.mark.parametrize(
    ("kind", "row"), ROWS, ids=lambda value: value if isinstance(value, str) else value.wrong[0]
)
def test_each_row_of_the_word_lists(kind: str, row: Any) -> None:
    statement, evidence = row.wrong
    assert kind in [hint.kind for hint in hints_of(statement, evidence)]
    statement, evidence = row.right
    assert hints_of(statement, evidence) == ()


@pytest.mark.parametrize(("kind", "statement", "quote", "context"), WRONG)
def test_what_the_evidence_does_not_say_gets_a_hint(
    kind: str, statement: str, quote: str, context: str
) -> None:
    assert kind in [hint.kind for hint in hints_of(statement, quote, context)]


@pytest.mark.parametrize(("statement", "quote", "context"), RIGHT)
def test_what_the_evidence_says_gets_none(statement: str, quote: str, context: str) -> None:
    assert hints_of(statement, quote, context) == ()


def test_a_hint_says_what_stands_against_what() -> None:
    (hint,) = hints_of("缓存使延迟增加 30%。", "Caching reduces latency by 30%.")
    assert hint == Hint(
        "direction", "增加", "The statement says '增加'; the quoted words say 'reduces'.", True
    )


def test_a_statement_without_a_quote_is_held_against_the_sentence_that_is_like_it() -> None:
    context = "Caching reduces the latency of training on the river set. Another sentence follows."
    (hint,) = find_hints("缓存使 river set 上训练的延迟增加。", "", context, paper_text=context)
    assert (hint.kind, hint.is_certain) == ("direction", False)
    assert find_hints("缓存使 river set 上训练的延迟降低。", "", context, paper_text=context) == ()


def test_a_statement_without_evidence_is_held_against_the_paper_alone() -> None:
    assert (
        find_hints("延迟为 35 秒，缓存使它增加。", "", "", paper_text="The latency is 35 ms.") == ()
    )
    (hint,) = find_hints("作者首次测量了延迟。", "", "", paper_text="We measure the latency.")
    assert (hint.kind, hint.is_certain) == ("superlative", True)


@pytest.mark.parametrize("quote", [right[1] for right in RIGHT])
def test_a_statement_that_copies_its_quote_gets_no_hint(quote: str) -> None:
    assert hints_of(quote, quote) == ()
