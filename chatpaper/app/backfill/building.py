"""Build what a backfill works with from the pipeline of a run."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.settings import Settings
from chatpaper.domain import Topic
from chatpaper.domain.log_context import RUN_ID
from chatpaper.fetch.pdf_store import PdfStore
from chatpaper.pipeline.backfill.worker import BackfillWorker
from chatpaper.pipeline.request import Limits, RunRequest, StartedRun
from chatpaper.pipeline.run import Pipeline
from chatpaper.pipeline.sources.windows import DateRange


@dataclass(frozen=True, slots=True)
class BackfillOrder:
    """What a person asked for.

    `metadata` is a snapshot of arXiv's records, `pdfs` a folder or URL that holds PDFs; without
    them both come from arXiv. `max_usd` is what this call may spend.
    """

    topic: str
    days: DateRange
    metadata: Path | None = None
    pdfs: str | None = None
    max_usd: float | None = None


def limit_request(request: RunRequest, order: BackfillOrder) -> RunRequest:
    """Return the request of a run with the limits of a backfill: its money, and no night's size."""
    usd = request.limits.usd if order.max_usd is None else order.max_usd
    return replace(request, limits=Limits(None, usd, request.limits.tokens))


def build_worker(
    settings: Settings,
    order: BackfillOrder,
    topic: Topic,
    pipeline: Pipeline,
    arxiv: ArxivClients,
    request: RunRequest,
) -> BackfillWorker:
    """Build what takes papers in. Raises ConfigError for a folder of PDFs that is not there."""
    fetch_pdf = (
        arxiv.fetch_pdf if order.pdfs is None else PdfStore(order.pdfs, settings.cache_dir).fetch
    )
    steps = pipeline.executor.steps
    # What cannot be read is set aside with its reason, and not asked about.
    steps = replace(steps, fetch_pdf=fetch_pdf, loader=steps.loader.refusing_unreadable())
    executor = replace(pipeline.executor, steps=steps)
    return BackfillWorker(replace(pipeline, executor=executor), topic, request, order.days)


def begin_usage(pipeline: Pipeline, request: RunRequest, today: date) -> str:
    """Let the calls from now on belong to a backfill of today, and return its id."""
    run = StartedRun.at(pipeline.recorder.clock.now(), request)
    run_id = f"backfill-{run.run_id}"
    RUN_ID.set(run_id)
    pipeline.recorder.usage.begin_run(run_id, today)
    return run_id
