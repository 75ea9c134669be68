"""Tell a paper that a service refuses from a service that answers about no paper.

A refusal in unknown words may be about the paper, the account or a setting. What the service does
with other papers of the same run decides: where it answers about one of them, account and settings
are in order.
"""

from threading import Lock

from chatpaper.domain.errors import BackendError, ContentFilteredError, UnexplainedRefusalError

# So many papers without an answer, one after another and from the beginning, are no accident.
# Refusals cost nothing, so many papers are asked about first; calls that fail after all retries
# cost time.
MAX_REFUSED = 8
MAX_UNANSWERED = 8


class ServiceHealth:
    """What is known of the service in this run; shared by threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers = False
        self._unanswered = 0
        self._refused = 0

    @property
    def answers(self) -> bool:
        """Whether the service has answered about a paper, even uselessly or without text."""
        return self._answers

    def record_answer(self) -> None:
        """Record that the service has answered."""
        with self._lock:
            self._answers, self._unanswered = True, 0

    def record_refusal(self) -> bool:
        """Record that a paper was refused before the service had answered about any.

        Returns whether there were too many of them.
        """
        with self._lock:
            self._refused += 1
            return not self._answers and self._refused >= MAX_REFUSED

    def record_silence(self) -> bool:
        """Record that the service did not answer about a paper, after all retries.

        Returns whether that was so too often in a row.
        """
        with self._lock:
            self._unanswered += 1
            return self._unanswered >= MAX_UNANSWERED


def make_refusal(error: UnexplainedRefusalError) -> BackendError:
    """Return the error for a paper that is refused by a service that answers about others."""
    # What to do about an account or a setting comes last in the message, and does not help here.
    reason = str(error).rpartition(";")[0] or str(error)
    withheld = ContentFilteredError(
        f"{reason}; it answers about other papers, so it is this one that it refuses",
        model=error.model,
        reason="refused",
    )
    withheld.llm_calls, withheld.input_tokens, withheld.output_tokens = (
        error.llm_calls,
        error.input_tokens,
        error.output_tokens,
    )
    return withheld
