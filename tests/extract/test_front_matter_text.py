"""What stands between the title and the abstract is kept: it tells the institutes."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from chatpaper.extract.document import read_document
from tests.extract.drawn_pages import (
    LEADING,
    LEFT_COLUMN,
    RIGHT_COLUMN,
    WHOLE_WIDTH,
    PaperPage,
    draw,
    text_page,
)

Block = tuple[float, Sequence[str]]
DAN = (150, ("Dan Stowell", "Centre for Digital Music", "Queen Mary University of", "London"))
YAN = (330, ("Yannis Vale", "Computer Science", "University of Crete", "Greece"))


def read_front_matter(path: Path, *rows: Sequence[Block]) -> list[str]:
    """Read what a paper has between title and text: rows of centered blocks, one below another."""

    def front(page: PaperPage) -> None:
        page.text(80, 90, "Bounds for Layers under Loads", 20, "hebo")
        top = 130.0
        for row in rows:
            for center, lines in row:
                for place, line in enumerate(lines):
                    page.centred((center, center), top + LEADING * place, line, 10)
            top += LEADING * (2 + max(len(lines) for _, lines in row))
        page.text(54, 360, "Abstract", 11, "hebo")
        page.prose(LEFT_COLUMN, 380, 25)
        page.prose(RIGHT_COLUMN, 380, 25)

    document = read_document(draw(path / "paper.pdf", front, text_page), None)
    return document.front_matter.splitlines()


@pytest.mark.parametrize(
    ("stem", "institute"),
    [
        ("ring-relaxation", "Laboratory of Statistical Toys, Grenoble, France"),
        ("spatial-audit", "Open Vision Workshop"),
        ("schedule-sensors", "Laboratory for Machine"),
    ],
)
def test_institutes_are_in_the_front_matter_and_the_abstract_is_not(
    library: Path, stem: str, institute: str
) -> None:
    document = read_document(library / f"{stem}.pdf", None)
    assert institute in document.front_matter
    assert document.abstract[:60] not in document.front_matter
    assert document.title not in document.front_matter


def test_authors_side_by_side_are_read_one_after_the_other(tmp_path: Path) -> None:
    assert read_front_matter(tmp_path, [DAN, YAN]) == [*DAN[1], *YAN[1]]


def test_a_block_below_others_comes_after_them(tmp_path: Path) -> None:
    last = (240, ("Zheng Li", "Sunnyvale"))
    assert read_front_matter(tmp_path, [DAN, YAN], [last]) == [*DAN[1], *YAN[1], *last[1]]


def test_names_in_a_row_above_one_institution_stay_in_a_row(tmp_path: Path) -> None:
    names, below = [(150, ("Dan Stowell",)), (330, ("Yannis Vale",))], (240, ("University of X",))
    assert read_front_matter(tmp_path, names, [below]) == [
        "Dan Stowell",
        "Yannis Vale",
        "University of X",
    ]


def test_marks_beside_institutions_are_no_block(tmp_path: Path) -> None:
    marks = (60, ("1", "2"))
    places = (160, ("Institute of Noise", "Academy of Signal"))
    assert read_front_matter(tmp_path, [marks, places]) == [
        "1",
        "Institute of Noise",
        "2",
        "Academy of Signal",
    ]


def test_a_list_of_names_goes_on_behind_a_picture(tmp_path: Path) -> None:
    first = (100, ("Dan Stowell", "Eva Stonewell"))
    rest = (200, (", Yannis Vale and", ", Hervé Glotins"))
    assert read_front_matter(tmp_path, [first, rest]) == [
        "Dan Stowell",
        ", Yannis Vale and",
        "Eva Stonewell",
        ", Hervé Glotins",
    ]


def test_names_apart_from_the_institutions_below_are_read_with_them(tmp_path: Path) -> None:
    names = [(150, ("Dan Stowell",)), (330, ("Yannis Vale",))]
    below = [(150, DAN[1][1:]), (330, YAN[1][1:])]
    assert read_front_matter(tmp_path, names, below) == [*DAN[1], *YAN[1]]


def test_where_a_paper_was_published_is_read_in_the_margin_of_its_first_page(
    tmp_path: Path,
) -> None:
    def paint_head(page: PaperPage, *, also: str = "") -> None:
        page.text(54, 30, "Bounds for Layers", 8, "helv")
        page.text(54, 770, also, 8, "helv")
        page.prose(LEFT_COLUMN, 420, 25)
        page.prose(RIGHT_COLUMN, 420, 25)

    def front(page: PaperPage) -> None:
        page.text(80, 90, "Bounds for Layers under Loads", 20, "hebo")
        page.text(80, 130, "Anna Berg", 10, "tiro")
        page.text(54, 200, "Abstract", 11, "hebo")
        paint_head(page, also="8th Workshop on Noise (2021)")

    document = read_document(draw(tmp_path / "paper.pdf", front, paint_head, paint_head), None)
    assert document.front_matter.splitlines() == ["Anna Berg", "8th Workshop on Noise (2021)"]


def test_text_without_heading_that_begins_behind_the_title_page_is_a_section(
    tmp_path: Path,
) -> None:
    def front(page: PaperPage) -> None:
        page.text(80, 90, "Bounds for Layers under Loads", 20, "hebo")
        page.centred(LEFT_COLUMN, 130, "Dan Stowell", 10)

    def opening(page: PaperPage) -> None:
        page.text(54, 72, "Gaming has been seen in every kind of system.")
        page.prose(WHOLE_WIDTH, 76, 50)

    def end_of_opening(page: PaperPage) -> None:
        page.prose(WHOLE_WIDTH, 72, 10)
        page.text(54, 72 + 11 * LEADING, "Finally, we discuss what that means.")
        page.text(54, 240, "Systems Studied", 12, "hebo")
        page.prose(WHOLE_WIDTH, 260, 30)

    paper = draw(tmp_path / "paper.pdf", front, opening, text_page, end_of_opening)
    document = read_document(paper, None)

    first, second, *_ = document.sections
    assert (document.abstract, first.title, first.page) == ("", "", 2)
    assert first.text.startswith("Gaming has been seen")
    assert first.text.endswith("what that means.")
    assert (second.title, second.page) == ("Systems Studied", 4)
    assert document.front_matter == "Dan Stowell"


def test_an_abstract_that_is_the_only_prose_of_the_title_page_is_no_footnote(
    tmp_path: Path,
) -> None:
    def front(page: PaperPage) -> None:
        page.text(80, 190, "Bounds for Layers under Loads", 20, "hebo")
        page.centred(WHOLE_WIDTH, 330, "Dan Stowell", 10)
        page.prose((120, 492), 500, 9, 9)
        page.text(120, 500 + 10 * LEADING, "We end with bounds for every layer.", 9)

    def text(page: PaperPage) -> None:
        page.prose(WHOLE_WIDTH, 72, 50)

    document = read_document(draw(tmp_path / "paper.pdf", front, text, text), None)
    assert document.abstract.endswith("We end with bounds for every layer.")
    assert document.front_matter == "Dan Stowell"
