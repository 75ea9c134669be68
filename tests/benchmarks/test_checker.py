"""The checker tells true statements from corrupted ones, on a part of the library.

The benchmark has the whole.
"""

import pytest

from tests.benchmarks.benchmark_checker import (
    EXCHANGED,
    LEAST_NOT_IN_PAPER,
    MOST_TRUE_DISTURBED,
    NOT_IN_PAPER,
    Rate,
    corruptions,
    measure,
    subjects,
    together,
)

PAPERS = ("herbarium-dust", "spatial-audit", "leaf-shapes", "step-budgets")

# The promise for exchanged numbers and names is one for the whole library; on these papers less is
# caught.
LEAST_EXCHANGED = 0.45
LEAST_CORRUPTIONS = 300


@pytest.fixture(scope="module")
def rates() -> dict[str, Rate]:
    return measure(subjects(PAPERS), with_quotes=True)


def test_what_is_not_in_the_paper_is_caught(rates: dict[str, Rate]) -> None:
    assert together(rates, NOT_IN_PAPER).share >= LEAST_NOT_IN_PAPER


def test_what_was_exchanged_within_the_paper_is_caught_mostly(rates: dict[str, Rate]) -> None:
    assert together(rates, EXCHANGED).share >= LEAST_EXCHANGED


def test_true_claims_are_left_alone(rates: dict[str, Rate]) -> None:
    assert rates["true claims"].share <= MOST_TRUE_DISTURBED


def test_the_corruptions_are_many_and_the_same_each_time() -> None:
    some = subjects(PAPERS)
    cases = list(corruptions(some))
    assert len(cases) >= LEAST_CORRUPTIONS
    assert cases == list(corruptions(some))
