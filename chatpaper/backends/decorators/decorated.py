"""What all backends around a backend have in common."""

from chatpaper.backends.interface import Backend, RequestParameters
from chatpaper.domain import Completion, Prompt


class DecoratedBackend:
    """A backend around another one, with the name, the model and the parameters of that one."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def name(self) -> str:
        """The name by which the settings choose it."""
        return self._backend.name

    @property
    def model(self) -> str:
        """The model that is asked."""
        return self._backend.model

    @property
    def parameters(self) -> RequestParameters:
        """What is sent with every request."""
        return self._backend.parameters

    def complete(self, prompt: Prompt) -> Completion:
        """Answer as the decorated backend does, with its errors."""
        return self._backend.complete(prompt)
