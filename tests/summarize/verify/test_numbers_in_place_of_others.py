"""Numbers of a statement that its quote has otherwise, wherever else the paper has them."""

import pytest

from chatpaper.domain import Document, Paper, Section
from chatpaper.summarize.verify.examiner import Examiner
from chatpaper.summarize.verify.hints.comparison import Comparison
from chatpaper.summarize.verify.hints.detect import find_hints
from chatpaper.summarize.verify.hints.measures.replacement_hints import find_replacement_hints
from chatpaper.summarize.verify.hints.measures.tally_hints import find_tally_hints
from chatpaper.summarize.verify.numbers.numerals import (
    find_claimed_numerals,
    find_printed_numerals,
)
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.support.derivation import find_circular
from chatpaper.summarize.verify.support.number_match import match
from chatpaper.summarize.verify.verifier import Verifier


def find_replaced(statement: str, quote: str, context: str = "") -> list[str]:
    hints = list(find_replacement_hints(Comparison(statement, quote, context, "")))
    assert all(hint.is_certain for hint in hints)
    return [hint.value for hint in hints]


@pytest.mark.parametrize(
    ("statement", "quote", "values"),
    [
        ("模型分别改变了 6.4% 和 2.2% 的预测。", "changes 4.4% and 2.2% of them", ["6.4%"]),
        ("只有六成左右的提升转移了过去。", "More than 80% of it is transferred from ten", ["六成"]),
        ("测试集上 F0.5 为 68.3。", "an F0.5 of 65.3/66.5 on the test set", ["68.3"]),
        ("It is 26x faster than Ibis.", "it is 32x faster than Ibis", ["26x"]),
        ("错误率低 5.2 个百分点。", "reduces the error by 3.5%", ["5.2 个百分点"]),
        ("分别少用 33% 和 37% 的时间。", "less by 18% and 20% respectively", ["33%", "37%"]),
        ("dropout 取 0.5。", "a dropout of 0.3", ["0.5"]),
        # The quote has one of them twice.
        ("长度为 80，每点 32 次。", "length as 32, walks per vertex as 32", ["80"]),
    ],
)
def test_a_number_in_place_of_which_the_quote_has_another_is_told(
    statement: str, quote: str, values: list[str]
) -> None:
    assert find_replaced(statement, quote) == values


def test_a_share_of_parts_with_decimals_is_one_number() -> None:
    (share,) = find_claimed_numerals("延迟降到原来的 1/3.8。")
    (printed,) = find_claimed_numerals("约降到原来的 1/2.4。")
    factor = find_printed_numerals("reduced by 2.4×")[0]
    assert (share.text, match(share, factor), match(printed, factor)) == (
        "1/3.8",
        None,
        "converted",
    )


def test_what_stands_around_a_quote_takes_none_of_its_numbers() -> None:
    statement, quote = "批大小为 16，相当于 2,400 段。", "which gives 1,600 passages"
    assert find_replaced(statement, quote, "The batch size is 16.") == ["2,400"]
    assert not find_replaced(statement, quote)


@pytest.mark.parametrize(
    ("statement", "quote", "context"),
    [
        ("准确率为 4.4%。", "reaches 4.4% on it", ""),
        ("延迟降到原来的 1/2.4。", "reduced the latency by 2.4×", ""),
        # What stands around the quote has it.
        ("准确率为 6.4%。", "the other reaches 4.4%", "The one reaches 6.4%."),
        # Two were stated, and one of them may be from elsewhere.
        ("分别为 6.4% 和 7.1%。", "reaches 4.4%", ""),
        # Cells, of which another row has it.
        ("第二行为 56.0。", "VCE w/ ComMCS (ours) 57.8 88.9", ""),
        ("栅栏要 78 ns。", "CAS 52ns (104 cycles) 59ns (86 cycles)", ""),
        # A sum and a gap of what is quoted; what changed, and levels; and what a change began with.
        ("用到 86.7% 的数据。", "on 78.2% of the data and an additional 8.5%", ""),
        ("比后者高 25.6 个百分点。", "It scores 72.6% on the set", ""),
        ("比后者高 25.6 个百分点。", "scores 94.3% on MATH-500, and 57.2% on Lake", ""),
        ("从 22.2 起步。", "ends with 44.5", ""),
        # Years, other kinds of numbers, and much larger ones.
        ("用的是 2014 年的数据。", "has 1500 items", ""),
        ("批大小为 32。", "a single Titan V GPU (12G memory)", ""),
        ("批大小为 32。", "takes 59.0 s", ""),
        ("批大小为 32。", "1500 items", ""),
    ],
)
def test_a_number_that_may_be_of_something_else_is_not(
    statement: str, quote: str, context: str
) -> None:
    assert not find_replaced(statement, quote, context)


def find_tallied(statement: str, quote: str, context: str = "") -> list[str]:
    hints = list(find_tally_hints(Comparison(statement, quote, context, "")))
    assert all(hint.is_certain for hint in hints)
    return [hint.value for hint in hints]


@pytest.mark.parametrize(
    ("statement", "quote", "value"),
    [
        ("场上有十名球员和五名裁判。", "ten players and three referees", "五"),
        ("先训练 1 个 epoch，再训练 3 个 epoch。", "for 1 epoch and then for 1 epoch", "3"),
        ("The network has five layers.", "The network has three layers", "five"),
        ("乐器共 40 种，覆盖 40 种乐器。", "covering 23 different instruments", "40"),
        ("They are 5-bounded phases.", "are precisely 1-bounded phases", "5"),
        ("策略 3 把它缩小了五个数量级。", "Strategy 3 reduces it by three orders of it", "五"),
        ("是 96 个词之一，共 12 类。", "one of 108 words of 12 types", "96"),
    ],
)
def test_things_that_the_quote_counts_otherwise_are_told(
    statement: str, quote: str, value: str
) -> None:
    assert value in find_tallied(statement, quote)


@pytest.mark.parametrize(
    ("statement", "quote", "context"),
    [
        ("场上有三名裁判。", "ten players and three referees", ""),
        # As many are counted beside the quote, or in it, rounded or in all.
        ("场上有五名裁判。", "three referees", "Five referees watch them."),
        ("约 11.3 万个问题。", "112,779 questions", ""),
        ("共有五个任务。", "3 tasks of text and 2 tasks of sound", ""),
        ("共有 1024 个主体。", "a lattice of 32 by 32 agents", ""),
        # The one that the quote has is stated as well, or everyday words.
        ("方案产生 54 个副本集，另一个只有 6 个。", "creates only 6 replica sets", ""),
        ("八个处理器中留出一个。", "one processor is available", ""),
        ("两个处理器就够了。", "five processors are available", ""),
        # Powers, labels and other things.
        ("采用二次曲线。", "we adopt three curves", ""),
        ("共有三个任务。", "on Task #1 jointly", ""),
        ("还有两三根纤维。", "and two or three fibres", ""),
        ("部署了三个模型。", "the Llama 4 Maverick model was hosted", ""),
        ("共有三个任务。", "We evaluate on four public datasets", ""),
    ],
)
def test_things_that_the_quote_counts_alike_are_not(
    statement: str, quote: str, context: str
) -> None:
    assert not find_tallied(statement, quote, context)


def test_differences_that_follow_from_each_other_alone_are_circular() -> None:
    circle = ("76 - 13 = 63", "76 - 63 = 13")
    assert find_circular(("", *circle, "0.61 - 0.42 = 0.19")) == {*circle}
    assert not find_circular(("250 + 20 = 270", "270 - 20 = 250", "76 - 63 = 13"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("76% 的故障打印错误信息，比此前研究得到的 63% 高出 13 个百分点。", "13 个百分点"),
        # What is so many seconds long adds nothing to what is below zero.
        ("5 秒样本移到约 −3 dB；对它而言抬高了约 8 dB。", "8 dB"),
    ],
)
def test_what_nothing_gives_is_not_computed(text: str, value: str) -> None:
    words = (
        "In 76% of the failures an error is printed. Earlier 43% had one. Of 13 systems, 3 are "
        "new. For samples of 15, 10, and 5 seconds the rate is at -3, 0, and 4 dB."
    )
    document = Document("Failures", "", sections=(Section("1", "Study", 1, 1, words),))
    claims = Verifier(document).check(Statement(text))
    assert [claim.supported for claim in claims if claim.value == value] == [False]


@pytest.mark.parametrize(
    ("statement", "sentence", "values"),
    [
        (
            "训练用 8 块显卡，共 100 步，约 24 小时。",
            "It takes 24 hours on 4 graphics cards for 100 training steps.",
            ["8"],
        ),
        (
            "网络有 34 层，训练误差低 5.2%。",
            "The 34-layer network reduces the training error by 3.5%.",
            ["5.2%"],
        ),
        (
            "网络有 34 层，训练误差低 3.5%。",
            "The 34-layer network reduces the training error by 3.5%.",
            [],
        ),
        # Two other numbers of its kind: which of them would be meant is not known.
        ("训练误差低 5.2%。", "The network reduces the training error by 3.5% and 4.1%.", []),
    ],
)
def test_the_nearest_sentence_tells_where_all_else_is_the_same(
    statement: str, sentence: str, values: list[str]
) -> None:
    hints = find_hints(statement, "", sentence, paper_text=sentence)
    assert sorted({hint.value for hint in hints if hint.is_certain}) == values


@pytest.mark.parametrize(
    ("statement", "quote", "sentence", "values"),
    [
        (
            "静态划分的数据局部性只有 38%；延迟 1 秒后超过 90%。",
            "A delay of 1 second brings it above 90%.",
            "Static partitioning yields very low data locality (18%).",
            {"38%"},
        ),
        ("训练很快，实验使用七个真实网络。", "", "The experiments use five real networks.", {"七"}),
        # What the other sentence has instead is said in another clause.
        (
            "静态划分的数据局部性只有 38%；延迟 1 秒后为 18%。",
            "A delay of 1 second brings it to 18%.",
            "Static partitioning yields very low data locality (18%).",
            set(),
        ),
    ],
)
def test_each_clause_may_rest_on_a_sentence_of_its_own(
    statement: str, quote: str, sentence: str, values: set[str]
) -> None:
    context = f"{quote} {sentence}".strip()
    hints = find_hints(statement, quote, context, paper_text=f"{context} 38% of all.")
    assert {hint.value for hint in hints if hint.is_certain} == values


def test_what_a_sentence_alone_has_otherwise_is_no_claim_that_is_supported() -> None:
    words = "The 34-layer network reduces the training error by 3.5%. Its rate is 5.2% elsewhere."
    other = "We thank the 5.2% of the readers who wrote to us about the birds of the lake."
    document = Document(
        "Networks",
        "",
        sections=(Section("1", "Errors", 1, 1, words[:57]), Section("2", "Thanks", 1, 2, other)),
    )
    examiner = Examiner(document, Paper("1", "Networks"), QuoteFinder(document))
    claims = examiner.check(Statement("34 层网络的训练误差低 5.2%。"))
    assert {claim.value: claim.supported for claim in claims}["5.2%"] is False
