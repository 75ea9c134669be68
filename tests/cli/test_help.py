"""Every command, option and argument explains itself."""

import doctest
from collections.abc import Iterator
from typing import Any

import pytest
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

from chatpaper.cli import options
from chatpaper.cli.main import app
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


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_have_one_line_of_summary(name: str) -> None:
    summary, *rest = (COMMANDS[name].help or "").splitlines()
    assert summary.endswith(".")
    assert len(summary) <= 100
    assert rest in ([], [""]) or rest[0] == ""


def test_examples_of_shared_options_are_true() -> None:
    assert doctest.testmod(options) == doctest.TestResults(0, attempted=2)
