"""What came of the work on one paper."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from chatpaper.domain import PostEntry, Ranking
from chatpaper.domain.errors import ChatPaperError, UnexplainedRefusalError
from chatpaper.pipeline.planning import PaperTask
from chatpaper.pipeline.report.run_report import PaperReport, Stage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PaperResult:
    """What came of a task.

    `entry` is there where the paper can be published, `refusal` where the service refused it before
    it had answered about any other: whether the paper is to blame is known at the end of the run.
    `matched_phrases` are what the paper has of each topic.
    """

    report: PaperReport
    entry: PostEntry | None = None
    refusal: UnexplainedRefusalError | None = None
    matched_phrases: Mapping[str | None, str] = field(default_factory=dict)

    def with_reason(self, reason: str, *, awaits_batch: bool = True) -> Self:
        """Say otherwise why the paper waits."""
        return replace(self, report=replace(self.report, reason=reason, awaits_batch=awaits_batch))

    @classmethod
    def reused(cls, task: PaperTask, entry: PostEntry) -> Self:
        """Publish the paper with the entry of an earlier run."""
        report = PaperReport(entry.paper, task.topics, "published")
        return cls(report, entry, matched_phrases=task.matched_phrases)

    def with_ranking(self, ranking: Ranking | None) -> Self:
        """Add what the paper is worth to the reader of the run."""
        return replace(self, report=replace(self.report, ranking=ranking))

    @classmethod
    def queued(cls, task: PaperTask, reason: str) -> Self:
        """Leave the paper to the next run."""
        return cls(PaperReport(task.paper, task.topics, "queued", reason=reason))

    @classmethod
    def waiting(cls, task: PaperTask, reason: str) -> Self:
        """Leave the paper to the run that collects the batch that it is in."""
        report = PaperReport(
            task.paper, task.topics, "queued", "summarize", reason, awaits_batch=True
        )
        return cls(report)

    @classmethod
    def refused(cls, task: PaperTask, refusal: UnexplainedRefusalError) -> Self:
        """Leave open whether the paper has failed."""
        report = PaperReport(task.paper, task.topics, "queued", reason=str(refusal))
        return cls(report, refusal=refusal)

    @classmethod
    def failed(cls, paper: PaperTask | PaperReport, stage: Stage, error: ChatPaperError) -> Self:
        """Report that the work on a paper failed at a stage."""
        log.error("%s: %s", paper.paper.idv, error)
        # The frames of a traceback, and those of what caused it, would hold the document for as
        # long as the report.
        error.__traceback__ = error.__cause__ = error.__context__ = None
        return cls(PaperReport(paper.paper, paper.topics, "failed", stage, str(error), error))
