"""The comparison can be checked: it names tests that are there, and lines of fixed commits."""

import re

import pytest

from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "comparison.md").read_text("utf-8")


def test_what_chatpaper_does_is_held_by_tests_that_are_there() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", PAGE)
    assert len(named) >= 6
    assert [name for name in named if not (REPOSITORY / name).is_file()] == []


def test_what_others_do_is_linked_by_commit() -> None:
    links = re.findall(r"https://github\.com/[^)\s]+", PAGE)
    assert len(links) >= 3
    assert [link for link in links if not re.search(r"/(?:blob|tree)/[0-9a-f]{40}", link)] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readmes_compare_the_same_programs(name: str) -> None:
    text = (REPOSITORY / name).read_text("utf-8")
    assert "(docs/comparison.md)" in text
    for program in re.findall(r"^\| \| (.+) \|$", PAGE, re.MULTILINE)[0].split(" | "):
        assert program.strip("[").split("]")[0] in text
