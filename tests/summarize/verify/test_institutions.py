"""Universities that a text names and the paper does not."""

import re

import pytest

from chatpaper.domain import Document
from chatpaper.domain.text.tables import load_table
from chatpaper.summarize.verify.names.institutions import find_missing_universities, join_for_names
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

PAPER = join_for_names(
    [
        "Ann Lee is with the Beijing Uni-\nversity of Technology.",
        "Bo Li is with Grif\ue000th\nUniversity.",
        "jo@di.uminho.pt",
    ]
)
CITED = join_for_names(["[3] C. Day. Lakes. PhD thesis, Rice University, 1990."])


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("作者来自隆德大学。", ["隆德大学"]),
        ("作者来自莱斯大学。", ["莱斯大学"]),
        ("作者在加州大学伯克利分校与华盛顿大学。", ["加州大学伯克利分校", "华盛顿大学"]),
        ("著者は清華大学とプリンストン大学に所属する。", ["清華大学", "プリンストン大学"]),
        ("作者来自橡树岭国家实验室与波尔图大学。", ["橡树岭国家实验室", "波尔图大学"]),
        ("作者来自梅奥诊所与湘雅医院。", ["梅奥诊所", "湘雅"]),
        ("作者来自马克斯·普朗克信息学研究所。", ["马克斯·普朗克信息学研究所"]),
        # A line, a ligature that the font lost, and the references have the name.
        ("作者来自北京工业大学和格里菲斯大学。", []),
        ("作者来自米尼奥大学。", []),
        ("定理出自莱斯大学的博士论文。", []),
        # Whose product something is, anyone may know.
        ("模型用谷歌的芯片训练。", []),
        # No university is meant, or none that is known.
        ("斯坦福数据集与某大学", []),
    ],
)
def test_a_university_that_the_paper_lacks_is_missing(sentence: str, missing: list[str]) -> None:
    assert [name for _, name in find_missing_universities(sentence, PAPER, CITED)] == missing


def test_a_missing_university_is_one_claim_whatever_else_it_is_known_as() -> None:
    verifier = Verifier(Document(title="Lakes", abstract="Ann Lee is with Lake University."))
    claims = verifier.check(Statement("作者来自清华大学。"))
    assert [(claim.value, claim.supported) for claim in claims] == [("清华大学", False)]


def test_every_name_begins_with_two_plain_characters() -> None:
    table = load_table(
        "chatpaper.summarize.verify.names", "lists/institutions.toml", dict[str, dict[str, str]]
    )
    names = [name for kind in table.values() for name in kind]
    assert [name for name in names if not re.match(r"\w[\w-](?![?*])", name)] == []


def test_every_pattern_of_an_english_name_can_be_compiled() -> None:
    """They are compiled where a text has the Chinese name, which no test has of each."""
    table = load_table(
        "chatpaper.summarize.verify.names", "lists/institutions.toml", dict[str, dict[str, str]]
    )
    assert all(re.compile(pattern) for kind in table.values() for pattern in kind.values())
