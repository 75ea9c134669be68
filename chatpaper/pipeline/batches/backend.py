"""A backend whose answers come with batches, where they are not asked for at once."""

from chatpaper.backends import Backend
from chatpaper.backends.decorators.decorated import DecoratedBackend
from chatpaper.domain import Completion, Prompt
from chatpaper.pipeline.batches.broker import BatchBroker
from chatpaper.pipeline.execution.budget import Budget
from chatpaper.summarize.cost.estimate import CostEstimator


class BatchedBackend(DecoratedBackend):
    """Answers with what came in batches, leaves prompts for the next one, and asks the rest."""

    def __init__(
        self, backend: Backend, broker: BatchBroker, budget: Budget, estimator: CostEstimator
    ) -> None:
        super().__init__(backend)
        self._broker, self._budget, self._estimator = broker, budget, estimator

    def complete(self, prompt: Prompt) -> Completion:
        """Return an answer that is there, or is asked for at once.

        Raises WaitingForBatchError where it comes with a batch, BudgetReachedError where there is
        no budget for that, and else as the decorated backend.
        """
        answer = self._broker.find_answer(prompt, self.model)
        if answer is not None:
            return answer
        if not self._broker.takes(prompt) or self._broker.is_hopeless(prompt):
            return super().complete(prompt)
        estimate = self._estimator.estimate(prompt)
        self._budget.reserve(estimate)
        self._broker.leave(prompt, self.model, estimate.cost_usd)
        raise AssertionError("a request that was left waits")
