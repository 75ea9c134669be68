"""Google Gemini through google-genai.

Sampling parameters are left unset: Google has deprecated them and advises to remove them from all
requests. The library's own retries stay off: they ignore Retry-After and RetryInfo.
"""

import json
import re
from collections.abc import Mapping
from typing import cast
from weakref import finalize

import httpx2
from google import genai
from google.genai import errors, types

from chatpaper.backends.deadlines import build_httpx_arguments
from chatpaper.backends.errors.errors import list_models_for_message, make_unreachable_error
from chatpaper.backends.errors.google_errors import (
    KEY_PAGE,
    make_http_error,
    read_completion,
    require_model,
)
from chatpaper.backends.interface import Backend, BackendSettings
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import BackendError, BackendUnavailableError, ConfigError

NAME = "gemini"
DEFAULT_MODEL = "gemini-3.5-flash-lite"

# Thinking is billed and counted as output: it gets an allowance of its own beside the answer's.
# Summaries need little of it. The 2.5 models take a number of tokens; later ones take a level, and
# refuse both at once.
THINKING_BUDGET_TOKENS = 1024
THINKING_ALLOWANCE_TOKENS = 8192

_MILLISECONDS = 1000


class GeminiBackend:
    """Asks one Gemini model; may be shared by threads."""

    name = NAME

    def __init__(self, settings: BackendSettings) -> None:
        self.model = resolve_model(settings)
        self.parameters = settings.parameters
        self._client = genai.Client(
            api_key=settings.api_key,
            vertexai=False,
            http_options=build_http_options(settings, build_httpx_arguments()),
        )
        # The connections end with the backend, not whenever the collector happens upon them.
        finalize(self, self._client.close)

    def complete(self, prompt: Prompt) -> Completion:
        """Ask for the whole answer at once. Raises a BackendError."""
        try:
            response = self._client.models.generate_content(
                model=self.model,
                contents=prompt.user,
                config=request_config(prompt, self.model, self.parameters.temperature),
            )
        except errors.APIError as error:
            raise self._translated(error) from error
        except (httpx2.TransportError, OSError) as error:
            raise make_unreachable_error(self.model, error, model=self.model) from error
        http = response.sdk_http_response
        return read_completion(_json(http.body if http else None, self.model), self.model)

    def count_tokens(self, prompt: Prompt) -> int:
        """Return the tokens of both messages, as the service counts them. Raises a BackendError."""
        try:
            # The service takes no system message here: it is counted as content.
            messages: list[types.PartUnion] = [prompt.system, prompt.user]
            counted = self._client.models.count_tokens(model=self.model, contents=messages)
        except errors.APIError as error:
            raise self._translated(error) from error
        except (httpx2.TransportError, OSError, json.JSONDecodeError) as error:
            raise make_unreachable_error(self.model, error, model=self.model) from error
        return counted.total_tokens or 0

    def model_names(self) -> list[str]:
        """Return the models of the service that can answer. Raises a BackendError."""
        try:
            models = list(self._client.models.list())
        except errors.APIError as error:
            raise make_http_error(error.code, error.details, model=self.model) from error
        except (httpx2.TransportError, OSError, json.JSONDecodeError) as error:
            raise make_unreachable_error("Gemini", error, model=self.model) from error
        return [
            (model.name or "").removeprefix("models/")
            for model in models
            if "generateContent" in (model.supported_actions or ())
        ]

    def _translated(self, error: errors.APIError) -> BackendError:
        headers = getattr(error.response, "headers", {})
        return make_http_error(
            error.code,
            error.details,
            model=self.model,
            retry_after=headers.get("retry-after", ""),
            models_that_exist=list_models_for_message(self.model_names)
            if error.code == 404
            else (),
        )


def create(settings: BackendSettings) -> Backend:
    """Return a Gemini backend; raises ConfigError without a key."""
    return GeminiBackend(settings)


def check(settings: BackendSettings) -> str:
    """Check that the key is accepted and the model exists.

    Raises ConfigError or a BackendError.
    """
    backend = GeminiBackend(settings)
    return require_model(backend.model, backend.model_names())


def request_config(
    prompt: Prompt, model: str, temperature: float | None
) -> types.GenerateContentConfig:
    """Return what is asked of the model besides the text."""
    thinking, allowance_tokens = choose_thinking(model)
    return types.GenerateContentConfig(
        system_instruction=prompt.system,
        response_mime_type="application/json",
        response_json_schema=dict(prompt.schema),
        max_output_tokens=prompt.max_output_tokens + allowance_tokens,
        temperature=temperature,
        thinking_config=thinking,
        # The body is read as it came: the library's types warn of every finish reason that is new
        # to them.
        should_return_http_response=True,
        automatic_continuation=False,
    )


def choose_thinking(model: str) -> tuple[types.ThinkingConfig | None, int]:
    """Return how thinking is bounded for this model, and how many more output tokens that takes."""
    if re.match(r"gemini-2\.5", model):
        return types.ThinkingConfig(thinking_budget=THINKING_BUDGET_TOKENS), THINKING_BUDGET_TOKENS
    if model.startswith("gemini-"):
        return types.ThinkingConfig(
            thinking_level=types.ThinkingLevel.LOW
        ), THINKING_ALLOWANCE_TOKENS
    return None, 0


def resolve_model(settings: BackendSettings) -> str:
    """Return the name of the model that is asked. Raises ConfigError where there is no key."""
    if not settings.api_key:
        raise ConfigError(
            f"no Gemini API key: get one at {KEY_PAGE} and set GEMINI_API_KEY "
            "(or GOOGLE_API_KEY, or llm.api_key)"
        )
    return (settings.model or DEFAULT_MODEL).removeprefix("models/")


def build_http_options(
    settings: BackendSettings, arguments: Mapping[str, object]
) -> types.HttpOptions:
    """Return where and how the library asks; the arguments are those of its HTTP client."""
    return types.HttpOptions(
        base_url=settings.base_url or None,
        api_version=settings.api_version or None,
        timeout=round(settings.timeout_seconds * _MILLISECONDS),
        client_args=dict(arguments),
    )


def _json(body: str | None, model: str) -> object:
    """Return the body as JSON.

    Anything else is a fault of the line or of a proxy, not an answer of the model.
    """
    try:
        return cast(object, json.loads(body or ""))
    except json.JSONDecodeError as error:
        raise BackendUnavailableError(
            f"something that is not JSON came instead of an answer of {model}; check llm.base_url",
            model=model,
        ) from error
