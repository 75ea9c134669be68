"""Keep secrets out of the errors of backends, and our own defects apart from a service's faults."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from chatpaper.backends.decorators.decorated import DecoratedBackend
from chatpaper.backends.interface import Backend, BackendSettings, TokenCounter
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import BackendUnavailableError, ChatPaperError, RequestDefectError

_PLACEHOLDER = "[secret]"
# A shorter string occurs in ordinary words too.
_MIN_SECRET_CHARACTERS = 6


class RedactingBackend(DecoratedBackend):
    """A backend whose errors name no secret, and which raises nothing but errors of chatpaper."""

    def __init__(self, backend: Backend, secrets: Sequence[str]) -> None:
        super().__init__(backend)
        self._secrets = tuple(secrets)

    def complete(self, prompt: Prompt) -> Completion:
        """Answer as the decorated backend does.

        Raises RequestDefectError for what the backend should not have raised.
        """
        with hide_secrets(self.model, self._secrets):
            return super().complete(prompt)


class RedactingCounter(RedactingBackend):
    """The same for a backend whose service counts tokens."""

    def __init__(self, backend: Backend, counter: TokenCounter, secrets: Sequence[str]) -> None:
        super().__init__(backend, secrets)
        self._counter = counter

    def count_tokens(self, prompt: Prompt) -> int:
        """Count as the decorated backend does; errors as for `complete`."""
        with hide_secrets(self.model, self._secrets):
            return self._counter.count_tokens(prompt)


def redact_errors(backend: Backend, settings: BackendSettings) -> Backend:
    """Decorate a backend so that its errors hold neither key nor password of the settings."""
    secrets = list_secrets(settings)
    if isinstance(backend, TokenCounter):
        return RedactingCounter(backend, backend, secrets)
    return RedactingBackend(backend, secrets)


@contextmanager
def hide_secrets(model: str, secrets: Sequence[str]) -> Iterator[None]:
    """Take secrets out of errors that pass; any other exception becomes a RequestDefectError.

    What is nested without end came from the service: nothing that is sent is.
    """
    try:
        yield
    except ChatPaperError as error:
        error.args = tuple(redact(str(part), secrets) for part in error.args)
        raise
    except RecursionError:
        raise BackendUnavailableError(
            f"{model} answered something that is nested too deeply to be read; check llm.base_url",
            model=model,
        ) from None
    except Exception as error:
        raise RequestDefectError(
            f"a request to {model} could not be made, or its answer not be read "
            f"({type(error).__name__}: {redact(str(error), secrets)}); it is asked again in the "
            "next run",
            model=model,
        ) from None


def list_secrets(settings: BackendSettings) -> tuple[str, ...]:
    """List what is never to be shown: the key, and a password in the address.

    Each comes as it is and as URLs write it.
    """
    try:
        password = urlsplit(settings.base_url).password or ""
    except ValueError:
        password = ""
    known = [
        secret for secret in (settings.api_key, password) if len(secret) >= _MIN_SECRET_CHARACTERS
    ]
    return tuple(dict.fromkeys([*known, *(quote(secret, safe="") for secret in known)]))


def redact(text: str, secrets: Sequence[str]) -> str:
    """Replace every secret in a text.

    >>> redact("no access with sk-12345", ["sk-12345"])
    'no access with [secret]'
    """
    for secret in secrets:
        text = text.replace(secret, _PLACEHOLDER)
    return text
