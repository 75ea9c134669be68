"""Hugging Face's daily papers as a source of `chatpaper run`."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache

from chatpaper.app.container import Arxiv
from chatpaper.app.settings import Settings
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.http.session import RateLimiter, ThrottledSession
from chatpaper.fetch.huggingface import HuggingFaceClient
from chatpaper.pipeline.selection import Candidate, FindCandidates, Offer

SOURCE = "huggingface"


def hugging_face(
    settings: Settings, arxiv: Arxiv, sleep: Callable[[float], None] = time.sleep
) -> HuggingFaceClient:
    """Hugging Face, or the mirror that the settings name: it is not arXiv, and has a pace of its
    own.
    """
    session = ThrottledSession(
        contact=settings.arxiv.contact,
        delay_seconds=settings.huggingface.delay_seconds,
        timeout_seconds=settings.arxiv.timeout_seconds,
        max_attempts=settings.arxiv.max_attempts,
        rate_limiter=RateLimiter(),
        sleep=sleep,
    )
    return HuggingFaceClient(
        session, arxiv.api, settings.huggingface.base_url, settings.arxiv.site_url
    )


def find_daily_papers(source: HuggingFaceClient, since: date, until: date) -> FindCandidates:
    """How the papers of those days are found, read once for all topics; each takes those that are
    about it.
    """

    @cache
    def offer() -> Offer:
        candidates = [
            Candidate(daily.paper, warnings=(daily.warning,) if daily.warning else ())
            for daily in source.fetch_papers(since, until)
        ]
        return Offer(
            candidates,
            SOURCE,
            nothing_announced="" if candidates else "Hugging Face lists no papers",
        )

    return lambda topic: offer()


def days(
    since: date | None, until: date | None, post_date: date | None, today: date
) -> tuple[date, date]:
    """The days whose lists are read: those that were asked for, else that of the post, else
    today's.

    East of Greenwich `today` begins before Hugging Face's day does: then it is the one that has
    begun in UTC.
    """
    last = until or post_date or min(today, datetime.now(UTC).date())
    first = since or last
    if first > last:
        raise ConfigError(f"--since {first} is after --until {last}.")
    return first, last


def describe_days(settings: Settings, since: date, until: date) -> str:
    """Where a person finds what was read."""
    to = "" if since == until else f" to {until}"
    return f"{settings.huggingface.base_url}/papers/date/{since}{to}"
