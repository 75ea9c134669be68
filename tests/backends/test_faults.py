"""The words of each service for a fault lead to one of a few kinds, and are shown.

The kind says whose fault it is. All of it goes over real HTTP.
"""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.backends import BackendSettings, RequestParameters, create_backend
from chatpaper.backends.errors.error_reading import read_fault
from chatpaper.backends.errors.fault_table import (
    ABOUT,
    ROWS,
    Kind,
    classify_fault,
)
from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BackendUnavailableError,
    ContentFilteredError,
    ContextTooLongError,
    QuotaExhaustedError,
    RateLimitedError,
    RequestDefectError,
    UnexplainedRefusalError,
)
from tests.backends.asking import a_prompt
from tests.backends.fault_answers import COMPATIBLE, GOOGLE, GOOGLE_IN_A_200, Told
from tests.fakes.gemini import VALID_KEY, FakeGemini
from tests.fakes.gemini import answer as google_answer
from tests.fakes.loopback import Reply
from tests.fakes.openai import FakeOpenAI, choice

RAISES: dict[Kind, type[BackendError]] = {
    "moderated": ContentFilteredError,
    "too_long": ContextTooLongError,
    "balance": QuotaExhaustedError,
    "day": QuotaExhaustedError,
    "minute": RateLimitedError,
    "load": BackendUnavailableError,
    "refused": UnexplainedRefusalError,
}
KEY = "sk-very-secret-0123456789"


@pytest.fixture(scope="module")
def openai() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture(scope="module")
def gemini() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


def raised_by(backend: str, server: FakeOpenAI | FakeGemini, reply: Reply) -> BackendError:
    """Return the error that the backend makes of an answer, however often it asks."""
    base_url, model, key = (
        (server.base_url, "fake-chat", KEY)
        if isinstance(server, FakeOpenAI)
        else (server.url, "", VALID_KEY)
    )
    asked = create_backend(backend, BackendSettings(model=model, base_url=base_url, api_key=key))
    server.script(*[reply] * 3)
    try:
        with pytest.raises(BackendError) as raised:
            asked.complete(a_prompt())
    finally:
        while server.next_scripted():
            pass
    return raised.value


def check(error: BackendError, told: Told) -> None:
    assert type(error) is RAISES.get(told.kind, BackendRejectedError), str(error)
    assert error.about == ABOUT[told.kind]
    assert told.says in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("told", COMPATIBLE, ids=lambda told: told.id)
def test_each_manner_of_a_compatible_server_leads_to_one_kind(
    openai: FakeOpenAI, told: Told
) -> None:
    reply = (
        told.reply
        if isinstance(told.reply.body, dict)
        else Reply(told.reply.status, told.reply.body.encode())
    )
    check(raised_by("openai", openai, reply), told)


@pytest.mark.parametrize("backend", ["gemini", "google_generativeai"])
@pytest.mark.parametrize("told", GOOGLE, ids=lambda told: told.id)
def test_each_manner_of_gemini_leads_to_one_kind(
    gemini: FakeGemini, backend: str, told: Told
) -> None:
    check(raised_by(backend, gemini, told.reply), told)


@pytest.mark.parametrize("backend", ["gemini", "google_generativeai"])
@pytest.mark.parametrize("told", GOOGLE_IN_A_200, ids=lambda told: told.id)
def test_what_a_gateway_puts_into_a_200_is_no_empty_answer(
    gemini: FakeGemini, backend: str, told: Told
) -> None:
    check(raised_by(backend, gemini, told.reply), told)


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("key", "OPENAI_API_KEY"),
        ("balance", "top it up"),
        ("region", "network.proxy"),
        ("model", "llm.model"),
        ("parameter", "llm.temperature"),
        ("minute", "llm.rpm"),
        ("refused", "llm.base_url"),
    ],
)
def test_each_kind_has_its_advice(openai: FakeOpenAI, kind: Kind, advice: str) -> None:
    told = next(
        told for told in COMPATIBLE if told.kind == kind and isinstance(told.reply.body, dict)
    )
    assert advice in str(raised_by("openai", openai, told.reply))


def test_a_key_that_a_service_echoes_is_covered(openai: FakeOpenAI) -> None:
    for status in (400, 401, 403, 429, 500):
        reply = Reply(status, {"error": {"message": f"no luck with {KEY} today", "code": KEY}})
        error = raised_by("openai", openai, reply)
        assert KEY not in str(error)
        assert "no luck with [secret]" in str(error)


def test_a_whole_answer_is_no_fault_whatever_it_speaks_of(openai: FakeOpenAI) -> None:
    text = '{"summary": "敏感内容审核, insufficient balance, invalid api key"}'
    openai.script(choice(text))
    settings = BackendSettings(model="fake-chat", base_url=openai.base_url)
    assert create_backend("openai", settings).complete(a_prompt()).text == text


def test_what_a_server_sends_back_of_the_request_says_nothing_of_the_fault() -> None:
    echoed = {
        "detail": [
            {"msg": "Field required", "input": {"messages": ["content filter, invalid api key"]}}
        ]
    }
    assert read_fault(422, echoed).kind == "refused"


@pytest.mark.parametrize(
    ("status", "says", "kind"),
    [
        (400, "Model names are case-sensitive", "refused"),
        (
            400,
            "Repeated violations of our policy may lead to your account being closed",
            "moderated",
        ),
        (429, "You exceeded your current quota; 15 requests per minute", "minute"),
        (403, "The user's input was blocked: content policy", "moderated"),
        (400, "令牌数超过模型的最大长度限制", "too_long"),
    ],
)
def test_words_are_taken_in_their_sense(status: int, says: str, kind: Kind) -> None:
    assert classify_fault(status, says) == kind


def test_what_goes_wrong_in_our_own_hands_is_ours_to_answer_for(openai: FakeOpenAI) -> None:
    settings = BackendSettings(
        model="fake-chat",
        base_url=openai.base_url,
        api_key=KEY,
        parameters=RequestParameters(extra={"stop": object()}),
    )
    backend = create_backend("openai", settings)
    with pytest.raises(RequestDefectError) as raised:
        backend.complete(a_prompt())
    assert raised.value.about == "us"


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_any_body_can_be_read(body: object) -> None:
    fault = read_fault(400, body)
    assert fault.kind in ABOUT
    assert len(fault.said) <= 301


@pytest.mark.parametrize(
    "unit", ["a", "[", "content ", "max_tokens ", "account is ", "令牌", "invalid ", "credits "]
)
def test_of_a_long_message_the_beginning_is_shown(unit: str) -> None:
    message = unit * (100_000 // len(unit))
    fault = read_fault(200, {"error": {"message": message}})
    assert fault.kind in ABOUT
    assert fault.said == f"{message[:300]}…"


def test_every_row_of_the_table_is_about_something() -> None:
    assert {row.kind for row in ROWS} | {"address", "refused"} == set(ABOUT)
    assert all(isinstance(row.words, re.Pattern) for row in ROWS)


NESTED = b"[" * 5000


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("backend", ["gemini", "google_generativeai"])
def test_an_answer_without_an_end_of_nesting_is_the_services_matter(
    gemini: FakeGemini, backend: str, status: int
) -> None:
    error = raised_by(
        backend,
        gemini,
        Reply(status, b'{"candidates": ' + NESTED + NESTED.replace(b"[", b"]") + b"}"),
    )
    assert error.about != "us", error


@pytest.mark.parametrize("told", [10**40, -5, "many", None, 1.5e300, True])
def test_an_answer_is_not_lost_for_its_counts(
    gemini: FakeGemini, openai: FakeOpenAI, told: object
) -> None:
    body = google_answer("{}").body
    gemini.script(
        Reply(body=body | {"usageMetadata": {"promptTokenCount": told, "totalTokenCount": told}})
    )
    asked = create_backend("gemini", BackendSettings(base_url=gemini.url, api_key=VALID_KEY))
    assert asked.complete(a_prompt()).input_tokens == 0
    body = choice("{}").body
    openai.script(Reply(body=body | {"usage": {"prompt_tokens": told, "completion_tokens": "12"}}))
    other = create_backend("openai", BackendSettings("fake-chat", openai.base_url))
    completion = other.complete(a_prompt())
    assert (completion.input_tokens, completion.output_tokens) == (0, 12)
