"""Names that are to be as printed, against title pages that shorten them."""

import pytest

from chatpaper.summarize.verify.names.printed_names import PrintedNames

TITLE_PAGE = PrintedNames(
    "Ann Lee, MIT. Bo Kim, U. Marsh & Univ. of the Coast. Cai Lu, Dept. of Comp. Sci., "
    "Inst. für Küstenforschung; Lake Tech., Hill Natl. Lab. Work done with the TIDE group."
)


@pytest.mark.parametrize(
    "name",
    [
        "MIT",
        "University of Marsh",
        "University of the Coast",
        "Massachusetts Institute of Technology",
        "Department of Computer Science",
        "Institut für Küstenforschung",
        "Lake Technology",
        "Hill National Laboratory",
    ],
)
def test_a_name_may_be_printed_with_short_words_or_by_its_initials(name: str) -> None:
    assert TITLE_PAGE.have(name)


@pytest.mark.parametrize(
    "name",
    [
        "University of Hamburg",
        "University of the Lake",
        "University of Technology",
        # TIDE has other initials, and MA would be two.
        "Marsh Academy",
        "Institute for Tides, Dunes and Estuaries of Sweden",
        "University of Science",
    ],
)
def test_what_is_printed_in_no_way_is_not_there(name: str) -> None:
    assert not TITLE_PAGE.have(name)
