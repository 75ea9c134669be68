"""What limits, ends and watches the work of a run."""

from dataclasses import dataclass
from typing import Protocol

from chatpaper.domain import Paper
from chatpaper.pipeline.execution.budget import Budget
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.report.run_report import PaperReport, Stage


class Progress(Protocol):
    """Hears how far the work is; its methods are called by several threads."""

    def begin(self, papers: int) -> None:
        """Note how many papers are to be done."""

    def at(self, paper: Paper, stage: Stage) -> None:
        """Note that a paper has come to a stage."""

    def finish(self, report: PaperReport, spent_usd: float | None) -> None:
        """Note what became of a paper, and what the run has cost; None where a price is unknown."""


@dataclass(frozen=True, slots=True)
class RunControls:
    """What limits, ends and watches the work of one run; shared by its threads."""

    budget: Budget
    cancellation: CancellationToken
    progress: Progress
