"""Authors who are said to work at an institution of others."""

import pytest

from chatpaper.summarize.verify.hints.detect import find_hints

BODY = "\n\nWe build a parser of trees. It was trained with 4 boards from one maker."
NUMBERED = (
    """\
Parsing Trees with Few Labels

Mira Okafor∗1, Yuhan Zhang∗12, Paul D. Lindqvist1, Lei Li2
1Department of Computer Science, Stanford University
2 ByteDance Research
{mira, paul}@example.edu
*Equal contribution"""
    + BODY
)
SIGNS = (
    """\
Parsing Trees with Few Labels

Mira Okafor†, Yuhan Zhang‡, Paul Lindqvist†‡
†University of Oxford ‡Tsinghua University"""
    + BODY
)
UNMARKED = (
    """\
Parsing Trees with Few Labels

Mira Okafor and Yuhan Zhang
Stanford University, ByteDance Research"""
    + BODY
)


def certain(statement: str, paper_text: str) -> list[str]:
    hints = find_hints(statement, "", "", paper_text=paper_text)
    return [hint.value for hint in hints if hint.is_certain]


@pytest.mark.parametrize(
    ("paper_text", "statement", "value"),
    [
        (NUMBERED, "四位作者中，Okafor 来自字节跳动，其余人在斯坦福大学。", "Okafor"),
        (NUMBERED, "李磊来自斯坦福大学。", "李磊"),
        (NUMBERED, "作者四人：张宇涵与 Lindqvist 隶属字节跳动研究院。", "Lindqvist"),
        (NUMBERED, "Lindqvist is affiliated with ByteDance Research.", "Lindqvist"),
        (NUMBERED, "Lindqvist はバイトダンスに所属する。", "Lindqvist"),
        (SIGNS, "Okafor 就职于清华大学，Lindqvist 兼任两处。", "Okafor"),
        (SIGNS, "张宇涵来自牛津大学。", "张宇涵"),
    ],
)
def test_an_author_at_the_institution_of_others_is_told(
    paper_text: str, statement: str, value: str
) -> None:
    assert value in certain(statement, paper_text)


@pytest.mark.parametrize(
    ("paper_text", "statement"),
    [
        (NUMBERED, "Okafor 与 Lindqvist 来自斯坦福大学，李磊来自字节跳动。"),
        (NUMBERED, "张宇涵同时隶属斯坦福大学和字节跳动研究院。"),
        (NUMBERED, "张宇涵来自字节跳动。"),
        (NUMBERED, "Okafor 和李磊分别来自斯坦福大学与字节跳动。"),
        (NUMBERED, "作者来自斯坦福大学和字节跳动研究院，Okafor 与张宇涵贡献相同。"),
        (NUMBERED, "Lindqvist is affiliated with Stanford University."),
        (NUMBERED, "Okafor 来自麻省理工学院的项目组。"),  # an institution of none of them
        (SIGNS, "Lindqvist 同时隶属牛津大学与清华大学。"),
        (SIGNS, "三位作者来自牛津大学和清华大学。"),
        (UNMARKED, "Okafor 来自字节跳动。"),  # the first page does not tell who works where
    ],
)
def test_authors_at_their_own_institutions_are_left_alone(paper_text: str, statement: str) -> None:
    assert certain(statement, paper_text) == []
