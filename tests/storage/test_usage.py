"""The ledger: every answer is booked on its run, paper, day and model, and adds up."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chatpaper.domain import Usage
from chatpaper.storage.store import Store
from chatpaper.storage.usage import Call

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TONIGHT = date(2026, 11, 22)


def call(
    arxiv_id: str = "1",
    model: str = "m",
    cost_usd: float | None = 0.5,
    used: tuple[int, int] = (100, 10),
) -> Call:
    return Call(arxiv_id, "m", "p", model, *used, 0, cost_usd, 50, 20)


def test_usage_adds_up_by_day_model_and_paper(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        accounts = store.usage
        for run_id in ("a", "b"):
            store.history.start(run_id, NOW, TONIGHT)
            accounts.begin_run(run_id, TONIGHT)
            accounts.record(call())
            accounts.record(call("2", "other"))
        (day,) = accounts.usage_by_day()
        assert (day.day, day.runs, day.usage) == (TONIGHT, 2, Usage(4, 400, 40, 2.0))
        assert [(used.model, used.usage) for used in accounts.usage_by_model()] == [
            ("m", Usage(2, 200, 20, 1.0)),
            ("other", Usage(2, 200, 20, 1.0)),
        ]
        assert [used.usage for used in accounts.usage_by_model("a")] == [Usage(1, 100, 10, 0.5)] * 2
        assert accounts.usage_by_paper("a") == {
            "1": Usage(1, 100, 10, 0.5),
            "2": Usage(1, 100, 10, 0.5),
        }


def test_runs_at_the_same_time_book_on_logs_of_their_own(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        logs = {run_id: store.new_usage_log() for run_id in ("a", "b")}
        for run_id, log in logs.items():
            log.begin_run(run_id, TONIGHT)
        logs["a"].record(call("1"))
        logs["b"].record(call("2"))
        assert [store.usage.usage_by_paper(run_id).keys() for run_id in logs] == [{"1"}, {"2"}]


def test_a_sum_with_an_unknown_price_is_unknown(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        accounts = store.usage
        accounts.begin_run("a", TONIGHT)
        accounts.record(call())
        accounts.record(call(cost_usd=None))
        assert accounts.usage_by_paper("a") == {"1": Usage(2, 200, 20, None)}


def test_what_was_paid_for_in_a_run_that_was_killed_is_on_record(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.history.start("a", NOW, TONIGHT)
        accounts = store.usage
        accounts.begin_run("a", TONIGHT)
        accounts.record(call())
    with Store(tmp_path) as store:
        assert store.usage.usage_by_day()[0].usage == Usage(1, 100, 10, 0.5)


def test_estimates_are_corrected_by_what_was_used(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        accounts = store.usage
        accounts.begin_run("a", TONIGHT)
        accounts.record(call("1"))
        accounts.record(call("2"))
        assert accounts.calibration_of_papers("m", "p") is None, "two papers say little"
        accounts.record(call("3"))
        accounts.record(call("3", used=(100, 40)))
        assert accounts.calibration_of_calls("m", "p") == pytest.approx((400 / 200, 70 / 80))
        assert accounts.calibration_of_papers("m", "p") == pytest.approx((400 / 150, 70 / 60)), (
            "with repairs"
        )
        assert accounts.calibration_of_papers("another", "p") is None
        assert accounts.calibration_of_papers("m", "another") is None
