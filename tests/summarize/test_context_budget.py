"""A paper is fitted to what a server says that it takes, for this call and the papers after it.

What is cut is reported.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.backends import BackendSettings, create_backend
from chatpaper.domain import Section
from chatpaper.domain.errors import BackendRejectedError
from chatpaper.domain.text.tokens import estimate_tokens
from chatpaper.summarize import Summarizer
from chatpaper.summarize.context.context_budget import measure_room
from chatpaper.summarize.prompting.library import Prompts
from tests.fakes.loopback import Reply
from tests.fakes.openai import FakeOpenAI, Refuse, choice, error
from tests.summarize.sample import DAILY_FIELDS, DOCUMENT, PAPER

PROMPTS = Prompts.load()
BODY = "\n\n".join(
    ["One more paragraph of much the same kind follows here, and it says little. " * 8] * 75
)
LONG = replace(
    DOCUMENT, sections=(*DOCUMENT.sections, Section("6", "Further Experiments", 1, 5, BODY))
)
# A tokenizer that is less dense than the one that our estimates are made for.
DENSITY = 1.05


def tokens_of(body: Mapping[str, Any]) -> int:
    return round(
        DENSITY * estimate_tokens("\n".join(message["content"] for message in body["messages"]))
    )


def takes(
    most: int, message: str, status: int = 400, *, with_answer: bool = False, **more: Any
) -> Refuse:
    """Play a server that refuses longer prompts.

    `{most}` and `{sent}` in its message stand for tokens.
    """

    def refuse(body: Mapping[str, Any]) -> Reply | None:
        sent = tokens_of(body) + (body["max_tokens"] if with_answer else 0)
        told = message.format(most=most, sent=sent)
        return (
            Reply(status, {"error": {"message": told, "code": status, **more}})
            if sent > most
            else None
        )

    return refuse


def summarizer_for(server: FakeOpenAI) -> Summarizer:
    backend = create_backend("openai", BackendSettings(base_url=server.base_url, model="fake-chat"))
    return Summarizer(backend, PROMPTS)


SERVERS = {
    "llama.cpp": takes(
        4000, "the request exceeds the available context size", n_prompt_tokens=1, n_ctx=4000
    ),
    "llama.cpp, in words": takes(
        4000, "request ({sent} tokens) exceeds the available context size ({most} tokens)"
    ),
    "vLLM": takes(
        8192,
        "'max_tokens' is too large. This model's maximum context length is {most} tokens and your "
        "request has {sent} input tokens.",
        with_answer=True,
    ),
    "vLLM, the prompt alone": takes(
        9000,
        (
            "This model's maximum context length is {most} tokens. However, you "
            "requested {sent} tokens."
        ),
    ),
    "DashScope": takes(
        9000,
        "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, {most}]",
    ),
    "Groq": takes(
        6000,
        (
            "Request too large for model `m` on tokens per minute (TPM): Limit "
            "{most}, Requested {sent}"
        ),
        413,
        with_answer=True,
    ),
    "Moonshot": takes(8192, "Your request exceeded model token limit: {most} (requested: {sent})"),
}


@pytest.mark.parametrize("refuse", SERVERS.values(), ids=SERVERS.keys())
def test_a_paper_is_fitted_to_what_the_server_takes_and_the_next_before_it_is_sent(
    refuse: Refuse,
) -> None:
    with FakeOpenAI(refuse=refuse) as server:
        summarizer = summarizer_for(server)
        summary = summarizer.summarize(PAPER, LONG, DAILY_FIELDS)
        asked = len(server.calls)
        assert asked <= 3
        coverage = summary.coverage
        assert 0 < coverage.characters_read < len(BODY)
        assert coverage.characters_read + coverage.characters_left_out == sum(
            len(s.text) for s in LONG.sections
        )
        again = summarizer.summarize(replace(PAPER, arxiv_id="2611.09999"), LONG, DAILY_FIELDS)
        assert len(server.calls) == asked + 1, "the limit is remembered"
        assert again.coverage.characters_left_out > 0


def test_no_more_is_cut_than_has_to_be() -> None:
    with FakeOpenAI(
        refuse=takes(9000, "maximum context length is {most} tokens, you requested {sent}")
    ) as server:
        summarizer_for(server).summarize(PAPER, LONG, ("title",))
        assert tokens_of(server.calls[-1].body) > 0.7 * 9000


def test_a_context_without_room_for_the_questions_is_a_fault_of_the_setting() -> None:
    with FakeOpenAI(
        refuse=takes(1024, "exceeds the available context size ({most} tokens)")
    ) as server:
        with pytest.raises(BackendRejectedError, match=r"takes 1024 tokens.*OLLAMA_CONTEXT_LENGTH"):
            summarizer_for(server).summarize(PAPER, LONG, DAILY_FIELDS)
        assert len(server.calls) == 1


def test_an_answer_for_which_the_context_has_no_more_room_is_too_long_and_not_the_paper() -> None:
    def refuse(body: Mapping[str, Any]) -> Reply | None:
        return (
            error(400, "maximum context length is 32768 tokens")
            if body["max_tokens"] > 16_000
            else None
        )

    with FakeOpenAI(refuse=refuse) as server:
        server.script(choice('{"summary": "让排', "length"))
        summary = summarizer_for(server).summarize(PAPER, DOCUMENT, ("summary",))
        assert summary.coverage.characters_left_out == 0
        assert [call.body["max_tokens"] > 16_000 for call in server.calls] == [False, True, False]
        assert re.search(
            "cut off because it was too long", server.calls[-1].body["messages"][1]["content"]
        )
    assert summary.llm_calls == 2


@given(
    context=st.integers(512, 2_000_000),
    frame=st.integers(100, 5000),
    output=st.integers(100, 20_000),
)
def test_what_is_sent_and_answered_never_exceeds_the_context(
    context: int, frame: int, output: int
) -> None:
    room = measure_room(context, frame, output)
    assert 0 < room.output_tokens <= output
    assert room.text_tokens < 0 or room.text_tokens + room.output_tokens + frame <= context
    assert measure_room(context * 2, frame, output).text_tokens >= room.text_tokens


def test_a_large_context_leaves_the_answer_all_that_it_may_take() -> None:
    assert measure_room(32_768, 1000, 6000).output_tokens == 6000
