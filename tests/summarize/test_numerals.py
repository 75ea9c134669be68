"""Numbers in texts, and which of them count."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import (
    MAX_NUMERALS,
    find_claimed_numerals,
    find_printed_numerals,
)
from chatpaper.summarize.verify.numbers.units import PERCENT


def values(text: str) -> list[str]:
    return [f"{numeral.value.normalize():f}" for numeral in find_claimed_numerals(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("参数量为410万", ["4100000"]),
        ("共 1.67M 参数，7B 模型，5k 步", ["1670000", "7000000000", "5000"]),
        ("4.1 million parameters, 2 billion tokens", ["4100000", "2000000000"]),
        ("10,000 个样本与 50{,}000 张图像", ["10000", "50000"]),
        ("１２，３４", ["12", "34"]),
        ("学习率为 2×10^-4、2·10−4、1e-4 和 $10^{-3}$", ["0.0002", "0.0002", "0.0001", "0.001"]),
        ("即 1e − 4 或 1e −4，表中为 1e^{−4} 与 2e^0", ["0.0001", "0.0001", "0.0001", "2"]),
        ("10⁶ 个", ["1000000"]),
        ("10 的 6 次方，2¹⁰ 次，2^19 simulations", ["1000000", "1024", "524288"]),
        ("2−3 layers，β 为 2^{-6} 或 2^-6", ["2", "3", "2", "2"]),
        ("20 世纪 30 年代", ["1930"]),
        ("百万分之 4，百分之 4.9", ["0.000004", "4.9"]),
        ("误差为 5.7±0.2", ["5.7", "0.2"]),
        ("3–5 万张", ["30000", "50000"]),
        ("256×256 像素，32x32 像素", ["256", "256", "32", "32"]),
        ("六百四十亿个参数，十二层，一百二十三", ["64000000000", "12", "123"]),
        ("三分之二，百分之八十五，约八成", ["0.6666666666666666666666666667", "85", "80"]),
        ("一半的样本", ["0.5"]),
        ("只有六成左右转移到了那里，成为三成", ["60"]),
        ("十毫秒的片段，波动三个百分点", ["10", "3"]),
        ("加上六字节的哈希，占两比特", ["6", "2"]),
        ("約 2 万 3 千本の論文、1万5千人", ["23000", "15000"]),
        ("两位植物学家在三个数据集上", ["2", "3"]),
        ("the 9th layer, a 12-layer network of 2021", ["9", "12", "2021"]),
        ("2024 年提升 1.2 个百分点", ["2024", "1.2"]),
        ("用 1720亿token 训练，共 1.72 万亿", ["172000000000", "1720000000000"]),
        ("能量为 10^51 erg 或 10⁵¹ erg", [f"1{'0' * 51}", f"1{'0' * 51}"]),
        ("共 10 039 张与 1 130 张，1.234.567 次", ["10039", "1130", "1234567"]),
        ("准确率为 −3.5%，−2", ["3.5", "2"]),
        ("十分钟，二十分钟", ["10", "20"]),
        (
            r"a recall of $79.0\pm3.5$, $64.6\pm6.3$% and 85\% at $3 \times 10^{-4}$",
            ["79", "3.5", "64.6", "6.3", "85", "0.0003"],
        ),
        ("a drift of 3.1 x 10-3", ["0.0031"]),
        ("用时三天半，另需 12 个半小时和 2 个半月", ["3.5", "12.5", "2.5"]),
        ("仅为前者的 1/40，約 50 分の 1，四分の三", ["0.025", "0.02", "0.75"]),
        ("计算量为 24/36 亿次", ["2400000000", "3600000000"]),
    ],
)
def test_numbers_become_values(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "一种方法，一个问题，第一，两个方面，三点贡献，两类方法，十分重要，二维图像，一系列",
        "GPT-4、ResNet-50、4o、3D、YOLOv8、CIFAR-10、top-1、A100",
        "见图 3 与表 2，第 4 节，公式 (5)，Figure 3a, Tables 1 and 2, Section 4.1, Eq. (7), Fig. 2",
        "如文献 [12, 13] 与 [4–6] 所述",
        "1. 标题\n2) 作者\n- (1) 背景：无",
        "其一（1）背景；（2）方法",
        "https://example.org/1234/567 与 arXiv:2407.18125v2，2026-11-22",
        "x_0 与 $x_{12}$、第 3 章",
        "两三个例子，数百张图像，几十次，成千上万",
        "过半的样本，一半以上",
        "贡献有三：1）提出模型；2）给出证明；（c）开源",
        "the steps are: a) reading, b) sorting; 2. writing",
        "Brook 等人（2017）与 (Wei et al., 2021a) 的工作",
        "版本 3.11.7 与 ①",
        "在CIFAR-10/100和ResNet-50/101上",
        "工作快照2026-04-20）",
    ],
)
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert find_claimed_numerals(text) == ()


@pytest.mark.parametrize(
    ("text", "kind", "factor"),
    [
        ("85%", "%", "1"),
        ("85 per cent", "%", "1"),
        ("1.2 个百分点", "%", "1"),
        ("2.5 倍", "×", "1"),
        ("3-fold", "×", "1"),
        ("90 小时", "second", "3600"),
        ("12 kHz", "hertz", "1e3"),
        ("33.9 dB", "decibel", "1"),
        ("140像素", "pixel", "1"),
        ("16 GB", "byte", "1e9"),
        ("5 千克", "gram", "1"),
        ("5 克", "gram", "1"),
        ("34 Myr", "year", "1e6"),
        ("1.2 亿年", "year", "1e8"),
        ("0.5 mV", "volt", "1e-3"),
        ("5 毫伏", "volt", "1e-3"),
        ("3 keV", "electronvolt", "1e3"),
        ("44.1 KHz", "hertz", "1e3"),
        ("8.0 个点", "point", "1"),
        ("4 points", "point", "1"),
        ("12 ポイント", "point", "1"),
        ("4 percentage points", "%", "1"),
        ("3 月", "calendar month", "1"),
        ("2048 点云", "", "1"),
        ("7 层", "", "1"),
    ],
)
def test_units_are_read(text: str, kind: str, factor: str) -> None:
    (numeral,) = find_claimed_numerals(text)
    assert (numeral.unit.kind, numeral.unit.factor) == (kind, Decimal(factor))


def test_the_first_of_a_range_has_the_unit_of_the_last() -> None:
    assert [numeral.unit.kind for numeral in find_claimed_numerals("from 10 to 20%")] == ["%", "%"]


@pytest.mark.parametrize("text", ["0.19 ± 0.01 GHz", "0.19+/-0.01 GHz", "0.19±0.01 GHz"])
def test_a_value_has_the_unit_of_its_error(text: str) -> None:
    value, error = find_printed_numerals(text)
    assert value.unit == error.unit
    assert value.unit.kind == "hertz"
    assert not value.approximate


def test_a_value_has_the_scale_of_its_error() -> None:
    value, _ = find_printed_numerals("5.4 ± 0.2 million")
    assert value.value == 5_400_000


def test_about_is_heard_before_and_behind() -> None:
    told = {
        text: find_claimed_numerals(text)[0].approximate
        for text in ("约 90%", "about 90", "90 余张", "90 多", "90%")
    }
    assert told == {"约 90%": True, "about 90": True, "90 余张": True, "90 多": True, "90%": False}


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("超过 700 次", "least"),
        ("39 万余个", "least"),
        ("毎秒 131 枚余り", "least"),
        ("30 FPS 以上", "least"),
        ("over 700 requests", "least"),
        ("近 1500 人", "most"),
        ("不到 20 万", "most"),
        ("nearly 90%", "most"),
        ("约 700 次", ""),
        ("三个多任务模型用 40 块 GPU", ""),
    ],
)
def test_a_bound_tells_on_which_side_the_exact_value_lies(text: str, bound: str) -> None:
    assert find_claimed_numerals(text)[-1].bound == bound


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seven statements", "7"),
        ("twenty-five trees", "25"),
        ("half of them", "0.5"),
        ("half a million users", "500000"),
        ("over a half million users", "500000"),
        ("a quarter of a billion", "250000000"),
        ("nearly a petabyte of data", "1"),
        ("an hour of video", "1"),
        ("three quarters", "0.75"),
        ("one-sixteenth of it", "0.0625"),
        ("a hundredth of it", "0.01"),
        ("twice as fast", "2"),
        ("18 million", "18000000"),
        ("two hundred and five million", "200"),
        ("at 2 × 104 steps", "20000"),
        ("the third night", "3"),
        ("tripling the rate", "3"),
        ("doubles the rate", "2"),
        ("the error was halved", "0.5"),
        ("an order of magnitude larger", "10"),
        ("a factor of ten", "10"),
        ("ninefold", "9"),
        ("a 20-Questions game", "20"),
        ("a 1.7X gain", "1.7"),
        ("the LLaMA-7B model", "7000000000"),
        ("our sorter-7b model", "7000000000"),
        ("the top-20 lists", "20"),
        ("a mass of 171u", "171"),
        ("less than 1/4 of the cost", "0.25"),
        ("released in March 2024", "3"),
        ("released on 2024-03-05", "2024"),
        ("an energy of 1051 erg", "1" + "0" * 51),
        ("it takes 6 hours and 40 minutes", "400"),
        ("reaching 157 Ktps", "157000"),
        ("at 2.5 MIOPS", "2500000"),
        ("全程 1 小时 5 分钟", "65"),
    ],
)
def test_a_paper_may_print_numbers_in_words(text: str, expected: str) -> None:
    assert Decimal(expected) in {numeral.value for numeral in find_printed_numerals(text)}


prose = st.text(
    alphabet=st.sampled_from(
        "0123456789.,%×万亿千百一二三两半成分之约 abcGPT-–^{}_$()（）图第个倍\n年步Fig"
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("a gain of $7 million on $174,000", "dollar"), ("a gain of $7$ on $17$ kilns", "")],
    ids=["money", "formula"],
)
def test_a_sign_before_a_number_is_of_money_or_of_a_formula(text: str, unit: str) -> None:
    assert {each.unit.kind for each in find_claimed_numerals(text)} == {unit}


def test_a_thousand_is_no_power_of_ten() -> None:
    assert {numeral.value for numeral in find_printed_numerals("1000x faster")} == {1000}


@given(prose)
def test_what_a_text_claims_can_be_read_in_a_paper(text: str) -> None:
    printed = {(numeral.value, numeral.unit) for numeral in find_printed_numerals(text)}
    assert {(numeral.value, numeral.unit) for numeral in find_claimed_numerals(text)} <= printed


@given(prose)
def test_numbers_stand_where_they_say_and_do_not_overlap(text: str) -> None:
    end = 0
    for numeral in find_claimed_numerals(text):
        assert end <= numeral.start < numeral.end <= len(text)
        end = numeral.end


@given(st.decimals(min_value=0, max_value=10**12, places=3, allow_nan=False, allow_infinity=False))
def test_a_value_written_out_is_read_as_itself(value: Decimal) -> None:
    for written in (f"{value:f}", f"{value:,f}"):
        (numeral,) = find_claimed_numerals(f"得分 {written} 分")
        assert numeral.value == value
        (again,) = find_claimed_numerals(f"得分 {numeral.value:f} 分")
        assert again.value == numeral.value


@given(st.integers(min_value=1, max_value=9999))
def test_ten_thousand_is_a_wan(number: int) -> None:
    one, other = find_claimed_numerals(f"{number} 万，{number * 10_000:,}")
    assert one.value == other.value


def test_a_numeral_tells_what_it_counts() -> None:
    assert [numeral.noun for numeral in find_printed_numerals("240 sheets")] == ["sheets"]
    assert isinstance(find_claimed_numerals("5%")[0], Numeral)
    assert find_claimed_numerals("5%")[0].unit.kind == PERCENT


def test_a_number_of_endless_digits_or_powers_is_read_or_left_out() -> None:
    for text in (
        "9" * 50_000,
        "10^" + "9" * 50_000,
        "1e" + "9" * 50_000,
        "万" * 50_000,
        "一" * 50_000 + "分之一",
    ):
        find_claimed_numerals(text)
        find_printed_numerals(text)


def test_what_follows_thousands_of_numbers_is_not_read() -> None:
    assert len(find_claimed_numerals("3.25 " * (2 * MAX_NUMERALS))) == MAX_NUMERALS


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("speedups of 2x-20x over the interpreter", {2, 20}),
        ("the number of recorded loops (81) and of branches (7)", {81, 7}),
        ("the model VGG-16x and, as in (12), its loss", set()),
    ],
)
def test_a_paper_tells_counts_in_brackets_and_ranges_of_multiples(
    text: str, values: set[int]
) -> None:
    assert {int(numeral.value) for numeral in find_printed_numerals(text)} == values


def test_a_number_in_brackets_of_a_statement_is_a_mark() -> None:
    assert find_claimed_numerals("it has two parts (1) and (2)") == find_claimed_numerals(
        "it has two parts"
    )
