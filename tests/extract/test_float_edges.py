"""What stands right beside a float and is no part of it: headings, text, other floats."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain import BBox, Figure
from chatpaper.extract.boxes import enclose
from chatpaper.extract.figures.barriers.text_blocks import Block
from chatpaper.extract.figures.caption_rows import CaptionPage, collect_row
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.page import Line
from tests.extract.drawn_pages import (
    LEFT_COLUMN,
    RIGHT_COLUMN,
    WHOLE_WIDTH,
    WORDS,
    PaperPage,
    draw,
    read_floats,
    text_page,
)
from tests.extract.test_placed_floats import assert_at, rule, single_column, write


@pytest.fixture
def figures_of(tmp_path: Path) -> Callable[..., dict[str, Figure]]:
    return lambda *pages: read_floats(draw(tmp_path / "paper.pdf", *pages))


def ragged(paper: PaperPage, column: tuple[float, float], top: float, lines: int) -> None:
    """Draw lines of text that end at different places."""
    for index in range(lines):
        x = column[0]
        reach = column[1] - (5, 30, 17, 0, 23)[index % 5] - 20
        for word in WORDS[index % 7 :] + WORDS:
            if x > reach:
                break
            x = paper.text(x, top + 10 + 12 * index, word) + 2.5


def test_a_heading_in_the_size_of_the_two_lines_below_it_is_no_part_of_a_figure(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 8)
        paper.text(54, 190, "2.1 Baselines", font="tibo")
        paper.prose(WHOLE_WIDTH, 192, 2)
        paper.plot(180, 226, 430, 330)
        paper.text(220, 346, "Figure 1: It stands below text.", 9)
        paper.prose(WHOLE_WIDTH, 370, 25)

    found = figures_of(page, single_column)

    assert_at(found["Figure 1"], BBox(180, 226, 430, 330))


def test_ragged_text_beside_a_table_is_none_of_its_rows(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 4)
        ragged(paper, (54, 330), 126, 14)
        paper.table(350, 130, 550, 8)
        paper.text(350, 246, "Table 1: Values beside text.", 9)
        paper.prose(WHOLE_WIDTH, 320, 30)

    found = figures_of(page, single_column)

    assert_at(found["Table 1"], BBox(350, 130, 550, 230))


def test_rows_under_one_rule_that_run_into_the_text_are_no_footnotes(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(LEFT_COLUMN, 72, 34)
        paper.text(54, 500, "Table 1: One rule.", 9)
        rule(paper, 54, 160, 516)
        for row in range(6):
            for x in (56, 92, 128):
                paper.text(x, 512 + row * 12 + (row > 0) * 2, f"v{row}", 9)
        paper.prose(LEFT_COLUMN, 586, 10)
        paper.prose(RIGHT_COLUMN, 72, 45)

    found = figures_of(page, text_page)

    assert_at(found["Table 1"], BBox(54, 503, 160, 577))


def test_the_title_and_authors_end_where_the_first_caption_begins(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.centred(WHOLE_WIDTH, 80, "A Paper With a Table", 17)
        paper.centred(WHOLE_WIDTH, 105, "Mara Ellison")
        paper.text(318, 140, "Table 1: As wide as its column.", 9)
        paper.table(318, 150, 558, 8)
        paper.prose(LEFT_COLUMN, 230, 40)
        paper.prose(RIGHT_COLUMN, 290, 35)

    found = figures_of(page, text_page, text_page)

    assert_at(found["Table 1"], BBox(318, 150, 558, 250))


def test_a_short_caption_at_the_edge_belongs_to_a_narrow_table_in_the_middle(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 80, "Table 1: Values.", 9)
        paper.table(236, 90, 376, 6)
        paper.prose(WHOLE_WIDTH, 190, 40)

    found = figures_of(page, single_column)

    assert_at(found["Table 1"], BBox(236, 90, 376, 166))


def test_a_caption_beside_a_figure_may_begin_on_the_line_where_that_ends(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.plot(80, 80, 330, 200)
        paper.text(360, 201, "Figure 1: The plot of", 9)
        for line, text in enumerate(("one run of those", "that were made", "in one year."), 1):
            paper.text(360, 201 + 11 * line, text, 9)
        paper.prose(WHOLE_WIDTH, 260, 35)

    found = figures_of(page, single_column)

    assert_at(found["Figure 1"], BBox(80, 80, 330, 200))


def test_a_figure_below_its_caption_leaves_the_table_above_its_rows(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.plot(200, 72, 412, 150)
        paper.text(220, 166, "Figure 1: It stands above its caption.", 9)
        paper.text(220, 190, "Table 1: Its rows stand below.", 9)
        tint = pymupdf.Rect(200, 295, 412, 310)
        paper.page.draw_rect(tint, color=None, fill=(0.9, 0.9, 1), width=0)
        for y in (198, 213, 310):
            rule(paper, 200, 412, y)
        for row, baseline in enumerate((208, *range(226, 310, 12))):
            for x in (202, 270, 340):
                paper.text(x, baseline, f"v{row}", 9)
        paper.text(204, 322, "Note: A note under the rows of the table.", 9)
        paper.text(220, 340, "Figure 2: It stands below its caption.", 9)
        paper.plot(220, 348, 392, 420)
        paper.prose(WHOLE_WIDTH, 450, 22)

    def above(paper: PaperPage) -> None:
        for number, top in enumerate((72, 250), 3):
            paper.plot(200, top, 412, top + 100)
            paper.text(220, top + 115, f"Figure {number}: It stands above its caption.", 9)
        paper.prose(WHOLE_WIDTH, 390, 30)

    found = figures_of(page, above, single_column)

    assert_at(found["Table 1"], BBox(200, 198, 412, 310))
    assert_at(found["Figure 2"], BBox(220, 348, 392, 420))


def test_a_heading_beside_the_top_of_a_plot_is_no_label_of_it(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 8)
        paper.text(54, 198, "CHOICE OF ALL SAMPLES", font="helv")
        paper.plot(190, 206, 430, 300)
        paper.text(220, 316, "Figure 1: It stands under a heading.", 9)
        paper.prose(WHOLE_WIDTH, 340, 25)

    found = figures_of(page, single_column)

    assert_at(found["Figure 1"], BBox(190, 206, 430, 300))


def test_a_caption_ends_at_the_text_beside_it_though_its_label_is_set_off(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 4)
        paper.text(54, 140, "Table 2", font="tibo")
        paper.text(100, 140, "Comparison of residuals during")
        paper.text(54, 152, "training.")
        paper.table(60, 160, 220, 8)
        paper.prose((236, 558), 130, 12)
        paper.prose(WHOLE_WIDTH, 280, 30)

    found = figures_of(page, single_column)

    assert found["Table 2"].caption == "Comparison of residuals during training."


def test_titles_under_labels_that_stand_side_by_side_are_no_cells(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        for number, x in ((1, 54), (2, 318)):
            paper.plot(x, 72, x + 230, 170)
            paper.text(x, 186, f"Figure {number}", font="tibo")
            paper.text(x, 211, f"The title of figure {number}.", font="tiit")
        paper.prose(WHOLE_WIDTH, 240, 35)

    found = figures_of(page, single_column)

    assert [each.caption for each in found.values()] == [
        "The title of figure 1.",
        "The title of figure 2.",
    ]


def test_the_number_of_a_label_may_be_larger_than_the_caption(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.plot(180, 72, 430, 170)
        end = paper.text(200, 186, "Fig. ", 7.4)
        end = paper.text(end, 186, "12.10", 8.2)
        paper.text(end + 10, 186, "Samples that were kept.", 7.4)
        paper.prose(WHOLE_WIDTH, 240, 35)

    found = figures_of(page, single_column)

    assert [each.caption for each in found.values()] == ["Samples that were kept."]


def test_captions_of_manuscripts_may_be_set_as_far_apart_as_their_text(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.plot(54, 72, 430, 160)
        for line, text in enumerate(("Figure 1: Samples that", "were kept over", "time.")):
            paper.text(54, 180 + 21.6 * line, text, 10.9)

    def manuscript(paper: PaperPage) -> None:
        for line in range(30):
            paper.prose(WHOLE_WIDTH, 72 + 21.1 * line, 1, 12)

    found = figures_of(page, manuscript, manuscript)

    assert found["Figure 1"].caption == "Samples that were kept over time."


def test_a_rule_across_the_page_is_no_part_of_the_figure_right_below_it(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 4)
        rule(paper, 54, 558, 130)
        paper.plot(318, 133, 558, 300)
        paper.text(330, 316, "Figure 1: It stands right below a rule.", 9)
        paper.prose(RIGHT_COLUMN, 340, 30)
        paper.prose(LEFT_COLUMN, 150, 45)

    found = figures_of(page, text_page, text_page)

    assert_at(found["Figure 1"], BBox(318, 133, 558, 300))


def test_text_that_narrows_beside_a_figure_is_parted_there_though_it_is_ragged(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        ragged(paper, WHOLE_WIDTH, 72, 8)
        ragged(paper, (54, 300), 168, 12)
        ragged(paper, WHOLE_WIDTH, 312, 20)
        paper.plot(330, 180, 550, 270)
        paper.text(330, 286, "Figure 1: It stands beside text.", 9)

    found = figures_of(page, single_column)

    assert_at(found["Figure 1"], BBox(330, 180, 550, 270))


def test_commas_that_hang_out_of_the_text_are_no_part_of_its_measure() -> None:
    lines = [write(54, 100 + 12 * row, (0, 90 + 5 * (row == 1))) for row in range(4)]

    assert Block(tuple(lines), enclose(line.bbox for line in lines)).measure.x1 == 144


def test_no_picture_of_a_row_is_left_out_for_a_short_caption_at_the_left(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        for x in (82, 157, 232, 307, 382, 457):
            paper.page.draw_rect(pymupdf.Rect(x, 62, x + 67, 152), fill=(0.5, 0.3, 0.3))
        paper.text(57, 171, "Figure 1: Samples of one glacier that were kept.", 9)
        paper.plot(88, 182, 255, 273)
        paper.text(57, 289, "Figure 2: Another plot in the column.", 9)
        paper.prose(LEFT_COLUMN, 310, 30)
        paper.prose(RIGHT_COLUMN, 182, 40)

    found = figures_of(page, text_page)

    assert_at(found["Figure 1"], BBox(82, 62, 524, 152))


def test_a_stretched_line_in_a_narrow_caption_is_whole() -> None:
    def line(baseline: float, start: float, end: float) -> Line:
        spans = write(440, baseline, (start, end)).spans
        return Line(spans=spans, bbox=spans[0].bbox, direction=(1.0, 0.0))

    whole = [line(240 + 12 * row, 0, 100) for row in range(3)]
    stretched = [line(276, 0, 40), line(276, 75, 100), line(288, 0, 30), line(288, 75, 100)]
    typesetting = Typesetting(10.0, "Times", 12.0, ((), ()))
    page = CaptionPage([*whole, *stretched], frozenset(), typesetting, ())

    assert collect_row(stretched[0], page) == stretched[:2]
