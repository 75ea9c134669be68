"""The limits of a run hold for all its threads together."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chatpaper.domain import TokenEstimate
from chatpaper.domain.errors import BudgetReachedError
from chatpaper.pipeline.execution.budget import Budget
from chatpaper.pipeline.request import Limits

CALL = TokenEstimate(80, 20, 0.1)


def test_without_limits_nothing_is_refused() -> None:
    budget = Budget(Limits())
    assert all(budget.take_paper() for _ in range(100))
    budget.reserve(TokenEstimate(10**9, 10**9, 10**6))


def test_no_more_papers_than_allowed_are_begun_however_many_threads_ask() -> None:
    budget = Budget(Limits(papers=7))
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: budget.take_paper(), range(50))) == 7


@pytest.mark.parametrize(
    ("limits", "word"), [(Limits(tokens=250), "max_tokens"), (Limits(usd=0.25), "max_usd")]
)
def test_the_call_that_would_exceed_a_limit_is_refused(limits: Limits, word: str) -> None:
    budget = Budget(limits)
    budget.reserve(CALL)
    budget.reserve(CALL)
    with pytest.raises(BudgetReachedError, match=word):
        budget.reserve(CALL)


def test_what_was_set_aside_and_not_used_may_be_used() -> None:
    budget = Budget(Limits(tokens=150, usd=0.15))
    budget.reserve(CALL)
    budget.settle(CALL, used_tokens=40, used_usd=0.04)
    budget.reserve(CALL)
    with pytest.raises(BudgetReachedError):
        budget.reserve(CALL)
