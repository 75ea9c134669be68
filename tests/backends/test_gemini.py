"""Gemini is asked for nothing that it has deprecated, and thinks only as far as there is room.

There must be room left for the answer.
"""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from chatpaper.backends import BackendSettings, create_backend
from tests.backends.asking import MAX_OUTPUT_TOKENS, a_prompt
from tests.fakes.gemini import MODELS, VALID_KEY, FakeGemini, finished


@pytest.fixture
def server() -> Iterator[FakeGemini]:
    with FakeGemini() as fake:
        yield fake


def ask(server: FakeGemini, **settings: Any) -> dict[str, Any]:
    """Return the generation config of one call."""
    backend = create_backend(
        "gemini", BackendSettings(base_url=server.url, api_key=VALID_KEY, **settings)
    )
    backend.complete(a_prompt())
    config: dict[str, Any] = server.calls[-1].body["generationConfig"]
    return config


def test_the_default_model_is_a_cheap_current_one(server: FakeGemini) -> None:
    ask(server)
    assert server.calls[0].path == "/v1/models/gemini-3.5-flash-lite:generateContent"


@pytest.mark.parametrize("model", MODELS)
def test_sampling_is_left_to_the_model(server: FakeGemini, model: str) -> None:
    config = ask(server, model=model)
    assert {"temperature", "topP", "topK", "candidateCount", "seed"}.isdisjoint(config)


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        ("gemini-3.5-flash-lite", {"thinking_level": "LOW"}),
        ("gemini-3.8-flash", {"thinking_level": "LOW"}),
        ("gemini-2.5-flash", {"thinking_budget": 1024}),
        ("gemma-4-31b-it", None),
    ],
)
def test_thinking_is_bounded_in_the_way_that_the_model_knows(
    server: FakeGemini, model: str, thinking: object
) -> None:
    config = ask(server, model=model)
    assert config.get("thinkingConfig") == thinking
    allowance = config["maxOutputTokens"] - MAX_OUTPUT_TOKENS
    assert allowance >= 1024 if thinking else allowance == 0


def test_the_answer_is_bound_to_the_schema(server: FakeGemini) -> None:
    config = ask(server)
    assert config["responseMimeType"] == "application/json"
    assert config["responseJsonSchema"] == a_prompt().schema


def test_the_key_travels_in_a_header_only(server: FakeGemini) -> None:
    ask(server)
    request = server.calls[0]
    assert request.headers["x-goog-api-key"] == VALID_KEY
    assert VALID_KEY not in request.path
    assert VALID_KEY not in str(request.body)


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_both_versions_of_the_service_are_spoken(server: FakeGemini, version: str) -> None:
    ask(server, api_version=version)
    assert server.calls[0].path.startswith(f"/{version}/")


def test_a_model_may_be_named_as_the_service_names_it(server: FakeGemini) -> None:
    ask(server, model="models/gemini-3.5-flash")
    assert server.calls[0].path == "/v1/models/gemini-3.5-flash:generateContent"


def test_thoughts_are_no_part_of_the_answer_but_of_the_bill(server: FakeGemini) -> None:
    answered = finished("STOP", '{"a": "b"}', thoughts=500)
    body = dict(answered.body)
    parts = body["candidates"][0]["content"]["parts"]
    parts.insert(0, {"text": "Let me think.", "thought": True})
    server.script(dataclasses.replace(answered, body=body, chunked=True))
    backend = create_backend("gemini", BackendSettings(base_url=server.url, api_key=VALID_KEY))
    completion = backend.complete(a_prompt())
    assert completion.text == '{"a": "b"}'
    assert completion.output_tokens >= 500


def test_the_environment_does_not_change_what_was_set(
    server: FakeGemini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "another-key")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:9")
    ask(server)
    assert server.calls[0].headers["x-goog-api-key"] == VALID_KEY
