"""The command that shows the state of topics, papers and costs: status."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error, echo_json, show_table
from chatpaper.cli.languages.speech import translate
from chatpaper.cli.schemas.status_json import (
    AlertJson,
    BatchJson,
    DayUsageJson,
    StatusJson,
    TopicCountsJson,
    TopicRunJson,
    UnfinishedPaperJson,
)
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ExitCode
from chatpaper.operations.alerts import Alert
from chatpaper.operations.integrity import is_blank
from chatpaper.operations.monitoring import HealthReport, collect_health
from chatpaper.operations.rebuild import has_posts
from chatpaper.operations.recovery import refuse_damaged
from chatpaper.pipeline.failures.second_chances import list_exhausted
from chatpaper.pipeline.report.report_json import ModelUsageJson
from chatpaper.storage.batches import StoredBatch
from chatpaper.storage.database import FILE_NAME
from chatpaper.storage.papers.outcomes import Outcome, Status, StatusCount, describe_attempts
from chatpaper.storage.run_history import TopicRun
from chatpaper.storage.store import Store
from chatpaper.storage.usage import DayUsage, ModelUsage, describe_usage

# As many dates as fit a terminal; `--json` has all that alerts consider.
NIGHTS_SHOWN = 7
WAITING_SHOWN = 20
ENDED_BATCHES_SHOWN = 3

NIGHT_COLUMNS = ("date", "topic", "ended", "found", "published", "excluded", "failed")


@dataclass(frozen=True, slots=True)
class StatusReport:
    """All that the command shows."""

    health: HealthReport
    counts: tuple[StatusCount, ...]
    waiting: tuple[Outcome, ...]
    given_up: tuple[Outcome, ...]
    days: tuple[DayUsage, ...]
    models: tuple[ModelUsage, ...]
    now: datetime
    batches: tuple[StoredBatch, ...] = ()

    @property
    def topics(self) -> dict[str | None, dict[Status, int]]:
        """The number of papers with each status, by topic."""
        return {
            topic: {count.status: count.papers for count in group}
            for topic, group in groupby(self.counts, key=lambda count: count.topic)
        }


def show_status(settings: Settings, *, as_json: bool, clock: Clock = SYSTEM_CLOCK) -> ExitCode:
    """Show the state of all topics, papers and costs: `chatpaper status`.

    Returns 0, or 3 if something needs a person. Raises StoreError for a damaged database.
    """
    database = settings.state_dir / FILE_NAME
    refuse_damaged(database)
    lost = is_blank(database) and has_posts(settings.output_dir, settings.post.layout)
    with Store(settings.state_dir) as store:
        accounts = store.usage
        report = StatusReport(
            collect_health(settings, store, clock.now()),
            store.outcomes.counts(),
            store.outcomes.all_unfinished(),
            list_exhausted(store.outcomes),
            accounts.usage_by_day(),
            accounts.usage_by_model(),
            clock.now(),
            (*store.batches.open(), *store.batches.last_ended(ENDED_BATCHES_SHOWN)),
        )
    if lost:
        echo_error(
            f"The database {database} is empty or missing though there are posts in "
            f"{settings.output_dir}: the next run, or `chatpaper doctor --fix`, restores from them "
            "what was published."
        )
    if as_json:
        echo_json(status_to_json(report).to_json())
    else:
        _show(report)
    return ExitCode.NEEDS_PERSON if report.health.alerts else ExitCode.DONE


def status_to_json(report: StatusReport) -> StatusJson:
    """Describe the state of all topics, papers and costs."""
    return StatusJson(
        topics=tuple(
            TopicCountsJson(name=topic or "", **_complete_counts(statuses))
            for topic, statuses in report.topics.items()
        ),
        waiting=tuple(map(_unfinished_to_json, report.waiting)),
        given_up=tuple(map(_unfinished_to_json, report.given_up)),
        days=tuple(
            DayUsageJson(
                date=day.day,
                runs=day.runs,
                llm_calls=day.usage.llm_calls,
                input_tokens=day.usage.input_tokens,
                output_tokens=day.usage.output_tokens,
                cost_usd=day.usage.cost_usd,
                models=tuple(
                    ModelUsageJson.from_usage(used) for used in report.models if used.day == day.day
                ),
            )
            for day in report.days
        ),
        nights=tuple(map(_topic_run_to_json, report.health.nights)),
        alerts=tuple(map(_alert_to_json, report.health.alerts)),
        batches=tuple(_batch_to_json(batch, report.now) for batch in report.batches),
    )


def _batch_to_json(batch: StoredBatch, now: datetime) -> BatchJson:
    return BatchJson(
        name=batch.name,
        backend=batch.backend,
        model=batch.model,
        state=batch.state,
        reason=batch.reason,
        requests=batch.requests,
        answered=batch.answered,
        expected_usd=batch.expected_usd,
        created=batch.created,
        sent=batch.sent,
        ended=batch.ended,
        hours=round(_count_hours(batch, now), 2),
    )


def _count_hours(batch: StoredBatch, now: datetime) -> float:
    """Count the hours from the making of a batch to its end, or until now."""
    return max(0.0, ((batch.ended or now) - batch.created) / timedelta(hours=1))


def _topic_run_to_json(run: TopicRun) -> TopicRunJson:
    return TopicRunJson(
        date=run.post_date,
        topic=run.topic,
        state=run.state,
        found=run.found,
        published=run.published,
        excluded=run.excluded,
        failed=run.failed,
        repeated=run.repeated,
        source=run.source,
        newest_id=run.newest_id,
        explanation=run.explanation,
        awaits_batch=run.awaits_batch,
    )


def _alert_to_json(alert: Alert) -> AlertJson:
    return AlertJson(
        kind=alert.kind,
        topic=alert.topic or "",
        says=alert.says,
        since=alert.since,
        todo=alert.todo,
    )


def _unfinished_to_json(outcome: Outcome) -> UnfinishedPaperJson:
    return UnfinishedPaperJson(
        topic=outcome.topic or "",
        arxiv_id=outcome.arxiv_id,
        status=outcome.status,
        stage=outcome.stage,
        reason=outcome.reason,
        attempts=outcome.attempts,
        next_try=outcome.next_try,
    )


def _complete_counts(statuses: Mapping[Status, int]) -> dict[str, int]:
    return {
        "published": statuses.get("published", 0),
        "pending": statuses.get("queued", 0),
        "failed": statuses.get("failed", 0),
        "excluded": statuses.get("excluded", 0),
    }


def _show(report: StatusReport) -> None:
    for alert in report.health.alerts:
        echo(f"ALERT {alert}")
    if not report.topics:
        echo("There has been no run yet.")
    for topic, statuses in report.topics.items():
        echo(_describe_counts(topic or "single papers", _complete_counts(statuses)))
    show_table("Last nights", NIGHT_COLUMNS, tuple(_run_rows(report.health.nights)))
    for batch in report.batches:
        echo(_describe_batch(batch, report.now))
    _show_first(list(map(_describe_waiting, report.waiting)))
    _show_first(list(map(_describe_given_up, report.given_up)))
    for day in report.days[:NIGHTS_SHOWN]:
        usage = describe_usage(day.usage)
        echo(
            f"{day.day}: 1 run, {usage}"
            if day.runs == 1
            else f"{day.day}: {day.runs} runs, {usage}"
        )
        for used in report.models:
            if used.day == day.day:
                echo(f"  {used.model}: {describe_usage(used.usage)}")


def _describe_counts(topic: str, counts: Mapping[str, int]) -> str:
    return (
        f"{topic}: {counts['published']} published, {counts['pending']} pending, "
        f"{counts['failed']} failed, {counts['excluded']} excluded"
    )


def _show_first(lines: Sequence[str]) -> None:
    for line in lines[:WAITING_SHOWN]:
        echo(f"  {line}")
    if len(lines) > WAITING_SHOWN:
        echo(f"  and {len(lines) - WAITING_SHOWN} more: --json has them all")


def _run_rows(nights: Sequence[TopicRun]) -> Iterator[tuple[str, ...]]:
    dates = sorted({night.post_date for night in nights}, reverse=True)[:NIGHTS_SHOWN]
    for night in nights:
        if night.post_date in dates:
            excluded = (
                f"{night.excluded} ({night.repeated} repeated)"
                if night.repeated
                else str(night.excluded)
            )
            counts = (str(night.found), str(night.published), excluded, str(night.failed))
            yield (night.post_date.isoformat(), night.topic, _describe_end(night), *counts)


def _describe_end(night: TopicRun) -> str:
    ended = (night.state or "interrupted").replace("_", " ")
    if night.awaits_batch and night.state == "done":
        ended = "waiting for a batch"
    return f"{ended}: {night.explanation}" if night.explanation else ended


def _describe_batch(batch: StoredBatch, now: datetime) -> str:
    hours = f"{_count_hours(batch, now):.1f}"
    if batch.state == "waiting":
        return (
            f"batch {batch.name}: {batch.requests} requests wait for {hours} hours now; services "
            "promise an answer within 24"
        )
    if batch.state == "prepared":
        return f"batch {batch.name}: {batch.requests} requests; the next run sees if it was sent"
    end = f"batch {batch.name}: {batch.answered} of {batch.requests} answered after {hours} hours"
    return f"{end}; {batch.reason}" if batch.reason else end


def _describe_waiting(outcome: Outcome) -> str:
    until = f"; next try {outcome.next_try}" if outcome.next_try else ""
    attempts = f" after {describe_attempts(outcome.attempts)}" if outcome.attempts else ""
    about = outcome.topic or translate("single")
    reason = outcome.reason or "not begun"
    return f"{outcome.status}{attempts}: {outcome.arxiv_id} ({about}): {reason}{until}"


def _describe_given_up(outcome: Outcome) -> str:
    about = outcome.topic or translate("single")
    command = f"chatpaper retry {outcome.arxiv_id}"
    return f"{outcome.arxiv_id} ({about}): {outcome.reason}; `{command}` queues it again"
