"""What every backend promises, checked on the real client libraries.

They speak to servers that use the real wire formats.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from chatpaper.backends import (
    Backend,
    BackendSettings,
    RequestParameters,
    check_backend,
    create_backend,
)
from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BackendUnavailableError,
    BadCompletionError,
    ConfigError,
    ContentFilteredError,
    ContextTooLongError,
    CutOffError,
    QuotaExhaustedError,
    RateLimitedError,
)
from chatpaper.summarize.dialogue.schema import read_answers
from chatpaper.summarize.prompting.library import Prompts
from tests.backends.asking import a_prompt
from tests.fakes import gemini as google
from tests.fakes import openai as compatible
from tests.fakes.gemini import FakeGemini
from tests.fakes.loopback import HTML, RESET, LoopbackServer, Reply
from tests.fakes.openai import FakeOpenAI
from tests.summarize.sample import DAILY_FIELDS

GOOGLE_BACKENDS = ("gemini", "google_generativeai")
TIMEOUT_SECONDS = 5.0


@dataclass
class Service:
    """A backend and the server that it talks to."""

    name: str
    server: LoopbackServer
    settings: BackendSettings

    @property
    def backend(self) -> Backend:
        return create_backend(self.name, self.settings)


@pytest.fixture(params=[*GOOGLE_BACKENDS, "openai"])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    with _serve(request.param) as server:
        yield Service(request.param, server, _settings(server))


@pytest.fixture(params=GOOGLE_BACKENDS)
def google_service(request: pytest.FixtureRequest) -> Iterator[Service]:
    with FakeGemini() as server:
        yield Service(request.param, server, _settings(server))


@pytest.fixture
def openai_service() -> Iterator[Service]:
    with FakeOpenAI() as server:
        yield Service("openai", server, _settings(server))


def test_an_answer_fits_the_schema_and_says_what_it_took(service: Service) -> None:
    backend = service.backend
    prompt = a_prompt()
    completion = backend.complete(prompt)
    _, complaints = read_answers(json.loads(completion.text), Prompts.load().fields(DAILY_FIELDS))
    assert complaints == {}
    assert completion.model == backend.model
    assert completion.input_tokens > 0
    assert completion.output_tokens > 0
    assert len(service.server.calls) == 1


def test_the_temperature_is_left_to_the_service_unless_it_is_set(service: Service) -> None:
    service.backend.complete(a_prompt())
    chosen_settings = replace(service.settings, parameters=RequestParameters(0.0))
    create_backend(service.name, chosen_settings).complete(a_prompt())
    left, chosen = (json.dumps(call.body) for call in service.server.calls)
    assert "temperature" not in left
    assert re.search(r'"temperature": 0(?:\.0)?[,}]', chosen)


def test_it_says_its_name(service: Service) -> None:
    assert service.backend.name == service.name


def test_one_backend_answers_again_and_again(service: Service) -> None:
    backend = service.backend
    assert backend.complete(a_prompt()) == backend.complete(a_prompt())


@pytest.mark.parametrize(
    "reply",
    [
        HTML,
        RESET,
        Reply(body={"cut": "off"}, cut=True),
        Reply(body=b""),
        Reply(body=[1, 2]),
        Reply(302, b"", {"Location": "/login"}),
        Reply(500, b"<html>Internal error</html>"),
        Reply(502, b""),
        Reply(503, b"<html>Down for maintenance</html>"),
        Reply(504, {"error": {"message": "deadline"}}),
    ],
    ids=["html", "reset", "cut", "empty", "no object", "redirect", "500", "502", "503", "504"],
)
def test_faults_of_server_and_line_are_unavailability(service: Service, reply: Reply) -> None:
    backend = service.backend
    service.server.script(reply)
    with pytest.raises((BackendUnavailableError, BackendRejectedError)) as raised:
        backend.complete(a_prompt())
    # The redirect leads to an address where there is nothing; all others may work the next time.
    assert reply.status == 302 or isinstance(raised.value, BackendUnavailableError)
    assert len(service.server.calls) == 1, (
        "retries are left to the layer that paces and counts them"
    )


def test_a_server_that_does_not_answer_in_time_is_unavailable(service: Service) -> None:
    impatient = BackendSettings(
        model=service.settings.model,
        base_url=service.settings.base_url,
        api_key=service.settings.api_key,
        timeout_seconds=0.2,
    )
    backend = create_backend(service.name, impatient)
    service.server.script(Reply(pause_seconds=1.0, body={}))
    with pytest.raises(BackendUnavailableError):
        backend.complete(a_prompt())


def test_a_server_that_is_not_there_is_unavailable(service: Service) -> None:
    backend = service.backend
    service.server.__exit__()
    with pytest.raises(BackendUnavailableError):
        backend.complete(a_prompt())


def test_no_message_holds_the_key(service: Service) -> None:
    secret = "sk-secret-0123456789"
    if isinstance(service.server, FakeOpenAI):
        service.server.key = "another"
    settings = BackendSettings(
        model=service.settings.model, base_url=service.settings.base_url, api_key=secret
    )
    with pytest.raises(BackendRejectedError) as raised:
        create_backend(service.name, settings).complete(a_prompt())
    assert secret not in str(raised.value)
    assert secret not in repr(settings)
    assert "_API_KEY" in str(raised.value)


def test_doctor_hears_that_the_service_works(service: Service) -> None:
    assert service.settings.model in check_backend(service.name, service.settings)
    assert service.server.calls == []


def test_doctor_hears_that_nothing_answers(service: Service) -> None:
    service.server.__exit__()
    with pytest.raises(BackendUnavailableError):
        check_backend(service.name, service.settings)


@pytest.mark.parametrize("name", GOOGLE_BACKENDS)
def test_without_a_key_gemini_names_the_environment_variables(name: str) -> None:
    with pytest.raises(ConfigError, match="GEMINI_API_KEY") as raised:
        create_backend(name, BackendSettings())
    assert "GOOGLE_API_KEY" in str(raised.value)
    assert "aistudio.google.com" in str(raised.value)


GOOGLE_STATES: list[tuple[str, Reply, type[BackendError], str]] = [
    ("key invalid", google.invalid_key(), BackendRejectedError, "set GEMINI_API_KEY"),
    ("key leaked", google.leaked_key(), BackendRejectedError, "reported as leaked"),
    ("no free tier here", google.wrong_country(), BackendRejectedError, "enable billing"),
    ("not on this plan", google.quota(limit="0"), BackendRejectedError, "limit 0"),
    ("too long", google.too_long(), ContextTooLongError, "too long"),
    ("quota of a minute", google.quota("PerMinute"), RateLimitedError, "slow down"),
    ("quota of a day", google.quota("PerDay"), QuotaExhaustedError, "midnight Pacific"),
    ("quota without details", google.bare_quota(), RateLimitedError, "slow down"),
    ("no balance", Reply(402, {"error": {"message": "pay"}}), QuotaExhaustedError, "balance"),
    ("internal", google.internal(), BackendUnavailableError, "500"),
    ("overloaded", google.overloaded(), BackendUnavailableError, "503"),
    ("deadline", google.deadline(), BackendUnavailableError, "504"),
    ("prompt blocked", google.blocked_prompt(), ContentFilteredError, "PROHIBITED_CONTENT"),
    ("safety", google.finished("SAFETY"), ContentFilteredError, "SAFETY"),
    ("recitation", google.finished("RECITATION"), ContentFilteredError, "RECITATION"),
    (
        "recitation with text",
        google.finished("RECITATION", "Once upon"),
        ContentFilteredError,
        "RECITATION",
    ),
    ("blocklist", google.finished("BLOCKLIST"), ContentFilteredError, "BLOCKLIST"),
    (
        "prohibited",
        google.finished("PROHIBITED_CONTENT"),
        ContentFilteredError,
        "PROHIBITED_CONTENT",
    ),
    ("personal data", google.finished("SPII"), ContentFilteredError, "SPII"),
    ("cut off", google.finished("MAX_TOKENS", '{"summary": "很'), CutOffError, "cut off"),
    ("thinking ate the answer", google.finished("MAX_TOKENS"), CutOffError, "cut off"),
    ("empty", google.finished("STOP"), BadCompletionError, "empty"),
    ("language", google.finished("LANGUAGE"), BadCompletionError, "LANGUAGE"),
    ("other", google.finished("OTHER"), BadCompletionError, "OTHER"),
    ("a reason not known yet", google.finished("SOMETHING_NEW"), BadCompletionError, "ended with"),
    ("nothing at all", Reply(body={}), BackendUnavailableError, "without an answer"),
]


@pytest.mark.parametrize(
    ("reply", "kind", "says"), [s[1:] for s in GOOGLE_STATES], ids=[s[0] for s in GOOGLE_STATES]
)
def test_each_state_of_gemini_is_told_apart(
    google_service: Service, reply: Reply, kind: type[BackendError], says: str
) -> None:
    backend = google_service.backend
    google_service.server.script(reply)
    with pytest.raises(kind, match=says) as raised:
        backend.complete(a_prompt())
    assert type(raised.value) is kind
    assert raised.value.model == backend.model


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (google.quota(retry_delay="7s"), 7.0),
        (google.quota(retry_delay="1.5s"), 1.5),
        (google.bare_quota(), None),
        (Reply(429, google.bare_quota().body, {"Retry-After": "30"}), 30.0),
        (google.error(429, "RESOURCE_EXHAUSTED", "Too fast. Please retry in 4.25s."), 4.25),
    ],
)
def test_gemini_is_waited_for_as_it_asks(
    google_service: Service, reply: Reply, seconds: float | None
) -> None:
    backend = google_service.backend
    google_service.server.script(reply)
    with pytest.raises(RateLimitedError) as raised:
        backend.complete(a_prompt())
    assert raised.value.retry_after_seconds == seconds


def test_an_answer_that_cannot_be_used_still_tells_what_it_cost(google_service: Service) -> None:
    backend = google_service.backend
    google_service.server.script(google.finished("MAX_TOKENS", "half an answer", thoughts=50))
    with pytest.raises(BadCompletionError) as raised:
        backend.complete(a_prompt())
    assert raised.value.llm_calls == 1
    assert raised.value.input_tokens == 10
    assert raised.value.output_tokens > 50


def test_a_model_that_gemini_does_not_have_leads_to_those_that_it_has(
    google_service: Service,
) -> None:
    settings = BackendSettings(
        model="gemini-3.5-flash-light",
        base_url=google_service.settings.base_url,
        api_key=google.VALID_KEY,
    )
    with pytest.raises(
        BackendRejectedError, match=r"'gemini-3\.5-flash-light'.*offers gemini-3\.5-flash-lite"
    ):
        create_backend(google_service.name, settings).complete(a_prompt())
    with pytest.raises(BackendRejectedError, match=r"offers gemini-3\.5-flash-lite"):
        check_backend(google_service.name, settings)


def test_a_missing_address_is_not_taken_for_a_missing_model(google_service: Service) -> None:
    backend = google_service.backend
    google_service.server.script(Reply(404, b"<html>Not here</html>"))
    with pytest.raises(BackendRejectedError, match=r"check llm\.base_url"):
        backend.complete(a_prompt())


OPENAI_STATES: list[tuple[str, Reply, type[BackendError], str]] = [
    ("key refused", compatible.invalid_key(), BackendRejectedError, "OPENAI_API_KEY"),
    ("no balance", compatible.no_balance(), QuotaExhaustedError, "Insufficient Balance"),
    ("no quota", compatible.no_quota(), QuotaExhaustedError, "quota"),
    (
        "quota of a day",
        compatible.error(429, "Limit reached for tokens per day (TPD)"),
        QuotaExhaustedError,
        "per day",
    ),
    ("too fast", compatible.rate_limited(), RateLimitedError, "slow down"),
    ("too long", compatible.too_long(), ContextTooLongError, "16384"),
    (
        "too long for llama.cpp",
        compatible.error(
            400, "the request exceeds the available context size", "exceed_context_size_error"
        ),
        ContextTooLongError,
        "context size",
    ),
    ("blocked prompt", compatible.error(400, "Content Exists Risk"), ContentFilteredError, "Risk"),
    ("blocked answer", compatible.choice(None, "content_filter"), ContentFilteredError, "withheld"),
    ("refusal", compatible.choice(None, refusal="I cannot."), ContentFilteredError, "withheld"),
    ("cut off", compatible.choice('{"summary": "很', "length"), CutOffError, "cut off"),
    ("empty", compatible.choice(""), BadCompletionError, "empty"),
    ("null", compatible.choice(None), BadCompletionError, "empty"),
    ("no choices", compatible.NO_CHOICES, BackendUnavailableError, "without an answer"),
    (
        "fault within a 200",
        Reply(body={"error": {"code": 429, "message": "slow"}}),
        RateLimitedError,
        "slow down",
    ),
]


@pytest.mark.parametrize(
    ("reply", "kind", "says"), [s[1:] for s in OPENAI_STATES], ids=[s[0] for s in OPENAI_STATES]
)
def test_each_state_of_a_compatible_server_is_told_apart(
    openai_service: Service, reply: Reply, kind: type[BackendError], says: str
) -> None:
    backend = openai_service.backend
    openai_service.server.script(reply)
    with pytest.raises(kind, match=says) as raised:
        backend.complete(a_prompt())
    assert type(raised.value) is kind
    assert len(openai_service.server.calls) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "3"}, 3.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_compatible_server_is_waited_for_as_it_asks(
    openai_service: Service, headers: dict[str, str], seconds: float | None
) -> None:
    backend = openai_service.backend
    openai_service.server.script(Reply(429, compatible.rate_limited().body, headers))
    with pytest.raises(RateLimitedError) as raised:
        backend.complete(a_prompt())
    assert raised.value.retry_after_seconds == seconds


def _serve(name: str) -> LoopbackServer:
    return FakeOpenAI() if name == "openai" else FakeGemini()


def _settings(server: LoopbackServer) -> BackendSettings:
    if isinstance(server, FakeOpenAI):
        model, base_url, key = compatible.MODELS[0], server.base_url, ""
    else:
        model, base_url, key = google.MODELS[0], server.url, google.VALID_KEY
    return BackendSettings(
        model=model, base_url=base_url, api_key=key, timeout_seconds=TIMEOUT_SECONDS
    )
