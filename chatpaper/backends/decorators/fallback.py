"""The provider that is asked about papers that the first one refuses."""

from chatpaper.backends.decorators.decorated import DecoratedBackend
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.errors import (
    BackendRejectedError,
    BackendUnavailableError,
    QuotaExhaustedError,
    RateLimitedError,
    SecondProviderError,
)


class SecondProvider(DecoratedBackend):
    """A backend whose faults concern only the papers that it is asked about.

    The first provider is in order, whatever is wrong with the account or the settings of this one:
    the run goes on with the other papers, and these wait for the next run.
    """

    def complete(self, prompt: Prompt) -> Completion:
        """Answer as the decorated backend does.

        Raises SecondProviderError where it cannot be asked.
        """
        try:
            return super().complete(prompt)
        except (
            BackendRejectedError,
            BackendUnavailableError,
            QuotaExhaustedError,
            RateLimitedError,
        ) as error:
            raise SecondProviderError(
                "the first provider refuses the paper, and the second (llm.fallback_*) cannot be "
                f"asked: {error}",
                model=self.model,
            ) from error
