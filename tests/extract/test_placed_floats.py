"""Floats where they are hard to tell from what is around them: side by side, wrapped, sideways."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from chatpaper.domain import BBox, Figure
from chatpaper.extract.boxes import overlap_area
from chatpaper.extract.figures.barriers.text_blocks import join_stretched, split_at_gaps
from chatpaper.extract.page import Span
from chatpaper.extract.textline import TextLine, build_text_line
from tests.extract.drawn_pages import (
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

RIGHT_OVERLAP = 0.8

Painter = Callable[[PaperPage], object]


@pytest.fixture
def figures_of(tmp_path: Path) -> Callable[..., dict[str, Figure]]:
    return lambda *pages: read_floats(draw(tmp_path / "paper.pdf", *pages))


def single_column(paper: PaperPage) -> None:
    paper.prose(WHOLE_WIDTH, 72, 50)


def assert_at(figure: Figure, box: BBox) -> None:
    both = overlap_area(figure.bbox, box)
    assert both / (figure.bbox.area + box.area - both) >= RIGHT_OVERLAP, (figure.bbox, box)


def rule(paper: PaperPage, x0: float, x1: float, y: float) -> None:
    paper.page.draw_line((x0, y), (x1, y), color=(0, 0, 0), width=0.6)


def test_floats_side_by_side_may_have_captions_far_apart_in_height(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.table(60, 80, 270, 14)
        paper.text(60, 270, "Table 1: The longer one.", 9)
        paper.table(320, 80, 520, 5)
        paper.text(320, 160, "Table 2: The shorter one.", 9)
        paper.prose(WHOLE_WIDTH, 320, 30)

    found = figures_of(page, single_column, single_column)

    assert_at(found["Table 1"], BBox(60, 80, 270, 252))
    assert_at(found["Table 2"], BBox(320, 80, 520, 144))


def test_panels_over_a_caption_are_one_figure_though_a_caption_stands_further_down(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.plot(80, 80, 280, 180)
        paper.plot(320, 80, 520, 180)
        paper.text(54, 200, "Figure 1: Two panels.", 9)
        paper.prose(WHOLE_WIDTH, 220, 10)
        paper.table(360, 380, 540, 5)
        paper.text(360, 460, "Table 1: Values beside the text.", 9)
        paper.prose((54, 340), 380, 10)
        paper.prose(WHOLE_WIDTH, 510, 15)

    found = figures_of(page, single_column, single_column)

    assert_at(found["Figure 1"], BBox(80, 80, 520, 180))
    assert_at(found["Table 1"], BBox(360, 380, 540, 444))


def test_figures_between_their_captions_are_parted_at_the_white(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(120, 90, "Figure 1: It stands below.", 9)
        paper.plot(80, 100, 270, 170)
        paper.plot(80, 188, 270, 270)
        paper.text(120, 290, "Figure 2: It stands above.", 9)
        paper.prose(LEFT_COLUMN, 310, 30)
        paper.prose(RIGHT_COLUMN, 72, 45)

    found = figures_of(page, text_page)

    assert_at(found["Figure 1"], BBox(80, 100, 270, 170))
    assert_at(found["Figure 2"], BBox(80, 188, 270, 270))


def test_a_table_of_sentences_with_a_rule_under_its_head_alone_is_whole(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 6)
        paper.text(54, 170, "Table 1: What was said.", 9)
        for x, head in ((70, "name"), (130, "first"), (355, "second")):
            paper.text(x, 188, head, 9)
        rule(paper, 64, 505, 192)
        for top in (196, 260):
            paper.text(70, top + 9, "early", 9)
            paper.prose((130, 345), top, 5, 9)
            paper.prose((355, 500), top, 5, 9)
        paper.prose(WHOLE_WIDTH, 350, 30)

    found = figures_of(page, single_column, single_column)

    assert_at(found["Table 1"], BBox(64, 180, 505, 318))


def test_a_note_below_rows_without_a_closing_rule_is_no_row(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 90, "Table 1: Few rows.", 9)
        for row, top in enumerate((106, 122, 134)):
            for column, x in enumerate((70, 130, 200)):
                paper.text(x, top, f"v{row}.{column}", 9)
        rule(paper, 64, 230, 110)
        paper.text(60, 146, "Note: These rows have no rule below them.", 9)
        paper.prose(LEFT_COLUMN, 190, 40)
        paper.prose(RIGHT_COLUMN, 72, 45)

    found = figures_of(page, text_page)

    assert found["Table 1"].bbox.y1 < 140


def test_an_equation_over_a_caption_is_no_figure(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(WHOLE_WIDTH, 72, 6)
        for x, part in ((260, "y ="), (290, "wx"), (320, "+"), (340, "f(s)")):
            paper.text(x, 170, part)
        rule(paper, 283, 303, 176)
        paper.text(290, 186, "n")
        paper.text(546, 173, "(1)")
        paper.text(220, 206, "Figure 1: It stands below its caption.", 9)
        paper.plot(180, 216, 430, 330)
        paper.prose(WHOLE_WIDTH, 350, 25)

    def below(paper: PaperPage) -> None:
        paper.plot(180, 80, 430, 200)
        paper.text(220, 216, "Figure 2: It stands above its caption.", 9)
        paper.prose(WHOLE_WIDTH, 240, 35)

    found = figures_of(page, below, single_column)

    assert_at(found["Figure 1"], BBox(180, 216, 430, 330))


def test_the_head_rule_of_a_table_at_the_edge_of_a_column_opens_no_footnotes(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.prose(LEFT_COLUMN, 72, 34)
        paper.text(54, 500, "Table 1: Values at the edge.", 9)
        paper.table(54, 508, 160, 8)
        paper.prose((172, 294), 490, 11)
        paper.prose(LEFT_COLUMN, 622, 8)
        paper.prose(RIGHT_COLUMN, 72, 45)

    found = figures_of(page, text_page)

    assert_at(found["Table 1"], BBox(54, 508, 160, 608))


def test_a_tall_tinted_row_of_sentences_is_no_figure_below_the_table(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        paper.text(54, 90, "Table 1: What was said.", 9)
        for y in (98, 114, 240):
            rule(paper, 64, 284, y)
        box = pymupdf.Rect(64, 180, 284, 239.5)
        paper.page.draw_rect(box, color=None, fill=(0.9, 0.9, 1), width=0)
        for x, head in ((70, "name"), (140, "sentence")):
            paper.text(x, 110, head, 9)
        for top in (118, 184):
            paper.text(70, top + 9, "early", 9)
            paper.prose((140, 280), top, 4, 9)
        paper.prose(LEFT_COLUMN, 280, 30)
        paper.prose(RIGHT_COLUMN, 72, 45)

    found = figures_of(page, text_page)

    assert_at(found["Table 1"], BBox(64, 98, 284, 240))


def test_plots_below_each_other_belong_to_the_captions_beside_them(
    figures_of: Callable[..., dict[str, Figure]],
) -> None:
    def page(paper: PaperPage) -> None:
        for index, top in enumerate((80, 200), start=1):
            paper.plot(60, top, 330, top + 108)
            paper.text(360, top + 50, f"Figure {index}: The plot of", 9)
            paper.text(360, top + 61, "one of two runs.", 9)
        paper.prose(WHOLE_WIDTH, 340, 30)

    found = figures_of(page, single_column, single_column)

    assert_at(found["Figure 1"], BBox(60, 80, 330, 188))
    assert_at(found["Figure 2"], BBox(60, 200, 330, 308))


def write(x: float, baseline: float, *words: tuple[float, float]) -> TextLine:
    """Make a line of words that reach from x to x, 10 points high."""
    spans = [
        Span(
            text="word",
            bbox=BBox(x + start, baseline - 8, x + end, baseline + 2),
            baseline=baseline,
            font="Times",
            size=10,
            bold=False,
            italic=False,
            superscript=False,
            color=0,
            alpha=255,
            invisible=False,
        )
        for start, end in words
    ]
    return build_text_line(1, spans)


def join(*lines: TextLine) -> list[TextLine]:
    return join_stretched(lines, [tuple(split_at_gaps(line, frozenset())) for line in lines])


def test_stretched_words_are_one_line_where_lines_near_them_have_that_measure() -> None:
    lines = [write(54, 100, (0, 90)), write(54, 112, (0, 20), (50, 90)), write(54, 124, (0, 90))]

    assert [len(line.spans) for line in join(*lines)] == [1, 2, 1]


def test_cells_stay_apart_where_no_line_has_the_measure_of_the_table() -> None:
    rows = [write(54, 100 + 12 * row, (0, 20), (50, 90)) for row in range(3)]

    assert [len(line.spans) for line in join(*rows)] == [1] * 6


def turn(path: Path, *upright: Painter) -> Path:
    """Turn a page that is drawn upright, and draw the rest over it."""
    side = draw(path.with_name("side.pdf"), upright[0])
    rest = draw(path.with_name("rest.pdf"), upright[1])
    whole = pymupdf.Rect(0, 0, PAGE_WIDTH, PAGE_HEIGHT)
    with pymupdf.open(side) as source, pymupdf.open(rest) as over, pymupdf.open() as pdf:
        page = pdf.new_page(width=PAGE_WIDTH, height=PAGE_HEIGHT)
        page.show_pdf_page(whole, source, rotate=90, keep_proportion=False)
        page.show_pdf_page(whole, over)
        with pymupdf.open(draw(path.with_name("text.pdf"), *[single_column] * 3)) as text:
            pdf.insert_pdf(text)
            for number, each in enumerate(pdf, start=1):
                each.insert_text((302, 770), str(number), fontsize=10)
        pdf.save(path)
    return path


def test_the_number_of_a_page_cuts_no_figure_that_stands_sideways(tmp_path: Path) -> None:
    def sideways(paper: PaperPage) -> None:
        paper.plot(150, 250, 400, 500)
        paper.text(150, 530, "Figure 1: A plot on its side.", 9)

    def nothing(paper: PaperPage) -> None:
        paper.text(54, 60, ".")

    found = read_floats(turn(tmp_path / "paper.pdf", sideways, nothing))

    assert found["Figure 1"].bbox.height > 200
    assert found["Figure 1"].bbox.width > 150


def test_an_upright_figure_ends_at_the_caption_of_a_sideways_one(tmp_path: Path) -> None:
    def sideways(paper: PaperPage) -> None:
        paper.plot(140, 250, 400, 500)
        paper.text(140, 530, "Figure 1: A plot on its side.", 9)

    def upright(paper: PaperPage) -> None:
        paper.plot(120, 640, 420, 700)
        paper.text(120, 720, "Figure 2: A plot below it.", 9)

    found = read_floats(turn(tmp_path / "paper.pdf", sideways, upright))

    assert_at(found["Figure 2"], BBox(120, 640, 420, 700))
