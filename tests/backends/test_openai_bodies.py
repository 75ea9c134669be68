"""The text of an answer is read whatever form a server gives it.

What is not a whole answer is not taken for one.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.backends import BackendSettings, create_backend
from chatpaper.backends.compatible.bodies import read_body
from chatpaper.domain.errors import BackendUnavailableError, BadCompletionError, CutOffError
from tests.backends.asking import a_prompt
from tests.fakes.loopback import Reply
from tests.fakes.openai import FakeOpenAI, choice, streamed

ANSWER = '{"summary": "潮汐网络。\u2028"}'


def asked(server: FakeOpenAI) -> Any:
    backend = create_backend("openai", BackendSettings(base_url=server.base_url, model="fake-chat"))
    return backend.complete(a_prompt())


def parts(*content: Any) -> Reply:
    reply = choice("")
    reply.body["choices"][0]["message"]["content"] = list(content)
    return reply


THOUGHTS = {"type": "thinking", "thinking": [{"type": "text", "text": 'A draft: {"summary": 1}'}]}
CALL = {"id": "1", "type": "function", "function": {"name": "answer", "arguments": ANSWER}}
DECODED_CALL = {"function": {"name": "answer", "arguments": json.loads(ANSWER)}}

FORMS = {
    "text": choice(ANSWER),
    "parts": parts({"type": "text", "text": ANSWER[:5]}, {"type": "text", "text": ANSWER[5:]}),
    "thoughts, then text": parts(THOUGHTS, {"type": "text", "text": ANSWER}),
    "parts that are texts": parts(ANSWER[:5], ANSWER[5:]),
    "decoded": Reply(body={"choices": [{"message": {"content": json.loads(ANSWER)}}]}),
    "bound answer among the thoughts": choice(None, reasoning_content=f"\n{ANSWER}\n"),
    "the same by another name": choice(None, reasoning=ANSWER),
    "thoughts that end with the answer": choice("", reasoning_content=f"嗯。</think>\n{ANSWER}"),
    "call of a tool": choice(None, "tool_calls", tool_calls=[CALL]),
    "call of a tool, decoded": choice(None, "tool_calls", tool_calls=[DECODED_CALL]),
    "call of a function": choice(
        None, "function_call", function_call={"name": "answer", "arguments": ANSWER}
    ),
    "byte order mark": Reply(body=b"\xef\xbb\xbf" + choice(ANSWER).payload),
    "blank lines that keep the line open": Reply(body=b"\n\n  \n" + choice(ANSWER).payload),
    "no usage": Reply(body=choice(ANSWER).body | {"usage": None}),
    "usage that is none": Reply(body=choice(ANSWER).body | {"usage": ""}),
    "stream": streamed(choice(ANSWER)),
    "stream by another media type": Reply(
        body=streamed(choice(ANSWER)).body, media_type="application/json"
    ),
    "stream with thoughts": streamed(choice(ANSWER, reasoning_content="Let me see.")),
    "stream of the answer as thoughts": streamed(choice(None, reasoning_content=ANSWER)),
    "stream of the call of a tool": streamed(
        choice(None, "tool_calls", tool_calls=[CALL | {"index": 0}])
    ),
    "stream with carriage returns": Reply(
        body=streamed(choice(ANSWER)).body.replace(b"\n", b"\r\n")
    ),
}


@pytest.mark.parametrize("reply", FORMS.values(), ids=FORMS.keys())
def test_the_answer_is_read_in_every_form(reply: Reply) -> None:
    with FakeOpenAI() as server:
        server.script(reply)
        assert json.loads(asked(server).text) == json.loads(ANSWER)
        assert len(server.calls) == 1


def test_a_stream_tells_what_it_took() -> None:
    with FakeOpenAI() as server:
        server.script(streamed(choice(ANSWER, input_tokens=321)))
        completion = asked(server)
    assert (completion.input_tokens, completion.model) == (321, "fake-chat")
    assert completion.output_tokens > 0


FAULT = b'data: {"error": {"message": "The model crashed.", "code": 502}}\n\n'

NO_ANSWERS = [
    (
        "thoughts without an answer",
        choice(None, reasoning_content="{a draft} and more to think"),
        BadCompletionError,
    ),
    (
        "thoughts that were cut off",
        choice(None, "length", reasoning_content='{"summary": "潮'),
        CutOffError,
    ),
    ("only thoughts among the parts", parts(THOUGHTS), BadCompletionError),
    ("stream that was cut off", streamed(choice(ANSWER, "length")), CutOffError),
    ("stream that breaks off", streamed(choice(ANSWER), is_whole=False), BackendUnavailableError),
    (
        "stream within a chunk",
        Reply(body=streamed(choice(ANSWER)).body[:300]),
        BackendUnavailableError,
    ),
    ("stream of nothing", Reply(body=b": keep-alive\n\n"), BackendUnavailableError),
    (
        "stream that ends with a fault",
        Reply(
            body=streamed(choice(ANSWER), is_whole=False).body
            + b'data: {"error": {"message": "x", "code": 502}}\n\n'
        ),
        BackendUnavailableError,
    ),
    ("no end of brackets", Reply(body=b"[" * 100_000), BackendUnavailableError),
]


@pytest.mark.parametrize(
    ("reply", "kind"), [each[1:] for each in NO_ANSWERS], ids=[each[0] for each in NO_ANSWERS]
)
def test_what_is_no_whole_answer_is_not_taken_for_one(reply: Reply, kind: type[Exception]) -> None:
    with FakeOpenAI() as server:
        server.script(reply)
        with pytest.raises(kind) as raised:
            asked(server)
        assert type(raised.value) is kind


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["content", "text", "type", "function", "arguments", "thinking"]), inner
        )
    ),
    max_leaves=9,
)


@given(
    message=st.dictionaries(
        st.sampled_from(["content", "reasoning", "tool_calls", "function_call"]), JSON
    )
)
def test_any_message_has_a_text(message: dict[str, Any]) -> None:
    body: Any = read_body(json.dumps({"choices": [{"message": message}]}))
    assert isinstance(body["choices"][0]["message"]["content"], str)


@pytest.mark.parametrize(
    "text", ["data:", "data: {}\n", "data: \n\n", ":", "event: x\n\n", "\r", "{", "</think>"]
)
def test_a_long_body_without_an_answer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"the stream ended|Expecting|Extra data"):
        read_body(text * (1_000_000 // len(text)))
