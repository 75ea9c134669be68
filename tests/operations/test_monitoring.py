"""The facts that alerts are found from, out of the database."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from chatpaper.app.settings import load_settings
from chatpaper.domain.errors import ExitCode
from chatpaper.operations.monitoring import collect_health, measure_host
from chatpaper.pipeline.failures.retries import MAX_ATTEMPTS
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.run_history import TopicRunResult
from chatpaper.storage.store import Store

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def settle(store: Store, night: date, *, given_up: int) -> None:
    outcomes = [
        Outcome(
            "LLM",
            f"{night:%y%m}.{night.day:02}{number:03}",
            1,
            "excluded",
            attempts=MAX_ATTEMPTS,
            night=night,
        )
        for number in range(given_up)
    ]
    store.outcomes.record(outcomes, (), NOW)
    store.history.close(TopicRunResult("LLM", night, "done"))


def test_papers_that_were_given_up_and_the_last_run_are_found(tmp_path: Path) -> None:
    settings = load_settings(None, {"state_dir": tmp_path, "alerts": {"min_free_gigabytes": 0}})
    with Store(tmp_path) as store:
        for days in range(4):
            settle(store, date(2026, 11, 22) + timedelta(days=days), given_up=2)
        settle(store, date(2026, 12, 24), given_up=2)  # a date to come, which somebody asked for
        store.history.start("killed", NOW, date(2026, 11, 25))
        store.history.start("ended", NOW - timedelta(days=1), date(2026, 11, 24))
        store.history.finish("ended", ExitCode.USAGE)
        health = collect_health(settings, store, NOW)
        host = measure_host(settings, store, NOW)
    assert [night.post_date.day for night in health.nights] == [25, 24, 23, 22]
    assert [alert.kind for alert in health.alerts] == ["failed_run", "publish_rate"]
    assert "8 were given up" in health.alerts[1].says
    assert (host.last_run, host.last_exit) == (NOW - timedelta(days=1), ExitCode.USAGE)
    assert host.database_problem == ""
