"""Limit what one run may use.

The gate before every call keeps it within the budget and books what was used.
"""

from collections.abc import Callable
from threading import Lock

from chatpaper.backends import Backend
from chatpaper.backends.decorators.decorated import DecoratedBackend
from chatpaper.domain import Completion, Prompt, TokenEstimate
from chatpaper.domain.errors import BackendError, BudgetReachedError
from chatpaper.pipeline.report.run_report import total_cost
from chatpaper.pipeline.request import Limits
from chatpaper.storage.usage import Call
from chatpaper.summarize.cost.estimate import CostEstimator, estimate_from_text, prompt_name
from chatpaper.summarize.cost.prices import Prices


class Budget:
    """Counts what a run has used and may still use; shared by the threads of the run."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = Lock()
        self._papers = 0
        self._usd = 0.0
        self._spent_usd: float | None = 0.0
        self._tokens = 0
        self._waiting = 0

    @property
    def papers_waiting(self) -> int:
        """How many papers of the run are not done, those at work among them."""
        with self._lock:
            return self._waiting

    @property
    def spent_usd(self) -> float | None:
        """What the calls that ended have cost; None where a price is unknown."""
        with self._lock:
            return self._spent_usd

    def expect(self, papers: int) -> None:
        """Expect this many papers to be done."""
        with self._lock:
            self._waiting = (
                papers if self._limits.papers is None else min(papers, self._limits.papers)
            )

    def finish_paper(self) -> None:
        """Count a paper as done, one way or another."""
        with self._lock:
            self._waiting = max(0, self._waiting - 1)

    def take_paper(self) -> bool:
        """Return whether one more paper may be begun; it counts when it may."""
        with self._lock:
            if self._limits.papers is not None and self._papers >= self._limits.papers:
                return False
            self._papers += 1
            return True

    def reserve(self, estimate: TokenEstimate) -> None:
        """Set aside what a call is expected to use.

        Raises BudgetReachedError where that would be too much.
        """
        tokens, usd = estimate.tokens, estimate.cost_usd or 0.0
        with self._lock:
            if self._limits.tokens is not None and self._tokens + tokens > self._limits.tokens:
                raise BudgetReachedError(
                    f"budget.max_tokens is {self._limits.tokens}: {self._tokens} are used, "
                    "and the next call needs "
                    f"about {tokens}. The rest is queued for the next run."
                )
            if self._limits.usd is not None and self._usd + usd > self._limits.usd:
                raise BudgetReachedError(
                    f"budget.max_usd is {self._limits.usd:g}: {self._usd:.4f} is spent, "
                    "and the next call costs "
                    f"about {usd:.4f}. The rest is queued for the next run."
                )
            self._tokens += tokens
            self._usd += usd

    def settle(self, estimate: TokenEstimate, used_tokens: int, used_usd: float | None) -> None:
        """Replace what was set aside by what was used."""
        with self._lock:
            self._tokens += used_tokens - estimate.tokens
            self._usd += (used_usd or 0.0) - (estimate.cost_usd or 0.0)
            self._spent_usd = total_cost((self._spent_usd, used_usd))


# Enters a call; the completion is kept in the same step, under its key.


class MeteredBackend(DecoratedBackend):
    """Refuses the call that would exceed the budget, and books all others.

    The refused call may be the first about a paper or a repair.
    """

    def __init__(
        self,
        backend: Backend,
        budget: Budget,
        estimator: CostEstimator,
        prices: Prices,
        book: Callable[[Call, str, Completion | None], None],
    ) -> None:
        """Decorate `backend`.

        `book` enters a call, and the completion with it where there is one to keep, before anything
        else is done.
        """
        super().__init__(backend)
        self._budget = budget
        self._estimator, self._prices, self._book = estimator, prices, book

    def complete(self, prompt: Prompt) -> Completion:
        """Return the answer of the backend.

        Raises BudgetReachedError before a call that there is no budget for.
        """
        estimate = self._estimator.estimate(prompt)
        self._budget.reserve(estimate)
        used = Completion("", self.model)
        calls, answered = 0, False
        try:
            used = super().complete(prompt)
            calls, answered = 1, True
        except BackendError as error:
            used = Completion("", self.model, error.input_tokens, error.output_tokens)
            calls = error.llm_calls
            raise
        finally:
            cost_usd = self._prices.cost_usd(self.name, used, self.model)
            self._budget.settle(estimate, used.input_tokens + used.output_tokens, cost_usd)
            if calls:
                kept = used if answered and prompt.key else None
                self._book(self._call(prompt, used, cost_usd), prompt.key, kept)
        return used

    def _call(self, prompt: Prompt, used: Completion, cost_usd: float | None) -> Call:
        expected_input_tokens, expected_output_tokens = estimate_from_text(prompt)
        return Call(
            arxiv_id=prompt.source.paper_id,
            asked=self.model,
            prompt=prompt_name(prompt),
            model=used.model,
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
            cached_input_tokens=used.cached_input_tokens,
            cost_usd=cost_usd,
            expected_input_tokens=expected_input_tokens,
            expected_output_tokens=expected_output_tokens,
        )
