"""Settings -> adapters -> pipeline."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
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
from chatpaper.domain.atomic_files import clear_parts, digest_of
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import (
    ConfigError,
    PdfUnavailableError,
    RunLockedError,
    StoreError,
)
from chatpaper.extract import EXTRACTOR_VERSION
from chatpaper.extract.worker import Extractor
from chatpaper.fetch.arxiv.announcements import AnnouncementReader
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.arxiv.licenses import LicenseClient
from chatpaper.fetch.arxiv.oai import OaiClient
from chatpaper.fetch.arxiv.rss import RssClient
from chatpaper.fetch.folder import FolderPaper, read_folder
from chatpaper.fetch.http.cooldown import HostCooldown
from chatpaper.fetch.http.retries import LONGEST_WAIT_SECONDS
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.fetch.huggingface import DAILY_PAPERS
from chatpaper.fetch.pdf_cache import PdfCache
from chatpaper.fetch.topics.relevance import resolve_topic
from chatpaper.pipeline.arxiv_source import ArxivSource, asked_window_source
from chatpaper.pipeline.documents import Reader
from chatpaper.pipeline.execution.budget import Budget, Limits
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.execution.executor import Progress, Workshop
from chatpaper.pipeline.failures.second_chances import asked_digest
from chatpaper.pipeline.publish import Publisher
from chatpaper.pipeline.run import Order, Pipeline
from chatpaper.pipeline.selection import Candidate, FindCandidates, Offer
from chatpaper.pipeline.updates.licenses import Licensing
from chatpaper.pipeline.updates.record_backfill import Completing
from chatpaper.pipeline.updates.revisions import Revisions
from chatpaper.storage.cooldowns import CooldownStore
from chatpaper.storage.papers.identities import Identities
from chatpaper.storage.store import Store
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.verify.judge.second_reader import SecondReader
from chatpaper.write.format_validation import try_out
from chatpaper.write.formats import PostFormat, load_format, load_labels
from chatpaper.write.render import PostStyle
from chatpaper.write.site.site_index import Listing, ListingStyle

log = logging.getLogger(__name__)

# Sources whose papers arXiv knows; any other is a folder.
ONLINE_SOURCES = ("arxiv", "huggingface")

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


def order(settings: Settings, post_date: date | None, clock: Clock = SYSTEM_CLOCK) -> Order:
    """What to do, as the settings have it."""
    limits = Limits(settings.budget.max_papers, settings.budget.max_usd, settings.budget.max_tokens)
    return Order(
        post_date or today(settings, clock),
        settings.output_dir,
        post_formats(settings, settings.run.formats),
        limits,
    )


def whole_days(since: date, until: date) -> tuple[datetime, datetime]:
    """Two days as the times that arXiv counts by: GMT, the last minute included."""
    return datetime.combine(since, clock_time.min, UTC), datetime.combine(
        until, clock_time(23, 59), UTC
    )


def default_window(settings: Settings) -> tuple[datetime, datetime]:
    """The submission times that a run of today would look at."""
    until = today(settings)
    return whole_days(until - timedelta(days=settings.run.window_days), until)


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


def as_of(settings: Settings, post_date: date, now: datetime) -> datetime:
    """The time for which a post stands: now, or the end of its day where it is not today's."""
    if post_date == now.astimezone(settings.zone).date():
        return now
    return datetime.combine(post_date, clock_time.max, settings.zone).astimezone(UTC)


def candidate_source(
    source: str,
    settings: Settings,
    arxiv: Arxiv,
    store: Store,
    night: date,
    asked: tuple[date, date] | None,
) -> FindCandidates:
    """How the papers of a topic are found on a night; `asked` is the time of submission that a
    person asked for.
    """
    if source == "arxiv":
        if asked:
            return asked_window_source(arxiv.api, *asked)
        return ArxivSource(
            arxiv.api,
            arxiv.announcements,
            store.history,
            night=night,
            as_of=as_of(settings, night, arxiv.clock.now()),
            window_days=settings.run.window_days,
            catch_up_days=settings.run.catch_up_days,
        ).find
    papers = _identified(read_folder(Path(source)), store.identities)

    def in_window(paper: Paper) -> bool:
        if asked is None or paper.published is None:
            return True
        since, until = asked
        return since <= paper.published.astimezone(UTC).date() <= until

    def find(topic: Topic) -> Offer:
        """A folder was filled by hand: what its metadata gives to no other topic belongs to this
        one.
        """
        chosen = [
            Candidate(found.paper, found.pdf.absolute(), chosen=True)
            for found in papers
            if in_window(found.paper) and (not found.topics or topic.name in found.topics)
        ]
        return Offer(chosen, "folder")

    return find


def _identified(papers: Sequence[FolderPaper], identities: Identities) -> tuple[FolderPaper, ...]:
    """The papers of a folder under the keys of their contents; of two files with the same contents,
    the first.
    """
    known: dict[str, FolderPaper] = {}
    for found in papers:
        paper = found.paper
        if paper.is_from_elsewhere:
            try:
                key = identities.assign_key(
                    digest_of(found.pdf), paper.arxiv_id, str(found.pdf.absolute())
                )
            except OSError as error:
                raise ConfigError(f"{found.pdf} cannot be read: {error.strerror}.") from error
            found = replace(found, paper=replace(paper, arxiv_id=key))
        known.setdefault(found.paper.arxiv_id, found)
    return tuple(known.values())


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
    work_order: Order,
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
            work_order,
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
    work_order: Order,
    arxiv: Arxiv,
    machinery: Machinery,
    *,
    cancellation: CancellationToken,
    progress: Progress,
) -> Pipeline:
    """A pipeline for one order, with accounts and a budget of its own."""
    budget = Budget(work_order.limits)
    store = machinery.store
    accounts = store.new_usage_log()
    backends = open_backends(settings)
    means = Means(accounts, budget, store.completions, prompts(settings), cancellation.wait)
    workshop = Workshop(
        Reader(settings.cache_dir, machinery.workers.extract),
        arxiv.fetch_pdf,
        build_summarizer(settings, backends, means, machinery.watch),
        asked_fields(work_order.formats),
        budget,
        readers=settings.extract.workers or os.cpu_count() or 1,
        concurrency=settings.llm.concurrency,
        seconds_now=time.monotonic,
        progress=progress,
        cancellation=cancellation,
    )
    return Pipeline(
        store=store,
        accounts=accounts,
        workshop=workshop,
        publisher=publisher(settings, store),
        recipe=str(EXTRACTOR_VERSION),
        state_dir=settings.state_dir,
        licensing=Licensing(
            store.licenses,
            arxiv.licenses.read_feed,
            arxiv.licenses.fetch,
            all_now=settings.post.figures == "licensed",
        ),
        history=store.history,
        completing=Completing(store, arxiv.api.fetch_records),
        revisions=Revisions(
            store.outcomes,
            store.revisions,
            settings.run.revisions,
            settings.run.revision_days,
            arxiv.api.fetch_records,
        ),
        now=arxiv.clock.now,
        asked=asked_digest(store.salt(), service_identities(settings, backends)),
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
