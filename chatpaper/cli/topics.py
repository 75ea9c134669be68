"""The command that shows topics: topics."""

from chatpaper.app import sources
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error
from chatpaper.domain import Topic
from chatpaper.domain.errors import ExitCode, UpstreamError
from chatpaper.fetch.arxiv.query import build_search_query
from chatpaper.fetch.topics.table import list_builtin_topics


def list_topics(settings: Settings, *, count: bool) -> ExitCode:
    """List all topics with their queries: `chatpaper topics list`."""
    table = {topic.name: topic for topic in list_builtin_topics()} | settings.user_topics
    for topic in table.values():
        echo(
            f"{topic.name}\t{_query(settings, topic)}"
            + (f"\t{describe_count(settings, topic)}" if count else "")
        )
    return ExitCode.DONE


def show_topic(settings: Settings, name: str) -> ExitCode:
    """Show one topic, and how many papers it finds: `chatpaper topics show NAME`."""
    (topic,) = sources.resolve_topics(settings, (name,))
    own = name in settings.user_topics
    origin = (
        "of the settings"
        if own
        else "built in"
        if topic.builtin
        else "not in the table; searched for as a phrase"
    )
    echo(f"{topic.name} ({origin})")
    echo(f"query: {_query(settings, topic)}")
    for label, words in (
        ("phrases", topic.phrases),
        ("without", topic.none_of),
        ("categories", topic.categories),
    ):
        if words:
            echo(f"{label}: {', '.join(words)}")
    try:
        echo(describe_count(settings, topic))
    except UpstreamError as error:
        echo_error(f"{error}")
        return ExitCode.UPSTREAM
    return ExitCode.DONE


def _query(settings: Settings, topic: Topic) -> str:
    return build_search_query(topic, *sources.compute_search_bounds(settings))


def describe_count(settings: Settings, topic: Topic) -> str:
    """Describe how many papers a run of today would search for a topic. Raises UpstreamError."""
    since, until = sources.compute_search_bounds(settings)
    papers = ArxivClients(settings).api.count(topic, since, until)
    return f"{papers} papers submitted from {since:%Y-%m-%d} to {until:%Y-%m-%d}"
