"""Papers that failed or were given up, and what brings them back: another service, model or key, or
a person's word.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chatpaper.pipeline.failures.retries import MAX_ATTEMPTS, has_other_services
from chatpaper.storage.papers.outcomes import Outcome, Outcomes

_DIGEST_DIGITS = 16


def asked_digest(salt: str, services: Sequence[Sequence[str]]) -> str:
    """A digest of what is asked: for each service its backend, model, address and key.

    The salt, which one database alone has, keeps a key from being guessed from it.
    """
    told = "\0\0".join("\0".join(service) for service in services)
    return hashlib.sha256(f"{salt}\0{told}".encode("utf-8", "backslashreplace")).hexdigest()[
        :_DIGEST_DIGITS
    ]


def given_up(outcomes: Outcomes, topic: str | None = None) -> tuple[Outcome, ...]:
    """The papers that had all their attempts, of one topic or all."""
    return tuple(
        outcome for outcome in outcomes.exhausted(MAX_ATTEMPTS) if topic in (None, outcome.topic)
    )


def list_exhausted_elsewhere(outcomes: Outcomes, topic: str, asked: str) -> tuple[Outcome, ...]:
    """The papers of a topic that were given up when another service, model or key was asked."""
    return tuple(
        outcome for outcome in given_up(outcomes, topic) if has_other_services(outcome, asked)
    )


def unsettled(outcomes: Outcomes, arxiv_id: str) -> tuple[Outcome, ...]:
    """Where a paper failed, waits, or was given up."""
    return outcomes.unsettled(arxiv_id, MAX_ATTEMPTS)


def try_again(outcomes: Outcomes, chosen: Sequence[Outcome], now: datetime) -> None:
    """Let papers begin anew, with all their attempts: the next run has them. Raises StoreError."""
    anew = [replace(outcome, status="queued", attempts=0, next_try=None) for outcome in chosen]
    outcomes.record(anew, (), now)
