"""Build the topics and the sources of their papers from the settings."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.settings import Settings
from chatpaper.domain import Topic
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.fetch.huggingface import DAILY_PAPERS, HuggingFaceClient
from chatpaper.fetch.openalex import OpenAlexClient
from chatpaper.fetch.preprints.biorxiv import SERVER_NAMES, BiorxivClient, Server
from chatpaper.fetch.preprints.openreview import OpenReviewClient
from chatpaper.fetch.topics.findable import is_findable, list_unfindable_phrases
from chatpaper.fetch.topics.near_names import find_near_names, suggest_near_names
from chatpaper.fetch.topics.table import resolve_topic
from chatpaper.pipeline.selection import PaperSource
from chatpaper.pipeline.sources.arxiv_source import ArxivSource
from chatpaper.pipeline.sources.daily_papers import DailyPapersSource
from chatpaper.pipeline.sources.folder_source import FolderSource
from chatpaper.pipeline.sources.preprint_source import PreprintSource
from chatpaper.pipeline.sources.range_source import RangeSource
from chatpaper.pipeline.sources.windows import (
    DateRange,
    RequestedDates,
    SearchNight,
    choose_daily_range,
    choose_search_range,
    compute_effective_time,
)
from chatpaper.pipeline.updates.publications import PublicationLookup
from chatpaper.storage.store import Store

# Sources whose papers arXiv knows; any other is a folder.
ARXIV, HUGGING_FACE = "arxiv", "huggingface"
ONLINE_SOURCES = (ARXIV, HUGGING_FACE)
# A venue of OpenReview is named behind this.
OPENREVIEW = "openreview:"


def is_searched(source: str) -> bool:
    """Return whether the papers of a source are chosen by the English phrases of topics."""
    return source in (*ONLINE_SOURCES, *SERVER_NAMES) or source.startswith(OPENREVIEW)


def get_current_date(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> date:
    """Return the date of a post that is written now, in the time zone of the settings."""
    return clock.now().astimezone(settings.zone).date()


def compute_search_bounds(
    settings: Settings, clock: Clock = SYSTEM_CLOCK
) -> tuple[datetime, datetime]:
    """Return the first and the last time of submission that a run of today searches."""
    today = get_current_date(settings, clock)
    return choose_search_range(RequestedDates(), today, settings.run.window_days).bounds


def resolve_topics(
    settings: Settings, names: tuple[str, ...], *, source: str = ARXIV
) -> tuple[Topic, ...]:
    """Resolve names to topics, each once however it is spelt.

    The daily papers of Hugging Face as a whole are a topic too, if papers come from them. Raises
    ConfigError for a name that is no topic, and for a topic whose papers cannot be searched for
    because it has no English phrase; the papers of a folder are not searched.
    """
    chosen = [
        DAILY_PAPERS
        if source == HUGGING_FACE and name == DAILY_PAPERS.name
        else resolve_topic(name, settings.user_topics)
        for name in names
    ]
    once: dict[str, Topic] = {}
    for topic in chosen:
        if is_searched(source):
            _refuse_unfindable(topic, settings)
        excluded = topic.exclude.join(settings.excluded_everywhere)
        once.setdefault(topic.name.casefold(), replace(topic, exclude=excluded))
    return tuple(once.values())


def name_for_reader(topics: Iterable[Topic], settings: Settings) -> tuple[Topic, ...]:
    """Return the topics under names that no other reader has, where there are several.

    What was published for one reader is then still to be published for another.
    """
    reader = settings.profile.name
    return tuple(
        replace(topic, name=f"{topic.name}{mark_reader(settings)}") if reader else topic
        for topic in topics
    )


def mark_reader(settings: Settings) -> str:
    """Return what the names of a reader's topics end with, where there are several readers."""
    return f" ({settings.profile.name})" if settings.profile.name else ""


def strip_reader(topic: str, settings: Settings) -> str:
    """Return the name of a topic as its reader knows it."""
    return topic.removesuffix(mark_reader(settings))


def list_topic_notes(topic: Topic, settings: Settings, source: str) -> list[str]:
    """List what a person should know of how the papers of a topic are searched for."""
    notes = [_explain_unknown(topic, settings)]
    if is_searched(source):
        notes.append(_explain_unfindable_phrases(topic))
    return [note for note in notes if note]


def _explain_unknown(topic: Topic, settings: Settings) -> str:
    """Say that a topic is a phrase alone, and which known names are near; empty for known ones."""
    if topic.builtin or topic.name in settings.user_topics:
        return ""
    near = suggest_near_names(find_near_names(topic.name, settings.user_topics))
    return f"Topic {topic.name!r} is not in the table; searching for it as a phrase.{near}"


def _explain_unfindable_phrases(topic: Topic) -> str:
    """Say which phrases of a topic find nothing because they are not English; empty if none is."""
    phrases = list_unfindable_phrases(topic)
    if not phrases:
        return ""
    return (
        f"Topic {topic.name!r}: titles and abstracts are in English, so that "
        f"{', '.join(phrases)} finds nothing: write English phrases."
    )


def _refuse_unfindable(topic: Topic, settings: Settings) -> None:
    if is_findable(topic):
        return
    if topic.name in settings.user_topics:
        raise ConfigError(
            f"{_explain_unfindable_phrases(topic)} They stand in "
            f'[topics."{topic.name}"] of the settings.'
        )
    near = suggest_near_names(find_near_names(topic.name, settings.user_topics))
    raise ConfigError(
        f"Topic {topic.name!r} is not in the table, and a search of English titles and abstracts "
        f'for it finds nothing.{near} `chatpaper topics add "{topic.name}"` proposes English '
        "phrases for it; `chatpaper topics list` shows all topics."
    )


def build_paper_source(
    settings: Settings,
    source: str,
    asked: RequestedDates,
    post_date: date,
    arxiv: ArxivClients,
    store: Store,
) -> PaperSource:
    """Build what finds the papers of topics: a server, Hugging Face's daily papers, or a folder.

    Raises ConfigError for days in the wrong order, and for a folder that cannot be read.
    """
    now = arxiv.clock.now()
    if source == HUGGING_FACE:
        lists = choose_daily_range(asked, post_date, now)
        base_url = settings.huggingface.base_url
        return DailyPapersSource(_build_hugging_face(settings, arxiv), lists, base_url)
    days = choose_search_range(asked, post_date, settings.run.window_days)
    if source in SERVER_NAMES or source.startswith(OPENREVIEW):
        return _build_preprints(settings, source, days, asked, arxiv)
    if source != ARXIV:
        return FolderSource.read(
            Path(source), store.identities, days, is_range_asked=asked.has_range
        )
    if asked.has_range:
        return RangeSource(arxiv.api, days)
    as_of = compute_effective_time(post_date, now, settings.zone)
    night = SearchNight(post_date, as_of, settings.run.window_days, settings.run.catch_up_days)
    return ArxivSource(arxiv.api, arxiv.announcements, store.history, night)


def _build_hugging_face(settings: Settings, arxiv: ArxivClients) -> HuggingFaceClient:
    """Build the client of Hugging Face, or of the mirror that the settings name.

    Hugging Face has a rate limit of its own beside arXiv's.
    """
    session = _open_session(settings, arxiv, settings.huggingface.delay_seconds)
    return HuggingFaceClient(
        session, arxiv.api, settings.huggingface.base_url, settings.arxiv.site_url
    )


def _build_preprints(
    settings: Settings,
    source: str,
    days: DateRange,
    asked: RequestedDates,
    arxiv: ArxivClients,
) -> PreprintSource:
    """Build what reads bioRxiv, medRxiv, or a venue of OpenReview.

    A venue is read whole, unless days are asked for.
    """
    chosen = settings.preprints
    session = _open_session(settings, arxiv, chosen.delay_seconds)
    if source.startswith(OPENREVIEW):
        venue = source.removeprefix(OPENREVIEW)
        review = OpenReviewClient(session, chosen.openreview_api_url, chosen.openreview_url)
        return PreprintSource(
            "OpenReview",
            venue,
            lambda: [
                paper
                for paper in review.fetch_papers(venue)
                if not asked.has_range
                or (paper.published is not None and days.contains(paper.published))
            ],
        )
    server: Server = "medrxiv" if source == "medrxiv" else "biorxiv"
    site_url = chosen.medrxiv_url if server == "medrxiv" else chosen.biorxiv_url
    client = BiorxivClient(session, server, chosen.biorxiv_api_url, site_url)
    return PreprintSource(
        SERVER_NAMES[server],
        f"{days.since} to {days.until}",
        lambda: client.fetch_papers(days.since, days.until),
    )


def build_publication_lookup(settings: Settings, arxiv: ArxivClients) -> PublicationLookup:
    """Build what looks venues and citations up, or nothing where the settings want none.

    It is asked once, and for a short time: no night waits for it.
    """
    chosen = settings.publications
    if chosen.lookup == "none":
        return PublicationLookup()
    session = ThrottledSession(
        contact=settings.arxiv.contact,
        delay_seconds=0.0,
        timeout_seconds=chosen.timeout_seconds,
        max_attempts=1,
        rate_limiter=RateLimiter(),
        clock=arxiv.clock,
    )
    client = OpenAlexClient(
        session,
        chosen.base_url,
        settings.arxiv.contact,
        chosen.timeout_seconds,
        arxiv.clock,
    )
    return PublicationLookup(client)


def _open_session(
    settings: Settings, arxiv: ArxivClients, delay_seconds: float
) -> ThrottledSession:
    """Open a session with a pace of its own beside arXiv's."""
    return ThrottledSession(
        contact=settings.arxiv.contact,
        delay_seconds=delay_seconds,
        timeout_seconds=settings.arxiv.timeout_seconds,
        max_attempts=settings.arxiv.max_attempts,
        rate_limiter=RateLimiter(),
        clock=arxiv.clock,
    )
