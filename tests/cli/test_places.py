"""Real machines: proxies, narrow encodings, closed streams, no home, files of other editors."""

import json
import os
import shlex
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from tests.cli.conftest import TONIGHT, Terminal
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.socks import FakeSocks

RUN = ("run", "--topic", "Diffusion Models", "--date", TONIGHT)


def address_of(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 80)


def through_one_proxy(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini, **setting: str
) -> list[str]:
    """Run with hosts that only a proxy knows, and return the names that the proxies were asked."""
    arxiv_host, gemini_host = "http://arxiv.invalid", "http://gemini.invalid"
    online.environment |= {
        name: value.replace(arxiv.url, arxiv_host)
        for name, value in online.environment.items()
        if "ARXIV" in name
    }
    online.environment["CHATPAPER_LLM__BASE_URL"] = gemini_host
    with FakeSocks(address_of(arxiv.url)) as socks:
        found = online.run(
            "topics", "show", "Diffusion Models", **dict.fromkeys(setting, socks.address)
        )
    assert found.exit_code == 0, found.err
    with FakeSocks(address_of(gemini.url)) as other:
        doctor = online.run("doctor", **dict.fromkeys(setting, other.address))
    assert "ok   backend" in doctor.out, doctor.out
    return sorted({*socks.asked, *other.asked})


@pytest.mark.parametrize("variable", ["ALL_PROXY", "CHATPAPER_NETWORK__PROXY"])
def test_services_are_reached_through_a_socks_proxy(
    online: Terminal, arxiv: FakeArxiv, gemini: FakeGemini, variable: str
) -> None:
    asked = through_one_proxy(online, arxiv, gemini, **{variable: ""})
    assert {"gemini.invalid", "arxiv.invalid"} <= set(asked)


def test_this_machine_is_reached_without_the_proxy(online: Terminal) -> None:
    done = online.run(*RUN, CHATPAPER_NETWORK__PROXY="socks5://127.0.0.1:9")
    assert done.exit_code == 0, done.err


def test_a_proxy_that_is_none_is_refused_before_anything_is_asked(online: Terminal) -> None:
    refused = online.run(*RUN, CHATPAPER_NETWORK__PROXY="127.0.0.1:7890")
    assert refused.exit_code == 2
    assert "network.proxy: must be an address such as socks5://127.0.0.1:7890" in refused.err


def test_a_proxy_of_the_environment_that_nothing_knows_is_named(online: Terminal) -> None:
    refused = online.run("doctor", ALL_PROXY="socks9://127.0.0.1:7890", NO_PROXY="")
    assert refused.exit_code == 2
    assert "ALL_PROXY names a proxy of the kind 'socks9'; there are http" in refused.err


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "ascii"])
def test_a_narrow_encoding_costs_no_report(
    online: Terminal, arxiv: FakeArxiv, encoding: str
) -> None:
    settings = '[topics."医学图像"]\nphrases = ["Diffusion Model"]\n'
    (online.home / "chatpaper.toml").write_text(settings, encoding="utf-8")
    command = (
        "run",
        "--topic",
        "医学图像",
        "--topic",
        "Diffusion Models",
        "--date",
        TONIGHT,
        "--json",
    )
    told = online.run(*command, PYTHONIOENCODING=encoding)
    assert told.exit_code == 0, told.err
    report = json.loads(told.out)
    assert [topic["name"] for topic in report["topics"]] == ["医学图像", "Diffusion Models"]


def run_without(online: Terminal, closed: str) -> "subprocess.CompletedProcess[str]":
    """Run with the streams of these numbers closed."""
    closing = " ".join(f"{number}<&-" for number in closed.split())
    # One of them with all that happens at the start of Python itself.
    program = online.program if closed == "2" else online.as_program()
    line = f"exec {shlex.join([*program, *RUN])} {closing}"
    return subprocess.run(
        ["sh", "-c", line],
        cwd=online.home,
        env=online.variables({}),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("closed", ["1", "2", "0 1 2"])
def test_closed_streams_stop_no_run(online: Terminal, closed: str) -> None:
    done = run_without(online, closed)
    assert done.returncode == 0, done.stderr
    assert (online.posts / TONIGHT / "Diffusion_Models.md").is_file()


def test_a_user_without_a_home_folder_is_told_what_to_set() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can start a process as a user that does not exist")
    done = status_without_home()
    assert done.returncode == 2, done.stderr
    assert "This user has no home folder: set" in done.stderr


def status_without_home() -> "subprocess.CompletedProcess[str]":
    """Run `status` as a user that does not exist."""
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    # What is loaded before it becomes somebody else need not be readable to them.
    program = (
        "import os, sys, chatpaper.app.settings, chatpaper.cli.status; "
        "from chatpaper.cli import main;"
        "os.setuid(54321); sys.argv = ['chatpaper', 'status']; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", program], env=variables, cwd="/", capture_output=True, text=True
    )


def test_a_file_of_certificates_that_is_missing_is_named(online: Terminal) -> None:
    told = online.run(
        "doctor", SSL_CERT_FILE="/nowhere/ca.pem", REQUESTS_CA_BUNDLE="/nowhere/ca.pem"
    )
    assert told.exit_code == 2
    assert (
        told.err == "chatpaper: SSL_CERT_FILE names /nowhere/ca.pem, which is not there: "
        "correct it, or unset it.\n"
    )
