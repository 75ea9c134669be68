"""Techniques that a text names and a paper has in no words."""

import pytest

from chatpaper.domain import Document
from chatpaper.domain.text.tables import load_table
from chatpaper.summarize.verify.names.techniques import find_missing_techniques
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

PAPER = (
    "We use chain-\nof-thought, WGANs and Bloom filters; this adversely affects gains and pans. A "
    "feature vector is made by average pooling, and themes are grounded in a theory of talks."
)


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("模型使用多头注意力。", ["多头注意力"]),
        ("It may serve conversation and autonomous driving.", ["autonomous driving"]),
        ("Thanks to cuckoo filters, few lookups touch the disk.", ["cuckoo filters"]),
        ("该方法采用元学习", ["元学习"]),
        ("（点云）", ["点云"]),
        # A keyword may stand in the paper's own list alone.
        ("元学习（meta-learning）", []),
        ("Autonomous driving", []),
        # Each of its words alone is of something else.
        ("特征用支持向量机分类。", ["支持向量机"]),
        ("访谈按扎根理论（grounded theory）整理。", ["扎根理论"]),
        ("下采样使用最大池化。", ["最大池化"]),
        ("下采样使用平均池化。", []),
        ("访谈按主题分析整理。", []),
        # In Japanese.
        ("焼きなまし法で訓練した。", ["焼きなまし法"]),
        ("平均プーリングを使う。", []),
        # The paper has it over a line end, or its short form within another.
        ("模型使用思维链与生成对抗网络。", []),
        ("It builds on generative adversarial networks.", []),
        # No technique is named.
        ("过早停止的人在驾驶。", []),
        ("神经元学习速率", []),
        ("用稀疏基元学习粗粒度外观", []),
        ("每个词元学习一个向量", []),
        ("热点云端部署", []),
    ],
)
def test_a_technique_that_the_paper_has_no_words_for_is_missing(
    sentence: str, missing: list[str]
) -> None:
    assert [name for _, name in find_missing_techniques(sentence, PAPER)] == missing


def test_every_technique_is_known_by_its_own_english_name() -> None:
    table = load_table(
        "chatpaper.summarize.verify.names", "lists/techniques.toml", dict[str, tuple[str, ...]]
    )
    names = [forms[0] for forms in table.values()]
    assert [name for name in names if list(find_missing_techniques(f"It is {name}.", name))] == []


def test_a_missing_technique_is_one_claim() -> None:
    verifier = Verifier(Document(title="Lakes", abstract=PAPER))
    claims = verifier.check(Statement("模型使用量子计算和多头注意力。"))
    assert [claim.value for claim in claims if not claim.supported] == ["量子", "多头注意力"]
