"""What a server refuses is asked differently, and is not asked again for the rest of the run.

It is reported once.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.backends import Backend, BackendSettings, RequestParameters, create_backend
from chatpaper.backends.compatible.context_limits import (
    extract_refusal_text,
    find_context_limit,
    is_cut,
)
from chatpaper.backends.compatible.dialect import Dialect, learn_from_refusal
from chatpaper.domain.errors import BackendError, BackendRejectedError, ContextTooLongError
from chatpaper.domain.text.tokens import estimate_fewest_tokens, estimate_tokens
from tests.backends.asking import MAX_OUTPUT_TOKENS, a_prompt
from tests.fakes.loopback import Reply
from tests.fakes.openai import FakeOpenAI, Refuse, choice, error, streamed

DEFAULTS = RequestParameters()
CHOSEN = RequestParameters(0.3, {"top_k": 5})


def backend_for(
    server: FakeOpenAI, name: str = "openai", parameters: RequestParameters = DEFAULTS
) -> Backend:
    settings = BackendSettings(base_url=server.base_url, model="fake-chat", parameters=parameters)
    return create_backend(name, settings)


def knows_not(name: str, message: str) -> Refuse:
    """Play a server that does not accept a parameter, whatever its value."""
    return lambda body: error(400, message) if name in body else None


def most_tokens(most: int, message: str) -> Refuse:
    return lambda body: error(400, message) if body.get("max_tokens", 0) > most else None


def streams_alone(message: str) -> Refuse:
    return lambda body: None if body.get("stream") else error(400, message)


def thinks_in_streams_alone(body: Mapping[str, Any]) -> Reply | None:
    if body.get("stream") or body.get("enable_thinking") is False:
        return None
    return error(400, "parameter.enable_thinking must be set to false for non-streaming calls")


def knows_no_system_message(body: Mapping[str, Any]) -> Reply | None:
    return (
        error(400, "System role not supported") if body["messages"][0]["role"] == "system" else None
    )


def extra_forbidden(body: Mapping[str, Any]) -> Reply | None:
    if "top_k" not in body:
        return None
    detail = {
        "type": "extra_forbidden",
        "loc": ["body", "top_k"],
        "msg": "Extra inputs are not permitted",
        "input": 5,
    }
    return Reply(422, {"detail": [detail]})


LIMIT_NAME = (
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
    "'max_completion_tokens' instead."
)
# What a server refuses, what is in the request that it takes (None: nothing by this name), and what
# is told.
LESSONS: dict[str, tuple[Refuse, dict[str, Any], str]] = {
    "another name of the limit": (
        knows_not("max_tokens", LIMIT_NAME),
        {"max_tokens": None, "max_completion_tokens": MAX_OUTPUT_TOKENS},
        "max_completion_tokens is sent",
    ),
    "no limit at all": (
        lambda body: (
            error(400, "Unrecognized request argument supplied: " + name)
            if (name := next((each for each in body if each.startswith("max_")), ""))
            else None
        ),
        {"max_tokens": None, "max_completion_tokens": None},
        "not bound",
    ),
    "limit in brackets": (
        most_tokens(2048, "Invalid max_tokens value, the valid range of max_tokens is [1, 2048]"),
        {"max_tokens": 2048},
        "at most 2048 tokens",
    ),
    "limit in words": (
        most_tokens(
            1024,
            "max_tokens is too large: 4000. This model supports at most 1024 completion tokens.",
        ),
        {"max_tokens": 1024},
        "at most 1024 tokens",
    ),
    "limit beside a context": (
        most_tokens(
            3000,
            (
                "`max_tokens` must be less than or equal to `3000`, which is less than "
                "the `context_window`"
            ),
        ),
        {"max_tokens": 3000},
        "at most 3000 tokens",
    ),
    "limit in Chinese": (
        most_tokens(4095 - 1000, "max_tokens 参数非法。取值范围[1,3095]"),
        {"max_tokens": 3095},
        "3095",
    ),
    "temperature": (
        knows_not("temperature", "invalid temperature: only 1 is allowed for this model"),
        {"temperature": None, "top_k": 5},
        "temperature is left out",
    ),
    "value of the temperature": (
        knows_not(
            "temperature", "Unsupported value: 'temperature' does not support 0.3 with this model."
        ),
        {"temperature": None},
        "temperature is left out",
    ),
    "parameter that is unknown": (
        knows_not("top_k", "Unknown parameter: 'top_k'."),
        {"top_k": None, "temperature": 0.3},
        "top_k is left out",
    ),
    "parameter in the details": (extra_forbidden, {"top_k": None}, "top_k is left out"),
    "streams alone": (
        streams_alone(
            "This model only support stream mode, please enable the stream parameter "
            "to access the model."
        ),
        {"stream": True, "stream_options": {"include_usage": True}},
        "streamed",
    ),
    "streams alone, in Chinese": (
        streams_alone("该模型仅支持流式调用"),
        {"stream": True},
        "streamed",
    ),
    "no thinking without a stream": (
        thinks_in_streams_alone,
        {"enable_thinking": False},
        "enable_thinking=false",
    ),
    "no thinking, and streams alone": (
        streams_alone("parameter.enable_thinking must be set to false for non-streaming calls"),
        {"enable_thinking": False, "stream": True},
        "streamed",
    ),
    "no system message": (knows_no_system_message, {}, "no system message"),
}


@pytest.mark.parametrize(("refuse", "taken", "told"), LESSONS.values(), ids=LESSONS.keys())
def test_what_is_refused_is_asked_otherwise_and_only_once(
    refuse: Refuse, taken: dict[str, Any], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    prompt = a_prompt()
    with FakeOpenAI(refuse=refuse) as server, caplog.at_level(logging.WARNING):
        backend = backend_for(server, parameters=CHOSEN)
        first = backend.complete(prompt)
        refused = len(server.calls) - 1
        second = backend.complete(prompt)
        assert first == second
        assert len(server.calls) == refused + 2, "what was learnt is kept"
        body = server.calls[-1].body
    assert {name: body.get(name) for name in taken} == taken
    assert body["response_format"]["type"] == "json_schema", (
        "the answer is bound as strictly as before"
    )
    assert first.input_tokens > 0
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == refused
    assert told in warnings[-1]


def test_a_server_that_does_not_count_in_streams_is_not_asked_to() -> None:
    def refuse(body: Mapping[str, Any]) -> Reply | None:
        if not body.get("stream"):
            return error(400, "This model only supports stream mode")
        return error(400, "Unknown parameter: stream_options") if "stream_options" in body else None

    with FakeOpenAI(refuse=refuse) as server:
        assert backend_for(server).complete(a_prompt()).text
        assert [set(call.body) & {"stream", "stream_options"} for call in server.calls] == [
            set(),
            {"stream", "stream_options"},
            {"stream"},
        ]


def test_a_refusal_within_a_200_teaches_the_same() -> None:
    refuse = knows_not("temperature", "temperature must be 1")
    with FakeOpenAI(
        refuse=lambda body: Reply(body=refused.body) if (refused := refuse(body)) else None
    ) as server:
        assert backend_for(server, parameters=RequestParameters(0.3)).complete(a_prompt()).text
        assert len(server.calls) == 2


def test_a_server_that_refuses_for_ever_is_not_asked_for_ever() -> None:
    everything = (
        "Unsupported: max_tokens max_completion_tokens temperature top_k stream only; "
        "System role not supported"
    )
    with FakeOpenAI(refuse=lambda body: error(400, everything)) as server:
        with pytest.raises(BackendError):
            backend_for(server, parameters=CHOSEN).complete(a_prompt())
        assert len(server.calls) < 12


def test_what_no_answer_came_of_is_not_kept() -> None:
    with FakeOpenAI() as server:
        backend = backend_for(server)
        server.script(*[error(400, "Something about this request is wrong.")] * 3)
        with pytest.raises(BackendRejectedError):
            backend.complete(a_prompt())
        backend.complete(a_prompt())
        assert server.calls[-1].body["response_format"]["type"] == "json_schema"


LONG = (
    "This model's maximum context length is 16384 tokens. However, your messages "
    "resulted in 20000 tokens."
)
LIMITS: list[tuple[object, int | None]] = [
    (LONG, 16384),
    (
        {
            "error": {
                "message": "the request exceeds the available context size",
                "n_prompt_tokens": 65,
                "n_ctx": 4000,
            }
        },
        4000,
    ),
    (
        "request (6500 tokens) exceeds the available context size (4000 tokens), try increasing it",
        4000,
    ),
    ("Range of input length should be [1, 30720]", 30720),
    (
        (
            "Request too large for `m-70b` in `org_01jabc234` on tokens per minute (TPM): Limit "
            "6000, Requested 6294"
        ),
        6000,
    ),
    (
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        1048576,
    ),
    ("Your request exceeded model token limit: 8192 (requested: 9000)", 8192),
    (
        (
            "`inputs` tokens + `max_new_tokens` must be <= 8192. Given: 7000 `inputs` tokens and "
            "2000 `max_new_tokens`"
        ),
        8192,
    ),
    ("prompt is too long: 210000 tokens > 200000 maximum", 200000),
    ("Prompt contains 40000 tokens, too large for model with 32768 maximum context length", 32768),
    (
        "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292.",
        4081,
    ),
    ("length of prompt_tokens (40000) must be less than max_seq_len (32768).", 32768),
    (
        (
            "'max_tokens' is too large: 5658. This model's maximum context length is 8192 tokens "
            "and your request has 3000 input tokens (5658 > 8192 - 3000)."
        ),
        8192,
    ),
    ("Input is too long: the maximum allowed is 32,768 tokens", 32768),
    ("输入长度超过模型最大上下文长度 8192", 8192),
    ("The prompt (length 40000) is longer than the maximum model length of 32768.", 32768),
    (
        "the model is loaded with context length of only 4096 tokens, which is not enough for 6500",
        4096,
    ),
    ("context length exceeded: 6500 > 4096", 4096),
    ("Too many tokens: 9000 (limit is 8192)", 8192),
    (
        "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
        131072,
    ),
    ("The number of tokens exceeds max message tokens 32768", 32768),
    ("Please reduce the length of the messages or completion.", None),
    ("the max input characters is 20000", None),
    (
        (
            "`max_tokens` must be less than or equal to `8192`, which is less than "
            "the `context_window`"
        ),
        None,
    ),
    ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", None),
    (
        {
            "base_resp": {
                "status_code": 2013,
                "status_msg": "invalid params, context window exceeds limit (2013)",
            }
        },
        None,
    ),
    (
        {
            "detail": [
                {"msg": "Input too long", "input": "the maximum context length is 9999 tokens"}
            ]
        },
        None,
    ),
    ("temperature must be at most 1000", None),
]


@pytest.mark.parametrize(("body", "tokens"), LIMITS)
def test_how_much_a_server_takes_is_read_from_its_refusal(body: object, tokens: int | None) -> None:
    assert find_context_limit(extract_refusal_text(body)) == tokens


def test_the_error_says_how_much_the_server_takes() -> None:
    with FakeOpenAI() as server:
        server.script(error(400, LONG, code="context_length_exceeded"))
        with pytest.raises(ContextTooLongError) as raised:
            backend_for(server).complete(a_prompt())
        assert len(server.calls) == 1
    assert raised.value.limit_tokens == 16384


@pytest.mark.parametrize(
    ("text", "teaches"),
    [
        ("max", False),
        ("context ", False),
        ("1,111", False),
        ("stream only ", True),
        ("> 1234 ", False),
        ("role system ", False),
        ("限制", False),
        ("code 12", False),
    ],
)
def test_a_long_refusal_tells_no_limit_and_rarely_a_lesson(text: str, teaches: bool) -> None:
    words = extract_refusal_text({"error": {"message": text * (100_000 // len(text))}})
    assert find_context_limit(words) is None
    lesson = learn_from_refusal(Dialect(), {"max_tokens": 9000, "temperature": 1}, words)
    assert (lesson is not None) == teaches


@given(
    st.lists(
        st.sampled_from(
            ["max_tokens", "max_completion_tokens", "temperature", "stream only", "is 900"]
        )
    )
)
def test_every_lesson_leads_on(words: list[str]) -> None:
    dialect, steps = Dialect(), 0
    refusal = f"unsupported: {' '.join(words)}"
    while (
        learnt := learn_from_refusal(
            dialect, {dialect.limit_parameter: 4000, "temperature": 0.3}, refusal
        )
    ) and steps < 20:
        dialect, steps = learnt.dialect, steps + 1
    assert steps < 8


ENGLISH = "We train the network on 1,024 lists by gradient descent (see Section 3.2). " * 400
CHINESE = "我们用梯度下降法训练该网络，所需的比较器减少了两成三。" * 500


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, ENGLISH + CHINESE])
@pytest.mark.parametrize(
    ("share", "cut"),
    [(0.2, True), (0.5, True), (0.9, False), (1.0, False), (1.4, False)],
)
def test_a_prompt_that_a_server_has_cut_is_told_by_its_count(
    text: str, share: float, cut: bool
) -> None:
    assert is_cut(text, round(share * estimate_tokens(text)) | 1) is cut


def test_a_context_that_is_filled_to_the_last_token_tells_too() -> None:
    just_cut = ENGLISH[: round(len(ENGLISH) * 5200 / estimate_tokens(ENGLISH))]
    assert is_cut(just_cut, 4096)
    assert not is_cut(just_cut, 4600)


@pytest.mark.parametrize("counted", [0, 1, 10, 100])
def test_a_count_that_is_none_says_nothing(counted: int) -> None:
    assert not is_cut(ENGLISH, counted)


def test_what_came_from_a_cache_may_be_counted_apart() -> None:
    whole = estimate_tokens(ENGLISH)
    assert not is_cut(ENGLISH, whole // 3, whole - whole // 3)


@given(st.text())
def test_no_text_takes_fewer_tokens_than_the_fewest(text: str) -> None:
    assert estimate_fewest_tokens(text) <= estimate_tokens(text)


def cut_to(tokens: int) -> Reply:
    return choice(json.dumps({"summary": "很好。"}), input_tokens=tokens)


@pytest.mark.parametrize("reply", [cut_to(1024), streamed(cut_to(1024))], ids=["whole", "streamed"])
def test_a_prompt_that_was_cut_in_silence_is_a_fault_of_the_setting(reply: Reply) -> None:
    prompt = replace(a_prompt(), user=a_prompt().user + ENGLISH)
    with FakeOpenAI() as server:
        server.script(reply)
        with pytest.raises(BackendRejectedError, match="OLLAMA_CONTEXT_LENGTH") as raised:
            backend_for(server, "ollama").complete(prompt)
    assert "counted 1024 tokens" in str(raised.value)
    assert (raised.value.llm_calls, raised.value.input_tokens) == (1, 1024)
