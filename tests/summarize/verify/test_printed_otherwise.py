"""What a paper prints otherwise than a statement says it, and the same digits of another unit."""

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.findings import Finding, check_claims
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
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
PANELS = """0.2 | 0.4 | 0.65
Best (lock score: 0.7415) | Worst (lock score: −0.2138)
0.561 | 0.625
Mean: 0.671
# Gates: 70k"""
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
                "Opening takes around 20ms. Storage needs 16 terabytes and 15 Petaflops. "
                "The new lock outperforms the old by 1.547. It opens 2.35 faster.",
            ),
            Section(
                "2",
                "Data",
                1,
                2,
                "The log has 4,8784,3636 entries. The scales are [18, 20] and [40, 44] pixels, "
                "as in [31, 33]. The area under the curve is 69\ufffd5%. Tests returned p-values "
                "below 0.05. The error is in the order of a percent level. "
                "A detour is at most the shortest way multiplied by 1.155. "
                "We collect 6, 415 pairs of gates, with 20, 130 and 245 of each kind. "
                "Often we let M = 200, 000 boats and R = 5, 000, using rafts. Runs of 40, 600, and "
                "900 boats are short. A canal is made of 10.000 bricks and 2.500 hours of work. "
                "The scheme achieved a 12-to-1 reduction in space. A lock opens 33 times as often. "
                "The words are 3,135,780 in all. Filling lasted for 23 minutes. Each boat has "
                "82k-655k planks. A beam has an energy of 10 PeV. The copy takes 1256 MB. The "
                "voyage lasts for 108 seconds. The pile of peat is 1950x smaller.",
            ),
        ),
        figures=(
            Figure("Figure 3", "figure", "Statistics.", 3, BBox(0, 0, 9, 9), text=TIMES),
            Figure("Table 1", "table", "Scores.", 3, BBox(0, 0, 9, 9), text=SCORES),
            Figure("Figure 4", "figure", "Panels.", 3, BBox(0, 0, 9, 9), text=PANELS),
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
        "新船闸开启快 2.35 倍。",
        "存储需要 16 TB，算力为 15 PFLOPS。",
        "日志约有 4.88 亿个条目。",
        "灰度范围为 18～20 和 40～44 像素。",
        "曲线下面积为 69.5%。",
        "检验的 p 值低于 0.05。",
        "误差可达百分之一量级。",
        "共收集 6,415 对闸门。",
        "各类闸门分别有 20、130 和 245 对。",
        "常用 20 万艘船和 5,000 个 R。",
        "运河由 1 万块砖砌成。",
        "该方案把空间缩小到十二分之一。",
        "该方案节省的空间达 12 倍。",
        "船闸的开启频率是 30 多倍。",
        "船闸的开启频率是三十多倍。",
        "单词共有三百多万个。",
        "注水用了 20 多分钟。",
        "每艘船有 65.5 万块木板。",
        "光束能量为 10¹⁶ 电子伏特。",
        "副本占 1.3 GB。",
        "航行时间不到两分钟。",
        "泥炭堆缩小近两千倍。",
        "最优个体的得分为 0.7415，均值为 0.671。",
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
        # A difference in a score is no factor.
        ("新船闸的得分高 1.547 倍。", ("1.547 倍",)),
        ("存储需要 16 GB。", ("16 GB",)),
        ("Throughput is 15 TFlops.", ("15 TFlops",)),
        ("检验的 p 值低于 0.05%。", ("0.05%",)),
        ("Detours are at most about 17.5% longer than the shortest ways.", ("17.5%",)),
        ("共收集 6,145 对闸门。", ("6,145",)),
        ("常用 30 万艘船和 6,000 个 R。", ("30 万", "6,000")),
        ("Runs have 40,600 boats.", ("40,600",)),
        ("运河由 1 亿块砖砌成。", ("1 亿",)),
        ("用去 2,500 小时。", ("2,500 小时",)),
        ("该方案把空间缩小到十五分之一。", ("十五分之一",)),
        ("单词共有五百多万个。", ("五百多万",)),
        ("注水用了 30 多分钟。", ("30 多分钟",)),
        ("注水用了 20 多小时。", ("20 多小时",)),
        ("每艘船有 95.5 万块木板。", ("95.5 万",)),
        ("光束能量为 10¹³ 电子伏特。", ("10¹³ 电子伏特",)),
        ("副本占 1.4 GB。", ("1.4 GB",)),
        ("泥炭堆缩小近三千倍。", ("三千倍",)),
        # Numbers along an axis say nothing, nor do the few digits that name a curve.
        ("最优个体的得分为 0.65。", ("0.65",)),
        ("训练最多 70 步。", ("70",)),
        # A citation is no range.
        ("灰度范围为 31 像素。", ("31 像素",)),
    ],
)
def test_the_same_digits_of_another_unit_are_marked(text: str, values: tuple[str, ...]) -> None:
    assert marked(text) == values


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("0.8055", "0.7295", True), ("0.8055", "33.189", False)]
)
def test_scores_far_apart_are_of_two_measures(one: str, other: str, alike: bool) -> None:
    first, second = (find_claimed_numerals(each)[0] for each in (one, other))
    assert are_alike(first, second) is alike
