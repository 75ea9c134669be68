"""`.ci/pythons`: the later Pythons that a machine has are tested, and a failure on one is told."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

# A Python whose environments have a pip and a pytest that only say that they run.
PYTHON = """#!/bin/sh
[ "$1" = -m ] || exit 0
mkdir -p "$3/bin"
for tool in pip pytest; do
  {
    echo '#!/bin/sh'
    echo "echo $tool of VERSION"
    echo "[ $tool != 'FAULT' ]"
  } > "$3/bin/$tool"
  chmod +x "$3/bin/$tool"
done
"""
TOOLS = ("chmod", "dirname", "mkdir", "mktemp", "rm")


def run_on(folder: Path, pythons: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the script where there are these Pythons, each with the tool that fails on it."""
    programs = folder / "bin"
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool) or tool)
    for version, fault in pythons.items():
        python = programs / f"python{version}"
        python.write_text(PYTHON.replace("VERSION", version).replace("FAULT", fault))
        python.chmod(0o755)
    return subprocess.run(
        [shutil.which("bash") or "bash", REPOSITORY / ".ci" / "pythons"],
        env={"PATH": str(programs), "PYENV_ROOT": str(folder), "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
    )


def test_pythons_that_a_machine_does_not_have_are_named_and_skipped(tmp_path: Path) -> None:
    done = run_on(tmp_path, {"3.13": ""})
    assert done.returncode == 0, done.stderr
    assert "pip of 3.13\npytest of 3.13\n" in done.stdout
    assert done.stdout.endswith("Python 3.12 3.14\n")


@pytest.mark.parametrize("fault", ["pip", "pytest"])
def test_a_failure_on_one_python_is_a_failure_and_says_which_one(
    tmp_path: Path, fault: str
) -> None:
    done = run_on(tmp_path, {"3.12": "", "3.13": fault, "3.14": ""})
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.13: ")
    assert "pytest of 3.12\n+ Python 3.13" in done.stdout
    assert done.stdout.endswith(f"{fault} of 3.13\n")
    assert not list(tmp_path.glob("tmp.*"))
