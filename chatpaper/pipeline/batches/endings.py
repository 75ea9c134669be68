"""How batches end, and what that means for their requests: a table.

Whatever the end, the requests that were answered are taken in, and those that were not are asked
again in a later batch, a bounded number of times.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from chatpaper.backends.batches.interface import BatchState
from chatpaper.storage.batches import BatchStage

Event = Literal[
    "answered",
    "partly_answered",
    "unmatched",
    "failed",
    "expired",
    "cancelled",
    "overdue",
    "too_large",
    "results_gone",
    "forgotten",
    "other_service",
]

# So many batches in a row that brought no answer to a request are no accident. With `auto` it is
# asked at once then; with `always` its paper has failed, which costs it one of its attempts.
MAX_LOSSES = 2


# With these a batch has done what it was for; with all others it is lost.
_COLLECTED: frozenset[Event] = frozenset({"answered", "partly_answered"})

# What is said of the requests that a batch did not answer.
REASONS: Mapping[Event, str] = MappingProxyType(
    {
        "answered": "",
        "partly_answered": "the batch has no answer to this request",
        "unmatched": "the batch has answers, but none under a key of ours",
        "failed": "the batch failed at the service",
        "expired": "the batch expired at the service before it was answered",
        "cancelled": "the batch was cancelled",
        "overdue": "the batch took longer than llm.batch_hours, twice over",
        "too_large": "the service takes no request of this size in a batch",
        "results_gone": "the results of the batch were removed by the service",
        "forgotten": "the service does not know the batch any more",
        "other_service": "the batch was sent with another key or address, and never collected",
    }
)
_OF_STATE: Mapping[BatchState, Event] = MappingProxyType(
    {"failed": "failed", "expired": "expired", "cancelled": "cancelled"}
)


def judge_end(state: BatchState, requests: int, answered: int, *, lines: int) -> Event:
    """Return how a batch ended that the service says has ended.

    Of its `requests` so many were `answered`, and its results had so many `lines` with a key.

    >>> judge_end("expired", 3, 0, lines=0)
    'expired'
    >>> judge_end("expired", 3, 2, lines=2)
    'partly_answered'
    """
    if answered == requests:
        return "answered"
    if answered:
        return "partly_answered"
    if state in _OF_STATE:
        return _OF_STATE[state]
    return "partly_answered" if lines else "unmatched"


def get_stage(event: Event) -> BatchStage:
    """Return how a batch that ended so is recorded."""
    return "collected" if event in _COLLECTED else "lost"


def describe_end(event: Event, said: str = "") -> str:
    """Return what is said of requests without an answer, with the words of the service."""
    reason = REASONS[event]
    return f"{reason} ({said})" if said and reason else reason
