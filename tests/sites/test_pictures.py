"""The pictures of the README can be taken again, and those that are there load quickly."""

import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.sites.pictures import MOST_BYTES, PICTURES, take_pictures

READMES = [REPOSITORY / "README.md", REPOSITORY / "README.zh.md"]


@pytest.mark.sites
def test_the_pictures_are_taken_anew(tmp_path: Path) -> None:
    taken = {path.name for path in take_pictures(tmp_path)}
    assert taken == {path.name for path in PICTURES.glob("*.png")}
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_size > MOST_BYTES] == []


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_a_readme_shows_pictures_that_load_quickly(readme: Path) -> None:
    shown = re.findall(r"docs/pictures/[\w.]+\.png", readme.read_text("utf-8"))
    assert len(set(shown)) >= 2
    assert [name for name in shown if (REPOSITORY / name).stat().st_size > MOST_BYTES] == []
