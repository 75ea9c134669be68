"""Which regions of a page are taken for its figures and tables."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain import BBox, Figure
from chatpaper.extract.boxes import contains, overlap_area
from chatpaper.extract.figures.assignment import find_floats
from chatpaper.extract.layout.layout import read_layout
from chatpaper.extract.layout.typesetting import measure_typesetting
from chatpaper.extract.pdf.reader import read_pdf
from tests.extract.drawn_pages import (
    BODY_SIZE,
    LEADING,
    LEFT_COLUMN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT_COLUMN,
    WHOLE_WIDTH,
    PaperPage,
    draw,
    read_floats,
    text_page,
)

# The criterion by which PDFFigures 2.0 was judged.
RIGHT_OVERLAP = 0.8

Painter = Callable[[PaperPage], object]


@pytest.fixture
def figures_of(tmp_path: Path) -> Callable[..., dict[str, Figure]]:
    return lambda *pages: read_floats(draw(tmp_path / "paper.pdf", *pages, text_page))


def overlap(a: BBox, b: BBox) -> float:
    both = overlap_area(a, b)
    return both / (a.area + b.area - both)


def assert_at(figure: Figure, box: BBox) -> None:
    assert overlap(figure.bbox, box) >= RIGHT_OVERLAP, (figure.bbox, box)


def test_a_figure_lies_over_its_caption_between_paragraphs(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(LEFT_COLUMN, 72, 6)
        paper.plot(80, 170, 270, 300)
        paper.text(54, 320, "Figure 1: Accuracy over time.", 9)
        paper.prose(LEFT_COLUMN, 350, 20)
        paper.prose(RIGHT_COLUMN, 72, 40)

    found = figures_of(page)

    assert list(found) == ["Figure 1"]
    assert_at(found["Figure 1"], BBox(80, 170, 270, 300))
    assert found["Figure 1"].caption == "Accuracy over time."
    assert found["Figure 1"].kind == "figure"
    assert found["Figure 1"].page == 1


def test_panels_and_their_labels_stay_one_figure(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        for x in (54, 320):
            paper.plot(x, 80, x + 230, 180)
            paper.text(x + 100, 192, "(a) one panel", 8)
            paper.plot(x, 215, x + 230, 315)
            paper.text(x + 100, 327, "(b) another", 8)
        paper.centred(
            WHOLE_WIDTH,
            350,
            "Fig. 2. Four panels under one caption that is long enough to cross the gutter.",
        )
        paper.prose(LEFT_COLUMN, 380, 20)
        paper.prose(RIGHT_COLUMN, 380, 20)

    assert_at(figures_of(page)["Figure 2"], BBox(54, 80, 550, 330))


def test_a_table_goes_from_rule_to_rule_and_leaves_out_its_notes(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.centred(RIGHT_COLUMN, 80, "TABLE II")
        paper.centred(RIGHT_COLUMN, 92, "SCORES OF ALL SYSTEMS")
        paper.table(330, 100, 545, 6)
        paper.text(332, 186, "Scores are means over five runs.", 7)
        paper.prose(RIGHT_COLUMN, 210, 30)
        paper.prose(LEFT_COLUMN, 72, 42)

    table = figures_of(page)["Table II"]

    assert_at(table, BBox(330, 100, 545, 176))
    assert table.bbox.y1 < 179
    assert table.kind == "table"
    assert table.caption == "SCORES OF ALL SYSTEMS"


def test_table_and_figure_between_two_captions_are_told_apart(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 80, "Table 1: Numbers.", 9)
        paper.table(60, 90, 280, 5)
        paper.plot(60, 175, 280, 290)
        paper.text(54, 310, "Figure 1: The same numbers, drawn.", 9)
        paper.prose(LEFT_COLUMN, 335, 25)
        paper.prose(RIGHT_COLUMN, 72, 45)

    found = figures_of(page)

    assert_at(found["Table 1"], BBox(60, 90, 280, 154))
    assert_at(found["Figure 1"], BBox(60, 175, 280, 290))


def test_a_narrow_caption_beside_a_figure_finds_it(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.plot(54, 80, 370, 420)
        for index, line in enumerate(
            ("Figure 4. Beside the plot", "stands this caption, as", "some journals do.")
        ):
            paper.text(386, 380 + 11 * index, line, 9)
        paper.prose(LEFT_COLUMN, 450, 20)
        paper.prose(RIGHT_COLUMN, 450, 20)

    assert_at(figures_of(page)["Figure 4"], BBox(54, 80, 370, 420))


def test_text_that_flows_around_a_figure_is_no_part_of_it(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 10)
        paper.prose((54, 370), 192, 15)
        paper.plot(390, 200, 550, 310)
        paper.text(390, 328, "Figure 1: A wrapped figure.", 9)
        paper.prose(WHOLE_WIDTH, 372, 20)

    def single_column(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 50)

    found = figures_of(page, single_column, single_column)

    assert_at(found["Figure 1"], BBox(390, 200, 550, 310))


def test_a_narrow_strip_of_text_beside_a_wide_wrapped_figure_is_no_part_of_it(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(LEFT_COLUMN, 72, 45)
        paper.prose(RIGHT_COLUMN, 72, 10)
        left, right = RIGHT_COLUMN
        edge = right - 0.32 * (right - left)
        paper.plot(left, 200, edge - 12, 300)
        paper.text(left, 318, "Figure 1: A wide wrapped figure.", 9)
        paper.prose((edge, right), 192, 12)
        paper.prose(RIGHT_COLUMN, 192 + 13 * LEADING, 20)
        paper.page.insert_text((right - 2, 192 + 5 * LEADING), "mm", fontsize=BODY_SIZE)

    left, right = RIGHT_COLUMN
    assert_at(
        figures_of(page)["Figure 1"], BBox(left, 200, right - 0.32 * (right - left) - 12, 300)
    )


def test_tinted_rows_beside_a_caption_are_one_table(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        for row in range(12):
            top = 100 + 12 * row
            if row % 2:
                paper.page.draw_rect((54, top, 300, top + 12), color=None, fill=(0.9, 0.9, 0.9))
            for column in range(4):
                paper.text(60 + 62 * column, top + 9, f"{row}.{column}", 9)
        for index, line in enumerate(
            ("Table 1. Beside the rows", "stands this caption, as", "here.")
        ):
            paper.text(316, 170 + 11 * index, line, 9)
        paper.prose(WHOLE_WIDTH, 280, 20)

    def single_column(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 50)

    found = figures_of(page, single_column, single_column)["Table 1"]
    assert found.bbox.y0 < 105
    assert found.bbox.y1 > 230
    assert found.bbox.x1 < 310


def test_all_labels_of_a_row_above_the_drawing_belong_to_it(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(76, 86.0, "Input layer", 8)
        paper.text(230, 85.5, "Output layer of it all", 8)
        paper.plot(80, 92, 260, 200)
        paper.text(54, 220, "Figure 1: Labels stand in one row over the drawing.", 9)
        paper.prose(LEFT_COLUMN, 245, 30)
        paper.prose(RIGHT_COLUMN, 72, 45)

    assert figures_of(page)["Figure 1"].bbox.x1 > 290


def test_a_caption_ten_points_beside_wrapped_text_is_found(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 10)
        paper.prose((54, 380), 192, 15)
        paper.plot(400, 200, 550, 318)
        paper.text(389.99, 334, "Figure 1: A wrapped figure in type", 10)
        paper.text(389.99, 346, "of the size of the text.", 10)
        paper.prose(WHOLE_WIDTH, 372, 20)

    def single_column(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 50)

    assert_at(figures_of(page, single_column, single_column)["Figure 1"], BBox(400, 200, 550, 318))


def test_cells_of_prose_in_one_block_over_several_rules_are_a_table(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(
            WHOLE_WIDTH[0], 90, "Table 1: What the machines said when they were asked to read.", 9
        )
        for height in (100, 113, 137, 161):
            paper.page.draw_line(
                (WHOLE_WIDTH[0], height), (WHOLE_WIDTH[1], height), color=(0, 0, 0), width=0.6
            )
        for row, (word, lines) in enumerate((("Asked", 1), ("First", 2), ("Last", 2))):
            top = (101, 113, 137)[row]
            paper.text(60, top + 10, word, 9)
            paper.prose((140, WHOLE_WIDTH[1]), top, lines, 9)
        paper.prose(WHOLE_WIDTH, 200, 30)

    assert_at(figures_of(page)["Table 1"], BBox(54, 100, 558, 161))


def test_a_label_within_a_drawing_is_no_caption(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.page.draw_rect(pymupdf.Rect(60, 80, 550, 280), color=(0, 0, 0), width=0.5)
        paper.page.draw_rect(pymupdf.Rect(80, 100, 250, 260), color=(0.8, 0, 0), width=0.5)
        paper.text(300, 180, "Algorithm 1", 9, "tibo")
        paper.text(
            WHOLE_WIDTH[0], 300, "Figure 1: A machine that reads, with its steps in a box.", 9
        )
        paper.prose(WHOLE_WIDTH, 330, 30)

    figures = figures_of(page)

    assert_at(figures["Figure 1"], BBox(60, 80, 550, 280))


def test_captions_of_listings_side_by_side_belong_to_the_figure(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        for x, letter in ((60, "a"), (320, "b")):
            for row in range(12):
                paper.text(x, 90 + 10 * row, "Q: what does it read now?", 9, "cour")
            paper.text(x, 222, f"({letter}) All that was", 9)
            paper.prose((x, x + 225), 224, 3, 9)
        paper.text(
            WHOLE_WIDTH[0],
            285,
            "Figure 1: What was asked of the machine in both of the studies.",
            9,
        )
        paper.prose(WHOLE_WIDTH, 320, 30)

    def single_column(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 50)

    assert_at(figures_of(page, *[single_column] * 3)["Figure 1"], BBox(60, 84, 545, 262))


def test_headings_in_a_smaller_face_below_a_table_are_no_rows(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.centred(WHOLE_WIDTH, 80, "Table 3: A table over both of the columns of this page.")
        paper.table(80, 90, 530, 8)
        for column, title in (
            (LEFT_COLUMN, "5. REFERENCES AND THEIR FORM"),
            (RIGHT_COLUMN, "6. MORE ON MATHS"),
        ):
            paper.text(column[0], 214, title, 9.1, "hebo")
            paper.prose(column, 218, 35)

    table = figures_of(page)["Table 3"]

    assert_at(table, BBox(80, 90, 530, 190))
    assert table.bbox.y1 < 195


def test_the_rule_over_an_algorithm_is_none_of_the_table_above(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 80, "Table 1: Numbers.", 9)
        paper.table(110, 90, 230, 5)
        paper.page.draw_line((54, 166), (294, 166), color=(0, 0, 0), width=0.8)
        paper.text(54, 177, "Algorithm 1", 9, "tibo")
        paper.page.draw_line((54, 181), (294, 181), color=(0, 0, 0), width=0.4)
        for row in range(4):
            paper.text(60, 192 + 12 * row, f"{row}: step of the algorithm", 9)
        paper.page.draw_line((54, 236), (294, 236), color=(0, 0, 0), width=0.4)
        paper.prose(LEFT_COLUMN, 260, 30)
        paper.prose(RIGHT_COLUMN, 72, 45)

    assert_at(figures_of(page)["Table 1"], BBox(110, 90, 230, 154))


def test_tables_side_by_side_need_no_captions_of_one_height(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(110, 80, "Table 1: The left one.", 9)
        paper.table(80, 90, 230, 6)
        paper.text(380, 94, "Table 2: The right one.", 9)
        paper.table(360, 104, 500, 4)
        paper.prose(WHOLE_WIDTH, 200, 40)

    def single_column(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 50)

    found = figures_of(page, single_column, single_column)

    assert_at(found["Table 1"], BBox(80, 90, 230, 166))
    assert_at(found["Table 2"], BBox(360, 104, 500, 156))


def test_labels_of_axes_belong_to_figures_that_reach_into_the_margin(tmp_path: Path) -> None:
    text = (160.0, 558.0)

    def page(paper: PaperPage) -> None:
        paper.prose(text, 72, 10)
        paper.plot(110, 220, 540, 340)
        paper.page.insert_text((92, 300), "Accuracy", fontsize=9, rotate=90)
        paper.text(160, 360, "Figure 2. A wide figure reaches into the margin.", 9)
        paper.prose(text, 390, 20)

    content = read_pdf(
        draw(tmp_path / "paper.pdf", page, *[lambda paper: paper.prose(text, 72, 50)] * 3)
    )
    (found,) = find_floats(content, read_layout(content, measure_typesetting(content)))

    assert found.figure.bbox.x0 < 95


def test_narrow_cells_do_not_reach_out_of_their_column(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(318, 80, "Table 1. Symbols of all kinds.", 9)
        for height in (90, 104, 228):
            paper.page.draw_line((318, height), (558, height), color=(0, 0, 0), width=0.6)
        for row, height in enumerate((100, *range(128, 225, 12))):
            for x, cell in ((320, "name"), (420, "'" if row else "Output"), (500, "what it means")):
                paper.text(x, height, cell, 9)
        paper.prose(RIGHT_COLUMN, 250, 30)
        paper.prose(LEFT_COLUMN, 72, 45)

    assert_at(figures_of(page)["Table 1"], BBox(318, 90, 558, 228))


def test_mentions_in_the_text_are_no_captions(figures_of: Callable[..., dict[str, Figure]]) -> None:
    def page(paper: PaperPage) -> None:
        paper.plot(80, 80, 270, 200)
        paper.text(54, 220, "Figure 1: A plot.", 9)
        bottom = paper.prose(LEFT_COLUMN, 240, 10)
        paper.text(54, bottom + 10, "Figure 2 shows the same for the other data set, and so")
        paper.prose(LEFT_COLUMN, bottom + 12, 10)
        paper.prose(RIGHT_COLUMN, 72, 40)

    assert list(figures_of(page)) == ["Figure 1"]


def test_a_listing_without_any_drawing_can_be_a_figure(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        for index in range(8):
            paper.text(330, 84 + 10 * index, f"v{index} := ld state[{index}]", 8, font="cour")
        paper.text(318, 180, "Figure 3. A listing.", 9)
        paper.prose(RIGHT_COLUMN, 200, 30)
        paper.prose(LEFT_COLUMN, 72, 42)

    box = figures_of(page)["Figure 3"].bbox

    assert 325 < box.x0 < 335
    assert 74 < box.y0 < 84
    assert box.y1 < 170


def test_chinese_labels_stay_as_they_are(figures_of: Callable[..., dict[str, Figure]]) -> None:
    def page(paper: PaperPage) -> None:
        paper.plot(80, 80, 270, 200)
        paper.text(120, 222, "图 3 系统结构", 9, font="china-s")
        paper.prose(LEFT_COLUMN, 250, 30)
        paper.prose(RIGHT_COLUMN, 72, 42)

    found = figures_of(page)

    assert_at(found["图 3"], BBox(80, 80, 270, 200))
    assert found["图 3"].caption == "系统结构"


def test_boxes_lie_within_their_page_and_do_not_overlap(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        for row, top in enumerate((72, 260, 450)):
            paper.plot(-20, top, 270, top + 130)
            paper.text(54, top + 148, f"Figure {row + 1}: Drawn over the edge of the page.", 9)
            paper.table(320, top, 640, 8)
            paper.text(320, top + 120, f"Table {row + 1}: Drawn over the other edge.", 9)

    boxes = [figure.bbox for figure in figures_of(page).values()]

    assert len(boxes) == 6
    assert all(contains(BBox(0, 0, PAGE_WIDTH, PAGE_HEIGHT), box) for box in boxes)
    assert all(overlap_area(a, b) == 0 for index, a in enumerate(boxes) for b in boxes[:index])


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    def page(paper: PaperPage) -> None:
        paper.plot(80, 80, 270, 200)
        paper.text(54, 220, "Figure 1: A plot.", 9)
        paper.prose(RIGHT_COLUMN, 72, 40)

    path = draw(tmp_path / "paper.pdf", page, text_page)
    content = read_pdf(path)

    first, second = (
        find_floats(content, read_layout(content, measure_typesetting(content))) for _ in range(2)
    )

    assert first == second


def test_a_table_on_its_side_is_found_where_it_stands(tmp_path: Path) -> None:
    def upright(paper: PaperPage) -> None:
        paper.text(250, 90, "Table 7: A table on its side.", 9)
        paper.table(200, 100, 560, 20)

    path = draw(tmp_path / "upright.pdf", upright)
    with pymupdf.open(path) as source, pymupdf.open() as pdf:
        pdf.new_page(width=PAGE_WIDTH, height=PAGE_HEIGHT).show_pdf_page(
            pymupdf.Rect(0, 0, PAGE_WIDTH, PAGE_HEIGHT), source, rotate=90, keep_proportion=False
        )
        pdf.save(tmp_path / "turned.pdf")

    content = read_pdf(tmp_path / "turned.pdf")
    (found,) = find_floats(content, read_layout(content, measure_typesetting(content)))

    assert found.figure.label == "Table 7"
    assert found.figure.bbox.height > found.figure.bbox.width
    assert found.figure.caption == "A table on its side."
    assert all(abs(line.direction[1]) > 0.9 for line in found.caption_lines)
