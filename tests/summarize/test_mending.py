"""Faults of form that need no second call, and what must stay as it is."""

import pytest

from chatpaper.domain import Claim, Field
from chatpaper.prompts import Prompts
from chatpaper.summarize.checks import complaints_about
from chatpaper.summarize.mending import tidied

TEXT = Field("summary", "text", "What was done?")


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (
            "判别网络使用 maxout[10] 激活，数据为 MNIST [23] 与 CIFAR-10[21, 22]。",
            "判别网络使用 maxout 激活，数据为 MNIST 与 CIFAR-10。",
        ),
        ("丢弃 [17] 在训练时应用，", "丢弃在训练时应用"),
        ("摘要：模型收敛。", "模型收敛。"),
        ("Title: 噪声的核", "噪声的核"),
        ("模型收敛。该框架有许多直接的扩展：", "模型收敛。"),
        (
            "步长取自区间 [1, 10]，噪声为[1, 4]。",
            "步长取自区间 [1, 10]，噪声为[1, 4]。",
        ),
        ("输入归一化到 [0, 1]，即 x ∈ [1, 5]。", "输入归一化到 [0, 1]，即 x ∈ [1, 5]。"),
        ("损失为 $a[1]$，共分三步：编码、采样、解码。", "损失为 $a[1]$，共分三步：编码、采样、解码。"),
        ("Ng et al. [20] 提出了这种分类。", "Ng et al. 提出了这种分类。"),
    ],
)
def test_numbers_of_references_and_open_ends_are_left_out(text: str, mended: str) -> None:
    zh = Prompts.load().language("zh")
    assert tidied(TEXT, text, zh) == mended
    claims = Field("key_takeaways", "claims", "?", max_items=3)
    assert tidied(claims, (Claim(text, "quote [1]"),), zh) == (Claim(mended, "quote [1]"),)


def test_institutions_lose_their_numbers() -> None:
    printed = Field("affiliations", "text", "Who?", written_in="paper", max_characters=200)
    zh = Prompts.load().language("zh")
    numbered = "1.  University of the Coast, MI 48109, USA, 2.  Harbour University 2. 3) Institute of Sorting."
    listed = "University of the Coast, MI 48109, USA; Harbour University 2; Institute of Sorting"
    assert tidied(printed, numbered, zh) == listed
    assert tidied(printed, "Harbour University 2. Paris", zh) == "Harbour University 2. Paris"
    assert tidied(TEXT, "1. 先训练，2. 再取整。", zh) == "1. 先训练，2. 再取整。"


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (
            "University of the Coast, Ann Harbour; Tsinghua University",
            "University of the Coast, Ann Harbour; Tsinghua University",
        ),
        ("Coast State University, Ann Harbour; Tsinghua University, Beijing", "Tsinghua University"),
        ("Coast State University, Ann Harbour, Tsinghua University", "Ann Harbour, Tsinghua University"),
        ("Université de Montréal", "Université de Montréal"),
        ("Coast State University", ""),
        ("伦敦大学, University of the Coast", "University of the Coast"),
        ("清华大学, University of the Coast", "清华大学, University of the Coast"),
    ],
)
def test_an_institution_that_the_paper_does_not_name_is_left_out(answer: str, kept: str) -> None:
    printed = Field("affiliations", "text", "Who?", written_in="paper", max_characters=200)
    addresses = (
        "\u00b9 Univer-\nsity of the Coast, Ann Harbour\n\u00b2 Tsinghua University 清华大学, Universit´e de Montr´eal"
    )
    paper = f"A. Brook\u00b9, L. Wei\u00b2\n{addresses}"
    assert tidied(printed, answer, Prompts.load().language("zh"), paper) == kept


def test_institutions_stand_once() -> None:
    printed = Field("affiliations", "text", "Who?", min_items=0, written_in="paper", need="may", max_characters=240)
    zh = Prompts.load().language("zh")
    same = "Google Inc., Google Inc., Google Inc., Mountain View, Mountain View; University of York, York"
    assert tidied(printed, same, zh) == "Google Inc., Mountain View; University of York, York"
    assert tidied(TEXT, "卷积层、卷积层、池化层各一。", zh) == "卷积层、卷积层、池化层各一。"


def test_what_breaks_off_makes_way_or_is_complained_about_once() -> None:
    zh = Prompts.load().language("zh")
    whole, open_end = Claim("训练准则的全局最小值在分布相同时取得。"), Claim("两个网络的目标是：")
    claims = Field("key_takeaways", "claims", "?", max_items=3)
    assert tidied(claims, (whole, open_end), zh) == (whole,)
    assert tidied(TEXT, open_end.text, zh) == open_end.text
    assert "breaks off" in "".join(complaints_about(TEXT, open_end.text, zh, ()))
    assert tidied(TEXT, open_end.text, zh, was_told=True) == "两个网络的目标是"
    assert tidied(claims, (open_end,), zh) == (open_end,)
    assert tidied(claims, (whole, open_end), zh, was_told=True) == (whole,)
    assert tidied(claims, (open_end,), zh, was_told=True) == (Claim("两个网络的目标是"),)


def test_items_of_a_list_lose_the_marks_that_posts_give_them() -> None:
    zh = Prompts.load().language("zh")
    steps = Field("method_steps", "list", "?", min_items=2, max_items=6)
    marked = (
        "1. 训练教师模型。",
        "2、平均其预测。",
        "（3）训练学生模型。",
        "- 部署学生模型。",
        "• 测量延迟。",
        "0.5 为阈值。",
    )
    assert tidied(steps, marked, zh) == (
        *("训练教师模型。", "平均其预测。", "训练学生模型。", "部署学生模型。", "测量延迟。", "0.5 为阈值。"),
    )
    assert tidied(TEXT, "1. 训练教师模型。", zh) == "1. 训练教师模型。"


def test_a_statement_in_the_words_of_the_paper_makes_way_or_is_complained_about() -> None:
    field = Field("key_takeaways", "claims", "?", min_items=1, max_items=5, max_characters=90)
    english = Claim("insensitive to hyperparameters.", "insensitive to hyperparameters.")
    chinese = Claim("对超参数不敏感。", "insensitive to hyperparameters.")
    zh = Prompts.load().language("zh")
    assert tidied(field, (english, chinese), zh) == (chinese,)
    assert tidied(field, (english,), zh) == (english,)
    assert complaints_about(field, (english, chinese), zh, ()) == (
        "key_takeaways: is not in Simplified Chinese: insensitive to hyperparameters.",
    )


def test_a_list_loses_what_is_too_long_or_was_said_as_far_as_it_can_spare_it() -> None:
    field = Field("key_takeaways", "claims", "?", min_items=2, max_items=5, max_characters=20)
    zh = Prompts.load().language("zh")
    first, second = Claim("排序网络由数据决定比较器的位置。"), Claim("误差下降一半。排序网络由数据决定比较器的位置。")
    endless = Claim("排序网络的深度" + "以及比较器的个数" * 20)
    assert tidied(field, (first, second, endless), zh) == (first, Claim("误差下降一半。"))
    assert tidied(field, (first, endless), zh) == (first, endless)
    assert tidied(field, (first, endless), zh, was_told=True) == (first,)


def test_a_model_that_was_told_may_be_less_brief_but_not_endless() -> None:
    field = Field("key_takeaways", "claims", "?", min_items=1, max_items=5, max_characters=20)
    zh = Prompts.load().language("zh")
    twice_as_long = Claim("排序网络由数据决定比较器的位置，深度因此减少，误差也随之下降，训练所需的时间更短")
    assert complaints_about(field, (twice_as_long,), zh, ()) == (), "not worth a call"
    long = Claim(f"{twice_as_long.text}，成本更低")
    assert tidied(field, (long,), zh, was_told=True) == (long,)
    assert "too long" in "".join(complaints_about(field, (long,), zh, ()))
    assert complaints_about(field, (long,), zh, (), was_told=True) == ()
    assert "too long" in "".join(complaints_about(field, (Claim(long.text * 3),), zh, (), was_told=True))


def test_choices_that_are_none_are_left_out_where_there_are_others() -> None:
    field = Field("tags", "choices", "?", min_items=0, max_items=4, vocabulary=("扩散模型", "图像生成"))
    zh = Prompts.load().language("zh")
    assert tidied(field, ("扩散模型", "风景画"), zh) == ("扩散模型",)
    assert tidied(field, ("风景画",), zh) == ("风景画",)
    assert tidied(field, ("风景画",), zh, was_told=True) == ()
