"""What a fault costs: the one paper that it befell, or all that has not begun."""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from chatpaper.domain.errors import (
    BackendError,
    BackendRejectedError,
    BudgetReachedError,
    ChatPaperError,
    ConfigError,
    DefectError,
    ExtractError,
    FetchError,
    QuotaExhaustedError,
    StoreError,
    UnexplainedRefusalError,
    WaitingForBatchError,
)
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.execution.result import PaperResult
from chatpaper.pipeline.execution.service_health import ServiceHealth, make_refusal
from chatpaper.pipeline.planning import PaperTask
from chatpaper.pipeline.report.run_report import Stage

log = logging.getLogger(__name__)

# No paper can get around these: the account, the budget, or a disk that takes nothing more.
_ENDS_THE_RUN = (
    BackendRejectedError,
    QuotaExhaustedError,
    BudgetReachedError,
    ConfigError,
    StoreError,
)
# These cost the one paper that they befell, at this stage.
_STAGE_OF_FAULT: tuple[tuple[type[ChatPaperError], Stage], ...] = (
    (FetchError, "fetch"),
    (ExtractError, "extract"),
    (BackendError, "summarize"),
)

_T = TypeVar("_T")


class FaultPolicy:
    """Turns faults into results, and cancels the run where no other paper would fare better."""

    def __init__(self, cancellation: CancellationToken) -> None:
        self._cancellation = cancellation
        self._health = ServiceHealth()

    def record_answer(self) -> None:
        """Record that the model's service has answered about a paper."""
        self._health.record_answer()

    def attempt(self, task: PaperTask, step: Callable[[], _T]) -> _T | PaperResult:
        """Take a step of the work on a paper.

        The work ends where the step fails, or the run is cancelled.
        """
        if self._cancellation.reason is not None:
            return PaperResult.queued(task, str(self._cancellation.reason))
        try:
            return step()
        except UnexplainedRefusalError as error:
            return self._refuse(task, error)
        except WaitingForBatchError as error:
            return PaperResult.waiting(task, str(error))
        except _ENDS_THE_RUN as error:
            self._cancellation.cancel(error)
            return PaperResult.queued(task, str(self._cancellation.reason))
        except ChatPaperError as error:
            self._watch_service(error)
            stages = (stage for kind, stage in _STAGE_OF_FAULT if isinstance(error, kind))
            return PaperResult.failed(task, next(stages, ""), error)
        except Exception as error:
            # A defect of ours that one paper brings to light must not cost the others their night.
            log.exception("%s: unexpected error", task.paper.idv)
            defect = DefectError(f"a defect of chatpaper: {type(error).__name__}: {error}")
            return PaperResult.failed(task, "", defect)

    def judge(self, refused: Sequence[PaperResult]) -> Iterator[PaperResult]:
        """Decide at the end about papers that were refused before the service answered about any.

        Where it has answered about another one since, they have failed. Where it has not, they stay
        queued, and the refusal is why the run ends: account or settings may be to blame.
        """
        for result in refused:
            if result.refusal is None:
                yield result
            elif self._health.answers:
                yield PaperResult.failed(result.report, "summarize", make_refusal(result.refusal))
            else:
                self._cancellation.cancel(result.refusal)
                yield result

    def _watch_service(self, error: ChatPaperError) -> None:
        """Cancel the run where the service has been silent for too long.

        It is not expected to answer tonight.
        """
        if not isinstance(error, BackendError):
            return
        if error.about == "paper":
            self._health.record_answer()
        elif error.about == "moment" and self._health.record_silence():
            self._cancellation.cancel(error)

    def _refuse(self, task: PaperTask, error: UnexplainedRefusalError) -> PaperResult:
        if self._health.answers:
            return PaperResult.failed(task, "summarize", make_refusal(error))
        log.warning("%s: %s", task.paper.idv, error)
        if self._health.record_refusal():
            self._cancellation.cancel(error)
        return PaperResult.refused(task, error)
