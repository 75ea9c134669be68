"""When a failed request is sent again, and when its service is left to the next run."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from chatpaper.domain.errors import UpstreamError
from chatpaper.fetch.http.cooldown import REFUSED, THROTTLED

_log = logging.getLogger(__name__)

# arXiv treats going on after a 403 as an attack, yet its edge servers send one now and then: one
# more attempt, no further.
_REFUSED_ATTEMPTS = 2
# A service that asks for a longer pause is left alone until the next run.
LONGEST_WAIT_SECONDS = 600.0
# Whatever a service asks for, the next night asks it again.
MAX_RETRY_AFTER_SECONDS = 86_400.0
_SHORTEST_BACKOFF_SECONDS = 0.05
# Throttling lasts for minutes where other faults last for seconds.
_THROTTLED_BACKOFF_FACTOR = 10

_RATE_LIMIT = re.compile(r'"[^"]*"\s*;\s*r=(?P<remaining>\d+)\s*;\s*t=(?P<seconds>\d+)', re.ASCII)


class RetryPolicy:
    """Repeats what fails with UpstreamError, after exponential pauses with jitter.

    The pauses grow from `delay_seconds`, ten times as long for a service that throttles, and are at
    least as long as a Retry-After asks. The last error is raised after `max_attempts`, two for a
    refusal (403), or at once where the service asks for more than LONGEST_WAIT_SECONDS.
    """

    def __init__(self, delay_seconds: float, max_attempts: int) -> None:
        self.max_attempts = max_attempts
        backoff = max(delay_seconds, _SHORTEST_BACKOFF_SECONDS)
        self._backoff = _exponential(backoff)
        self._throttled_backoff = _exponential(backoff * _THROTTLED_BACKOFF_FACTOR)

    def retrying(self, sleep: Callable[[float], None]) -> Retrying:
        """Make what calls a function until it succeeds or its error is final."""
        return Retrying(
            retry=retry_if_exception_type(UpstreamError),
            stop=self._is_final,
            wait=self._pause_seconds,
            sleep=sleep,
            before_sleep=_log_retry,
            reraise=True,
        )

    def _is_final(self, state: RetryCallState) -> bool:
        error = _upstream_error(state)
        attempts = _REFUSED_ATTEMPTS if error.status == REFUSED else self.max_attempts
        is_too_long = (error.retry_after_seconds or 0) > LONGEST_WAIT_SECONDS
        return is_too_long or state.attempt_number >= min(attempts, self.max_attempts)

    def _pause_seconds(self, state: RetryCallState) -> float:
        error = _upstream_error(state)
        backoff = self._throttled_backoff if error.status in THROTTLED else self._backoff
        return max(backoff(state), error.retry_after_seconds or 0)


def parse_retry_after(header: str | None, now: datetime) -> float | None:
    """Parse a Retry-After header, seconds or an HTTP date (RFC 9110, 10.2.3), into seconds.

    Returns None for a header that is missing or malformed, and MAX_RETRY_AFTER_SECONDS at most.

    >>> parse_retry_after("120", datetime.now(UTC))
    120.0
    """
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        return min(float(header), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (aware - now).total_seconds()), MAX_RETRY_AFTER_SECONDS)


def parse_rate_limit(header: str | None) -> float | None:
    """Parse a RateLimit header into the seconds until there is quota again.

    Returns None where quota is left and where the header is missing or malformed. Hugging Face
    sends it in place of Retry-After (draft-ietf-httpapi-ratelimit-headers-09).

    >>> parse_rate_limit('"api";r=0;t=55')
    55.0
    """
    match = _RATE_LIMIT.fullmatch((header or "").strip())
    is_used_up = match is not None and not match["remaining"].strip("0")
    return min(float(match["seconds"]), MAX_RETRY_AFTER_SECONDS) if match and is_used_up else None


def _exponential(first_seconds: float) -> wait_exponential_jitter:
    return wait_exponential_jitter(
        initial=first_seconds, max=LONGEST_WAIT_SECONDS, jitter=first_seconds
    )


def _upstream_error(state: RetryCallState) -> UpstreamError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, UpstreamError):
        raise TypeError(f"only upstream errors are retried, not {error!r}")
    return error


def _log_retry(state: RetryCallState) -> None:
    pause = state.next_action.sleep if state.next_action else 0.0
    _log.warning("%s; asking again in %.1f s", _upstream_error(state), pause)
