"""The simulated backfill loses no paper, and docs/scale.md shows what it prints."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.simulate_backfill import (
    SITES,
    TIERS,
    Answers,
    ReadingSimulation,
    simulate_asking,
    simulate_reading,
    write_tables,
)
from tests.conftest import REPOSITORY

shares = st.floats(0, 0.4)


def test_the_tables_of_the_docs_are_those_of_the_simulation() -> None:
    page = (REPOSITORY / "docs" / "scale.md").read_text(encoding="utf-8")
    for table in write_tables().split("\n\n"):
        assert table.strip() in page, (
            "`python -m tests.benchmarks.simulate_backfill` prints the tables"
        )


@settings(max_examples=30, deadline=None)
@given(
    papers=st.integers(1, 9_000),
    errors=shares,
    unusable=shares,
    repaired=shares,
    median=st.floats(0.1, 60),
)
def test_every_paper_is_published_or_given_up(
    papers: int, errors: float, unusable: float, repaired: float, median: float
) -> None:
    answers = Answers(errors=errors, unusable=unusable, repaired=repaired)
    service = replace(TIERS[1], median_hours=median)
    done = simulate_asking(papers, service, answers)
    assert done.published + done.given_up == papers
    assert done.calls >= papers
    assert done.usd == pytest.approx(done.calls * 0.00961 / 2)


@settings(max_examples=10, deadline=None)
@given(papers=st.integers(1, 40_000), hours=st.floats(0.5, 40))
def test_what_nodes_lose_is_read_again_and_nothing_else(papers: int, hours: float) -> None:
    calm, stormy = SITES[2], replace(SITES[2], hours_between_failures=hours)
    quiet = simulate_reading(papers, replace(calm, hours_between_failures=None))
    lost = simulate_reading(papers, stormy)
    assert quiet.shards_again == 0
    assert lost.hours >= quiet.hours - 1e-9
    assert lost.core_hours == pytest.approx(
        sum(
            seconds
            for _, seconds in ReadingSimulation(
                papers, stormy, np.random.default_rng(20211101)
            )._queue
        )
        / 3600
    )
