"""The command that looks up topics."""

from chatpaper.app import sources
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.settings import Settings
from chatpaper.cli.console import complain, say
from chatpaper.domain import Topic
from chatpaper.domain.errors import ExitCode, UpstreamError
from chatpaper.fetch.arxiv.query import build_search_query
from chatpaper.fetch.topics.relevance import list_builtin_topics


def list_topics(settings: Settings, *, count: bool) -> ExitCode:
    """`chatpaper topics list`."""
    table = {topic.name: topic for topic in list_builtin_topics()} | settings.user_topics
    for topic in table.values():
        say(
            f"{topic.name}\t{_query(settings, topic)}"
            + (f"\t{counted(settings, topic)}" if count else "")
        )
    return ExitCode.DONE


def show_topic(settings: Settings, name: str) -> ExitCode:
    """`chatpaper topics show NAME`."""
    (topic,) = sources.resolve_topics(settings, (name,))
    own = name in settings.user_topics
    origin = (
        "of the settings"
        if own
        else "built in"
        if topic.builtin
        else "not in the table: searched for as a phrase"
    )
    say(f"{topic.name} ({origin})")
    say(f"query: {_query(settings, topic)}")
    for label, words in (
        ("phrases", topic.phrases),
        ("without", topic.none_of),
        ("categories", topic.categories),
    ):
        if words:
            say(f"{label}: {', '.join(words)}")
    try:
        say(counted(settings, topic))
    except UpstreamError as error:
        complain(f"chatpaper: {error}")
        return ExitCode.UPSTREAM
    return ExitCode.DONE


def _query(settings: Settings, topic: Topic) -> str:
    return build_search_query(topic, *sources.default_search_bounds(settings))


def counted(settings: Settings, topic: Topic) -> str:
    """How many papers arXiv has on a topic in the window of tonight's run. Raises UpstreamError."""
    since, until = sources.default_search_bounds(settings)
    papers = ArxivClients(settings).api.count(topic, since, until)
    return f"{papers} papers submitted from {since:%Y-%m-%d} to {until:%Y-%m-%d}"
