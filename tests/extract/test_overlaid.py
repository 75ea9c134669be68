"""Which spans have other text printed over them, and what is painted of a text."""

import pytest

from chatpaper.domain import BBox
from chatpaper.extract.page import Line, Span
from chatpaper.extract.pdf.overlaid import MOST_OVERLAID, OverlapIndex, shares_text


def span(text: str, x: float, y: float, width: float = 100) -> Span:
    return Span(
        text, BBox(x, y - 9, x + width, y + 2), y, "F", 10, False, False, False, 0, 255, False
    )


def lines(*spans: Span) -> list[Line]:
    return [Line((each,), each.bbox, (1, 0)) for each in spans]


@pytest.mark.parametrize(
    ("other", "is_overlaid"),
    [
        (span("other words", 72, 100), True),
        (span("other words", 110, 102), True),
        (span("a long line over it and beyond", 20, 101, 400), True),
        (span("the line below", 72, 110), False),
        (span("beside it", 150, 100), False),
        (span("   ", 72, 100), False),
    ],
)
def test_a_span_is_overlaid_where_another_has_more_than_half_of_its_box(
    other: Span, is_overlaid: bool
) -> None:
    below = span("some words", 72, 100)
    assert bool(OverlapIndex(lines(below, other)).find_overlaid([below])) == is_overlaid


def test_signs_of_formulas_are_not_looked_at() -> None:
    sign, other = span("Σ", 72, 100), span("other words", 72, 100)
    assert OverlapIndex(lines(sign, other)).find_overlaid([sign]) == []


def test_of_many_the_longest_are_looked_at() -> None:
    spans = [span("word" + "s" * (number % 50), 72, 100 + number % 400) for number in range(3000)]
    found = OverlapIndex(lines(*spans)).find_overlaid(spans)
    assert len(found) == MOST_OVERLAID
    assert {each.text for each in found} == {"word" + "s" * 49}


@pytest.mark.parametrize(
    ("painted", "text", "expected"),
    [
        ("some words", "some words", True),
        ("somewords", "some words", True),
        ("before some words and after", "some words", True),
        ("some", "some words", True),
        (" ", "some words", False),
        ("other words", "some words", False),
    ],
)
def test_what_is_painted_is_told_by_its_characters(painted: str, text: str, expected: bool) -> None:
    assert shares_text(painted, text) == expected
