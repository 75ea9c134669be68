"""The workflows of this repository and of its template: what they may do, and what they name."""

import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatpaper.app.settings import load_settings
from chatpaper.domain.project import __version__
from chatpaper.fetch.topics.table import resolve_topic
from tests.conftest import REPOSITORY
from tests.workflows.conftest import TEMPLATE

EXAMPLES = REPOSITORY / "examples"
NIGHTLY = TEMPLATE / ".github" / "workflows" / "nightly.yml"
WORKFLOWS = [
    path
    for folder in (REPOSITORY / ".github" / "workflows", NIGHTLY.parent)
    for path in sorted(folder.glob("*.yml"))
]
# Action, commit and the version that it is.
PINNED = re.compile(r"uses: ([\w-]+/[\w.-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")
MOST_CLICKS = 5
MOST_MINUTES = 240
PRIVILEGES = {"contents: write", "pages: write", "id-token: write"}


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def jobs_of(path: Path) -> dict[str, Any]:
    """Return the jobs that a workflow has itself, and not from another one."""
    return {name: job for name, job in load(path)["jobs"].items() if "steps" in job}


def steps_of(path: Path) -> list[dict[str, Any]]:
    return [step for job in jobs_of(path).values() for step in job["steps"]]


@pytest.fixture(params=WORKFLOWS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_github_takes_the_workflow(path: Path) -> None:
    checker = pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    command = [sys.executable, "-m", checker.__name__]
    checked = subprocess.run(
        [*command, "--builtin-schema", "vendor.github-workflows", path],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


def test_actions_are_pinned_to_commits_that_name_their_version(path: Path) -> None:
    uses = re.compile(r"uses: (?!\./)")
    lines = [line for line in path.read_text("utf-8").splitlines() if uses.search(line)]
    assert lines
    assert not [line for line in lines if not PINNED.search(line)]


def test_an_action_is_used_in_one_version() -> None:
    text = "".join(path.read_text("utf-8") for path in WORKFLOWS)
    found = set(PINNED.findall(text))
    assert len(found) == len({action for action, _, _ in found}), sorted(found)


def test_jobs_name_their_permissions_and_end_in_time(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {}
    assert not [name for name, job in workflow["jobs"].items() if "permissions" not in job]
    assert all(isinstance(job["permissions"], dict) for job in workflow["jobs"].values())
    assert all(job["timeout-minutes"] <= MOST_MINUTES for job in jobs_of(path).values())


def test_what_may_write_runs_no_code_of_others(path: Path) -> None:
    """Neither a package nor a script that reads papers runs where a token can change something."""
    for name, job in jobs_of(path).items():
        granted = {f"{what}: {level}" for what, level in job["permissions"].items()}
        commands = [step["run"] for step in job["steps"] if "run" in step]
        if granted & PRIVILEGES:
            assert not [each for each in commands if re.search(r"\b(pip|npm|python)\b", each)], name
        else:
            kept = [
                step
                for step in job["steps"]
                if step.get("uses", "").startswith("actions/checkout@")
                and step.get("with", {}).get("persist-credentials") is not False
            ]
            assert not kept, name


def test_texts_from_outside_reach_the_shell_as_variables_alone(path: Path) -> None:
    assert not [step for step in steps_of(path) if "${{" in step.get("run", "")]


def test_secrets_are_given_to_the_step_that_needs_them_alone() -> None:
    holders = {
        step["name"]: {value for value in step.get("env", {}).values() if "secrets." in value}
        for step in steps_of(NIGHTLY)
        if any("secrets." in str(value) for value in step.get("env", {}).values())
    }
    assert holders.keys() == {"Choose", "Read"}
    assert all(value.endswith("!= '' }}") for value in holders["Choose"])


def test_the_script_knows_the_lines_of_the_schedule() -> None:
    # GitHub reads `on` as YAML 1.1 does: true.
    lines = [line["cron"] for line in load(NIGHTLY)[True]["schedule"]]
    script = (TEMPLATE / "scripts" / "choose_mode.sh").read_text("utf-8")
    assert re.findall(r'^(?:summer|winter)="(.*)"$', script, re.MULTILINE) == lines


def test_a_run_is_stopped_before_its_job_is() -> None:
    script = (TEMPLATE / "scripts" / "read_papers.sh").read_text("utf-8")
    limit = re.search(r"--kill-after=(\d+)m (\d+)m ", script)
    assert limit
    assert int(limit[1]) + int(limit[2]) < load(NIGHTLY)["jobs"]["papers"]["timeout-minutes"]


def test_every_script_is_run_by_a_step_or_another_script() -> None:
    scripts = sorted((TEMPLATE / "scripts").iterdir())
    texts = [NIGHTLY.read_text("utf-8"), *(path.read_text("utf-8") for path in scripts)]
    assert not [path.name for path in scripts if f"scripts/{path.name}" not in "".join(texts)]
    assert all(path.stat().st_mode & 0o100 for path in scripts if path.suffix == ".sh")


def test_the_shell_passes_its_linter() -> None:
    linter = shutil.which(
        "shellcheck", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin"
    )
    if linter is None:
        pytest.skip("shellcheck is not on this machine")
    scripts = [
        *sorted((TEMPLATE / "scripts").glob("*.sh")),
        *sorted((REPOSITORY / ".ci").iterdir()),
    ]
    linted = subprocess.run([linter, *scripts], capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout


def test_the_settings_of_the_template_load_and_their_topics_are_known() -> None:
    settings = load_settings(TEMPLATE / "chatpaper.toml", {})
    for name in settings.run.topics:
        resolve_topic(name, settings.user_topics)
    assert settings.llm.api_key is None


def test_the_template_installs_this_version_and_what_the_locks_name() -> None:
    script = (TEMPLATE / "scripts" / "install.sh").read_text("utf-8")
    assert f"version={__version__}\n" in script
    site = (TEMPLATE / "requirements-site.lock").read_text("utf-8").replace("\\\n", " ")
    entries = [line for line in site.splitlines() if line]
    assert any(line.startswith("mkdocs-material==") for line in entries)
    assert all("--hash=sha256:" in line for line in entries)
    builds = [*(TEMPLATE / "scripts").glob("*.sh")]
    lines = chain.from_iterable(path.read_text("utf-8").splitlines() for path in builds)
    installing = [line for line in lines if "pip install" in line and "$source" not in line]
    assert len(installing) == 2
    assert all("--require-hashes --only-binary :all:" in line for line in installing)


def test_dependabot_looks_at_every_workflow_and_container_file() -> None:
    """A folder that is not named would keep its old versions."""
    updates = load(REPOSITORY / ".github" / "dependabot.yml")["updates"]
    (actions,) = [each for each in updates if each["package-ecosystem"] == "github-actions"]
    folders = {
        f"/{path.parent.relative_to(REPOSITORY)}"
        for path in [NIGHTLY, *EXAMPLES.glob("github-actions/*.yml")]
    }
    assert set(actions["directories"]) == folders | {"/"}
    checker = pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    command = [sys.executable, "-m", checker.__name__, "--builtin-schema", "vendor.dependabot"]
    checked = subprocess.run(
        [*command, REPOSITORY / ".github" / "dependabot.yml"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout


def test_a_tag_of_another_version_is_not_built() -> None:
    build = REPOSITORY / ".ci" / "build"
    done = subprocess.run([build, f"v{__version__}.1"], capture_output=True, text=True)
    assert done.returncode == 1
    assert f"then tag v{__version__}" in done.stderr


def test_a_release_is_published_after_the_tests_without_a_token() -> None:
    workflow = load(REPOSITORY / ".github" / "workflows" / "publish.yml")
    publish = workflow["jobs"]["publish"]
    assert set(publish["needs"]) == {"tests", "build"}
    assert publish["permissions"] == {"id-token": "write"}
    assert "secrets." not in str(workflow)


def test_it_takes_five_clicks_to_begin_in_either_language() -> None:
    text = (TEMPLATE / "README.md").read_text("utf-8")
    begin = re.findall(r"^## (?:Begin|开始)$.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    clicks = [re.findall(r"^\d+\. ", section, re.MULTILINE) for section in begin]
    assert len(begin) == 2
    assert [len(each) for each in clicks] == [len(clicks[0])] * 2
    assert 1 <= len(clicks[0]) <= MOST_CLICKS
    for secret in re.findall(r"secrets\.(\w+) }}", NIGHTLY.read_text("utf-8")):
        assert all(secret in section for section in begin)
