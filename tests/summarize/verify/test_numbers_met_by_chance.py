"""Numbers that stand somewhere in a paper, but not where a sentence speaks of."""

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

BIRDS = """Lake | Herons | Share of cranes
North | 1,240 | 75
South | 96 | 31
East | 3,105 | 12"""

VERIFIER = Verifier(
    Document(
        title="Wading Networks",
        abstract="Water birds are counted by GreatHeron.",
        sections=(
            Section(
                "1",
                "Training",
                1,
                1,
                "The encoder of GreatHeron has 768 dimensions and reads 100 frames.",
            ),
            Section(
                "2",
                "Weather",
                1,
                2,
                "Rain fell on 512 days. There were four storms, and the wind came at 6.5.",
            ),
            Section(
                "3",
                "Depth",
                1,
                3,
                "The mean depth of four lakes is 2.5. The coverage is at least 60% there.",
            ),
        ),
        figures=(Figure("Table 1", "table", "What was seen.", 4, BBox(0, 0, 9, 9), text=BIRDS),),
    )
)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("GreatHeron 的编码器为 768 维，读 100 帧。", True),
        ("GreatHeron 的编码器为 512 维，读 100 帧。", False),
        # Nothing tells where a number belongs that stands alone in its sentence.
        ("下雨共 512 天。", True),
        # What is counted is no measured value.
        ("平均深度为 2.5。", True),
        ("平均深度为 4.0。", False),
        # Per cent are no whole numbers of a column that has larger ones, and no others that are
        # near.
        ("鹤的占比最高为 75%。", True),
        ("覆盖率为 96%。", False),
        ("覆盖率至少 60%。", True),
        ("覆盖率至少 70%。", False),
    ],
)
def test_a_number_of_few_digits_must_belong_to_its_sentence(text: str, supported: bool) -> None:
    assert all(claim.supported for claim in VERIFIER.check(Statement(text))) == supported


WINDOWS = Verifier(
    Document(
        title="Sliding Windows",
        abstract="A graph of words is drawn for each document.",
        sections=(
            Section(
                "1",
                "Window size",
                1,
                1,
                "The window slides over the document, and its size is set to a default of 4 words.",
            ),
            Section(
                "2", "Tools", 1, 2, "The trees of the garden were watered by 5 men and 6 hoses."
            ),
            Section("3", "Depth", 1, 3, "Set the depth to d = 8 for every graph of a document."),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("文档的滑动窗口大小默认取 4。", True),
        # The paper has these only where it speaks of something else, or nowhere.
        ("文档的滑动窗口大小默认取 5。", False),
        ("文档的滑动窗口大小默认取 7。", False),
        ("The document's window has a default size of 6.", False),
        ("每个文档的图深度为 d = 8。", True),
        # Whoever writes counts what the paper has.
        ("文档的滑动窗口有 5 个优点。", True),
        ("The window over a document has 7 uses.", True),
        # Ends of a range and parts of a date or a fraction are none of its measures.
        ("文档的窗口大小取 3 到 7。", True),
        ("The window of the document is of 7 June.", True),
        # Two that the paper lacks may be stars that it draws.
        ("文档的窗口得分为 3，图的得分为 7。", True),
    ],
)
def test_a_digit_that_measures_something_stands_where_the_paper_speaks_of_it(
    text: str, supported: bool
) -> None:
    assert all(claim.supported for claim in WINDOWS.check(Statement(text))) == supported


def test_a_number_a_table_has_on_the_mean_is_no_label() -> None:
    assert [numeral.text for numeral in find_claimed_numerals("平均每表 34.47 行，见表 3.2")] == [
        "34.47"
    ]
