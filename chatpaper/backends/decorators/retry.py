"""A backend that tries again what can succeed."""

import logging
import random

from tenacity import RetryCallState, Retrying, retry_if_exception_type

from chatpaper.backends.decorators.decorated import DecoratedBackend
from chatpaper.backends.interface import Backend
from chatpaper.domain import Completion, Prompt
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import BackendUnavailableError, RateLimitedError

log = logging.getLogger(__name__)

# Waits double from the first to the longest, each shortened at random so that threads do not come
# back together.
FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0
# Added to what a service asks for: its clock counts from when it sent the answer.
RETRY_AFTER_MARGIN_SECONDS = 1.0
MAX_TOTAL_SECONDS = 600.0


class RetryingBackend(DecoratedBackend):
    """Calls another backend until it answers, within a number of attempts and a time.

    Only lost connections, faults of the server and limits of a minute are tried again; the rest
    cannot succeed.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        max_attempts: int,
        max_total_seconds: float = MAX_TOTAL_SECONDS,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(backend)
        self._max_attempts = max_attempts
        self._max_total_seconds = max_total_seconds
        self._clock = clock

    def complete(self, prompt: Prompt) -> Completion:
        """Answer as the decorated backend does.

        Raises its last BackendError when it was tried often or long enough.
        """
        retrying = Retrying(
            retry=retry_if_exception_type((BackendUnavailableError, RateLimitedError)),
            wait=_wait_seconds,
            stop=self._is_enough,
            sleep=self._clock.sleep,
            before_sleep=_log_retry,
            reraise=True,
        )
        return retrying(super().complete, prompt)

    def _is_enough(self, state: RetryCallState) -> bool:
        waited_seconds = max(state.seconds_since_start or 0.0, state.idle_for)
        return (
            state.attempt_number >= self._max_attempts
            or waited_seconds + state.upcoming_sleep > self._max_total_seconds
        )


def _log_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning("%s; asking again in %.1f s", error, state.upcoming_sleep)


def _wait_seconds(state: RetryCallState) -> float:
    """Wait as long as the service says, else exponentially longer, with jitter."""
    error = state.outcome.exception() if state.outcome else None
    longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (state.attempt_number - 1))
    if isinstance(error, RateLimitedError) and error.retry_after_seconds is not None:
        return error.retry_after_seconds + random.uniform(0, RETRY_AFTER_MARGIN_SECONDS)
    return random.uniform(longest / 2, longest)
