"""When a paper that failed is tried again, and when it is given up.

Most faults of a single paper (an answer that cannot be used, a PDF that takes too long) come back
the next night, and each attempt costs calls of the model: so the nights between attempts grow, and
their number is bounded. A fault of a service, an account, a setting or chatpaper itself says
nothing about the paper and is not counted.
"""

from dataclasses import replace
from datetime import date, timedelta

from chatpaper.storage.papers.outcomes import Outcome

# Nights from one attempt to the next. Four attempts over a week outlast the faults that pass; what
# still fails then fails for good.
NIGHTS_BETWEEN_ATTEMPTS = (1, 2, 4)
MAX_ATTEMPTS = len(NIGHTS_BETWEEN_ATTEMPTS) + 1


def is_due(outcome: Outcome, night: date) -> bool:
    """Whether a paper may be tried on this night: always again on the night on which it last
    failed, by another run.

    A night before that one means that the clock was wrong then, so it is no reason to wait.
    """
    return (
        outcome.next_try is None
        or night >= outcome.next_try
        or night <= _last_attempt(outcome, outcome.next_try)
    )


def has_other_services(outcome: Outcome, asked: str) -> bool:
    """Whether another service, model or key is asked now than when a model failed on the paper."""
    return outcome.stage == "summarize" and bool(outcome.asked and asked) and outcome.asked != asked


def given_up(outcome: Outcome) -> bool:
    """Whether a paper had all its attempts."""
    return outcome.status == "excluded" and outcome.attempts >= MAX_ATTEMPTS


def defer(failed: Outcome, earlier: Outcome | None, night: date) -> Outcome:
    """The outcome of a paper that a service or a budget kept from being done: no attempt, and the
    next run tries.
    """
    known = _comparable(failed, earlier)
    if known is None:
        return failed
    waits = known.next_try is not None and night < known.next_try
    return replace(failed, attempts=known.attempts, next_try=known.next_try if waits else None)


def record_failure(failed: Outcome, earlier: Outcome | None, night: date) -> Outcome:
    """The outcome of a paper that failed by itself on this night, after what was known of it.

    A night counts as one attempt, however many runs it has; another version of the paper begins
    anew, and so does the paper with another service, model or key.
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
        or has_other_services(earlier, failed.asked)
    ):
        return None
    return earlier


def _last_attempt(outcome: Outcome, next_try: date) -> date:
    return next_try - timedelta(NIGHTS_BETWEEN_ATTEMPTS[outcome.attempts - 1])
