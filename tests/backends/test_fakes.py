"""The fake servers are what they stand for: the real clients' other calls work on them too."""

import subprocess
import sys

import pytest
import requests
from google import genai
from google.genai import types

from tests.fakes.gemini import MODELS, VALID_KEY, FakeGemini
from tests.fakes.openai import FakeOpenAI


def post(server: FakeGemini, path: str, body: object) -> requests.Response:
    return requests.post(
        server.url + path, json=body, headers={"x-goog-api-key": VALID_KEY}, timeout=5
    )


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_models_and_tokens_can_be_asked_for(version: str) -> None:
    with FakeGemini() as server:
        options = types.HttpOptions(base_url=server.url, api_version=version)
        client = genai.Client(api_key=VALID_KEY, http_options=options)
        names = [model.name for model in client.models.list()]
        assert names == [f"models/{name}" for name in MODELS]
        limit = client.models.get(model=MODELS[0]).input_token_limit
        assert limit == 1_048_576
        assert (
            client.models.count_tokens(model=MODELS[0], contents="twelve chars").total_tokens == 3
        )


def test_both_spellings_of_names_are_understood() -> None:
    contents = [{"role": "user", "parts": [{"text": "<<<PAPER a>>>\nA paper.\n<<<END PAPER a>>>"}]}]
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    camel = {"contents": contents, "generationConfig": {"responseJsonSchema": schema}}
    snake = {"contents": contents, "generation_config": {"response_json_schema": schema}}
    with FakeGemini() as server:
        path = f"/v1beta/models/{MODELS[0]}:generateContent"
        assert post(server, path, camel).json() == post(server, path, snake).json()
        assert (
            post(server, path, camel)
            .json()["candidates"][0]["content"]["parts"][0]["text"]
            .startswith('{"a": ')
        )


def test_a_body_may_come_in_chunks() -> None:
    with FakeGemini() as server:
        chunks = iter([b'{"contents": [{"parts": ', b'[{"text": "twelve chars"}]}]}'])
        url = f"{server.url}/v1/models/{MODELS[0]}:countTokens"
        response = requests.post(url, data=chunks, headers={"x-goog-api-key": VALID_KEY}, timeout=5)
        assert response.json()["totalTokens"] == 3


def test_thinking_is_bounded_in_one_way_only() -> None:
    contents = [{"parts": [{"text": "hello"}]}]
    both = {"thinkingConfig": {"thinking_level": "LOW", "thinkingBudget": 0}}
    with FakeGemini() as server:
        path = f"/v1/models/{MODELS[0]}:generateContent"
        assert (
            post(server, path, {"contents": contents, "generationConfig": both}).status_code == 400
        )


def test_an_answer_longer_than_its_bound_is_cut_off() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    config = {"responseJsonSchema": schema, "maxOutputTokens": 2}
    with FakeGemini() as server:
        body = {"contents": [{"parts": [{"text": "hello"}]}], "generationConfig": config}
        candidate = post(server, f"/v1/models/{MODELS[0]}:generateContent", body).json()[
            "candidates"
        ][0]
        assert candidate["finishReason"] == "MAX_TOKENS"
        assert len(candidate["content"]["parts"][0]["text"]) == 8


def test_json_must_be_named_to_be_had() -> None:
    body = {"model": "fake-chat", "response_format": {"type": "json_object"}}
    with FakeOpenAI() as server:
        url = f"{server.base_url}/chat/completions"
        unnamed = body | {"messages": [{"role": "user", "content": "hello"}]}
        assert requests.post(url, json=unnamed, timeout=5).status_code == 400
        named = body | {"messages": [{"role": "user", "content": "hello, as JSON"}]}
        assert requests.post(url, json=named, timeout=5).status_code == 200


@pytest.mark.parametrize("module", ["tests.fakes.gemini", "tests.fakes.openai"])
def test_each_runs_by_itself(module: str) -> None:
    process = subprocess.Popen([sys.executable, "-m", module], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        with process.stdout as printed:
            url = printed.readline().strip()
        assert (
            requests.get(
                f"{url}/v1/models", headers={"x-goog-api-key": VALID_KEY}, timeout=5
            ).status_code
            == 200
        )
    finally:
        process.terminate()
        process.wait(timeout=10)
