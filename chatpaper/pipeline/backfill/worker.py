"""Take in the papers of a backfill, shard by shard, each into the post of its day of submission."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import Topic
from chatpaper.domain.errors import (
    ChatPaperError,
    ConfigError,
    StoreError,
    UpstreamError,
    WriteError,
    describe_without_folder,
)
from chatpaper.pipeline.backfill.data_set import DataSetWriter
from chatpaper.pipeline.backfill.shards import ShardDocuments, ShardLoader
from chatpaper.pipeline.batches.sending import BatchSender
from chatpaper.pipeline.execution.executor import PaperExecutor
from chatpaper.pipeline.execution.result import PaperResult
from chatpaper.pipeline.failures.retries import MAX_ATTEMPTS
from chatpaper.pipeline.report.builder import make_outcome
from chatpaper.pipeline.report.run_report import PaperReport
from chatpaper.pipeline.request import RunRequest
from chatpaper.pipeline.run import Pipeline
from chatpaper.pipeline.selection import (
    Candidate,
    SearchResult,
    TopicSelection,
    candidate_from_json,
)
from chatpaper.pipeline.sources.windows import DateRange
from chatpaper.storage.papers.backfill_ledger import Shard, WaitingPaper
from chatpaper.storage.papers.outcomes import FORGOTTEN
from chatpaper.storage.papers.posts import PostKey

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackfillWorker:
    """Works on the shards of a topic with the stages of a run.

    Every step is kept as it is done: a worker that is killed goes on where it was. `request` says
    where posts go and in which formats; its date is that of no post. `read_elsewhere` has a shard
    read by an engine and returns what was read.
    """

    pipeline: Pipeline
    topic: Topic
    request: RunRequest
    days: DateRange
    data_set: DataSetWriter | None = None
    read_elsewhere: Callable[[int], ShardDocuments] | None = None

    def take_in(self, shard: Shard) -> tuple[PaperReport, ...]:
        """Have the waiting papers of a shard read and summarized, and write their posts.

        Index and feed are left as they are, see `Publisher.refresh_listing`. Raises StoreError,
        WriteError where the output folder cannot be written, and what keeps a shard from being
        read.
        """
        store = self.pipeline.store
        waiting = store.backfills.waiting(
            self.topic.name, shard.number, self.days.since, self.days.until
        )
        wanted = [each for each in waiting if not self._settle_known(each)]
        candidates = [candidate_from_json(each.offer) for each in wanted]
        store.history.open_backfilled(self.topic.name, sorted({each.day for each in wanted}))
        executor = self.pipeline.executor
        if self.read_elsewhere is not None and wanted:
            documents = self.read_elsewhere(shard.number)
            steps = replace(
                executor.steps, fetch_pdf=documents.fetch_pdf, loader=ShardLoader(documents)
            )
            executor = replace(executor, steps=steps)
        reports = self._execute(executor, candidates, {each.arxiv_id: each for each in wanted})
        for day in sorted({each.day for each in waiting}):
            store.history.close_unended(self.topic.name, day, "taken in by a backfill")
        self.write_pending_posts()
        return reports

    def write_pending_posts(self) -> None:
        """Write the posts that are settled and not on disk. Raises WriteError."""
        folder = str(self.request.output_dir.absolute())
        publisher = self.pipeline.publisher
        pending = [key for key in publisher.contents.posts.pending() if key.output_dir == folder]
        publisher.write_posts(pending)

    def _settle_known(self, paper: WaitingPaper) -> bool:
        """Settle a paper that another post shows or a person forgot, and say whether it is one."""
        store = self.pipeline.store
        for topic in (self.topic.name, None):
            outcome = store.outcomes.find(topic, paper.arxiv_id)
            if outcome is None:
                continue
            if outcome.stage == FORGOTTEN:
                reason = outcome.reason
            elif topic is not None and outcome.post_date not in (None, paper.day):
                reason = f"already published on {outcome.post_date}"
            else:
                continue
            store.backfills.settle(self.topic.name, paper.arxiv_id, "excluded", reason)
            return True
        return False

    def _execute(
        self,
        executor: PaperExecutor,
        candidates: Sequence[Candidate],
        waiting: Mapping[str, WaitingPaper],
    ) -> tuple[PaperReport, ...]:
        selection = TopicSelection(self.topic, SearchResult(candidates), wanted=tuple(candidates))
        broker = self.pipeline.collector.broker
        plan = broker.open(self.pipeline.planner.plan_topics([selection]))
        with executor.execute(plan.tasks) as execution:
            reports = tuple(
                # What goes with a batch waits in the ledger as before.
                result.report
                if result.report.awaits_batch
                else self._record(result, waiting[result.report.paper.arxiv_id])
                for result in execution
            )
        cancellation = self.pipeline.executor.controls.cancellation
        try:
            refusal = BatchSender(broker).send(lambda _: None)
        except StoreError as error:
            refusal = None
            cancellation.cancel(error)
        if refusal is not None:
            cancellation.cancel(refusal)
        return reports

    def _record(self, result: PaperResult, paper: WaitingPaper) -> PaperReport:
        """Record a result; a database that takes nothing more cancels the run."""
        try:
            with self.pipeline.store.unit_of_work():
                return self._settle(result, paper)
        except StoreError as error:
            self.pipeline.executor.controls.cancellation.cancel(error)
            return replace(result.report, status="queued", reason=str(error))

    def _settle(self, result: PaperResult, paper: WaitingPaper) -> PaperReport:
        report, store = result.report, self.pipeline.store
        if result.entry is not None:
            recorder = self.pipeline.recorder
            phrase = result.matched_phrases.get(self.topic.name, "")
            recorder.entries.save(self.topic.name, replace(result.entry, matched_phrase=phrase))
            outcome = replace(
                make_outcome(report, self.topic.name),
                post_date=paper.day,
                night=paper.day,
                asked=recorder.services,
            )
            store.outcomes.record([outcome], self._post_keys(paper), recorder.clock.now())
            store.backfills.settle(self.topic.name, paper.arxiv_id, "published")
            store.batches.settle(paper.arxiv_id)
        elif report.failed_by_itself:
            attempts = paper.attempts + 1
            reason = describe_without_folder(report.error) if report.error else report.reason
            store.batches.settle(paper.arxiv_id)
            store.backfills.count_failure(self.topic.name, paper.arxiv_id, reason)
            # A PDF that cannot be read today cannot be read tomorrow.
            if report.stage == "extract" or attempts >= MAX_ATTEMPTS:
                store.backfills.settle(self.topic.name, paper.arxiv_id, "set_aside", reason)
                return replace(report, status="excluded", attempts=attempts)
        return report

    def _post_keys(self, paper: WaitingPaper) -> tuple[PostKey, ...]:
        return replace(self.request, post_date=paper.day).post_keys(self.topic.name, paper.arxiv_id)


@dataclass(frozen=True, slots=True)
class BackfillResult:
    """What one call of a backfill did; `stopped_by` is why not all was begun."""

    published: int = 0
    set_aside: int = 0
    failed: int = 0
    queued: int = 0
    awaiting: int = 0
    failed_upstream: int = 0
    defects: int = 0
    stopped_by: ChatPaperError | None = None

    def add(self, reports: Sequence[PaperReport]) -> "BackfillResult":
        """Return the result with the papers of one more shard."""
        return replace(
            self,
            published=self.published + sum(each.status == "published" for each in reports),
            set_aside=self.set_aside + sum(each.status == "excluded" for each in reports),
            failed=self.failed + sum(each.status == "failed" for each in reports),
            queued=self.queued
            + sum(each.status == "queued" and not each.awaits_batch for each in reports),
            awaiting=self.awaiting + sum(each.awaits_batch for each in reports),
            failed_upstream=self.failed_upstream
            + sum(each.status == "failed" and each.failed_upstream for each in reports),
            defects=self.defects
            + sum(each.error is not None and each.error.about == "us" for each in reports),
        )


def take_in_all(worker: BackfillWorker, shards: Sequence[Shard]) -> BackfillResult:
    """Work on shards, one after another, until the run is cancelled. Raises StoreError.

    Index and feed are written once, when the last one ended.
    """
    result = BackfillResult()
    pipeline = worker.pipeline
    try:
        pipeline.collector.collect()
        worker.write_pending_posts()
        for shard in shards:
            if pipeline.stopped_by is not None:
                break
            if shard.waiting:
                result = result.add(worker.take_in(shard))
            if worker.data_set is not None:
                worker.data_set.write(shard, anew=bool(shard.waiting))
        pipeline.publisher.refresh_listing(worker.request.output_dir)
    except (WriteError, ConfigError, UpstreamError) as error:
        log.error("%s", error)
        return replace(result, stopped_by=error)
    return replace(result, stopped_by=pipeline.stopped_by)
