"""The examples work as they stand: settings load, schedules and units parse, workflows hold together."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from chatpaper.config import load_settings
from chatpaper.fetch.topics import topic_named

EXAMPLES = Path(__file__).parent.parent / "examples"
# minute hour day month weekday command
CRON_LINE = re.compile(r"([\d*,/-]+\s+){4}[\d*,/-]+\s+\S.*")


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(EXAMPLES / "systemd" / name, encoding="utf-8")
    return parser


def test_the_settings_load_and_their_topics_are_known() -> None:
    settings = load_settings(EXAMPLES / "chatpaper.toml", {})
    topics = [topic_named(name, settings.user_topics) for name in settings.run.topics]
    assert [topic.name for topic in topics] == ["Diffusion Models", "Sea ice"]
    assert "sea ice" in topics[1].phrases


def test_the_crontab_has_one_schedule_with_a_lock_a_time_limit_and_a_log() -> None:
    lines = [line for line in (EXAMPLES / "crontab").read_text("utf-8").splitlines() if line and line[0] != "#"]
    (schedule,) = [line for line in lines if not re.match(r"[A-Z_]+=", line)]
    assert CRON_LINE.fullmatch(schedule)
    assert "timeout --signal=TERM" in schedule
    assert ">> log/" in schedule
    # cron reads % as a line break.
    assert "%" not in schedule


def test_the_service_runs_chatpaper_and_takes_queued_papers_for_a_success() -> None:
    service = unit("chatpaper.service")
    assert service["Service"]["ExecStart"].endswith("chatpaper -v --log-format json run")
    assert service["Service"]["SuccessExitStatus"] == "3 5"
    assert unit("chatpaper.timer")["Timer"]["Persistent"] == "true"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_systemd_accepts_the_schedule() -> None:
    calendar = unit("chatpaper.timer")["Timer"]["OnCalendar"]
    assert subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True).returncode == 0


def test_the_workflow_keeps_the_state_between_nights_and_the_key_out_of_its_text() -> None:
    workflow = yaml.safe_load((EXAMPLES / "github-actions" / "chatpaper.yml").read_text("utf-8"))
    steps = {step.get("name") or step["uses"]: step for step in workflow["jobs"]["run"]["steps"]}
    assert ".state" in steps["actions/cache@v4"]["with"]["path"]
    assert steps["Run"]["env"]["CHATPAPER_STATE_DIR"] == ".state"
    assert steps["Run"]["env"]["GEMINI_API_KEY"] == "${{ secrets.GEMINI_API_KEY }}"
    # GitHub reads `on` as YAML 1.1 does: true.
    assert workflow[True]["schedule"]
    assert workflow["concurrency"]["cancel-in-progress"] is False
