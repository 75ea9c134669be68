"""The commands that show topics: topics list, topics show."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chatpaper.app import sources
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.settings import Settings
from chatpaper.cli.console import Display, echo, echo_data, echo_error, echo_json, show_table
from chatpaper.cli.languages.speech import translate
from chatpaper.cli.progress.bars import track
from chatpaper.cli.schemas.topics_json import ExclusionsJson, TopicJson, TopicOrigin, TopicsJson
from chatpaper.domain import Topic
from chatpaper.domain.errors import ExitCode, UpstreamError
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.arxiv.query import build_search_query
from chatpaper.fetch.topics.table import list_aliases, list_builtin_topics, resolve_topic

# What a line of a table has room for; `topics show` has all of them.
SHOWN_PHRASES = 3
ORIGINS: dict[TopicOrigin, str] = {
    "builtin": "built in",
    "settings": "of the settings",
    "phrase": "not in the table; searched for as a phrase",
}


@dataclass(frozen=True, slots=True)
class TopicListing:
    """A topic with where it comes from, and how many papers it finds, if arXiv was asked."""

    topic: Topic
    origin: TopicOrigin
    papers: int | None = None

    def __str__(self) -> str:
        return self.topic.name


def list_topics(settings: Settings, display: Display, *, count: bool) -> ExitCode:
    """List all topics with their queries: `chatpaper topics list`."""
    names = dict.fromkeys([*(topic.name for topic in list_builtin_topics()), *settings.user_topics])
    topics = {topic.name: topic for topic in _resolve(settings, names)}
    listings = [TopicListing(topic, _find_origin(settings, topic)) for topic in topics.values()]
    if count:
        listings = _count_all(settings, listings, quiet=display.quiet)
    if display.as_json:
        _print_json(settings, listings)
    elif sys.stdout.isatty():
        _show(listings)
    else:
        for listing in listings:
            query = _query(settings, listing.topic)
            counted = "" if listing.papers is None else f"\t{_describe(settings, listing.papers)}"
            echo(f"{listing.topic.name}\t{query}{counted}")
    return ExitCode.DONE


def _count_all(
    settings: Settings, listings: Sequence[TopicListing], *, quiet: bool
) -> list[TopicListing]:
    """Ask arXiv about one topic after another, at one rate of requests for all of them."""
    api = ArxivClients(settings).api
    return [
        replace(listing, papers=count_papers(settings, listing.topic, api))
        for listing in track(listings, len(listings), quiet=quiet)
    ]


def show_topic(settings: Settings, name: str, display: Display) -> ExitCode:
    """Show one topic, and how many papers it finds: `chatpaper topics show NAME`."""
    (topic,) = sources.resolve_topics(settings, (name,))
    for note in sources.list_topic_notes(topic, settings, sources.ARXIV):
        echo_error(note)
    listing = TopicListing(topic, _find_origin(settings, topic))
    if not display.as_json:
        _print_details(settings, listing)
    try:
        papers = count_papers(settings, topic, ArxivClients(settings).api)
    except UpstreamError as error:
        if display.as_json:
            _print_json(settings, [listing])
        echo_error(f"{error}")
        return ExitCode.UPSTREAM
    if display.as_json:
        _print_json(settings, [TopicListing(topic, listing.origin, papers)])
    else:
        echo(_describe(settings, papers))
    return ExitCode.DONE


def count_papers(settings: Settings, topic: Topic, api: ArxivApi) -> int:
    """Count the papers that a run of today would search for a topic. Raises UpstreamError."""
    return api.count(topic, *sources.compute_search_bounds(settings))


def describe_count(settings: Settings, topic: Topic) -> str:
    """Describe how many papers a run of today would search for a topic. Raises UpstreamError."""
    return _describe(settings, count_papers(settings, topic, ArxivClients(settings).api))


def _describe(settings: Settings, papers: int) -> str:
    since, until = sources.compute_search_bounds(settings)
    return f"papers submitted from {since:%Y-%m-%d} to {until:%Y-%m-%d}: {papers}"


def _resolve(settings: Settings, names: Iterable[str]) -> list[Topic]:
    topics = [resolve_topic(name, settings.user_topics) for name in names]
    everywhere = settings.excluded_everywhere
    return [replace(topic, exclude=topic.exclude.join(everywhere)) for topic in topics]


def _find_origin(settings: Settings, topic: Topic) -> TopicOrigin:
    if topic.name in settings.user_topics:
        return "settings"
    return "builtin" if topic.builtin else "phrase"


def _query(settings: Settings, topic: Topic) -> str:
    return build_search_query(topic, *sources.compute_search_bounds(settings))


def _show(listings: Iterable[TopicListing]) -> None:
    """Draw the topics as a table with what a person looks for: names, words, number of papers."""
    rows = [
        [
            listing.topic.name,
            ", ".join(list_aliases(listing.topic.name)) or ORIGINS[listing.origin],
            _abbreviate(listing.topic),
            *([] if listing.papers is None else [str(listing.papers)]),
        ]
        for listing in listings
    ]
    columns = [
        translate("topic"),
        translate("other names"),
        translate("searches for"),
        translate("papers"),
    ]
    show_table("Topics", columns[: len(rows[0])], rows)


def _abbreviate(topic: Topic) -> str:
    shown = ", ".join(topic.phrases[:SHOWN_PHRASES]) or topic.query
    left = len(topic.phrases) - SHOWN_PHRASES
    return f"{shown} and {left} more" if left > 0 else shown


def _print_details(settings: Settings, listing: TopicListing) -> None:
    topic = listing.topic
    echo_data(f"{topic.name} ({translate(ORIGINS[listing.origin])})")
    for label, words in (
        (translate("query"), (_query(settings, topic),)),
        (translate("other names"), list_aliases(topic.name)),
        (translate("phrases"), topic.phrases),
        *((translate("and one of"), group) for group in topic.all_of),
        (translate("without"), topic.none_of),
        (translate("categories"), topic.categories),
        (translate("excluded words"), topic.exclude.words),
        (translate("excluded authors"), topic.exclude.authors),
        (translate("excluded categories"), topic.exclude.categories),
    ):
        if words:
            echo_data(f"{label}: {', '.join(words)}")


def _print_json(settings: Settings, listings: Iterable[TopicListing]) -> None:
    described = (_to_json(settings, listing) for listing in listings)
    echo_json(TopicsJson(topics=tuple(described)).to_json())


def _to_json(settings: Settings, listing: TopicListing) -> TopicJson:
    topic = listing.topic
    return TopicJson(
        name=topic.name,
        aliases=list_aliases(topic.name),
        origin=listing.origin,
        query=_query(settings, topic),
        phrases=topic.phrases,
        all_of=topic.all_of,
        none_of=topic.none_of,
        categories=topic.categories,
        fields=topic.fields,
        exclude=ExclusionsJson.from_value(topic.exclude),
        papers=listing.papers,
    )
