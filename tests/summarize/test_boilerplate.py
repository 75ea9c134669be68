"""Publishers' notices, contents and lists of hundreds of names are kept from the model.

Affiliations are not.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain import Section
from chatpaper.summarize.context.boilerplate import strip_front_matter, without_boilerplate
from chatpaper.summarize.context.section_selection import select_text
from tests.summarize.sample import DOCUMENT

AUTHORS = "\n".join(
    [
        "Ada Lind1, Bo Rask2",
        "1Institute of Sorting, University of Tides",
        "2Bay Labs, Tidetown",
        "ada@tides.example.org",
    ]
)
SURNAMES = ["Lind", "Rask", "Tal", "Ito", "Mora", "Okafor", "de Vries", "O’Neil", "Li", "Novák"]
COLLABORATION = ", ".join(
    f"{chr(65 + number % 26)}. {SURNAMES[number % 10]}{number % 7 + 1}" for number in range(200)
)


@pytest.mark.parametrize(
    "notice",
    [
        (
            "Permission to make digital or hard copies of this work for classroom\nuse is "
            "granted without fee provided that copies are not made for\nprofit and that "
            "they bear this notice."
        ),
        "Copyright © 2031, Society for Sorting. All rights reserved.",
        "Proceedings of the 12th International Conference on Sorting,\nTidetown, Norway, 2031.",
        "Learning to Sort, Tidetown, Norway. PMLR 99, 2031. Copyright 2031\nby the author(s).",
        "Received 6 October 2030; accepted 30 November 2030",
        "Received\n3 November 2030\nAccepted\n23 January 2031",
        "SORT ’31, June 3-5, 2031, Tidetown, Norway",
        "ACM ISBN 978-1-0000-0000-0/31/06...$15.00",
        "https://doi.org/10.1234/5678",
        "(Dated: June 3, 2031)",
        "June 3, 2031",
        "CCS Concepts: Theory of computation → Sorting and searching.",
        (
            "This is an open access article under the terms of a licence,\nwhich "
            "permits use in any medium."
        ),
        "View all articles",
        "Edited by: Kim Tal, University of Bays",
        "收稿日期：2031-06-03",
        (
            "∗Equal contribution. The order of names was drawn by lot. Ada had the idea of the\n"
            "network and wrote the first version of it in a week of rain. Bo measured everything\n"
            "that is told here, drew all figures and went through each of the proofs at length."
        ),
    ],
)
def test_notices_go_and_affiliations_stay(notice: str) -> None:
    assert strip_front_matter(f"{AUTHORS}\n{notice}") == AUTHORS


@pytest.mark.parametrize(
    "line",
    [
        "A. Lind was with the University of Tides, Tidetown. She is now with Bay Labs.",
        "Manuscript received June 3, 2031. A. Lind is with the University of Tides.",
        "Keywords: sorting, networks of comparators",
        "Corresponding author: Ada Lind (ada@tides.example.org).",
        "†Work done at Bay Labs.",
        "School of Software, University of Tides, Tidetown, Norway",
        "潮汐大学排序研究所",
    ],
)
def test_what_tells_where_authors_work_stays(line: str) -> None:
    assert strip_front_matter(f"{AUTHORS}\n{line}") == f"{AUTHORS}\n{line}"


def test_hundreds_of_names_give_way_to_a_word_and_their_institutes_are_read() -> None:
    institutes = "\n".join(
        f"{number}Institute of Sorting {number}, Tidetown" for number in range(1, 8)
    )
    shown = strip_front_matter(f"{COLLABORATION}\n{institutes}")
    assert shown == f"(a long list of authors)\n{institutes}"


def test_contents_and_lists_of_names_in_the_text_are_not_sent() -> None:
    contents = "\n".join(f"{number} Comparators . . . . . . . . {number}" for number in range(1, 9))
    text = (
        f"{contents}\n\nWe sort lists.\n\n{COLLABORATION}\n\nPermission to make "
        "digital copies is granted."
    )
    document = replace(DOCUMENT, sections=(Section("1", "Introduction", 1, 1, text),))
    assert without_boilerplate(document).sections[0].text == "We sort lists."
    coverage = select_text(document, 100_000).coverage
    assert (coverage.sections_left_out, coverage.characters_left_out) == ((), 0)


@pytest.mark.parametrize(
    "paragraph",
    [
        (
            "We compare with QuickSort, MergeSort, HeapSort, TimSort and IntroSort on lists of "
            "Tidetown, Oslo and Bergen."
        ),
        (
            "TideSort, Rask Merge, Lind Heap, Bay Sort, Ito Net, Tal Sort, Mora Heap, Novak Net "
            "and five others were run."
        ),
        "The values are 0.1 . . . 0.9, and so on, for each list.",
        "我们比较了多种排序网络，包括二元合并、奇偶合并与学习得到的比较器。",
    ],
)
def test_prose_stays(paragraph: str) -> None:
    document = replace(DOCUMENT, sections=(Section("1", "Introduction", 1, 1, paragraph),))
    assert without_boilerplate(document) == document


@given(st.text("aB1 .,\n@©年Received", max_size=300))
def test_lines_stay_whole_and_in_order(text: str) -> None:
    shown = iter([line.strip() for line in text.splitlines()])
    assert all(line.strip() in shown for line in strip_front_matter(text).splitlines())


@pytest.mark.parametrize(
    "unit", ["1.", ". ", "A. B, ", "Received ", "Ab ", "(", "…", "June 3, 2031 "]
)
def test_hostile_text_is_read_in_proportion(unit: str) -> None:
    strip_front_matter(unit * 30_000)
    without_boilerplate(
        replace(DOCUMENT, sections=(Section("1", "Introduction", 1, 1, unit * 30_000),))
    )
