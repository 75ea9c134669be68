"""The command that writes the overview of a topic's papers: overview."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from chatpaper.app import container, publishing
from chatpaper.app.models.overview_writer import build_overview_writer
from chatpaper.app.settings import Settings
from chatpaper.app.sources import get_current_date, mark_reader, strip_reader
from chatpaper.cli.commands import hold_state
from chatpaper.cli.console import echo, echo_error, echo_json
from chatpaper.cli.notify.command import choose_channels, report_attempts
from chatpaper.cli.papers.names import find_topic
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.domain.overviews.overview import OVERVIEW, Period
from chatpaper.fetch.topics.table import resolve_topic
from chatpaper.operations.delivery.directory import KINDS, list_channels
from chatpaper.operations.delivery.overviews import OverviewDelivery, describe_overview
from chatpaper.operations.delivery.previews import write_previews
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
    """What a person asked for: a topic, some days (by default the last seven), and a format.

    Without a topic, each of the settings' topics is meant. `notify` sends the overview, `preview`
    is a folder for what would be sent.
    """

    topic: str | None
    since: date | None = None
    until: date | None = None
    format: str = OVERVIEW
    notify: bool = False
    preview: Path | None = None


def write_overviews(
    settings: Settings, asked: AskedOverview, clock: Clock, *, as_json: bool
) -> ExitCode:
    """Write the overviews of what was published of topics: `chatpaper overview`.

    Returns 4 where a service did not take a message.
    """
    if asked.format != OVERVIEW:
        raise ConfigError(
            f"An overview has one format, {OVERVIEW!r}: {asked.format!r} shows the papers of a "
            "day, and `chatpaper render` writes it."
        )
    if asked.notify and asked.preview is not None:
        raise ConfigError("--preview sends nothing: leave --notify or --preview out.")
    topics = choose_topics(settings, asked, as_json=as_json)
    period = choose_period(asked, get_current_date(settings, clock))
    exit_code = ExitCode.DONE
    with hold_state(settings, clock), Store(settings.state_dir) as store:
        # Before a model is asked: an overview that cannot be sent is paid for all the same.
        channels = list_channels(settings, clock, store.salt()) if asked.notify else ()
        delivery = OverviewDelivery(
            choose_channels(channels) if asked.notify else (),
            store.deliveries,
            clock,
            settings.profile.name,
        )
        known = store.outcomes.topics()
        names = [find_topic(f"{topic}{mark_reader(settings)}", known) for topic in topics]
        calls = container.start_single_calls(settings, store, clock)
        publisher = publishing.build_publisher(settings, store)
        overviews = OverviewPublisher(
            store,
            publisher.style,
            publisher.listing,
            build_overview_writer(settings, calls).write,
        )
        for name in names:
            topic = resolve_topic(strip_reader(name, settings), settings.user_topics)
            published = overviews.publish(OverviewRequest(name, topic, period, settings.output_dir))
            _print_result(published, as_json=as_json)
            if published.entries:
                place = _choose_folder(asked, published, several=len(names) > 1)
                sent = _send_messages(settings, published, delivery, place, as_json=as_json)
                exit_code = max(exit_code, sent)
    return exit_code


def choose_topics(settings: Settings, asked: AskedOverview, *, as_json: bool) -> tuple[str, ...]:
    """Return the topics to write about. Raises ConfigError if none is named or set."""
    if asked.topic is not None:
        return (asked.topic,)
    if not settings.run.topics:
        raise ConfigError("Name a topic with --topic, or set run.topics.")
    if as_json and len(settings.run.topics) > 1:
        raise ConfigError("--json shows one overview: name a topic with --topic.")
    return settings.run.topics


def _choose_folder(
    asked: AskedOverview, published: PublishedOverview, *, several: bool
) -> Path | None:
    """Return the folder for what would be sent, one of its own for each of several topics."""
    if asked.preview is None or not several or published.post is None:
        return asked.preview
    return asked.preview / published.post.path.stem


def _send_messages(
    settings: Settings,
    published: PublishedOverview,
    delivery: OverviewDelivery,
    preview: Path | None,
    *,
    as_json: bool,
) -> ExitCode:
    """Send an overview, or write what would be sent; report to stderr where stdout has JSON."""
    digest = describe_overview(settings, published)
    say = echo_error if as_json else echo
    if preview is not None:
        for path in write_previews(settings, KINDS, digest, preview, delivery.clock):
            say(str(path))
    return report_attempts(delivery.deliver(published.overview, digest), to_stderr=as_json)


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
