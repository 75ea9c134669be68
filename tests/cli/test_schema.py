"""The command that prints the schemas of JSON."""

from pathlib import Path

from chatpaper.cli.schemas.published import SCHEMAS
from tests.cli.conftest import Terminal

COPIES = Path(__file__).parents[2] / "docs" / "schemas"


def test_the_command_prints_a_schema(terminal: Terminal) -> None:
    done = terminal.run("schema", "post")
    assert (done.exit_code, done.err) == (0, "")
    assert done.out == (COPIES / "post.schema.json").read_text("utf-8")


def test_a_schema_that_there_is_not_is_answered_with_those_that_there_are(
    terminal: Terminal,
) -> None:
    unknown, missing = terminal.run("schema", "runreport"), terminal.run("schema")
    assert (unknown.exit_code, missing.exit_code) == (2, 2)
    assert "Did you mean 'run-report'?" in unknown.err
    assert f"Name a schema: {', '.join(SCHEMAS)}." in missing.err
