"""Statements that stand beside a figure, which says more than could be read."""

import pytest

from chatpaper.domain import BBox, Claim, Document, Figure, Section
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.verify.findings import collect_findings
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier


def figure(label: str, caption: str, text: str = "") -> Figure:
    return Figure(label, "figure", caption, 3, BBox(0, 0, 1, 1), text=text)


DOCUMENT = Document(
    "Rivers",
    sections=(Section("1", "Rivers", 1, 1, "We count 12 rivers in three places."),),
    figures=(
        figure("Figure 1", "Estimates by river."),
        figure("Figure 4", "Curves by hour.", "0.0 | 0.1 | 0.2 | 0.3 | 0.4 | 0.5\nhour"),
        figure("Figure 2", "Estimates, on the whole −2.31 per river."),
        figure(
            "Figure 3", "Curves by layer.", "TideNet (32 Layers)\nLayer 0 | Layer 10 | Layer 30"
        ),
    ),
)


def find_unsupported(text: str, label: str) -> list[str]:
    claims = Verifier(DOCUMENT).check(Statement(text, figure=label))
    return [claim.value for claim in claims if not claim.supported]


@pytest.mark.parametrize(
    ("text", "label", "unsupported"),
    [
        # A picture may have printed a value, unless its caption has another one.
        ("Brook 处为 −3.76。", "Figure 1", ["Brook"]),
        ("去掉 937 条后剩下 12 条河。", "Figure 1", []),
        ("一条河为 −3.76。", "Figure 2", ["3.76"]),
        # Small counts are told in the text, and what text there is was read.
        ("共有 17 条河。", "Figure 1", ["17"]),
        ("一条河为 −3.76。", "Figure 3", ["3.76"]),
        ("一条河为 −3.76。", "", ["3.76"]),
        # A value may be read off by eye, between the numbers along an axis.
        ("曲线最高约 0.37。", "Figure 4", []),
        ("曲线最高为 0.37。", "Figure 4", ["0.37"]),
        ("曲线最高约 0.67。", "Figure 4", ["0.67"]),
        ("曲线最高约 0.37。", "Figure 3", ["0.37"]),
        # It may have the names of places too.
        ("赫尔辛基和维也纳的河。", "Figure 1", []),
        ("赫尔辛基和维也纳的河。", "Figure 3", ["赫尔辛基", "维也纳"]),
        # What its figure prints is read off it without naming it.
        ("第 30 层的曲线近乎平直。", "Figure 3", []),
        ("第 20 层的曲线近乎平直。", "Figure 3", ["20"]),
        ("第 30 层的曲线近乎平直。", "Figure 1", ["30"]),
    ],
)
def test_what_a_figure_may_show_is_not_missing(
    text: str, label: str, unsupported: list[str]
) -> None:
    assert find_unsupported(text, label) == unsupported


def test_an_answer_about_a_figure_stands_beside_it() -> None:
    field = next(each for each in Prompts.load().all_fields.values() if each.kind == "figures")
    (finding,) = collect_findings(
        field, (Claim("第 30 层的曲线近乎平直。", section="Figure 3", page=3),), Verifier(DOCUMENT)
    )
    assert not finding.is_doubtful
