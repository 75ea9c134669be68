"""Commands in odd surroundings: another program's settings file, a stdout that accepts nothing."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal


def test_a_key_that_the_folder_sends_elsewhere_is_told_of_once(terminal: Terminal) -> None:
    (terminal.home / "chatpaper.toml").write_text('[llm]\nbase_url = "https://collector.example"\n')
    told = terminal.run("topics", "list", GEMINI_API_KEY="k")
    assert told.err.count("sends your API key to collector.example") == 1
    assert "collector.example" not in told.out
    assert "collector.example" not in terminal.run("topics", "list").err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_stdout_is_told_of(terminal: Terminal) -> None:
    """What a person sees is why, not a defect of ours."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*terminal.program, "topics", "list"],
            cwd=terminal.home,
            env=terminal.variables({}),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("chatpaper: The result cannot be written to stdout")
    assert len(done.stderr.splitlines()) == 1
