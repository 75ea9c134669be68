"""Build what a backfill works with from the pipeline of a run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.backfill.engines import EngineName
from chatpaper.app.settings import Settings
from chatpaper.domain import Document, Paper, Topic
from chatpaper.domain.errors import ConfigError
from chatpaper.domain.log_context import RUN_ID
from chatpaper.fetch.file_store import FileStore
from chatpaper.fetch.pdf_store import PdfStore
from chatpaper.pipeline.backfill.data_set import DataSetWriter
from chatpaper.pipeline.backfill.shards import plan_name, write_plan
from chatpaper.pipeline.backfill.worker import BackfillWorker
from chatpaper.pipeline.execution.steps import PaperSteps
from chatpaper.pipeline.request import Limits, RunRequest, StartedRun
from chatpaper.pipeline.run import Pipeline
from chatpaper.pipeline.selection import candidate_from_json
from chatpaper.pipeline.sources.windows import DateRange
from chatpaper.storage.papers.backfill_ledger import BackfillLedger
from chatpaper.write.dataset.parquet import require_pyarrow
from chatpaper.write.files import make_safe_filename


@dataclass(frozen=True, slots=True)
class BackfillOrder:
    """What a person asked for.

    `metadata` is a snapshot of arXiv's records, `pdfs` a folder or URL that holds PDFs; without
    them both come from arXiv. `max_usd` is what this call may spend. `data_set` is the folder or
    URL of the data set, if one is wanted, and `shards` that of what an engine reads; `address` is
    that of a Ray cluster.
    """

    topic: str
    days: DateRange
    metadata: Path | None = None
    pdfs: str | None = None
    max_usd: float | None = None
    data_set: str | None = None
    engine: EngineName = "local"
    address: str = ""
    shards: str | None = None

    def find_shards(self, settings: Settings, topic: Topic) -> str | None:
        """Return where the shards of the topic are, None where papers are read one by one.

        Raises ConfigError where other machines could not see them.
        """
        if self.shards is None and self.engine == "local":
            return None
        if self.shards is None and self.address:
            raise ConfigError(
                "The machines of a Ray cluster need a place for shards that all of them see: name "
                "a shared folder or a bucket by --shards."
            )
        place = self.shards or str(settings.cache_dir / "shards")
        return f"{place.rstrip('/')}/{make_safe_filename(topic.name)}"


def write_plans(ledger: BackfillLedger, topic: Topic, store: FileStore, *, anew: bool) -> None:
    """Write a plan for each shard with waiting papers; replace existing plans only if `anew`."""
    for shard in ledger.shards(topic.name, date.min, date.max):
        if shard.waiting and (anew or not store.exists(plan_name(shard.number))):
            waiting = ledger.waiting(topic.name, shard.number, date.min, date.max)
            papers = [candidate_from_json(each.offer).paper for each in waiting]
            write_plan(store, shard.number, papers)


def describe_numbers(numbers: Sequence[int]) -> str:
    """Return ascending numbers as Slurm's `--array` takes them.

    >>> describe_numbers([0, 1, 2, 5, 7, 8])
    '0-2,5,7-8'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


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
    """Build what takes papers in.

    Raises ConfigError for a folder of PDFs that is not there, and where a data set is wanted and
    its library is not installed.
    """
    fetch_pdf = (
        arxiv.fetch_pdf if order.pdfs is None else PdfStore(order.pdfs, settings.cache_dir).fetch
    )
    steps = pipeline.executor.steps
    # What cannot be read is set aside with its reason, and not asked about.
    steps = replace(steps, fetch_pdf=fetch_pdf, loader=steps.loader.refusing_unreadable())
    executor = replace(pipeline.executor, steps=steps)
    data_set = None
    if order.data_set is not None:
        require_pyarrow()
        data_set = DataSetWriter(
            FileStore(order.data_set), pipeline.store, topic.name, partial(_read_again, steps)
        )
    changed = replace(pipeline, executor=executor)
    return BackfillWorker(changed, topic, request, order.days, data_set)


def _read_again(steps: PaperSteps, paper: Paper) -> Document:
    return steps.loader.load(paper, steps.fetch_pdf(paper), None).document


def begin_usage(pipeline: Pipeline, request: RunRequest, today: date) -> str:
    """Let the calls from now on belong to a backfill of today, and return its id."""
    run = StartedRun.at(pipeline.recorder.clock.now(), request)
    run_id = f"backfill-{run.run_id}"
    RUN_ID.set(run_id)
    pipeline.recorder.usage.begin_run(run_id, today)
    return run_id
