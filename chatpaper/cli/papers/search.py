"""The command that searches published papers: search."""

from dataclasses import dataclass
from datetime import date

from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo_data, echo_error, echo_json
from chatpaper.cli.papers.names import find_topic
from chatpaper.cli.schemas.search_json import SearchHitJson
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.storage.search_index import SearchHit
from chatpaper.storage.store import Store


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Words to search for, in posts of one topic or of all, between two days or on any."""

    words: str
    topic: str | None = None
    since: date | None = None
    until: date | None = None


def search_papers(settings: Settings, request: SearchRequest, *, as_json: bool) -> ExitCode:
    """Print the published papers that have all words, the newest first: `chatpaper search`."""
    if request.since and request.until and request.since > request.until:
        raise ConfigError(f"--since {request.since} is after --until {request.until}.")
    with Store(settings.state_dir) as store:
        topics = (
            (find_topic(request.topic, store.outcomes.topics()),)
            if request.topic is not None
            else ()
        )
        hits = store.search_index.find(request.words, topics, request.since, request.until)
    if as_json:
        echo_json([_to_json(hit).to_json() for hit in hits])
        return ExitCode.DONE
    for hit in hits:
        echo_data(f"{hit.post_date}  {hit.topic or '-'}  {hit.arxiv_id}  {hit.title}")
        if hit.snippet:
            echo_data(f"    {' '.join(hit.snippet.split())}")
    if not hits:
        echo_error("No published paper has all these words: try fewer, or their beginnings.")
    return ExitCode.DONE


def _to_json(hit: SearchHit) -> SearchHitJson:
    return SearchHitJson(
        topic=hit.topic or "",
        arxiv_id=hit.arxiv_id,
        post_date=hit.post_date,
        title=hit.title,
        snippet=hit.snippet,
    )
