"""Which printed numbers support which claims."""

import pytest

from chatpaper.domain import Document, Section
from chatpaper.summarize.numerals import claimed_numerals, printed_numerals
from chatpaper.summarize.passages import Passages
from chatpaper.summarize.support import holders, match


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
        ("40 步", "40%", None),
        ("2×10^-4", "2 · 10−4", "exact"),
    ],
)
def test_conversions(claimed: str, printed: str, how: str | None) -> None:
    (claim,) = claimed_numerals(claimed)
    found = [match(claim, numeral) for numeral in printed_numerals(printed)]
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
        ("33.9%", "It reaches 33.9 dB. The best value is 33.9 with dust.", False),
    ],
)
def test_a_number_without_a_unit_supports_one_with_a_unit_only_where_nothing_speaks_against_it(
    claimed: str, text: str, supported: bool
) -> None:
    (claim,) = claimed_numerals(claimed)
    assert bool(holders(claim, passages(text).all)) is supported
