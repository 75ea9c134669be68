"""The commands of tutorial and how-tos: all are understood, those of the tutorial are run."""

import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperOption
from typer.main import get_command

from chatpaper.app.settings import read_settings_file
from chatpaper.cli.main import app
from tests.cli.conftest import Shown, Terminal
from tests.conftest import LIBRARY, REPOSITORY

DOCS = REPOSITORY / "docs"
ENGLISH = [DOCS / "tutorial.md", *sorted((DOCS / "howto").glob("*.md"))]
TRANSLATED = [
    *ENGLISH,
    *(DOCS / f"{name}.md" for name in ("index", "limits", "measured", "architecture", "scale")),
]
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
_BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"(?:^| +)# .*$", re.MULTILINE)
_GROUP: Any = get_command(app)


def read_blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of code of a page in a language, without indentation and comments."""
    return [
        _COMMENT.sub("", re.sub(r"^ +", "", text, flags=re.MULTILINE))
        for name, text in _BLOCK.findall(page.read_text("utf-8"))
        if name == language
    ]


def read_commands(page: Path) -> list[list[str]]:
    """Return the commands of chatpaper on a page, without what is set for them."""
    lines = [shlex.split(line) for block in read_blocks(page, "sh") for line in block.splitlines()]
    found = []
    for words in lines:
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words.pop(0)
        if words[:1] == ["chatpaper"]:
            found.append(words[1:])
    return found


def name_options(command: Any) -> set[str]:
    return {name for each in command.params if isinstance(each, TyperOption) for name in each.opts}


def as_chinese(page: Path) -> Path:
    return DOCS / "zh" / page.relative_to(DOCS)


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.stem)
def test_commands_and_options_are_there(page: Path) -> None:
    commands = read_commands(page)
    assert commands
    for name, *rest in commands:
        known = name_options(_GROUP.commands[name]) | name_options(_GROUP)
        assert [word for word in rest if word.startswith("-") and word not in known] == []


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.stem)
def test_settings_load(page: Path, tmp_path: Path) -> None:
    for number, block in enumerate(read_blocks(page, "toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(block, "utf-8")
        assert read_settings_file(file)


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.stem)
def test_the_chinese_page_has_the_same_commands(page: Path) -> None:
    english = [re.sub(" --language en$", "", " ".join(each)) for each in read_commands(page)]
    assert [" ".join(each) for each in read_commands(as_chinese(page))] == english
    assert read_blocks(as_chinese(page), "toml") == read_blocks(page, "toml")


def test_every_page_has_its_chinese_page() -> None:
    assert {*(DOCS / "zh").rglob("*.md")} == {as_chinese(page) for page in TRANSLATED}


@pytest.mark.parametrize("name", ["limits.md", "measured.md"])
def test_the_chinese_page_has_no_figures_of_its_own(name: str) -> None:
    chinese = {*_FIGURE.findall((DOCS / "zh" / name).read_text("utf-8"))}
    assert chinese
    assert chinese <= {*_FIGURE.findall((DOCS / name).read_text("utf-8"))}


@pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: page.stem)
def test_each_language_links_the_other_below_the_title(page: Path) -> None:
    for here, there in ((page, as_chinese(page)), (as_chinese(page), page)):
        (link,) = re.findall(r"\]\((.+?)\)", here.read_text("utf-8").splitlines()[2])
        assert (here.parent / link).resolve() == there


def test_the_tutorial_works_as_written_where_no_key_is_needed(
    terminal: Terminal, demo_shown: Shown
) -> None:
    demo, status, lint, export, check, run, *_ = read_commands(DOCS / "tutorial.md")
    # The papers have been read: that an empty folder is enough is shown by `demo_shown`.
    demo_shown.lend_cache_to(terminal.home)
    assert terminal.run(*demo).exit_code == 0
    # The folder's own settings name its folders.
    kept = {name: each for name, each in terminal.environment.items() if "_DIR" not in name}
    inside = replace(terminal, home=terminal.home / "chatpaper-demo", environment=kept)
    assert "4 published" in inside.run(*status).out
    assert inside.run(*lint).exit_code == 0
    assert "@misc{" in inside.run(*export).out
    (note,) = re.findall(r'echo "(.+)" > note\.txt', (DOCS / "tutorial.md").read_text("utf-8"))
    (inside.home / "note.txt").write_text(note, "utf-8")
    checked = inside.run(*check)
    assert checked.exit_code == 3
    assert "35.2" in checked.out
    assert "1 supported, 1 unsupported" in checked.out
    (terminal.home / "papers").mkdir()
    shutil.copy(LIBRARY / "leaf-shapes.pdf", terminal.home / "papers")
    done = terminal.run(*run)
    assert done.exit_code == 0, done.err
    assert "1 published" in done.out


def test_what_the_tutorial_shows_of_a_post_stands_in_the_post_of_the_demo(
    demo_shown: Shown,
) -> None:
    (post,) = (demo_shown.folder / "posts").glob("*/Diffusion_Models.md")
    written = post.read_text("utf-8").replace("\u00a0", " ").splitlines()
    for page in (DOCS / "tutorial.md", DOCS / "zh" / "tutorial.md"):
        (shown,) = read_blocks(page, "markdown")
        assert [line for line in shown.splitlines() if line not in written] == []
