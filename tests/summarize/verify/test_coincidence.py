"""What tells whether a number belongs to its sentence, and what a sentence computes."""

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

DELAYS = """Pump | Delay
P1 | 29.6
P2 | 41.2"""

SCORES = """Score | OldPump | NewPump | WiderPump | Ours
Hush | 0.4317 | 0.5209 | 0.6671 | 0.7388
Hum | 20.709 | 21.132 | 20.451 | 21.998"""

POINTS = """Pump | Points
Old pump | 2057
New pump | 2110"""

VERIFIER = Verifier(
    Document(
        title="Silent Pumps",
        abstract="Pumps are compared by their noise.",
        sections=(
            Section(
                "1",
                "Setup",
                1,
                1,
                "We recorded 2.5 hours of indoor and 6.3 hours of outdoor noise at 44100 Hz.",
            ),
            Section(
                "2",
                "Maintenance",
                1,
                2,
                "The manual has 12 chapters. The valve is opened 0.85ω_z per turn.",
            ),
            Section(
                "3",
                "Loudness",
                1,
                3,
                "The single drop near tick 650 is 0.5 dB, the double ones are 2 and 1 dB.",
            ),
            Section(
                "4",
                "Recognition",
                1,
                4,
                "A forest reaches 87.6% accuracy in recognising pumps by their sound.",
            ),
            Section(
                "5",
                "Networks",
                1,
                5,
                "Our network reaches 93.2% accuracy in recognising pumps by their sound.",
            ),
            Section(
                "7",
                "Weight",
                1,
                7,
                "The housing of a pump keeps its weight below 5% of the weight of a tank.",
            ),
            Section(
                "8",
                "Repair",
                1,
                8,
                "On average 8% of all repairs were made twice by the same mechanic.",
            ),
            Section(
                "6",
                "Models",
                1,
                6,
                "In all, 45 MN models and 14 others are drawn, of which 3 are silent.",
            ),
        ),
        figures=(
            Figure("Table 1", "table", "What was waited for.", 4, BBox(0, 0, 9, 9), text=DELAYS),
            Figure("Table 2", "table", "How the pumps score.", 4, BBox(0, 0, 9, 9), text=SCORES),
            Figure("Table 3", "table", "Points of pumps.", 4, BBox(0, 0, 9, 9), text=POINTS),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        # Two digits in a unit that the paper does not print, or rounded, are met by chance.
        ("维护手册要求误差低于 12%。", False),
        ("启动耗时约 30 分钟。", False),
        # The passage that is most like the sentence has another value.
        ("The housing keeps the weight of a pump below 5% of that of a tank.", True),
        ("The housing keeps the weight of a pump below 8% of that of a tank.", False),
        ("Mechanics made 8% of the repairs twice.", True),
        # In its own unit a value may be rounded.
        ("采样率约为 44 kHz。", True),
        # Times a letter of a formula; capitals that name what is counted.
        ("阀门开度为 0.85 倍。", True),
        ("共画出 45 个模型。", True),
        ("室内外噪声合计约 9.9 小时。", False),
        ("网络的准确率为 93.2%，比森林高 6.6 个百分点。", False),
        ("The single drop near tick 650 costs 0.5 dB; the double ones cost 2 and 1 dB.", True),
        # Methods side by side in one row.
        ("与 NewPump 相比，Hush 提高 0.2179。", True),
        ("与 NewPump 相比，Hush 提高 0.2279。", False),
        # Levels of more than a hundred are no per cent.
        ("新泵得 2110，旧泵得 2057，低了 53。", True),
        ("新泵得 2110，旧泵得 2057，低了 53%。", False),
        # Whole numbers give no decimals, and a fraction in digits is not near to another.
        ("安静的型号比其他型号少 11.0 个百分点。", False),
        ("安静的型号降到全部的 2/9。", False),
    ],
)
def test_a_number_is_supported_by_what_stands_beside_it(text: str, supported: bool) -> None:
    claims = [claim for claim in VERIFIER.check(Statement(text)) if claim.kind == "numeral"]

    assert all(claim.supported for claim in claims) == supported
