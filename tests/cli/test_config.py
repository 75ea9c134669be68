"""`config show` tells of every setting what holds, and where it was set."""

import json
import tomllib
from typing import Any

import pytest

from tests.cli.conftest import Terminal
from tests.docs.reference_pages import REFERENCE

FILE = """
language = "en"
[llm]
base_url = "https://somebody:password@llm.example/hidden-key"
rpm = 3
rpd = 30
extra_parameters = {"thinking" = {"type" = "disabled"}}
[post]
json = "data"
[topics."World Models"]
phrases = ["world model"]
"""
KEY = "hidden-key"


def ask(terminal: Terminal, *arguments: str, **environment: str) -> dict[str, Any]:
    done = terminal.run("config", "show", "--json", *arguments, **environment)
    assert (done.exit_code, done.err) == (0, "")
    return {setting.pop("key"): setting for setting in done.report["settings"]}


def test_each_value_comes_with_where_it_was_set(terminal: Terminal) -> None:
    file = terminal.home / "chatpaper.toml"
    file.write_text(FILE, encoding="utf-8")
    shown = ask(
        terminal, "--model", "m-2", CHATPAPER_LLM__RPM="4", CHATPAPER_BUDGET='{"max_tokens": 9}'
    )
    origins = {
        key: (setting["value"], setting["origin"], setting["place"])
        for key, setting in shown.items()
        if setting["origin"] != "default" and not key.endswith("_dir")
    }
    assert origins == {
        "language": ("en", "file", str(file)),
        "llm.model": ("m-2", "flag", ""),
        "llm.base_url": ("https://llm.example/hidden-key", "file", str(file)),
        "llm.rpm": (4, "environment", "CHATPAPER_LLM__RPM"),
        "llm.rpd": (30, "file", str(file)),
        "llm.extra_parameters": ({"thinking": {"type": "disabled"}}, "file", str(file)),
        "budget.max_tokens": (9, "environment", "CHATPAPER_BUDGET"),
        "extract.workers": (1, "environment", "CHATPAPER_EXTRACT__WORKERS"),
        "post.json": ("data", "file", str(file)),
        'topics."World Models".phrases': (["world model"], "file", str(file)),
    }
    assert (shown["timezone"]["value"], shown["timezone"]["origin"]) == ("Asia/Shanghai", "default")


def test_all_settings_of_the_reference_are_shown(terminal: Terminal) -> None:
    reference = (REFERENCE / "settings.md").read_text("utf-8").splitlines()
    keys = [line.split("`")[1] for line in reference if line.startswith("| `")]
    assert [*ask(terminal)] == [key for key in keys if '"NAME"' not in key]


@pytest.mark.parametrize(
    ("variable", "key"),
    [
        ("GEMINI_API_KEY", "llm.api_key"),
        ("CHATPAPER_LLM__API_KEY", "llm.api_key"),
        ("CHATPAPER_LLM__FALLBACK_API_KEY", "llm.fallback_api_key"),
        ("CHATPAPER_WEB__PASSWORD", "web.password"),
        ("CHATPAPER_NOTIFY__URLS", "notify.urls"),
    ],
)
def test_secrets_are_never_shown(terminal: Terminal, variable: str, key: str) -> None:
    (terminal.home / "chatpaper.toml").write_text(FILE, encoding="utf-8")
    text = f'["{KEY}"]' if variable.endswith("URLS") else KEY
    done = terminal.run("config", "show", **{variable: text})
    assert f"{key} = set  # environment {variable}\n" in done.out
    assert KEY not in done.out
    assert "somebody" not in done.out
    printed = terminal.run("config", "show", "--json", **{variable: text})
    assert KEY not in printed.out
    found = {setting["key"]: setting for setting in json.loads(printed.out)["settings"]}
    assert (found[key]["value"], found[key]["is_secret"]) == ("set", True)
    assert {setting["value"] for setting in found.values() if setting["is_secret"]} == {
        "set",
        "not set",
    }


def test_what_is_set_is_printed_as_the_file_has_it(terminal: Terminal) -> None:
    (terminal.home / "chatpaper.toml").write_text(FILE, encoding="utf-8")
    lines = terminal.run("config", "show").out.splitlines()
    read = tomllib.loads("\n".join(line for line in lines if "# file" in line))
    assert read["topics"] == {"World Models": {"phrases": ["world model"]}}
    assert read["llm"]["extra_parameters"] == {"thinking": {"type": "disabled"}}
    assert "llm.tpm = none  # default" in lines


def test_settings_that_cannot_hold_are_refused_as_by_other_commands(terminal: Terminal) -> None:
    done = terminal.run("config", "show", CHATPAPER_LLM__RPM="0")
    assert (done.exit_code, done.out) == (2, "")
    assert "Setting llm.rpm" in done.err


@pytest.mark.parametrize(
    ("text", "environment", "told"),
    [
        ('foo = "x"', {}, "Unknown setting foo in {file}.\n"),
        ('langauge = "zh"', {}, "Unknown setting langauge in {file}. Did you mean language?\n"),
        ("", {"CHATPAPER_FOO": "1"}, "Unknown setting CHATPAPER_FOO in the environment.\n"),
        (
            "",
            {"CHATPAPER_LLM__MODLE": "x"},
            (
                "Unknown setting CHATPAPER_LLM__MODLE in the environment. "
                "Did you mean CHATPAPER_LLM__MODEL?\n"
            ),
        ),
    ],
)
def test_an_unknown_setting_is_named_as_it_was_written_with_a_near_one_alone(
    terminal: Terminal, text: str, environment: dict[str, str], told: str
) -> None:
    (terminal.home / "own.toml").write_text(text, encoding="utf-8")
    done = terminal.run("config", "show", "--config", "own.toml", **environment)
    assert done.exit_code == 2
    assert done.err == f"chatpaper: {told.format(file='own.toml')}"
