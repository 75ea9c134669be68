"""A slash over a relation is read as one sign, however the file has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox
from chatpaper.extract.glyphs.negations import merge_negations
from chatpaper.extract.page import Line, Span

Piece = tuple[str, float, float]


def line_of(*pieces: Piece) -> Line:
    """Return a line of spans, each with its text and its left and right edge."""
    spans = tuple(
        Span(text, BBox(x0, 90, x1, 100), 100, "CMSY10", 10, False, False, False, 0, 255, False)
        for text, x0, x1 in pieces
    )
    return Line(spans, BBox(0, 90, 300, 100), (1, 0))


@pytest.mark.parametrize(
    ("pieces", "read"),
    [
        ([("where c", 0, 30), ("\u0338 ", 32, 36), ("= 0", 32, 50)], "where c≠ 0"),
        ([("v ", 0, 8), ("\u0338 ∈", 8, 15), (" V", 15, 25)], "v ∉ V"),
        ([("if y \u0338= x", 0, 40)], "if y ≠ x"),
        ([("A ", 0, 10), ("\u0338 ⊂ B", 10, 30)], "A ⊄ B"),
        ([("p ", 0, 8), ("/", 9, 12), ("∈Q", 8.5, 25)], "p ∉Q"),
        ([("p ", 0, 8), ("a =", 8, 24), ("/", 18, 22), (" b", 24, 30)], "p a ≠ b"),
        ([("c ", 0, 8), ("6", 8, 8), ("= 0", 8, 24)], "c ≠ 0"),
        ([("no \u0338 ∃x", 0, 30)], "no ∄x"),
    ],
)
def test_negated_relations_are_one_sign(pieces: list[Piece], read: str) -> None:
    assert merge_negations([line_of(*pieces)])[0].text == read


@pytest.mark.parametrize(
    "pieces",
    [
        [("n = 1", 0, 25), ("6", 25, 30), (" = 16", 30, 50)],
        [("km", 0, 12), ("/", 12, 15), ("s = 3", 15, 40)],
        [("a", 0, 5), ("/", 5, 8), ("= b", 12, 30)],
        [("x = 6", 0, 30)],
        [("6", 0, 5), ("= six", 6, 30)],
    ],
)
def test_digits_and_fractions_are_no_negations(pieces: list[Piece]) -> None:
    line = line_of(*pieces)
    assert merge_negations([line]) == (line,)


@given(st.lists(st.text("ab=∈ /6\u0338", max_size=5), min_size=1, max_size=6))
def test_everything_but_slashes_stays(texts: list[str]) -> None:
    line = line_of(*((text, 10.0 * place, 10.0 * place + 9) for place, text in enumerate(texts)))
    kept = [character for character in merge_negations([line])[0].text if character in "ab"]
    assert kept == [character for character in line.text if character in "ab"]


def test_a_long_hostile_line_is_read_in_proportion() -> None:
    text = merge_negations([line_of(("\u0338 " * 50_000, 0, 9), ("=", 9, 12))])[0].text
    assert text.endswith(("=", "≠"))
