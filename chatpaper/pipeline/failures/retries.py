"""Decide when a paper that failed is tried again, and when it is given up.

Most faults of a single paper (an answer that cannot be used, a PDF that takes too long) come back
the next night, and each attempt costs calls of the model: so the nights between attempts grow, and
their number is bounded. A fault of a service, an account, a setting or chatpaper itself says
nothing about the paper and does not count as an attempt.
"""

from dataclasses import replace
from datetime import date, timedelta

from chatpaper.storage.papers.outcomes import Outcome

# Nights from one attempt to the next. Four attempts over a week outlast faults that pass; a paper
# that still fails then fails for good.
NIGHTS_BETWEEN_ATTEMPTS = (1, 2, 4)
MAX_ATTEMPTS = len(NIGHTS_BETWEEN_ATTEMPTS) + 1


def is_due(outcome: Outcome, night: date) -> bool:
    """Return whether a paper may be tried on this night.

    Another run of the night on which it last failed may always try it again. A night before that
    one means that the clock was wrong then, which is no reason to wait.
    """
    return (
        outcome.next_try is None
        or night >= outcome.next_try
        or night <= _last_attempt(outcome, outcome.next_try)
    )


def has_failed_elsewhere(outcome: Outcome, services: str) -> bool:
    """Return whether a model failed on the paper when other services were asked than now.

    `services` is a digest of services, models and keys, see `digest_services`.
    """
    if outcome.stage != "summarize" or not outcome.asked or not services:
        return False
    return outcome.asked != services


def is_exhausted(outcome: Outcome) -> bool:
    """Return whether a paper has had all its attempts."""
    return outcome.status == "excluded" and outcome.attempts >= MAX_ATTEMPTS


def defer(failed: Outcome, earlier: Outcome | None, night: date) -> Outcome:
    """Return the outcome of a paper that a service or a budget kept from being done.

    That is no attempt, and the next run tries it again.
    """
    known = _comparable(failed, earlier)
    if known is None:
        return failed
    waits = known.next_try is not None and night < known.next_try
    return replace(failed, attempts=known.attempts, next_try=known.next_try if waits else None)


def record_failure(failed: Outcome, earlier: Outcome | None, night: date) -> Outcome:
    """Return the outcome of a paper that failed on this night for a reason of its own.

    A night counts as one attempt, however many runs it has. Attempts are counted from zero for
    another version of the paper, and with another service, model or key.
    """
    known = _comparable(failed, earlier)
    if (
        known is not None
        and known.next_try is not None
        and night == _last_attempt(known, known.next_try)
    ):
        return replace(failed, attempts=known.attempts, next_try=known.next_try)
    attempts = (known.attempts if known else 0) + 1
    if attempts >= MAX_ATTEMPTS:
        reason = f"gave up after {attempts} attempts: {failed.reason}"
        return replace(failed, status="excluded", reason=reason, attempts=attempts)
    return replace(
        failed, attempts=attempts, next_try=night + timedelta(NIGHTS_BETWEEN_ATTEMPTS[attempts - 1])
    )


def _comparable(failed: Outcome, earlier: Outcome | None) -> Outcome | None:
    if (
        earlier is None
        or earlier.version != failed.version
        or has_failed_elsewhere(earlier, failed.asked)
    ):
        return None
    return earlier


def _last_attempt(outcome: Outcome, next_try: date) -> date:
    return next_try - timedelta(NIGHTS_BETWEEN_ATTEMPTS[outcome.attempts - 1])
