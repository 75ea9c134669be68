"""`chatpaper lint`: what it finds, how it says so, and its exit codes."""

import shutil
from pathlib import Path

from tests.cli.conftest import Terminal

CLEAN = "---\ntitle: 一篇\n---\n\n# 标题\n\n模型在 ImageNet 上达到 95%。\n"
BROKEN = "---\ntitle: a\ntitle: b\n---\n\n# 标题\n\n模型在ImageNet上,好。 \n\n![](none.png)\n"


def test_a_clean_folder_is_passed_over_in_silence(terminal: Terminal) -> None:
    (terminal.home / "posts").mkdir()
    (terminal.posts / "a.md").write_text(CLEAN, encoding="utf-8")
    outcome = terminal.run("lint", "posts")
    assert (outcome.exit_code, outcome.out, outcome.err) == (0, "", "")


def test_violations_come_one_a_line_with_their_place_and_how_to_mend_them(
    terminal: Terminal,
) -> None:
    (terminal.home / "a.md").write_text(BROKEN, encoding="utf-8")
    outcome = terminal.run("lint", "a.md")
    assert outcome.exit_code == 3
    assert [line.split(": ")[0:2] for line in outcome.out.splitlines()] == [
        ["a.md:3", "front-matter"],
        ["a.md:8", "punctuation"],
        ["a.md:8", "spacing"],
        ["a.md:8", "spacing"],
        ["a.md:8", "trailing-space"],
        ["a.md:10", "alt-text"],
        ["a.md:10", "image"],
    ]
    assert "the key title is given twice" in outcome.out


def test_the_json_holds_the_same(terminal: Terminal) -> None:
    (terminal.home / "a.md").write_text(BROKEN, encoding="utf-8")
    (terminal.home / "b.md").write_text(CLEAN, encoding="utf-8")
    outcome = terminal.run("lint", "a.md", "b.md", "--json")
    assert outcome.exit_code == 3
    assert outcome.report["posts"] == 2
    first = outcome.report["violations"][0]
    assert first == {
        "path": "a.md",
        "line": 3,
        "rule": "front-matter",
        "message": "make it valid YAML: the key title is given twice",
    }


def test_what_cannot_be_read_is_named_and_the_rest_is_looked_at_all_the_same(
    terminal: Terminal,
) -> None:
    (terminal.home / "latin.md").write_bytes(b"caf\xe9\n")
    (terminal.home / "empty").mkdir()
    (terminal.home / "a.md").write_text(BROKEN, encoding="utf-8")
    outcome = terminal.run("lint", "latin.md", "gone.md", "empty", "a.md")
    assert outcome.exit_code == 2
    assert "latin.md is not UTF-8" in outcome.err
    assert "gone.md cannot be read" in outcome.err
    assert "empty contains no Markdown file" in outcome.err
    assert "a.md:8: spacing" in outcome.out


def test_the_post_of_the_readme_is_clean(
    terminal: Terminal, library: Path, papers_read: Path
) -> None:
    shutil.copytree(papers_read, terminal.home / "cache")
    run = terminal.run(
        "run", "--topic", "Diffusion Models", "--source", library, "--backend", "extractive"
    )
    assert run.exit_code == 0, run.err
    outcome = terminal.run("lint", terminal.posts)
    assert (outcome.exit_code, outcome.out) == (0, "")
