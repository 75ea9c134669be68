"""What a heading is by its title, row by row of the table of known titles."""

import re
import tomllib
from importlib.resources import files

import pytest

from chatpaper.domain.text.folding import fold_letters
from chatpaper.extract.headings.known_titles import (
    classify_title,
    is_abstract_word,
    is_back_matter,
    is_common_section,
    is_known_title,
)

TITLES = tomllib.loads(
    files("chatpaper.extract.headings").joinpath("known_titles.toml").read_text("utf-8")
)
ROWS = [
    (table, pattern, title)
    for table, patterns in TITLES.items()
    for pattern, titles in patterns.items()
    for title in titles
]
ANSWERS = {
    "abstract": is_abstract_word,
    "back_matter": is_back_matter,
    "section": is_common_section,
}


@pytest.mark.parametrize(("table", "pattern", "title"), ROWS)
def test_a_title_is_known_by_its_row(table: str, pattern: str, title: str) -> None:
    assert re.fullmatch(pattern, fold_letters(title))
    assert classify_title(title) == (table if table != "back_matter" else "section")
    assert all(holds(title) == (table == name) for name, holds in ANSWERS.items())
    assert is_known_title(title) == (table in ("back_matter", "section"))


@pytest.mark.parametrize("title", ["Our Model", "Deep Residual Learning", "A Reference Design", ""])
def test_titles_of_one_paper_are_not_known(title: str) -> None:
    assert classify_title(title) == "section"
    assert not is_known_title(title)
