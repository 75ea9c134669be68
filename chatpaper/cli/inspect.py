"""The commands that look: topics, status, doctor."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

from chatpaper import __version__
from chatpaper.accounts import Accounts
from chatpaper.backends import check_backend
from chatpaper.cli import wiring
from chatpaper.cli.console import complain, say
from chatpaper.config import KEY_VARIABLES, Settings
from chatpaper.domain import Topic, Usage
from chatpaper.errors import ChatPaperError, ExitCode, UpstreamError
from chatpaper.fetch.query import search_query
from chatpaper.fetch.topics import builtin_topics
from chatpaper.store import Outcome, Status, Store
from chatpaper.write.files import check_writable, free_bytes

# A night of 50 papers with their PDFs and crops takes some 500 MB; below twice that the next nights fail.
LOW_DISK_BYTES = 1_000_000_000

LIBRARIES = ("arxiv", "pymupdf", "google-genai", "pydantic")


def list_topics(settings: Settings, *, count: bool) -> ExitCode:
    """`chatpaper topics list`."""
    table = {topic.name: topic for topic in builtin_topics()} | settings.user_topics
    for topic in table.values():
        say(f"{topic.name}\t{_query(settings, topic)}" + (f"\t{_counted(settings, topic)}" if count else ""))
    return ExitCode.DONE


def show_topic(settings: Settings, name: str) -> ExitCode:
    """`chatpaper topics show NAME`."""
    (topic,) = wiring.topics(settings, (name,))
    own = name in settings.user_topics
    origin = "of the settings" if own else "built in" if topic.builtin else "not in the table: searched for as a phrase"
    say(f"{topic.name} ({origin})")
    say(f"query: {_query(settings, topic)}")
    for label, words in (("phrases", topic.phrases), ("without", topic.none_of), ("categories", topic.categories)):
        if words:
            say(f"{label}: {', '.join(words)}")
    try:
        say(_counted(settings, topic))
    except UpstreamError as error:
        complain(f"chatpaper: {error}")
        return ExitCode.UPSTREAM
    return ExitCode.DONE


def _query(settings: Settings, topic: Topic) -> str:
    return search_query(topic, *wiring.default_window(settings))


def _counted(settings: Settings, topic: Topic) -> str:
    since, until = wiring.default_window(settings)
    papers = wiring.Arxiv(settings).api.count(topic, since, until)
    return f"{papers} papers submitted from {since:%Y-%m-%d} to {until:%Y-%m-%d}"


def show_status(settings: Settings, *, as_json: bool) -> ExitCode:
    """`chatpaper status`."""
    with Store(settings.state_dir) as store:
        accounts = Accounts(store)
        counts, waiting = store.counts(), store.all_unfinished()
        days, models = accounts.usage_by_day(), accounts.usage_by_model()
    topics = {
        topic: {count.status: count.papers for count in group}
        for topic, group in groupby(counts, key=lambda count: count.topic)
    }
    if as_json:
        record = {
            "topics": [{"name": topic, **_full(statuses)} for topic, statuses in topics.items()],
            "waiting": [_waiting(outcome) for outcome in waiting],
            "days": [
                {
                    "date": day.day.isoformat(),
                    "runs": day.runs,
                    **asdict(day.usage),
                    "models": [{"model": used.model, **asdict(used.usage)} for used in models if used.day == day.day],
                }
                for day in days
            ],
        }
        say(json.dumps(record, ensure_ascii=False, indent=1))
        return ExitCode.DONE
    if not topics:
        say("Nothing has been run yet.")
    for topic, statuses in topics.items():
        told = ", ".join(f"{papers} {status}" for status, papers in _full(statuses).items())
        say(f"{topic or 'single papers'}: {told}")
    for outcome in waiting:
        say(f"  {outcome.status}: {outcome.arxiv_id} ({outcome.topic or 'single'}): {outcome.reason or 'not begun'}")
    for day in days:
        say(f"{day.day}: {day.runs} runs, {_told(day.usage)}")
        for used in models:
            if used.day == day.day:
                say(f"  {used.model}: {_told(used.usage)}")
    return ExitCode.DONE


def _told(usage: Usage) -> str:
    money = "price not known" if usage.cost_usd is None else f"{usage.cost_usd:.4f} USD"
    return f"{usage.llm_calls} model calls, {usage.input_tokens} + {usage.output_tokens} tokens, {money}"


def _full(statuses: Mapping[Status, int]) -> dict[str, int]:
    return {
        "published": statuses.get("published", 0),
        "pending": statuses.get("queued", 0),
        "failed": statuses.get("failed", 0),
        "excluded": statuses.get("excluded", 0),
    }


def _waiting(outcome: Outcome) -> dict[str, object]:
    return {
        "topic": outcome.topic,
        "arxiv_id": outcome.arxiv_id,
        "status": outcome.status,
        "stage": outcome.stage,
        "reason": outcome.reason,
        "attempts": outcome.attempts,
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """What one examination showed."""

    subject: str
    fine: bool
    says: str
    exit_code: ExitCode = ExitCode.USAGE


def examine(settings: Settings) -> ExitCode:
    """`chatpaper doctor`."""
    findings = list(_findings(settings))
    for finding in findings:
        say(f"{'ok  ' if finding.fine else 'FAIL'} {finding.subject}: {finding.says}")
    return max((finding.exit_code for finding in findings if not finding.fine), default=ExitCode.DONE)


def _findings(settings: Settings) -> Iterator[Finding]:
    versions = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    yield Finding("versions", True, f"chatpaper {__version__}, Python {sys.version.split()[0]}, {versions}")
    for name, folder in (
        ("output_dir", settings.output_dir),
        ("state_dir", settings.state_dir),
        ("cache_dir", settings.cache_dir),
    ):
        yield _examined(name, partial(_writable, folder))
    free = free_bytes(settings.cache_dir)
    yield Finding("disk", free >= LOW_DISK_BYTES, f"{free / 1e9:.1f} GB free")
    yield _examined("database", lambda: _database(settings))
    yield _examined("prompts", lambda: f"{len(wiring.prompts(settings).all_fields)} fields")
    yield _key(settings)
    yield _examined("backend", lambda: check_backend(settings.llm.backend, wiring.backend_settings(settings)))
    yield _examined("arxiv", lambda: _arxiv(settings))


def _examined(subject: str, examination: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, examination())
    except ChatPaperError as error:
        return Finding(subject, False, str(error), error.exit_code)


def _writable(folder: Path) -> str:
    check_writable(folder)
    return f"{folder} can be written"


def _database(settings: Settings) -> str:
    with Store(settings.state_dir) as store:
        return f"{store.path}, {sum(count.papers for count in store.counts())} outcomes"


def _key(settings: Settings) -> Finding:
    variables = KEY_VARIABLES[settings.llm.backend]
    if not variables:
        return Finding("key", True, f"the backend {settings.llm.backend} needs none")
    if settings.api_key:
        return Finding("key", True, "there is one")
    if settings.llm.base_url and settings.llm.backend == "openai":
        return Finding("key", True, "none; servers of one's own may not need one")
    return Finding("key", False, f"set {' or '.join(variables)}, or llm.api_key")


def _arxiv(settings: Settings) -> str:
    (topic,) = wiring.topics(settings, ("LLM",))
    return f"{settings.arxiv.api_url} answers: {_counted(settings, topic)}"
