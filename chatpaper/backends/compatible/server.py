"""A server that speaks OpenAI's chat completions, over OpenAI's library."""

import json
from collections.abc import Mapping
from weakref import finalize

import openai

from chatpaper.backends.compatible.bodies import read_body
from chatpaper.backends.compatible.context_limits import extract_refusal_text, find_context_limit
from chatpaper.backends.deadlines import build_httpx_arguments
from chatpaper.backends.errors.errors import list_models_for_message, make_unreachable_error
from chatpaper.backends.errors.openai_errors import make_http_error
from chatpaper.backends.interface import BackendSettings
from chatpaper.domain.errors import BackendError, BackendUnavailableError, ContextTooLongError

# Local servers want no key, but the library does not start without one.
_NO_KEY = "none"

# What a server says of itself it says at once.
_PATIENCE_SECONDS = 10.0


class Server:
    """One model of one server; may be shared by threads.

    `key_setting` is where its key is set, for messages.
    """

    def __init__(
        self, base_url: str, model: str, settings: BackendSettings, key_setting: str
    ) -> None:
        self.model, self.key_setting, self.base_url = model, key_setting, base_url
        self._root = base_url.rstrip("/").removesuffix("/v1")
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=settings.api_key or _NO_KEY,
            timeout=settings.timeout_seconds,
            max_retries=0,
            http_client=openai.DefaultHttpxClient(**build_httpx_arguments()),
        )
        # The connections end with the backend, not whenever the collector happens upon them.
        finalize(self, self._client.close)

    def complete(self, request: Mapping[str, object]) -> object:
        """Return the body of the answer to a request.

        Raises openai.APIStatusError, or a BackendError where there is no answer.
        """
        try:
            response = self._client.chat.completions.with_raw_response.create(
                model=self.model, messages=[], extra_body=request
            )
            return read_body(response.text)
        except openai.APITimeoutError as error:
            advice = "raise llm.timeout_seconds if the model is slow"
            raise BackendUnavailableError(
                f"no answer from {self.model} in time; {advice}", model=self.model
            ) from error
        except (openai.APIConnectionError, ValueError) as error:
            raise make_unreachable_error(self.model, error, model=self.model) from error

    def list_models(self) -> list[str]:
        """Return the models that the server names. Raises a BackendError."""
        try:
            response = self._client.models.with_raw_response.list()
            listed = json.loads(response.text)
        except openai.APIStatusError as error:
            raise make_http_error(
                error.status_code, error.body, model=self.model, key_setting=self.key_setting
            ) from error
        except (openai.APIConnectionError, json.JSONDecodeError) as error:
            raise make_unreachable_error("the server", error, model=self.model) from error
        models = listed.get("data") if isinstance(listed, dict) else None
        return [str(model.get("id")) for model in models or () if isinstance(model, dict)]

    def ask(self, path: str, body: Mapping[str, object] | None = None) -> object:
        """Return what a path answers; None where it is not there, or answers no JSON."""
        try:
            if body is None:
                return self._client.get(
                    path, cast_to=object, options={"timeout": _PATIENCE_SECONDS}
                )
            return self._client.post(
                path, body=body, cast_to=object, options={"timeout": _PATIENCE_SECONDS}
            )
        except (openai.APIError, ValueError):
            return None

    def ask_beside(self, path: str, body: Mapping[str, object] | None) -> object:
        """Return what a path beside `/v1` answers, as `ask` does."""
        return self.ask(self._root + path, body)

    def translate(self, error: openai.APIStatusError) -> BackendError:
        """Return the BackendError for an HTTP status."""
        fault = make_http_error(
            error.status_code,
            error.body,
            model=self.model,
            key_setting=self.key_setting,
            headers=error.response.headers,
            models_that_exist=list_models_for_message(self.list_models)
            if error.status_code in (400, 404)
            else (),
        )
        return _with_limit(fault, error.body)


def _with_limit(error: BackendError, body: object) -> BackendError:
    """Return the error with how much the server takes.

    That is known if the error is about it and the body says it.
    """
    if isinstance(error, ContextTooLongError):
        error.limit_tokens = find_context_limit(extract_refusal_text(body))
    return error
