"""Verbatim quotes are found however they were typeset and copied.

Quotes that say something else are not.
"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox, Document, Figure, Paper, Section, SideText
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder

BODY = (
    "The harbour model of Davenport1,2 releases 10^51 erg within 0.35 ± 0.02 s (see the appendix "
    "for details), and its eﬃciency does not depend on the tide. We set the weight W_q to −0.5 "
    "where c ≠ 0, as in earlier work (Moss et al., 2019) on buoys [12, 14].\n\nGate A Gate B 0.1 "
    "0.2 0.3\n\n"
    "The crane lifts 12,000 containers a day3 and is never idle, which the operators of MoorNet-2 "
    "and\n\n"
    "4 Copyright of the port authority. Printed in May.\n\nTugBERT had thought impossible for one "
    "crane of this size. Unsupervised training needs p < 0.001 and 3.4 × 10−4 joules per lift. "
    "Removing the sensor increases the error from 2.1 % to 7.3 %, whereas lowering the anchor has "
    "no effect on the modelling of currents."
)
CHINESE = (
    "本文利用 2,000 棵树的随机林，\n证明每增加一个标准差，排放量减少 1.73 吨。"
    "低收入港口因缺乏电网而无法减排。"
)
TABLE = (
    "Model | Lifts Idle (s) | Energy ↓\n"
    "TugNet-Base | 84.6/83.4 | 71.2 −1.26 | 93.5\n"
    "TugNet-Large | 86.7/85.9 | 72.1 +0.17 94.9\n"
    "MoorNet-Distill-\n8.03 billion parameters 2× Q6000\nCrane-8B [24]"
)
FINDER = QuoteFinder(
    Document(
        title="Cranes That Know the Tide",
        abstract="We study cranes that know when the tide will turn, and name the method MoorNet.",
        front_matter=(
            "1Ada Brook2,3, 2Lin Wei1\n1Institute of Cranes, University of the "
            "Coast\n2Harbour Laboratory"
        ),
        sections=(Section("2", "Cranes", 1, 2, BODY), Section("3", "排放", 1, 3, CHINESE)),
        figures=(
            Figure(
                "Table 1",
                "table",
                "Lifts and energy of all models.",
                4,
                BBox(0, 0, 1, 1),
                text=TABLE,
            ),
            Figure(
                "Figure 2",
                "figure",
                "The quay.",
                5,
                BBox(0, 0, 1, 1),
                text="Gate of the northern harbour, quay 7",
            ),
        ),
        asides=(SideText("footnotes", 6, "3 Containers of all sizes are counted alike."),),
    ),
    Paper(
        "2611.00001",
        "Cranes",
        ("Ada Brook",),
        comment="14 pages, accepted at the Conference on Harbours",
    ),
)


@pytest.mark.parametrize(
    ("quote", "section"),
    [
        ("The harbour model of Davenport releases 10⁵¹ erg within 0.35 ± 0.02 s", "2 Cranes"),
        ("The harbour model of Davenport1,2 releases 1051 erg within", "2 Cranes"),
        (r"releases $10^{51}$ erg within $0.35 \pm 0.02$ s", "2 Cranes"),
        ("its efficiency does not depend on the tide", "2 Cranes"),
        ("its e ciency does not depend on the tide", "2 Cranes"),
        ("ITS EFFICIENCY DOES NOT DEPEND ON THE TIDE", "2 Cranes"),
        ("releases 10^51 erg within 0.35±0.02 s, and its efficiency", "2 Cranes"),
        ("We set the weight Wq to -0.5 where c≠0", "2 Cranes"),
        (r"We set the weight W_{q} to −0.5 where $c \neq 0$", "2 Cranes"),
        ("where c ≠ 0, as in earlier work on buoys.", "2 Cranes"),
        ("as in earlier work (Moss et al., 2019) on buoys", "2 Cranes"),
        ("lifts 12000 containers a day and is never idle", "2 Cranes"),
        ("lifts 12 000 con- tainers a day and is never idle", "2 Cranes"),
        ("which the operators of MoorNet-2 and TugBERT had thought impossible", "2 Cranes"),
        ("as in earlier work on buoys. The crane lifts 12,000 containers a day", "2 Cranes"),
        ("Unsupervised training needs p<0.001 and 3.4×10⁻⁴ joules per lift", "2 Cranes"),
        ("Unsupervised training … increases the error from 2.1% to 7.3%", "2 Cranes"),
        ("has no effect on the modeling of currents", "2 Cranes"),
        ("Removing the sensor increases the errors from 2.1 % to 7.3 %", "2 Cranes"),
        ("利用2,000棵树的随机林，证明每增加一个标准差", "3 排放"),
        ("低收入港口因缺乏电网而无法减排", "3 排放"),
        ("TugNet-Base | 84.6/83.4 | 71.2 −1.26 | 93.5", "Table 1"),
        ("TugNet-Base 84.6/83.4 71.2 -1.26 93.5", "Table 1"),
        ("TugNet-Base\t84.6/83.4\n71.2\n−1.26", "Table 1"),
        ("84.6/83.4 & 71.2 & −1.26 & 93.5", "Table 1"),
        ("TugNet-Large | 86.7/85.9 | +0.17 72.1 94.9", "Table 1"),
        ("MoorNet-Distill-Crane-8B | 8.03 billion parameters | 2× Q6000", "Table 1"),
        ("Table 1: Lifts and energy of all models", "Table 1"),
        ("Gate of the northern harbour", "Figure 2"),
        ("Containers of all sizes are counted alike", "Footnotes"),
        ("Institute of Cranes, University of the Coast", "Front matter"),
        ("Ada Brook, Lin Wei, Institute of Cranes", "Front matter"),
        ("accepted at the Conference on Harbours", "Record"),
        ("Cranes That Know the Tide", "Title"),
        # Its lines begin and end within words.
        ("pervised training needs p < 0.001 and 3.4 × 10−4 jou", "2 Cranes"),
    ],
)
def test_a_verbatim_quote_is_found(quote: str, section: str) -> None:
    place = FINDER.find(quote)
    assert place is not None
    assert place.section == section


@pytest.mark.parametrize(
    "quote",
    [
        "The harbour model of Davenport releases 10⁵² erg within 0.35 ± 0.02 s",
        "The harbour model of Davenport releases 10 erg within 0.35 ± 0.02 s",
        "The harbour model of Brook releases 10⁵¹ erg within 0.35 ± 0.02 s",
        "its efficiency does depend on the tide",
        "its efficiency does not depend on the wind",
        "We set the weight W_q to 0.5 where c ≠ 0",
        "We set the weight W_q to −0.5 where c = 0",
        "The crane lifts 12,500 containers a day and is never idle",
        "The crane lifts 12,000 containers a day and is idle",
        "which the operators of MoorNet-3 and TugBERT had thought impossible",
        "which the operators of MoorNet-2 and BoatBERT had thought impossible",
        "Supervised training needs p < 0.001 and 3.4 × 10−4 joules per lift",
        "Unsupervised training needs p > 0.001 and 3.4 × 10−4 joules per lift",
        "Removing the sensor decreases the error from 2.1 % to 7.3 %",
        "Removing the sensor increases the error from 2.1 to 7.3 %, whereas",
        "lowering the anchor has an effect on the modelling of currents",
        "increases the error from 2.1 % to 7.3 % … Unsupervised training needs",
        "Unsupervised training … the error of MoorNet",
        "低收入港口因缺乏电网而能够减排",
        "利用 3,000 棵树的随机林，证明每增加一个标准差",
        "TugNet-Base | 84.6/83.4 | 71.3 −1.26 | 93.5",
        "TugNet-Base | 84.6/83.4 | 71.2 1.26 | 93.5",
        "TugNet-Base | 86.7/85.9 | 71.2 −1.26 | 93.5",
        "Ada Brook, Lin Wong, Institute of Cranes",
        # What is cut off turns the word round, or leaves too little of it.
        "possible for one crane of this size. Unsupervised",
        "ne crane of this size. Unsupervised training",
        "We study cranes that know MoorNet impossible for a single crane",
    ],
)
def test_a_quote_that_says_something_else_is_not_found(quote: str) -> None:
    assert FINDER.find(quote) is None


def test_a_quote_of_two_stretches_reads_as_both_do_in_the_paper() -> None:
    place = FINDER.find("Unsupervised training needs [...] lowering the anchor has no effect")
    assert place is not None
    assert place.words == "Unsupervised training needs … lowering the anchor has no effect"


_WORDS = BODY.split("\n\n", maxsplit=1)[0].split()


@given(
    st.integers(0, len(_WORDS) - 8),
    st.integers(6, 30),
    st.sampled_from([" ", "  ", "\t", " \u00a0"]),
)
def test_every_stretch_is_found_whatever_its_blanks(start: int, length: int, blank: str) -> None:
    assert FINDER.find(blank.join(_WORDS[start : start + length])) is not None


@given(
    st.integers(0, len(_WORDS) - 12),
    st.integers(1, 10),
    st.sampled_from(["never", "Kraken-9", "41.7", "worse"]),
)
def test_no_stretch_with_a_foreign_word_in_it_is_found(start: int, place: int, word: str) -> None:
    words = _WORDS[start : start + 12]
    assert FINDER.find(" ".join([*words[:place], word, *words[place:]])) is None


@pytest.mark.parametrize(
    ("unit", "has_words"),
    [
        ("1.", True),
        ("[", False),
        ("(", False),
        ("a/", True),
        ("a", True),
        ("一千二百", True),
        ("… ", False),
        ("abcdefgh ijkl … ", True),
        ("1,111", True),
        ("1 2 3 4 5\n", True),
        ("-1", True),
        ("^_{", False),
    ],
)
def test_a_long_text_is_found_in_itself_where_it_has_words(unit: str, has_words: bool) -> None:
    text = (unit * 20_000)[:20_000]
    table = Figure("Table 1", "table", "Rows", 1, BBox(0, 0, 1, 1), text=text)
    finder = QuoteFinder(Document(sections=(Section("1", "x", 1, 1, text),), figures=(table,)))
    assert (finder.find(text) is not None) == has_words
    assert finder.find(text[:400] + " and 17 words that nobody wrote") is None


def test_words_of_a_long_paper_are_found_in_their_order_alone() -> None:
    words = [f"word{number % 977}" for number in range(30_000)]
    finder = QuoteFinder(Document(sections=(Section("1", "x", 1, 1, " ".join(words)),)))
    assert finder.find(" ".join(words[:20])) is not None
    chooser = random.Random(7)
    for _ in range(25):
        assert finder.find(" ".join(chooser.sample(words, 20))) is None
