"""What a run is called."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from chatpaper.pipeline.request import RunRequest, StartedRun

NOW = datetime(2026, 11, 16, 3, 30, tzinfo=UTC)
REQUEST = RunRequest(post_date=date(2026, 11, 16), output_dir=Path("posts"), formats=())


def test_runs_of_one_second_have_ids_of_their_own() -> None:
    assert len({StartedRun.at(NOW, REQUEST).run_id for _ in range(1000)}) == 1000


def test_ids_sort_by_the_time_of_the_run() -> None:
    ids = [StartedRun.at(NOW + timedelta(seconds=n), REQUEST).run_id for n in range(100)]
    assert ids == sorted(ids)
