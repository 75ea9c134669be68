"""Techniques that a text names and a paper has in no words."""

import pytest

from chatpaper.domain import Document
from chatpaper.summarize.verify.names.techniques import find_missing_techniques
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

PAPER = "We use chain-\nof-thought, WGANs and Bloom filters; this adversely affects gains and pans."


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("模型使用多头注意力。", ["多头注意力"]),
        ("It may serve conversation and autonomous driving.", ["autonomous driving"]),
        ("Thanks to cuckoo filters, few lookups touch the disk.", ["cuckoo filters"]),
        # The paper has it over a line end, or its short form within another.
        ("模型使用思维链与生成对抗网络。", []),
        ("It builds on generative adversarial networks.", []),
        # No technique is named.
        ("过早停止的人在驾驶。", []),
    ],
)
def test_a_technique_that_the_paper_has_no_words_for_is_missing(
    sentence: str, missing: list[str]
) -> None:
    assert [name for _, name in find_missing_techniques(sentence, PAPER)] == missing


def test_a_missing_technique_is_one_claim() -> None:
    verifier = Verifier(Document(title="Lakes", abstract=PAPER))
    claims = verifier.check(Statement("模型使用量子计算和多头注意力。"))
    assert [claim.value for claim in claims if not claim.supported] == ["量子", "多头注意力"]
