"""Values that a text computes from the cells of a table: of two rows, or of two columns."""

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.numbers.calculations import parse_calculation
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

ERRORS = """Model | Lake | Pond
Reed Net [3] | 138 ± 2 | 1909 ± 66
Deep Stork [6] | 214 ± 1.1 | 1890 ± 29
Ours | 225 ± 2 | 2057 ± 26"""
TIMES = """Name | Birds k Time
Lift | 3 94 481 13m
Two-phase lock | 4 145 381 10m
Sluice | 5 300 637 25m
Gate | 4 154 464 22m"""
GAINS = """Bird | Gain | Bird | Gain
Heron | 3.48 | Bittern | -3.33
Egret | 2.60 | Curlew | -2.38
Crane | 2.52 | Plover | -2.07"""
SHARES = """System & training set | Frame Accuracy
Baseline (100% of training set) | 58.9%
Baseline (3% of training set) | 44.5%
Soft Targets (3% of training set) | 57.0%"""
HEADS = """Model | Kind | Top-1 | Top-3 | Top-10 | Median
Swan | Logits | 318.0 | 304.9 | 284.7 | 5.4
Duck | Logits | 38.8 | 37.3 | 32.0 | 3.3
Swan | States | 3608.6 | 3603.6 | 3552.1 | 0.6
Duck | States | 1688.2 | 1672.1 | 1624.3 | 1.2"""
SIZES = """Model | Size | Rate
Swan 3B (Lee et al., 2019) | 2K | 51228
Duck 3B (Lee et al., 2019) | 2K | 46811 (−9%)
Swan 13B (Lee et al., 2019) | 2K | 14346
Duck 13B (Lee et al., 2019) | 2K | 13653 (−5%)
Swan 30B (big) | 4K | 7041
Duck 30B (big) | 4K | 6213 (−8%)"""
MEETINGS = """Meeting | Papers | Model | R@5 | R@10 | R@50 | R@90 | F1 | MAP | P
Rails 2023 | 888 | TF_{k◦p} | 0.3719 | 0.4180 | 0.5170 | 0.6134 | 0.2 | 0.1346 | 0.3
Rails 2024 | 485 | TF_{p◦l} | 0.0635 | 0.1100 | 0.2331 | 0.3408 | 0.1 | 0.0471 | 0.2
Locks 2024 | 970 | TF_{l◦k} | 0.2223 | 0.2605 | 0.3301 | 0.4512 | 0.4 | 0.1012 | 0.1"""
DEPTHS = """Water | Model | Lake (m) | Pond (m)
 |  | Stern-Net 18.738 0.165 | Ibis
 | 1
 |  | Bow-Net 28.343 0.040 | Teal
 |  | Stern-Net 22.252 0.105
 | 2
Deep |  | Bow-Net 28.622 0.051
 |  | Stern-Net 24.381 0.083 | Coot
 | 3
 |  | Bow-Net 28.212 0.052 | Rail"""
TABLES = (ERRORS, TIMES, GAINS, SHARES, HEADS, SIZES, MEETINGS)

VERIFIER = Verifier(
    Document(
        title="Birds of Locks",
        abstract="Birds are counted at locks.",
        sections=(
            Section(
                "1",
                "Setting",
                1,
                1,
                "We use 3% of the frames, about 20 million. On them the accuracy is 57%.",
            ),
        ),
        figures=tuple(
            Figure(f"Table {number}", "table", "Birds.", 2, BBox(0, 0, 9, 9), text=text)
            for number, text in enumerate(TABLES, start=1)
        ),
    )
)


def find_unsupported(text: str) -> list[str]:
    claims = VERIFIER.check(Statement(text))
    return [claim.value for claim in claims if claim.kind == "numeral" and not claim.supported]


@pytest.mark.parametrize(
    "text",
    [
        # The errors behind ± are no cells, and the row of a method may have another name.
        "本文的网络在 Lake 上比 Deep Stork 高 11，比 Reed Net 高 87。",
        # Minutes that are written as metres are.
        "Gate 用了 22 分钟，比 Two-phase lock 多 12 分钟。",
        "Gate 比 Two-phase lock 多用了 12 分钟。",
        # Below and above zero.
        "Bittern 为 −3.33，与榜首的 Heron 相差 6.81。",
        # A row by its Chinese name; what is said of 3 % of the frames is no operand of the margin.
        "只用 3% 的帧时准确率为 57.0%，仅比用全部数据训练的基线低 1.9 个百分点。",
        # Two columns of a row, and rows that share their words.
        "Duck 的 States 中 Top-10 比 Top-1 低 63.9。",
        "Duck 的 States 中 Top-1 为 1688.2，比 Median 高 1687。",
        # Years, cutoffs and indices belong to names.
        "Rails 2024 与 Rails 2023 的论文数相差 403。",
        "TF_{k◦p} 的 R@5 为 0.3719，比 R@10 低 0.0461。",
        # Each of several margins has operands of its own.
        "Duck 的 States 在 Top-1 和 Top-3 上为 1688.2 和 1672.1，比 Swan 低 1920.4 和 1931.5。",
        "Swan 的 Logits 在 Median 上比 Duck 高 2.1。",
        # Numbers within labels are no cells and no operands, and cells stand under their heads.
        "Swan 3B 的 Rate 为 51228，比 Duck 3B 高 4417。",
        "Swan 30B 为 7041，比 Swan 13B 低 7305。",
    ],
)
def test_what_follows_from_two_cells_is_supported(text: str) -> None:
    assert find_unsupported(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("本文的网络在 Lake 上比 Deep Stork 高 13，比 Reed Net 高 87。", "13"),
        ("Gate 用了 22 分钟，比 Two-phase lock 多 14 分钟。", "14 分钟"),
        ("Gate 比 Two-phase lock 多用了 12 小时。", "12 小时"),
        ("Bittern 为 −3.33，与榜首的 Heron 相差 0.15。", "0.15"),
        ("只用 3% 的帧时准确率为 57.0%，仅比用全部数据训练的基线低 2.9 个百分点。", "2.9 个百分点"),
        ("Duck 的 States 中 Top-10 比 Top-1 低 73.9。", "73.9"),
        ("Duck 的 Rate 为 46811，比 Swan 低 5417。", "5417"),
        # 至少用 is no comparison.
        ("Gate 至少用 71.2 秒。", "71.2 秒"),
    ],
)
def test_what_follows_from_no_two_cells_is_not(text: str, value: str) -> None:
    assert find_unsupported(text) == [value]


@pytest.mark.parametrize(
    ("text", "compares"),
    [
        ("新方法少用 71.2 秒", True),
        ("新方法多训练 71.2 秒", True),
        ("新方法早了 71.2 秒", True),
        ("新方法弱 71.2 分", True),
        ("新方法至少用 71.2 秒", False),
        ("新方法最多用 71.2 秒", False),
    ],
)
def test_a_verb_may_stand_between_more_and_how_much(text: str, compares: bool) -> None:
    assert (parse_calculation(find_claimed_numerals(text)[0], text) is not None) is compares


@pytest.mark.parametrize(
    ("text", "unsupported"),
    [
        ("水中只有一种鱼时，Bow-Net 比 Stern-Net 高 9.605。", []),
        ("With one fish, Bow-Net is 9.605 higher than Stern-Net.", []),
        ("水中只有一种鱼时，Bow-Net 比 Stern-Net 高 8.605。", ["8.605"]),
    ],
)
def test_two_methods_may_be_neighbours_again_and_again(text: str, unsupported: list[str]) -> None:
    figures = (Figure("Table 1", "table", "Nets.", 2, BBox(0, 0, 9, 9), text=DEPTHS),)
    claims = Verifier(Document("Nets", figures=figures)).check(Statement(text))
    assert [each.value for each in claims if not each.supported] == unsupported
