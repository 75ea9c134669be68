"""The workflow of the template, run as GitHub would run it, against the fakes of the services."""

import gzip
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import library_paper
from tests.fakes import arxiv_faults as faults
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.sites.installation import node_modules
from tests.workflows.conftest import MONDAY, TUESDAY, WEDNESDAY, Machine, commit_all
from tests.workflows.runner import Hub, JobResult, find_files

SUMMER, WINTER = "23 6 * * 1-5", "23 7 * * 1-5"
FIRST, SECOND = "Step Budgets for Diffusion Models", "One More Diffusion Model"


def results(jobs: dict[str, JobResult]) -> dict[str, str]:
    return {name: job.result for name, job in jobs.items()}


QUIET_NIGHT = {
    "papers": "success",
    "keep": "success",
    "site": "success",
    "deploy": "success",
    "alarm": "skipped",
}


def logs(jobs: dict[str, JobResult]) -> str:
    return "\n".join(job.log + job.summary for job in jobs.values())


def posted_files(hub: Hub) -> list[str]:
    return hub.git("ls-tree", "-r", "--name-only", "main", "posts").splitlines()


def check_kept_database(hub: Hub, place: Path) -> None:
    """Check that the database that is kept is whole."""
    packed = subprocess.run(
        ["git", f"--git-dir={hub.origin}", "show", "state:chatpaper.db.gz"],
        capture_output=True,
        check=True,
    ).stdout
    database = place / "kept.db"
    database.write_bytes(gzip.decompress(packed))
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_nights_post_each_paper_once_and_the_secret_is_nowhere(
    hub: Hub, machine: Machine, arxiv: FakeArxiv, gemini: FakeGemini, library: Path, tmp_path: Path
) -> None:
    first = hub.start(WINTER).finish()
    assert results(first) == QUIET_NIGHT, logs(first)
    assert "<td>1</td><td>1</td><td>0</td><td>0</td>" in first["papers"].summary
    assert "https://someone.github.io/papers/" in first["deploy"].summary
    assert "posts/2026-11-23/Diffusion_Models.brief.md" in posted_files(hub)
    assert FIRST in (hub.pages / "2026-11-23" / "Diffusion_Models.brief.md").read_text("utf-8")
    assert (hub.pages / "stylesheets" / "posts.css").is_file()
    assert (hub.pages / "address").read_text() == "https://someone.github.io/papers/\n"
    assert "https://someone.github.io/papers/" in (hub.pages / "feed.xml").read_text("utf-8")
    calls = len(gemini.calls)

    machine.set_time(TUESDAY)
    arxiv.papers.append(library_paper(library, "ring-relaxation", 9, SECOND))
    second = hub.start(WINTER).finish()
    assert results(second) == QUIET_NIGHT, logs(second)
    assert "<td>2</td><td>1</td><td>1</td><td>0</td>" in second["papers"].summary
    assert len(gemini.calls) > calls
    later = hub.git("show", "main:posts/2026-11-24/Diffusion_Models.brief.md")
    assert SECOND in later
    assert FIRST not in later
    assert "posts/2026-11-23/Diffusion_Models.brief.md" in posted_files(hub)
    assert hub.git("log", "--format=%s", "main").splitlines() == [
        "Posts of 2026-11-24",
        "Posts of 2026-11-23",
        "Initial commit",
    ]
    assert hub.git("rev-list", "--count", "state") == "1", "the state has no history"
    check_kept_database(hub, tmp_path)

    assert VALID_KEY not in logs(first) + logs(second)
    objects = hub.git("cat-file", "--batch", "--batch-all-objects", "--buffer")
    assert VALID_KEY not in objects
    for file in find_files(tmp_path):
        if "programs" not in file.parts:
            assert VALID_KEY.encode() not in file.read_bytes(), file


def test_without_a_secret_the_first_run_tells_what_to_do_and_shows_the_demo(
    hub: Hub, gemini: FakeGemini
) -> None:
    hub.secrets.clear()
    jobs = hub.start(max_papers="5").finish()
    assert results(jobs) == QUIET_NIGHT | {"keep": "skipped"}, logs(jobs)
    summary = jobs["papers"].summary
    assert "https://github.com/Someone/papers/settings/secrets/actions/new" in summary
    assert "GEMINI_API_KEY" in summary
    assert "四篇虚构的论文" in summary
    (post,) = hub.pages.glob("*/Diffusion_Models.brief.md")
    assert "虚构" in post.read_text("utf-8")
    assert hub.git("branch", "--list", "state") == ""
    assert posted_files(hub) == []
    assert gemini.calls == []


@pytest.mark.parametrize(
    ("now", "schedule", "secret", "mode"),
    [
        ("2026-07-07T06:40:00+00:00", SUMMER, True, "run"),
        ("2026-07-07T07:24:00+00:00", WINTER, True, "skip"),
        ("2026-11-24T06:24:00+00:00", SUMMER, True, "skip"),
        # Schedules may be late by hours.
        ("2026-11-24T11:59:00+00:00", WINTER, True, "run"),
        (MONDAY, "0 9 * * *", True, "run"),
        (MONDAY, WINTER, False, "skip"),
        (MONDAY, "", False, "demo"),
    ],
)
def test_a_night_is_run_once_in_summer_and_in_winter(
    hub: Hub, machine: Machine, now: str, schedule: str, secret: bool, mode: str
) -> None:
    machine.set_time(now)
    machine.write("chatpaper", "#!/bin/sh\nexit 1\n")
    if not secret:
        hub.secrets.clear()
    papers = hub.start(schedule).run_job("papers")
    assert papers.outputs["mode"] == mode


def test_nights_that_are_skipped_do_nothing_more(hub: Hub, machine: Machine) -> None:
    jobs = hub.start(SUMMER).finish()
    assert results(jobs) == QUIET_NIGHT | dict.fromkeys(("keep", "site", "deploy"), "skipped")
    assert machine.installed == ""
    assert jobs["papers"].summary == ""


@pytest.mark.parametrize("code", [0, 3, 4, 5, 7])
def test_exit_codes_after_which_the_next_night_goes_on_are_told_and_fail_nothing(
    hub: Hub, end_with: Callable[[int], None], code: int
) -> None:
    end_with(code)
    jobs = hub.start(WINTER).finish()
    assert results(jobs) == QUIET_NIGHT, logs(jobs)
    assert f"Exit code {code}" in jobs["papers"].summary


@pytest.mark.parametrize("code", [1, 2, 6, 137])
def test_other_exit_codes_fail_the_workflow_after_the_state_is_kept(
    hub: Hub, end_with: Callable[[int], None], code: int
) -> None:
    end_with(code)
    jobs = hub.start(WINTER).finish()
    assert (jobs["papers"].result, jobs["keep"].result) == ("success", "success"), logs(jobs)
    assert jobs["alarm"].result == "failure"
    assert f"::error::Exit code {code}." in jobs["alarm"].log
    assert "&lt;b&gt;what happened&lt;/b&gt;, and what to do" in jobs["papers"].summary
    assert hub.git("ls-tree", "--name-only", "state") == "chatpaper.db.gz"
    assert posted_files(hub) == ["posts/today.txt"]


def test_a_key_that_is_refused_fails_the_workflow_and_the_summary_says_so(hub: Hub) -> None:
    hub.secrets["GEMINI_API_KEY"] = "x7Kq92mPz40Lw"
    jobs = hub.start(WINTER).finish()
    assert jobs["alarm"].result == "failure", logs(jobs)
    assert "Exit code 2" in jobs["papers"].summary
    assert "API key" in jobs["papers"].summary
    assert "x7Kq92mPz40Lw" not in logs(jobs)


def test_a_night_without_arxiv_is_told_two_alarm_and_the_next_one_makes_up_for_them(
    hub: Hub, machine: Machine, arxiv: FakeArxiv
) -> None:
    arxiv.always(faults.status(503))
    jobs = hub.start(WINTER).finish()
    assert "Exit code 4" in jobs["papers"].summary, logs(jobs)
    assert jobs["alarm"].result == "skipped"
    machine.set_time(TUESDAY)
    jobs = hub.start(WINTER).finish()
    assert jobs["keep"].result == "success", logs(jobs)
    assert jobs["alarm"].result == "failure"
    assert "arXiv 没有应答" in jobs["papers"].summary
    arxiv.heal()
    machine.set_time(WEDNESDAY)
    jobs = hub.start(WINTER).finish()
    assert results(jobs) == QUIET_NIGHT, logs(jobs)
    assert "posts/2026-11-25/Diffusion_Models.brief.md" in posted_files(hub)


def test_what_the_owner_pushed_during_the_night_stays(
    hub: Hub, owner: Path, machine: Machine, end_with: Callable[[int], None]
) -> None:
    end_with(0)
    hub.start(WINTER).finish()
    machine.set_time(TUESDAY)
    end_with(0)
    run = hub.start(WINTER)
    run.run_job("papers")
    commands = (["fetch", "--quiet", "origin"], ["reset", "--quiet", "--hard", "origin/main"])
    for command in commands:
        subprocess.run(["git", *command], cwd=owner, check=True)
    settings, post = owner / "chatpaper.toml", owner / "posts" / "today.txt"
    settings.write_text(settings.read_text("utf-8").replace("Diffusion Models", "Sea ice"))
    post.write_text("My own words\n")
    commit_all(owner, "Follow sea ice")
    assert results(run.finish()) == QUIET_NIGHT, logs(run.jobs)
    assert "Sea ice" in hub.git("show", "main:chatpaper.toml")
    assert hub.git("show", "main:posts/today.txt") == "My own words"


def test_a_night_that_is_repeated_late_takes_nothing_back(
    hub: Hub, machine: Machine, end_with: Callable[[int], None]
) -> None:
    end_with(0)
    late = hub.start(WINTER)
    late.run_job("papers")
    machine.set_time(TUESDAY)
    end_with(0)
    assert results(hub.start(WINTER).finish()) == QUIET_NIGHT
    before = hub.git("for-each-ref")
    machine.set_time(MONDAY)
    assert late.run_job("keep").result == "failure"
    assert "were not kept" in late.jobs["keep"].log
    assert hub.git("for-each-ref") == before


@pytest.mark.parametrize(
    ("secrets", "variables", "backend", "model"),
    [
        (("GEMINI_API_KEY", "DEEPSEEK_API_KEY"), {}, "gemini", ""),
        (("DEEPSEEK_API_KEY",), {}, "deepseek", ""),
        (("SILICONFLOW_API_KEY",), {}, "siliconflow", "deepseek-ai/DeepSeek-V4-Flash"),
        (("SILICONFLOW_API_KEY",), {"CHATPAPER_MODEL": "a/b"}, "siliconflow", "a/b"),
        ((), {"CHATPAPER_BACKEND": "extractive"}, "extractive", ""),
    ],
)
def test_the_provider_follows_from_the_secret(
    hub: Hub,
    machine: Machine,
    secrets: tuple[str, ...],
    variables: dict[str, str],
    backend: str,
    model: str,
) -> None:
    hub.secrets = dict.fromkeys(secrets, "a-key")
    hub.variables = variables
    machine.write(
        "chatpaper",
        '#!/bin/sh\necho "$CHATPAPER_LLM__BACKEND: <$CHATPAPER_LLM__MODEL>" >&2\nexit 5\n',
    )
    papers = hub.start(WINTER).run_job("papers")
    assert f"{backend}: <{model}>\n" in papers.log


def test_what_is_typed_into_the_form_is_no_command(hub: Hub, machine: Machine) -> None:
    machine.write("chatpaper", '#!/bin/sh\nprintf "<%s>" "$@" >&2\n')
    topic = '$(touch pwned) `touch pwned`; touch pwned "'
    papers = hub.start(topic=topic, max_papers="--help").run_job("papers")
    assert f"<run><--json><--topic={topic}><--max-papers=--help>" in papers.log
    assert not list(hub.place.rglob("pwned"))


def test_a_damaged_database_does_not_take_the_place_of_a_sound_one(
    hub: Hub, machine: Machine, end_with: Callable[[int], None]
) -> None:
    end_with(0)
    hub.start(WINTER).finish()
    before = hub.git("for-each-ref")
    machine.write("chatpaper", "#!/bin/sh\necho damaged > state/chatpaper.db\n")
    jobs = hub.start(WINTER).finish()
    assert jobs["papers"].result == "failure"
    assert hub.git("for-each-ref") == before


@pytest.mark.sites
def test_the_site_of_the_demo_is_built_as_pages_show_it(hub: Hub, machine: Machine) -> None:
    hub.secrets.clear()
    machine.write("npm", f"#!/bin/sh\nln -s {node_modules('mkdocs')} node_modules\n")
    machine.write("mkdocs", f'#!/bin/sh\nexec {sys.executable} -m mkdocs "$@"\n')
    hub.machine["NO_MKDOCS_2_WARNING"] = "1"
    jobs = hub.start().finish()
    assert jobs["deploy"].result == "success", logs(jobs)
    (page,) = hub.pages.glob("*/Diffusion_Models.brief.html")
    assert "https://someone.github.io/papers/" in page.read_text("utf-8")
    assert (hub.pages / "katex" / "katex.min.js").is_file()
    assert (hub.pages / "index.html").is_file()
