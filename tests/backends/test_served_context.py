"""The context of a server is what it says of the loaded model, wherever it says it."""

from typing import Any

import pytest

from chatpaper.backends import BackendSettings, ask_context_tokens
from tests.fakes.openai import FakeOpenAI

MODEL = "fake-chat"


def listed(**members: Any) -> dict[str, Any]:
    return {
        "/v1/models": {
            "object": "list",
            "data": [{"id": "other", "max_model_len": 512}, {"id": MODEL} | members],
        }
    }


SAYS: dict[str, tuple[dict[str, Any], int | None]] = {
    "nothing": ({}, None),
    "vLLM": (listed(max_model_len=16_384), 16_384),
    "OpenRouter": (listed(context_length=131_072), 131_072),
    "Groq": (listed(context_window=8192), 8192),
    "llama.cpp's listing": (listed(meta={"n_ctx_train": 131_072, "n_ctx": 4096}), 4096),
    "one model under another name": (
        {"/v1/models": {"data": [{"id": "/m/a.gguf", "max_model_len": 4096}]}},
        4096,
    ),
    "Ollama, loaded": (
        {"/api/ps": {"models": [{"name": f"{MODEL}:latest", "context_length": 4096}]}},
        4096,
    ),
    "Ollama, another loaded": (
        {"/api/ps": {"models": [{"name": "b:7b", "context_length": 4096}]}},
        None,
    ),
    "Ollama, chosen": (
        {"/api/show": {"parameters": 'stop "<|end|>"\nnum_ctx                        8192'}},
        8192,
    ),
    "Ollama, its default": (
        {"/api/show": {"parameters": "temperature 0", "model_info": {"x.context_length": 9}}},
        None,
    ),
    "llama.cpp": ({"/props": {"default_generation_settings": {"n_ctx": 4096}}}, 4096),
    "no number": (listed(max_model_len="many", context_length=None, context_window=True), None),
    "no list": (
        {"/v1/models": {"data": "none"}, "/api/ps": [], "/api/show": "?", "/props": {}},
        None,
    ),
}


@pytest.mark.parametrize(("tells", "expected"), SAYS.values(), ids=SAYS.keys())
def test_what_a_server_says_of_its_context_is_read(
    tells: dict[str, Any], expected: int | None
) -> None:
    with FakeOpenAI(tells=tells) as server:
        assert ask_context_tokens("ollama", BackendSettings(MODEL, server.base_url)) == expected
        assert server.calls == []


def test_services_that_say_nothing_are_not_asked() -> None:
    assert ask_context_tokens("gemini", BackendSettings(api_key="k" * 20)) is None


def test_a_server_that_is_not_there_says_nothing() -> None:
    assert ask_context_tokens("vllm", BackendSettings(MODEL, "http://127.0.0.1:9/v1")) is None
