"""Providers are chosen by name.

A preset says where they are and how they are asked; the rest is left to the settings.
"""

from typing import Any

import pytest

from chatpaper.app.settings import load_settings
from chatpaper.backends import BackendSettings, RequestParameters, check_backend, create_backend
from chatpaper.backends.compatible.presets import PRESETS
from chatpaper.domain import Completion
from chatpaper.domain.errors import ConfigError
from chatpaper.summarize.cost.prices import compute_cost_usd, get_context_tokens
from tests.backends.asking import a_prompt
from tests.fakes.openai import FakeOpenAI

BODIES: dict[str, dict[str, Any]] = {
    "openai": {"response_format": "json_schema"},
    "deepseek": {"response_format": "json_object", "thinking": {"type": "disabled"}},
    "kimi": {"response_format": "json_object"},
    "qwen": {"response_format": "json_object", "enable_thinking": False},
    "zhipu": {"response_format": "json_object", "thinking": {"type": "disabled"}},
    "siliconflow": {"response_format": "json_object"},
    "ollama": {"response_format": "json_schema"},
    "vllm": {"response_format": "json_schema"},
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_server_is_asked_at_once_as_it_can_answer(name: str) -> None:
    with FakeOpenAI(key="k") as server:
        backend = create_backend(
            name, BackendSettings(base_url=server.base_url, model="fake-chat", api_key="k")
        )
        assert backend.complete(a_prompt()).text
        (call,) = server.calls
    told = {
        key: value
        for key, value in call.body.items()
        if key not in ("model", "messages", "max_tokens")
    }
    told["response_format"] = told["response_format"]["type"]
    assert (backend.name, told) == (name, BODIES[name])


def test_what_the_settings_say_of_a_parameter_holds() -> None:
    with FakeOpenAI() as server:
        settings = BackendSettings(
            base_url=server.base_url,
            model="fake-chat",
            parameters=RequestParameters(extra={"enable_thinking": True}),
        )
        create_backend("qwen", settings).complete(a_prompt())
        assert server.calls[0].body["enable_thinking"] is True


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.needs_key])
def test_a_provider_without_a_key_names_the_variable_of_its_own(name: str) -> None:
    with pytest.raises(ConfigError, match=PRESETS[name].key_variables[0]):
        create_backend(name, BackendSettings(model="m"))


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if not preset.model])
def test_where_models_come_and_go_the_model_is_asked_for(name: str) -> None:
    with pytest.raises(
        ConfigError, match=rf"the {name} backend has no model of its own: set llm\.model"
    ):
        create_backend(name, BackendSettings(api_key="k"))


@pytest.mark.parametrize(
    ("backend", "variable"),
    [
        ("openai", "OPENAI_API_KEY"),
        ("deepseek", "DEEPSEEK_API_KEY"),
        ("kimi", "MOONSHOT_API_KEY"),
        ("qwen", "DASHSCOPE_API_KEY"),
        ("zhipu", "ZHIPUAI_API_KEY"),
        ("siliconflow", "SILICONFLOW_API_KEY"),
    ],
)
def test_each_key_is_found_where_its_makers_look_for_it(
    backend: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for preset in PRESETS.values():
        for name in preset.key_variables:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "for-openai")
    monkeypatch.setenv(variable, "the-key")
    assert load_settings(None, {"llm": {"backend": backend}}).api_key == "the-key"


@pytest.mark.parametrize(
    ("wrong", "near"), [("deepsek", "deepseek"), ("Qwen", "qwen"), ("olama", "ollama")]
)
def test_a_name_typed_wrongly_is_answered_with_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(ConfigError, match=f"unknown backend '{wrong}'; did you mean '{near}'"):
        load_settings(None, {"llm": {"backend": wrong}})


def test_doctor_asks_the_server_of_a_preset() -> None:
    with FakeOpenAI() as server:
        assert "fake-chat" in check_backend(
            "ollama", BackendSettings(base_url=server.base_url, model="fake-chat")
        )


@pytest.mark.parametrize(
    ("backend", "model", "tokens"),
    [
        ("deepseek", "deepseek-v4-flash", 1_000_000),
        ("qwen", "qwen-plus", 128_000),
        ("kimi", "a-model-of-tomorrow", 128_000),
        ("ollama", "a-model-of-mine", 32_768),
    ],
)
def test_the_context_of_a_model_is_that_of_the_table_else_what_its_provider_gives(
    backend: str, model: str, tokens: int
) -> None:
    assert get_context_tokens(backend, model) == tokens


def test_the_price_of_a_preset_is_that_of_its_provider() -> None:
    assert compute_cost_usd("deepseek", Completion("", "deepseek-v4-flash", 1_000_000, 0))
    assert compute_cost_usd("ollama", Completion("", "a-model-of-mine", 1_000_000, 0)) is None
