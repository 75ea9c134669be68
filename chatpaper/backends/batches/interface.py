"""What a service of batches is: many requests that are sent together and answered later."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from chatpaper.domain import Completion, Prompt

# How a batch stands. All but the first are ends; which requests one has answered is told by its
# results alone.
BatchState = Literal["waiting", "succeeded", "failed", "expired", "cancelled"]


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """One request of a batch: what the service is sent, and the key that its answer comes with."""

    key: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """How a batch stands.

    `reason` is what the service says of its end; `output` is where its results are, in the words of
    the service.
    """

    state: BatchState
    reason: str = ""
    output: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came under one key: an answer that `BatchBackend.read` reads, or why there is none."""

    key: str
    answer: Mapping[str, object] | None
    fault: str = ""


class BatchBackend(Protocol):
    """Something that answers batches of requests to one model.

    A service takes at most `max_requests` and `max_bytes` at once.
    """

    @property
    def name(self) -> str:
        """The name by which the settings choose it."""

    @property
    def model(self) -> str:
        """The model that is asked."""

    @property
    def max_requests(self) -> int:
        """The most requests in a batch."""

    @property
    def max_bytes(self) -> int:
        """The most bytes of a batch."""

    def build_body(self, prompt: Prompt) -> Mapping[str, object]:
        """Return what is sent for a prompt."""

    def submit(self, name: str, requests: Sequence[BatchRequest]) -> str:
        """Send a batch under our name, and return the service's id of it.

        Raises BatchTooLargeError, and other BackendErrors where it is refused;
        BackendUnavailableError where it may have arrived all the same.
        """

    def find(self, name: str) -> str | None:
        """Return the id of the batch that was sent under our name; None where there is none.

        Raises a BackendError.
        """

    def look_up(self, batch_id: str) -> BatchStatus:
        """Return how a batch stands.

        Raises BatchLostError where the service does not know it, and other BackendErrors.
        """

    def collect(self, status: BatchStatus) -> Iterator[BatchResult]:
        """Return what a batch that ended has answered, in any order; lines without a key are lost.

        Raises BatchLostError where the results are gone, and other BackendErrors.
        """

    def cancel(self, batch_id: str) -> None:
        """Ask the service to end a batch; it may have ended before. Raises a BackendError."""

    def read(self, answer: Mapping[str, object]) -> Completion:
        """Return the completion of an answer. Raises a BackendError for one without."""
