"""The examples work as they stand.

Settings load, schedules and units parse, and workflows hold together.
"""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatpaper.app.settings import load_settings
from chatpaper.fetch.topics.table import resolve_topic

EXAMPLES = Path(__file__).parent.parent / "examples"
# Of 10; systemd calls what is below 2 confined well.
WORST_EXPOSURE = 20


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(EXAMPLES / "systemd" / name, encoding="utf-8")
    return parser


def test_the_settings_load_and_their_topics_are_known() -> None:
    settings = load_settings(EXAMPLES / "chatpaper.toml", {})
    topics = [resolve_topic(name, settings.user_topics) for name in settings.run.topics]
    assert [topic.name for topic in topics] == ["Diffusion Models", "Sea ice"]
    assert "sea ice" in topics[1].phrases


def test_the_service_runs_chatpaper_and_takes_queued_papers_for_a_success() -> None:
    service = unit("chatpaper.service")["Service"]
    assert service["ExecStart"].endswith("-v --log-format json run")
    assert service["SuccessExitStatus"] == "3 5 7"
    assert service["TimeoutStartSec"] == "4h"
    assert unit("chatpaper-status.service")["Service"]["ExecStart"].endswith(" status")
    assert unit("chatpaper.timer")["Timer"]["Persistent"] == "true"


@pytest.fixture
def installed_units(tmp_path: Path) -> Path:
    """Return the units with a program and a user that this machine has."""
    for path in (EXAMPLES / "systemd").iterdir():
        text = path.read_text("utf-8").replace("/opt/chatpaper/bin/chatpaper", "/bin/true")
        (tmp_path / path.name).write_text(text.replace("User=chatpaper", "User=root"))
    return tmp_path


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine"
)
def test_systemd_accepts_the_units_and_finds_them_well_confined(installed_units: Path) -> None:
    units = sorted(map(str, installed_units.iterdir()))
    verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    examined = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            f"--threshold={WORST_EXPOSURE}",
            *units[:2],
        ],
        capture_output=True,
        text=True,
    )
    assert examined.returncode == 0, examined.stdout[-2000:] + examined.stderr


def workflow() -> Any:
    return yaml.safe_load((EXAMPLES / "github-actions" / "chatpaper.yml").read_text("utf-8"))


def test_the_workflow_keeps_the_state_of_failed_nights_too_and_the_key_out_of_its_text() -> None:
    job = workflow()["jobs"]["run"]
    steps = {step.get("name") or step["uses"]: step for step in job["steps"]}
    restore, save = steps["Restore"]["with"], steps["Save"]["with"]
    assert ".state" in restore["path"].split()
    assert (restore["path"], restore["key"]) == (save["path"], save["key"])
    assert steps["Save"]["if"] == "always()"
    assert job["env"]["CHATPAPER_STATE_DIR"] == ".state"
    assert steps["Run"]["env"]["GEMINI_API_KEY"] == "${{ secrets.GEMINI_API_KEY }}"
    # GitHub reads `on` as YAML 1.1 does: true.
    assert workflow()[True]["schedule"]
    assert workflow()["concurrency"]["cancel-in-progress"] is False


def test_the_workflow_may_do_no_more_than_it_must_and_runs_only_code_that_it_names() -> None:
    assert workflow()["permissions"] == {}
    jobs = workflow()["jobs"]
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "run": {"contents": "read"},
        "publish": {"contents": "write"},
    }
    used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40}", action) for action in used)


def test_no_code_of_others_runs_where_the_token_can_write() -> None:
    jobs = workflow()["jobs"]
    (checkout,) = [
        step
        for step in jobs["run"]["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert checkout["with"]["persist-credentials"] is False
    commands = [
        line for step in jobs["publish"]["steps"] for line in step.get("run", "").splitlines()
    ]
    assert commands
    assert not [
        line
        for line in commands
        if re.search(r"pip|python|chatpaper (?!$)", line.replace("user.name", ""))
        and "git config" not in line
    ]
    handed_over = [step["with"] for step in jobs["run"]["steps"] if step.get("name") == "Hand over"]
    taken = [
        step["with"]
        for step in jobs["publish"]["steps"]
        if step.get("uses", "").startswith("actions/download-")
    ]
    assert [(each["name"], each["path"]) for each in handed_over] == [
        (each["name"], each["path"]) for each in taken
    ]


def _distribution(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]).lower()


def locked() -> dict[str, str]:
    text = (EXAMPLES / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    entries = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all("--hash=sha256:" in line for line in entries)
    return {_distribution(line): line.split("==")[1].split()[0] for line in entries}


def test_the_lock_names_all_that_is_installed_by_version_and_hash() -> None:
    from packaging.requirements import Requirement

    project = tomllib.loads((EXAMPLES.parent / "pyproject.toml").read_text("utf-8"))
    versions, extras = locked(), project["project"]["optional-dependencies"]
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for requirement in [*wanted, *extras["openai"], *extras["notify"]]:
        version = versions[_distribution(requirement)]
        assert Requirement(requirement).specifier.contains(version), (
            f"{requirement}: run .ci/lock again"
        )


def test_every_library_is_bounded_by_its_major_version() -> None:
    project = tomllib.loads((EXAMPLES.parent / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    all_wanted = [
        *project["dependencies"],
        *(each for name in extras if name != "dev" for each in extras[name]),
    ]
    assert not [each for each in all_wanted if not re.search(r",<\d+", each)]


def test_the_container_and_the_workflow_install_what_the_lock_names() -> None:
    container = CONTAINERFILE.read_text("utf-8")
    assert re.search(r"^FROM \S+:\d+\.\d+\.\d+\S*$", container, re.MULTILINE)
    (install,) = [
        step["run"] for step in workflow()["jobs"]["run"]["steps"] if step.get("name") == "Install"
    ]
    for text in (container, install):
        assert "--require-hashes" in text
        assert "--no-build-isolation" in text


def test_the_run_is_stopped_before_the_job_is_and_its_exit_codes_that_queue_papers_are_successes(
    tmp_path: Path,
) -> None:
    job = workflow()["jobs"]["run"]
    (run,) = [step["run"] for step in job["steps"] if step.get("name") == "Run"]
    limit = re.search(r"--kill-after=(\d+)m (\d+)m ", run)
    assert limit
    assert int(limit[1]) + int(limit[2]) < job["timeout-minutes"]
    program = tmp_path / "chatpaper"
    program.write_text('#!/bin/sh\nexit "$CODE"\n')
    program.chmod(0o755)
    for code, expected in ((0, 0), (3, 0), (5, 0), (4, 4), (2, 2)):
        path = f"{tmp_path}:{os.environ['PATH']}"
        done = subprocess.run(["bash", "-e", "-c", run], env={"PATH": path, "CODE": str(code)})
        assert done.returncode == expected


def test_the_workflow_is_one_that_github_takes() -> None:
    checker = pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    command = [
        sys.executable,
        "-m",
        checker.__name__,
        "--builtin-schema",
        "vendor.github-workflows",
    ]
    checked = subprocess.run(
        [*command, EXAMPLES / "github-actions" / "chatpaper.yml"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout


CONTAINERFILE = EXAMPLES / "container" / "Containerfile"


def test_the_container_file_passes_its_linter() -> None:
    linter = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if linter is None:
        pytest.skip("hadolint is not on this machine")
    linted = subprocess.run([linter, CONTAINERFILE], capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout


def test_the_container_gets_all_that_the_package_is_built_of_and_runs_as_nobody_in_particular() -> (
    None
):
    text = CONTAINERFILE.read_text("utf-8")
    lines = text.replace("\\\n", " ").splitlines()
    copied = {word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]}
    root = EXAMPLES.parent
    needed = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    built_of = {
        *needed["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"],
        "chatpaper",
        "pyproject.toml",
    }
    assert built_of | {needed["project"]["readme"], *needed["project"]["license-files"]} <= copied
    assert all((root / name).exists() for name in copied)
    extras = re.search(r"ARG EXTRAS=(\S+)", text)
    assert extras
    assert set(extras[1].split(",")) <= needed["project"]["optional-dependencies"].keys()
    (user,) = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert user.isdigit()
    assert int(user) > 0
    folders = dict(re.findall(r"CHATPAPER_(\w+)_DIR=(\S+)", text))
    assert folders.keys() == {"STATE", "CACHE", "OUTPUT"}
    assert all(folder.startswith("/data/") for folder in folders.values())
    assert json.loads(
        next(line for line in lines if line.startswith("ENTRYPOINT")).split(maxsplit=1)[1]
    ) == ["chatpaper"]


def test_a_container_that_needs_a_person_is_unhealthy(tmp_path: Path) -> None:
    """The engine knows 0 and 1 alone."""
    line = next(
        line
        for line in CONTAINERFILE.read_text("utf-8").splitlines()
        if line.startswith("HEALTHCHECK")
    )
    command = json.loads(line.split("CMD ", 1)[1])
    for code, healthy in ((0, 0), (3, 1), (2, 1)):
        program = tmp_path / "chatpaper"
        program.write_text(f'#!/bin/sh\n[ "$*" = "--quiet status" ] && exit {code}\n')
        program.chmod(0o755)
        assert (
            subprocess.run(command, env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}).returncode
            == healthy
        )


@pytest.mark.parametrize("site", ["hexo", "mkdocs"])
def test_packages_of_the_sites_are_pinned_and_no_lock_names_a_registry(site: str) -> None:
    wanted = json.loads((EXAMPLES / site / "package.json").read_text("utf-8"))["dependencies"]
    lock = json.loads((EXAMPLES / site / "package-lock.json").read_text("utf-8"))["packages"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in wanted.values())
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert not [name for name, package in lock.items() if "resolved" in package]


@pytest.mark.parametrize(
    ("copy", "original"),
    [
        ("requirements.lock", "requirements.lock"),
        ("hooks/katex.py", "mkdocs/hooks/katex.py"),
        ("assets/stylesheets/posts.css", "mkdocs/docs/stylesheets/posts.css"),
        ("assets/javascripts/formulas.js", "mkdocs/docs/javascripts/formulas.js"),
        ("package.json", "mkdocs/package.json"),
        ("package-lock.json", "mkdocs/package-lock.json"),
    ],
)
def test_what_the_template_has_of_other_examples_is_the_same(copy: str, original: str) -> None:
    """The template becomes a repository of its own: it cannot refer to what is outside of it."""
    template = EXAMPLES / "github-template" / copy
    assert template.read_bytes() == (EXAMPLES / original).read_bytes(), f"copy {original} again"


def test_the_site_of_the_template_has_the_settings_of_the_mkdocs_example() -> None:
    def lines(path: Path) -> list[str]:
        text = path.read_text("utf-8").splitlines()
        return [line for line in text if not line.startswith(("# ", "site_url:"))]

    assert lines(EXAMPLES / "github-template" / "mkdocs.yml") == lines(
        EXAMPLES / "mkdocs" / "mkdocs.yml"
    )


def test_the_job_reads_one_shard_a_pod_and_holds_no_key() -> None:
    job = yaml.safe_load((EXAMPLES / "backfill" / "kubernetes-job.yaml").read_text("utf-8"))
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert job["spec"]["completionMode"] == "Indexed"
    assert container["command"][:3] == ["chatpaper", "backfill", "read"]
    assert not any("--shard=" in each for each in container["command"])
    assert "env" not in container
    cluster = yaml.safe_load((EXAMPLES / "backfill" / "ray-cluster.yaml").read_text("utf-8"))
    assert len(cluster["provider"]["worker_ips"]) == cluster["max_workers"]
