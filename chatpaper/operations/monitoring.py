"""The facts from which alerts are found, gathered from the database and the machine."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chatpaper.app.settings import Settings
from chatpaper.app.settings_groups import KEY_VARIABLES
from chatpaper.domain.errors import ExitCode
from chatpaper.operations.alerts import Alert, HostState, find_alerts
from chatpaper.operations.backups import integrity_problem
from chatpaper.pipeline.failures.retries import MAX_ATTEMPTS
from chatpaper.storage.run_history import TopicRun
from chatpaper.storage.store import Store
from chatpaper.write.files import free_bytes

# Long enough to know how long a topic usually rests, and shorter than what the database remembers.
LOOK_BACK_DAYS = 60


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What there is to see: the last nights, newest first, and what needs a person."""

    nights: tuple[TopicRun, ...]
    alerts: tuple[Alert, ...]


def collect_health(settings: Settings, store: Store, now: datetime) -> HealthReport:
    """The state of things; nights of a date to come, which somebody asked for, are left out."""
    today = now.astimezone(settings.zone).date()
    history = store.history
    nights = tuple(
        night
        for night in history.topic_runs(today - timedelta(days=LOOK_BACK_DAYS))
        if night.post_date <= today
    )
    machine = host_state(settings, store, now)
    usage = store.usage.usage_by_day()
    return HealthReport(
        nights,
        find_alerts(nights, usage, machine, settings.alerts, history.count_exhausted(MAX_ATTEMPTS)),
    )


def host_state(settings: Settings, store: Store, now: datetime) -> HostState:
    """When the last run ended and how, how full the disks are, and whether the database is sound."""
    last = store.history.last()
    folders = {name: getattr(settings, name) for name in ("output_dir", "state_dir", "cache_dir")}
    return HostState(
        now=now,
        last_run=last.started if last else None,
        last_exit=ExitCode(last.exit_code) if last else ExitCode.DONE,
        free_bytes=tuple((name, free_bytes(folder)) for name, folder in folders.items()),
        database_problem=integrity_problem(store.path, "quick_check"),
        # A backend that needs no key of any kind is no model.
        asks_models=bool(KEY_VARIABLES[settings.llm.backend]),
    )
