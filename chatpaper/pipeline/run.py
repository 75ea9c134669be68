"""Carry out one run: select, plan, execute, publish, report.

Started again after any interruption, it goes on where it was.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chatpaper.domain import Paper, Topic
from chatpaper.domain.errors import ChatPaperError, StoreError, WriteError
from chatpaper.pipeline.execution.executor import PaperExecutor
from chatpaper.pipeline.execution.result import PaperResult
from chatpaper.pipeline.planning import Plan, Planner
from chatpaper.pipeline.publish import Publisher
from chatpaper.pipeline.recording import RunRecorder, post_keys_of
from chatpaper.pipeline.report.builder import (
    add_outcomes,
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
from chatpaper.pipeline.updates.record_backfill import RecordBackfill
from chatpaper.pipeline.updates.revisions import RevisionTracker
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.store import Store
from chatpaper.write.files import check_writable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Updates:
    """What a run finds out about papers that are published already."""

    licenses: LicenseResolver
    backfill: RecordBackfill
    revisions: RevisionTracker


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Runs all stages, each of which takes the values of the one before."""

    planner: Planner
    executor: PaperExecutor
    recorder: RunRecorder
    publisher: Publisher
    updates: Updates

    def run(self, topics: Sequence[Topic], source: PaperSource, request: RunRequest) -> RunReport:
        """Find, summarize and publish the new papers of all topics.

        Raises WriteError before any work is done where the output folder cannot be written.
        """
        run = self._begin(request)
        overdue = self._write(self.publisher.pending())
        selections = self._select(topics, source, request)
        completed = self._update(selections, request)
        plan = self.planner.plan_topics(self._with_reposts(selections, request))
        return self._carry_out(run, plan, overdue, completed)

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
        selections = self._with_reposts(self._select(topics, source, request), request)
        plan = self.planner.plan_topics(selections)
        papers = self.executor.estimate(plan.tasks)
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

    def _select(
        self, topics: Sequence[Topic], source: PaperSource, request: RunRequest
    ) -> list[TopicSelection]:
        store, services = self.recorder.store, self.recorder.services
        return [
            select_papers(topic, source, store, request.post_date, services) for topic in topics
        ]

    def _update(
        self, selections: Sequence[TopicSelection], request: RunRequest
    ) -> tuple[Paper, ...]:
        """Note what was found out about published papers.

        Return those whose records are complete now.
        """
        found = [candidate for each in selections for candidate in each.search.candidates]
        completed = (
            self.updates.backfill.complete(found, request.post_date) if request.online else ()
        )
        self.updates.revisions.check(selections, request.post_date, online=request.online)
        return completed

    def _with_reposts(
        self, selections: Sequence[TopicSelection], request: RunRequest
    ) -> list[TopicSelection]:
        revisions = self.updates.revisions
        return [revisions.add_reposts(each, request.post_date) for each in selections]

    def _carry_out(
        self, run: StartedRun, plan: Plan, overdue: WrittenPosts, completed: Iterable[Paper] = ()
    ) -> RunReport:
        """Execute a plan, publish what came of it, and report."""
        self.recorder.queue(plan, run.request.post_date)
        papers = self._execute(plan, run.request, completed)
        posts = overdue | self._publish(papers, run.request)
        # Posts of earlier days show what was found out meanwhile.
        posts |= self._write(self.publisher.pending())
        return self._report(run, plan, self._with_warnings(papers, plan, posts), posts)

    def _execute(
        self, plan: Plan, request: RunRequest, completed: Iterable[Paper]
    ) -> tuple[PaperReport, ...]:
        """Execute the tasks, record each result as it comes, and find out licences meanwhile.

        The reports are in the order of the tasks.
        """
        papers = [*(task.paper for task in plan.tasks), *completed]
        reports: dict[str, PaperReport] = {}
        with self.executor.execute(plan.tasks) as execution:
            execution.submit_after_downloads(self.updates.licenses.resolve(papers))
            for result in execution:
                report = self._record(result, request)
                reports[report.paper.arxiv_id] = report
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

    def _with_warnings(
        self, papers: Sequence[PaperReport], plan: Plan, posts: WrittenPosts
    ) -> tuple[PaperReport, ...]:
        """Add what is to be said of the papers' records, their licences, and their posts."""
        unknown = self.updates.licenses.explain_unresolved(
            [report.paper for report in papers if report.status == "published"]
        )
        warnings = {
            task.paper.arxiv_id: [
                *task.candidate.warnings,
                *([unknown[task.paper.arxiv_id]] if task.paper.arxiv_id in unknown else []),
            ]
            for task in plan.tasks
        }
        return add_post_warnings(
            [report.with_warnings(warnings[report.paper.arxiv_id]) for report in papers],
            posts,
        )

    def _report(
        self, run: StartedRun, plan: Plan, papers: Sequence[PaperReport], posts: WrittenPosts
    ) -> RunReport:
        """Build the report of the run, and record that it ends."""
        post_date = run.request.post_date
        outcomes = self.recorder.outcomes(papers)
        tonight = {key: post for key, post in posts.items() if key.post_date == post_date}
        statuses = self.recorder.close_topics(plan, papers, post_date, self.stopped_by)
        topics = [
            report_topic(selection, outcomes, tonight, statuses[selection.topic.name])
            for selection in plan.selections
        ]
        all_papers = (*add_outcomes(papers, outcomes), *report_not_attempted(plan.selections))
        finished = self.recorder.clock.now()
        report = build_report(run, finished, topics, all_papers, posts, self.stopped_by)
        return self.recorder.finish(report)
