"""Chinese and Japanese terms count as names where they stand as words, and nowhere else."""

import pytest

from chatpaper.summarize.verify.names.named_terms import find_missing_terms
from chatpaper.summarize.verify.terms import extract_stems

PAPER = extract_stems("We fit a sorting network to the lists that it will meet.")


def missing(sentence: str, paper: frozenset[str] = PAPER) -> list[str]:
    return [term for _, term in find_missing_terms(sentence, paper)]


@pytest.mark.parametrize(
    ("sentence", "term"),
    [
        ("本文提出一种扩散模型。", "扩散模型"),
        ("基于量子计算的排序", "量子"),
        ("量子比特的排序", "量子"),
        ("与自监督方法相比", "自监督"),
        ("作者来自微软", "微软"),
        ("（黑洞）", "黑洞"),
        ("两种距离中的马氏距离", "马氏距离"),
        ("概率由梯度提升树给出", "梯度提升"),
        ("模型包括线性拟合和卡尔曼滤波", "卡尔曼滤波"),
        ("实例由红帽公司从平台获得", "红帽公司"),
        ("作者之一来自苏黎世联邦理工学院", "苏黎世联邦理工"),
        ("増強した拡散モデルを使う", "拡散モデル"),
        ("增量子任务与量子算法", "量子"),
    ],
)
def test_a_term_that_the_paper_has_no_word_for_is_missing(sentence: str, term: str) -> None:
    assert missing(sentence) == [term]


@pytest.mark.parametrize(
    "sentence",
    [
        "依次学习增量子任务",
        "把向量子空间分开",
        "按批量子采样",
        "来自监督信号",
        "一半监督、一半放任",
        "数据的标准化流程",
        "分析区块链接方式",
    ],
)
def test_characters_of_two_words_are_no_term(sentence: str) -> None:
    assert missing(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("采用多智能体强化学习", "a MARL agent"),
        ("多模态大语言模型", "MLLMs are tested"),
        ("对权重做量子化", "weights are quantized"),
        ("半监督的排序", "semi-supervised sorting"),
    ],
)
def test_a_term_is_known_by_the_words_that_the_paper_uses(sentence: str, words: str) -> None:
    assert missing(sentence, extract_stems(words)) == []
