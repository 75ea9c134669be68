"""What a paper prints otherwise than a statement says it, and the same digits of another unit."""

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.findings import Finding, check_claims
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
from chatpaper.summarize.verify.passages import has_rows_of_numbers
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.support.operands import are_alike
from chatpaper.summarize.verify.verifier import Verifier

TIMES = """Name | Loops | Trees | Speed
bit-shift | 3 | 3 | 4 | 25.47x
bit-and | 1 | 1 | 1 | 21.20x
ray-trace | 10 | 25 | 100 | 1.18x
tree-walk | 0 | 0 | - | 0.93x
prime-sum | 7 | 8 | 12 | 2.86x
sort-list | 6 | 6 | 9 | 3.05x"""
SCORES = """Method | Accuracy | Cost
Lock | 29.8 | 30.1
Gate | 31.2 | 12.5"""

VERIFIER = Verifier(
    Document(
        title="Locks and Gates",
        abstract="Water is let through a lock.",
        sections=(
            Section(
                "1",
                "Speed",
                1,
                1,
                "The lock passes 1.22G/ms vs. 0.42G/ms for the gate. Its training takes five days. "
                "Opening takes around 20ms. Storage needs 16 terabytes and 15 Petaflops.",
            ),
            Section(
                "2",
                "Data",
                1,
                2,
                "The log has 4,8784,3636 entries. The scales are [18, 20] and [40, 44] pixels, "
                "as in [31, 33]. The area under the curve is 69\ufffd5%. Tests returned p-values "
                "below 0.05. The error is in the order of a percent level.",
            ),
        ),
        figures=(
            Figure("Figure 3", "figure", "Statistics.", 3, BBox(0, 0, 9, 9), text=TIMES),
            Figure("Table 1", "table", "Scores.", 3, BBox(0, 0, 9, 9), text=SCORES),
        ),
    )
)


def marked(text: str) -> tuple[str, ...]:
    """Return what a statement without a quote is marked for."""
    statement = Statement(text)
    claims = check_claims(statement, VERIFIER)
    finding = Finding("", 0, 0, len(text), statement, claims)
    return tuple(claim.value for claim in finding.faults)


@pytest.mark.parametrize(
    "text",
    [
        "bit-shift 加速 25.47 倍，ray-trace 加速仅 1.18 倍。",
        "船闸的效率为 1.22G/ms，约为闸门的 2.9 倍。",
        "训练用了 5 天。",
        "Training took five days.",
        "开启约需 20 毫秒。",
        "存储需要 16 TB，算力为 15 PFLOPS。",
        "日志约有 4.88 亿个条目。",
        "灰度范围为 18～20 和 40～44 像素。",
        "曲线下面积为 69.5%。",
        "检验的 p 值低于 0.05。",
        "误差可达百分之一量级。",
    ],
)
def test_what_is_printed_otherwise_is_found(text: str) -> None:
    assert marked(text) == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("bit-shift 加速 27.31 倍。", ("27.31 倍",)),
        ("船闸的效率为 1.22G/s。", ("1.22G",)),
        ("Training took five hours.", ("five hours",)),
        ("训练用了 5 小时。", ("5 小时",)),
        # Cells of a table that are near have no unit of time.
        ("开启约需 30 秒。", ("30 秒",)),
        ("開放には約 20 秒かかる。", ("20 秒",)),
        ("存储需要 16 GB。", ("16 GB",)),
        ("Throughput is 15 TFlops.", ("15 TFlops",)),
        ("检验的 p 值低于 0.05%。", ("0.05%",)),
        # A citation is no range.
        ("灰度范围为 31 像素。", ("31 像素",)),
    ],
)
def test_the_same_digits_of_another_unit_are_marked(text: str, values: tuple[str, ...]) -> None:
    assert marked(text) == values


@pytest.mark.parametrize(
    ("text", "is_table"),
    [
        (TIMES, True),
        ("0.2 | 0.1 | 0.1\n" * 6, False),
        ("A | 1 | 2 | 3\n" * 3, False),
        ("A | 1 | 2 | 3\n" * 4 + "legend\n" * 4, False),
        ("Layer A | Layer B | Layer C | 4\n" * 6, False),
    ],
)
def test_rows_of_names_and_numbers_make_a_table(text: str, is_table: bool) -> None:
    assert has_rows_of_numbers(text) is is_table


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("0.8055", "0.7295", True), ("0.8055", "33.189", False)]
)
def test_scores_far_apart_are_of_two_measures(one: str, other: str, alike: bool) -> None:
    first, second = (find_claimed_numerals(each)[0] for each in (one, other))
    assert are_alike(first, second) is alike
