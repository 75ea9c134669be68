"""What a statement without a quote makes more certain, or the other way round, than the paper."""

import pytest

from chatpaper.summarize.verify.hints.detect import find_hints

PAPER = """\
We record the calls of birds in the wild and train a classifier on them.

The present results suggest that the best strategy could be to annotate field recordings by hand.

We find some encouraging initial results that the model does not amplify gender bias.

Our experiments show that the threshold improves the precision of the classifier on captive birds.

The noise may come from the microphone, which we did not test.

Additionally, the parser demonstrates strong robustness on long documents, substantially \
outperforming the baseline there."""


def certain(statement: str, context: str = "") -> list[str]:
    hints = find_hints(statement, "", context, paper_text=PAPER)
    return [hint.kind for hint in hints if hint.is_certain]


@pytest.mark.parametrize(
    "statement",
    [
        "实验已证明，人工标注野外录音是最优策略。",
        "野外の録音に手作業で注釈を付けるのが最良の戦略であることが実証された。",
        "作者证实模型不会放大性别偏见。",
        "It is proven that annotating field recordings by hand is the best strategy.",
        "作者证实噪声来自麦克风。",
    ],
)
def test_what_is_only_likely_is_not_confirmed(statement: str) -> None:
    assert "hedge" in certain(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "人工标注野外录音可能是最优策略。",
        "初步结果表明，模型不会放大性别偏见。",
        "实验证实，阈值提高了分类器在圈养鸟类上的精确率。",
        "The experiments confirm that the threshold improves precision on captive birds.",
        "閾値が飼育下の鳥に対する分類器の適合率を高めることが実証された。",
        "作者证实了一个引理。",  # nothing that a sentence could be found by
        "尚无法证实噪声来自麦克风。",
    ],
)
def test_what_was_shown_is_left_alone(statement: str) -> None:
    assert certain(statement) == []


LONG = PAPER.rpartition("\n\n")[2]


def test_an_outcome_is_held_against_the_sentence_that_it_rests_on() -> None:
    assert "direction" in certain("解析器对长文档的鲁棒性较差，劣于基线。", LONG)


@pytest.mark.parametrize(
    "statement",
    ["解析器对长文档的鲁棒性强，优于基线。", "没有长文档时，解析器劣于基线。", "分类器劣于基线。"],
)
def test_an_outcome_of_something_else_is_left_alone(statement: str) -> None:
    assert certain(statement, LONG) == []


def test_a_gain_is_no_outcome_that_a_sentence_without_quote_could_deny() -> None:
    sentence = "The constants of the gain formula were cut by 12 percent on a grid from -12 to 12."
    assert certain("在 −12 到 12 的网格上推导增益公式的常数。", sentence) == []
