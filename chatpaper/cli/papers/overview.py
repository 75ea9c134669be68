"""The command that writes the overview of a topic's papers: overview."""

from dataclasses import dataclass
from datetime import date, timedelta

from chatpaper.app import container, publishing
from chatpaper.app.models.overview_writer import build_overview_writer
from chatpaper.app.settings import Settings
from chatpaper.app.sources import get_current_date
from chatpaper.cli.commands import hold_state
from chatpaper.cli.console import echo, echo_error, echo_json
from chatpaper.cli.papers.names import find_topic
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.domain.overviews.overview import OVERVIEW, Period
from chatpaper.fetch.topics.table import resolve_topic
from chatpaper.pipeline.overviews.publishing import (
    OverviewPublisher,
    OverviewRequest,
    PublishedOverview,
)
from chatpaper.storage.store import Store
from chatpaper.write.overview.overview_json import overview_to_json

# Without --since: a week, its last day included.
USUAL_DAYS = 7


@dataclass(frozen=True, slots=True)
class AskedOverview:
    """What a person asked for: a topic, some days (by default the last seven), and a format."""

    topic: str
    since: date | None = None
    until: date | None = None
    format: str = OVERVIEW


def write_topic_overview(
    settings: Settings, asked: AskedOverview, clock: Clock, *, as_json: bool
) -> ExitCode:
    """Write the overview of what was published of a topic: `chatpaper overview`."""
    if asked.format != OVERVIEW:
        raise ConfigError(
            f"An overview has one format, {OVERVIEW!r}: {asked.format!r} shows the papers of a "
            "day, and `chatpaper render` writes it."
        )
    period = choose_period(asked, get_current_date(settings, clock))
    with hold_state(settings, clock), Store(settings.state_dir) as store:
        name = find_topic(asked.topic, store.outcomes.topics())
        topic = resolve_topic(name, settings.user_topics)
        calls = container.start_single_calls(settings, store, clock)
        publisher = publishing.build_publisher(settings, store)
        published = OverviewPublisher(
            store,
            publisher.style,
            publisher.listing,
            build_overview_writer(settings, calls).write,
        ).publish(OverviewRequest(name, topic, period, settings.output_dir))
    _print_result(published, as_json=as_json)
    return ExitCode.DONE


def choose_period(asked: AskedOverview, today: date) -> Period:
    """Return the days that an overview covers. Raises ConfigError for days in the wrong order."""
    until = asked.until or today
    since = asked.since or until - timedelta(days=USUAL_DAYS - 1)
    if since > until:
        raise ConfigError(f"--since {since} is after --until {until}.")
    return Period(since, until)


def _print_result(published: PublishedOverview, *, as_json: bool) -> None:
    overview, post = published.overview, published.post
    if as_json:
        described = overview_to_json(overview, published.entries, published.digest)
        echo_json(described.to_json())
    elif post is not None:
        echo(str(post.path))
    if not published.entries:
        echo_error(
            f"No paper of {overview.topic} was published from {overview.period.since} "
            f"to {overview.period.until}: there is nothing to write."
        )
    if post is not None and post.warning:
        echo_error(post.warning)
    if overview.dropped:
        kept = sum(1 for _ in overview.sentences)
        echo_error(f"{len(overview.dropped)} sentences without support were dropped, {kept} stand.")
