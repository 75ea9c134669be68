"""Small counts of a statement in place of which its quote has others."""

import pytest

from chatpaper.summarize.verify.hints.comparison import Comparison
from chatpaper.summarize.verify.hints.measures.count_hints import find_count_hints


def find_values(statement: str, quote: str, context: str = "") -> list[str]:
    hints = list(find_count_hints(Comparison(statement, quote, context, "")))
    assert all(hint.is_certain for hint in hints)
    return [hint.value for hint in hints]


@pytest.mark.parametrize(
    ("statement", "quote", "value"),
    [
        # The same things are counted otherwise.
        ("作者在六个数据集上评测。", "We evaluate on four public datasets", "六"),
        ("网络有 8 个隐藏层。", "The network has six hidden layers", "8"),
        ("All five options are better.", "all three options are better", "five"),
        ("The check found eleven handlers.", "5 empty handlers were found", "eleven"),
        ("作者在四个数据集上评测。", "We evaluate on two datasets", "四"),
        # How often something was done over again, which looks like a factor.
        ("所有实验重复十次后取平均。", "We repeat all experiments five times", "十"),
        ("実験を 10 回繰り返した。", "We repeat all experiments five times", "10"),
        ("All runs were repeated ten times.", "Each run was repeated 5 times", "ten times"),
        # In the same unit, also where no number is read in a statement without a quotation.
        ("每个键前加上六字节的哈希。", "prepends a two-byte hash to each key", "六字节"),
        ("录音从 1 秒到七分钟不等。", "ranging from 1 second to 19 minutes", "七分钟"),
        ("It cuts cost by a factor of five.", "reduces cost by a factor of three", "five"),
        # Nothing else could be meant, whatever they count.
        ("把探索深度限制为六层。", "we limit the depth of exploration to three", "六"),
        ("可用性至少有七个九。", "availability of at least five nines", "七"),
        ("越过 8 次之后才算热。", "until it is hot, after 2 crossings", "8"),
    ],
)
def test_another_count_in_its_place_is_told(statement: str, quote: str, value: str) -> None:
    assert find_values(statement, quote) == [value]


@pytest.mark.parametrize(
    ("statement", "quote", "context"),
    [
        ("作者在四个数据集上评测。", "We evaluate on four public datasets", ""),
        ("作者在六个数据集上评测。", "", "We evaluate on four public datasets"),
        # A sentence beside the quotation has it, of the same things or where these are unknown.
        ("作者在六个数据集上评测。", "four datasets are new", "We use six datasets."),
        ("越过 8 次之后才算热。", "hot after 2 crossings", "It is cold before 8."),
        # It may follow from two that are quoted.
        ("作者在五个数据集上评测。", "three new datasets and two old datasets", ""),
        ("作者在四个数据集上评测。", "two new datasets and two old datasets", ""),
        # Some are not all, and people are counted by their names.
        ("其中三个数据集是新的。", "We evaluate on four public datasets", ""),
        ("论文有三位作者。", "Ann Lee, Bo Chen, and Eva Stone of two authors", ""),
        # What both count is known, and is not the same.
        ("作者训练了三个模型。", "We evaluate on four public datasets", ""),
        # A writer tells one by one what the paper does not count.
        ("训练分两步：先学词，再学句。", "We train words, then sentences, on three", ""),
        ("训练分两步，先学词再学句。", "We train words, then sentences, on three", ""),
        # Two times faster may be three times as fast.
        ("训练快两倍。", "Training is faster by a factor of three", ""),
        ("所有实验重复五次后取平均。", "We repeat all experiments five times", ""),
        ("实验重复十次。", "Repeating the experiments is five times as slow", ""),
        ("窑被打开十次。", "The kiln is opened five times as often", ""),
        # Ordinals, marks and shares count nothing.
        ("算法分三个阶段。", "The second phase filters entities", ""),
        ("九个例子取自发行版。", "examples with the model checker 7 for queries", ""),
        ("提升有八成来自集成。", "an ensemble of 10 models is transferred", ""),
        ("三分之二的样本来自集成。", "an ensemble of 10 samples", ""),
        ("三四个样本来自集成。", "an ensemble of 10 samples", ""),
    ],
)
def test_what_may_be_so_is_left_alone(statement: str, quote: str, context: str) -> None:
    assert find_values(statement, quote, context) == []
