"""Ask Google Gemini through google-generativeai, whose maker has ended its support.

The gemini backend is its successor. The library keeps its settings in one place for the whole
process: the backend that was made last decides them. It knows no bound on thinking, so the answer
gets all the room that a model may take to think. Of a response it keeps what it knows, which of a
fault within HTTP 200 is nothing: such a body is caught before the library reads it.
"""

import warnings
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import requests

from chatpaper.backends.deadlines import DeadlineAdapter
from chatpaper.backends.errors.errors import list_models_for_message, make_unreachable_error
from chatpaper.backends.errors.google_errors import (
    KEY_PAGE,
    make_http_error,
    read_completion,
    require_model,
)
from chatpaper.backends.interface import Backend, BackendSettings
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import BackendError, ConfigError

with warnings.catch_warnings():
    # The library and what it builds on announce their end at every import; the user has chosen it
    # knowingly.
    warnings.simplefilter("ignore")
    from google import generativeai
    from google.api_core import exceptions
    from google.generativeai import client as clients
    from google.generativeai import protos
    from google.protobuf import json_format

NAME = "google_generativeai"
DEFAULT_MODEL = "gemini-3.5-flash-lite"

# The most that a Flash model thinks of its own accord.
THINKING_ALLOWANCE_TOKENS = 24_576

# What the library lets through from below it, besides its own exceptions.
_CONNECTION_FAULTS = (
    requests.RequestException,
    exceptions.RetryError,
    json_format.ParseError,
    OSError,
)

# A response has one of them; what has none of them is no response of the model.
_PARTS_OF_A_RESPONSE = ("candidates", "promptFeedback", "prompt_feedback")
_OK = 200


class _AnswerlessError(Exception):
    """The service answered with HTTP 200 and a JSON `body` that is no response."""

    def __init__(self, body: object) -> None:
        super().__init__()
        self.body = body


class GoogleGenerativeAIBackend:
    """Asks one Gemini model over REST."""

    name = NAME

    def __init__(self, settings: BackendSettings) -> None:
        if not settings.api_key:
            raise ConfigError(
                f"no Gemini API key: get one at {KEY_PAGE} and set GEMINI_API_KEY "
                "(or GOOGLE_API_KEY, or llm.api_key)"
            )
        if settings.api_version not in ("", "v1beta"):
            raise ConfigError(
                "the google_generativeai backend speaks v1beta only; unset llm.api_version"
            )
        self.model = (settings.model or DEFAULT_MODEL).removeprefix("models/")
        self.parameters = settings.parameters
        self._timeout_seconds = settings.timeout_seconds
        self._adapter = DeadlineAdapter(settings.timeout_seconds)
        generativeai.configure(
            api_key=settings.api_key,
            transport="rest",
            client_options={"api_endpoint": settings.base_url} if settings.base_url else None,
        )

    def complete(self, prompt: Prompt) -> Completion:
        """Ask for the whole answer at once. Raises a BackendError."""
        model = generativeai.GenerativeModel(
            self.model,
            system_instruction=prompt.system,
            generation_config=build_generation_config(prompt, self.parameters.temperature),
        )
        session = clients.get_default_generative_client().transport._session
        _catch_answerless_bodies(session)
        self._bound(session)
        try:
            response = model.generate_content(
                prompt.user, request_options={"timeout": self._timeout_seconds, "retry": None}
            )
        except _AnswerlessError as error:
            return read_completion(error.body, self.model)
        except exceptions.GoogleAPICallError as error:
            raise self._translated(error) from error
        except _CONNECTION_FAULTS as error:
            raise make_unreachable_error(self.model, error, model=self.model) from error
        return read_completion(_with_names_of_reasons(response.to_dict()), self.model)

    def model_names(self) -> list[str]:
        """Return the models of the service that can answer. Raises a BackendError."""
        self._bound(clients.get_default_model_client().transport._session)
        try:
            models = list(
                generativeai.list_models(
                    request_options={"timeout": self._timeout_seconds, "retry": None}
                )
            )
        except exceptions.GoogleAPICallError as error:
            raise make_http_error(error.code or 0, _body_of(error), model=self.model) from error
        except _CONNECTION_FAULTS as error:
            raise make_unreachable_error("Gemini", error, model=self.model) from error
        return [
            model.name.removeprefix("models/")
            for model in models
            if "generateContent" in model.supported_generation_methods
        ]

    def _bound(self, session: requests.Session) -> None:
        """Have the answers to this connection of the library end in time."""
        for scheme in ("https://", "http://"):
            if session.adapters.get(scheme) is not self._adapter:
                session.mount(scheme, self._adapter)

    def _translated(self, error: exceptions.GoogleAPICallError) -> BackendError:
        headers = getattr(error.response, "headers", None) or {}
        return make_http_error(
            error.code or 0,
            _body_of(error),
            model=self.model,
            retry_after=headers.get("retry-after", ""),
            models_that_exist=list_models_for_message(self.model_names)
            if error.code == 404
            else (),
        )


def create(settings: BackendSettings) -> Backend:
    """Return a Gemini backend; raises ConfigError without a key."""
    return GoogleGenerativeAIBackend(settings)


def check(settings: BackendSettings) -> str:
    """Check that the key is accepted and the model exists.

    Raises ConfigError or a BackendError.
    """
    backend = GoogleGenerativeAIBackend(settings)
    return require_model(backend.model, backend.model_names())


def build_generation_config(prompt: Prompt, temperature: float | None) -> dict[str, Any]:
    """Return what is asked of the model besides the text."""
    asked = {
        "response_mime_type": "application/json",
        "response_schema": convert_schema(prompt.schema),
        "max_output_tokens": prompt.max_output_tokens + THINKING_ALLOWANCE_TOKENS,
    }
    return asked if temperature is None else asked | {"temperature": temperature}


def convert_schema(schema: Mapping[str, Any]) -> Any:
    """Return the JSON schema in the library's own type, which knows a part of OpenAPI 3.0."""
    members: dict[str, Any] = {"type_": protos.Type[str(schema["type"]).upper()]}
    if "properties" in schema:
        members["properties"] = {
            name: convert_schema(part) for name, part in schema["properties"].items()
        }
        members["required"] = list(schema["required"])
    if "items" in schema:
        members["items"] = convert_schema(schema["items"])
    bounds = {"min_items": schema.get("minItems"), "max_items": schema.get("maxItems")}
    return protos.Schema(
        **members, **{name: bound for name, bound in bounds.items() if bound is not None}
    )


def _catch_answerless_bodies(session: requests.Session) -> None:
    """Have this connection raise _AnswerlessError for a body without an answer.

    The library would take such a body for an empty one.
    """
    hooks = session.hooks["response"]
    if _refuse_answerless not in hooks:
        hooks.append(_refuse_answerless)


def _refuse_answerless(response: requests.Response, **_: object) -> None:
    if response.status_code != _OK:
        return
    try:
        body = response.json()
    except ValueError:
        return
    if not isinstance(body, Mapping) or not any(body.get(part) for part in _PARTS_OF_A_RESPONSE):
        raise _AnswerlessError(body)


def _with_names_of_reasons(response: dict[str, Any]) -> dict[str, Any]:
    """Return the response with the reasons as words; the library gives numbers."""
    for candidate in response.get("candidates", ()):
        candidate["finish_reason"] = _name_of(
            protos.Candidate.FinishReason, candidate.get("finish_reason", 0)
        )
    feedback = response.get("prompt_feedback") or {}
    if reason := feedback.get("block_reason"):
        feedback["block_reason"] = _name_of(
            protos.GenerateContentResponse.PromptFeedback.BlockReason, reason
        )
    return response


def _name_of(reasons: type[IntEnum], number: int) -> str:
    """Return the name of a reason; the service has newer ones than the library."""
    try:
        return reasons(number).name
    except ValueError:
        return f"reason {number}"


def _body_of(error: exceptions.GoogleAPICallError) -> object:
    """Return the error as it was on the wire.

    The library's own attributes leave out what it does not know.
    """
    try:
        return error.response.json()
    except (AttributeError, ValueError):
        return {"message": error.message}
