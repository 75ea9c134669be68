"""Which printed numbers support which claims."""

import pytest

from chatpaper.domain import BBox, Document, Figure, Section
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals, find_printed_numerals
from chatpaper.summarize.verify.passages import Passages
from chatpaper.summarize.verify.support.number_match import NumeralIndex, match


@pytest.mark.parametrize(
    ("claimed", "printed", "how"),
    [
        ("85%", "an accuracy of 85% on", "exact"),
        ("410 万", "4.1 million parameters", "exact"),
        ("167 万", "1.67M", "exact"),
        ("85%", "a share of 0.85 of all", "converted"),
        ("0.85", "85%", "converted"),
        ("一半", "half of the images", "exact"),
        ("50%", "half of the images", "converted"),
        ("四分之三", "about three quarters of", "exact"),
        ("两倍", "twice as fast", "exact"),
        ("提高 1 倍", "it doubles", "converted"),
        ("90 分钟", "1.5 hours", "converted"),
        ("12 kHz", "12,000 Hz", "converted"),
        ("约 90%", "89.6%", "rounded"),
        ("约 4 万", "39,800 images", "rounded"),
        ("90%", "89.6%", None),
        ("约 90%", "71%", None),
        ("33.9%", "33.9 dB", None),
        ("90 分钟", "90 hours", None),
        ("42.2 Mb/s", "42 200 Kb/s", "converted"),
        ("42.2 Mb/s", "42.2 Kb/s", None),
        ("1.5 GB/s", "1500 MB/s", "converted"),
        ("6300 多万", "over 63 million", "exact"),
        ("6300 多亿", "over 63 million", None),
        ("60 余万", "603,215 pictures", "rounded"),
        ("仅为 4/9", "reduced to 4/9 of it", "exact"),
        ("仅为 2/9", "reduced to 4/9 of it", None),
        ("1e-9", "from 10^{−9} to 10^{−4} of it", "exact"),
        ("40 步", "40%", None),
        ("2×10^-4", "2 · 10−4", "exact"),
        ("8.0 个点", "an increase of 8.0% in all", "converted"),
        ("8.0 个百分点", "8.0 points of F1", "converted"),
        ("8 次", "eight times a day", "exact"),
        ("36 亿次", "3.6 billion FLOPs (multiply-adds)", "exact"),
        ("36 亿个", "3.6 billion seconds", None),
        ("5 万个", "50,000 pixels", "exact"),
        ("三倍", "tripling the rate", "exact"),
        ("四分之一", "1/4 of the cost", "exact"),
        ("98.7%", "98.66%", "rounded"),
        ("7.9 万", "79,168 questions", "rounded"),
        ("99%", "98.2%", None),
        ("98.7 张", "98.66%", None),
        ("0.5 mV", "0.5 V", None),
        ("1.4 μm", "1400 nm", "converted"),
        ("24 小时", "1 day", "converted"),
        ("131 帧", "a speed of 131.45 on", "rounded"),
        ("131 帧", "131 or 132 frames, at 130.2", "exact"),
        ("133 帧", "a speed of 131.45 on", None),
        ("超过 2.1 万", "21,780 images", "rounded"),
        ("39 万余张", "393,703 faces", "rounded"),
        ("近 1500 人", "1,460 people", "rounded"),
        ("不到 2.1 万", "21,780 images", None),
        ("超过 2.1 万", "22,100 images", None),
        ("不到一半", "0.45", None),
    ],
)
def test_conversions(claimed: str, printed: str, how: str | None) -> None:
    (claim,) = find_claimed_numerals(claimed)
    found = [match(claim, numeral) for numeral in find_printed_numerals(printed)]
    assert next((each for each in found if each), None) == how


def passages(*sentences: str) -> Passages:
    return Passages(Document(sections=(Section("1", "Results", 1, 1, " ".join(sentences)),)))


@pytest.mark.parametrize(
    ("claimed", "text", "supported"),
    [
        ("40%", "It stops at 40 steps.", False),
        ("47%", "They agreed on 47 of the 60 sheets.", False),
        ("86.1%", "Accuracy rises from 81.7 to 86.1 on average, measured in per cent.", True),
        ("86.1%", "The score is 86.1 on ImageNet.", True),
        ("79.4%", "It achieves 79.4 task scores on average.", True),
        ("33.9%", "It reaches 33.9 dB. The best value is 33.9 with dust.", False),
        ("3%", "The angle is 3 degrees. The relative amplitude is 0.03 in all.", True),
    ],
)
def test_a_number_without_a_unit_supports_one_with_a_unit_only_where_nothing_speaks_against_it(
    claimed: str, text: str, supported: bool
) -> None:
    (claim,) = find_claimed_numerals(claimed)
    assert bool(NumeralIndex(passages(text).all).holders(claim)) is supported


@pytest.mark.parametrize(
    ("claimed", "head", "cell", "supported"),
    [
        ("355 毫秒", "Latency (s)", "0.355", True),
        ("355 毫秒", "Latency (s)", "355", False),
        ("355 秒", "Latency (s)", "355", True),
        ("2.13 亿", "params ×106", "213", True),
        ("2.13 亿", "params", "213", False),
        ("0.61", "accuracy in %", "61.0", True),
        ("61%", "accuracy", "0.61", True),
        ("0.62", "accuracy in %", "61.0", False),
        # What is told as another kind of share is told to its last digit.
        ("0.611", "accuracy in %", "61.1", True),
        ("0.35", "accuracy in %", "35.1", False),
        ("0.35", "accuracy", "34.9%", False),
        ("0.349", "accuracy", "34.9%", True),
    ],
)
def test_the_head_of_a_table_tells_what_its_cells_measure(
    claimed: str, head: str, cell: str, supported: bool
) -> None:
    table = Figure(
        "Table 1",
        "table",
        "All results.",
        1,
        BBox(0, 0, 9, 9),
        text=f"Method | {head}\nOurs | {cell}",
    )
    (claim,) = find_claimed_numerals(claimed)
    assert bool(NumeralIndex(Passages(Document(figures=(table,))).all).holders(claim)) is supported


def test_a_number_with_one_unit_is_not_the_same_number_with_another() -> None:
    (claim,) = find_claimed_numerals("50 kHz")
    assert (
        NumeralIndex(passages("It runs at 50 MHz. The value is 50 here.").all).holders(claim) == ()
    )


def test_the_ends_of_a_range_of_shares_are_mostly_rounded() -> None:
    low, high = find_claimed_numerals("仅达 10%-30%")
    paper = passages("The models reach 30.4%, 26.4% and 10.4% of the tasks.").all
    assert NumeralIndex(paper).holders(low)
    assert NumeralIndex(paper).holders(high)
