"""The progress of a run: what is done, waits or failed, its cost, and the time that is left."""

import sys
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from chatpaper.cli.languages.speech import translate
from chatpaper.cli.progress.bars import build_bar
from chatpaper.domain import Paper
from chatpaper.pipeline.report.run_report import PaperReport, Stage

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@dataclass(frozen=True, slots=True)
class Tally:
    """How many papers of a run are waiting, those at work among them, and what became of the rest.

    `spent_usd` is None where a price is unknown.
    """

    waiting: int
    done: int = 0
    failed: int = 0
    postponed: int = 0
    spent_usd: float | None = 0.0

    def add(self, report: PaperReport, spent_usd: float | None) -> "Tally":
        """Return the tally with one more paper, and what has been spent until then."""
        return replace(
            self,
            waiting=self.waiting - 1,
            done=self.done + (report.status in ("published", "excluded")),
            failed=self.failed + (report.status == "failed"),
            postponed=self.postponed + (report.status == "queued"),
            spent_usd=spent_usd,
        )

    def __str__(self) -> str:
        """Return the numbers in one line, without those that are rarely anything but zero.

        >>> str(Tally(waiting=8, done=3, spent_usd=0.0123))
        '3 done, 8 waiting, 0 failed, 0.0123 USD'
        """
        postponed = f", {self.postponed} postponed" if self.postponed else ""
        cost = "unknown cost" if self.spent_usd is None else f"{self.spent_usd:.4f} USD"
        return f"{self.done} done, {self.waiting} waiting, {self.failed} failed{postponed}, {cost}"


class RunProgress:
    """Shows the tally of a run, the time left, and the paper that came to a stage last."""

    def __init__(self, *, quiet: bool) -> None:
        self._is_shown = sys.stderr.isatty() and not quiet
        self._tally = Tally(0)
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, papers: int) -> None:
        """Show the bar."""
        if not self._is_shown:
            return
        self._tally = Tally(papers)
        self._bar = build_bar()
        self._task = self._bar.add_task("", total=papers, counts=translate(str(self._tally)))
        self._bar.start()

    def at(self, paper: Paper, stage: Stage) -> None:
        """Name the paper and its stage."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=f"{translate(stage)} {paper.idv}")

    def finish(self, report: PaperReport, spent_usd: float | None) -> None:
        """Advance the bar by one paper."""
        if self._bar is not None and self._task is not None:
            self._tally = self._tally.add(report, spent_usd)
            self._bar.update(self._task, advance=1, counts=translate(str(self._tally)))
