"""Values that a text computes from numbers of the paper."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.claims.claim import CheckedClaim
from chatpaper.summarize.verify.numbers.arithmetic import solve
from chatpaper.summarize.verify.numbers.calculations import parse_calculation
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.support.operands import is_small_count
from chatpaper.summarize.verify.verifier import Verifier

TABLE = """Model | Lake (%) River Cost (s)
HeronNet | 61.4 0.42 120
CraneNet | 70.9 0.61 90
StorkNet-B | 55.0 0.38 360
Ibis | 48.2 0.20 45"""

DOCUMENT = Document(
    title="Wading Networks",
    abstract="We present CraneNet, which finds water birds in pictures of lakes.",
    sections=(
        Section(
            "1",
            "Introduction",
            1,
            1,
            "Water birds stand still for a long time. CraneNet waits with them.",
        ),
        Section(
            "2",
            "Experiments",
            1,
            2,
            "The library holds 6,400 pictures of lakes, 1,600 of rivers and 950 of ponds. Its "
            "parts hold 6,400, 1,600, and 950 pictures. Each of eight cameras stores 64 GB of "
            "them. CraneNet reaches a recall of 77.5% on ponds, where the second best method has "
            "46%. The fields are 0.74 ± 0.53, 1.49 ± 1.06, 2.96 ± 2.11 and 5.86 ± 4.25 mV at 5, "
            "7, 9 and 11 nA. Its encoder needs only 59.5% of the parameters. Waiting takes 48 "
            "seconds with one observer. With a second observer it takes 12 seconds. "
            "The core has 3,300 lines. Its nests need another 2,700 lines. Feeding needs 1,600 "
            "lines.",
        ),
    ),
    figures=(
        Figure(
            "Table 1",
            "table",
            "Accuracy on two sets and cost of training.",
            3,
            BBox(0, 0, 9, 9),
            text=TABLE,
        ),
    ),
)
VERIFIER = Verifier(DOCUMENT)
# A data set that is called by its year, over one of the columns.
HEADED = Verifier(
    replace(
        DOCUMENT,
        figures=(
            Figure(
                "Table 2",
                "table",
                "Scores of two observers.",
                3,
                BBox(0, 0, 9, 9),
                text=(
                    " | Lake 2024 | River-500\nModel\nHeronNet | 47.0 | 60.5\n"
                    "CraneNet | 72.6 | 83.3"
                ),
            ),
        ),
    )
)


NAMES_OF_ROWS = ["Ardea", "Bubo", *(f"Site{chr(ord('A') + number)}" for number in range(26))]


def numeral(text: str, value: str, quote: str = "") -> CheckedClaim:
    return next(
        claim for claim in VERIFIER.check(Statement(text, quote=quote)) if claim.value == value
    )


def test_the_year_above_a_column_is_no_row_of_it() -> None:
    text = "CraneNet 在 Lake 2024 上为 72.6%，比直接训练高 25.6 个百分点。"
    claim = next(claim for claim in HEADED.check(Statement(text)) if claim.value == "25.6 个百分点")
    assert (claim.supported, claim.derivation) == (True, "72.6 - 47 = 25.6")


@pytest.mark.parametrize(
    ("text", "value", "derivation"),
    [
        (
            "CraneNet 在 Lake 上为 70.9，比 HeronNet 的 61.4 高 9.5 个百分点。",
            "9.5 个百分点",
            "70.9 - 61.4 = 9.5",
        ),
        (
            "CraneNet 在 River 上由 0.42 升至 0.61，提高 19 个百分点。",
            "19 个百分点",
            "0.61 - 0.42 = 0.19",
        ),
        (
            "CraneNet 在 Lake 上为 70.9，比 StorkNet-B 高 15.9 个点。",
            "15.9 个点",
            "70.9 - 55 = 15.9",
        ),
        ("CraneNet beats StorkNet-B on Lake by 15.9 points.", "15.9 points", "70.9 - 55 = 15.9"),
        (
            "CraneNet は Lake で 70.9 と、HeronNet の 61.4 より 9.5 ポイント高い。",
            "9.5 ポイント",
            "70.9 - 61.4 = 9.5",
        ),
        (
            "Lake では 70.9% だが HeronNet では 61.4% となり、9.5 ポイント下がる。",
            "9.5 ポイント",
            "70.9 - 61.4 = 9.5",
        ),
        ("训练耗时由 StorkNet-B 的 360 秒降到 90 秒，减少 75%。", "75%", "(360 - 90) / 360 = 75%"),
        ("鸟类 1,600 张，比 6,400 张少，差距约 75%。", "75%", "(6400 - 1600) / 6400 = 75%"),
        ("两人同时等待需 12 秒，是一人的四分之一。", "四分之一", "12 / 48 = 0.25"),
        ("图片有 6,400 张，每天 950 张，即 6.74 天。", "6.74 天", "6400 / 950 = 6.737"),
        ("训练耗时由 360 秒降到 90 秒，快 4 倍。", "4 倍", "360 / 90 = 4"),
        ("训练耗时由 360 秒降到 90 秒，减少 270 秒。", "270 秒", "360 - 90 = 270"),
        ("训练耗时由 360 秒降到 90 秒，约为原来的四分之一。", "四分之一", "90 / 360 = 0.25"),
        ("训练耗时由 120 秒降到 45 秒，不到一半。", "一半", "45 / 120 = 0.375"),
        ("等待时间由 48 秒降到 12 秒，是原来的 25%。", "25%", "12 / 48 = 25%"),
        ("在池塘上召回率为 77.5%，比第二名高 31.5 个百分点。", "31.5 个百分点", "77.5 - 46 = 31.5"),
        (
            "CraneNet 比 HeronNet 高 9.5 个百分点，而代价较小（90 对 120）。",
            "9.5 个百分点",
            "70.9 - 61.4 = 9.5",
        ),
        ("本文方法在 Lake 上比 HeronNet 高 9.5 个百分点。", "9.5 个百分点", "70.9 - 61.4 = 9.5"),
        ("在 Lake 上准确率再升 15.9 个百分点。", "15.9 个百分点", "70.9 - 55 = 15.9"),
        ("CraneNet 在池塘上高出第二名 31.5 个百分点。", "31.5 个百分点", "77.5 - 46 = 31.5"),
        ("电场为 5.86 mV，约为最小值的 7.9 倍。", "7.9 倍", "0.00586 / 0.00074 = 7.919"),
        ("等待 48 秒处理 6,400 张，平均每秒约 133 张。", "133", "6400 / 48 = 133.3"),
        ("训练耗时 360 秒，另一种 90 秒，慢了约 300%。", "300%", "(360 - 90) / 90 = 300%"),
    ],
)
def test_a_computed_value_is_supported_and_says_how(text: str, value: str, derivation: str) -> None:
    claim = numeral(text, value)
    assert (claim.supported, claim.derivation) == (True, derivation)
    assert claim.page in (2, 3)


def test_a_number_divided_by_one_is_no_multiple() -> None:
    text = "HeronNet^1 is better by a margin of 12.9 points with 1 observer."
    verifier = Verifier(Document(sections=(Section("1", "Results", 1, 1, text),)))
    (claim,) = verifier.check(Statement("提升幅度达 12.9 倍。", quote=text))[:-1]
    assert (claim.value, claim.supported) == ("12.9 倍", False)


def test_what_the_quoted_passage_gives_needs_no_operand_in_the_text() -> None:
    quote = "CraneNet reaches a recall of 77.5% on ponds, where the second best method has 46%"
    assert (
        numeral("召回率比第二名高 31.5 个百分点。", "31.5 个百分点", quote).derivation
        == "77.5 - 46 = 31.5"
    )


@pytest.mark.parametrize(
    ("text", "quote", "value", "derivation"),
    [
        (
            "得分比 HeronNet 低 4.52。",
            "HeronNet has 94.65, and IbisNet performed worse (90.13)",
            "4.52",
            "94.65 - 90.13 = 4.52",
        ),
        (
            "误差下降了 79 个百分点。",
            "reduces the error from 80% to 1% for lake 2",
            "79 个百分点",
            "80 - 1 = 79",
        ),
        ("得分比 HeronNet 低 4.25。", "HeronNet (94.65), IbisNet (90.13)", "4.25", ""),
    ],
)
def test_a_value_follows_from_two_numbers_of_the_quoted_words(
    text: str, quote: str, value: str, derivation: str
) -> None:
    # The sentence that holds them has too many numbers for any two of them to tell.
    section = f"On 12, 14, 19, 27, 33, 45 and 61 lakes {quote}, after 3.1, 5.7 and 8.3 hours."
    verifier = Verifier(Document(sections=(Section("1", "Results", 1, 1, section),)))
    claims = verifier.check(Statement(text, quote=quote))
    claim = next(each for each in claims if each.value == value)
    assert (claim.derivation, claim.supported) == (derivation, bool(derivation))


def test_the_two_cells_of_a_row_that_is_named_are_before_and_after() -> None:
    table = Figure(
        "Table 2",
        "table",
        "With and without.",
        4,
        BBox(0, 0, 9, 9),
        text="Model | with without\nHeronNet-9 | 76.2 68.9",
    )
    verifier = Verifier(Document(sections=DOCUMENT.sections, figures=(table,)))
    (claim,) = [
        each
        for each in verifier.check(Statement("去掉后 HeronNet-9 下降 7.3 个百分点。"))
        if each.kind == "numeral"
    ]
    assert claim.derivation == "76.2 - 68.9 = 7.3"


SETTINGS = Verifier(
    Document(
        sections=(
            Section(
                "3",
                "Setting",
                1,
                3,
                "The input has 26 frames with 40 values each. The score is 0.8151 for herons and "
                "-0.2238 for storks. We set N = 150, M = 1000 and b = 0.2. Training takes 3.5 days "
                "on eight GPUs. Batches have 40 pictures, which 8 steps on 4 GPUs add. Encoder and "
                "decoder have 9 layers. The share is 0.46. Length falls from 1924 to 1374. We took "
                "36M sentences, 80k birds and 35k lakes. Of the other language there are 4.5 "
                "million sentence pairs. The server has four CPUs with 12 cores and 7 fans. At 25, "
                "50, 75 and 175 nA we measured fields of 0.74 ± 0.53, 1.49 ± 1.06, 2.96 ± 2.11 and "
                "5.86 ± 4.25 mV with errors of 0.07 and 0.14 mV. It passes 1.23G/ms vs. 0.42G/ms.",
            ),
        ),
        figures=(
            Figure(
                "Table 3",
                "table",
                "Setting.",
                4,
                BBox(0, 0, 9, 9),
                text="Parameter | 5-way | 20-way\nBatch | 10 | 35\nIterations | 100K | 200K",
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "value", "derivation"),
    [
        ("输入有 26 帧，每帧 40 个值，合计 1040 维。", "1040", "26 × 40 = 1040"),
        ("输入有 26 帧，每帧 40 个值，合计 1060 维。", "1060", ""),
        ("输入有 26 帧和 40 个值，合计 1040 维。", "1040", ""),
        ("在 N = 150、b = 0.2 的设定下即 200 个。", "200", ""),
        (
            "苍鹭为 0.8151，鹳却只有 −0.2238，两者相差约 1.04。",
            "1.04",
            "0.8151 - (-0.2238) = 1.0389",
        ),
        ("苍鹭为 0.8151，鹳却只有 0.2238，两者相差约 1.04。", "1.04", ""),
        ("20-way 时迭代 20 万次，是 5-way 的两倍。", "两倍", "200000 / 100000 = 2"),
        ("每卡 40 张，累积 8 步，4 张卡合计 1280 张。", "1280", "40 × 8 × 4 = 1280"),
        ("每卡 40 张，累积 8 步，4 张卡合计 1240 张。", "1240", ""),
        ("编码器与解码器有 9 层，合起来 18 层。", "18", ""),
        ("在 8 块 GPU 上训练 3.5 天，折合 28 个 GPU 天。", "28 个 GPU 天", "302400 × 8 = 2419200"),
        ("在 8 块 GPU 上训练 3.5 天，折合 28 个 GPU 小时。", "28 个 GPU 小时", ""),
        ("变异概率 N = 150，b 为 0.2%。", "0.2%", ""),
        ("占比为 0.46，不到三分之一。", "三分之一", ""),
        ("长度由 1924 降至 1374，减少近三成。", "三成", "(1924 - 1374) / 1924 = 28.59%"),
        ("长度由 1924 降至 1374，减少近七成。", "七成", ""),
        ("服务器装有四颗 12 核的 CPU，合计 48 核。", "48", "4 × 12 = 48"),
        ("服务器共 48 核（四颗，每颗 12 核）。", "48", "4 × 12 = 48"),
        ("The server has four 12-core CPUs, 48 cores in total.", "48", "4 × 12 = 48"),
        ("The server has four CPUs with 12 cores, 48 in all.", "48", "4 × 12 = 48"),
        ("服务器装有四颗 12 核的 CPU，合计 46 核。", "46", ""),
        ("服务器装有四颗 CPU 和 12 个核，合计 48 个。", "48", ""),
        # Of a long sentence the list of an operand counts; what tells when it holds is none.
        (
            "175 nA 时电场为 5.86 mV，约为 25 nA 时的 7.9 倍。",
            "7.9 倍",
            "0.00586 / 0.00074 = 7.919",
        ),
        ("175 nA 时电场为 5.86 mV，约为 25 nA 时的 7 倍。", "7 倍", ""),
        ("由 50 nA 升到 175 nA，升高 125 nA。", "125 nA", "175 - 50 = 125"),
        ("由 50 nA 升到 175 nA，升高 125 个百分点。", "125 个百分点", ""),
        ("效率为 1.23 G/ms，约为后者的 2.9 倍。", "2.9 倍", "1230000000 / 420000000 = 2.929"),
        # What is nearly so many times as much is less.
        ("长度为 1924，是 26 帧的近八十倍。", "八十倍", "1924 / 26 = 74"),
        ("长度为 1924，是 26 帧的近九十倍。", "九十倍", ""),
        ("用 8 万张鸟图加 3.5 万张湖图，共 11.5 万张。", "11.5 万", "80000 + 35000 = 115000"),
        ("8 块 GPU 各放 26 张，等效批大小为 208。", "208", "8 × 26 = 208"),
        ("长度由 1924 降至 1374，占 M = 1000 的百分之十五。", "百分之十五", ""),
        ("N = 150 是 M = 1000 的百分之十五。", "百分之十五", "150 / 1000 = 15%"),
        # What tells the settings apart is no operand.
        ("20-way 时迭代 20 万次，是 5-way 的四倍。", "四倍", ""),
    ],
)
def test_a_value_follows_from_the_two_numbers_that_the_sentence_has(
    text: str, value: str, derivation: str
) -> None:
    (claim,) = [each for each in SETTINGS.check(Statement(text)) if each.value == value]
    assert (claim.derivation, claim.supported) == (derivation, bool(derivation))


def test_counts_of_things_are_no_operands_of_seconds() -> None:
    text = "Graph | Nodes | Edges | Before | After\nGnutella04 | 10876 | 39994 | 375.4 | 304.2"
    table = Figure("Table 2", "table", "Seconds.", 4, BBox(0, 0, 9, 9), text=text)
    verifier = Verifier(Document(sections=DOCUMENT.sections, figures=(table,)))
    said = Statement("On Gnutella04, with 10876 nodes and 39994 edges, the method saves 71.2 s.")
    (claim,) = [each for each in verifier.check(said) if each.value == "71.2 s"]
    assert claim.derivation == "375.4 - 304.2 = 71.2"


def test_an_operand_may_stand_in_the_sentence_before() -> None:
    text = "CraneNet 在 Lake 上为 70.9，HeronNet 为 61.4。前者高 9.5 个百分点。"
    assert numeral(text, "9.5 个百分点").derivation == "70.9 - 61.4 = 9.5"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("图片 6,400 张，比 2019 年增加。", "2019"),
        ("CraneNet 在 Lake 上为 70.9，比 HeronNet 的 61.4 高 8.5 个百分点。", "8.5 个百分点"),
        ("CraneNet 的得分为 70.9，学习率为 9.5。", "9.5"),
        ("训练耗时由 360 秒降到 90 秒，减少 270 小时。", "270 小时"),
        ("训练耗时由 360 秒降到 90 秒，快 5 倍。", "5 倍"),
        ("准确率由 61.4 提高到 132.3。", "132.3"),
        ("本文方法在 Lake 上比 HeronNet 高 9.7 个百分点。", "9.7 个百分点"),
        ("收集了约 8,850 张图片。", "8,850"),
        ("八台相机共存 516 GB 图片。", "516 GB"),
        ("鸟巢与喂食合计约 5,800 行代码。", "5,800"),
        ("等待 48 秒处理 6,400 张，平均每秒约 153 张。", "153"),
        ("图片有 6,400 张，每天 950 张，即 8.74 天。", "8.74 天"),
        ("其中 500 张归湖，1,200 张归河（共 1,600 张）。", "500"),
        ("两人同时等待需 12 秒，是一人的七分之一。", "七分之一"),
        # 缩写 and 提示 are no changes, whatever numbers stand about them.
        ("湖的缩写有 6,400 个，提示 950 个，另有 5,450 个。", "5,450"),
    ],
)
def test_what_does_not_follow_or_is_no_comparison_is_not_supported(text: str, value: str) -> None:
    assert not numeral(text, value).supported


def test_few_wrong_values_follow_by_chance() -> None:
    randomly = random.Random(14)
    statements = (
        "CraneNet 在 Lake 上为 70.9，比 StorkNet-B 高 {} 个百分点。",
        "CraneNet beats StorkNet-B on Lake by {} points.",
        "训练耗时由 360 秒降到 90 秒，减少 {}%。",
        "在池塘上召回率为 77.5%，比第二名高 {} 个百分点。",
    )
    wrong = [(text, f"{randomly.uniform(1, 60):.1f}") for text in statements for _ in range(100)]
    right = {"15.9", "75.0", "31.5"}
    rescued = [
        value
        for text, value in wrong
        if value not in right
        and any(claim.derivation for claim in VERIFIER.check(Statement(text.format(value))))
    ]
    assert len(rescued) <= 0.05 * len(wrong)


@given(
    st.decimals(min_value=1, max_value=99, places=1, allow_nan=False),
    st.decimals(min_value=1, max_value=99, places=1, allow_nan=False),
)
def test_a_difference_is_found_where_it_is_one(one: Decimal, other: Decimal) -> None:
    text = f"由 {one} 变为 {other}，相差 {abs(one - other)}"
    first, second, claimed = find_claimed_numerals(text)
    calculation = parse_calculation(claimed, text)
    if one == other:
        assert calculation is None
    else:
        assert calculation is not None
        assert solve(calculation, first, second) == solve(calculation, second, first) != ""


WADERS = (
    "Of the birds, 1,240 herons were ringed. They stood still. They waded. They fished. They "
    "slept. They nested. They flew. They left the lake again. Later we saw 905 old herons. In 2010 "
    "it rained. We ringed 2,802 storks at the lake, and 2000 storks at the pond. Traps hold 7,350 "
    "nets. We drop nets that are torn. This leaves 5,145 nets. In the delta, storks make more "
    "PLAIN errors on average (1.54 per flight) than HARD errors (0.12 per flight)."
)


def find_unsupported(text: str, quote: str = "") -> list[str]:
    sections = (Section("1", "Birds", 1, 1, WADERS),)
    document = Document(title="Waders", sections=sections, figures=DOCUMENT.figures)
    claims = Verifier(document).check(Statement(text, quote=quote))
    return [claim.value for claim in claims if not claim.supported]


LAKE = "We ringed 2,802 storks at the lake, and 2000 storks at the pond."


@pytest.mark.parametrize(
    ("text", "quote", "unsupported"),
    [
        ("2010 年下雨，环志苍鹭 1,240 只，后来见到的比它少 375 只。", "", ["375"]),
        # 2000 beside 2,802 is no year.
        ("湖上环志的鹳约为池塘的 1.4 倍。", LAKE, []),
        ("湖上环志的鹳约为池塘的 1.9 倍。", LAKE, ["1.9 倍"]),
        # A ratio is that of what the sentence measures, and of nothing else.
        ("CraneNet 用 90 秒，约为 Ibis 的 2 倍。", "", []),
        ("CraneNet 用 90 秒，约为 Ibis 的 3.05 倍。", "", ["3.05 倍"]),
        ("CraneNet 的 River 约为 Ibis 的 3.05 倍。", "", []),
        # What is left of a whole is a share of it.
        ("7,350 张网中约有 70% 被留下。", "We drop nets that are torn.", []),
        ("70% of 7,350 nets remain.", "", []),
        ("7,350 枚の網のうち 70% が残る。", "", []),
        ("7,350 张网中约有 90% 被留下。", "", ["90%"]),
        # The one sentence that speaks of both names has just two values.
        ("平均每次飞行的 PLAIN 错误数约为 HARD 错误数的 12.8 倍。", "", []),
        ("On average, storks make 12.8 times as many PLAIN errors as HARD errors.", "", []),
        ("平均每次飞行的 PLAIN 错误数约为 HARD 错误数的 8.3 倍。", "", ["8.3 倍"]),
        ("平均每次飞行的 PLAIN 错误数约为 SOFT 错误数的 12.8 倍。", "", ["SOFT"]),
    ],
)
def test_a_value_is_computed_from_counts_of_the_same(
    text: str, quote: str, unsupported: list[str]
) -> None:
    assert sorted(find_unsupported(text, quote)) == unsupported


def test_a_value_of_two_cells_counts_where_the_sentence_names_them() -> None:
    """Of 28 rows some two are as far apart as any two that are named."""
    scores = [40, 47, *range(50, 76)]
    rows = "\n".join(f"{name} | {score}" for name, score in zip(NAMES_OF_ROWS, scores, strict=True))
    text = f"Bird | Lake\n{rows}"
    table = Figure("Table 1", "table", "Scores of birds.", 3, BBox(0, 0, 9, 9), text=text)
    verifier = Verifier(Document("Birds", figures=(table,)))
    said = {
        "Ardea 比 Bubo 低 7 个百分点。": True,
        "Ardea scores 7 points less than Bubo.": True,
        "Ardea 比 Bubo 低 9 个百分点。": False,
        "Ardea scores 9 points less than Bubo.": False,
        # Hardly any two cells give a value of more digits by chance, but not one in 28 rows.
        "一种鸟比另一种低 7 个百分点。": False,
    }
    assert {
        each: all(
            claim.supported
            for claim in verifier.check(Statement(each))
            if "7" in claim.value or "9" in claim.value
        )
        for each in said
    } == said


def test_quoted_and_stated_numbers_come_first() -> None:
    """A sentence of many numbers gives a ratio of one digit in many ways."""
    crowd = "The counts are 12, 24, 36, 48, 60, 72, 84 and 96 nets."
    quoted = "Herons took 310 nets, and storks took 155 nets."
    sections = (Section("1", "Birds", 1, 1, f"{crowd} Rain fell. {quoted}"),)
    verifier = Verifier(Document("Birds", sections=sections))
    claim = "苍鹭所用的网是鹳的 2 倍。"
    found = [
        each.derivation
        for each in verifier.check(Statement(claim, quote=quoted))
        if each.kind == "numeral"
    ]
    assert found == ["310 / 155 = 2"]


def test_what_is_far_below_zero_is_no_small_count() -> None:
    (number,) = find_claimed_numerals("150")
    (small,) = find_claimed_numerals("8 次")
    assert not is_small_count(replace(number, value=-number.value))
    assert is_small_count(replace(small, value=-small.value))
