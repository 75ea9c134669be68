"""The provider that is asked about papers that the first one refuses: a backend around a backend."""

from chatpaper.backends import Backend
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import (
    BackendRejectedError,
    BackendUnavailableError,
    QuotaExhaustedError,
    RateLimitedError,
    SecondProviderError,
)


class SecondProvider:
    """A backend whose account, settings and faults concern none but the papers that it is asked
    about.

    The first provider is in order: it goes on with the others, and these papers wait for the next
    run.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.name, self.model = backend.name, backend.model

    def complete(self, prompt: Prompt) -> Completion:
        """As the backend does. Raises SecondProviderError where it cannot be asked."""
        try:
            return self._backend.complete(prompt)
        except (
            BackendRejectedError,
            BackendUnavailableError,
            QuotaExhaustedError,
            RateLimitedError,
        ) as error:
            raise SecondProviderError(
                f"the first provider refuses the paper, and the second (llm.fallback_*) cannot be asked: {error}",
                model=self.model,
            ) from error
