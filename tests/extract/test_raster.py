"""Pictures of lines of type are told from blanks, rules and gradients, and from each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox
from chatpaper.extract.pdf.raster import (
    Raster,
    differs_by,
    find_even_color,
    has_changes,
    measure_difference,
)

TYPE = bytes([255, 40, 255, 60, 255, 255, 30, 255] * 8)
BLANK = bytes([255]) * 64


@pytest.mark.parametrize(
    ("rows", "changes"),
    [
        ([TYPE] * 4, True),
        ([bytes([value]) * 4 for value in TYPE], True),
        ([BLANK] * 4, False),
        ([BLANK, bytes(64), BLANK], False),
        ([bytes(range(100, 164))] * 4, False),
        ([bytes([255, 254] * 32)] * 4, False),
        ([], False),
    ],
    ids=[
        "type",
        "upright type",
        "blank",
        "a rule",
        "a gradient",
        "fainter than the eye sees",
        "nothing",
    ],
)
def test_type_changes_from_pixel_to_pixel(rows: list[bytes], changes: bool) -> None:
    assert has_changes(rows) == changes


@given(st.lists(st.binary(min_size=12, max_size=12), min_size=1, max_size=6), st.integers(0, 50))
def test_a_picture_does_not_differ_from_itself(rows: list[bytes], characters: int) -> None:
    assert measure_difference(rows, rows, characters) == 0.0
    assert not differs_by(rows, rows, 1)


def test_the_share_counts_the_characters_that_differ() -> None:
    half = bytes([0]) * 32 + BLANK[32:]
    assert measure_difference([BLANK], [half], 8) == 0.5
    assert differs_by([BLANK], [half], 255)
    assert measure_difference([BLANK], [BLANK, BLANK], 8) == 0.0


def test_an_even_ground_has_one_color() -> None:
    paper, ink = b"\xff\xff\xf0", b"\x00\x00\x00"
    assert find_even_color([paper * 9 + ink]) == paper
    assert find_even_color([paper * 5 + ink * 5]) is None
    assert find_even_color([]) is None


def test_a_box_beside_the_picture_has_no_pixels_and_one_at_its_edge_has_some() -> None:
    raster = Raster(0, 0, 4, 2, 1, 1.0, bytes(range(8)))
    assert raster.rows(BBox(1, 0, 3, 2)) == [b"\x01\x02", b"\x05\x06"]
    assert raster.rows(BBox(3.2, 1, 90, 90)) == [b"\x07"]
    assert raster.rows(BBox(5, 0, 9, 2)) == []
