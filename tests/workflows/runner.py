"""Runs a workflow as GitHub does: job after job, each in a folder of its own, with GitHub's files.

Steps with `run:` are run by bash. Of the actions, those that move files are played: checkout,
artifacts and pages.
"""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.workflows.expressions import evaluate, fill_in, has_status_function

STEP_TIMEOUT_SECONDS = 240
WORKFLOW = ".github/workflows/nightly.yml"
PAGE_URL = "https://someone.github.io/papers/"


@dataclass
class JobResult:
    """What became of a job: `success`, `failure` or `skipped`."""

    result: str
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""


@dataclass
class Hub:
    """A repository on GitHub: its bare copy, secrets, variables, artifacts and pages."""

    place: Path
    programs: Path
    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    # Of the machine that runs the jobs: where the services are that are played here.
    machine: dict[str, str] = field(default_factory=dict)
    # What the cache folder of chatpaper has beside each checkout.
    cache: Path | None = None
    runs: int = 0

    @property
    def origin(self) -> Path:
        return self.place / "origin.git"

    @property
    def pages(self) -> Path:
        """The site that visitors see."""
        return self.place / "pages"

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", f"--git-dir={self.origin}", *arguments],
            capture_output=True,
            check=True,
            timeout=STEP_TIMEOUT_SECONDS,
        )
        return done.stdout.decode("utf-8", "replace").strip()

    def start(self, schedule: str = "", **inputs: str) -> "Run":
        """Start a run: by a line of the schedule, or by hand with inputs."""
        self.runs += 1
        return Run(self, self.place / f"run-{self.runs}", schedule, inputs)


@dataclass
class Run:
    """One run of the workflow. `jobs` has the results of those that are done."""

    hub: Hub
    place: Path
    schedule: str
    inputs: Mapping[str, str]
    jobs: dict[str, JobResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.commit = self.hub.git("rev-parse", "main")
        text = self.hub.git("show", f"main:{WORKFLOW}")
        self.workflow: Any = yaml.safe_load(text)

    def finish(self) -> dict[str, JobResult]:
        """Run the jobs that are left, and return the results of all."""
        for name in self.workflow["jobs"]:
            if name not in self.jobs:
                self.run_job(name)
        return self.jobs

    def run_job(self, name: str) -> JobResult:
        job = self.workflow["jobs"][name]
        needed = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
        contexts = self.contexts | {
            "needs": {
                each: {"result": self.jobs[each].result, "outputs": self.jobs[each].outputs}
                for each in needed
            }
        }
        succeeded = all(self.jobs[each].result == "success" for each in needed)
        if not is_wanted(job, contexts, succeeded):
            self.jobs[name] = JobResult("skipped")
        else:
            self.jobs[name] = JobRun(self, name, job, contexts).finish()
        return self.jobs[name]

    @property
    def contexts(self) -> dict[str, Any]:
        event = {"schedule": self.schedule} if self.schedule else {}
        return {
            "github": {"event": event, "ref_name": "main"},
            "secrets": self.hub.secrets,
            "vars": self.hub.variables,
            "inputs": self.inputs,
        }


def is_wanted(part: Mapping[str, Any], contexts: Mapping[str, Any], succeeded: bool) -> bool:
    """Tell whether a job or step is run after what stands before it."""
    condition = str(part.get("if", "success()")).removeprefix("${{").removesuffix("}}")
    if not has_status_function(condition):
        condition = f"success() && ({condition})"
    return bool(evaluate(condition, contexts, status_functions(succeeded)))


def status_functions(succeeded: bool) -> dict[str, Any]:
    return {
        "always": lambda: True,
        "cancelled": lambda: False,
        "failure": lambda: not succeeded,
        "success": lambda: succeeded,
    }


class JobRun:
    """A job on a machine of its own."""

    def __init__(
        self, run: Run, name: str, job: Mapping[str, Any], contexts: Mapping[str, Any]
    ) -> None:
        self.run, self.hub, self.job = run, run.hub, job
        self.place = run.place / name
        # The folder has another name every night, as after a repository was renamed.
        self.workspace = self.place / f"work-{run.place.name}"
        self.workspace.mkdir(parents=True)
        self.contexts = {**contexts, "steps": {}}
        self.result = JobResult("success")

    def finish(self) -> JobResult:
        for number, step in enumerate(self.job["steps"]):
            succeeded = self.result.result == "success"
            if not is_wanted(step, self.contexts, succeeded):
                continue
            if "uses" in step:
                done = self.play(step["uses"].split("@")[0], step.get("with", {}))
                outputs = {"page_url": PAGE_URL}
            else:
                done, outputs = self.execute(step, self.place / str(number))
            if "id" in step:
                self.contexts["steps"][step["id"]] = {"outputs": outputs}
            if not done:
                self.result.result = "failure"
        self.result.outputs = {
            name: fill_in(value, self.contexts, {})
            for name, value in self.job.get("outputs", {}).items()
        }
        return self.result

    def execute(self, step: Mapping[str, Any], files: Path) -> tuple[bool, dict[str, str]]:
        """Run the shell of a step; gives whether it succeeded, and its outputs."""
        files.mkdir()
        places = {name: files / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in places.values():
            path.touch()
        succeeded = self.result.result == "success"
        filled = {
            name: fill_in(str(value), self.contexts, status_functions(succeeded))
            for name, value in step.get("env", {}).items()
        }
        script = files / "script.sh"
        script.write_text(fill_in(step["run"], self.contexts, {}))
        done = subprocess.run(
            ["bash", "-e", str(script)],
            cwd=self.workspace,
            env=self.environment | {name: str(path) for name, path in places.items()} | filled,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=STEP_TIMEOUT_SECONDS,
        )
        self.result.log += done.stdout
        self.result.summary += places["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        lines = places["GITHUB_OUTPUT"].read_text("utf-8").splitlines()
        return done.returncode == 0, dict(line.split("=", 1) for line in lines)

    @property
    def environment(self) -> dict[str, str]:
        temporary = self.place / "temp"
        temporary.mkdir(exist_ok=True)
        return {
            "PATH": f"{self.hub.programs}:/usr/bin:/bin",
            "HOME": str(self.place),
            "LANG": "C.UTF-8",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "Someone/papers",
            "GITHUB_REPOSITORY_OWNER": "Someone",
            "RUNNER_TEMP": str(temporary),
            **self.hub.machine,
        }

    def play(self, action: str, options: Mapping[str, Any]) -> bool:
        """Do what an action does; gives whether it succeeded."""
        artifacts = self.run.place / "artifacts"
        match action:
            case "actions/checkout":
                self.check_out(options.get("fetch-depth", 1))
            case "actions/setup-python":
                pass
            case "actions/upload-artifact":
                shutil.copytree(self.workspace / options["path"], artifacts / options["name"])
            case "actions/download-artifact":
                source, target = artifacts / options["name"], self.workspace / options["path"]
                shutil.copytree(source, target, dirs_exist_ok=True)
            case "actions/upload-pages-artifact":
                shutil.copytree(self.workspace / options["path"], artifacts / "github-pages")
            case "actions/deploy-pages":
                shutil.rmtree(self.hub.pages, ignore_errors=True)
                shutil.copytree(artifacts / "github-pages", self.hub.pages)
            case _:
                raise ValueError(f"the action {action} is not known here")
        return True

    def check_out(self, depth: int) -> None:
        """Bring the commit of the run here, as actions/checkout does; a depth of 0 brings all."""
        commands = [
            ["init", "--quiet", "--initial-branch=main"],
            ["remote", "add", "origin", f"file://{self.hub.origin}"],
            ["fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*"]
            if depth == 0
            else ["fetch", "--quiet", f"--depth={depth}", "origin", self.run.commit],
            ["checkout", "--quiet", "-B", "main", self.run.commit],
        ]
        for command in commands:
            subprocess.run(["git", *command], cwd=self.workspace, check=True)
        if self.hub.cache:
            shutil.copytree(self.hub.cache, self.workspace / "cache")


def find_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
