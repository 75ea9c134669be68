"""Keeps what is secret out of what a backend tells, and what is our own fault out of what is told
of a service.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from chatpaper.backends import Backend, BackendSettings, TokenCounter
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import BackendUnavailableError, ChatPaperError, RequestDefectError

_SHOWN = "[secret]"
# What is shorter stands in ordinary words too.
_SHORTEST_SECRET = 6


class GuardedBackend:
    """A backend whose errors name no secret, and which raises nothing but errors of chatpaper."""

    def __init__(self, backend: Backend, secrets: Sequence[str]) -> None:
        self._backend, self._secrets = backend, tuple(secrets)
        self.name, self.model = backend.name, backend.model

    def complete(self, prompt: Prompt) -> Completion:
        """As the backend does.

        Raises RequestDefectError for what the backend should not have raised.
        """
        with told_safely(self.model, self._secrets):
            return self._backend.complete(prompt)


class GuardedCounter(GuardedBackend):
    """The same for a backend whose service counts tokens."""

    def __init__(self, backend: Backend, counter: TokenCounter, secrets: Sequence[str]) -> None:
        super().__init__(backend, secrets)
        self._counter = counter

    def count_tokens(self, prompt: Prompt) -> int:
        """As the backend does."""
        with told_safely(self.model, self._secrets):
            return self._counter.count_tokens(prompt)


def guarded(backend: Backend, settings: BackendSettings) -> Backend:
    """The backend, whose errors do not hold the key of the settings, nor the password in their
    address.
    """
    secrets = secrets_of(settings)
    return (
        GuardedCounter(backend, backend, secrets)
        if isinstance(backend, TokenCounter)
        else GuardedBackend(backend, secrets)
    )


@contextmanager
def told_safely(model: str, secrets: Sequence[str]) -> Iterator[None]:
    """Take secrets out of errors that pass; any other exception becomes a RequestDefectError.

    What is nested without end is the service's: nothing that we send is.
    """
    try:
        yield
    except ChatPaperError as error:
        error.args = tuple(without(str(part), secrets) for part in error.args)
        raise
    except RecursionError:
        raise BackendUnavailableError(
            f"{model} answered something that is nested too deeply to be read; check llm.base_url",
            model=model,
        ) from None
    except Exception as error:
        raise RequestDefectError(
            f"a request to {model} could not be made, or its answer not be read "
            f"({type(error).__name__}: {without(str(error), secrets)}); it is asked again in the next run",
            model=model,
        ) from None


def secrets_of(settings: BackendSettings) -> tuple[str, ...]:
    """What is never to be shown: the key, and a password in the address, as they are and as URLs
    write them.
    """
    try:
        password = urlsplit(settings.base_url).password or ""
    except ValueError:
        password = ""
    known = [secret for secret in (settings.api_key, password) if len(secret) >= _SHORTEST_SECRET]
    return tuple(dict.fromkeys([*known, *(quote(secret, safe="") for secret in known)]))


def without(text: str, secrets: Sequence[str]) -> str:
    """The text with every secret in it covered."""
    for secret in secrets:
        text = text.replace(secret, _SHOWN)
    return text
