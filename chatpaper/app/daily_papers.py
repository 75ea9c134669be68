"""Hugging Face's daily papers as a source of `chatpaper run`."""

from datetime import UTC, date
from functools import cache

from chatpaper.app.container import Arxiv
from chatpaper.app.settings import Settings
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.fetch.huggingface import HuggingFaceClient
from chatpaper.pipeline.selection import Candidate, FindCandidates, Offer

SOURCE = "huggingface"


def build_hugging_face(settings: Settings, arxiv: Arxiv) -> HuggingFaceClient:
    """Build the client of Hugging Face, or of the mirror that the settings name.

    Hugging Face has a rate limit of its own beside arXiv's.
    """
    session = ThrottledSession(
        contact=settings.arxiv.contact,
        delay_seconds=settings.huggingface.delay_seconds,
        timeout_seconds=settings.arxiv.timeout_seconds,
        max_attempts=settings.arxiv.max_attempts,
        rate_limiter=RateLimiter(),
        clock=arxiv.clock,
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


def choose_days(
    since: date | None, until: date | None, post_date: date | None, today: date, clock: Clock
) -> tuple[date, date]:
    """Choose the first and the last day whose lists are read.

    They are the days that were asked for, else that of the post, else today. East of Greenwich
    `today` begins before Hugging Face's day does: then it is the day that has begun in UTC.
    """
    last = until or post_date or min(today, clock.now().astimezone(UTC).date())
    first = since or last
    if first > last:
        raise ConfigError(f"--since {first} is after --until {last}.")
    return first, last


def describe_days(settings: Settings, since: date, until: date) -> str:
    """Where a person finds what was read."""
    to = "" if since == until else f" to {until}"
    return f"{settings.huggingface.base_url}/papers/date/{since}{to}"
