"""Quotes are found as people would find them, and are not found where they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Claim, Document, Section
from chatpaper.summarize.verify.quotes.quote_search import QuoteFinder
from chatpaper.summarize.verify.quotes.quote_tokens import tokenize
from tests.summarize.sample import DOCUMENT, EXPERIMENTS, PAPER

FINDER = QuoteFinder(DOCUMENT)


@pytest.mark.parametrize(
    ("quote", "page", "section"),
    [
        ("We present TideSort, a network that learns where its comparators go", 1, "Abstract"),
        ("Networks of comparators sort without any branch", 1, "1 Introduction"),
        ("We ask whether a network can be fitted to the lists", 2, "1 Introduction"),
        (
            "a soft comparator exchanges their values in proportion to this weight",
            2,
            "3 Soft Comparators",
        ),
        ("a soft compar- ator exchanges their values", 2, "3 Soft Comparators"),
        (
            "a checker adds the comparators that the zero-one principle still demands",
            3,
            "3 Soft Comparators",
        ),
        (
            "a checker adds the comparators that the zero one principle still demands",
            3,
            "3 Soft Comparators",
        ),
        ("inversions and of the fixed cost of every comparator", 3, "3 Soft Comparators"),
        ("they waste comparators on orders that never occur. We ask", 1, "1 Introduction"),
        ("THEY WASTE COMPARATORS — ON ORDERS THAT NEVER OCCUR", 1, "1 Introduction"),
        ("“a benchmark of 4,096 lists recorded in the scheduler”", 3, "4 Experiments"),
        (
            "Training takes two hours on one single processor, and an ablation shows",
            3,
            "4 Experiments",
        ),
        ("Weights of comparators before and after rounding", 3, "Figure 1"),
    ],
)
def test_quotes_are_found_despite_typesetting(quote: str, page: int, section: str) -> None:
    place = FINDER.find(quote)
    assert place is not None
    assert (place.page, place.section) == (page, section)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "the network",
        "TideSort was praised by all reviewers of the committee",
        (
            "TideSort reaches a depth of 12 with 47 comparators, compared with 61 "
            "comparators of the baseline"
        ),
        (
            "TideSort reaches a depth of 11 with 74 comparators, compared with 61 "
            "comparators of the baseline"
        ),
        "On the Harbour benchmark TideSort needs 32% fewer comparators than the best network",
        "所提方法在所有数据集上取得了最好的结果",
        "Set in white: no reader sees this sentence.",
    ],
)
def test_what_the_paper_does_not_say_is_not_found(quote: str) -> None:
    assert FINDER.find(quote) is None


def test_a_quote_is_given_back_in_the_words_of_the_paper() -> None:
    place = FINDER.find("soft compar- ator exchanges their values in proportion to the weight")
    assert place is not None
    assert place.words == "soft comparator exchanges their values in proportion to this weight."
    place = FINDER.find("and of the fixed cost of every comparator")
    assert place is not None
    assert place.words == "and of the fixed cost of every comparator."


def test_claims_get_page_and_section_or_stay_without() -> None:
    located = FINDER.locate(
        [
            Claim("一", "Training takes two hours on a single processor"),
            Claim("二", "nobody has said such a thing here"),
        ]
    )
    assert located == (
        Claim("一", "Training takes two hours on a single processor", 3, "4 Experiments"),
        Claim("二", "nobody has said such a thing here"),
    )


def test_chinese_papers_are_searched_too() -> None:
    text = "本文提出一种由数据决定比较器位置的排序网络，\n所需的比较器更少。训练只需两个小时。"
    finder = QuoteFinder(Document(sections=(Section("1", "引言", 1, 2, text),)))
    place = finder.find("所需的比较器更少。训练只需两个小时")
    assert place is not None
    assert (place.page, place.section) == (2, "1 引言")


def test_without_a_document_the_abstract_of_the_record_is_searched() -> None:
    place = QuoteFinder(Document(), PAPER).find("Sorting networks compare wires in a fixed order")
    assert place is not None
    assert (place.page, place.section) == (1, "Abstract")


_WORDS = EXPERIMENTS.split()


@given(st.integers(0, len(_WORDS) - 8), st.integers(6, 14))
def test_every_stretch_of_the_paper_is_found_in_it(start: int, length: int) -> None:
    stretch = " ".join(_WORDS[start : start + length])
    place = FINDER.find(stretch)
    assert place is not None
    assert place.section == "4 Experiments"


@given(st.text(max_size=200))
def test_tokens_of_keep_their_places(text: str) -> None:
    words = tokenize(text)
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)


@pytest.mark.parametrize(
    "quote",
    ["得到30,000幅训练图像，每幅140像素见方", "每幅 140 像素见方", "缺损面积平均占字面的28%"],
)
def test_chinese_quotes_are_found_though_typeset_with_other_spaces(quote: str) -> None:
    text = (
        "加上石面纹理和随机缺损，得到 30,000 幅训练图像，每幅 140 像素见方。"
        "缺损面积平均占字面的 28%。"
    )
    place = QuoteFinder(Document(sections=(Section("2", "方法", 1, 2, text),))).find(quote)
    assert place is not None
    assert (place.page, place.section) == (2, "2 方法")
    assert place.words.replace(" ", "") in text.replace(" ", "")


@pytest.mark.parametrize("power", ["10^51", "10⁵¹", "1051", "10^{51}", "$10^{51}$"])
@pytest.mark.parametrize("weight", ["W_q", "Wq", "W_{q}"])
def test_quotes_are_found_however_powers_and_indices_are_written(power: str, weight: str) -> None:
    text = (
        "The burst released an energy of 10^51 erg in an hour, by which the factor W_q was fixed."
    )
    finder = QuoteFinder(Document(sections=(Section("1", "Bursts", 1, 1, text),)))
    place = finder.find(
        f"released an energy of {power} erg in an hour, by which the factor {weight} was fixed"
    )
    assert place is not None
    assert (
        place.words
        == "released an energy of 10^51 erg in an hour, by which the factor W_q was fixed."
    )
