"""The lines of the example crontab, run as cron's shell would run them."""

import re
import shlex
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import Terminal, submitted
from tests.fakes import arxiv_faults as faults
from tests.fakes.arxiv import FakeArxiv

CRONTAB = Path(__file__).parents[2] / "examples" / "crontab"
# minute hour day month weekday command
CRON_LINE = re.compile(r"(?:[\d*,/-]+\s+){5}(\S.*)")


@dataclass(frozen=True)
class Cron:
    """Runs lines as cron does: with its shell, in the home folder, with next to no environment."""

    home: Path
    lines: tuple[str, ...]
    variables: dict[str, str]

    def run(self, line: str) -> tuple[str, str]:
        """Return what the line prints, which cron would mail, and what it logged."""
        environment = {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "LOGNAME": "lab",
        } | self.variables
        done = subprocess.run(
            [self.variables["SHELL"], "-c", line],
            cwd=self.home,
            env=environment,
            capture_output=True,
            text=True,
        )
        log = self.home / "chatpaper" / "log" / "chatpaper.log"
        return done.stdout + done.stderr, log.read_text("utf-8") if log.exists() else ""


@pytest.fixture
def cron(online: Terminal) -> Cron:
    folder = online.home / "chatpaper"
    program = folder / ".venv" / "bin" / "chatpaper"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.join(online.as_program())} "$@"\n')
    program.chmod(0o755)
    (folder / "chatpaper.toml").write_text('[run]\ntopics = ["Diffusion Models"]\n')
    given = {name: value for name, value in online.environment.items() if name != "HOME"}
    (folder / ".env").write_text(
        "".join(f"{name}={shlex.quote(value)}\n" for name, value in given.items())
    )
    lines = [
        line
        for line in CRONTAB.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    variables = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    commands = [found[1] for line in lines if (found := CRON_LINE.fullmatch(line))]
    assert len(commands) + len(variables) == len(lines)
    return Cron(online.home, tuple(commands), variables)


def test_the_nightly_line_publishes_logs_and_mails_nothing_and_status_is_silent(
    cron: Cron, arxiv: FakeArxiv
) -> None:
    night, status, rotation = cron.lines
    # cron reads % as a line break.
    assert not any("%" in line for line in cron.lines)
    submitted(arxiv, timedelta(hours=1))
    mail, log = cron.run(night)
    assert mail == "", log
    assert "Diffusion Models: 3 found, 3 published" in log
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    assert (cron.home / "chatpaper" / "posts" / today / "Diffusion_Models.md").is_file()
    assert cron.run(status)[0] == ""
    assert cron.run(rotation) == ("", "")
    assert "Diffusion Models" in (cron.home / "chatpaper" / "log" / "chatpaper.log.1").read_text(
        "utf-8"
    )
    arxiv.always(faults.status(503))
    mail, log = cron.run(night)
    assert mail == "chatpaper ended with exit code 4; see log/chatpaper.log\n"
    assert "HTTP 503" in log
    assert "ALERT" in cron.run(f"export CHATPAPER_ALERTS__FAULTY_NIGHTS=1; {status}")[0]


def test_a_night_that_hangs_is_asked_to_stop(cron: Cron) -> None:
    program = cron.home / "chatpaper" / ".venv" / "bin" / "chatpaper"
    program.write_text("#!/bin/bash\ntrap 'echo stopped; exit 5' TERM\nsleep 30 &\nwait\n")
    assert re.search(r"timeout --signal=TERM --kill-after=\d+m 4h ", cron.lines[0])
    mail, log = cron.run(cron.lines[0].replace(" 4h ", " 0.3s "))
    assert log == "stopped\n"
    assert "exit code" in mail
