"""Ask any server that speaks OpenAI's chat completions.

Among them are DeepSeek, Qwen, Ollama, vLLM, llama.cpp and OpenAI itself. Servers differ in what
they know. The strictest way of asking is tried first; what a server refuses is not asked of it
again.
"""

import logging
from collections.abc import Mapping
from threading import Lock

import openai

from chatpaper.backends.compatible.context_limits import (
    cut_in_silence,
    extract_refusal_text,
    find_context_limit,
    is_cut,
)
from chatpaper.backends.compatible.dialect import (
    LIMIT_PARAMETERS,
    Dialect,
    build_messages,
    build_parameters,
    join_messages,
    learn_from_refusal,
)
from chatpaper.backends.compatible.presets import PRESETS
from chatpaper.backends.compatible.server import Server
from chatpaper.backends.credentials import is_local
from chatpaper.backends.errors.error_reading import shorten_to_line
from chatpaper.backends.errors.errors import add_usage
from chatpaper.backends.errors.openai_errors import (
    has_thoughts,
    is_refusal_of_schema,
    read_completion,
)
from chatpaper.backends.interface import Backend, BackendSettings
from chatpaper.backends.served_context import read_context_tokens
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import (
    BackendRejectedError,
    ConfigError,
    ContextTooLongError,
)

log = logging.getLogger(__name__)

NAME = "openai"

# Models that think count it as output. Whether a model does is seen by its first answer.
THINKING_ALLOWANCE_TOKENS = 8192

_OK = 200
# The statuses with which servers refuse a request that they would take in other words; a template
# that knows no system message fails within the server.
_REFUSALS = (_OK, 400, 404, 413, 415, 422, 500, 501)


class OpenAIBackend:
    """One model, asked in the strictest way that its server takes; may be shared by threads."""

    def __init__(self, settings: BackendSettings) -> None:
        self.name = settings.backend or NAME
        preset = PRESETS[self.name]
        base_url = settings.base_url or preset.base_url
        self.is_local = is_local(base_url)
        self._is_own = self.is_local or not preset.needs_key
        self.model = settings.model or preset.model
        if not self.model:
            raise ConfigError(
                f"the {self.name} backend has no model of its own: "
                f"set {settings.group}model to one of the server's"
            )
        key_setting = " or ".join([*preset.key_variables[:1], f"{settings.group}api_key"])
        if not settings.api_key and preset.needs_key and not self.is_local:
            raise ConfigError(f"no API key for {base_url}: set {key_setting}")
        self.server = Server(base_url, self.model, settings, key_setting)
        # A gateway at an address of its own may serve the models of anybody.
        limit_parameter = (
            preset.limit_parameter if base_url == preset.base_url else LIMIT_PARAMETERS[0]
        )
        self._dialect = Dialect(preset.shape, limit_parameter)
        self.parameters = settings.parameters
        self._usual = preset.parameters
        self._allowance_tokens = 0
        self._learnt: set[str] = set()
        self._lock = Lock()

    def complete(self, prompt: Prompt) -> Completion:
        """Ask for the whole answer at once. Raises a BackendError."""
        dialect = self._dialect
        while True:
            request = self._request(prompt, dialect)
            try:
                body = self.server.complete(request)
            except openai.APIStatusError as error:
                other = self._other(dialect, request, error.status_code, error.body)
                if other is None:
                    raise self.server.translate(error) from error
            else:
                if _holds_choices(body):
                    self._dialect = dialect
                    return self._read(body, request)
                # Gateways pass on the refusals of others in a response of their own that is 200.
                other = self._other(dialect, request, _OK, body)
                if other is None:
                    return self._read(body, request)
            dialect = other

    def context_tokens(self) -> int | None:
        """Return how many tokens, prompt and answer, the server takes at once.

        Return None where it does not say.
        """
        return read_context_tokens(
            self.model,
            self.server.ask("/models"),
            self.server.ask_beside,
            is_own=self._is_own,
        )

    def build_body(self, prompt: Prompt) -> dict[str, object]:
        """Return the body of a request that goes with a batch, where nothing can be learnt.

        It leaves room for thoughts, since it is not known whether the model has any.
        """
        sent = build_parameters(
            prompt,
            self._dialect,
            self.parameters,
            usual=self._usual,
            allowance_tokens=THINKING_ALLOWANCE_TOKENS,
            is_local=self.is_local,
        )
        return {"model": self.model, "messages": build_messages(prompt, self._dialect), **sent}

    def _request(self, prompt: Prompt, dialect: Dialect) -> dict[str, object]:
        sent = build_parameters(
            prompt,
            dialect,
            self.parameters,
            usual=self._usual,
            allowance_tokens=self._allowance_tokens,
            is_local=self.is_local,
        )
        return {"messages": build_messages(prompt, dialect), **sent}

    def _other(
        self, dialect: Dialect, request: Mapping[str, object], status: int, body: object
    ) -> Dialect | None:
        """Return how to ask again what was refused; None where that would be refused too."""
        words = extract_refusal_text(body)
        learnt = learn_from_refusal(dialect, request, words) if status in _REFUSALS else None
        if learnt is None:
            return dialect.looser() if is_refusal_of_schema(status, body) else None
        with self._lock:
            is_news = learnt.says not in self._learnt
            self._learnt.add(learnt.says)
        if is_news:
            log.warning(
                "%s: %s, since the server refuses it otherwise: %s",
                self.model,
                learnt.says,
                shorten_to_line(words),
            )
        return learnt.dialect

    def _read(self, body: object, request: Mapping[str, object]) -> Completion:
        if has_thoughts(body):
            self._allowance_tokens = THINKING_ALLOWANCE_TOKENS
        try:
            completion = read_completion(body, self.model, self.server.key_setting)
        except ContextTooLongError as error:
            error.limit_tokens = find_context_limit(extract_refusal_text(body))
            raise
        sent = join_messages(request)
        if is_cut(sent, completion.input_tokens, completion.cached_input_tokens):
            fault = BackendRejectedError(
                cut_in_silence(self.model, sent, completion.input_tokens), model=self.model
            )
            raise add_usage(fault, completion)
        return completion


def create(settings: BackendSettings) -> Backend:
    """Return a backend for the server at `settings.base_url`.

    Raises ConfigError without a model, or without a needed key.
    """
    return OpenAIBackend(settings)


def check(settings: BackendSettings) -> str:
    """Check that the server answers and has the model. Raises ConfigError or a BackendError."""
    backend = OpenAIBackend(settings)
    names = backend.server.list_models()
    offered = ", ".join(names) or "no model by name"
    # llama.cpp serves its one model under any name.
    if backend.model not in names and not backend.is_local:
        raise BackendRejectedError(
            f"the server has no model {backend.model!r}; it offers {offered}"
        )
    return f"the server answers; it offers {offered}"


def ask_context_tokens(settings: BackendSettings) -> int | None:
    """Return how much the server takes at once, as it says; errors as for `create`."""
    return OpenAIBackend(settings).context_tokens()


def _holds_choices(body: object) -> bool:
    return isinstance(body, Mapping) and bool(body.get("choices"))
