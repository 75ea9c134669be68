"""Build the pipeline from the settings.

This is the composition root, which builds all adapters and hands them in.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial

from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.models.batches import build_batch_broker
from chatpaper.app.models.call_context import CallContext
from chatpaper.app.models.limits import limit_backend, load_prices
from chatpaper.app.models.second_reader import make_second_reader
from chatpaper.app.models.summarizers import (
    build_summarizer,
    list_service_identities,
    open_another_model,
    open_backends,
    require_backend,
)
from chatpaper.app.profiles.loading import load_profile
from chatpaper.app.publishing import (
    build_publisher,
    list_asked_fields,
    load_formats,
    load_prompts,
)
from chatpaper.app.settings import Settings
from chatpaper.app.sources import build_publication_lookup, get_current_date
from chatpaper.backends import Backend
from chatpaper.domain.atomic_files import clear_parts
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.extract.worker import Extractor
from chatpaper.pipeline.batches.collection import BatchCollector
from chatpaper.pipeline.documents import DocumentLoader
from chatpaper.pipeline.entries import EntryStore
from chatpaper.pipeline.execution.budget import Budget
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.execution.controls import Progress, RunControls
from chatpaper.pipeline.execution.executor import PaperExecutor
from chatpaper.pipeline.execution.steps import PaperSteps
from chatpaper.pipeline.failures.second_chances import digest_services
from chatpaper.pipeline.planning import Planner
from chatpaper.pipeline.ranking.night import NightRanking
from chatpaper.pipeline.recording import RunRecorder
from chatpaper.pipeline.request import Limits, RunRequest
from chatpaper.pipeline.run import Pipeline
from chatpaper.pipeline.updates.licenses import LicenseResolver
from chatpaper.pipeline.updates.record_backfill import RecordBackfill
from chatpaper.pipeline.updates.revisions import RevisionTracker
from chatpaper.pipeline.updates.updates import Updates
from chatpaper.storage.store import Store
from chatpaper.summarize.prompting.questions import add_question
from chatpaper.summarize.verify.judge.second_reader import SecondReader

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SharedResources:
    """What pipelines share: the database, and the processes that read PDFs.

    `wrap_backend` may decorate the backend of a pipeline, for instance to report progress.
    """

    store: Store
    workers: Extractor
    wrap_backend: Callable[[Backend], Backend] = lambda backend: backend


def build_request(
    settings: Settings, post_date: date | None, clock: Clock = SYSTEM_CLOCK
) -> RunRequest:
    """Build what a run is asked to do; without a date its posts are of today."""
    budget = settings.budget
    return RunRequest(
        post_date or get_current_date(settings, clock),
        settings.output_dir,
        load_formats(settings, settings.run.formats),
        Limits(budget.max_papers, budget.max_usd, budget.max_tokens),
    )


def build_extractor(settings: Settings, workers: int | None) -> Extractor:
    """Build the processes that read PDFs; without a number, one for each core."""
    return Extractor(
        workers=workers or os.cpu_count() or 1,
        timeout_seconds=settings.extract.timeout_seconds,
        memory_bytes=settings.extract.memory_megabytes * MEGABYTE,
    )


@contextmanager
def open_pipeline(
    settings: Settings,
    request: RunRequest,
    arxiv: ArxivClients,
    *,
    cancellation: CancellationToken,
    progress: Progress,
) -> Iterator[Pipeline]:
    """Open the database and the processes that a pipeline needs, and close them behind it."""
    for folder in (settings.cache_dir, settings.state_dir):
        clear_parts(folder)
    with (
        Store(settings.state_dir) as store,
        build_extractor(settings, settings.extract.workers) as workers,
    ):
        arxiv.enable_cooldowns(store.cooldowns, settings.arxiv.backoff_seconds)
        yield build_pipeline(
            settings,
            request,
            arxiv,
            SharedResources(store, workers),
            cancellation=cancellation,
            progress=progress,
        )


def build_pipeline(
    settings: Settings,
    request: RunRequest,
    arxiv: ArxivClients,
    resources: SharedResources,
    *,
    cancellation: CancellationToken,
    progress: Progress,
) -> Pipeline:
    """Build the pipeline of one run, with a budget and a usage log of its own.

    Raises ConfigError where the settings name no backend that could be asked.
    """
    store, clock = resources.store, cancellation.clock
    budget, usage = Budget(request.limits), store.new_usage_log()
    backends = open_backends(settings)
    broker = build_batch_broker(settings, store, clock)
    calls = CallContext(usage, budget, store.completions, load_prompts(settings), clock, broker)
    summarizer = build_summarizer(settings, backends, calls, resources.wrap_backend)
    loader = DocumentLoader(settings.cache_dir, resources.workers.extract)
    entries = EntryStore(store.entries)
    updates = _build_updates(settings, arxiv, store)
    services = digest_services(store.salt(), list_service_identities(settings, backends))
    return Pipeline(
        Planner(entries, updates.revisions, summarizer, _list_fields(settings, request)),
        PaperExecutor(
            PaperSteps(loader, arxiv.fetch_pdf, summarizer, clock),
            RunControls(budget, cancellation, progress),
            concurrency=settings.llm.concurrency,
            readers=settings.extract.workers or os.cpu_count() or 1,
        ),
        RunRecorder(store, usage, entries, clock, services),
        build_publisher(settings, store),
        updates,
        BatchCollector(broker, usage, load_prices(settings)),
        NightRanking(store, partial(load_profile, settings, store, arxiv)),
    )


def _list_fields(settings: Settings, request: RunRequest) -> tuple[str, ...]:
    """List the fields that a model is asked for: those of the run, or of all readers at once."""
    shared = load_formats(settings, settings.shared_formats)
    return list_asked_fields((*request.formats, *shared))


def _build_updates(settings: Settings, arxiv: ArxivClients, store: Store) -> Updates:
    """Build what finds out about published papers."""
    return Updates(
        LicenseResolver(
            store.licenses,
            arxiv.licenses,
            all_now=settings.post.figures == "licensed",
        ),
        RecordBackfill(store, arxiv.api),
        RevisionTracker(
            store.outcomes,
            store.revisions,
            settings.run.revisions,
            settings.run.revision_days,
            arxiv.api,
        ),
        build_publication_lookup(settings, arxiv),
    )


def open_second_reader(settings: Settings, store: Store) -> SecondReader:
    """Build what judges any text about a paper, within the rate limits and the budget.

    Raises ConfigError as `require_backend` does.
    """
    backend = require_backend(settings)
    calls = start_single_calls(settings, store)
    held = limit_backend(backend, settings, calls)
    return make_second_reader(
        settings, held, partial(open_another_model, settings), calls, "always"
    )


def start_single_calls(
    settings: Settings, store: Store, clock: Clock = SYSTEM_CLOCK, question: str = ""
) -> CallContext:
    """Return what calls outside of a run share: a budget of their own, and usage of no run.

    With a `question` about a paper the prompts have a field for its answer.
    """
    usage = store.new_usage_log()
    usage.begin_run("", get_current_date(settings, clock))
    budget = Budget(Limits(None, settings.budget.max_usd, settings.budget.max_tokens))
    prompts = load_prompts(settings)
    if question:
        prompts = add_question(prompts, question)
    return CallContext(usage, budget, store.completions, prompts, clock)
