"""How batches end, and what that means for their requests: a table.

Whatever the end, the requests that were answered are taken in, and those that were not are asked
again in a later batch, a bounded number of times.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Ending:
    """How a batch is recorded, and what is said of the requests that it did not answer."""

    stage: BatchStage
    reason: str


ENDINGS: Mapping[Event, Ending] = MappingProxyType(
    {
        "answered": Ending("collected", ""),
        "partly_answered": Ending("collected", "the batch has no answer to this request"),
        "unmatched": Ending("lost", "the batch has answers, but none under a key of ours"),
        "failed": Ending("lost", "the batch failed at the service"),
        "expired": Ending("lost", "the batch expired at the service before it was answered"),
        "cancelled": Ending("lost", "the batch was cancelled"),
        "overdue": Ending("lost", "the batch took longer than llm.batch_hours, twice over"),
        "too_large": Ending("lost", "the service takes no request of this size in a batch"),
        "results_gone": Ending("lost", "the results of the batch were removed by the service"),
        "forgotten": Ending("lost", "the service does not know the batch any more"),
        "other_service": Ending(
            "lost", "the batch was sent with another key or address, and was never collected"
        ),
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


def describe_end(event: Event, said: str = "") -> str:
    """Return what is said of requests without an answer, with the words of the service."""
    reason = ENDINGS[event].reason
    return f"{reason} ({said})" if said and reason else reason
