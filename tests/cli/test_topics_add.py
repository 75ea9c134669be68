"""A topic of one's own, by `chatpaper topics add`: proposed, shown with what it finds, written."""

import json
import os
import stat
import subprocess
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND_TIMEOUT_SECONDS, TONIGHT, Terminal, submitted
from tests.fakes import gemini as answers
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_faults import status
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import Reply

NAME = "扩散步数"
ADD = ("topics", "add", NAME)


@pytest.fixture
def recent(online: Terminal, arxiv: FakeArxiv) -> Terminal:
    """Return a terminal for which arXiv's papers are two days old."""
    submitted(arxiv, timedelta(days=2))
    return online


@pytest.fixture
def keyless(recent: Terminal) -> Terminal:
    del recent.environment["GEMINI_API_KEY"]
    return recent


def settings_of(terminal: Terminal) -> dict[str, object]:
    topics: dict[str, object] = tomllib.loads(
        (terminal.home / "chatpaper.toml").read_text("utf-8")
    )["topics"]
    return topics


def proposing(*phrases: str, categories: tuple[str, ...] = ()) -> Reply:
    return answers.answer(json.dumps({"phrases": phrases, "categories": categories}))


def test_the_phrases_of_the_model_are_shown_with_what_they_find_and_written(
    recent: Terminal, gemini: FakeGemini
) -> None:
    gemini.script(proposing("step budget", "diffusion model", "sampler halting"))
    done = recent.run(*ADD, "--yes")
    assert done.exit_code == 0, done.err
    assert "step budget: 1 paper in the last 365 days" in done.out
    assert "diffusion model: 3 papers in the last 365 days" in done.out
    assert "  Step Budgets for Diffusion Models" in done.out
    assert "sampler halting: 0 papers" in done.out
    assert settings_of(recent) == {NAME: {"phrases": ["step budget", "diffusion model"]}}
    (call,) = gemini.calls
    assert NAME in json.dumps(call.body, ensure_ascii=False)
    ran = recent.run("run", "--topic", NAME, "--date", TONIGHT, "--json")
    assert (ran.exit_code, ran.report["topics"][0]["name"]) == (0, NAME)


def test_the_categories_of_the_model_are_kept_where_they_find_something(
    recent: Terminal, gemini: FakeGemini
) -> None:
    gemini.script(proposing("step budget", categories=("cs.CV", "cs.CV; DROP", "cs.*")))
    assert recent.run(*ADD, "--yes").exit_code == 0
    assert settings_of(recent) == {
        NAME: {"phrases": ["step budget"], "categories": ["cs.CV", "cs.*"]}
    }


def test_categories_in_which_nothing_is_found_are_left_out(
    recent: Terminal, gemini: FakeGemini
) -> None:
    gemini.script(proposing("step budget", categories=("hep-th",)))
    done = recent.run(*ADD, "--yes")
    assert (done.exit_code, "Nothing is found in hep-th" in done.err) == (0, True)
    assert settings_of(recent) == {NAME: {"phrases": ["step budget"]}}


def test_what_a_model_proposes_that_is_no_english_phrase_is_left_out(
    recent: Terminal, gemini: FakeGemini
) -> None:
    gemini.script(
        proposing("扩散模型", 'step budget") OR all:"a', "diffusion model", "x" * 200, "...")
    )
    assert recent.run(*ADD, "--yes").exit_code == 0
    assert settings_of(recent) == {NAME: {"phrases": ["diffusion model"]}}


def test_without_a_key_the_glossary_proposes_the_term_itself(keyless: Terminal) -> None:
    done = keyless.run("topics", "add", "去噪", "--yes")
    assert done.exit_code == 2
    assert "denoising: 0 papers" in done.out
    assert "No model proposes phrases: no Gemini API key" in done.err
    assert "None of these phrases finds a paper" in done.err


def test_a_term_of_the_glossary_within_the_name_is_called_more_general(keyless: Terminal) -> None:
    done = keyless.run("topics", "add", "医学扩散模型", "--yes")
    assert done.exit_code == 0, done.err
    assert "Only a part of '医学扩散模型' is known" in done.err
    assert settings_of(keyless) == {"医学扩散模型": {"phrases": ["diffusion model"]}}


def test_a_name_of_which_nothing_is_known_asks_for_phrases(
    keyless: Terminal, arxiv: FakeArxiv
) -> None:
    done = keyless.run("topics", "add", "甲骨文缀合", "--yes")
    assert (done.exit_code, arxiv.requests) == (2, [])
    assert 'chatpaper topics add "甲骨文缀合" --phrase' in done.err
    assert not (keyless.home / "chatpaper.toml").exists()


def test_a_model_that_does_not_answer_leaves_the_glossary(
    recent: Terminal, gemini: FakeGemini
) -> None:
    gemini.script(answers.overloaded())
    done = recent.run("topics", "add", "医学扩散模型", "--yes")
    assert (done.exit_code, "No model proposes phrases" in done.err) == (0, True)


def test_phrases_of_ones_own_are_taken_without_asking_a_model(
    recent: Terminal, gemini: FakeGemini
) -> None:
    done = recent.run(*ADD, "--phrase", "step budget", "--phrases", "diffusion model", "--yes")
    assert (done.exit_code, gemini.calls) == (0, [])
    assert settings_of(recent) == {NAME: {"phrases": ["step budget", "diffusion model"]}}


def test_a_phrase_of_ones_own_that_cannot_be_searched_for_is_refused(recent: Terminal) -> None:
    done = recent.run(*ADD, "--phrase", "扩散", "--yes")
    assert (done.exit_code, "扩散 cannot be searched for" in done.err) == (2, True)


def test_an_english_name_is_a_phrase_itself(keyless: Terminal) -> None:
    assert keyless.run("topics", "add", "Step Budgets", "--yes").exit_code == 0
    assert settings_of(keyless) == {"Step Budgets": {"phrases": ["Step Budgets"]}}


def test_nothing_is_written_unless_a_person_agrees(recent: Terminal) -> None:
    done = recent.run(*ADD, "--phrase", "step budget")
    assert done.exit_code == 0
    assert f'[topics."{NAME}"]\nphrases = ["step budget"]\n' in done.out
    assert "Nothing was written" in done.err
    assert not (recent.home / "chatpaper.toml").exists()


@pytest.mark.parametrize(("answer", "is_written"), [(b"y\n", True), (b"n\n", False)])
def test_a_person_at_the_terminal_is_asked(
    recent: Terminal, answer: bytes, is_written: bool
) -> None:
    ours, theirs = os.openpty()
    os.write(ours, answer)
    done = subprocess.run(
        [*recent.program, *ADD, "--phrase", "step budget"],
        cwd=recent.home,
        env=recent.variables({}),
        stdin=theirs,
        stdout=theirs,
        timeout=COMMAND_TIMEOUT_SECONDS,
    )
    shown = os.read(ours, 4096).decode()
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0
    assert "Write this to chatpaper.toml? [y/N]" in shown
    assert (recent.home / "chatpaper.toml").exists() is is_written


def test_the_settings_file_stays_as_it_is_but_for_its_end(recent: Terminal) -> None:
    file = recent.home / "chatpaper.toml"
    before = b"\xef\xbb\xbf# mine\r\n[post]\r\nauthor = 'A'  # me"
    file.write_bytes(before)
    file.chmod(0o600)
    assert recent.run(*ADD, "--phrase", "step budget", "--yes").exit_code == 0
    added = f'\r\n\r\n[topics."{NAME}"]\r\nphrases = ["step budget"]\r\n'
    assert file.read_bytes() == before + added.encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [*recent.home.glob(".*.part")] == []


def test_the_settings_file_that_was_named_is_the_one_that_is_written(recent: Terminal) -> None:
    other = recent.home / "other.toml"
    other.write_text("[post]\nauthor = 'A'\n")
    link = recent.home / "link.toml"
    link.symlink_to(other)
    done = recent.run("--config", link, *ADD, "--phrase", "step budget", "--yes")
    assert done.exit_code == 0, done.err
    assert link.is_symlink()
    assert NAME in tomllib.loads(other.read_text("utf-8"))["topics"]
    assert not (recent.home / "chatpaper.toml").exists()


def test_a_topic_that_is_there_is_not_written_a_second_time(
    recent: Terminal, arxiv: FakeArxiv
) -> None:
    file = recent.home / "chatpaper.toml"
    file.write_text(f'[topics."{NAME}"]\nphrases = ["step budget"]\n', "utf-8")
    done = recent.run(*ADD, "--phrase", "other", "--yes")
    assert (done.exit_code, arxiv.requests) == (2, [])
    assert f'change [topics."{NAME}"] in chatpaper.toml' in done.err


def test_a_topic_of_the_table_needs_no_adding(recent: Terminal, arxiv: FakeArxiv) -> None:
    done = recent.run("topics", "add", "具身智能", "--yes")
    assert (done.exit_code, arxiv.requests) == (2, [])
    assert "'具身智能' is in the table, as 'Embodied AI'" in done.err


def test_a_topic_of_the_table_may_be_given_other_phrases(recent: Terminal) -> None:
    assert recent.run("topics", "add", "GAN", "--phrase", "diffusion model", "--yes").exit_code == 0
    shown = recent.run("topics", "show", "GAN", "--json").report["topics"][0]
    assert (shown["origin"], shown["phrases"]) == ("settings", ["diffusion model"])


def test_settings_to_which_no_table_can_be_appended_are_left_alone(recent: Terminal) -> None:
    file = recent.home / "chatpaper.toml"
    file.write_text('topics = { Mine = { phrases = ["mine"] } }\n')
    before = file.read_bytes()
    done = recent.run(*ADD, "--phrase", "step budget", "--yes")
    assert done.exit_code == 2
    assert f'Write it there yourself:\n[topics."{NAME}"]' in done.err
    assert file.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser writes everywhere")
def test_a_settings_file_that_cannot_be_written_is_said(recent: Terminal, tmp_path: Path) -> None:
    folder = recent.home / "fixed"
    folder.mkdir()
    file = folder / "chatpaper.toml"
    file.write_text("")
    folder.chmod(0o500)
    done = recent.run("--config", file, *ADD, "--phrase", "step budget", "--yes")
    folder.chmod(0o700)
    assert (done.exit_code, "Write it there yourself" in done.err) == (2, True)


def test_a_name_with_quotes_is_written_so_that_it_can_be_read(recent: Terminal) -> None:
    name = 'My "own" \\ topic'
    assert recent.run("topics", "add", name, "--phrase", "step budget", "--yes").exit_code == 0
    assert settings_of(recent) == {name: {"phrases": ["step budget"]}}


def test_an_arxiv_that_does_not_answer_ends_it_with_nothing_written(
    recent: Terminal, arxiv: FakeArxiv
) -> None:
    arxiv.always(status(503), path="/api/query")
    assert recent.run(*ADD, "--phrase", "step budget", "--yes").exit_code == 4
    assert not (recent.home / "chatpaper.toml").exists()
