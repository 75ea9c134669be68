"""Build the report of a run from its results."""

from collections.abc import Sequence
from datetime import datetime

from chatpaper.domain.errors import ChatPaperError
from chatpaper.pipeline.report.run_report import PaperReport, RunReport, TopicReport
from chatpaper.pipeline.report.written_posts import WrittenPosts, post_warnings
from chatpaper.pipeline.request import StartedRun
from chatpaper.pipeline.selection import TopicSelection
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.run_history import TopicRun


def build_report(
    run: StartedRun,
    finished: datetime,
    topics: Sequence[TopicReport],
    papers: Sequence[PaperReport],
    posts: WrittenPosts,
    stopped_by: ChatPaperError | None,
) -> RunReport:
    """Build the report of a run; what it used of models is added when it is recorded."""
    return RunReport(
        run.run_id,
        run.request.post_date,
        run.started,
        finished,
        tuple(topics),
        tuple(papers),
        tuple(str(post.path) for post in posts.values()),
        stopped_by,
        warnings=post_warnings(posts),
    )


def report_topic(
    selection: TopicSelection,
    outcomes: Sequence[Outcome],
    posts: WrittenPosts,
    run: TopicRun | None = None,
) -> TopicReport:
    """Report what became of a topic's papers; `posts` are those of the run's own day.

    `run` is how the run of the topic ended; there is none in a dry run.
    """
    name = selection.topic.name
    statuses = [outcome.status for outcome in outcomes if outcome.topic == name]
    published, given_up = statuses.count("published"), statuses.count("excluded")
    return TopicReport(
        name=name,
        query=selection.query,
        found=selection.found,
        published=published,
        excluded=len(selection.excluded) + given_up,
        failed=len(statuses) - published - given_up + len(selection.deferred),
        post=next(
            (
                str(posts[key].path)
                for key in sorted(posts, key=_is_of_one_paper)
                if key.topic == name
            ),
            None,
        ),
        error=selection.search.fault,
        state=run.state if run else None,
        source=selection.search.source,
        notes=selection.search.notes,
        awaits_batch=run is not None and run.awaits_batch,
    )


def _is_of_one_paper(key: PostKey) -> bool:
    return key.arxiv_id != ""


def report_not_attempted(selections: Sequence[TopicSelection]) -> list[PaperReport]:
    """Report the papers that were found but not begun: excluded, or waiting for a later night."""
    excluded = [
        PaperReport(
            exclusion.paper,
            (selection.topic.name,),
            "excluded",
            "intake",
            exclusion.reason,
            ranking=exclusion.ranking,
        )
        for selection in selections
        for exclusion in selection.excluded
    ]
    waiting = [
        PaperReport.deferred(each.paper, (selection.topic.name,), each.outcome)
        for selection in selections
        for each in selection.deferred
    ]
    return excluded + waiting


def make_outcome(report: PaperReport, topic: str | None) -> Outcome:
    """Return the outcome of a paper in one topic as this run alone sees it."""
    return Outcome(
        topic,
        report.paper.arxiv_id,
        report.paper.version,
        report.status,
        report.stage,
        report.reason,
    )


def add_outcomes(
    papers: Sequence[PaperReport], outcomes: Sequence[Outcome]
) -> tuple[PaperReport, ...]:
    """Return the reports of the papers, with what the attempts of earlier runs make of them."""
    by_paper: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_paper.setdefault(outcome.arxiv_id, []).append(outcome)
    return tuple(paper.with_outcomes(by_paper[paper.paper.arxiv_id]) for paper in papers)
