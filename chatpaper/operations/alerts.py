"""What needs a person: a pure function of what the nights brought, what they cost, and the state of
the machine.

Each rule looks at facts alone and says what happened, since when, and what to do about it.
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

# A rate of fewer papers than these is an accident.
MIN_PAPERS_FOR_A_RATE = 4
# One paper that is off topic comes back on every night of the search window; so many different ones
# do not.
MIN_EXCLUDED = 5
# The newest id of a narrow topic rests for as long as the topic does: it has to rest twice as long
# as ever before.
LONGER_THAN_EVER = 2

WHAT_TO_DO_ABOUT_ENDINGS: dict[TopicRunStatus, tuple[str, str]] = {
    "upstream_fault": (
        "arXiv did not answer",
        "look at `chatpaper doctor` and at arXiv's status page; a mirror can be set with arxiv.api_url",
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


_WHAT_TO_DO_ABOUT_EXITS = {
    ExitCode.USAGE: (
        "the last run was stopped by a key, a setting or a folder that could not be used, or was refused",
        "its log and report name it; `chatpaper doctor` tries them all",
    ),
    ExitCode.DEFECT: (
        "a defect of chatpaper cost the last run a paper or more",
        "please report what its log says; the papers are queued",
    ),
}


@dataclass(frozen=True, slots=True)
class HostState:
    """The state of what the nights run on.

    `last_run` is when the last one that ended began, and `last_exit` how it ended. `free_bytes`
    goes by the name of the setting of each folder; `database_problem` is empty where the database
    is sound; `asks_models` tells whether the backend of the settings makes model calls at all.
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

    `topic` is empty where it concerns all; `since` is its first day, if known.
    """

    kind: AlertKind
    topic: str
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
    machine: HostState,
    thresholds: AlertSettings,
    given_up: GivenUp = MappingProxyType({}),
) -> tuple[Alert, ...]:
    """All that needs a person, the machine first, then topic by topic.

    `given_up` counts the papers that had their last attempt, by topic and night; the ledger
    excludes them.
    """
    in_order = sorted(nights, key=lambda night: (night.topic, night.post_date))
    found = [*_of_the_machine(machine, thresholds), *_newest_id(in_order, thresholds)]
    if machine.asks_models:
        found += _no_calls(in_order, usage, thresholds)
    for topic, group in groupby(in_order, key=lambda night: night.topic):
        newest_first = tuple(reversed(tuple(group)))
        for rule in _TOPIC_RULES:
            alert = rule(topic, newest_first, thresholds)
            found += [alert] if alert else []
        window = newest_first[: thresholds.window_nights]
        lost = sum(given_up.get((topic, night.post_date), 0) for night in window)
        found += _publish_rate(topic, window, lost, thresholds)
    return tuple(found)


def _wanted(night: TopicRun) -> int:
    """The papers that were to be published."""
    return night.published + night.failed


def _fresh(newest_first: Sequence[TopicRun]) -> list[int]:
    """How many papers each night was to publish for the first time; the rest had failed before."""
    before = [night.failed for night in newest_first[1:]] + [0]
    return [
        night.published + max(0, night.failed - waiting)
        for night, waiting in zip(newest_first, before, strict=True)
    ]


def _new(night: TopicRun) -> int:
    """The papers that no earlier night had settled."""
    return night.found - night.repeated


def _of_the_machine(machine: HostState, thresholds: AlertSettings) -> Iterator[Alert]:
    if machine.database_problem:
        yield Alert(
            "database",
            "",
            f"the database is damaged: {machine.database_problem}",
            None,
            "`chatpaper doctor` names the newest sound backup, and `chatpaper doctor --fix` restores it",
        )
    for folder, free in machine.free_bytes:
        if free < thresholds.min_free_gigabytes * GIGABYTE:
            yield Alert(
                "disk",
                "",
                f"{free / GIGABYTE:.2f} GB are free on the disk of {folder}",
                None,
                "free space there, lower cache.max_gigabytes, or move the folder",
            )
    yield from _failed_run(machine)
    if machine.last_run is not None:
        idle = machine.now - machine.last_run
        if idle >= timedelta(days=thresholds.days_without_run):
            yield Alert(
                "no_run",
                "",
                f"no run has ended for {idle.days} days",
                machine.last_run.date(),
                "see whether cron or the timer still starts chatpaper, and what its log says",
            )


def _failed_run(machine: HostState) -> Iterator[Alert]:
    """Neither a rejected key or setting nor a defect of ours passes by itself."""
    told = _WHAT_TO_DO_ABOUT_EXITS.get(machine.last_exit)
    if told and machine.last_run is not None:
        says, todo = told
        yield Alert("failed_run", "", says, machine.last_run.date(), todo)


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
        f'`chatpaper topics show "{topic}"` shows what the topic asks for; its phrases or none_of may be wrong',
    )


def _publish_rate(
    topic: str, window: Sequence[TopicRun], lost: int, thresholds: AlertSettings
) -> Iterator[Alert]:
    """What failed on an earlier night was tried again since: what waits in the end is what the
    newest night tells.

    One or two nights make no rate: a budget that is smaller than the first night's find does its
    work on the next.
    """
    published, waiting = sum(night.published for night in window), window[0].failed
    total = published + waiting + lost
    if len(window) < thresholds.silent_nights or total < MIN_PAPERS_FOR_A_RATE:
        return
    if published < thresholds.min_publish_rate * total:
        yield Alert(
            "publish_rate",
            topic,
            f"{published} of {total} papers were published in the last {len(window)} nights; {waiting} failed or wait, "
            f"{lost} were given up",
            window[-1].post_date,
            "`chatpaper status` names what waits or was given up, and why; `chatpaper retry` takes it up again",
        )


def _unquiet(
    topic: str, newest_first: Sequence[TopicRun], thresholds: AlertSettings
) -> Alert | None:
    ending = newest_first[0].state
    if ending is None or ending not in WHAT_TO_DO_ABOUT_ENDINGS:
        return None
    alike = list(takewhile(lambda night: night.state == ending, newest_first))
    if len(alike) < thresholds.faulty_nights:
        return None
    says, todo = WHAT_TO_DO_ABOUT_ENDINGS[ending]
    return Alert(
        "unquiet", topic, f"{says}, {len(alike)} nights in a row", alike[-1].post_date, todo
    )


_TopicRule = Callable[[str, Sequence[TopicRun], AlertSettings], Alert | None]
_TOPIC_RULES: tuple[_TopicRule, ...] = (_no_publication, _all_excluded, _unquiet)


def _newest_id(in_order: Sequence[TopicRun], thresholds: AlertSettings) -> Iterator[Alert]:
    """New papers stay away from all topics together for longer than ever before."""
    newest = _newest_by_day(in_order)
    if not newest:
        return
    advanced = [newest[0][0]]
    highest = newest[0][1]
    for day, newest_id in newest:
        if _age(newest_id) > _age(highest):
            highest = newest_id
            advanced.append(day)
    rests = [(later - earlier).days for earlier, later in pairwise(advanced)]
    resting = (newest[-1][0] - advanced[-1]).days
    if resting >= max(thresholds.newest_id_days, LONGER_THAN_EVER * max(rests, default=0)):
        yield Alert(
            "newest_id",
            "",
            f"no paper newer than {highest} was found for {resting} days",
            advanced[-1],
            "compare with arXiv's own search: `chatpaper topics show` gives the queries",
        )


def _newest_by_day(nights: Iterable[TopicRun]) -> list[tuple[date, str]]:
    """The newest id of each day; a day on which nothing was seen has the id ''."""
    by_day: dict[date, str] = {}
    for night in nights:
        by_day[night.post_date] = max(by_day.get(night.post_date, ""), night.newest_id, key=_age)
    days = sorted(by_day.items())
    first = next((index for index, (_, newest_id) in enumerate(days) if newest_id), len(days))
    return days[first:]


def _age(arxiv_id: str) -> tuple[int, str]:
    """Orders ids by time: those of today (2611.00001) among themselves; names that are no such id
    come before all.
    """
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
            wanted[night.post_date] = wanted.get(night.post_date, 0) + fresh
    busy = sorted((day for day, papers in wanted.items() if papers), reverse=True)
    idle = list(takewhile(lambda day: not calls.get(day), busy))
    if len(idle) >= thresholds.idle_nights:
        yield Alert(
            "no_calls",
            "",
            f"no model was asked anything on {len(idle)} nights, though papers were to be summarized",
            idle[-1],
            "`chatpaper doctor` tries the key and the backend",
        )
