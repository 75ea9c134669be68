"""Backends are chosen by name, and their libraries loaded no sooner than that."""

import subprocess
import sys
from importlib import import_module

import pytest

from chatpaper.backends import BackendSettings, check_backend, create_backend
from chatpaper.backends.registry import MODULES
from chatpaper.domain.errors import ConfigError


def test_an_unknown_name_leads_to_the_nearest() -> None:
    with pytest.raises(ConfigError, match="unknown backend 'gemni'; did you mean 'gemini'"):
        create_backend("gemni", BackendSettings())
    with pytest.raises(
        ConfigError, match="there are: deepseek, demo, gemini, google_generativeai, kimi, "
    ):
        check_backend("zzz", BackendSettings())


def test_a_library_that_is_not_installed_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "chatpaper.backends.openai", raising=False)
    monkeypatch.setitem(sys.modules, "openai", None)
    for name in ("openai", "deepseek", "ollama"):
        with pytest.raises(
            ConfigError, match=rf"the backend '{name}' needs .* pip install 'chatpaper\[openai\]'"
        ):
            create_backend(name, BackendSettings())


def test_no_library_of_a_service_is_loaded_before_it_is_asked_for() -> None:
    code = (
        "import sys, chatpaper.backends, chatpaper.summarize, chatpaper.backends.decorators.retry\n"
        "print(sorted({'openai', 'google.genai', 'google.generativeai', 'bm25s', 'genai_prices'} & "
        "set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert printed.strip() == "[]"


def test_an_unsupported_library_is_used_without_its_warnings() -> None:
    code = (
        "from chatpaper.backends import BackendSettings, create_backend\n"
        "create_backend('google_generativeai', BackendSettings(api_key='k'))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr == ""


def test_settings_do_not_show_the_key() -> None:
    assert "secret" not in repr(BackendSettings(api_key="secret"))


def test_every_backend_of_the_registry_has_its_file() -> None:
    for path in MODULES.values():
        module = import_module(path)
        assert callable(module.create)
        assert callable(module.check)
