"""Servers differ: what each of them refuses is found out once, and local ones want no key."""

from dataclasses import replace
from typing import Any

import pytest

from chatpaper.backends import BackendSettings, RequestParameters, check_backend, create_backend
from chatpaper.backends.compatible.schema import FEWEST_SENTENCES
from chatpaper.backends.credentials import is_local
from chatpaper.domain.errors import (
    BackendRejectedError,
    BackendUnavailableError,
    BadCompletionError,
    ConfigError,
)
from chatpaper.domain.text.prose import split_page_text
from tests.backends.asking import MAX_OUTPUT_TOKENS, a_prompt
from tests.fakes.loopback import Reply
from tests.fakes.openai import FakeOpenAI, Shape, choice, error


def settings(server: FakeOpenAI, **others: Any) -> BackendSettings:
    stated: dict[str, Any] = {"base_url": server.base_url, "model": "fake-chat"} | others
    return BackendSettings(**stated)


def shapes(server: FakeOpenAI) -> list[str]:
    return [(call.body.get("response_format") or {"type": "text"})["type"] for call in server.calls]


@pytest.mark.parametrize(
    ("supports", "asked"),
    [
        (("json_schema",), ["json_schema", "json_schema"]),
        (("json_object",), ["json_schema", "json_object", "json_object"]),
        (("text",), ["json_schema", "json_object", "text", "text"]),
    ],
)
def test_the_strictest_shape_that_a_server_knows_is_found_once(
    supports: tuple[Shape, ...], asked: list[str]
) -> None:
    with FakeOpenAI(supports=supports) as server:
        backend = create_backend("openai", settings(server))
        backend.complete(a_prompt())
        backend.complete(a_prompt())
        assert shapes(server) == asked


def test_what_only_this_server_knows_is_sent_as_it_stands() -> None:
    known = {"dry_multiplier": 0.8, "dry_allowed_length": 12}
    with FakeOpenAI() as server:
        create_backend("openai", settings(server)).complete(a_prompt())
        chosen = replace(settings(server), parameters=RequestParameters(extra=known))
        create_backend("openai", chosen).complete(a_prompt())
        without, with_them = (call.body for call in server.calls)
    assert with_them == without | known


def test_a_local_server_may_quote_nothing_but_sentences_of_the_paper() -> None:
    with FakeOpenAI() as server:
        create_backend("openai", settings(server)).complete(a_prompt())
        body = server.calls[0].body
    claim = body["response_format"]["json_schema"]["schema"]["properties"]["key_takeaways"][
        "items"
    ]["properties"]
    prompt = " ".join(split_page_text(body["messages"][1]["content"]))
    assert len(claim["quote"]["enum"]) >= FEWEST_SENTENCES
    assert all(sentence in prompt for sentence in claim["quote"]["enum"])


def test_a_server_that_knows_none_is_refused_in_the_end() -> None:
    with FakeOpenAI(supports=()) as server:
        with pytest.raises(BackendRejectedError, match="response_format"):
            create_backend("openai", settings(server)).complete(a_prompt())
        assert len(server.calls) == 3


def test_what_has_another_reason_is_not_taken_for_a_refusal_of_the_schema() -> None:
    with FakeOpenAI() as server:
        server.script(error(400, "Model Not Exist"))
        with pytest.raises(BackendRejectedError, match="it offers fake-chat, fake-reasoner"):
            create_backend("openai", settings(server)).complete(a_prompt())
        assert len(server.calls) == 1


def test_the_schema_is_in_the_text_where_nothing_else_binds_the_answer() -> None:
    with FakeOpenAI(supports=("text",)) as server:
        create_backend("openai", settings(server)).complete(a_prompt())
        strict, _, loose = (call.body["messages"][0]["content"] for call in server.calls)
        assert "JSON schema" not in strict
        assert loose.startswith(strict), "the constant part stays first"
        assert '"required"' in loose


def test_sampling_is_left_to_the_model_and_the_length_is_bounded() -> None:
    with FakeOpenAI() as server:
        create_backend("openai", settings(server)).complete(a_prompt())
        body = server.calls[0].body
        assert set(body) == {"model", "messages", "max_tokens", "response_format"}
        assert body["max_tokens"] == MAX_OUTPUT_TOKENS
        assert body["response_format"]["json_schema"]["strict"] is True


def test_a_model_that_thinks_gets_room_for_it_from_then_on() -> None:
    with FakeOpenAI() as server:
        backend = create_backend("openai", settings(server, model="fake-reasoner"))
        server.script(
            choice("", "length", reasoning_content="Let me think about this for a long time.")
        )
        with pytest.raises(BadCompletionError):
            backend.complete(a_prompt())
        backend.complete(a_prompt())
        first, second = (call.body["max_tokens"] for call in server.calls)
        assert second >= first + 8000


@pytest.mark.parametrize("named", ["/srv/models/small.gguf", "small.gguf"])
def test_the_path_of_a_local_model_is_nobodys_business(named: str) -> None:
    with FakeOpenAI() as server:
        body = choice('{"a": "b"}').body | {"model": named}
        server.script(Reply(body=body))
        assert create_backend("openai", settings(server)).complete(a_prompt()).model == "small.gguf"


def test_tokens_from_the_cache_are_told_in_the_words_of_any_server() -> None:
    usage = {"prompt_tokens": 90, "completion_tokens": 9}
    with FakeOpenAI() as server:
        backend = create_backend("openai", settings(server))
        for cached in (
            {"prompt_tokens_details": {"cached_tokens": 70}},
            {"prompt_cache_hit_tokens": 70},
        ):
            server.script(Reply(body=choice("{}").body | {"usage": usage | cached}))
            completion = backend.complete(a_prompt())
            assert (completion.input_tokens, completion.output_tokens) == (90, 9)
            assert completion.cached_input_tokens == 70


def test_a_server_that_tells_no_usage_is_served_all_the_same() -> None:
    with FakeOpenAI() as server:
        server.script(Reply(body={"choices": [{"message": {"content": "{}"}}]}))
        completion = create_backend("openai", settings(server)).complete(a_prompt())
        assert (completion.text, completion.model, completion.input_tokens) == (
            "{}",
            "fake-chat",
            0,
        )


def test_the_key_is_sent_where_there_is_one() -> None:
    with FakeOpenAI(key="secret") as server:
        create_backend("openai", settings(server, api_key="secret")).complete(a_prompt())
        assert server.calls[0].headers["authorization"] == "Bearer secret"


@pytest.mark.parametrize("base_url", ["", "https://api.deepseek.com"])
def test_public_servers_want_a_key(base_url: str) -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        create_backend("openai", BackendSettings(model="some-model", base_url=base_url))


def test_there_is_no_default_model() -> None:
    with pytest.raises(ConfigError, match=r"llm\.model"):
        create_backend("openai", BackendSettings(api_key="k"))


@pytest.mark.parametrize(
    ("base_url", "local"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://192.168.0.7:8000/v1", True),
        ("http://gpu-box:8000/v1", True),
        ("http://gpu.lan/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://8.8.8.8/v1", False),
    ],
)
def test_local_servers_are_told_by_their_address(base_url: str, local: bool) -> None:
    assert is_local(base_url) is local


def test_doctor_hears_what_a_local_server_offers_whatever_the_model_is_called() -> None:
    with FakeOpenAI() as server:
        assert check_backend("openai", settings(server, model="mine")) == (
            "the server answers; it offers fake-chat, fake-reasoner"
        )


def test_a_slow_server_leads_to_the_setting_that_waits_longer() -> None:
    with FakeOpenAI() as server:
        server.script(Reply(pause_seconds=1.0, body={}))
        with pytest.raises(BackendUnavailableError, match=r"llm\.timeout_seconds"):
            create_backend("openai", settings(server, timeout_seconds=0.2)).complete(a_prompt())
