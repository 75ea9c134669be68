"""Every command, option and argument explains itself, with examples and what may be chosen."""

import doctest
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from rich.text import Text
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

from chatpaper.app.settings_groups import KEY_VARIABLES
from chatpaper.cli import options
from chatpaper.cli.help.examples import EXAMPLES
from chatpaper.cli.main import app
from chatpaper.domain import DEMO
from chatpaper.write.export.export import EXPORT_FORMATS
from chatpaper.write.formats import list_formats, list_languages
from chatpaper.write.generators import INSPECTORS
from tests.docs.reference_pages import walk_commands

GROUP = get_command(app)
assert isinstance(GROUP, TyperGroup)
COMMANDS: dict[str, Any] = {"chatpaper": GROUP, **dict(walk_commands(GROUP))}


def parameters() -> Iterator[tuple[str, Any]]:
    for name, command in COMMANDS.items():
        for parameter in command.params:
            yield f"{name} {parameter.name}", parameter


@pytest.mark.parametrize(
    "parameter", [pytest.param(parameter, id=name) for name, parameter in parameters()]
)
def test_options_and_arguments_have_help(parameter: Any) -> None:
    assert isinstance(parameter, TyperOption | TyperArgument)
    assert parameter.help
    assert parameter.help.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param(parameter.help, id=name) for name, parameter in parameters()),
        *(pytest.param(command.help, id=name) for name, command in COMMANDS.items()),
    ],
)
def test_nothing_in_help_is_taken_for_markup(text: str) -> None:
    assert Text.from_markup(text).plain == text


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "chatpaper"])
def test_the_examples_of_a_command_are_shown_and_can_be_used(name: str) -> None:
    examples = EXAMPLES[name]
    assert [*filter(None, COMMANDS[name].epilog.split("\n"))] == ["Examples:", *examples]
    for example in examples:
        begin = ["chatpaper", *name.split()]
        words = shlex.split(example)
        assert words[: len(begin)] == begin
        # An option that there is not, a value of the wrong type or one too many would raise.
        COMMANDS[name].make_context(name, words[len(begin) :])


@pytest.mark.parametrize(
    ("command", "parameter", "choices"),
    [
        ("run", "format", list_formats()),
        ("run", "backend", [name for name in KEY_VARIABLES if name != DEMO]),
        ("run", "language", list_languages()),
        ("run", "source", ["arxiv", "huggingface"]),
        ("init", "kind", INSPECTORS),
        ("export", "format", EXPORT_FORMATS),
        ("topics", "action", ["list", "show", "add"]),
        ("chatpaper", "log_format", ["text", "json"]),
    ],
)
def test_what_may_be_chosen_is_shown(command: str, parameter: str, choices: Any) -> None:
    (found,) = (each for each in COMMANDS[command].params if each.name == parameter)
    shown = f"{found.metavar} {found.help}"
    assert [choice for choice in choices if choice not in shown] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_usage_has_no_brackets_within_brackets_and_no_dots_twice(name: str) -> None:
    """Typer puts brackets around arguments, and dots behind those that may be repeated."""
    usage = COMMANDS[name].collect_usage_pieces(COMMANDS[name].context_class(COMMANDS[name]))
    assert not re.search(r"[\[{]{2}|\.{3}[\]}]|\{[a-z]+\}", " ".join(usage[1:])), usage


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_have_one_line_of_summary(name: str) -> None:
    summary, *rest = (COMMANDS[name].help or "").splitlines()
    assert summary.endswith(".")
    assert len(summary) <= 100
    assert rest in ([], [""]) or rest[0] == ""


def test_examples_of_shared_options_are_true() -> None:
    assert doctest.testmod(options) == doctest.TestResults(0, attempted=2)
