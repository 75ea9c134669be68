"""Give papers that failed another chance: with another service, model or key, or on request."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chatpaper.pipeline.failures.retries import MAX_ATTEMPTS, has_failed_elsewhere
from chatpaper.storage.papers.outcomes import Outcome, Outcomes

_DIGEST_DIGITS = 16


def digest_services(salt: str, services: Sequence[Sequence[str]]) -> str:
    """Return a digest of the services that are asked: backend, model, address and key of each.

    The salt, which one database alone has, keeps a key from being guessed from it.
    """
    identities = "\0\0".join("\0".join(service) for service in services)
    return hashlib.sha256(f"{salt}\0{identities}".encode("utf-8", "backslashreplace")).hexdigest()[
        :_DIGEST_DIGITS
    ]


def list_exhausted(outcomes: Outcomes, topic: str | None = None) -> tuple[Outcome, ...]:
    """List the papers that have had all their attempts, of one topic or of all."""
    return tuple(
        outcome for outcome in outcomes.exhausted(MAX_ATTEMPTS) if topic in (None, outcome.topic)
    )


def list_exhausted_elsewhere(outcomes: Outcomes, topic: str, services: str) -> tuple[Outcome, ...]:
    """List the exhausted papers of a topic that failed when other services were asked than now."""
    return tuple(
        outcome
        for outcome in list_exhausted(outcomes, topic)
        if has_failed_elsewhere(outcome, services)
    )


def list_retriable(outcomes: Outcomes, arxiv_id: str) -> tuple[Outcome, ...]:
    """List a paper's outcomes, one for each topic in which it failed, is queued or is exhausted."""
    return outcomes.unsettled(arxiv_id, MAX_ATTEMPTS)


def requeue(outcomes: Outcomes, chosen: Sequence[Outcome], now: datetime) -> None:
    """Queue papers for the next run, with all their attempts. Raises StoreError."""
    queued = [replace(outcome, status="queued", attempts=0, next_try=None) for outcome in chosen]
    outcomes.record(queued, (), now)
