"""A number belongs to its unit: per second or per minute, steps or epochs, per cent or a count."""

from decimal import Decimal

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
from chatpaper.summarize.verify.numbers.rates import find_rate
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

BUDGETS = """Kiln | Budget (steps) | Error (%)
Clay | 40 | 6.3
Sand | 70 | 5.7"""
SPEEDS = """Kiln | Forward | Change
Clay | 46811 | ↑ 0.5
Sand | 51228 | ↓ 1.5"""
UNITS = (
    "It reads 131.45 FPS from 4M tokens with 1000 warmup steps at a phase of 179°. "
    "The slant is 45◦, see B.2 and step 1. About 99% of the pots hold, an improvement of 5.2%. "
    "Each has 2,048 characters. The line is limited to 100Mbit/sec and drops to 765 Mbps. "
    "The disk reads 64KBytes of it at 30 MB per second, on a 10 Gbit network. The gas is reduced "
    "by a factor of four, or at least a factor of sixteen. Ash needs a third of the time."
)

VERIFIER = Verifier(
    Document(
        title="Kilns that Learn",
        abstract="Kilns are controlled by a network.",
        sections=(
            Section(
                "1",
                "Speed",
                1,
                1,
                "The controller answers 734.5 queries per second. Storage costs $0.35 per MB.",
            ),
            Section(
                "2",
                "Training",
                1,
                2,
                "The network is trained for up to 60 epochs. The rule stops at 40 steps.",
            ),
            Section("3", "Data", 1, 3, "There are 900 pots, 300 for choosing and 450 for testing."),
            Section(
                "4",
                "Results",
                1,
                4,
                "With 1000 steps the error is below 0.05. The accuracy grows from 81 to 96%.",
            ),
            Section("5", "Units", 1, 5, UNITS),
        ),
        figures=(
            Figure("Table 1", "table", "Budgets found.", 4, BBox(0, 0, 9, 9), text=BUDGETS),
            Figure("Table 2", "table", "Pots per second.", 4, BBox(0, 0, 9, 9), text=SPEEDS),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("控制器每秒回答 734.5 个查询。", True),
        ("控制器每分钟回答 734.5 个查询。", False),
        ("The controller answers 734.5 queries a second.", True),
        ("The controller answers 734.5 queries per minute.", False),
        ("Storage costs $0.35 per MB.", True),
        ("Storage costs $0.35 per GB.", False),
        ("网络最多训练 60 轮。", True),
        ("网络最多训练 60 步。", False),
        ("The network is trained for 60 steps.", False),
        ("规则停在 40 步。", True),
        ("规则停在 40%。", False),
        ("选择用 300 个陶罐，测试用 450 个。", True),
        ("选择用 300%的陶罐，测试用 450 个。", False),
        ("准确率由 81% 升到 96%。", True),
        ("每秒读取 131.45 帧。", True),
        ("每分钟读取 131.45 帧。", False),
        ("黏土窑每秒 46,811 个。", True),
        ("黏土窑毎分 46,811 個。", False),
        ("黏土窑上升 0.5。", True),
        ("黏土窑高 0.5 倍。", False),
        ("输入为 400 万个 token。", True),
        ("输入为 400 万个字符。", False),
        ("2,048 文字である。", True),
        ("2,048 トークンである。", False),
        ("预热 1000 步。", True),
        ("预热 1000 轮。", False),
        ("相位为 179 度。", True),
        ("相位为 179 弧度。", False),
        ("偏角为 45°。", True),
        ("偏角为 45 弧度。", False),
        ("产量增加了 1 倍。", False),
        ("约 99% 的陶罐合格。", True),
        ("约 99‰ 的陶罐合格。", False),
        ("约百分之九十九的陶罐合格。", True),
        ("约千分之九百九十的陶罐合格。", True),
        ("约千分之九十九的陶罐合格。", False),
        ("It improves by 5.2%.", True),
        ("It improves by a factor of 5.2.", False),
        ("线路起初限速 100 Mbit/s，后降到 765 Mbit/s。", True),
        ("线路起初限速 100 Mbit/s，后降到 765 kbit/s。", False),
        ("线路起初限速 100 MB/s。", False),
        ("线路每秒传 100 Mbit。", True),
        ("线路每分钟传 100 Mbit。", False),
        ("磁盘以每秒 30 MB 读出 64 KB。", True),
        ("The disk reads 64 KB at 30 MB/sec from a 10 Gbps network.", True),
        ("The disk reads 64 KB at 30 MB/sec from a 10 GB/s network.", False),
        ("用气缩短到四分之一，通常至少到十六分之一。", True),
        ("用气缩短到二十五分之一。", False),
        ("用气系数为 0.25。", False),
        ("It needs only 1/4 of the gas, often 1/16th.", True),
        ("It needs only 1/5 of the gas.", False),
        ("除灰快三倍。", True),
        ("除灰快七倍。", False),
        # What is as good as one of its operands is no result.
        ("步数比误差多 1000%。", False),
    ],
)
def test_a_number_is_held_to_its_unit(text: str, supported: bool) -> None:
    claims = [claim for claim in VERIFIER.check(Statement(text)) if claim.kind == "numeral"]

    assert all(claim.supported for claim in claims) == supported


@pytest.mark.parametrize(
    ("text", "kind", "factor"),
    [
        ("每秒 30 帧", "second", 1),
        ("每一分钟处理约 30 帧", "second", 60),
        ("30 frames per second", "second", 1),
        ("30 frames an hour", "second", 3600),
        ("30 帧/秒", "second", 1),
        ("$30 per GB of disk", "byte", 10**9),
        # Nothing tells of a rate, or what does belongs to something else.
        ("30 frames of a metre", "", 1),
        ("共 30 帧，每秒一帧", "", 1),
        ("30 frames. Each second has one", "", 1),
    ],
)
def test_a_rate_is_told_before_or_behind_its_number(text: str, kind: str, factor: int) -> None:
    (numeral,) = [each for each in find_claimed_numerals(text) if each.value == 30]
    rate = find_rate(numeral, text)

    assert (rate.kind, rate.factor) == (kind, Decimal(factor))


@pytest.mark.parametrize(
    ("heading", "text", "supported"),
    [
        ("Time", "烧制用时 13 分钟。", True),
        ("Time", "烧制用时 13 小时。", False),
        ("Depth", "烧制用时 13 分钟。", False),
        ("Depth", "窑深 13 米。", True),
    ],
)
def test_minutes_in_a_column_of_times_may_look_like_metres(
    heading: str, text: str, supported: bool
) -> None:
    rows = f"Kiln | {heading}\nClay | 13m\nSand | 25m"
    table = Figure("Table 1", "table", "Kilns.", 1, BBox(0, 0, 9, 9), text=rows)
    claims = Verifier(Document(title="Kilns", figures=(table,))).check(Statement(text))
    assert [claim.supported for claim in claims] == [supported]


@pytest.mark.parametrize(
    ("text", "quote", "supported"),
    [
        (
            "The error of pots is below a cent since KILN 2012.",
            "The error is far below a cent of all pots.",
            True,
        ),
        (
            "The error of pots is below a cent since KILN 2013.",
            "The error is far below a cent of all pots.",
            False,
        ),
        (
            "The error of pots is below a cent since OVEN 2009.",
            "The error is far below a cent of all pots.",
            True,
        ),
        (
            "KILN 2012 was won by clay pots in round 2.",
            "The second round of KILN 2014 was won by clay pots.",
            False,
        ),
    ],
)
def test_the_year_of_a_name_may_stand_elsewhere(text: str, quote: str, *, supported: bool) -> None:
    sections = (
        Section("1", "Contest", 1, 1, "The contest was begun at KILN 2012, after OVEN ’09."),
        Section("2", "Errors", 1, 2, "The error is far below a cent of all pots."),
        Section("3", "Rounds", 1, 3, "The second round of KILN 2014 was won by clay pots."),
    )
    claims = Verifier(Document(sections=sections)).check(Statement(text, quote=quote))
    assert all(claim.supported for claim in claims if claim.kind == "numeral") == supported


SIGNALS = Verifier(
    Document(
        front_matter="Received 6 October 2010",
        sections=(
            Section(
                "1",
                "Signals",
                1,
                1,
                "Calls were recorded at 96 kHz, and 1.25 seconds of them resampled to 8 kHz. "
                "The birds call at a rate of about 40 calls per minute.",
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("采样率为 96 kHz，即每秒 9.6 万个采样点。", True),
        ("采样率为 96 kHz，即每秒 9.8 万个采样点。", False),
        ("采样率为 96 kHz，即每分钟 9.6 万个采样点。", False),
        ("它们每分钟叫 40 次，平均 1.5 秒一次。", True),
        ("它们每分钟叫 40 次，平均 2.5 秒一次。", False),
        ("一段 1.25 秒的音频按 8 kHz 计约有 10000 个采样点。", True),
        ("一段 1.25 秒的音频按 8 kHz 计约有 12500 个采样点。", False),
        ("采样率由 96 kHz 降到 8 kHz，不足原来的十分之一。", True),
        ("采样率由 96 kHz 降到 8 kHz，不足原来的十五分之一。", False),
        # Nothing is computed from the dates of the first page.
        ("40 次呼叫比 6 次约多 6.67 倍。", False),
    ],
)
def test_a_frequency_is_a_count_by_time(text: str, *, supported: bool) -> None:
    claims = [claim for claim in SIGNALS.check(Statement(text)) if claim.kind == "numeral"]

    assert all(claim.supported for claim in claims) == supported


@pytest.mark.parametrize(
    ("text", "words", "value", "kind"),
    [
        ("使用了三个多月", "三个多月", "3", "month"),
        ("持续 6 个多月", "6 个多月", "6", "month"),
        ("历时四个多星期", "四个多星期", "4", "second"),
        ("两个多小时", "两个多小时", "2", "second"),
        ("用了三个半月", "三个半月", "3.5", "month"),
        ("三年之后", "三年", "3", "year"),
    ],
)
def test_more_than_so_many_months_are_no_months_of_a_calendar(
    text: str, words: str, value: str, kind: str
) -> None:
    (numeral,) = find_claimed_numerals(text)
    assert (numeral.text, numeral.value, numeral.unit.kind) == (words, Decimal(value), kind)


KILNS = Verifier(
    Document(
        title="Kilns that Wait",
        abstract="Kilns wait for pots.",
        sections=(
            Section("1", "Delay", 1, 1, "The kiln is shut for 7 hours, a speedup of 1.7 by steam."),
            Section("2", "Gain", 1, 2, "Steam gains 3 GLAZE points on all 40% steps of a run."),
            Section("3", "Rest", 1, 3, "It rests for 7 days on 3 times as many of 40 shelves."),
            Section(
                "4", "Ash", 1, 4, "Ash is 0.4 of it, and soot rises by +2.46 on clay. It is 38%."
            ),
        ),
        figures=(
            Figure("Table 1", "table", "Ash.", 4, BBox(0, 0, 9, 9), text="Kiln | Ash\nClay | 9.71"),
        ),
    )
)
SHUT = "The kiln is shut for 7 hours, a speedup of 1.7 by steam."
GAINS = "Steam gains 3 GLAZE points on all 40% steps of a run."


@pytest.mark.parametrize(
    ("text", "quote", "supported"),
    [
        ("窑关闭 7 小时。", SHUT, True),
        ("窑关闭 7 天。", SHUT, False),
        ("蒸汽提速至 1.7 倍。", SHUT, True),
        ("蒸汽提速 1.7%。", SHUT, False),
        ("蒸汽提高了 3 个 GLAZE 点。", GAINS, True),
        ("蒸汽提高到 3 倍。", GAINS, False),
        ("在前 40% 的步数里。", GAINS, True),
        ("在前 40 个 epoch 里。", GAINS, False),
        ("灰占 0.4。", "", True),
        ("灰占 0.4%。", "", False),
        ("黏土的烟灰上升 2.46。", "", True),
        ("黏土的烟灰升到 2.46 倍。", "", False),
        ("占 38%。", "", True),
        ("占 38‰。", "", False),
        ("黏土的灰为 9.71%。", "", True),
        ("黏土的灰为 9.71 倍。", "", False),
        ("黏土的灰为 9.71‰。", "", False),
    ],
)
def test_a_number_keeps_the_unit_of_the_quoted_words(
    text: str, quote: str, *, supported: bool
) -> None:
    claims = KILNS.check(Statement(text, quote=quote))
    assert all(claim.supported for claim in claims if claim.kind == "numeral") is supported
