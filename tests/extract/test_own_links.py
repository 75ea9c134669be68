"""Of all links of a paper, those are its own that it announces as such."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pymupdf
import pytest

from chatpaper.extract.document import read_document
from tests.extract.drawn_pages import PaperPage

CODE = "https://github.com/tide/sort"
OTHER = "https://github.com/rask/merge"


@dataclass(frozen=True)
class Drawn:
    """The texts of a paper of one page; a note has its mark and its text.

    It hangs on the mark in the body.
    """

    front: list[str] = field(default_factory=list)
    abstract: list[str] = field(default_factory=list)
    under_abstract: str = ""
    body: list[str | tuple[str, str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    icon: str = ""
    last_section: tuple[str, list[str]] = ("", [])


def write(
    page: PaperPage, x: float, y: float, lines: Sequence[str | tuple[str, str, str]]
) -> float:
    """Write lines of text, some with a raised mark in them; return the y coordinate below."""
    for line in lines:
        text, mark, rest = (line, "", "") if isinstance(line, str) else line
        right = page.text(x, y, text)
        if mark:
            right = page.text(right, y - 3.6, mark, 7)
        page.text(right, y, rest)
        y += 12
    return y


def own_links(folder: Path, drawn: Drawn) -> tuple[str, ...] | None:
    pdf = pymupdf.open()
    page = PaperPage(pdf.new_page(width=612, height=792))
    page.text(180, 80, "TideSort: Networks that Sort", 18)
    page.text(230, 105, "Ada Lind and Bo Rask", 11)
    page.text(230, 120, "Institute of Sorting", 11)
    write(page, 180, 134, drawn.front)
    page.text(280, 165, "Abstract", 12, "tibo")
    y = write(page, 54, page.prose((54, 558), 172, 4) + 10, drawn.abstract)
    if drawn.under_abstract:
        page.text(54, y + 20, drawn.under_abstract, 9)
    page.text(54, y + 50, "1 Introduction", 13, "tibo")
    y = page.prose((54, 558), y + 60, 6) + 14
    y = write(page, 54, y, drawn.body)
    y = page.prose((54, 558), y, 6)
    heading, lines = drawn.last_section
    if heading:
        page.text(54, y + 30, heading, 13, "tibo")
        write(page, 54, page.prose((54, 558), y + 40, 2) + 10, lines)
    page.page.draw_line((54, 700), (200, 700), width=0.4)
    y = 712.0
    for mark, text in drawn.notes:
        right = page.text(54, y - 3, mark, 6)
        page.text(right + 1, y, text, 8)
        y += 10
    page.writer.write_text(page.page)
    for words, uri in drawn.links.items():
        place = page.page.search_for(words)[0]
        page.page.insert_link({"kind": pymupdf.LINK_URI, "from": place, "uri": uri})
    if drawn.icon:
        corner = pymupdf.Rect(400, 110, 412, 122)
        page.page.insert_link({"kind": pymupdf.LINK_URI, "from": corner, "uri": drawn.icon})
    pdf.save(folder / "paper.pdf")
    return read_document(folder / "paper.pdf", None).own_links


ANNOUNCED = {
    "in the abstract": Drawn(abstract=[f"Code is available at {CODE}."]),
    "by an address in the abstract": Drawn(
        abstract=["It sorts lists of any length.", f"URL: {CODE}"]
    ),
    "in a note of the first page": Drawn(
        body=[
            ("We make", "", " no assumption, and"),
            ("release our code", "1", " with this paper."),
        ],
        notes=[("1", CODE)],
    ),
    "in a note that says so": Drawn(
        body=[("The lists are long", "2", " and the network is small.")],
        notes=[("2", f"All code and trained networks have been released at {CODE}.")],
    ),
    "in a note of few words": Drawn(
        body=[("The lists are long", "2", " and the network is small.")],
        notes=[("2", f"Code available at {CODE}.")],
    ),
    "under a word": Drawn(abstract=["Our code is available here."], links={"here": CODE}),
    "as a label of the title page": Drawn(front=["[Code]"], links={"Code": CODE}),
    "in print on the title page": Drawn(front=[f"Code: {CODE}"]),
    "by an icon": Drawn(icon=CODE),
    "under the abstract": Drawn(under_abstract=f"Project page and code: {CODE}"),
    "in the body": Drawn(
        body=["Our implementation and all trained models can be found at", f"{CODE}."]
    ),
    "under a heading of its own": Drawn(
        last_section=("Code Availability", [f"See {CODE} for all scripts."])
    ),
}


@pytest.mark.parametrize("kind", ANNOUNCED)
def test_what_is_announced_is_own(kind: str, tmp_path: Path) -> None:
    assert own_links(tmp_path, ANNOUNCED[kind]) == (CODE,)


@pytest.mark.parametrize(
    ("drawn", "own"),
    [
        (
            Drawn(front=["Project page: https://tidesort.example.org"]),
            "https://tidesort.example.org",
        ),
        (Drawn(front=["https://tidesort.github.io"]), "https://tidesort.github.io"),
        (
            Drawn(body=["We release all checkpoints at https://huggingface.co/tide/sort-7b."]),
            "https://huggingface.co/tide/sort-7b",
        ),
        (
            Drawn(
                body=[("For review, see", "1", " as well.")],
                notes=[("1", "https://anonymous.4open.science/r/s-1")],
            ),
            "https://anonymous.4open.science/r/s-1",
        ),
    ],
)
def test_pages_models_and_what_reviewers_see_are_own(
    drawn: Drawn, own: str, tmp_path: Path
) -> None:
    assert own_links(tmp_path, drawn) == (own,)


NOT_OWN = {
    "the repository of a baseline": Drawn(
        body=[f"We use the implementation of MergeNet at {OTHER}."]
    ),
    "a baseline in a note": Drawn(
        body=[("We compare our code with that of MergeNet", "1", ", which is older.")],
        notes=[("1", OTHER)],
    ),
    "a library that is used": Drawn(
        body=["Our code is based on the library MergeLib", f"({OTHER})."]
    ),
    "a library in a note": Drawn(
        body=[("All networks were trained with MergeLib", "3", ".")],
        notes=[("3", f"Available at {OTHER}.")],
    ),
    "the page of others' data": Drawn(
        body=[
            "We evaluate on the lists of the Scheduler project, which are",
            "available at https://lists.example.org.",
        ]
    ),
    "data behind a word": Drawn(
        body=["We took the Scheduler lists of Rask."], links={"Scheduler": OTHER}
    ),
    "another's work in the abstract": Drawn(
        abstract=[f"We start from the weights of MergeNet ({OTHER})."]
    ),
    "the page of an author": Drawn(links={"Ada Lind": "https://ada-lind.github.io"}),
    "the page of an author behind a picture": Drawn(icon="https://github.com/ada-lind"),
    "the page of the group": Drawn(front=["WWW home page: http://sorting.example.org"]),
    "the paper itself": Drawn(front=["https://doi.org/10.1234/5678"]),
    "data that was used": Drawn(
        last_section=("Data Availability", [f"We used the lists of Rask et al. at {OTHER}."])
    ),
}


@pytest.mark.parametrize("kind", NOT_OWN)
def test_what_is_of_others_is_not_own(kind: str, tmp_path: Path) -> None:
    assert own_links(tmp_path, NOT_OWN[kind]) == ()
