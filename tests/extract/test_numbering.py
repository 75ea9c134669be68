"""How numbers of headings are read, and which may follow which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.extract.headings.numbering import (
    Number,
    can_follow,
    parse_numbers,
    parse_roman,
)


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("1 Introduction", "1", "Introduction"),
        ("1. Introduction", "1", "Introduction"),
        ("3.2 Method", "3.2", "Method"),
        ("4.5.1. Results", "4.5.1", "Results"),
        ("§2. Results", "2", "Results"),
        ("§ 2.1 Results", "2.1", "Results"),
        ("2. — Results", "2", "Results"),
        ("Appendix §B. Proofs", "B", "Proofs"),
        ("IV. EXPERIMENTS", "IV", "EXPERIMENTS"),
        ("A.1 Proofs", "A.1", "Proofs"),
        ("Appendix B: Proofs", "B", "Proofs"),
        ("APPENDIX B PROOFS", "B", "PROOFS"),
        ("一、引言", "一", "引言"),
        ("2.1 方法", "2.1", "方法"),
        ("第 1 章 はじめに", "1", "はじめに"),
        ("第12章提案手法", "12", "提案手法"),
        ("付録 A 測定値", "A", "測定値"),
        ("附录 B 证明", "B", "证明"),
        ("II.B Baselines", "II.B", "Baselines"),
        ("II.B.1 Choice of Weights", "II.B.1", "Choice of Weights"),
    ],
)
def test_a_number_is_parted_from_its_title(text: str, number: str, title: str) -> None:
    assert (number, title) in [(read.text, rest) for read, rest in parse_numbers(text)]


@pytest.mark.parametrize("text", ["Introduction", "2016 in review", "3D Reconstruction"])
def test_titles_without_number_have_none(text: str) -> None:
    assert [read.text for read, _ in parse_numbers(text)] == [""]


def test_the_last_reading_is_the_whole_text() -> None:
    assert parse_numbers("A Survey of Methods")[-1] == (Number(), "A Survey of Methods")


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XXXIX", 39), ("IIX", 0), ("VV", 0)],
)
def test_roman_numerals(numeral: str, value: int) -> None:
    assert parse_roman(numeral) == value


def _arabic(*parts: int) -> Number:
    return Number(".".join(map(str, parts)), "arabic", parts)


@pytest.mark.parametrize("later", [(3, 2, 1), (3, 3), (4,)])
def test_what_may_follow(later: tuple[int, ...]) -> None:
    assert can_follow(_arabic(3, 2), _arabic(*later))


@pytest.mark.parametrize("later", [(3, 2), (3, 4), (5,), (4, 1), (3,), (3, 2, 2)])
def test_what_may_not_follow(later: tuple[int, ...]) -> None:
    assert not can_follow(_arabic(3, 2), _arabic(*later))


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=4),
    st.lists(st.integers(1, 30), min_size=1, max_size=4),
)
def test_what_follows_is_greater(earlier: list[int], later: list[int]) -> None:
    if can_follow(_arabic(*earlier), _arabic(*later)):
        assert tuple(later) > tuple(earlier)
