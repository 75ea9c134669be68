"""Keep secrets out of the errors of batches."""

from collections.abc import Iterator, Mapping, Sequence

from chatpaper.backends.batches.interface import (
    BatchBackend,
    BatchRequest,
    BatchResult,
    BatchStatus,
)
from chatpaper.backends.decorators.redaction import hide_secrets
from chatpaper.domain import Completion, Prompt


class RedactingBatches:
    """Batches whose errors name no secret, and which raise nothing but errors of chatpaper."""

    def __init__(self, batches: BatchBackend, secrets: Sequence[str]) -> None:
        self._batches = batches
        self._secrets = tuple(secrets)
        self.name, self.model = batches.name, batches.model
        self.max_requests, self.max_bytes = batches.max_requests, batches.max_bytes

    def build_body(self, prompt: Prompt) -> Mapping[str, object]:
        """Return what is sent for a prompt."""
        return self._batches.build_body(prompt)

    def submit(self, name: str, requests: Sequence[BatchRequest]) -> str:
        """Send a batch as the decorated service does."""
        with hide_secrets(self.model, self._secrets):
            return self._batches.submit(name, requests)

    def find(self, name: str) -> str | None:
        """Look for a batch as the decorated service does."""
        with hide_secrets(self.model, self._secrets):
            return self._batches.find(name)

    def look_up(self, batch_id: str) -> BatchStatus:
        """Return how a batch stands."""
        with hide_secrets(self.model, self._secrets):
            return self._batches.look_up(batch_id)

    def collect(self, status: BatchStatus) -> Iterator[BatchResult]:
        """Return what a batch has answered."""
        with hide_secrets(self.model, self._secrets):
            yield from self._batches.collect(status)

    def cancel(self, batch_id: str) -> None:
        """Ask for the end of a batch."""
        with hide_secrets(self.model, self._secrets):
            self._batches.cancel(batch_id)

    def read(self, answer: Mapping[str, object]) -> Completion:
        """Return the completion of an answer."""
        with hide_secrets(self.model, self._secrets):
            return self._batches.read(answer)
