"""Tells a paper that a service refuses from a service that answers about none.

A refusal in words that nobody here knows may be about the paper, the account or a setting. What the
service does with other papers of the same run decides: where it answers about one of them, account
and settings are in order.
"""

from threading import Lock

from chatpaper.domain.errors import BackendError, ContentFilteredError, UnexplainedRefusalError
from chatpaper.pipeline.selection import Job

# So many papers without an answer, one after another and from the beginning, are no accident.
# Refusals cost nothing, so many papers are asked about first; those that came to nothing after all
# retries cost time.
MOST_REFUSED = 8
MOST_UNANSWERED = 8


class Answering:
    """What is known of the service in this run; shared by threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers = False
        self._unanswered = 0
        self._refused: list[tuple[Job, UnexplainedRefusalError]] = []

    @property
    def answers(self) -> bool:
        """Whether the service has answered about a paper, be it that it withholds the answer or
        that it is useless.
        """
        return self._answers

    @property
    def refused(self) -> tuple[tuple[Job, UnexplainedRefusalError], ...]:
        """The papers that were refused before it was known whether the service answers about any."""
        return tuple(self._refused)

    def note_answer(self) -> None:
        """The service has answered."""
        with self._lock:
            self._answers, self._unanswered = True, 0

    def note_refusal(self, job: Job, error: UnexplainedRefusalError) -> bool:
        """A paper was refused before the service answered about any.

        Whether there were too many of them.
        """
        with self._lock:
            self._refused.append((job, error))
            return not self._answers and len(self._refused) >= MOST_REFUSED

    def note_silence(self) -> bool:
        """The service did not answer about a paper, after all retries.

        Whether that was so too often in a row.
        """
        with self._lock:
            self._unanswered += 1
            return self._unanswered >= MOST_UNANSWERED


def refused_paper(error: UnexplainedRefusalError) -> BackendError:
    """The error for a paper that is refused by a service that answers about others."""
    # What to do about an account or a setting comes last in the message, and does not help here.
    told = str(error).rpartition(";")[0] or str(error)
    withheld = ContentFilteredError(
        f"{told}; it answers about other papers, so it is this one that it refuses",
        model=error.model,
        reason="refused",
    )
    withheld.llm_calls, withheld.input_tokens, withheld.output_tokens = (
        error.llm_calls,
        error.input_tokens,
        error.output_tokens,
    )
    return withheld
