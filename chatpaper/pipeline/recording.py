"""What a run leaves in the database, step by step, so that it can be killed at any instant."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chatpaper.domain import Usage
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ChatPaperError
from chatpaper.domain.log_context import RUN_ID
from chatpaper.pipeline.entries import EntryStore
from chatpaper.pipeline.execution.result import PaperResult
from chatpaper.pipeline.failures.retries import defer, record_failure
from chatpaper.pipeline.planning import Plan
from chatpaper.pipeline.report.builder import (
    add_outcomes,
    build_report,
    make_outcome,
    report_not_attempted,
    report_topic,
)
from chatpaper.pipeline.report.report_json import report_to_text
from chatpaper.pipeline.report.run_report import PaperReport, RunReport
from chatpaper.pipeline.report.topic_status import judge_topic, summarize_topic
from chatpaper.pipeline.report.written_posts import WrittenPosts
from chatpaper.pipeline.request import RunRequest, StartedRun
from chatpaper.pipeline.selection import Candidate, candidate_to_json
from chatpaper.storage.database import REPORTS_FOLDER
from chatpaper.storage.papers.outcomes import CUT, Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.rows import write_record
from chatpaper.storage.run_history import TopicRun
from chatpaper.storage.store import Store
from chatpaper.storage.usage import UsageLog
from chatpaper.write.files import write_atomically

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunRecorder:
    """Records a run; each method is one transaction. Raises StoreError.

    `services` digests which services are asked, see `digest_services`.
    """

    store: Store
    usage: UsageLog
    entries: EntryStore
    clock: Clock = SYSTEM_CLOCK
    services: str = ""

    def begin(self, request: RunRequest) -> StartedRun:
        """Record that a run begins; from now on log lines name it."""
        run = StartedRun.at(self.clock.now(), request)
        RUN_ID.set(run.run_id)
        self.store.history.start(run.run_id, run.started, request.post_date)
        self.usage.begin_run(run.run_id, request.post_date)
        log.info("run %s for %s", run.run_id, request.post_date)
        return run

    def queue(self, plan: Plan, night: date) -> None:
        """Queue all papers of a plan, so that a run that is killed loses none of them."""
        queued = [
            Outcome(topic, task.paper.arxiv_id, task.paper.version, "queued", night=night)
            for task in plan.tasks
            for topic in task.topics
            if self.store.outcomes.find(topic, task.paper.arxiv_id) is None
        ]
        excluded = [
            Outcome(
                selection.topic.name,
                exclusion.paper.arxiv_id,
                exclusion.paper.version,
                "excluded",
                CUT if exclusion.cut else "intake",
                exclusion.reason,
                night=night,
                ranking=write_record(exclusion.ranking)
                if exclusion.cut and exclusion.ranking
                else "",
            )
            for selection in plan.selections
            for exclusion in selection.excluded
            if not exclusion.repeated
        ]
        with self.store.unit_of_work():
            for candidate in _list_remembered(plan):
                self.store.records.save(
                    candidate.paper.arxiv_id, candidate.paper.version, candidate_to_json(candidate)
                )
            self.store.outcomes.record([*queued, *excluded], (), self.clock.now())

    def record(self, result: PaperResult, request: RunRequest) -> None:
        """Record what came of a paper, and which posts have to be written because of it."""
        report, night = result.report, request.post_date
        outcomes = [self._outcome(topic, report, night) for topic in report.topics]
        posts = post_keys_of(report, request) if result.entry else ()
        with self.store.unit_of_work():
            for topic in report.topics:
                # The entry of an older version is kept for the post where it stands.
                self.store.revisions.archive_entry(
                    topic, report.paper.arxiv_id, report.paper.version, night
                )
            if result.entry:
                for topic in report.topics:
                    phrase = result.matched_phrases.get(topic, "")
                    entry = replace(
                        result.entry, matched_phrase=phrase, ranking=result.report.ranking
                    )
                    self.entries.save(topic, entry)
            self.store.outcomes.record(outcomes, posts, self.clock.now())
            if report.status != "queued":
                self.store.batches.settle(report.paper.arxiv_id)

    def _outcome(self, topic: str | None, report: PaperReport, night: date) -> Outcome:
        outcome = replace(make_outcome(report, topic), night=night, asked=self.services)
        if report.status == "published":
            return replace(outcome, post_date=night)
        earlier = self.store.outcomes.find(topic, report.paper.arxiv_id)
        if earlier is not None and earlier.status == "published":
            # More was wanted of a paper that stands in this day's posts already, and there it
            # stays.
            return earlier
        if report.failed_by_itself:
            return record_failure(outcome, earlier, night)
        return defer(outcome, earlier, night)

    def close(
        self,
        run: StartedRun,
        plan: Plan,
        papers: Sequence[PaperReport],
        posts: WrittenPosts,
        stopped_by: ChatPaperError | None,
    ) -> RunReport:
        """Record that the run ends, and return its report.

        Raises WriteError where the report cannot be written.
        """
        post_date = run.request.post_date
        outcomes = self._outcomes(papers)
        tonight = {key: post for key, post in posts.items() if key.post_date == post_date}
        runs = self._close_topics(plan, papers, post_date, stopped_by)
        topics = [
            report_topic(selection, outcomes, tonight, runs[selection.topic.name])
            for selection in plan.selections
        ]
        all_papers = (*add_outcomes(papers, outcomes), *report_not_attempted(plan.selections))
        report = build_report(run, self.clock.now(), topics, all_papers, posts, stopped_by)
        return self._finish(report)

    def _outcomes(self, papers: Sequence[PaperReport]) -> list[Outcome]:
        """Return what became of the papers, by topic, as the database has it."""
        return [
            self.store.outcomes.find(topic, paper.paper.arxiv_id) or make_outcome(paper, topic)
            for paper in papers
            for topic in paper.topics
        ]

    def _close_topics(
        self,
        plan: Plan,
        papers: Sequence[PaperReport],
        night: date,
        stopped_by: ChatPaperError | None,
    ) -> dict[str, TopicRun]:
        """Record how the run of each topic ended, and return that by the topics' names."""
        runs: dict[str, TopicRun] = {}
        for selection in plan.selections:
            name = selection.topic.name
            reports = [paper for paper in papers if name in paper.topics]
            status = judge_topic(selection, reports, stopped_by)
            runs[name] = self.store.history.close(
                summarize_topic(selection, night, status, reports)
            )
        return runs

    def _finish(self, report: RunReport) -> RunReport:
        """Write the report to the state folder, and return it with the usage of models."""
        used = self.usage.usage_by_paper(report.run_id)
        papers = tuple(
            paper.with_usage(used.get(paper.paper.arxiv_id, Usage())) for paper in report.papers
        )
        report = replace(report, papers=papers, models=self.usage.usage_by_model(report.run_id))
        self.store.history.finish(report.run_id, int(report.exit_code))
        path = self.store.path.parent / REPORTS_FOLDER / f"{report.run_id}.json"
        write_atomically(path, report_to_text(report).encode())
        return report


def _list_remembered(plan: Plan) -> Iterator[Candidate]:
    """List the papers whose records are kept: those that are done, and those that were cut."""
    yield from (task.candidate for task in plan.tasks)
    for selection in plan.selections:
        yield from (
            exclusion.cut
            for exclusion in selection.excluded
            if exclusion.cut and not exclusion.repeated
        )


def post_keys_of(report: PaperReport, request: RunRequest) -> tuple[PostKey, ...]:
    """Return the keys of the posts that a paper stands in, in all its topics and all formats."""
    return tuple(
        key for topic in report.topics for key in request.post_keys(topic, report.paper.arxiv_id)
    )
