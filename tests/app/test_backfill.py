"""What a backfill is given: files and clusters that are not there are named at once."""

import socket
from datetime import date
from pathlib import Path

import pytest

from chatpaper.app.backfill.building import describe_numbers
from chatpaper.app.backfill.engines import ShardReader, start_engine
from chatpaper.app.backfill.listing import list_snapshot
from chatpaper.domain import Topic
from chatpaper.domain.errors import ConfigError
from chatpaper.pipeline.sources.windows import DateRange
from chatpaper.storage.store import Store


@pytest.mark.parametrize(
    ("numbers", "said"), [([], ""), ([3], "3"), ([0, 1, 2, 5, 7, 8], "0-2,5,7-8")]
)
def test_numbers_are_said_as_arrays_of_jobs_take_them(numbers: list[int], said: str) -> None:
    assert describe_numbers(numbers) == said


def test_a_snapshot_that_is_not_there_is_named(tmp_path: Path) -> None:
    days = DateRange(date(2021, 1, 1), date(2021, 12, 31))
    with Store(tmp_path) as store, pytest.raises(ConfigError, match=r"none\.json cannot be read"):
        list_snapshot(store.backfills, Topic("LLM"), days, tmp_path / "none.json")


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_a_cluster_that_does_not_listen_is_named_at_once(scheme: str) -> None:
    with socket.socket() as silent:
        # Bound, and nobody listens: the system refuses whoever asks.
        silent.bind(("127.0.0.1", 0))
        address = f"{scheme}127.0.0.1:{silent.getsockname()[1]}"
        reader = ShardReader("shards", "pdfs", 1.0, 1)
        with (
            pytest.raises(ConfigError, match=f"There is no Ray cluster at {address}"),
            start_engine("ray", reader, [], address, 1),
        ):
            pass
