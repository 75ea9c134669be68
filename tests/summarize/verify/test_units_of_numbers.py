"""What stands behind or before a number measures it: currencies, angles, lengths, memories."""

from decimal import Decimal

import pytest

from chatpaper.domain import Document, Section
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals, find_printed_numerals
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

SUMS = (
    "The port earned $4–$8 million, between $12 and $15 million with fees. Dues rose to R$ 70 "
    "billion, and a berth is let for €250 or A$390. Ropes cost ¥640, from $3–5 million in all. "
    "The deposit is $0.65."
)
SIZES = (
    "The crane has 32 degrees of freedom. The gap is about 2 millimeter wide. Two boards with 24G "
    "NVIDIA cards steer it. Waves grow as D^{11/6}. The quay has 45 m^{2}. Storms last 41 s. "
    "Tides differ by 0.08 standard deviations. Rust reached 350 °F. It ran for two decades. "
    "Bells ring within a 25 cent interval."
)
STARS = (
    "The star spins at 130 kms^{−1} and is 46^{+9}_{−7} Myr old. It is as heavy as 1.4 M⊙, and no "
    "companion has more than 2.4 M_Jup. Frames are vectors h ∈ R^{778×3} and codes in R^61."
)
VERIFIER = Verifier(
    Document(
        title="Harbours",
        abstract="We measure harbours.",
        sections=(
            Section("1", "Sums", 1, 1, SUMS),
            Section("2", "Sizes", 1, 2, SIZES),
            Section("3", "Stars", 1, 3, STARS),
        ),
    )
)


def find_unsupported(text: str) -> list[str]:
    return [claim.value for claim in VERIFIER.check(Statement(text)) if not claim.supported]


@pytest.mark.parametrize(
    ("text", "unsupported"),
    [
        ("港口获利 400 万至 800 万美元。", []),
        ("港口加上费用获利 1200 万至 1500 万美元。", []),
        ("税费升至 700 亿雷亚尔。", []),
        ("税费升至 700 亿美元。", ["700 亿美元"]),
        ("税费升至 700 亿元。", ["700 亿元"]),
        ("泊位租金为 250 欧元或 390 澳元。", []),
        ("泊位租金为 250 英镑。", ["250 英镑"]),
        ("バースの賃料は 250 円である。", ["250 円"]),
        ("泊位租金为 390 美元。", ["390 美元"]),
        ("绳索价格为 640 元。", []),
        ("ロープは 640 円である。", []),
        ("ロープは 640 ドルである。", ["640 ドル"]),
        ("绳索总价为 300 万至 500 万美元。", []),
        ("押金不足 0.65 美元。", []),
        ("押金不足 0.65 美分。", ["0.65 美分"]),
    ],
)
def test_a_sum_is_one_of_its_currency(text: str, unsupported: list[str]) -> None:
    assert find_unsupported(text) == unsupported


@pytest.mark.parametrize(
    ("text", "unsupported"),
    [
        ("起重机有 32 个自由度。", []),
        ("起重机转了 32 度。", ["32 度"]),
        ("缝隙宽约 2 毫米。", []),
        ("隙間は約 2 ミリメートルである。", []),
        ("隙間は約 2 センチメートルである。", ["2 センチメートル"]),
        ("两块各有 24 GB 显存的板卡控制它。", []),
        ("波浪按 D 的 11/6 次方增长。", []),
        ("码头面积为 45 平方米。", []),
        ("码头长 45 米。", ["45 米"]),
        ("嵐は 41 秒続く。", []),
        ("嵐は 41 分かかる。", ["41 分"]),
        ("风暴得分高出 41 分以上。", []),
        ("潮汐相差 0.08 个标准差。", []),
        ("潮汐相差 0.08 毫米。", ["0.08 毫米"]),
        ("铁锈达到 350 °F。", []),
        ("铁锈达到 350 摄氏度。", ["350 摄氏度"]),
        ("铁锈达到 350 ℃。", ["350 ℃"]),
        ("它运行了 20 年。", []),
        ("鐘は 25 セントの幅で鳴る。", []),
        ("鐘は 25 ヘルツの幅で鳴る。", ["25 ヘルツ"]),
    ],
)
def test_a_size_is_one_of_its_unit(text: str, unsupported: list[str]) -> None:
    assert find_unsupported(text) == unsupported


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("between 3 and 9 million", [3000000, 9000000]),
        ("both 3 and 9 million", [3, 9000000]),
        ("€3 to €9 billion", [3000000000, 9000000000]),
        ("$3–9 million", [3000000, 9000000]),
        # What is no less than the end of a range has no part in its scale.
        ("$700–$2 million", [700, 2000000]),
    ],
)
def test_the_ends_of_a_range_have_one_scale(text: str, values: list[int]) -> None:
    assert [numeral.value for numeral in find_claimed_numerals(text)] == values


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("5 安全的节点", [""]),
        ("3 元组", [""]),
        ("500 毫安", ["ampere"]),
        ("30 元", ["yuan"]),
        ("3～5 元、各 40 万", [""]),
        ("41 分以上", [""]),
        ("US$ 3 a day", ["dollar"]),
        ("3 分の 1", [""]),
        ("3 分を超える", ["second"]),
        ("24 周岁", [""]),
    ],
)
def test_characters_are_units_where_no_word_goes_on(text: str, kinds: list[str]) -> None:
    first = find_claimed_numerals(text)[:1]
    assert [numeral.unit.kind for numeral in first] == kinds


def test_a_currency_is_read_beside_formulas() -> None:
    found = find_printed_numerals("For $x$ R$ 70 billion, and for $R$ 30, are spent.")
    assert {(each.text, each.unit.kind) for each in found} == {("70 billion", "real"), ("30", "")}


def test_a_time_behind_digits_is_no_ordinal() -> None:
    found = find_printed_numerals("a 7-second pause, and the second one in one decade")
    assert [each.text for each in found if each.value == 2] == ["second"]


def test_words_take_prefixes() -> None:
    found = find_printed_numerals("3 nanometers, 4 kilovolts, 5 ミリワット and 6 毫瓦")
    assert {(each.unit.kind, each.value * each.unit.factor) for each in found} >= {
        ("metre", Decimal("3e-9")),
        ("volt", Decimal(4000)),
        ("watt", Decimal("0.005")),
        ("watt", Decimal("0.006")),
    }


COUNTS = Verifier(
    Document(
        title="Sails",
        abstract="We train sails.",
        sections=(
            Section(
                "1",
                "Training",
                1,
                1,
                "Sails are trained for 500 epochs with inputs of 768 tokens. Notes have 1.64 words "
                "each. Masts take 3 rounds. Each sail gets 20,000 gusts per month. "
                "Each reef takes 2.6s, and a tack a 7-second pause. We asked 7128 patients.",
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "unsupported"),
    [
        ("船帆训练 500 个 epoch。", []),
        ("船帆训练 500 次迭代。", ["500"]),
        ("船帆训练 500 步。", ["500"]),
        ("帆は 500 エポック学習する。", []),
        ("帆は 500 ステップ学習する。", ["500"]),
        ("输入有 768 个词。", []),
        ("输入有 768 个句子。", ["768"]),
        ("入力は 768 個のトークンである。", []),
        ("Notes have 1.64 words each.", []),
        ("Notes have 1.64 sentences each.", ["1.64"]),
        ("桅杆需要 3 轮。", []),
        ("每次缩帆耗时 2.6 秒。", []),
        ("每次缩帆耗时 2.6 毫秒。", ["2.6 毫秒"]),
        ("缩帆 2.6 分のとき", ["2.6 分"]),
        ("作者询问了 7128 名患者。", []),
        ("作者询问了 7128 名医生。", ["7128"]),
        ("作者询问了 7128 个家庭。", ["7128"]),
        ("每面船帆每月遇到 20,000 阵风。", []),
        ("每面船帆每小时遇到 20,000 阵风。", ["20,000", "每小时"]),
    ],
)
def test_a_count_is_one_of_its_things(text: str, unsupported: list[str]) -> None:
    claims = COUNTS.check(Statement(text))
    assert sorted(claim.value for claim in claims if not claim.supported) == unsupported


@pytest.mark.parametrize(
    ("text", "unsupported"),
    [
        ("该星自转速度为 130 km/s，年龄为 4600 万年。", []),
        ("该星自转速度为 130 m/s，年龄为 46 亿年。", ["130 m", "46 亿年"]),
        ("该星质量为 1.4 倍太阳质量，没有超过 2.4 倍木星质量的伴星。", []),
        ("该星质量为 1.4 倍木星质量。", ["1.4 倍木星质量"]),
        ("该星的质量（1.4 倍）为伴星之首。", []),
        ("フレームは 778×3 次元、符号は 61 次元である。", []),
        ("フレームは 776×3 次元である。", ["776"]),
    ],
)
def test_units_stand_behind_errors_and_before_powers(text: str, unsupported: list[str]) -> None:
    assert find_unsupported(text) == unsupported


def test_an_order_of_magnitude_is_no_ten_of_another_unit() -> None:
    quote = "The swell is on the same order of magnitude as those of professional divers"
    text = f"The swell moves at 10 m s^{{−1}}. {quote} (17 −36 m s^{{−1}})."
    verifier = Verifier(Document(sections=(Section("1", "Swell", 1, 1, text),)))
    claims = verifier.check(Statement("涌浪速度为 10 m/s，与潜水员同一数量级。", quote=quote))
    assert [claim.value for claim in claims if not claim.supported] == []
