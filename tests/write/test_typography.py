"""Chinese text as publishers set it, and what no rule of typography may change."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatpaper.summarize.verify.names.names import find_names
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
from chatpaper.summarize.verify.quotes.quotations import find_quotations
from chatpaper.write.markup.spans import MATHS, URL
from chatpaper.write.markup.typography import typeset


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (
            "模型在ImageNet上达到95%的准确率,比GPT-4o高3.5个点.",
            "模型在 ImageNet 上达到 95% 的准确率，比 GPT-4o 高 3.5 个点。",
        ),
        ("3D重建和2D图像", "3D 重建和 2D 图像"),
        ("准确率「大幅」提高「未能核实」。", "准确率“大幅”提高「未能核实」。"),
        ("公式$x_i,y$的值,见$O(n^2)$.", "公式 $x_i,y$ 的值，见 $O(n^2)$。"),
        ("代码见https://github.com/a/b_c。谢谢", "代码见 https://github.com/a/b_c。谢谢"),
        ("使用`foo(a,b)`函数", "使用 `foo(a,b)` 函数"),
        ("α和β由Núñez提出", "α 和 β 由 Núñez 提出"),
        ("用C++和C#写", "用 C++ 和 C# 写"),
        ("温度为-5°C,误差~3%", "温度为 -5°C，误差 ~3%"),
        ("1,000张图像(约3.5GB)", "1,000 张图像（约 3.5GB）"),
        ("视觉语言模型(VLM)的比例为3:1", "视觉语言模型（VLM）的比例为 3:1"),
        ("在(0,1)区间内,复杂度为O(n)", "在 (0,1) 区间内，复杂度为 O(n)"),
        ("如图1(a)所示", "如图 1(a) 所示"),
        ("包括:CT,MRI和超声", "包括：CT,MRI 和超声"),
        ("Lin et al.提出的方法,vs. 基线", "Lin et al.提出的方法，vs. 基线"),
        ("沿用Lin et al.,并加以改进", "沿用 Lin et al.，并加以改进"),
        ("本文采用了新的ResNet.", "本文采用了新的 ResNet。"),
        ("分为1. 训练和2. 推理", "分为 1. 训练和 2. 推理"),
        ("这是什么?!真的!", "这是什么？！真的！"),
        ("结果好。。更好，，最好，。", "结果好。更好，最好。"),
        ("等等...还有…更多", "等等……还有……更多"),
        ('提出"深度网络"和「浅层“小”网络」', "提出“深度网络”和“浅层‘小’网络”"),
        ('5" 的屏幕', '5" 的屏幕'),
        ("前面 ，后面", "前面，后面"),
        ("变量中!=空", "变量中!=空"),
    ],
)
def test_chinese_is_set_as_publishers_set_it(written: str, printed: str) -> None:
    assert typeset(written, "zh") == printed
    assert typeset(printed, "zh") == printed


@pytest.mark.parametrize(
    "text",
    [
        "We study diffusion models, and measure (with care) what is lost.",
        'A paper by Lin et al. on O(n), with "quotes" and 3.5 points...',
        "ResNet-50",
        (
            "Diffusion models are called 扩散模型 in Chinese, which is a language "
            "with many characters."
        ),
        "",
    ],
)
def test_text_in_another_language_is_left_alone(text: str) -> None:
    assert typeset(text, "zh") == text
    assert typeset(text, "ja") == text


def test_japanese_has_its_own_marks_and_no_spaces_beside_latin() -> None:
    assert (
        typeset('モデルは"ImageNet"で95%,良い.(注)', "ja")
        == "モデルは「ImageNet」で95%、良い。（注）"
    )


def test_other_languages_have_no_rules_here() -> None:
    assert typeset("模型在ImageNet上", "en") == "模型在ImageNet上"


# What papers are made of, and what takes rules by surprise.
PIECES = st.sampled_from(
    [
        *(
            "模型",
            "的准确率",
            "提出了",
            "在",
            "第",
            "页",
            "图",
            "约",
            "和",
            "模型是",
            "データ",
            "へ",
        ),
        *(
            "ImageNet",
            "GPT-4o",
            "et al.",
            "ResNet",
            "Núñez",
            "α",
            "C++",
            "a_b",
            "A",
            "x",
            "vs.",
            "e.g.",
        ),
        *(
            "95%",
            "3.5",
            "1,000",
            "-5°C",
            "3:1",
            "10-20%",
            "~30%",
            "2024",
            "1.",
            "±0.3",
            "2×",
            "1e-4",
        ),
        *(
            "$x_i,y$",
            "$O(n^2)$",
            "https://a.example/b_c?d=1,2",
            "`f(a,b)`",
            "O(n)",
            "(0,1)",
            "[12]",
        ),
        *(
            ",",
            ".",
            ";",
            ":",
            "?",
            "!",
            "，",
            "。",
            "、",
            "；",
            "：",
            "？",
            "…",
            "...",
            "——",
            "-",
            "/",
            "&",
            "#",
            "*",
        ),
        *(
            "(",
            ")",
            "（",
            "）",
            '"',
            "“",
            "”",
            "「",
            "」",
            "'",
            "《",
            "》",
            "\\alpha",
            "\\",
            "{",
            "}",
            "$",
            "`",
            " ",
            " ",
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)
LANGUAGES = st.sampled_from(["zh", "ja"])


def words(text: str) -> list[str]:
    """List the letters and digits in their order: all but spaces and marks."""
    return re.findall(r"\w", text)


@settings(max_examples=200)
@given(TEXTS, LANGUAGES)
def test_doing_it_twice_changes_nothing_more(text: str, language: str) -> None:
    once = typeset(text, language)
    assert typeset(once, language) == once


@given(st.text(max_size=40), LANGUAGES)
def test_any_text_keeps_its_letters_and_digits(text: str, language: str) -> None:
    once = typeset(f"模型{text}", language)
    assert words(once) == words(f"模型{text}")
    assert typeset(once, language) == once


@settings(max_examples=200)
@given(TEXTS, LANGUAGES)
def test_words_numbers_formulas_and_addresses_are_kept(text: str, language: str) -> None:
    made = typeset(text, language)
    assert words(made) == words(text)
    assert re.findall(r"\d+(?:[.,:]\d+)*%?", made) == re.findall(r"\d+(?:[.,:]\d+)*%?", text)
    assert [match[0] for match in MATHS.finditer(made)] == [
        match[0] for match in MATHS.finditer(text)
    ]
    assert URL.findall(made) == URL.findall(text)
    assert re.findall(r"[A-Za-z]+(?:-\d?[A-Za-z]+)*", made) == re.findall(
        r"[A-Za-z]+(?:-\d?[A-Za-z]+)*", text
    )


def seen_by_the_checker(text: str) -> tuple[list[object], ...]:
    """List numbers with their units, names and quotations: what a claim is made of."""
    return (
        [(numeral.value, numeral.unit) for numeral in find_claimed_numerals(text)],
        [name.text for name in find_names(text)],
        [words for _, _, words in find_quotations(text)],
    )


def test_the_checker_sees_the_same_in_statements_about_the_example_papers() -> None:
    benchmark = Path(__file__).parents[1] / "benchmarks" / "true_statements.json"
    papers = json.loads(benchmark.read_text(encoding="utf-8"))
    for statement in (
        statement["text"] for statements in papers.values() for statement in statements
    ):
        tight = re.sub(r"(?<=[\u4e00-\u9fff]) (?=\w)|(?<=[\w%]) (?=[\u4e00-\u9fff])", "", statement)
        assert seen_by_the_checker(typeset(tight, "zh")) == seen_by_the_checker(tight)
        assert typeset(tight, "zh").count(" ") >= statement.count(" ")


# Sentences as models write them.
SENTENCES = st.lists(
    st.sampled_from(
        [
            "模型在ImageNet上达到95%的准确率,",
            "比GPT-4o高3.5个百分点;",
            "使用8块A100(80GB),训练了约1,000小时.",
            "相比DiT-XL/2,FID从2.27降至1.79。",
            '作者称"we measure how many steps are enough",',
            "在 (0,1) 区间内取值,步长为1e-4:",
            "由Lin et al.提出,见表3,图2(b).",
            "速度提升2.5倍~3倍,参数量减少10%-20%",
            "数据集包含1.2万张图像(其中COCO占30%)!",
            "采用Núñez等人的方法,窗口为16x16。",
        ]
    ),
    min_size=1,
    max_size=5,
).map("".join)


@given(SENTENCES)
def test_the_checker_sees_the_same_numbers_names_and_quotations(text: str) -> None:
    made = typeset(text, "zh")
    assert seen_by_the_checker(made) == seen_by_the_checker(text)


@pytest.mark.parametrize("piece", [" ", "a", "1.", "(", "“", '"', "，", "中a", ". ", "$", "`"])
def test_a_long_text_keeps_its_letters_and_digits(piece: str) -> None:
    text = "中文 " + piece * (20_000 // len(piece))
    once = typeset(text, "zh")
    assert words(once) == words(text)
    assert typeset(once, "zh") == once
