"""Take in years of a topic: list, estimate, ask, work, report."""

import logging
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import typer

from chatpaper.app import container, sources
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.backfill.building import (
    BackfillOrder,
    begin_usage,
    build_worker,
    describe_numbers,
    limit_request,
    write_plans,
)
from chatpaper.app.backfill.engines import ShardReader, start_engine
from chatpaper.app.backfill.estimate import BackfillEstimate, estimate_backfill
from chatpaper.app.backfill.listing import Listing, list_from_arxiv, list_snapshot
from chatpaper.app.settings import Settings
from chatpaper.cli.backfill.progress import BackfillProgress
from chatpaper.cli.commands import cancel_on_signal, hold_state
from chatpaper.cli.console import Display, echo, echo_error, echo_json
from chatpaper.cli.languages.speech import translate
from chatpaper.cli.schemas.backfill_json import (
    BackfillEstimateJson,
    BackfillJson,
    BackfillMonthJson,
    SetAsidePaperJson,
)
from chatpaper.domain import Topic
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ChatPaperError, ConfigError, ExitCode
from chatpaper.fetch.file_store import FileStore
from chatpaper.operations.maintenance import Maintenance, run_maintenance
from chatpaper.pipeline.backfill.offers import refuse_bare_query
from chatpaper.pipeline.backfill.shards import ShardDocuments, take_in_shard
from chatpaper.pipeline.backfill.worker import BackfillResult, take_in_all
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.run import Pipeline
from chatpaper.storage.papers.backfill_ledger import (
    BackfillLedger,
    MonthCount,
    SetAsidePaper,
    Shard,
)

log = logging.getLogger(__name__)

# A shard is read and summarized in some minutes to an hour, and its posts are written then.
SHARD_PAPERS = 400


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to: all, or the plan alone, and whether papers set aside are tried."""

    is_given: bool = False
    only_plans: bool = False
    tries_again: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a backfill is to report of itself."""

    topic: Topic
    order: BackfillOrder
    estimate: BackfillEstimate
    result: BackfillResult
    spent_usd: float | None
    run_id: str = ""
    dry_run: bool = False


def run_backfill(
    settings: Settings,
    order: BackfillOrder,
    consent: Consent,
    display: Display,
    clock: Clock = SYSTEM_CLOCK,
) -> ExitCode:
    """Take in the papers of a topic that were submitted on some days: `chatpaper backfill`."""
    (topic,) = sources.resolve_topics(settings, (order.topic,))
    refuse_bare_query(topic)
    request = limit_request(container.build_request(settings, None, clock), order)
    cancellation = CancellationToken(clock)
    arxiv = ArxivClients(settings, cancellation.clock)
    with (
        hold_state(settings, clock),
        BackfillProgress(quiet=display.quiet) as progress,
        container.open_pipeline(
            settings, request, arxiv, cancellation=cancellation, progress=progress
        ) as pipeline,
    ):
        worker = build_worker(settings, order, topic, pipeline, arxiv, request)
        ledger = pipeline.store.backfills
        if consent.tries_again:
            ledger.reopen(topic.name)
        with cancel_on_signal(cancellation):
            _warn_of(_list_papers(ledger, topic, order, arxiv, clock.now().date()))
            ledger.form_shards(topic.name, SHARD_PAPERS)
            shards = ledger.shards(topic.name, order.days.since, order.days.until)
            place = order.find_shards(settings, topic)
            if place is not None:
                write_plans(ledger, topic, FileStore(place), anew=consent.tries_again)
                if consent.only_plans:
                    numbers = sorted(each.number for each in shards if each.waiting)
                    named = describe_numbers(numbers) or "-"
                    echo_error(
                        f"Shards to read: {len(numbers)} ({named}); their plans are in {place}"
                    )
            waiting = sum(each.waiting for each in shards)
            estimate = estimate_backfill(settings, waiting, downloads=order.pdfs is None)
            outcome = Outcome(topic, order, estimate, BackfillResult(), 0.0, dry_run=True)
            if not consent.only_plans and (not waiting or _agree(estimate, consent)):
                run_id = begin_usage(pipeline, request, request.post_date)
                progress.expect(waiting)
                with _reading_elsewhere(settings, order, place, shards) as read:
                    result = take_in_all(replace(worker, read_elsewhere=read), shards)
                spent_usd = pipeline.executor.controls.budget.spent_usd
                outcome = Outcome(topic, order, estimate, result, spent_usd, run_id)
                _maintain(settings, pipeline, arxiv)
        return _report(outcome, ledger, display)


@contextmanager
def _reading_elsewhere(
    settings: Settings, order: BackfillOrder, place: str | None, shards: Sequence[Shard]
) -> Iterator[Callable[[int], ShardDocuments] | None]:
    """Start the engine of an order; None where papers are read one by one, as on any night."""
    if place is None:
        yield None
        return
    reader = ShardReader.of(settings, place, order.pdfs)
    numbers = [each.number for each in shards if each.waiting]
    jobs = settings.extract.workers
    with start_engine(order.engine, reader, numbers, order.address, jobs) as engine:
        yield lambda number: take_in_shard(
            FileStore(place), engine.ensure_read(number), settings.cache_dir
        )


def read_one_shard(settings: Settings, number: int, place: str, pdfs: str | None) -> ExitCode:
    """Read one shard into its file, on whatever machine: `chatpaper backfill read`."""
    reader = ShardReader.of(settings, place, pdfs)
    plan, is_new = reader.read(number, settings.extract.workers or 1)
    path = f"{reader.store}/{plan.result}"
    if is_new:
        echo(f"Shard {number} was read into {path}; papers: {len(plan.papers)}")
    else:
        echo(f"Shard {number} was read before, into {path}")
    return ExitCode.DONE


def _list_papers(
    ledger: BackfillLedger, topic: Topic, order: BackfillOrder, arxiv: ArxivClients, today: date
) -> Listing:
    if order.metadata is not None:
        return list_snapshot(ledger, topic, order.days, order.metadata)
    return list_from_arxiv(ledger, topic, order.days, arxiv.oai, today)


def _warn_of(listing: Listing) -> None:
    if listing.unreadable:
        echo_error(
            f"Records that could not be read, and are left out: {listing.unreadable}; the first is "
            f"{listing.first_fault}"
        )


def _agree(estimate: BackfillEstimate, consent: Consent) -> bool:
    """Ask whether to go on. Raises ConfigError where nobody can answer."""
    if consent.is_given:
        return True
    for line in _estimate_lines(estimate):
        echo_error(line)
    if not sys.stdin.isatty():
        raise ConfigError("Nobody can be asked here whether to begin: add --yes, or --dry-run.")
    return typer.confirm(translate("Begin?"), err=True)


def _estimate_lines(estimate: BackfillEstimate) -> Iterator[str]:
    hours = _round_up(estimate.hours)
    yield f"Papers waiting: {estimate.papers}"
    if estimate.limited_by == "downloads":
        yield f"Hours needed: about {hours}, limited by downloads at arXiv's pace"
    elif estimate.limited_by == "reading":
        yield f"Hours needed: about {hours}, limited by reading PDFs"
    else:
        yield f"Hours needed: about {hours}, limited by calls of the model"
    if estimate.usd is None:
        yield "The price of the model is not known."
    else:
        yield f"about {estimate.usd:.2f} USD"
    if estimate.usd_batch is not None:
        yield f"about {estimate.usd_batch:.2f} USD in batches"


def _round_up(hours: float) -> str:
    """Write hours with one decimal, rounded up: little work is not none."""
    return f"{math.ceil(hours * 10) / 10:.1f}"


def _maintain(settings: Settings, pipeline: Pipeline, arxiv: ArxivClients) -> None:
    """Do the maintenance that follows a run; its faults do not change how the backfill ends."""
    now = pipeline.recorder.clock.now()
    try:
        run_maintenance(Maintenance(settings, pipeline.store, pipeline.publisher, arxiv.pdfs, now))
    except (ChatPaperError, OSError) as error:
        log.warning("%s", error)


def _report(outcome: Outcome, ledger: BackfillLedger, display: Display) -> ExitCode:
    """Print what was done by month, and return the exit code."""
    days, name = outcome.order.days, outcome.topic.name
    months = ledger.months(name, days.since, days.until)
    set_aside = ledger.set_aside(name, days.since, days.until)
    exit_code = ExitCode.DONE if outcome.dry_run else choose_exit_code(outcome.result)
    if display.as_json:
        echo_json(_describe(outcome, months, set_aside, exit_code).to_json())
    else:
        for month in months:
            echo(_month_line(month))
        lines = _estimate_lines(outcome.estimate) if outcome.dry_run else _result_lines(outcome)
        for line in lines:
            echo(line)
    for paper in set_aside:
        echo_error(f"{paper.arxiv_id} is set aside: {paper.reason}")
    if outcome.result.awaiting:
        echo_error(
            f"Papers waiting for a batch: {outcome.result.awaiting}. The same command collects it, "
            "and `chatpaper status` tells how long it has taken."
        )
    if outcome.result.stopped_by is not None:
        echo_error(f"{outcome.result.stopped_by}")
    return exit_code


def _describe(
    outcome: Outcome,
    months: Sequence[MonthCount],
    set_aside: Sequence[SetAsidePaper],
    exit_code: ExitCode,
) -> BackfillJson:
    return BackfillJson(
        run_id=outcome.run_id,
        topic=outcome.topic.name,
        since=outcome.order.days.since,
        until=outcome.order.days.until,
        exit_code=int(exit_code),
        estimate=BackfillEstimateJson.from_value(outcome.estimate),
        months=tuple(
            BackfillMonthJson(
                month=each.month,
                found=each.papers,
                published=each.published,
                excluded=each.excluded,
                set_aside=each.set_aside,
                waiting=each.waiting,
            )
            for each in months
        ),
        set_aside=tuple(
            SetAsidePaperJson(arxiv_id=each.arxiv_id, submitted=each.day, reason=each.reason)
            for each in set_aside
        ),
        published_now=outcome.result.published,
        spent_usd=outcome.spent_usd,
        stopped_by=str(outcome.result.stopped_by or ""),
    )


def _month_line(month: MonthCount) -> str:
    return (
        f"{month.month}: {month.papers} found, {month.published} published, "
        f"{month.excluded} excluded, {month.set_aside} set aside, {month.waiting} waiting"
    )


def _result_lines(outcome: Outcome) -> Iterator[str]:
    result = outcome.result
    spent = "unknown cost" if outcome.spent_usd is None else f"{outcome.spent_usd:.4f} USD"
    yield (
        f"{outcome.topic.name}: {result.published} published now, {result.set_aside} set aside, "
        f"{result.failed + result.queued + result.awaiting} wait; {spent}"
    )


def choose_exit_code(result: BackfillResult) -> ExitCode:
    """Return the exit code of a backfill; the most pressing reason decides."""
    if result.stopped_by is not None:
        return result.stopped_by.exit_code
    if result.defects:
        return ExitCode.DEFECT
    if result.queued:
        return ExitCode.BUDGET
    if result.failed and result.failed == result.failed_upstream and not result.published:
        return ExitCode.UPSTREAM
    if result.failed or result.set_aside:
        return ExitCode.SOME_FAILED
    return ExitCode.WAITING_FOR_BATCH if result.awaiting else ExitCode.DONE
