"""Any server that speaks OpenAI's chat completions: DeepSeek, Qwen, Ollama, vLLM, llama.cpp, OpenAI itself.

Servers differ in how an answer can be bound to a schema. The strictest way is tried first; what a server refuses is
not asked of it again.
"""

import json
from collections.abc import Sequence
from weakref import finalize

import openai

from chatpaper.backends import Backend, BackendSettings
from chatpaper.backends.credentials import is_local
from chatpaper.backends.faults import unreachable
from chatpaper.backends.openai_bodies import read_body
from chatpaper.backends.openai_faults import completion_from, error_from, is_refusal_of_schema
from chatpaper.backends.openai_schema import bound_schema
from chatpaper.backends.presets import PRESETS, AnswerShape
from chatpaper.domain import Completion, Prompt
from chatpaper.errors import BackendError, BackendRejectedError, BackendUnavailableError, ConfigError

NAME = "openai"

# Models that think count it as output. Whether a model does is seen by its first answer.
THINKING_ALLOWANCE_TOKENS = 8192

SHAPES: tuple[AnswerShape, ...] = ("json_schema", "json_object", "text")

# Local servers want no key, but the library does not start without one.
_NO_KEY = "none"


class OpenAIBackend:
    """Asks one model of one server; may be shared by threads."""

    writes = True

    def __init__(self, settings: BackendSettings) -> None:
        self.name = settings.backend or NAME
        preset = PRESETS[self.name]
        base_url = settings.base_url or preset.base_url
        self.is_local = is_local(base_url)
        self.model = settings.model or preset.model
        if not self.model:
            raise ConfigError(
                f"the {self.name} backend has no model of its own: set {settings.group}model to one of the server's"
            )
        self._key_setting = " or ".join([*preset.key_variables[:1], f"{settings.group}api_key"])
        if not settings.api_key and preset.needs_key and not self.is_local:
            raise ConfigError(f"no API key for {base_url}: set {self._key_setting}")
        # A gateway at an address of its own may serve the models of anybody.
        self._limit_parameter = preset.limit_parameter if base_url == preset.base_url else "max_tokens"
        self._parameters = preset.parameters
        self._shape = preset.shape
        self._allowance_tokens = 0
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=settings.api_key or _NO_KEY,
            timeout=settings.timeout_seconds,
            max_retries=0,
        )
        # The connections end with the backend, not whenever the collector happens upon them.
        finalize(self, self._client.close)

    def complete(self, prompt: Prompt) -> Completion:
        """Ask for the whole answer at once. Raises a BackendError."""
        for shape in SHAPES[SHAPES.index(self._shape) :]:
            try:
                body = self._post(prompt, shape)
            except openai.APIStatusError as error:
                if shape != SHAPES[-1] and is_refusal_of_schema(error.status_code, error.body):
                    self._shape = SHAPES[SHAPES.index(shape) + 1]
                    continue
                raise self._translated(error) from error
            except openai.APITimeoutError as error:
                advice = "raise llm.timeout_seconds if the model is slow"
                raise BackendUnavailableError(
                    f"no answer from {self.model} in time; {advice}", model=self.model
                ) from error
            except (openai.APIConnectionError, ValueError) as error:
                raise unreachable(self.model, error, model=self.model) from error
            return self._read(body)
        raise AssertionError("the last shape either answers or raises")

    def model_names(self) -> list[str]:
        """The models that the server names. Raises a BackendError."""
        try:
            response = self._client.models.with_raw_response.list()
            listed = json.loads(response.text)
        except openai.APIStatusError as error:
            raise error_from(error.status_code, error.body, model=self.model, key_setting=self._key_setting) from error
        except (openai.APIConnectionError, json.JSONDecodeError) as error:
            raise unreachable("the server", error, model=self.model) from error
        models = listed.get("data") if isinstance(listed, dict) else None
        return [str(model.get("id")) for model in models or () if isinstance(model, dict)]

    def _post(self, prompt: Prompt, shape: AnswerShape) -> object:
        extra: dict[str, object] = {self._limit_parameter: prompt.max_output_tokens + self._allowance_tokens}
        if prompt.temperature is not None:
            extra["temperature"] = prompt.temperature
        extra |= {**self._parameters, **prompt.extra_parameters}
        response = self._client.chat.completions.with_raw_response.create(
            model=self.model,
            messages=[
                {"role": "system", "content": system_text(prompt, shape)},
                {"role": "user", "content": prompt.user},
            ],
            extra_body=extra | response_format(prompt, shape, is_local=self.is_local),
        )
        return read_body(response.text)

    def _read(self, body: object) -> Completion:
        completion, has_thought = completion_from(body, self.model, self._key_setting)
        if has_thought:
            self._allowance_tokens = THINKING_ALLOWANCE_TOKENS
        if isinstance(completion, BackendError):
            raise completion
        return completion

    def _translated(self, error: openai.APIStatusError) -> BackendError:
        return error_from(
            error.status_code,
            error.body,
            model=self.model,
            key_setting=self._key_setting,
            headers=error.response.headers,
            models_that_exist=self._models_that_exist() if error.status_code in (400, 404) else (),
        )

    def _models_that_exist(self) -> Sequence[str]:
        """For a message only, so that a fault here does not hide the fault that the message is about."""
        try:
            return self.model_names()
        except BackendError:
            return ()


def create(settings: BackendSettings) -> Backend:
    """A backend for the server at `settings.base_url`; raises ConfigError without a model, or without a needed key."""
    return OpenAIBackend(settings)


def check(settings: BackendSettings) -> str:
    """Whether the server answers and has the model. Raises ConfigError or a BackendError."""
    backend = OpenAIBackend(settings)
    names = backend.model_names()
    offered = ", ".join(names) or "no model by name"
    # llama.cpp serves its one model under any name.
    if backend.model not in names and not backend.is_local:
        raise BackendRejectedError(f"the server has no model {backend.model!r}; it offers {offered}")
    return f"the server answers; it offers {offered}"


def system_text(prompt: Prompt, shape: AnswerShape) -> str:
    """The system message; where the server does not bind the answer to the schema, the text has to."""
    if shape == "json_schema":
        return prompt.system
    schema = json.dumps(prompt.schema, ensure_ascii=False)
    return f"{prompt.system}\n\nThe JSON object follows this JSON schema:\n{schema}"


def response_format(prompt: Prompt, shape: AnswerShape, *, is_local: bool) -> dict[str, object]:
    """How the server is asked to bind the answer."""
    if shape == "json_schema":
        bound = {"name": "answer", "schema": dict(bound_schema(prompt, is_local=is_local)), "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": bound}}
    return {"response_format": {"type": "json_object"}} if shape == "json_object" else {}
