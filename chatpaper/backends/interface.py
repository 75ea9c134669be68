"""What a backend is: an adapter to a service that answers prompts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from chatpaper.domain import Completion, Prompt

DEFAULT_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class RequestParameters:
    """What a person chose to send with every request.

    The `temperature` is left to the service where it is None; `extra` holds parameters that only
    one kind of server knows.
    """

    temperature: float | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


class Backend(Protocol):
    """Something that answers a prompt."""

    @property
    def name(self) -> str:
        """The name by which the settings choose it."""

    @property
    def model(self) -> str:
        """The model that is asked."""

    @property
    def parameters(self) -> RequestParameters:
        """What is sent with every request; it shapes the answers as the model does."""

    def complete(self, prompt: Prompt) -> Completion:
        """Answer the prompt; the completion is as it came.

        Raises a BackendError where there is none that can be used.
        """


@runtime_checkable
class TokenCounter(Protocol):
    """A backend whose service counts the tokens of a prompt, free of charge."""

    def count_tokens(self, prompt: Prompt) -> int:
        """Count the tokens of the prompt without answering it. Raises a BackendError."""


@dataclass(frozen=True, slots=True)
class BackendSettings:
    """Where a service is and how it is asked; empty values mean the backend's own defaults.

    `backend` is the name by which it was chosen, where one module serves several; `group` is what
    the names of these settings begin with where the user writes them.
    """

    model: str = ""
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    api_version: str = ""
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    parameters: RequestParameters = field(default_factory=RequestParameters)
    backend: str = ""
    group: str = "llm."


class BackendModule(Protocol):
    """What the module of a backend offers."""

    @staticmethod
    def create(settings: BackendSettings) -> Backend:
        """Make the backend, ready to be asked.

        Raises ConfigError where a key or the model's name is missing.
        """

    @staticmethod
    def check(settings: BackendSettings) -> str:
        """Say in one sentence what works.

        Raises ConfigError or BackendError that says what does not.
        """
