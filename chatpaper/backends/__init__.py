"""Adapters to the services that answer prompts, one file each.

A backend owes one method. Its module has `create(settings)` and, for `chatpaper doctor`,
`check(settings)`; it is imported when it is asked for, since the libraries of the services are slow
to load.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib import import_module
from typing import Protocol, cast, runtime_checkable

from chatpaper.backends.compatible.presets import PRESETS
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import ConfigError

DEFAULT_TIMEOUT_SECONDS = 120.0

MODULES = {
    "gemini": "chatpaper.backends.gemini",
    "google_generativeai": "chatpaper.backends.google_generativeai",
    **dict.fromkeys(PRESETS, "chatpaper.backends.openai"),
}


class Backend(Protocol):
    """Something that answers a prompt."""

    @property
    def name(self) -> str:
        """The name by which the settings choose it."""

    @property
    def model(self) -> str:
        """The model that is asked."""

    def complete(self, prompt: Prompt) -> Completion:
        """The answer to the prompt, as it came.

        Raises a BackendError where there is none that can be used.
        """


@runtime_checkable
class TokenCounter(Protocol):
    """A backend whose service counts the tokens of a prompt without answering it, and for nothing."""

    def count_tokens(self, prompt: Prompt) -> int:
        """How many tokens the prompt takes. Raises a BackendError."""


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
    backend: str = ""
    group: str = "llm."


class BackendModule(Protocol):
    """What the file of a backend offers."""

    @staticmethod
    def create(settings: BackendSettings) -> Backend:
        """The backend, ready to be asked.

        Raises ConfigError where a key or the model's name is missing.
        """

    @staticmethod
    def check(settings: BackendSettings) -> str:
        """One sentence on what works.

        Raises ConfigError or BackendError that says what does not.
        """


def create_backend(name: str, settings: BackendSettings) -> Backend:
    """The backend of this name.

    Its errors name no secret. Raises ConfigError for an unknown name, a missing key or library, a
    key or an address that cannot be meant as it is, and for what the client of the service cannot
    be started with: a proxy or a file of certificates in the environment that cannot be used.
    """
    from chatpaper.backends.credentials import checked
    from chatpaper.backends.decorators.secrecy import guarded, secrets_of, told_safely

    settings = checked(name, replace(settings, backend=name))
    with told_safely(settings.model or name, secrets_of(settings)), _client_faults(name):
        return guarded(_module(name).create(settings), settings)


def check_backend(name: str, settings: BackendSettings) -> str:
    """Ask the service, without using a model, whether it would answer; one sentence for `chatpaper
    doctor`.

    Raises ConfigError or a BackendError where it would not.
    """
    from chatpaper.backends.credentials import checked
    from chatpaper.backends.decorators.secrecy import secrets_of, told_safely

    settings = checked(name, replace(settings, backend=name))
    with told_safely(settings.model or name, secrets_of(settings)), _client_faults(name):
        return _module(name).check(settings)


def served_context_tokens(name: str, settings: BackendSettings) -> int | None:
    """How much the service takes at once, prompt and answer, as it says; None where it does not.

    Errors as above.
    """
    if name not in PRESETS:
        return None
    from chatpaper.backends.credentials import checked
    from chatpaper.backends.decorators.secrecy import secrets_of, told_safely

    settings = checked(name, replace(settings, backend=name))
    with told_safely(settings.model or name, secrets_of(settings)), _client_faults(name):
        from chatpaper.backends.openai import context_tokens

        return context_tokens(settings)


@contextmanager
def _client_faults(name: str) -> Iterator[None]:
    """Tell what the client library of a service cannot be started with, in place of its own
    exception.
    """
    try:
        yield
    except (OSError, ValueError, ImportError) as error:
        raise ConfigError(
            f"the client of the backend {name!r} cannot be started ({type(error).__name__}: {error}); look at "
            "network.proxy, and in the environment at HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE"
        ) from error


def _module(name: str) -> BackendModule:
    if name not in MODULES:
        near = get_close_matches(name, MODULES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(sorted(MODULES))}"
        raise ConfigError(f"unknown backend {name!r}; {hint}")
    try:
        return cast(BackendModule, import_module(MODULES[name]))
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("chatpaper"):
            raise
        extra = MODULES[name].rpartition(".")[2]
        raise ConfigError(
            f"the backend {name!r} needs a library that is not installed; run: pip install 'chatpaper[{extra}]'"
        ) from error
