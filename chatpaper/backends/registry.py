"""Find the backend that the settings name.

The module of a backend has `create(settings)` and, for `chatpaper doctor`, `check(settings)`. It is
imported when it is asked for, since the libraries of the services are slow to load.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module
from typing import Any, TypeVar, cast

from chatpaper.backends.batches.interface import BatchBackend
from chatpaper.backends.batches.redaction import RedactingBatches
from chatpaper.backends.compatible.presets import PRESETS
from chatpaper.backends.credentials import clean_settings
from chatpaper.backends.decorators.redaction import hide_secrets, list_secrets, redact_errors
from chatpaper.backends.interface import Backend, BackendModule, BackendSettings
from chatpaper.domain import DEMO
from chatpaper.domain.errors import ConfigError

MODULES = {
    "gemini": "chatpaper.backends.gemini",
    "google_generativeai": "chatpaper.backends.google_generativeai",
    **dict.fromkeys(PRESETS, "chatpaper.backends.openai"),
    DEMO: "chatpaper.backends.demo",
}

# The services that take batches.
BATCH_MODULES = {
    "gemini": "chatpaper.backends.batches.gemini",
    **dict.fromkeys(("openai", "qwen"), "chatpaper.backends.batches.openai"),
}

_T = TypeVar("_T")


def create_backend(name: str, settings: BackendSettings) -> Backend:
    """Make the backend of this name; its errors name no secret.

    Raises ConfigError for an unknown name, a missing key or library, a key or an address that
    cannot be meant as it is, and for what the client of the service cannot be started with: a proxy
    or a file of certificates in the environment that cannot be used.
    """
    return _ask(name, settings, lambda chosen: redact_errors(_module(name).create(chosen), chosen))


def check_backend(name: str, settings: BackendSettings) -> str:
    """Ask the service, without using a model, whether it would answer.

    Returns one sentence for `chatpaper doctor`. Raises ConfigError or a BackendError where it would
    not answer.
    """
    return _ask(name, settings, lambda chosen: _module(name).check(chosen))


def open_batches(name: str, settings: BackendSettings) -> BatchBackend:
    """Open the batches of the backend of this name; errors as for `create_backend`.

    Raises ConfigError where its service has none.
    """
    if name not in BATCH_MODULES:
        raise ConfigError(f"the backend {name!r} takes no batches")

    def ask(chosen: BackendSettings) -> BatchBackend:
        batches: BatchBackend = _load(BATCH_MODULES[name], name).create(chosen)
        return RedactingBatches(batches, list_secrets(chosen))

    return _ask(name, settings, ask)


def ask_context_tokens(name: str, settings: BackendSettings) -> int | None:
    """Ask how much the service takes at once, prompt and answer together, in tokens.

    None where it does not say. Errors as for `check_backend`.
    """
    if name not in PRESETS:
        return None

    def ask(chosen: BackendSettings) -> int | None:
        from chatpaper.backends.openai import ask_context_tokens

        return ask_context_tokens(chosen)

    return _ask(name, settings, ask)


def _ask(name: str, settings: BackendSettings, ask: Callable[[BackendSettings], _T]) -> _T:
    """Ask with the settings as they were meant, and with errors that may be shown."""
    chosen = clean_settings(name, replace(settings, backend=name))
    with hide_secrets(chosen.model or name, list_secrets(chosen)), _client_faults(name):
        return ask(chosen)


@contextmanager
def _client_faults(name: str) -> Iterator[None]:
    """Raise ConfigError where the client library cannot be started."""
    try:
        yield
    except (OSError, ValueError, ImportError) as error:
        raise ConfigError(
            f"the client of the backend {name!r} cannot be started "
            f"({type(error).__name__}: {error}); look at network.proxy, and in the environment at "
            "HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE"
        ) from error


def _module(name: str) -> BackendModule:
    if name not in MODULES:
        near = get_close_matches(name, MODULES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(sorted(MODULES))}"
        raise ConfigError(f"unknown backend {name!r}; {hint}")
    return cast(BackendModule, _load(MODULES[name], name))


def _load(module: str, name: str) -> Any:
    """Import a module of a backend; raises ConfigError where its library is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("chatpaper"):
            raise
        extra = MODULES[name].rpartition(".")[2]
        raise ConfigError(
            f"the backend {name!r} needs a library that is not installed; run: "
            f"pip install 'chatpaper[{extra}]'"
        ) from error
