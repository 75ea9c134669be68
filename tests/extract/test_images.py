"""Crops: how fine they are, where their ink ends, and the files they become."""

from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import BBox, Figure
from chatpaper.extract.figures.images import write_images
from chatpaper.extract.pdf.crops import (
    LEAST_DPI,
    MOST_PIXELS_A_SIDE,
    POINTS_PER_INCH,
    choose_dpi,
    cut_out,
    find_ink_bounds,
)
from chatpaper.extract.pdf.rendering import encode_png

WHITE, BLACK = b"\xff\xff\xff", b"\x00\x00\x00"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=612, height=792)
        page.draw_rect(pymupdf.Rect(100, 100, 300, 200), fill=(0.2, 0.4, 0.6))
        page.add_highlight_annot(pymupdf.Rect(310, 100, 400, 120))
        pdf.save(path)
    return path


def figure(box: BBox, kind: str = "figure") -> Figure:
    return Figure("Figure 1", "table" if kind == "table" else "figure", "", 1, box)


def size_of(image: Path) -> tuple[int, int]:
    pixmap = pymupdf.Pixmap(image)
    return pixmap.width, pixmap.height


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_ink_is_bounded_exactly(width: int, height: int, data: st.DataObject) -> None:
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    right, bottom = data.draw(st.integers(left + 1, width)), data.draw(st.integers(top + 1, height))
    rows = [
        b"".join(BLACK if left <= x < right and top <= y < bottom else WHITE for x in range(width))
        for y in range(height)
    ]

    assert find_ink_bounds(b"".join(rows), width, height, 3) == (left, top, right, bottom)


def test_a_white_image_has_no_ink() -> None:
    assert find_ink_bounds(WHITE * 12, 4, 3, 3) is None


@given(st.integers(1, 9), st.integers(1, 9), st.booleans(), st.data())
def test_a_png_has_the_pixels_that_were_cut_out(
    width: int, height: int, is_grey: bool, data: st.DataObject
) -> None:
    levels = st.integers(0, 255)
    colours = st.builds(lambda grey: (grey,) * 3, levels) if is_grey else st.tuples(*[levels] * 3)
    pixels = data.draw(st.lists(colours, min_size=width * height, max_size=width * height))
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    samples = bytes(level for pixel in pixels for level in pixel)

    png = encode_png(cut_out(samples, width, 3, (left, top, width, height)))

    read = pymupdf.Pixmap(png)
    assert (read.width, read.height) == (width - left, height - top)
    shown = [pixels[y * width + x] for y in range(top, height) for x in range(left, width)]
    assert read.n == (1 if all(len(set(pixel)) == 1 for pixel in shown) else 3)
    assert pymupdf.Pixmap(pymupdf.csRGB, read).samples == bytes(
        level for pixel in shown for level in pixel
    )


@given(st.floats(1, 20_000), st.floats(1, 20_000))
def test_crops_are_neither_coarse_nor_huge(width: float, height: float) -> None:
    dpi = choose_dpi(BBox(0, 0, width, height))

    assert max(width, height) * dpi / POINTS_PER_INCH <= MOST_PIXELS_A_SIDE + 1
    assert dpi >= LEAST_DPI or max(width, height) > 1000


def test_a_figure_as_wide_as_the_text_has_a_thousand_pixels() -> None:
    for width in (345, 397, 504):
        assert width * choose_dpi(BBox(0, 0, width, 200)) / POINTS_PER_INCH >= 1000


def test_a_crop_is_shrunk_to_its_ink_and_shows_no_annotation(paper: Path, tmp_path: Path) -> None:
    (shown,) = write_images(paper, [figure(BBox(80, 80, 420, 260))], tmp_path / "out")

    assert shown.image == "figure-1.png"
    assert shown.bbox == pytest.approx((100, 100, 300, 200), abs=1.5)
    width, height = size_of(tmp_path / "out" / "figure-1.png")
    assert width / height == pytest.approx(2, rel=0.05)


def test_files_are_named_by_kind_and_number(paper: Path, tmp_path: Path) -> None:
    box = BBox(100, 100, 300, 200)
    shown = write_images(paper, [figure(box), figure(box, "table"), figure(box)], tmp_path / "out")

    names = ["figure-1.png", "table-1.png", "figure-2.png"]
    assert [one.image for one in shown] == names
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)


def test_a_blank_region_is_no_figure(paper: Path, tmp_path: Path) -> None:
    assert write_images(paper, [figure(BBox(100, 400, 300, 500))], tmp_path / "out") == ()
    assert list((tmp_path / "out").iterdir()) == []


def test_the_same_figure_gives_the_same_bytes(paper: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_images(paper, [figure(BBox(90, 90, 310, 210))], tmp_path / folder)

    assert (tmp_path / "one" / "figure-1.png").read_bytes() == (
        tmp_path / "two" / "figure-1.png"
    ).read_bytes()
