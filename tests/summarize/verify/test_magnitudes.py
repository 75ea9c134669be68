"""Sizes that are said in words, and those of which the paper gives others."""

from decimal import Decimal

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.claims.magnitudes import find_magnitudes
from chatpaper.summarize.verify.statements import Statement
from chatpaper.summarize.verify.verifier import Verifier

HOUR, DAY = 3600, 86400


@pytest.mark.parametrize(
    ("text", "words", "low", "high"),
    [
        ("耗时几十秒", "几十秒", 10, 100),
        ("数百毫秒内", "数百毫秒", "0.1", 1),
        ("需要好几个小时", "好几个小时", 2 * HOUR, 10 * HOUR),
        ("数日で", "数日", 2 * DAY, 10 * DAY),
        ("数百時間の音声", "数百時間", 100 * HOUR, 1000 * HOUR),
        ("十几秒", "十几秒", 11, 20),
        ("数十亿个离子", "数十亿", 10**9, 10**10),
        ("上百台机器", "上百", 100, 1000),
        ("百余名用户", "百余", 100, 200),
        ("数以百万计的用户", "数以百万计", 10**6, 10**9),
        ("成百上千个节点", "成百上千", 100, 10**4),
        ("hundreds of processors", "hundreds", 100, 1000),
        ("millions of ions", "millions", 10**6, 10**9),
        ("tens of thousands of files", "tens of thousands", 10**4, 10**5),
        ("several hundred users", "several hundred", 200, 1000),
        ("dozens of ms", "dozens of ms", "0.01", "0.1"),
        ("a few hours", "a few hours", 2 * HOUR, 10 * HOUR),
    ],
)
def test_a_size_in_words_is_an_interval(
    text: str, words: str, low: int | str, high: int | str
) -> None:
    (size,) = find_magnitudes(text)
    assert size.text == words
    sizes = (size.low * size.unit.factor, size.high * size.unit.factor)
    assert sizes == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    "text",
    [
        "参数百万",
        "大多数百姓",
        "函数十",
        "以上百分之十",
        "二十几秒",
        "100 余台",
        "在线上千兆网",
        "几乎所有",
        "数字",
        "3 million ions",
        "a few layers",
        "few-shot",
    ],
)
def test_what_counts_otherwise_is_no_size_in_words(text: str) -> None:
    assert find_magnitudes(text) == ()


VERIFIER = Verifier(
    Document(
        title="Tidal Planning",
        abstract="Sea walls are planned by a model.",
        sections=(
            Section(
                "1",
                "Cost",
                1,
                1,
                "Training the model takes several hours on hundreds of samples. "
                "Inference takes tens of milliseconds an image.",
            ),
            Section("2", "Weather", 1, 2, "Storms lasted 20 days. A test ran for several years."),
        ),
        figures=(
            Figure(
                "Table 1",
                "table",
                "Time of the sampling in minutes",
                3,
                BBox(0, 0, 9, 9),
                text="sampling minutes\nhigh 42\nlow 55",
            ),
        ),
    )
)
COST, INFERENCE = "takes several hours on hundreds of samples", "takes tens of milliseconds"


@pytest.mark.parametrize(
    ("text", "quote", "unsupported"),
    [
        ("模型训练需要数小时，动用数百个样本。", COST, []),
        ("模型训练需要数月，动用数百个样本。", COST, ["数月"]),
        ("模型训练需要数月，动用数百个样本。", "", ["数月"]),
        ("模型训练需要几秒，动用数万个样本。", COST, ["几秒", "数万"]),
        # That the same is said of something else is no support where the quotation is changed.
        ("图像推理需要数年。", "takes tens of milliseconds", []),
        ("模型训练需要数年。", COST, ["数年"]),
        ("Training takes dozens of weeks on samples.", COST, ["dozens of weeks"]),
        ("图像推理为几十毫秒。", INFERENCE, []),
        ("图像推理为数十秒。", INFERENCE, ["数十秒"]),
        # A number of that size will do, and in a table one without its unit.
        ("模型训练遇到的风暴持续了几十天。", "", []),
        ("模型训练的采样需要几十分钟。", "", []),
        # Without a quotation the paper may say it anywhere, and with one elsewhere beside it.
        ("图像推理的测试做了数年。", "", []),
        ("模型训练需要数小时，测试则做了数年。", COST, []),
        # Another size is none of what nobody counts.
        ("图像推理在数百个港口里测得。", INFERENCE, []),
        # How many times something is so is said of anything.
        ("图像推理是模型训练的数十倍。", INFERENCE, []),
    ],
)
def test_a_size_in_words_is_held_against_those_of_the_paper(
    text: str, quote: str, unsupported: list[str]
) -> None:
    claims = VERIFIER.check(Statement(text, quote=quote))
    assert [claim.value for claim in claims if not claim.supported] == unsupported


WALLS = Verifier(
    Document(
        title="Walls that Wait",
        abstract="Gates are shut for storms.",
        sections=(
            Section("1", "Pumps", 1, 1, "A pump starts a few times per second per gate."),
            Section("2", "Tests", 1, 2, "The bells are rung once a month."),
        ),
    )
)
PUMPS = "A pump starts a few times per second per gate"


@pytest.mark.parametrize(
    ("text", "quote", "unsupported"),
    [
        ("每个闸门的水泵每秒启动几次。", PUMPS, []),
        ("每个闸门的水泵每小时启动几次。", PUMPS, ["每小时"]),
        ("每个闸门的水泵每小时启动几次。", "", ["每小时"]),
        ("The pump starts a few times a day.", PUMPS, ["a day"]),
        ("水泵每秒启动几次，警钟则每月敲一次。", PUMPS, []),
        ("水泵一分钟内启动几次。", "", []),
    ],
)
def test_how_often_something_happens_is_as_often_as_in_the_paper(
    text: str, quote: str, unsupported: list[str]
) -> None:
    claims = WALLS.check(Statement(text, quote=quote))
    assert [claim.value for claim in claims if not claim.supported] == unsupported
