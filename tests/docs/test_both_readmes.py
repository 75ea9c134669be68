"""The README in Chinese says what the English one does, with the same commands."""

import re

import pytest

from tests.conftest import REPOSITORY

ENGLISH, CHINESE = (
    (REPOSITORY / name).read_text("utf-8") for name in ("README.md", "README.zh.md")
)
# More is no page that a stranger reads to its end.
MOST_LINES = 150


def test_the_chinese_readme_stays_short() -> None:
    assert len(CHINESE.splitlines()) <= MOST_LINES


def test_each_links_the_other() -> None:
    assert "(README.zh.md)" in ENGLISH.splitlines()[2]
    assert "(README.md)" in CHINESE.splitlines()[2]


@pytest.mark.parametrize("kind", [r"```\w*\n(.+?)```", r"^\| (`chatpaper .+?`) \|", r"^\| (\d) \|"])
def test_commands_and_exit_codes_are_the_same(kind: str) -> None:
    found = re.findall(kind, ENGLISH, re.MULTILINE | re.DOTALL)
    assert found
    assert re.findall(kind, CHINESE, re.MULTILINE | re.DOTALL) == found


def test_the_chinese_readme_leads_to_every_page() -> None:
    pages = {page.name for page in (REPOSITORY / "docs").glob("*.md")} - {"tutorial.md"}
    assert [page for page in pages if f"(docs/{page})" not in CHINESE] == []
    assert "(docs/zh/tutorial.md)" in CHINESE


def test_relative_links_lead_somewhere() -> None:
    targets = re.findall(r'(?:\]\(|src=")(?!https?:)([^)#"]+)', CHINESE + ENGLISH)
    assert [target for target in targets if not (REPOSITORY / target).exists()] == []
