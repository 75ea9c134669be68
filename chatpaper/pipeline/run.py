"""Carry out one run: select, plan, execute, publish, report.

Started again after any interruption, it goes on where it was.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chatpaper.domain import Paper, Topic
from chatpaper.domain.errors import ChatPaperError, StoreError, WriteError
from chatpaper.pipeline.batches.collection import BatchCollector
from chatpaper.pipeline.batches.sending import send_waiting
from chatpaper.pipeline.execution.executor import PaperExecutor
from chatpaper.pipeline.execution.result import PaperResult
from chatpaper.pipeline.planning import Plan, Planner
from chatpaper.pipeline.publish import Publisher
from chatpaper.pipeline.ranking.night import NightRanking
from chatpaper.pipeline.recording import RunRecorder, post_keys_of
from chatpaper.pipeline.report.builder import (
    build_report,
    make_outcome,
    report_not_attempted,
    report_topic,
)
from chatpaper.pipeline.report.run_report import PaperReport, RunReport
from chatpaper.pipeline.report.written_posts import WrittenPosts, add_post_warnings
from chatpaper.pipeline.request import RunRequest, StartedRun
from chatpaper.pipeline.selection import Candidate, PaperSource, TopicSelection, select_papers
from chatpaper.pipeline.updates.licenses import LicenseResolver
from chatpaper.pipeline.updates.updates import Updates
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.store import Store
from chatpaper.write.files import check_writable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Runs all stages, each of which takes the values of the one before."""

    planner: Planner
    executor: PaperExecutor
    recorder: RunRecorder
    publisher: Publisher
    updates: Updates
    collector: BatchCollector
    ranking: NightRanking | None = None

    def run(self, topics: Sequence[Topic], source: PaperSource, request: RunRequest) -> RunReport:
        """Find, summarize and publish the new papers of all topics.

        Raises WriteError before any work is done where the output folder cannot be written.
        """
        run = self._begin(request)
        self.collector.collect()
        overdue = self._write(self.publisher.contents.posts.pending())
        ranked = self._rank(_select(self.recorder, topics, source, request), request)
        selections = self.updates.publications.add(ranked)
        completed = self.updates.find(selections, request.post_date, online=request.online)
        plan = self.planner.plan_topics(self.updates.add_reposts(selections, request.post_date))
        return self._carry_out(run, self.collector.broker.open(plan), overdue, completed)

    def summarize(self, candidates: Sequence[Candidate], request: RunRequest) -> RunReport:
        """Summarize and publish the given papers, each in a post of its own.

        Raises WriteError like `run`.
        """
        run = self._begin(request)
        self.updates.revisions.record([candidate.paper for candidate in candidates])
        return self._carry_out(run, self.planner.plan_papers(candidates), {})

    def dry_run(
        self, topics: Sequence[Topic], source: PaperSource, request: RunRequest
    ) -> RunReport:
        """Report what `run` would do and cost.

        It reads the papers, but calls no model, writes no post and records nothing.
        """
        clock = self.recorder.clock
        run = StartedRun.at(clock.now(), request)
        ranked = self._rank(_select(self.recorder, topics, source, request), request)
        selections = self.updates.add_reposts(ranked, request.post_date)
        plan = self.collector.broker.open(self.planner.plan_topics(selections))
        papers = tuple(
            replace(report, ranking=task.candidate.ranking)
            for task, report in zip(plan.tasks, self.executor.estimate(plan.tasks), strict=True)
        )
        outcomes = [make_outcome(paper, topic) for paper in papers for topic in paper.topics]
        reports = [report_topic(selection, outcomes, {}) for selection in selections]
        papers = (*papers, *report_not_attempted(selections))
        report = build_report(run, clock.now(), reports, papers, {}, None)
        return replace(report, dry_run=True)

    @property
    def store(self) -> Store:
        """The database of the run."""
        return self.recorder.store

    @property
    def stopped_by(self) -> ChatPaperError | None:
        """Why not all was begun."""
        return self.executor.controls.cancellation.reason

    def _begin(self, request: RunRequest) -> StartedRun:
        check_writable(request.output_dir)
        return self.recorder.begin(request)

    def _rank(
        self, selections: Sequence[TopicSelection], request: RunRequest
    ) -> list[TopicSelection]:
        """Rank the papers for the reader of the run, if it has one."""
        return [*selections] if self.ranking is None else self.ranking.apply(selections, request)

    def _carry_out(
        self, run: StartedRun, plan: Plan, overdue: WrittenPosts, completed: Iterable[Paper] = ()
    ) -> RunReport:
        """Execute a plan, publish what came of it, and report."""
        self.recorder.queue(plan, run.request.post_date)
        papers = self._execute(plan, run.request, completed)
        posts = overdue | self._publish(papers, run.request)
        # Posts of earlier days show what was found out meanwhile.
        posts |= self._write(self.publisher.contents.posts.pending())
        papers = _with_warnings(self.updates.licenses, papers, plan, posts)
        return self.recorder.close(run, plan, papers, posts, self.stopped_by)

    def _execute(
        self, plan: Plan, request: RunRequest, completed: Iterable[Paper]
    ) -> tuple[PaperReport, ...]:
        """Execute the tasks, record each result as it comes, and find out licences meanwhile.

        Papers whose answers come with a batch are recorded with the batch, before it is sent. The
        reports are in the order of the tasks.
        """
        papers = [*(task.paper for task in plan.tasks), *completed]
        reports: dict[str, PaperReport] = {}
        rankings = {task.paper.arxiv_id: task.candidate.ranking for task in plan.tasks}
        waiting: list[PaperResult] = []
        with self.executor.execute(plan.tasks) as execution:
            execution.submit_after_downloads(self.updates.licenses.resolve(papers))
            for result in execution:
                ranked = result.with_ranking(rankings[result.report.paper.arxiv_id])
                if ranked.report.awaits_batch:
                    waiting.append(ranked)
                    continue
                report = self._record(ranked, request)
                reports[report.paper.arxiv_id] = report
        cancellation = self.executor.controls.cancellation
        broker = self.collector.broker
        for result in send_waiting(broker, self.recorder, cancellation, waiting, request):
            reports[result.report.paper.arxiv_id] = result.report
        return tuple(reports[task.paper.arxiv_id] for task in plan.tasks)

    def _record(self, result: PaperResult, request: RunRequest) -> PaperReport:
        """Record a result; a database that takes nothing more cancels the run."""
        try:
            self.recorder.record(result, request)
        except StoreError as error:
            self.executor.controls.cancellation.cancel(error)
            return replace(result.report, status="queued", reason=str(error))
        return result.report

    def _publish(self, papers: Sequence[PaperReport], request: RunRequest) -> WrittenPosts:
        """Write the posts of the papers that can be published."""
        published = [paper for paper in papers if paper.status == "published"]
        keys = [key for paper in published for key in post_keys_of(paper, request)]
        return self._write(keys, request.output_dir)

    def _write(self, keys: Sequence[PostKey], output_dir: Path | None = None) -> WrittenPosts:
        """Write posts, folder by folder.

        Where a folder cannot be written, its posts stay pending, and the run begins nothing more.
        """
        posts: WrittenPosts = {}
        folders = dict.fromkeys(key.output_dir for key in keys) or (
            [str(output_dir)] if output_dir else []
        )
        for folder in folders:
            chosen = tuple(dict.fromkeys(key for key in keys if key.output_dir == folder))
            try:
                posts |= self.publisher.write_all(chosen, output_dir)
            except WriteError as error:
                log.error("%s", error)
                self.executor.controls.cancellation.cancel(error)
        return posts


def _select(
    recorder: RunRecorder, topics: Sequence[Topic], source: PaperSource, request: RunRequest
) -> list[TopicSelection]:
    store, services = recorder.store, recorder.services
    return [select_papers(topic, source, store, request.post_date, services) for topic in topics]


def _with_warnings(
    licenses: LicenseResolver, papers: Sequence[PaperReport], plan: Plan, posts: WrittenPosts
) -> tuple[PaperReport, ...]:
    """Add what is to be said of the papers' records, their licences, and their posts."""
    unknown = licenses.explain_unresolved(
        [report.paper for report in papers if report.status == "published"]
    )
    warnings = {
        task.paper.arxiv_id: (
            *task.candidate.warnings,
            *filter(None, [unknown.get(task.paper.arxiv_id)]),
        )
        for task in plan.tasks
    }
    warned = [report.with_warnings(warnings[report.paper.arxiv_id]) for report in papers]
    return add_post_warnings(warned, posts)
