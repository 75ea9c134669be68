"""Which lines are captions, how far each goes, and what it is called."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.extract.figures.captions import Caption, find_captions
from chatpaper.extract.layout.caption_labels import match_label, normalize_label
from chatpaper.extract.layout.text import join_lines
from chatpaper.extract.layout.typesetting import measure_typesetting
from chatpaper.extract.pdf.reader import read_pdf
from tests.extract.drawn_pages import LEFT_COLUMN, RIGHT_COLUMN, PaperPage, draw, text_page

Painter = Callable[[PaperPage], object]


@pytest.fixture
def captions_of(tmp_path: Path) -> Callable[..., tuple[Caption, ...]]:
    def read(*pages: Painter) -> tuple[Caption, ...]:
        content = read_pdf(draw(tmp_path / "paper.pdf", *pages, text_page))
        return find_captions(content, measure_typesetting(content))

    return read


def lines(*texts: str, font: str = "tiro", size: float = 9.0) -> Painter:
    """Draw these lines at the top of the right column, and text elsewhere."""

    def page(paper: PaperPage) -> None:
        for index, text in enumerate(texts):
            paper.text(RIGHT_COLUMN[0], 200 + 11 * index, text, size, font)
        paper.prose(RIGHT_COLUMN, 300, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    return page


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("Figure 3: Text.", "Figure 3"),
        ("Fig. 3. Text.", "Figure 3"),
        ("FIG. 3. Text.", "Figure 3"),
        ("FIGURE 3 | Text.", "Figure 3"),
        ("Table II: Text.", "Table II"),
        ("TABLE 4.1. Text.", "Table 4.1"),
        ("Figure A1: Text.", "Figure A1"),
        ("Figure 7a: Text.", "Figure 7a"),
        ("Scheme 2. Text.", "Scheme 2"),
        ("Supplementary Fig. 5: Text.", "Supplementary Figure 5"),
        ("T ABLE I. Text.", "Table I"),
    ],
)
def test_labels_are_brought_to_one_wording(
    captions_of: Callable[..., tuple[Caption, ...]], printed: str, label: str
) -> None:
    (caption,) = captions_of(lines(printed))

    assert (caption.label, caption.text) == (label, "Text.")


def test_a_caption_goes_on_over_its_lines_and_mends_broken_words(
    captions_of: Callable[..., tuple[Caption, ...]],
) -> None:
    (caption,) = captions_of(
        lines("Figure 1: The accuracy of all mod-", "els, and of the base", "line.")
    )

    assert caption.text == "The accuracy of all models, and of the base line."
    assert len(caption.lines) == 3


def test_a_caption_ends_before_the_rows_of_its_table(
    captions_of: Callable[..., tuple[Caption, ...]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(RIGHT_COLUMN[0], 80, "Table 1: Scores of the models.", 9)
        for row in range(4):
            for cell in range(3):
                paper.text(RIGHT_COLUMN[0] + 70 * cell, 92 + 11 * row, f"cell {row}{cell}", 9)
        paper.prose(RIGHT_COLUMN, 160, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    (caption,) = captions_of(page)

    assert caption.text == "Scores of the models."


def test_a_label_alone_is_followed_by_its_title(
    captions_of: Callable[..., tuple[Caption, ...]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.centred(RIGHT_COLUMN, 80, "TABLE III")
        paper.centred(RIGHT_COLUMN, 93, "SIZES OF THE DATA SETS")
        paper.prose(RIGHT_COLUMN, 160, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    (caption,) = captions_of(page)

    assert (caption.label, caption.text) == ("Table III", "SIZES OF THE DATA SETS")


def test_type_may_change_within_a_caption(captions_of: Callable[..., tuple[Caption, ...]]) -> None:
    def page(paper: PaperPage) -> None:
        x = paper.text(
            RIGHT_COLUMN[0], 200, "Figure 1 Accuracy of all the models here. ", 8, font="tibo"
        )
        paper.text(x, 200, "The curves go", 9)
        paper.text(RIGHT_COLUMN[0], 211, "up to the last step.", 9)
        paper.prose(RIGHT_COLUMN, 300, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    (caption,) = captions_of(page)

    assert caption.text == "Accuracy of all the models here. The curves go up to the last step."


def test_an_index_below_the_line_does_not_end_a_caption(
    captions_of: Callable[..., tuple[Caption, ...]],
) -> None:
    def page(paper: PaperPage) -> None:
        x = paper.text(RIGHT_COLUMN[0], 200, "Figure 1: The voltage of the cell and the", 9)
        for row, text in enumerate(
            ("wire, that is of V", "and of the wire, which are drawn", "in blue and red."), start=1
        ):
            x = paper.text(RIGHT_COLUMN[0], 200 + 11 * row, text, 9)
            if row == 1:
                paper.text(x, 214.5, "e", 6)
        paper.prose(RIGHT_COLUMN, 300, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    (caption,) = captions_of(page)

    assert caption.text.endswith("which are drawn in blue and red.")


def test_the_bar_of_a_fraction_does_not_end_a_caption(
    captions_of: Callable[..., tuple[Caption, ...]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(RIGHT_COLUMN[0], 200, "Figure 1: The share of what was found is", 9)
        x = paper.text(RIGHT_COLUMN[0], 212, "equal to ", 9)
        paper.text(x, 208, "m", 6)
        paper.text(x, 215, "n", 6)
        paper.text(x + 8, 212, "of the whole.", 9)
        paper.page.draw_line((x - 1, 209.5), (x + 6, 209.5), width=0.4)
        paper.prose(RIGHT_COLUMN, 300, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    (caption,) = captions_of(page)

    assert caption.text.endswith("of the whole.")


def test_a_gap_in_a_justified_line_does_not_end_a_caption(
    captions_of: Callable[..., tuple[Caption, ...]],
) -> None:
    last = "The best are in blue."

    def page(paper: PaperPage) -> None:
        paper.text(RIGHT_COLUMN[0], 200, "Table 1: What was found by all the models of the", 10)
        paper.text(RIGHT_COLUMN[0], 212, "last year and by all of those before. ", 10)
        paper.text(RIGHT_COLUMN[1] - pymupdf.Font("tiro").text_length(last, 10), 212, last, 10)
        paper.text(RIGHT_COLUMN[0], 224, "All of them are small.", 10)
        paper.prose(RIGHT_COLUMN, 300, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    (caption,) = captions_of(page)

    assert caption.text.endswith("The best are in blue. All of them are small.")


def test_captions_a_quad_apart_are_two(captions_of: Callable[..., tuple[Caption, ...]]) -> None:
    def page(paper: PaperPage) -> None:
        second = paper.text(RIGHT_COLUMN[0], 200, "Figure 1: All of them", 9) + 13
        end = paper.text(RIGHT_COLUMN[0], 211, "in a plot of small size", 9)
        assert 9 < second - end < 14
        paper.text(second, 200, "Figure 2: Some", 9)
        paper.text(second, 211, "in a large plot.", 9)
        paper.prose(RIGHT_COLUMN, 300, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    assert [caption.text for caption in captions_of(page)] == [
        "All of them in a plot of small size",
        "Some in a large plot.",
    ]


def test_bold_labels_need_no_mark(captions_of: Callable[..., tuple[Caption, ...]]) -> None:
    def page(paper: PaperPage) -> None:
        x = paper.text(RIGHT_COLUMN[0], 200, "Fig. 1 ", 9, font="tibo")
        paper.text(x, 200, "The plan of the study", 9)
        paper.prose(RIGHT_COLUMN, 300, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    (caption,) = captions_of(page)

    assert (caption.label, caption.text) == ("Figure 1", "The plan of the study")


def test_the_format_of_most_captions_tells_them_from_mentions(
    captions_of: Callable[..., tuple[Caption, ...]],
) -> None:
    mention = lines("Figure 2 shows how this depends on the number of steps.", size=10.0)

    found = captions_of(mention, lines("Figure 1: One."), lines("Figure 2: Two."))

    assert [(caption.label, caption.page) for caption in found] == [
        ("Figure 1", 2),
        ("Figure 2", 3),
    ]


def test_continued_figures_are_found_on_each_page(
    captions_of: Callable[..., tuple[Caption, ...]],
) -> None:
    found = captions_of(lines("Figure 1: One."), lines("Figure 1: (continued) More of it."))

    assert [(caption.label, caption.page) for caption in found] == [
        ("Figure 1", 1),
        ("Figure 1", 2),
    ]


def test_lists_of_figures_are_no_captions(captions_of: Callable[..., tuple[Caption, ...]]) -> None:
    assert captions_of(lines("Figure 1: A plot . . . . . . . . . . . . 12")) == ()


def test_heads_of_columns_are_no_captions(captions_of: Callable[..., tuple[Caption, ...]]) -> None:
    def page(paper: PaperPage) -> None:
        for cell in range(3):
            paper.text(RIGHT_COLUMN[0] + 50 * cell, 80, f"Figure {cell + 1}", 9)
        paper.prose(RIGHT_COLUMN, 160, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    assert captions_of(page) == ()


@given(st.sampled_from(["Fig", "fig", "FIG", "figure", "FIGURE", "Figure"]), st.integers(1, 99))
def test_every_wording_of_a_figure_gives_one_label(word: str, number: int) -> None:
    match = match_label(f"{word}. {number}: Text.")

    assert match is not None
    assert normalize_label(match) == f"Figure {number}"


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["one  two", "three"], "one two three"),
        (["segmen-", "tation"], "segmentation"),
        (["the COVID-", "19 data"], "the COVID- 19 data"),
        (["系统", "结构"], "系统结构"),
        (["soft\u00adware"], "software"),
        (["as in Figure 3\u00ad1"], "as in Figure 3-1"),
    ],
)
def test_lines_become_one(parts: list[str], whole: str) -> None:
    assert join_lines(parts) == whole
