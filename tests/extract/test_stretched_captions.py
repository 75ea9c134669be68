"""Captions in narrow measures: words far apart, text or another caption beside them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatpaper.extract.figures.captions import Caption, find_captions
from chatpaper.extract.layout.caption_labels import match_label
from chatpaper.extract.layout.typesetting import measure_typesetting
from chatpaper.extract.pdf.reader import read_pdf
from tests.extract.drawn_pages import WHOLE_WIDTH, PaperPage, draw

Painter = Callable[[PaperPage], object]
Captions = Callable[..., dict[str, Caption]]


def single_column(paper: PaperPage) -> None:
    paper.prose(WHOLE_WIDTH, 72, 50)


@pytest.fixture
def captions_of(tmp_path: Path) -> Captions:
    def read(*pages: Painter) -> dict[str, Caption]:
        content = read_pdf(draw(tmp_path / "paper.pdf", *pages, single_column))
        found = find_captions(content, measure_typesetting(content))
        return {caption.label: caption for caption in found}

    return read


def justify(paper: PaperPage, edges: tuple[float, float], baseline: float, text: str) -> None:
    """Set the words of a line apart, the last up to the right edge."""
    words = text.split(" ")
    ends = [paper.text(-1000, baseline, word) + 1000 for word in words]
    space = (edges[1] - edges[0] - sum(ends)) / (len(words) - 1)
    x = edges[0]
    for word, width in zip(words, ends, strict=True):
        paper.text(x, baseline, word)
        x += width + space


def test_the_number_of_a_label_may_stand_apart(captions_of: Captions) -> None:
    def page(paper: PaperPage) -> None:
        edges = (60.0, 160.0)
        justify(paper, edges, 90, "Figure 1. Thermal")
        justify(paper, edges, 102, "boundaries along the")
        paper.text(60, 114, "coast.")
        paper.prose(WHOLE_WIDTH, 200, 30)

    (caption,) = captions_of(page).values()

    assert (caption.label, caption.text) == ("Figure 1", "Thermal boundaries along the coast.")


def test_the_number_of_a_label_may_begin_the_next_line(captions_of: Captions) -> None:
    def page(paper: PaperPage) -> None:
        for line, text in enumerate(("Figure", "3. Causal", "clusters.")):
            paper.text(500, 90 + 12 * line, text)
        paper.prose(WHOLE_WIDTH, 200, 30)

    (caption,) = captions_of(page).values()

    assert (caption.label, caption.text) == ("Figure 3", "Causal clusters.")


def test_the_word_of_a_label_is_no_label() -> None:
    assert match_label("TABLE") is None


def test_text_that_flows_beside_a_caption_is_none_of_it(captions_of: Captions) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 150, "Figure 1: The parts of the machine in")
        paper.text(54, 162, "its first state.")
        paper.prose((224, 558), 72, 12)
        paper.prose(WHOLE_WIDTH, 218, 30)

    (caption,) = captions_of(page).values()

    assert caption.text == "The parts of the machine in its first state."


def test_captions_side_by_side_at_two_heights_are_both_whole(captions_of: Captions) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 100, "Figure 1: The left one, which")
        paper.text(54, 112, "has two lines.")
        right = paper.text(320, 123, "has three lines, and goes on and on")
        justify(paper, (320, right), 111, "Figure 2: The right one, which")
        paper.text(320, 135, "to its end.")
        paper.prose(WHOLE_WIDTH, 200, 30)

    found = captions_of(page)

    assert found["Figure 1"].text == "The left one, which has two lines."
    assert found["Figure 2"].text == (
        "The right one, which has three lines, and goes on and on to its end."
    )


def test_rows_of_a_table_beside_a_caption_do_not_end_it(captions_of: Captions) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 100, "Table 1: The left one, whose text")
        paper.text(54, 112, "is as long as this, and goes on over")
        paper.text(54, 124, "the rows beside it.")
        paper.text(320, 76, "Table 2: The right one.")
        for row in range(5):
            for column in range(3):
                paper.text(322 + 60 * column, 94 + 14 * row, f"v{row}.{column}", 8)
        paper.prose(WHOLE_WIDTH, 220, 30)

    assert captions_of(page)["Table 1"].text.endswith("goes on over the rows beside it.")


def test_a_title_may_stand_a_free_line_below_its_label(captions_of: Captions) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 100, "Figure 1", font="tibo")
        paper.text(54, 124, "Two states of the machine.", font="tiit")
        paper.text(54, 152, "Results", font="tibo")
        paper.prose(WHOLE_WIDTH, 160, 30)

    (caption,) = captions_of(page).values()

    assert caption.text == "Two states of the machine."


def test_a_caption_may_follow_a_note_under_its_table(captions_of: Captions) -> None:
    def page(paper: PaperPage) -> None:
        paper.table(180, 100, 430, 5)
        paper.text(190, 176, "Note: The cohort changes the regions of the table.", 9)
        paper.text(190, 190, "Table 1. The manifold of the paper.", 9)
        paper.prose(WHOLE_WIDTH, 220, 30)

    assert list(captions_of(page)) == ["Table 1"]
