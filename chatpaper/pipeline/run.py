"""One run: intake, work, settlement, posts, report; started again after any interruption it goes on
where it was.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import reduce
from pathlib import Path

from chatpaper.domain import Entry, Paper, Topic, Usage
from chatpaper.domain.clock import Now, utc_now
from chatpaper.domain.errors import WriteError
from chatpaper.domain.log_context import RUN_ID
from chatpaper.pipeline.execution.budget import Limits
from chatpaper.pipeline.execution.executor import Finished, Workshop
from chatpaper.pipeline.failures.retries import after_failure, not_its_fault
from chatpaper.pipeline.publish import Publisher
from chatpaper.pipeline.report.report_json import report_to_text
from chatpaper.pipeline.report.run_report import (
    PaperReport,
    RunReport,
    TopicReport,
)
from chatpaper.pipeline.report.written_posts import WrittenPosts, warned, warnings_of
from chatpaper.pipeline.selection import (
    Candidate,
    FindCandidates,
    Job,
    TopicIntake,
    remember,
    take_in,
)
from chatpaper.pipeline.topic_runs import topic_result, topic_status
from chatpaper.pipeline.updates.licenses import Licensing
from chatpaper.pipeline.updates.record_backfill import Completing
from chatpaper.pipeline.updates.revisions import Revisions
from chatpaper.storage.database import REPORTS_FOLDER
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.run_history import RunHistory, TopicRunStatus
from chatpaper.storage.store import Store
from chatpaper.storage.usage import UsageLog
from chatpaper.write.files import check_writable, write_atomically
from chatpaper.write.formats import PostFormat

log = logging.getLogger(__name__)

DescribeQuery = Callable[[Topic], str]


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is to do: which day's posts, where, in which formats, within which limits.

    `online` says whether its papers come from arXiv, which may then be asked about those of earlier
    posts too.
    """

    post_date: date
    output_dir: Path
    formats: tuple[PostFormat, ...]
    limits: Limits = field(default_factory=Limits)
    online: bool = True

    def post_keys(self, topic: str | None, arxiv_id: str) -> tuple[PostKey, ...]:
        """The names of the post that a paper goes into, in all formats."""
        folder = str(self.output_dir.absolute())
        return tuple(
            PostKey(
                folder,
                topic,
                arxiv_id if topic is None or chosen.scope == "paper" else "",
                self.post_date,
                chosen.name,
            )
            for chosen in self.formats
        )


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Ties the stages together. `recipe` digests what shapes entries, `asked` the services."""

    store: Store
    accounts: UsageLog
    history: RunHistory
    workshop: Workshop
    publisher: Publisher
    recipe: str
    state_dir: Path
    licensing: Licensing
    completing: Completing
    revisions: Revisions
    now: Now = utc_now
    asked: str = ""

    def run(
        self, topics: Sequence[Topic], find: FindCandidates, describe: DescribeQuery, order: Order
    ) -> RunReport:
        """Find, summarize and publish the new papers of all topics.

        Raises WriteError before any work is done where the output folder cannot be written.
        """
        run_id, started = self._begin(order)
        overdue = self._written(self.publisher.pending())
        intakes = [
            take_in(topic, find, self.store, order.post_date, self.asked) for topic in topics
        ]
        offered = [candidate for intake in intakes for candidate in intake.offer.candidates]
        completed = self.completing.complete(offered, order.post_date) if order.online else ()
        self.revisions.look_for(intakes, order.post_date, online=order.online)
        intakes = [self.revisions.with_reposts(intake, order.post_date) for intake in intakes]
        jobs = self._jobs(intakes)
        self._expect(jobs, order, intakes)
        papers = self._carried_out(jobs, order, completed)
        posts = overdue | self._write_posts(papers, order)
        papers, rewritten = self._license(_told(papers, jobs))
        posts |= rewritten
        papers = warned(papers, posts)
        tonight = {key: post for key, post in posts.items() if key.post_date == order.post_date}
        outcomes = self._outcomes(papers)
        states = self._end_nights(intakes, papers, order)
        return self._end(
            RunReport(
                run_id,
                order.post_date,
                started,
                self.now(),
                tuple(
                    _topic_report(
                        intake, describe(intake.topic), outcomes, tonight, states[intake.topic.name]
                    )
                    for intake in intakes
                ),
                (*_with_outcomes(papers, outcomes), *_not_done(intakes)),
                tuple(str(post.path) for post in posts.values()),
                self.workshop.stopped_by,
                warnings=warnings_of(posts),
            )
        )

    def summarize(self, candidates: Sequence[Candidate], order: Order) -> RunReport:
        """Summarize and publish the given papers, each in a post of its own.

        Raises WriteError like `run`.
        """
        run_id, started = self._begin(order)
        self.revisions.notice([candidate.paper for candidate in candidates])
        jobs = [Job(candidate, (None,)) for candidate in candidates]
        self._expect(jobs, order)
        papers = self._carried_out(jobs, order)
        posts = self._write_posts(papers, order)
        papers, rewritten = self._license(_told(papers, jobs))
        posts |= rewritten
        papers = warned(papers, posts)
        return self._end(
            RunReport(
                run_id,
                order.post_date,
                started,
                self.now(),
                (),
                _with_outcomes(papers, self._outcomes(papers)),
                tuple(str(post.path) for post in posts.values()),
                self.workshop.stopped_by,
                warnings=warnings_of(posts),
            )
        )

    def dry_run(
        self, topics: Sequence[Topic], find: FindCandidates, describe: DescribeQuery, order: Order
    ) -> RunReport:
        """List what a run would do and cost: reads the papers, but asks no model, writes no post,
        settles nothing.
        """
        started = self.now()
        intakes = [
            take_in(topic, find, self.store, order.post_date, self.asked) for topic in topics
        ]
        intakes = [self.revisions.with_reposts(intake, order.post_date) for intake in intakes]
        jobs = self._jobs(intakes)
        planned = [self.workshop.plan(job, self._kept) for job in jobs]
        outcomes = [_as_reported(paper, topic) for paper in planned for topic in paper.topics]
        return RunReport(
            _run_id(started),
            order.post_date,
            started,
            self.now(),
            tuple(
                _topic_report(intake, describe(intake.topic), outcomes, {}) for intake in intakes
            ),
            (*planned, *_not_done(intakes)),
            dry_run=True,
        )

    def _carried_out(
        self, jobs: Sequence[Job], order: Order, completed: Sequence[Paper] = ()
    ) -> tuple[PaperReport, ...]:
        """Do the jobs, and find out meanwhile the licences of their papers and of those whose
        records are complete now.

        No paper waits for its licence: each is a request at arXiv's pace, made when all PDFs are
        there.
        """
        papers = [*(job.paper for job in jobs), *completed]
        return self.workshop.carry_out(
            jobs,
            self._kept,
            lambda done: self._settle(done, order),
            lambda: self.licensing.settle(papers),
        )

    def _begin(self, order: Order) -> tuple[str, datetime]:
        check_writable(order.output_dir)
        started = self.now()
        run_id = _run_id(started)
        RUN_ID.set(run_id)
        self.store.history.start(run_id, started, order.post_date)
        self.accounts.begin_run(run_id, order.post_date)
        log.info("run %s for %s", run_id, order.post_date)
        return run_id, started

    def _end(self, report: RunReport) -> RunReport:
        used = self.accounts.usage_by_paper(report.run_id)
        report = replace(
            report,
            papers=tuple(
                paper.with_usage(used.get(paper.paper.arxiv_id, Usage())) for paper in report.papers
            ),
            models=self.accounts.usage_by_model(report.run_id),
        )
        self.store.history.finish(report.run_id, int(report.exit_code))
        write_atomically(
            self.state_dir / REPORTS_FOLDER / f"{report.run_id}.json",
            report_to_text(report).encode(),
        )
        return report

    def _jobs(self, intakes: Sequence[TopicIntake]) -> list[Job]:
        """One job a paper, however many topics want it."""
        candidates: dict[str, Candidate] = {}
        topics: dict[str, list[str]] = {}
        for intake in intakes:
            for candidate in intake.wanted:
                candidates.setdefault(candidate.paper.arxiv_id, candidate)
                topics.setdefault(candidate.paper.arxiv_id, []).append(intake.topic.name)
        return [
            Job(candidate, tuple(topics[arxiv_id])) for arxiv_id, candidate in candidates.items()
        ]

    def _kept(self, job: Job) -> Entry | None:
        """The entry of the paper, from whatever topic, that leaves least to be asked for."""
        entries = [
            entry
            for entry in self.publisher.kept(job.paper.arxiv_id, self.recipe)
            if _same_file(entry, job.candidate) and self._serves(entry, job)
        ]
        return min(entries, key=lambda entry: len(self.workshop.missing(entry)), default=None)

    def _serves(self, entry: Entry, job: Job) -> bool:
        """Whether an entry is of the version that is wanted, or of a posted one that is whole and
        may stand.
        """
        if entry.paper.version == job.paper.version:
            return True
        return self.revisions.may_stand(job.topics, entry.paper) and not self.workshop.missing(
            entry
        )

    def _expect(
        self, jobs: Sequence[Job], order: Order, intakes: Sequence[TopicIntake] = ()
    ) -> None:
        """Queue all papers before the work begins, so that a run that is killed loses none of them."""
        new = [
            Outcome(topic, job.paper.arxiv_id, job.paper.version, "queued", night=order.post_date)
            for job in jobs
            for topic in job.topics
            if self.store.outcomes.find(topic, job.paper.arxiv_id) is None
        ]
        excluded = [
            Outcome(
                intake.topic.name,
                exclusion.paper.arxiv_id,
                exclusion.paper.version,
                "excluded",
                "intake",
                exclusion.reason,
                night=order.post_date,
            )
            for intake in intakes
            for exclusion in intake.excluded
            if not exclusion.repeated
        ]
        with self.store.unit_of_work():
            for job in jobs:
                self.store.records.save(
                    job.paper.arxiv_id, job.paper.version, remember(job.candidate)
                )
            self.store.outcomes.record([*new, *excluded], (), self.now())

    def _settle(self, done: Finished, order: Order) -> None:
        """Make what became of a paper last, and that posts have to be written because of it, in one
        step.
        """
        outcomes = [
            self._outcome(topic, done.report, order.post_date) for topic in done.report.topics
        ]
        posts = _posts_of(done.report, order) if done.entry else ()
        with self.store.unit_of_work():
            for topic in done.report.topics:
                self.revisions.set_aside(topic, done.report.paper, order.post_date)
            if done.entry:
                for topic in done.report.topics:
                    self.publisher.keep(topic, self.recipe, done.entry)
            self.store.outcomes.record(outcomes, posts, self.now())

    def _write_posts(self, papers: Sequence[PaperReport], order: Order) -> WrittenPosts:
        """Write the posts that papers were settled for."""
        keys = [
            key
            for paper in papers
            if paper.status == "published"
            for key in _posts_of(paper, order)
        ]
        return self._written(keys, order.output_dir)

    def _written(self, keys: Sequence[PostKey], output_dir: Path | None = None) -> WrittenPosts:
        """Put posts on disk; where a folder takes none, its posts stay pending, and the run begins
        nothing more.
        """
        posts: WrittenPosts = {}
        folders = {key.output_dir: None for key in keys} or (
            {str(output_dir): None} if output_dir else {}
        )
        for folder in folders:
            try:
                mine = tuple(dict.fromkeys(key for key in keys if key.output_dir == folder))
                posts |= self.publisher.write_all(mine, output_dir)
            except WriteError as error:
                log.error("%s", error)
                self.workshop.stop(error)
        return posts

    def _license(
        self, papers: Sequence[PaperReport]
    ) -> tuple[tuple[PaperReport, ...], WrittenPosts]:
        """Tell of what was published under licences that are not known, and write the earlier posts
        that changed.
        """
        unknown = self.licensing.unknown(
            [report.paper for report in papers if report.status == "published"]
        )
        told = tuple(
            report.with_warning(unknown[report.paper.arxiv_id])
            if report.paper.arxiv_id in unknown
            else report
            for report in papers
        )
        return told, self._written(self.publisher.pending())

    def _outcome(self, topic: str | None, report: PaperReport, night: date) -> Outcome:
        outcome = replace(_as_reported(report, topic), night=night, asked=self.asked)
        if report.status == "published":
            return replace(outcome, post_date=night)
        earlier = self.store.outcomes.find(topic, report.paper.arxiv_id)
        if earlier is not None and earlier.status == "published":
            # More was wanted of a paper that stands in this day's posts already, and there it
            # stays.
            return earlier
        if report.failed_by_itself:
            return after_failure(outcome, earlier, night)
        return not_its_fault(outcome, earlier, night)

    def _outcomes(self, papers: Sequence[PaperReport]) -> list[Outcome]:
        """What became of the papers, by topic, as the store has it."""
        wanted = ((paper, topic) for paper in papers for topic in paper.topics)
        return [
            self.store.outcomes.find(topic, paper.paper.arxiv_id) or _as_reported(paper, topic)
            for paper, topic in wanted
        ]

    def _end_nights(
        self, intakes: Sequence[TopicIntake], papers: Sequence[PaperReport], order: Order
    ) -> dict[str, TopicRunStatus]:
        """Enter the end of each topic's night into the ledger, and say what it is."""
        states: dict[str, TopicRunStatus] = {}
        for intake in intakes:
            name = intake.topic.name
            reports = [paper for paper in papers if name in paper.topics]
            state = topic_status(intake, reports, self.workshop.stopped_by)
            night = self.history.close(topic_result(intake, order.post_date, state))
            states[name] = night.state or state
        return states


def _run_id(started: datetime) -> str:
    """Sorts by time, and differs for two runs in one second."""
    return f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def _posts_of(report: PaperReport, order: Order) -> tuple[PostKey, ...]:
    return tuple(
        key for topic in report.topics for key in order.post_keys(topic, report.paper.arxiv_id)
    )


def _told(papers: Sequence[PaperReport], jobs: Sequence[Job]) -> tuple[PaperReport, ...]:
    """The reports of the papers, in the order of their jobs, with what their source had to say of
    them.
    """
    return tuple(
        reduce(PaperReport.with_warning, job.candidate.warnings, report)
        for report, job in zip(papers, jobs, strict=True)
    )


def _as_reported(report: PaperReport, topic: str | None) -> Outcome:
    return Outcome(
        topic,
        report.paper.arxiv_id,
        report.paper.version,
        report.status,
        report.stage,
        report.reason,
    )


def _topic_report(
    intake: TopicIntake,
    query: str,
    outcomes: Sequence[Outcome],
    posts: WrittenPosts,
    state: TopicRunStatus | None = None,
) -> TopicReport:
    name = intake.topic.name
    statuses = [outcome.status for outcome in outcomes if outcome.topic == name]
    published, given_up = statuses.count("published"), statuses.count("excluded")
    return TopicReport(
        name=name,
        query=intake.offer.query or query,
        found=intake.found,
        published=published,
        excluded=len(intake.excluded) + given_up,
        failed=len(statuses) - published - given_up + len(intake.waiting),
        post=next(
            (
                str(posts[key].path)
                for key in sorted(posts, key=_is_of_one_paper)
                if key.topic == name
            ),
            None,
        ),
        error=intake.offer.fault,
        state=state,
        source=intake.offer.source,
        notes=intake.offer.notes,
    )


def _is_of_one_paper(key: PostKey) -> bool:
    return key.arxiv_id != ""


def _with_outcomes(
    papers: Sequence[PaperReport], outcomes: Sequence[Outcome]
) -> tuple[PaperReport, ...]:
    """The reports of the papers, with what the attempts before this one make of them."""
    by_paper: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_paper.setdefault(outcome.arxiv_id, []).append(outcome)
    return tuple(paper.settled(by_paper[paper.paper.arxiv_id]) for paper in papers)


def _not_done(intakes: Sequence[TopicIntake]) -> list[PaperReport]:
    """The papers that were found and not even begun."""
    excluded = [
        PaperReport(exclusion.paper, (intake.topic.name,), "excluded", "intake", exclusion.reason)
        for intake in intakes
        for exclusion in intake.excluded
    ]
    waiting = [
        PaperReport.of_waiting(each.paper, (intake.topic.name,), each.outcome)
        for intake in intakes
        for each in intake.waiting
    ]
    return excluded + waiting


def _same_file(entry: Entry, candidate: Candidate) -> bool:
    """Whether an entry was made of what the candidate offers: the abstract alone is not enough once
    there is a PDF.
    """
    return candidate.pdf is None or entry.abstract_only is None
