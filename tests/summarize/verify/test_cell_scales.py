"""What the head of a column says of the size of the numbers below it."""

import pytest

from chatpaper.domain import BBox, Document, Figure
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

COSTS = """Model | Recall | Params | FLOPs
 |  | (M) | (B)
HeronNet | 61.4 | 12.37 | 1.8
CraneNet | 70.9 | 25.49 | 0.6"""
LARGER = """Model | Recall | Params
GreatHeron | 75.2 | 91.48
GreatCrane | 76.8 | 88.15"""
PLAIN = """Model | Nests (K) | Eggs
Heron | 4.15 | 7.25"""
RATES = """Replicas | Reads (Kops/sec)
3 | 38.5"""
WAITS = """Nest | Mean
old | 8.7"""

VERIFIER = Verifier(
    Document(
        title="Wading Networks",
        abstract="We compare networks that find water birds.",
        figures=tuple(
            Figure(f"Table {number}", "table", caption, number, BBox(0, 0, 9, 9), text=text)
            for number, (caption, text) in enumerate(
                [
                    ("Costs of the networks.", COSTS),
                    ("Larger networks.", LARGER),
                    ("Nests and eggs.", PLAIN),
                    ("Throughput of nests.", RATES),
                    ("Latency in the course of 24 hours.", WAITS),
                ],
                start=1,
            )
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("CraneNet 有 25.49M 参数。", True),
        ("CraneNet 有 25.49B 参数。", False),
        ("CraneNet 的计算量仅 0.6B FLOPs。", True),
        ("CraneNet 的计算量仅 0.6M FLOPs。", False),
        # The column has its name in a table that tells the scale.
        ("GreatHeron 有 91.48M 参数。", True),
        ("GreatHeron 有 91.48B 参数。", False),
        ("巢约 4.15K 个。", True),
        ("巢约 4.15M 个。", False),
        ("三个副本的吞吐为 38.5 Kops/s。", True),
        ("三个副本的吞吐为 38.5 Mops/s。", False),
        # What a caption measures is no unit of the cells.
        ("旧巢平均延迟 8.7 ms。", True),
        # The scale of one column is none of its neighbour.
        ("蛋有 7.25K 枚。", False),
    ],
)
def test_the_scale_is_that_of_the_column(text: str, supported: bool) -> None:
    numerals = [claim for claim in VERIFIER.check(Statement(text)) if claim.kind == "numeral"]
    assert [claim.supported for claim in numerals] == [supported]
