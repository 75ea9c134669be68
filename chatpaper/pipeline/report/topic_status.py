"""Decide how the run of a topic ended, in one word and in what the run history keeps of it."""

from collections.abc import Sequence
from datetime import date

from chatpaper.domain.errors import (
    BackendError,
    ChatPaperError,
    QuotaExhaustedError,
    StaleUpstreamError,
)
from chatpaper.pipeline.report.run_report import PaperReport
from chatpaper.pipeline.selection import TopicSelection
from chatpaper.storage.run_history import TopicRunResult, TopicRunStatus


def judge_topic(
    selection: TopicSelection,
    papers: Sequence[PaperReport],
    stopped_by: ChatPaperError | None = None,
) -> TopicRunStatus:
    """Return how the run of a topic ended; `papers` are those of the topic that were planned.

    A fault of a service comes before a budget: it explains more. With papers that failed for
    reasons of their own the run is done all the same: they are queued. That nothing was announced
    counts only where there was nothing to do either.
    """
    if isinstance(selection.search.fault, StaleUpstreamError):
        return "stale_upstream"
    if selection.search.fault is not None or any(
        paper.status == "failed" and paper.failed_upstream for paper in papers
    ):
        return "upstream_fault"
    if any(paper.status == "queued" and not paper.awaits_batch for paper in papers):
        is_limit = not isinstance(stopped_by, BackendError) or isinstance(
            stopped_by, QuotaExhaustedError
        )
        return "budget" if is_limit else "upstream_fault"
    nothing_to_do = not selection.wanted and not selection.deferred
    return "nothing_announced" if nothing_to_do and selection.search.nothing_announced else "done"


def summarize_topic(
    selection: TopicSelection,
    post_date: date,
    state: TopicRunStatus,
    papers: Sequence[PaperReport] = (),
) -> TopicRunResult:
    """Return what the run history keeps of a topic, and of its `papers`, when its run ends."""
    search = selection.search
    newest = max(
        (
            (each.paper.published, each.paper.arxiv_id)
            for each in search.candidates
            if each.paper.published
        ),
        default=None,
    )
    return TopicRunResult(
        topic=selection.topic.name,
        post_date=post_date,
        state=state,
        waiting=[each.outcome for each in selection.deferred],
        repeated=[
            exclusion.paper.arxiv_id for exclusion in selection.excluded if exclusion.repeated
        ],
        source=search.source,
        covered_until=search.covered_until,
        newest=(newest[1], newest[0]) if newest else None,
        explanation=str(search.fault or search.nothing_announced),
        awaits_batch=any(paper.awaits_batch for paper in papers),
    )
