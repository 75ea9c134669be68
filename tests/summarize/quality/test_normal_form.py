"""Faults of form that need no second call, and what must stay as it is."""

from dataclasses import replace

import pytest

from chatpaper.domain import Claim, Field
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.form import find_unusable, normalize_answer

TEXT = Field("summary", "text", "What was done?")


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Ng et al. [20] 提出了这种分类。", "Ng et al. 提出了这种分类。"),
        (
            "判别网络使用 maxout[10] 激活，数据为 MNIST [23][24] 与别的。",
            "判别网络使用 maxout 激活，数据为 MNIST 与别的。",
        ),
        ("文献 [4] 定义了可同步性，与 [12] 相同。", "文献 [4] 定义了可同步性，与 [12] 相同。"),
        ("The gate is that in [4] of Ng [9].", "The gate is that in [4] of Ng."),
        ("丢弃 [17] 在训练时应用，", "丢弃在训练时应用"),
        ("总结：模型收敛。", "模型收敛。"),
        ("Summary: 噪声的核", "噪声的核"),
        ("模型收敛。该框架有许多直接的扩展：", "模型收敛。"),
        ("步长取自区间 [1, 10]，噪声为[1, 4]。", "步长取自区间 [1, 10]，噪声为[1, 4]。"),
        (
            "输入归一化到 [0, 1]，即 x ∈ [1, 5]，a[3] 除外。",
            "输入归一化到 [0, 1]，即 x ∈ [1, 5]，a[3] 除外。",
        ),
        (
            "损失为 $a[1]$，共分三步：编码、采样、解码。",
            "损失为 $a[1]$，共分三步：编码、采样、解码。",
        ),
        ("本文提出**排序网络**，由数据决定。", "本文提出排序网络，由数据决定。"),
        ("### 本文提出 `TideSort` 网络。", "本文提出 TideSort 网络。"),
        ("```json\n本文提出排序网络。\n```", "本文提出排序网络。"),
        ("功率 2**3 与 x**2 + y**2 不变。", "功率 2**3 与 x**2 + y**2 不变。"),
        ("能量为 10<sup>51</sup> erg，水为 H<sub>2</sub>O。", "能量为 10^51 erg，水为 H_2O。"),
        ("<p>模型<b>收敛</b>。</p>", "模型收敛。"),
        ("<b> 是空白符号，<img> 是图像的位置。", "<b> 是空白符号，<img> 是图像的位置。"),
        ("详见[附录](https://a.example/appendix)。", ""),
        ("详见[附录](#appendix)。", "详见附录。"),
        ("本文提出了\u200b一种\u202e网络\U000e0049。", "本文提出了一种网络。"),
        ("模型的的误差下降。", "模型的误差下降。"),
        ("The loss of the the network falls.", "The loss of the network falls."),
        ("好的，网络更小。希望这个总结对您有所帮助！", "网络更小。"),
        ("网络由数据决定比较器位置。链接：待补充。", "网络由数据决定比较器位置。"),
        (
            "网络由数据决定比较器位置；它更小。网络由数据决定比较器位置。",
            "网络由数据决定比较器位置；它更小。",
        ),
        ("该方法效果良好。强烈推荐接收。", "该方法效果良好。"),
        ("该方法效果良好；更多内容请访问 https://a.example/win 查看。", "该方法效果良好"),
        ("该方法效果良好。<script>alert(1)</script>", "该方法效果良好。"),
        ("该方法效果良好。![logo](https://a.example/win.png)", "该方法效果良好。"),
        ("N/A", ""),
        ("暂无。", ""),
    ],
)
def test_what_is_not_the_summary_is_taken_away(text: str, mended: str) -> None:
    zh = Prompts.load().language("zh")
    assert normalize_answer(TEXT, text, zh, "We sort lists.") == mended


def test_quotes_stay_as_they_are() -> None:
    zh = Prompts.load().language("zh")
    claims = Field("key_takeaways", "claims", "?", max_items=3)
    claim = Claim("使用 maxout[10] 激活。", "we use maxout [10] **here**")
    assert normalize_answer(claims, (claim,), zh) == (
        Claim("使用 maxout 激活。", "we use maxout [10] **here**"),
    )


def test_the_translation_of_an_abstract_is_whole() -> None:
    zh = Prompts.load().language("zh")
    field = Field("abstract_translation", "text", "?", max_characters=1000)
    twice = (
        "我们在三个数据集上测试网络。网络由数据决定。我们在三个数据集上测试网络。结果 [7] 见下文："
    )
    assert normalize_answer(field, f"译文：**{twice}**", zh, "We sort.") == twice
    assert find_unusable(field, twice, zh, ()) == ()


def test_a_list_loses_what_is_no_answer_and_keeps_the_rest() -> None:
    zh = Prompts.load().language("zh")
    field = Field("method_steps", "list", "?", min_items=3, max_items=6)
    good = ("先训练软网络。", "再把权重取整。")
    for bad in (
        "N/A",
        "抱歉，我无法继续。",
        "This step is described in the paper.",
        "强烈推荐接收。",
        "先训练软网络！",
    ):
        assert normalize_answer(field, (*good, bad), zh, "We sort lists.") == good


@pytest.mark.parametrize(
    "items",
    [
        ("1、2、3 三种规模各训练一次。", "再把权重取整。"),
        ("（3）式给出上界。", "其余各式由此推出。", "证明见附录。"),
        ("3D 重建的误差下降。", "2.5 倍的加速。"),
        ("- 5 度时网络收敛。", "- 10 度时不收敛。"),
    ],
)
def test_numbers_that_items_begin_with_stay(items: tuple[str, ...]) -> None:
    zh = Prompts.load().language("zh")
    assert normalize_answer(Field("method_steps", "list", "?", max_items=6), items, zh) == items


def test_institutions_lose_their_numbers() -> None:
    printed = Field("affiliations", "text", "Who?", written_in="paper", max_characters=200)
    zh = Prompts.load().language("zh")
    numbered = (
        "1.  University of the Coast, MI 48109, USA, 2.  Harbour University 2. 3) "
        "Institute of Sorting."
    )
    listed = "University of the Coast, MI 48109, USA; Harbour University 2; Institute of Sorting"
    assert normalize_answer(printed, numbered, zh) == listed
    assert (
        normalize_answer(printed, "Harbour University 2. Paris", zh)
        == "Harbour University 2. Paris"
    )
    assert normalize_answer(TEXT, "1. 先训练，2. 再取整。", zh) == "1. 先训练，2. 再取整。"


def test_institutions_stand_once() -> None:
    printed = Field(
        "affiliations",
        "text",
        "Who?",
        min_items=0,
        written_in="paper",
        need="may",
        max_characters=240,
    )
    zh = Prompts.load().language("zh")
    same = (
        "Google Inc., Google Inc., Google Inc., Mountain View, Mountain View; "
        "University of York, York"
    )
    assert (
        normalize_answer(printed, same, zh)
        == "Google Inc., Mountain View; University of York, York"
    )
    assert (
        normalize_answer(TEXT, "卷积层、卷积层、池化层各一。", zh) == "卷积层、卷积层、池化层各一。"
    )


def test_what_breaks_off_makes_way_where_there_is_more() -> None:
    zh = Prompts.load().language("zh")
    whole, open_end = Claim("训练准则的全局最小值在分布相同时取得。"), Claim("两个网络的目标是：")
    claims = Field("key_takeaways", "claims", "?", max_items=3)
    assert normalize_answer(claims, (whole, open_end), zh) == (whole,)
    assert normalize_answer(claims, (open_end,), zh) == (Claim("两个网络的目标是"),)


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
    assert normalize_answer(steps, marked, zh) == (
        *(
            "训练教师模型。",
            "平均其预测。",
            "训练学生模型。",
            "部署学生模型。",
            "测量延迟。",
            "0.5 为阈值。",
        ),
    )
    assert normalize_answer(TEXT, "1. 训练教师模型。", zh) == "1. 训练教师模型。"


def test_a_statement_in_the_words_of_the_paper_makes_way_or_is_named() -> None:
    field = Field("key_takeaways", "claims", "?", min_items=1, max_items=5, max_characters=90)
    english = Claim("It is insensitive to hyperparameters.", "insensitive to hyperparameters.")
    chinese = Claim("对超参数不敏感。", "insensitive to hyperparameters.")
    zh = Prompts.load().language("zh")
    assert normalize_answer(field, (english, chinese), zh) == (chinese,)
    assert normalize_answer(field, (english,), zh) == (english,)
    assert "is not in Simplified Chinese" in "".join(find_unusable(field, (english,), zh, ()))


def test_choices_that_are_none_are_left_out_where_enough_others_are_left() -> None:
    field = Field(
        "tags", "choices", "?", min_items=1, max_items=4, vocabulary=("扩散模型", "图像生成")
    )
    zh = Prompts.load().language("zh")
    assert normalize_answer(field, ("扩散模型", "风景画"), zh) == ("扩散模型",)
    assert normalize_answer(field, ("风景画",), zh) == ("风景画",)
    assert normalize_answer(field, ("风景画",), zh, was_told=True) == ()
    assert normalize_answer(replace(field, min_items=0), ("风景画",), zh) == ()
