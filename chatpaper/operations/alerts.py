"""Find what needs a person in the runs of the last nights, their cost, and the state of the host.

Each rule is a pure function of facts; its alert says what happened, since when, and what to do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise, takewhile
from types import MappingProxyType
from typing import Literal

from chatpaper.app.settings_groups import AlertSettings
from chatpaper.domain.errors import ExitCode
from chatpaper.storage.run_history import TopicRun, TopicRunStatus
from chatpaper.storage.usage import DayUsage

# How many papers were given up, by topic and post date.
GivenUp = Mapping[tuple[str, date], int]

AlertKind = Literal[
    "database",
    "disk",
    "no_run",
    "failed_run",
    "no_publication",
    "all_excluded",
    "publish_rate",
    "unquiet",
    "newest_id",
    "no_calls",
]

GIGABYTE = 1_000_000_000

# A rate of fewer papers than these is chance.
MIN_PAPERS_FOR_A_RATE = 4
# One paper that is off topic is found on every night of the search window; as many different ones
# are not.
MIN_EXCLUDED = 5
# A narrow topic may go without a new paper for long: the alert waits for twice its longest pause.
PAUSE_FACTOR = 2

# What happened, and what to do about it, when runs end like this.
_FAULTY_ENDS: dict[TopicRunStatus, tuple[str, str]] = {
    "upstream_fault": (
        "arXiv did not answer",
        (
            "look at `chatpaper doctor` and at arXiv's status page; "
            "a mirror can be set with arxiv.api_url"
        ),
    ),
    "stale_upstream": (
        "arXiv's list did not move though papers were announced",
        "look at arXiv's listing page; the papers come as soon as the list does",
    ),
    "budget": (
        "a budget or quota ended the run, and papers wait",
        "raise budget.*, llm.rpd or the quota of the key, or narrow the topics",
    ),
}
# The same for exit codes of the last run that no later run will resolve.
_FATAL_EXITS = {
    ExitCode.USAGE: (
        (
            "the last run was stopped by a key, a setting or a folder that could not be used, "
            "or was refused"
        ),
        "its log and report name it; `chatpaper doctor` tries them all",
    ),
    ExitCode.DEFECT: (
        "a defect of chatpaper cost the last run a paper or more",
        "please report what its log says; the papers are queued",
    ),
}


@dataclass(frozen=True, slots=True)
class HostState:
    """The state of the installation.

    `last_run` is when the last run that ended was started, and `last_exit` its exit code.
    `free_bytes` has the free space of each folder, by the name of its setting. `database_problem`
    is empty for a sound database. `asks_models` tells whether the configured backend makes model
    calls at all.
    """

    now: datetime
    last_run: datetime | None = None
    last_exit: ExitCode = ExitCode.DONE
    free_bytes: tuple[tuple[str, int], ...] = ()
    database_problem: str = ""
    asks_models: bool = True


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that needs a person.

    `topic` is None for what concerns all topics; `since` is its first day, if known.
    """

    kind: AlertKind
    topic: str | None
    says: str
    since: date | None
    todo: str

    def __str__(self) -> str:
        about = f"{self.topic}: " if self.topic else ""
        since = f" (since {self.since.isoformat()})" if self.since else ""
        return f"{about}{self.says}{since}. What to do: {self.todo}."


def find_alerts(
    nights: Sequence[TopicRun],
    usage: Sequence[DayUsage],
    host: HostState,
    thresholds: AlertSettings,
    given_up: GivenUp = MappingProxyType({}),
) -> tuple[Alert, ...]:
    """List all that needs a person: first of the host, then topic by topic.

    `given_up` counts the papers that had their last attempt, by topic and night; the run history
    has them as excluded.
    """
    in_order = sorted(nights, key=lambda night: (night.topic, night.post_date))
    found = [*_host_alerts(host, thresholds), *_newest_id(in_order, thresholds)]
    if host.asks_models:
        found += _no_calls(in_order, usage, thresholds)
    latest = max((night.post_date for night in nights), default=date.min)
    for topic, group in groupby(in_order, key=lambda night: night.topic):
        newest_first = tuple(reversed(tuple(group)))
        if (latest - newest_first[0].post_date).days >= thresholds.days_without_run:
            continue  # It is not followed any more, and nobody can do anything about its nights.
        for rule in _TOPIC_RULES:
            alert = rule(topic, newest_first, thresholds)
            found += [alert] if alert else []
        window = newest_first[: thresholds.window_nights]
        lost = sum(given_up.get((topic, night.post_date), 0) for night in window)
        found += _publish_rate(topic, window, lost, thresholds)
    return tuple(found)


def _wanted(night: TopicRun) -> int:
    """Return how many papers were to be published."""
    return night.published + night.failed


def _fresh(newest_first: Sequence[TopicRun]) -> list[int]:
    """Count the papers of each night that had not failed on an earlier one."""
    before = [night.failed for night in newest_first[1:]] + [0]
    return [
        night.published + max(0, night.failed - waiting)
        for night, waiting in zip(newest_first, before, strict=True)
    ]


def _new(night: TopicRun) -> int:
    """Count the papers that no earlier night had dealt with."""
    return night.found - night.repeated


def _host_alerts(host: HostState, thresholds: AlertSettings) -> Iterator[Alert]:
    if host.database_problem:
        yield Alert(
            "database",
            None,
            f"the database is damaged: {host.database_problem}",
            None,
            "`chatpaper doctor` names the newest sound backup, "
            "and `chatpaper doctor --fix` restores it",
        )
    for folder, free in host.free_bytes:
        if free < thresholds.min_free_gigabytes * GIGABYTE:
            yield Alert(
                "disk",
                None,
                f"{free / GIGABYTE:.2f} GB are free on the disk of {folder}",
                None,
                "free space there, lower cache.max_gigabytes, or move the folder",
            )
    yield from _failed_run(host)
    if host.last_run is not None:
        idle = host.now - host.last_run
        if idle >= timedelta(days=thresholds.days_without_run):
            yield Alert(
                "no_run",
                None,
                f"no run has ended for {idle.days} days",
                host.last_run.date(),
                "see whether cron or the timer still starts chatpaper, and what its log says",
            )


def _failed_run(host: HostState) -> Iterator[Alert]:
    """Warn of a rejected key or setting, or a defect, which later runs would meet again."""
    fatal = _FATAL_EXITS.get(host.last_exit)
    if fatal and host.last_run is not None:
        says, todo = fatal
        yield Alert("failed_run", None, says, host.last_run.date(), todo)


def _no_publication(
    topic: str, newest_first: Sequence[TopicRun], thresholds: AlertSettings
) -> Alert | None:
    unpublished = takewhile(lambda night: not night.published, newest_first)
    silent = [
        night for night, fresh in zip(unpublished, _fresh(newest_first), strict=False) if fresh
    ]
    if len(silent) < thresholds.silent_nights:
        return None
    return Alert(
        "no_publication",
        topic,
        f"nothing was published on {len(silent)} nights on which papers were found",
        silent[-1].post_date,
        "`chatpaper status` names what waits and why; `chatpaper doctor` looks for the cause",
    )


def _nothing_found(
    topic: str, newest_first: Sequence[TopicRun], thresholds: AlertSettings
) -> Alert | None:
    """Warn of a topic for which arXiv had nothing, night after night, though it had other papers.

    A narrow topic is told of again only when that takes longer than it ever did.
    """
    answered = [night for night in newest_first if night.state == "done"]
    nights_by_find = [
        (is_empty, list(group)) for is_empty, group in groupby(answered, key=_found_nothing)
    ]
    if not nights_by_find or not nights_by_find[0][0]:
        return None
    empty = nights_by_find[0][1]
    earlier = [len(nights) for is_empty, nights in nights_by_find[1:] if is_empty]
    if len(empty) < max(thresholds.silent_nights, PAUSE_FACTOR * max(earlier, default=0)):
        return None
    return Alert(
        "no_publication",
        topic,
        f"nothing was found on {len(empty)} nights",
        empty[-1].post_date,
        f'`chatpaper topics show "{topic}"` shows what is searched for; '
        "`chatpaper topics add` writes other phrases",
    )


def _found_nothing(night: TopicRun) -> bool:
    return night.found == 0


def _all_excluded(
    topic: str, newest_first: Sequence[TopicRun], thresholds: AlertSettings
) -> Alert | None:
    barren = [
        night for night in takewhile(lambda night: not _wanted(night), newest_first) if _new(night)
    ]
    if (
        len(barren) < thresholds.silent_nights
        or max(_new(night) for night in barren) < MIN_EXCLUDED
    ):
        return None
    return Alert(
        "all_excluded",
        topic,
        f"every new paper was excluded on {len(barren)} nights",
        barren[-1].post_date,
        f'`chatpaper topics show "{topic}"` shows what the topic asks for; '
        "its phrases or none_of may be wrong",
    )


def _publish_rate(
    topic: str, window: Sequence[TopicRun], lost: int, thresholds: AlertSettings
) -> Iterator[Alert]:
    """Warn of a low share of published papers.

    What failed on an earlier night was tried again since, so only the newest night says what still
    waits. One or two nights make no rate: with a budget smaller than what the first night found,
    the rest is published on the next.
    """
    published, waiting = sum(night.published for night in window), window[0].failed
    total = published + waiting + lost
    if len(window) < thresholds.silent_nights or total < MIN_PAPERS_FOR_A_RATE:
        return
    if published < thresholds.min_publish_rate * total:
        yield Alert(
            "publish_rate",
            topic,
            f"{published} of {total} papers were published in the last {len(window)} nights; "
            f"{waiting} failed or wait, {lost} were given up",
            window[-1].post_date,
            "`chatpaper status` names what waits or was given up, and why; "
            "`chatpaper retry` queues it again",
        )


def _repeated_fault(
    topic: str, newest_first: Sequence[TopicRun], thresholds: AlertSettings
) -> Alert | None:
    state = newest_first[0].state
    if state is None or state not in _FAULTY_ENDS:
        return None
    alike = list(takewhile(lambda night: night.state == state, newest_first))
    if len(alike) < thresholds.faulty_nights:
        return None
    says, todo = _FAULTY_ENDS[state]
    return Alert(
        "unquiet", topic, f"{says}, {len(alike)} nights in a row", alike[-1].post_date, todo
    )


_TopicRule = Callable[[str, Sequence[TopicRun], AlertSettings], Alert | None]
_TOPIC_RULES: tuple[_TopicRule, ...] = (
    _no_publication,
    _nothing_found,
    _all_excluded,
    _repeated_fault,
)


def _newest_id(in_order: Sequence[TopicRun], thresholds: AlertSettings) -> Iterator[Alert]:
    """Warn if no topic has had a new paper for much longer than ever before."""
    newest = _newest_by_day(in_order)
    if not newest:
        return
    advanced = [newest[0][0]]
    highest = newest[0][1]
    for day, newest_id in newest:
        if _age(newest_id) > _age(highest):
            highest = newest_id
            advanced.append(day)
    pauses = [(later - earlier).days for earlier, later in pairwise(advanced)]
    pause = (newest[-1][0] - advanced[-1]).days
    if pause >= max(thresholds.newest_id_days, PAUSE_FACTOR * max(pauses, default=0)):
        yield Alert(
            "newest_id",
            None,
            f"no paper newer than {highest} was found for {pause} days",
            advanced[-1],
            "compare with arXiv's own search: `chatpaper topics show` gives the queries",
        )


def _newest_by_day(nights: Iterable[TopicRun]) -> list[tuple[date, str]]:
    """Return the newest id of each day in order, "" where none was seen, from the first id on."""
    by_day: dict[date, str] = {}
    for night in nights:
        by_day[night.post_date] = max(by_day.get(night.post_date, ""), night.newest_id, key=_age)
    days = sorted(by_day.items())
    first = next((index for index, (_, newest_id) in enumerate(days) if newest_id), len(days))
    return days[first:]


def _age(arxiv_id: str) -> tuple[int, str]:
    """Return a sort key that orders ids like 2611.00001 by time; other names come first."""
    is_id = arxiv_id[:4].isdigit() and arxiv_id[4:5] == "."
    return (len(arxiv_id), arxiv_id) if is_id else (0, "")


def _no_calls(
    in_order: Sequence[TopicRun], usage: Sequence[DayUsage], thresholds: AlertSettings
) -> Iterator[Alert]:
    calls = {day.day: day.usage.llm_calls for day in usage}
    wanted: dict[date, int] = {}
    for _, group in groupby(in_order, key=lambda night: night.topic):
        newest_first = tuple(reversed(tuple(group)))
        for night, fresh in zip(newest_first, _fresh(newest_first), strict=True):
            # Of what waits for a batch the answers are booked when it is collected.
            asked = 0 if night.awaits_batch else fresh
            wanted[night.post_date] = wanted.get(night.post_date, 0) + asked
    busy = sorted((day for day, papers in wanted.items() if papers), reverse=True)
    idle = list(takewhile(lambda day: not calls.get(day), busy))
    if len(idle) >= thresholds.idle_nights:
        yield Alert(
            "no_calls",
            None,
            f"no model was asked anything on {len(idle)} nights, "
            "though papers were to be summarized",
            idle[-1],
            "`chatpaper doctor` tries the key and the backend",
        )
