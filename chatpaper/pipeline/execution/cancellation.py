"""The wish to end a run early, which all who wait or begin something hear of."""

import time
from collections.abc import Callable

from chatpaper.domain.errors import BudgetReachedError, ChatPaperError

# How soon a wait ends once the wish is there. A lock-free look at an attribute: it is set by signal
# handlers, which may interrupt whoever is looking.
_LOOK_SECONDS = 0.2


class Stop:
    """Is asked for once, with a reason; later reasons do not replace the first.

    `sleep` is how it waits.
    """

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self.reason: ChatPaperError | None = None
        self._sleep = sleep

    def ask(self, reason: ChatPaperError) -> None:
        """Begin nothing new from now on."""
        self.reason = self.reason or reason

    def sleep(self, seconds: float) -> None:
        """Wait before something is tried again.

        Raises BudgetReachedError as soon as the run is to end.
        """
        left = seconds
        while True:
            if self.reason is not None:
                raise BudgetReachedError(str(self.reason))
            if left <= 0:
                return
            self._sleep(min(left, _LOOK_SECONDS))
            left -= _LOOK_SECONDS
