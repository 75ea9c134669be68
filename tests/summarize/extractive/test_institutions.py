"""The institutions that are read from the first page where no model is asked."""

import pytest

from chatpaper.summarize.extractive.institutions import list_institutions

CUES = ("department", "school")


@pytest.mark.parametrize(
    ("front_matter", "institutions"),
    [
        (
            "D. Stow\nCentre for Music,\nQueen Mary University of\nLondon.\nUniversity of Salford.",
            ("Queen Mary University of London", "University of Salford"),
        ),
        ("Ann Lee\nDepartment of Noise\nHill End", ("Department of Noise",)),
        ("Ecosystems Research\nCentre,\nDan Stow", ("Ecosystems Research Centre",)),
        (
            "Ann Lee1, Bo Li2\n1Laboratory\nof Neural Circuits, EPFL. 2Lake University\n",
            ("Lake University",),
        ),
        ("Ann Lee\nAdobe Corporation#\nIntel Corp$", ("Adobe Corporation", "Intel Corp")),
        (
            "Google Research\nlee@google.com\n∗Work done at Google.\nhttps://google.com/university",
            ("Google Research",),
        ),
        ("Ann Lee\nGoogle Inc.\nBo Li\nGoogle Inc.", ("Google Inc",)),
        (
            "Ann Lee\nCenter for Leaves, IIL, Lake\nUniversity, Hill End, 2Sea University, Bay",
            ("Center for Leaves, IIL, Lake University, Hill End", "Sea University, Bay"),
        ),
        ("Ann Lee, Bo Li", ()),
    ],
)
def test_institutions_are_listed_whole_and_once(
    front_matter: str, institutions: tuple[str, ...]
) -> None:
    assert list_institutions(front_matter, CUES) == institutions
