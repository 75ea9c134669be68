"""English words in Chinese sentences that a paper does not have."""

import pytest

from chatpaper.summarize.verify.claims.word_check import WordCheck

PAPER = WordCheck(
    ["We pose it as a linear program over zebra-finch calls; the colour is kept at this altitude."]
)


def foreign(sentence: str) -> list[str]:
    return [word for _, word in PAPER.find_foreign(sentence)]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("所得优化可写成混合整数规划（mixed-integer program）。", ["mixed-integer program"]),
        # A short word stands within others, tit in "altitude".
        ("录音取自四只山雀（great tit）的叫声。", ["great tit"]),
        ("录音取自四只大山雀（great tits）的叫声。", ["great tits"]),
        ("所得优化可写成线性规划（linear programs），颜色（colouring）保留。", []),
        # It has the words, but not side by side.
        ("方法是多头注意力（zebra-calls attention）。", ["zebra-calls attention"]),
        # Words of the trade are said whatever the paper says.
        ("该方法给出 state-of-the-art 的 benchmark 结果，代码见 repo。", []),
        # No words of the sentence.
        ("见 https://example.org/great 与 $great$、`great` 和 great.py 等文件。", []),
        # The paper says it shorter.
        ("斑胸草雀（young zebra finch）的叫声被保留下来。", []),
        ("叫声来自一种 cormorant，颜色被保留。", ["cormorant"]),
        # A tag is no sentence.
        ("方法 reason", []),
        # English words of an English sentence are those of the writer.
        ("It is posed as a mixed-integer program.", []),
        # So are those of an English line or clause beside Chinese.
        ("论文很好\nThe author says “it”, and another disagrees.", []),
        ("论文写道 The author says “it”。", []),
        ("论文很好，\n叫声来自一种 cormorant。", ["cormorant"]),
        # So is the host from which something comes.
        ("录音从 kernel.org 下载，存为 calls.wav。", ["kernel.org"]),
        ("The calls come from kernel.org, i.e. from afar.", ["kernel.org"]),
    ],
)
def test_an_english_word_that_the_paper_lacks_is_foreign(sentence: str, words: list[str]) -> None:
    assert foreign(sentence) == words


def test_a_paper_in_chinese_need_not_have_the_english_words() -> None:
    paper = WordCheck(["本文把优化写成线性规划，用 CPLEX 求解。" * 3])
    assert not list(paper.find_foreign("所得优化可写成线性规划（linear program）。"))
