"""`search` finds published papers by their words, and `show` prints what was written of one."""

import json

import pytest

from tests.cli.conftest import Outcome, Shown, Terminal, terminal_at
from tests.cli.forked import Forker


@pytest.fixture(scope="module")
def shown(
    tmp_path_factory: pytest.TempPathFactory, forker: Forker | None, demo_shown: Shown
) -> Terminal:
    """Return a terminal after `demo`, whose papers are published; these tests change nothing."""
    terminal = terminal_at(tmp_path_factory.mktemp("demo"), forker)
    demo_shown.continue_in(terminal.home)
    return terminal


def ask(terminal: Terminal, *arguments: str) -> Outcome:
    return terminal.run(
        *arguments,
        CHATPAPER_STATE_DIR="chatpaper-demo/state",
        CHATPAPER_CACHE_DIR="chatpaper-demo/cache",
        CHATPAPER_OUTPUT_DIR="chatpaper-demo/posts",
    )


def test_papers_are_found_by_words_of_either_language(shown: Terminal) -> None:
    found = ask(shown, "search", "扩散", "重复图像")
    assert (found.exit_code, found.err) == (0, "")
    first, snippet = found.out.splitlines()
    assert first.startswith("2026-11-2")
    assert "  Diffusion Models  planted-images  Planted Images" in first
    assert "重复图像" in snippet
    assert "herbarium-dust" in ask(shown, "search", "herbar").out


def test_no_excerpt_repeats_the_title(shown: Terminal) -> None:
    lines = ask(shown, "search", "diffusion").out.splitlines()
    titles = [line for line in lines if not line.startswith(" ")]
    assert len(titles) == 4
    assert [line for line in lines if any(line.strip() in title for title in titles)] == titles
    (hit,) = json.loads(ask(shown, "search", "扩散", "重复图像", "--json").out)
    assert "重复图像" in hit["snippet"]
    assert hit["title"] not in hit["snippet"]


def test_a_search_may_be_narrowed_to_topic_and_days(shown: Terminal) -> None:
    assert "planted-images" in ask(shown, "search", "planted", "--topic", "diffusion models").out
    assert ask(shown, "search", "planted", "--until", "2020-01-01").out == ""
    wrong = ask(shown, "search", "planted", "--topic", "NeRF")
    assert wrong.exit_code == 2
    assert "there are: Diffusion Models" in wrong.err
    turned = ask(shown, "search", "planted", "--since", "2026-02-02", "--until", "2026-02-01")
    assert (turned.exit_code, "is after" in turned.err) == (2, True)


def test_hits_are_printed_as_json(shown: Terminal) -> None:
    (hit,) = json.loads(ask(shown, "search", "planted", "--json").out)
    assert hit["arxiv_id"] == "planted-images"
    assert json.loads(ask(shown, "search", "zeppelin", "--json").out) == []


def test_nothing_found_says_what_to_try(shown: Terminal) -> None:
    found = ask(shown, "search", "zeppelin")
    assert (found.exit_code, found.out) == (0, "")
    assert "try fewer" in found.err


def test_a_paper_is_printed_as_a_post_shows_it(shown: Terminal) -> None:
    printed = ask(shown, "show", "planted-images.pdf", "--format", "brief")
    assert (printed.exit_code, printed.err) == (0, "")
    assert printed.out.startswith("# Diffusion Models")
    assert "**一句话**" in printed.out
    assert "herbarium" not in printed.out
    for line in printed.out.splitlines():
        if 'src="' in line:
            source = line.split('src="')[1].split('"')[0]
            assert (shown.home / source).is_file()


def test_a_paper_that_is_not_there_says_where_to_look(shown: Terminal) -> None:
    wrong = ask(shown, "show", "2407.18125")
    assert wrong.exit_code == 2
    assert "`chatpaper search` finds those that there are" in wrong.err
