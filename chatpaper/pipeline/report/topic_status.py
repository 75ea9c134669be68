"""How the night of a topic ends: the one word for the ledger, and what there is to say about it."""

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


def topic_status(
    intake: TopicSelection, papers: Sequence[PaperReport], stopped_by: ChatPaperError | None = None
) -> TopicRunStatus:
    """One of five ends; `papers` are those of the topic that were to be done.

    A fault of a service comes before a budget: it explains more. Papers that failed by themselves
    do not keep a night from being done, they are queued; that nothing was announced counts only
    where there was nothing to do either.
    """
    if isinstance(intake.offer.fault, StaleUpstreamError):
        return "stale_upstream"
    if intake.offer.fault is not None or any(
        paper.status == "failed" and paper.failed_upstream for paper in papers
    ):
        return "upstream_fault"
    if any(paper.status == "queued" for paper in papers):
        is_limit = not isinstance(stopped_by, BackendError) or isinstance(
            stopped_by, QuotaExhaustedError
        )
        return "budget" if is_limit else "upstream_fault"
    nothing_to_do = not intake.wanted and not intake.waiting
    return "nothing_announced" if nothing_to_do and intake.offer.nothing_announced else "done"


def topic_result(intake: TopicSelection, post_date: date, state: TopicRunStatus) -> TopicRunResult:
    """What the ledger is told of a topic when a run ends its night."""
    offer = intake.offer
    newest = max(
        (
            (each.paper.published, each.paper.arxiv_id)
            for each in offer.candidates
            if each.paper.published
        ),
        default=None,
    )
    return TopicRunResult(
        topic=intake.topic.name,
        post_date=post_date,
        state=state,
        waiting=[waiting.outcome for waiting in intake.waiting],
        repeated=[exclusion.paper.arxiv_id for exclusion in intake.excluded if exclusion.repeated],
        source=offer.source,
        covered_until=offer.covered_until,
        newest=(newest[1], newest[0]) if newest else None,
        explanation=str(offer.fault or offer.nothing_announced),
    )
