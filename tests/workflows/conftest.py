"""A repository made of the template, and the programs of a machine on which its workflow runs."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import AT_TIME, library_paper
from tests.cli.forked import Forker
from tests.conftest import REPOSITORY
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.services import name_services
from tests.workflows.runner import Hub

TEMPLATE = REPOSITORY / "examples" / "github-template"
MONDAY, TUESDAY, WEDNESDAY = (f"2026-11-{day}T07:24:00+00:00" for day in (23, 24, 25))
# pip and npm would go to their registries: they are written down instead.
_PYTHON = """#!/bin/sh
if [ "$1 $2" = "-m pip" ]; then shift 2; echo "pip $*" >> "{log}"; exit; fi
exec {python} "$@"
"""
_NPM = """#!/bin/sh
echo "npm $*" >> "{log}"
"""
_MKDOCS = """#!/bin/sh
cp -R docs site
echo "$SITE_URL" > site/address
"""
_DATE = """#!/bin/sh
exec /bin/date --date="{now}" "$@"
"""
_CHATPAPER = """#!/bin/sh
exec {program} "$@"
"""
# Takes the place of chatpaper where only the end of a run matters.
_STAND_IN = """#!/bin/sh
case "$*" in *status*) exit 0;; esac
mkdir -p state posts
{python} -c 'import sqlite3; sqlite3.connect("state/chatpaper.db").execute("VACUUM")'
date +%F > posts/today.txt
echo 'ERROR <b>what happened</b>, and what to do' >&2
exit {code}
"""


@dataclass(frozen=True)
class Machine:
    """The programs that steps find: those of registries written down, chatpaper at a set time."""

    programs: Path
    forker: Forker | None

    @property
    def installed(self) -> str:
        """What pip and npm were asked for."""
        return self._log.read_text("utf-8") if self._log.exists() else ""

    @property
    def _log(self) -> Path:
        return self.programs.with_name("installed.txt")

    def set_time(self, now: str) -> None:
        self.write("date", _DATE.format(now=now))
        program = self.forker.program(now) if self.forker else [sys.executable, str(AT_TIME), now]
        self.write("chatpaper", _CHATPAPER.format(program=shlex.join(program)))

    def prepare(self) -> None:
        self.programs.mkdir()
        self.write("python", _PYTHON.format(log=self._log, python=sys.executable))
        self.write("npm", _NPM.format(log=self._log))
        self.write("mkdocs", _MKDOCS)
        self.set_time(MONDAY)

    def write(self, name: str, text: str) -> None:
        program = self.programs / name
        program.write_text(text)
        program.chmod(0o755)


def commit_all(folder: Path, message: str) -> None:
    """Commit all files of a folder, and push them to main."""
    identity = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
    for command in (
        ["add", "--all"],
        [*identity, "commit", "--quiet", f"--message={message}"],
        ["push", "--quiet", "origin", "HEAD:main"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)


@pytest.fixture
def machine(tmp_path: Path, forker: Forker | None) -> Machine:
    made = Machine(tmp_path / "programs", forker)
    made.prepare()
    return made


@pytest.fixture
def arxiv(library: Path) -> Iterator[FakeArxiv]:
    paper = library_paper(library, "step-budgets", 1, "Step Budgets for Diffusion Models")
    with FakeArxiv([paper]) as server:
        yield server


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


@pytest.fixture
def owner(tmp_path: Path) -> Path:
    """Return the checkout of the owner of the repository, who made it from the template."""
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "--initial-branch=main", tmp_path / "origin.git"],
        check=True,
    )
    checkout = tmp_path / "owner"
    shutil.copytree(TEMPLATE, checkout, ignore=shutil.ignore_patterns("node_modules", "posts"))
    # Files that are uploaded in a browser can be executed by nobody.
    for script in (checkout / "scripts").iterdir():
        script.chmod(0o644)
    for command in (
        ["init", "--quiet", "--initial-branch=main"],
        ["remote", "add", "origin", f"file://{tmp_path / 'origin.git'}"],
    ):
        subprocess.run(["git", *command], cwd=checkout, check=True)
    commit_all(checkout, "Initial commit")
    return checkout


@pytest.fixture
def hub(
    tmp_path: Path,
    owner: Path,
    machine: Machine,
    arxiv: FakeArxiv,
    gemini: FakeGemini,
    papers_read: Path,
) -> Hub:
    """Return the repository on GitHub, with the secret set, and papers that are read quickly."""
    services = {
        **name_services(arxiv, gemini),
        "CHATPAPER_ARXIV__BACKOFF_SECONDS": "0",
        "CHATPAPER_EXTRACT__WORKERS": "1",
        "PYTHONPATH": str(REPOSITORY),
    }
    return Hub(
        tmp_path,
        machine.programs,
        {"GEMINI_API_KEY": VALID_KEY},
        machine=services,
        cache=papers_read,
    )


@pytest.fixture
def end_with(machine: Machine) -> Callable[[int], None]:
    """Have `chatpaper run` end with a code after it has written a database and a post."""

    def prepare(code: int) -> None:
        machine.write("chatpaper", _STAND_IN.format(python=sys.executable, code=code))

    return prepare
