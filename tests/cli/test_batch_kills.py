"""A kill behind the sending of a batch.

`tests.benchmarks.batch_kills` makes any number at random instants.
"""

import random

from tests.benchmarks.batch_kills import WatchedBatches, play_nights
from tests.benchmarks.kill_campaign import Kill


def test_a_run_that_is_killed_when_its_batch_has_arrived_pays_once_and_loses_nothing() -> None:
    with WatchedBatches() as servers:
        kills = (Kill("after create", 1),)
        assert play_nights(servers, kills, random.Random(1), None) == []
        assert len(servers.gemini.batch_service.batches) == 1
