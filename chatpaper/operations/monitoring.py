"""Gather the facts for alerts from the database and the host."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.app.settings_groups import KEY_VARIABLES
from chatpaper.domain.errors import ExitCode
from chatpaper.operations.alerts import Alert, HostState, find_alerts
from chatpaper.operations.backups import read_damage
from chatpaper.operations.integrity import is_large
from chatpaper.pipeline.failures.retries import MAX_ATTEMPTS
from chatpaper.storage.run_history import TopicRun
from chatpaper.storage.store import Store
from chatpaper.storage.upkeep.integrity import find_integrity_problem
from chatpaper.write.files import measure_free_bytes

# Long enough to know how long a topic usually has no papers, and less than the database keeps.
LOOK_BACK_DAYS = 60


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The runs of the last nights, newest first, and what needs a person."""

    nights: tuple[TopicRun, ...]
    alerts: tuple[Alert, ...]


def collect_health(settings: Settings, store: Store, now: datetime) -> HealthReport:
    """Report on the last nights; runs for a future date, which somebody asked for, are left out."""
    today = now.astimezone(settings.zone).date()
    since = today - timedelta(days=LOOK_BACK_DAYS)
    history = store.history
    nights = tuple(night for night in history.topic_runs(since) if night.post_date <= today)
    host = measure_host(settings, store, now)
    usage = store.usage.usage_by_day(since)
    return HealthReport(
        nights,
        find_alerts(nights, usage, host, settings.alerts, history.count_exhausted(MAX_ATTEMPTS)),
    )


def measure_host(settings: Settings, store: Store, now: datetime) -> HostState:
    """Return how the last run ended, how full the disks are, and if the database is sound."""
    last = store.history.last()
    return HostState(
        now=now,
        last_run=last.started if last else None,
        last_exit=ExitCode(last.exit_code) if last else ExitCode.DONE,
        free_bytes=tuple(
            (name, measure_free_bytes(folder)) for name, folder in settings.folders.items()
        ),
        database_problem=_find_problem(store.path),
        # A backend that never has a key is no model.
        asks_models=bool(KEY_VARIABLES[settings.llm.backend]),
    )


def _find_problem(database: Path) -> str:
    """Describe what is wrong with the file; of a large one, what its last backup found."""
    if is_large(database):
        return read_damage(database)
    return find_integrity_problem(database, "quick_check")
