"""Settings -> adapters -> pipeline."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from chatpaper.app.limits import limited
from chatpaper.app.second_reader import Means, made_second_reader
from chatpaper.app.settings import Settings
from chatpaper.app.summarizers import (
    build_summarizer,
    open_another_model,
    open_backends,
    require_backend,
    service_identities,
)
from chatpaper.backends import Backend
from chatpaper.domain import Paper, Topic
from chatpaper.domain.atomic_files import clear_parts
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import (
    ConfigError,
    PdfUnavailableError,
    RunLockedError,
    StoreError,
)
from chatpaper.extract.worker import Extractor
from chatpaper.fetch.arxiv.announcements import AnnouncementReader
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.arxiv.licenses import LicenseClient
from chatpaper.fetch.arxiv.oai import OaiClient
from chatpaper.fetch.arxiv.rss import RssClient
from chatpaper.fetch.http.cooldown import HostCooldown
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.retries import LONGEST_WAIT_SECONDS
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.fetch.huggingface import DAILY_PAPERS, HuggingFaceClient
from chatpaper.fetch.pdf_cache import PdfCache
from chatpaper.fetch.topics.relevance import resolve_topic
from chatpaper.pipeline.documents import DocumentLoader
from chatpaper.pipeline.entries import EntryStore
from chatpaper.pipeline.execution.budget import Budget
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.execution.controls import Progress, RunControls
from chatpaper.pipeline.execution.executor import PaperExecutor
from chatpaper.pipeline.execution.steps import PaperSteps
from chatpaper.pipeline.failures.second_chances import asked_digest
from chatpaper.pipeline.planning import Planner
from chatpaper.pipeline.publish import Publisher
from chatpaper.pipeline.recording import RunRecorder
from chatpaper.pipeline.request import Limits, RunRequest
from chatpaper.pipeline.run import Pipeline, Updates
from chatpaper.pipeline.selection import PaperSource
from chatpaper.pipeline.sources.arxiv_source import ArxivSource, SearchNight
from chatpaper.pipeline.sources.daily_papers import DailyPapersSource
from chatpaper.pipeline.sources.folder_source import FolderSource
from chatpaper.pipeline.sources.range_source import RangeSource
from chatpaper.pipeline.sources.windows import (
    DateRange,
    RequestedDates,
    effective_time,
    range_of_daily_lists,
    range_of_search,
)
from chatpaper.pipeline.updates.licenses import LicenseResolver
from chatpaper.pipeline.updates.record_backfill import RecordBackfill
from chatpaper.pipeline.updates.revisions import RevisionTracker
from chatpaper.storage.cooldowns import CooldownStore
from chatpaper.storage.store import Store
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.verify.judge.second_reader import SecondReader
from chatpaper.write.format_validation import try_out
from chatpaper.write.formats import PostFormat, load_format, load_labels
from chatpaper.write.render import PostStyle
from chatpaper.write.site.site_index import Listing, ListingStyle

log = logging.getLogger(__name__)

# Sources whose papers arXiv knows; any other is a folder.
ARXIV, HUGGING_FACE = "arxiv", "huggingface"
ONLINE_SOURCES = (ARXIV, HUGGING_FACE)

LOCK_NAME = "run.lock"
MEGABYTE = 1024 * 1024


class Arxiv:
    """arXiv, or the mirror that the settings name: one session, hence one pace."""

    def __init__(
        self, settings: Settings, clock: Clock = SYSTEM_CLOCK, topics: Sequence[Topic] = ()
    ) -> None:
        """Make the clients.

        `clock` waits before a failed request is repeated; `topics` are those of the run, which
        share one feed.
        """
        self.clock = clock
        self.session = ThrottledSession(
            contact=settings.arxiv.contact,
            delay_seconds=settings.arxiv.delay_seconds,
            timeout_seconds=settings.arxiv.timeout_seconds,
            max_attempts=settings.arxiv.max_attempts,
            clock=clock,
        )
        self.api = ArxivApi(
            self.session, api_url=settings.arxiv.api_url, site_url=settings.arxiv.site_url
        )
        self.pdfs = PdfCache(settings.cache_dir, self.session, settings.arxiv.site_url)
        self.feeds = RssClient(self.session, settings.arxiv.rss_url)
        self.announcements = AnnouncementReader(
            self.session, self.feeds, settings.arxiv.site_url, topics
        )
        self.licenses = LicenseClient(
            self.feeds, OaiClient(self.session, settings.arxiv.oai_url), clock
        )

    def enable_cooldowns(self, cooldowns: CooldownStore, pause_seconds: float) -> None:
        """Keep to what services asked for in earlier runs, and remember it for later ones."""
        self.session.cooldown = HostCooldown(
            cooldowns,
            self.clock,
            pause_seconds=pause_seconds,
            longest_wait_seconds=LONGEST_WAIT_SECONDS,
        )

    def fetch_pdf(self, paper: Paper) -> Path:
        """The file of a paper, from the cache where it is there; errors as for `PdfCache.fetch`."""
        if not paper.pdf_url:
            raise PdfUnavailableError(
                f"{paper.idv} is not on arXiv: it has no PDF that could be fetched"
            )
        return (
            self.pdfs.fetch_url(paper.pdf_url) if paper.source == "file" else self.pdfs.fetch(paper)
        )


def post_style(settings: Settings) -> PostStyle:
    """How posts look."""
    return PostStyle(
        load_labels(settings.language),
        settings.post.author,
        settings.post.evidence,
        settings.post.figures,
    )


def publisher(settings: Settings, store: Store) -> Publisher:
    """What writes posts, in the user's own formats too, with index and feed beside them."""
    style = post_style(settings)
    post = settings.post
    listing_style = ListingStyle(post.site_url, post.page_suffix, post.feed_entries, post.index)
    listing = Listing(listing_style, style, settings.zone, settings.cache_dir)
    return Publisher(
        store.entries,
        store.posts,
        store.licenses,
        store.revisions,
        store.names,
        style,
        listing,
        partial(load_format, own_folder=post.formats_dir),
    )


def prompts(settings: Settings) -> Prompts:
    """The prompt files, with the user's own glossary and vocabularies."""
    own = {"classes": settings.post.classes, "tags": settings.post.tags}
    return Prompts.load(
        own_glossary=settings.prompts.glossary,
        own_vocabularies={name: values for name, values in own.items() if values is not None},
    )


def post_formats(settings: Settings, names: tuple[str, ...]) -> tuple[PostFormat, ...]:
    """The wanted formats, each once and tried out.

    Raises ConfigError that names the file where one is wrong: before any model is asked, since an
    answer that cannot be shown was paid for in vain.
    """
    known = prompts(settings)
    style = post_style(settings)
    formats = tuple(load_format(name, settings.post.formats_dir) for name in dict.fromkeys(names))
    for chosen in formats:
        try:
            fields = known.fields(chosen.asked_fields, settings.language)
        except ConfigError as error:
            raise ConfigError(f"The format file {chosen.fields_file} is wrong: {error}.") from error
        try_out(chosen, fields, style)
    return formats


def today(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> date:
    """The date of a post that is written now."""
    return clock.now().astimezone(settings.zone).date()


def build_request(
    settings: Settings, post_date: date | None, clock: Clock = SYSTEM_CLOCK
) -> RunRequest:
    """What to do, as the settings have it."""
    limits = Limits(settings.budget.max_papers, settings.budget.max_usd, settings.budget.max_tokens)
    return RunRequest(
        post_date or today(settings, clock),
        settings.output_dir,
        post_formats(settings, settings.run.formats),
        limits,
    )


def default_window(settings: Settings) -> tuple[datetime, datetime]:
    """The submission times that a run of today would look at."""
    until = today(settings)
    return DateRange(until - timedelta(days=settings.run.window_days), until).bounds


def topics(settings: Settings, names: tuple[str, ...], *, daily: bool = False) -> tuple[Topic, ...]:
    """The named topics, each once however it is spelt; `daily`: from a day's list, whose whole is a
    topic too.
    """
    chosen = (
        DAILY_PAPERS
        if daily and name == DAILY_PAPERS.name
        else resolve_topic(name, settings.user_topics)
        for name in names
    )
    once: dict[str, Topic] = {}
    for topic in chosen:
        once.setdefault(topic.name.casefold(), topic)
    return tuple(once.values())


def build_paper_source(
    settings: Settings,
    source: str,
    asked: RequestedDates,
    post_date: date,
    arxiv: Arxiv,
    store: Store,
) -> PaperSource:
    """Build what finds the papers of topics: arXiv, Hugging Face's daily papers, or a folder.

    Raises ConfigError for days in the wrong order, and for a folder that cannot be read.
    """
    now = arxiv.clock.now()
    if source == HUGGING_FACE:
        lists = range_of_daily_lists(asked, post_date, now)
        base_url = settings.huggingface.base_url
        return DailyPapersSource(_build_hugging_face(settings, arxiv), lists, base_url)
    days = range_of_search(asked, post_date, settings.run.window_days)
    if source != ARXIV:
        return FolderSource.read(
            Path(source), store.identities, days, is_range_asked=asked.has_range
        )
    if asked.has_range:
        return RangeSource(arxiv.api, days)
    as_of = effective_time(post_date, now, settings.zone)
    night = SearchNight(post_date, as_of, settings.run.window_days, settings.run.catch_up_days)
    return ArxivSource(arxiv.api, arxiv.announcements, store.history, night)


def _build_hugging_face(settings: Settings, arxiv: Arxiv) -> HuggingFaceClient:
    """Build the client of Hugging Face, or of the mirror that the settings name.

    It is not arXiv, and has a pace of its own.
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


@contextmanager
def run_lock(settings: Settings) -> Iterator[None]:
    """Only one run at a time may write to a state folder.

    Raises RunLockedError while another does.
    """
    try:
        settings.state_dir.mkdir(parents=True, exist_ok=True)
        lock = FileLock(settings.state_dir / LOCK_NAME)
        lock.acquire(timeout=0)
    except Timeout:
        raise RunLockedError(
            f"Another run is at work in {settings.state_dir}: wait until it ends, or give this one its own state_dir."
        ) from None
    except OSError as error:
        raise StoreError(
            f"The folder {settings.state_dir} cannot be written: {error.strerror}. Choose another state_dir."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def assembled(
    settings: Settings,
    request: RunRequest,
    arxiv: Arxiv,
    *,
    cancellation: CancellationToken,
    progress: Progress,
) -> Iterator[Pipeline]:
    """A pipeline that is ready to run; its worker processes and database are closed behind it."""
    for folder in (settings.cache_dir, settings.state_dir):
        clear_parts(folder)
    with (
        Store(settings.state_dir) as store,
        extractor(settings, settings.extract.workers) as workers,
    ):
        arxiv.enable_cooldowns(store.cooldowns, settings.arxiv.backoff_seconds)
        yield pipeline(
            settings,
            request,
            arxiv,
            Machinery(store, workers),
            cancellation=cancellation,
            progress=progress,
        )


@dataclass(frozen=True, slots=True)
class Machinery:
    """What pipelines share: the database, and what reads PDFs; `watch` may look over a backend's
    shoulder.
    """

    store: Store
    workers: Extractor
    watch: Callable[[Backend], Backend] = lambda backend: backend


def asked_fields(formats: Sequence[PostFormat]) -> tuple[str, ...]:
    """What a model is asked for so that all the formats can be written, each field once."""
    return tuple(dict.fromkeys(field for chosen in formats for field in chosen.asked_fields))


def pipeline(
    settings: Settings,
    request: RunRequest,
    arxiv: Arxiv,
    machinery: Machinery,
    *,
    cancellation: CancellationToken,
    progress: Progress,
) -> Pipeline:
    """A pipeline for one order, with accounts and a budget of its own."""
    budget = Budget(request.limits)
    store = machinery.store
    accounts = store.new_usage_log()
    backends = open_backends(settings)
    means = Means(accounts, budget, store.completions, prompts(settings), cancellation.wait)
    writer = build_summarizer(settings, backends, means, machinery.watch)
    revisions = RevisionTracker(
        store.outcomes,
        store.revisions,
        settings.run.revisions,
        settings.run.revision_days,
        arxiv.api.fetch_records,
    )
    reader = DocumentLoader(settings.cache_dir, machinery.workers.extract)
    entries = EntryStore(store.entries)
    asked = asked_digest(store.salt(), service_identities(settings, backends))
    return Pipeline(
        Planner(entries, revisions, writer, asked_fields(request.formats)),
        PaperExecutor(
            PaperSteps(reader, arxiv.fetch_pdf, writer, arxiv.clock),
            RunControls(budget, cancellation, progress),
            concurrency=settings.llm.concurrency,
            readers=settings.extract.workers or os.cpu_count() or 1,
        ),
        RunRecorder(store, accounts, entries, arxiv.clock, asked),
        publisher(settings, store),
        Updates(
            LicenseResolver(
                store.licenses,
                arxiv.licenses.read_feed,
                arxiv.licenses.fetch,
                all_now=settings.post.figures == "licensed",
            ),
            RecordBackfill(store, arxiv.api.fetch_records),
            revisions,
        ),
    )


def reader_of_texts(settings: Settings, store: Store) -> SecondReader:
    """What judges any text about a paper, held to pace, quota and budget; errors as for
    `require_backend`.
    """
    backend = require_backend(settings)
    accounts, budget = (
        store.new_usage_log(),
        Budget(Limits(None, settings.budget.max_usd, settings.budget.max_tokens)),
    )
    accounts.begin_run("", today(settings))
    means = Means(accounts, budget, store.completions, prompts(settings), time.sleep)
    held = limited(backend, settings, accounts, budget)
    return made_second_reader(
        settings, held, partial(open_another_model, settings), means, "always"
    )


def extractor(settings: Settings, workers: int | None) -> Extractor:
    """The processes that read PDFs: one a core, if the settings do not say."""
    return Extractor(
        workers=workers or os.cpu_count() or 1,
        timeout_seconds=settings.extract.timeout_seconds,
        memory_bytes=settings.extract.memory_megabytes * MEGABYTE,
    )
