"""The pages of the reference are those that the code makes."""

from pathlib import Path

import pytest

from tests.docs.reference_pages import REFERENCE, make_pages

PAGES = make_pages()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_of_the_reference_is_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == PAGES[path], (
        f"`python -m tests.docs.reference_pages` writes {path.name} again"
    )


def test_every_page_of_the_reference_is_made() -> None:
    assert {*REFERENCE.iterdir()} == {*PAGES}
