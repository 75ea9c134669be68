"""A cooperative cancellation token for a run."""

from dataclasses import replace

from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import BudgetReachedError, ChatPaperError

# How soon a wait ends once the run is cancelled. A lock-free look at an attribute: it is set by
# signal handlers, which may interrupt the thread that is looking.
_POLL_SECONDS = 0.2


class CancellationToken:
    """Cancels what a run has not begun yet; what is under way is finished.

    The first reason stays: later ones do not replace it.
    """

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        """Take the clock by which `wait` waits."""
        self.reason: ChatPaperError | None = None
        self._clock = clock

    @property
    def clock(self) -> Clock:
        """The clock of the run, whose sleep ends when the run is cancelled."""
        return replace(self._clock, sleep=self.wait)

    def cancel(self, reason: ChatPaperError) -> None:
        """Keep anything new from beginning."""
        self.reason = self.reason or reason

    def wait(self, seconds: float) -> None:
        """Wait before something is tried again.

        Raises BudgetReachedError as soon as the run is cancelled.
        """
        left = seconds
        while True:
            if self.reason is not None:
                raise BudgetReachedError(str(self.reason))
            if left <= 0:
                return
            self._clock.sleep(min(left, _POLL_SECONDS))
            left -= _POLL_SECONDS
