"""The commands of the README work as written, except for the environment that they create."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Shown, Terminal

# More is no page that a stranger reads to its end.
MOST_LINES = 150

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text("utf-8")


def command(mark: str) -> str:
    """Return the command that stands below a mark, as `.ci/run` reads it."""
    script = REPOSITORY / ".ci" / "readme_command"
    return subprocess.run([script, mark], capture_output=True, check=True, text=True).stdout.strip()


def test_a_mark_that_is_not_there_is_told() -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        command("cooking")
    assert caught.value.stderr == "README.md has no command marked <!-- cooking -->\n"


def test_the_first_command_shows_the_product_without_key_or_network(demo_shown: Shown) -> None:
    *setup, main_job = command("main job").split(" && ")
    assert setup == ["python3 -m venv .venv", ".venv/bin/pip install -q -e ."]
    program, *arguments = shlex.split(main_job)
    assert program == ".venv/bin/chatpaper"
    assert arguments == ["demo"]
    done = demo_shown.outcome
    assert (done.exit_code, done.err) == (0, "")
    (post,) = (demo_shown.folder / "posts").glob("*/Diffusion_Models.md")
    assert str(post) in done.out
    text = post.read_text("utf-8")
    sources = re.findall(r'(?:<img src="|!\[[^\]]*\]\()([^")]+)', text)
    assert len(sources) >= 10
    assert all((post.parent / source).is_file() for source in sources)
    assert yaml.safe_load(text.split("---\n")[1])["cover"] in sources


def test_the_second_command_is_what_the_checks_run() -> None:
    assert command("tests").endswith("&& .venv/bin/pytest")
    assert "$(.ci/readme_command tests)" in (REPOSITORY / ".ci" / "run").read_text("utf-8")


def test_the_readme_names_every_command_option_and_exit_code(terminal: Terminal) -> None:
    commands = re.findall(r"^[│|]\s(\w+)\s", terminal.run("--help").out, re.MULTILINE)
    assert {"run", "summarize", "extract", "topics", "status", "render", "doctor"} <= set(commands)
    assert [name for name in commands if f"chatpaper {name}" not in README] == []
    options = re.findall(r"(--[a-z-]+)", terminal.run("run", "--help").out)
    assert [option for option in options if option not in README and option != "--help"] == []


@pytest.mark.parametrize(
    "page", [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))], ids=str
)
def test_relative_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_readme_stays_short_and_leads_to_every_page() -> None:
    assert len(README.splitlines()) <= MOST_LINES
    assert [
        page.name
        for page in (REPOSITORY / "docs").glob("*.md")
        if f"(docs/{page.name})" not in README
    ] == []


def test_the_example_of_the_python_api_runs(terminal: Terminal) -> None:
    (example,) = re.findall(r"```python\n(.+?)```", README, re.DOTALL)
    (terminal.home / "paper.pdf").symlink_to(
        REPOSITORY / "examples" / "library" / "step-budgets.pdf"
    )
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=terminal.home,
        env=terminal.variables({}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['99 %']\n"


@pytest.mark.parametrize(("name", "libraries"), [("web", "gradio fastapi uvicorn"), ("mcp", "mcp")])
def test_commands_of_extras_say_how_to_install_them(
    name: str, libraries: str, tmp_path: Path
) -> None:
    in_a_clone = f"`pip install -e '.[{name}]'`"
    (row,) = (line for line in README.splitlines() if line.startswith(f"| `chatpaper {name}`"))
    assert in_a_clone in row
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({libraries.split()}))\n"
        f"sys.argv = ['chatpaper', {name!r}]\n"
        "from chatpaper.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 2
    assert f"`pip install 'chatpaper[{name}]'`, or in a clone {in_a_clone}." in done.stderr
