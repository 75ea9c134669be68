"""The command that examines an installation, and mends what can be mended."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from chatpaper.app import publishing, sources
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.run_lock import hold_run_lock
from chatpaper.app.settings import Settings
from chatpaper.app.settings_groups import KEY_VARIABLES
from chatpaper.app.summarizers import (
    backend_settings,
    check_service,
    fallback_name,
    fallback_settings,
)
from chatpaper.backends import served_context_tokens
from chatpaper.backends.compatible.context_limits import HOW_TO_RAISE
from chatpaper.backends.compatible.presets import PRESETS
from chatpaper.cli.console import say
from chatpaper.cli.topics import counted
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import (
    ChatPaperError,
    ExitCode,
    StoreError,
    redact_credentials,
)
from chatpaper.domain.project import __version__
from chatpaper.operations import backups
from chatpaper.operations.integrity import find_damage, is_blank, latest_nonempty
from chatpaper.operations.maintenance import Action, Maintenance
from chatpaper.operations.message_delivery import check_urls
from chatpaper.operations.monitoring import collect_health
from chatpaper.operations.rebuild import has_posts
from chatpaper.operations.repair import (
    finish_killed_run,
    protect_secrets,
    repair_database,
    repair_folders,
)
from chatpaper.storage.database import FILE_NAME
from chatpaper.storage.store import Store
from chatpaper.write.files import check_writable

LIBRARIES = ("arxiv", "pymupdf", "google-genai", "pydantic")

# Papers have about 1,000 tokens a page, the questions of a format about 4,000, and its answer has
# up to 8,500.
PAPER_TOKENS = 32_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What one examination showed; what it warns of works all the same."""

    subject: str
    fine: bool
    says: str
    exit_code: ExitCode = ExitCode.USAGE
    warns: bool = False

    def __str__(self) -> str:
        return f"{'FAIL' if not self.fine else 'WARN' if self.warns else 'ok  '} {self.subject}: {self.says}"


def examine(settings: Settings, *, fix: bool, clock: Clock = SYSTEM_CLOCK) -> ExitCode:
    """`chatpaper doctor`: 0 when all is well, be it because it was mended.

    Raises RunLockedError beside a run.
    """
    ended = ExitCode.DONE
    for action in _mend(settings, clock.now()) if fix else ():
        say(f"{'done' if action.done else 'LEFT'} {action.message}")
        ended = ended if action.done else ExitCode.NEEDS_PERSON
    findings = list(_findings(settings, clock.now()))
    for finding in findings:
        say(str(finding))
    return max((finding.exit_code for finding in findings if not finding.fine), default=ended)


def _mend(settings: Settings, now: datetime) -> Iterator[Action]:
    yield from repair_folders(settings)
    yield from protect_secrets(settings)
    with hold_run_lock(settings):
        try:
            yield from repair_database(settings, now)
            with Store(settings.state_dir) as store:
                publisher = publishing.build_publisher(settings, store)
                yield from finish_killed_run(
                    Maintenance(settings, store, publisher, ArxivClients(settings).pdfs, now)
                )
        except ChatPaperError as error:
            yield Action(str(error), done=False)


def _findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    versions = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    yield Finding(
        "versions", True, f"chatpaper {__version__}, Python {sys.version.split()[0]}, {versions}"
    )
    for name, folder in (
        ("output_dir", settings.output_dir),
        ("state_dir", settings.state_dir),
        ("cache_dir", settings.cache_dir),
    ):
        yield _examined(name, partial(_writable, folder))
    yield _examined("database", partial(_database, settings))
    yield from _alerts(settings, now)
    yield _examined(
        "prompts", lambda: f"{len(publishing.load_prompts(settings).all_fields)} fields"
    )
    yield _examined("notify", lambda: check_urls(settings.notify.urls))
    yield _key(settings)
    yield _examined(
        "backend", lambda: check_service(settings.llm.backend, backend_settings(settings))
    )
    yield from _context(settings)
    if fallback := fallback_settings(settings):
        yield _examined("fallback", partial(check_service, fallback_name(settings), fallback))
    yield _examined("arxiv", partial(_arxiv, settings))


def _examined(subject: str, examination: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, examination())
    except ChatPaperError as error:
        return Finding(subject, False, str(error), error.exit_code)


def _writable(folder: Path) -> str:
    check_writable(folder)
    return f"{folder} can be written"


def _database(settings: Settings) -> str:
    """Raises StoreError, which names the backup to take, where the whole check fails."""
    path = settings.state_dir / FILE_NAME
    kept = settings.state_dir / backups.FOLDER_NAME
    if is_blank(path):
        newest = latest_nonempty(kept)
        if newest or has_posts(settings.output_dir):
            sources = f"{newest.path} and from the posts" if newest else "the posts"
            raise StoreError(
                f"{path} is empty or missing: the next run, or `chatpaper doctor --fix`, "
                f"restores it from {sources} in {settings.output_dir}."
            )
    problem = find_damage(path, thorough=True)
    if problem and backups.integrity_problem(path):
        newest = backups.latest_valid(kept)
        todo = (
            f"restores {newest.path}"
            if newest
            else "sets it aside and restores from the posts what was published"
        )
        raise StoreError(f"{path} is damaged: {problem}; `chatpaper doctor --fix` {todo}.")
    if problem:
        raise StoreError(
            f"{path} is damaged: {problem}; `chatpaper doctor --fix` removes what cannot be read."
        )
    with Store(settings.state_dir) as store:
        outcomes = sum(count.papers for count in store.outcomes.counts())
    return f"{path}, {outcomes} outcomes, {len(backups.list_backups(kept))} backups"


def _alerts(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What needs a person; a damaged database is told of by its own examination."""
    try:
        with Store(settings.state_dir) as store:
            found = collect_health(settings, store, now).alerts
    except (StoreError, ValueError):
        return
    for alert in found:
        if alert.kind != "database":
            yield Finding("alert", False, str(alert), ExitCode.NEEDS_PERSON)


def _key(settings: Settings) -> Finding:
    variables = KEY_VARIABLES[settings.llm.backend]
    if not variables:
        return Finding("key", True, f"the backend {settings.llm.backend} needs none")
    if settings.api_key:
        return Finding("key", True, "there is one")
    preset = PRESETS.get(settings.llm.backend)
    if preset and (settings.llm.base_url or not preset.needs_key):
        return Finding("key", True, "none; servers of one's own may not need one")
    return Finding("key", False, f"set {' or '.join(variables)}, or llm.api_key")


def _context(settings: Settings) -> Iterator[Finding]:
    """Whether papers fit the server, where it says how much it takes; what else is wrong with it is
    told before.
    """
    try:
        tokens = served_context_tokens(settings.llm.backend, backend_settings(settings))
    except ChatPaperError:
        return
    if tokens is None:
        return
    told, ours = f"the server takes {tokens} tokens at once", settings.llm.context_tokens
    if ours and ours > tokens:
        todo = f"llm.context_tokens is {ours}: set it to {tokens} or less, or {HOW_TO_RAISE}"
        yield Finding("context", False, f"{told}, and {todo}")
    elif tokens < PAPER_TOKENS:
        left_out = "of longer papers parts are left out, and posts say which"
        todo = (
            left_out
            if ours
            else f"{HOW_TO_RAISE}, or set llm.context_tokens to {tokens}: {left_out}"
        )
        yield Finding(
            "context",
            True,
            f"{told}, and a paper of twenty pages needs {PAPER_TOKENS}; {todo}",
            warns=True,
        )
    else:
        yield Finding("context", True, told)


def _arxiv(settings: Settings) -> str:
    (topic,) = sources.resolve_topics(settings, ("LLM",))
    return f"{redact_credentials(settings.arxiv.api_url)} answers: {counted(settings, topic)}"
