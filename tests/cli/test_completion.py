"""Shells complete the names that only chatpaper knows, spoken to by their own protocols."""

import pytest

from tests.cli.conftest import Shown, Terminal, terminal_at
from tests.cli.forked import Forker

SETTINGS = '[topics."World Models of Robots"]\nphrases = ["world model"]\n'


@pytest.fixture(scope="module")
def shown(
    tmp_path_factory: pytest.TempPathFactory, forker: Forker | None, demo_shown: Shown
) -> Terminal:
    """Return a terminal that knows the papers of `demo` and a topic of its own."""
    terminal = terminal_at(tmp_path_factory.mktemp("demo"), forker)
    demo_shown.continue_in(terminal.home)
    terminal.environment["CHATPAPER_STATE_DIR"] = "chatpaper-demo/state"
    (terminal.home / "chatpaper.toml").write_text(SETTINGS, encoding="utf-8")
    return terminal


def complete(terminal: Terminal, line: str, **environment: str) -> list[str]:
    """Return what bash would offer behind a line; its last word is the one that is completed."""
    words = line.split(" ")
    done = terminal.run(
        COMP_WORDS="\n".join(words),
        COMP_CWORD=str(len(words) - 1),
        _CHATPAPER_COMPLETE="complete_bash",
        **environment,
    )
    assert (done.exit_code, done.err) == (0, "")
    return done.out.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("chatpaper summ", ["summarize"]),
        ("chatpaper config ", ["show"]),
        ("chatpaper run --dry", ["--dry-run"]),
        ("chatpaper run --topic Diffusion-M", ["Diffusion-Models"]),
        ("chatpaper run --topic diffu", ["diffusion-Models"]),
        ("chatpaper run --topic 医学图", ["医学图像"]),
        ("chatpaper run --topic medical-im", ["medical-image"]),
        ("chatpaper run --topic world-models-o", ["world-models-of-Robots"]),
        ("chatpaper run --format b", ["bilingual", "brief"]),
        ("chatpaper run --backend de", ["deepseek"]),
        ("chatpaper run --source h", ["huggingface"]),
        ("chatpaper summarize 2407.18125 --language ", ["en", "ja", "zh"]),
        ("chatpaper topics s", ["show"]),
        ("chatpaper topics show diffu", ["diffusion-Models"]),
        ("chatpaper init ob", ["obsidian"]),
        ("chatpaper export --format c", ["csv"]),
        ("chatpaper schema run", ["run-report"]),
        ("chatpaper --log-format ", ["text", "json"]),
        ("chatpaper show planted", ["planted-images"]),
        ("chatpaper forget herb", ["herbarium-dust"]),
        ("chatpaper search dust --topic ", ["Diffusion-Models"]),
        ("chatpaper retry ", []),
    ],
)
def test_names_are_completed(shown: Terminal, line: str, offered: list[str]) -> None:
    assert complete(shown, line) == offered


def test_a_name_that_was_completed_is_one(shown: Terminal) -> None:
    offered = complete(shown, "chatpaper run --topic ")
    assert offered[0] == "World-Models-of-Robots"
    assert len(offered) > 90
    found = shown.run("topics", "show", "world-models-of-Robots", CHATPAPER_ARXIV__MAX_ATTEMPTS="1")
    assert "World Models of Robots (of the settings)" in found.out


@pytest.mark.parametrize(
    "line", ["chatpaper extract pap", "chatpaper lint po", "chatpaper --config c"]
)
def test_files_are_left_to_the_shell(shown: Terminal, line: str) -> None:
    assert complete(shown, line) == []


def test_a_settings_file_on_the_line_is_read(shown: Terminal) -> None:
    (shown.home / "other.toml").write_text('topics.Zebras.phrases = "zebra"', encoding="utf-8")
    assert complete(shown, "chatpaper --config other.toml run --topic zeb") == ["zebras"]


@pytest.mark.parametrize("broken", ["settings", "database"])
def test_what_cannot_be_read_completes_nothing_and_says_nothing(
    terminal: Terminal, broken: str
) -> None:
    if broken == "settings":
        (terminal.home / "chatpaper.toml").write_text("lnaguage = 1", encoding="utf-8")
    else:
        (terminal.home / "state").mkdir()
        (terminal.home / "state" / "chatpaper.db").write_bytes(b"no database" * 99)
    assert complete(terminal, "chatpaper show ") == []
    assert complete(terminal, "chatpaper run --topic diffu") == ["diffusion-Models"]


def test_a_completion_leaves_no_database_behind(terminal: Terminal) -> None:
    assert complete(terminal, "chatpaper show ") == []
    assert not (terminal.home / "state").exists()


def test_zsh_and_fish_complete_too(shown: Terminal) -> None:
    zsh = shown.run(_CHATPAPER_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="chatpaper show plant")
    assert '"planted-images"' in zsh.out
    fish = shown.run(
        _CHATPAPER_COMPLETE="complete_fish",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
        _TYPER_COMPLETE_ARGS="chatpaper show plant",
    )
    assert fish.out.strip() == "planted-images"


@pytest.mark.parametrize(
    ("shell", "binding"),
    [
        ("bash", "complete -o default -F _chatpaper_completion chatpaper"),
        ("zsh", "#compdef chatpaper"),
        ("fish", "complete --command chatpaper"),
    ],
)
def test_shells_are_given_their_script(terminal: Terminal, shell: str, binding: str) -> None:
    done = terminal.run(_CHATPAPER_COMPLETE=f"source_{shell}")
    assert (done.exit_code, done.err) == (0, "")
    assert binding in done.out
