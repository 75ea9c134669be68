"""The command that checks an installation, and repairs what can be repaired: doctor."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from chatpaper.app import publishing, sources
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.models.batches import check_batches
from chatpaper.app.models.summarizers import (
    check_service,
    collect_backend_settings,
    collect_fallback_settings,
    name_fallback,
)
from chatpaper.app.run_lock import hold_run_lock
from chatpaper.app.settings import Settings
from chatpaper.app.settings_groups import KEY_VARIABLES
from chatpaper.backends import ask_context_tokens
from chatpaper.backends.compatible.context_limits import HOW_TO_RAISE
from chatpaper.backends.compatible.presets import PRESETS
from chatpaper.cli.console import echo
from chatpaper.cli.topics.listing import describe_count
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import (
    ChatPaperError,
    ExitCode,
    StoreError,
    redact_credentials,
)
from chatpaper.domain.project import __version__
from chatpaper.operations import backups
from chatpaper.operations.delivery.directory import check_channels
from chatpaper.operations.integrity import find_damage, find_latest_nonempty, is_blank
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
from chatpaper.storage.upkeep.integrity import find_integrity_problem
from chatpaper.write.files import check_writable

# Somebody waits for the answer: a second attempt passes over a hiccup, and more of them would have
# a machine that does not reach arXiv wait for a minute.
MAX_ARXIV_ATTEMPTS = 2

LIBRARIES = ("arxiv", "pymupdf", "google-genai", "pydantic")

# Papers have about 1,000 tokens a page, the questions of a format about 4,000, and its answer has
# up to 8,500.
PAPER_TOKENS = 32_000


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found; what it warns of works nonetheless."""

    subject: str
    passed: bool
    message: str
    exit_code: ExitCode = ExitCode.USAGE
    warns: bool = False

    def __str__(self) -> str:
        outcome = "FAIL" if not self.passed else "WARN" if self.warns else "ok  "
        return f"{outcome} {self.subject}: {self.message}"


def run_checks(settings: Settings, *, fix: bool, clock: Clock = SYSTEM_CLOCK) -> ExitCode:
    """Check an installation, and repair it first with `fix`: `chatpaper doctor`.

    Returns 0 if all is well, or was repaired. Raises RunLockedError during a run.
    """
    exit_code = ExitCode.DONE
    for action in _repair(settings, clock.now()) if fix else ():
        echo(f"{'done' if action.done else 'LEFT'} {action.message}")
        exit_code = exit_code if action.done else ExitCode.NEEDS_PERSON
    results = list(_check_all(settings, clock.now()))
    for result in results:
        echo(str(result))
    return max((result.exit_code for result in results if not result.passed), default=exit_code)


def _repair(settings: Settings, now: datetime) -> Iterator[Action]:
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


def _check_all(settings: Settings, now: datetime) -> Iterator[CheckResult]:
    versions = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    yield CheckResult(
        "versions", True, f"chatpaper {__version__}, Python {sys.version.split()[0]}, {versions}"
    )
    for name, folder in settings.folders.items():
        yield _check(name, partial(_writable, folder))
    yield _check("database", partial(_database, settings))
    yield from _alerts(settings, now)
    yield _check("prompts", lambda: f"{len(publishing.load_prompts(settings).all_fields)} fields")
    yield _check("notify", lambda: check_urls(settings.notify.urls))
    yield _check("deliver", lambda: check_channels(settings))
    yield _key(settings)
    yield _check(
        "backend", lambda: check_service(settings.llm.backend, collect_backend_settings(settings))
    )
    if settings.llm.batch != "never":
        yield _check("batches", partial(check_batches, settings))
    yield from _context(settings)
    if fallback := collect_fallback_settings(settings):
        yield _check("fallback", partial(check_service, name_fallback(settings), fallback))
    yield _check("arxiv", partial(_arxiv, settings))


def _check(subject: str, check: Callable[[], str]) -> CheckResult:
    try:
        return CheckResult(subject, True, check())
    except ChatPaperError as error:
        return CheckResult(subject, False, str(error), error.exit_code)


def _writable(folder: Path) -> str:
    check_writable(folder)
    return f"{folder} can be written"


def _database(settings: Settings) -> str:
    """Describe the database.

    Raises StoreError, which says what to do, for a damaged or lost one.
    """
    path = settings.state_dir / FILE_NAME
    kept = settings.state_dir / backups.FOLDER_NAME
    if is_blank(path):
        newest = find_latest_nonempty(kept)
        if newest or has_posts(settings.output_dir, settings.post.layout):
            sources = f"{newest.path} and from the posts" if newest else "the posts"
            raise StoreError(
                f"{path} is empty or missing: the next run, or `chatpaper doctor --fix`, "
                f"restores it from {sources} in {settings.output_dir}."
            )
    problem = find_damage(path, thorough=True)
    if problem and find_integrity_problem(path):
        newest = backups.find_latest_valid(kept)
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
    count = len(backups.list_backups(kept))
    of_papers = "1 outcome" if outcomes == 1 else f"{outcomes} outcomes"
    return f"{path}, {of_papers}, {'1 backup' if count == 1 else f'{count} backups'}"


def _alerts(settings: Settings, now: datetime) -> Iterator[CheckResult]:
    """Report what needs a person; a damaged database has a check of its own."""
    try:
        with Store(settings.state_dir) as store:
            found = collect_health(settings, store, now).alerts
    except (StoreError, ValueError):
        return
    for alert in found:
        if alert.kind != "database":
            yield CheckResult("alert", False, str(alert), ExitCode.NEEDS_PERSON)


def _key(settings: Settings) -> CheckResult:
    variables = KEY_VARIABLES[settings.llm.backend]
    if not variables:
        return CheckResult("key", True, f"the backend {settings.llm.backend} needs none")
    if settings.api_key:
        return CheckResult("key", True, "a key is set")
    preset = PRESETS.get(settings.llm.backend)
    if preset and (settings.llm.base_url or not preset.needs_key):
        return CheckResult("key", True, "no key is set; your own server may not need one")
    return CheckResult("key", False, f"set {' or '.join(variables)}, or llm.api_key")


def _context(settings: Settings) -> Iterator[CheckResult]:
    """Check that papers fit the context of the server, if it says how large that is."""
    try:
        tokens = ask_context_tokens(settings.llm.backend, collect_backend_settings(settings))
    except ChatPaperError:
        return
    if tokens is None:
        return
    size, configured = f"the server takes {tokens} tokens at once", settings.llm.context_tokens
    if configured and configured > tokens:
        todo = f"llm.context_tokens is {configured}: set it to {tokens} or less, or {HOW_TO_RAISE}"
        yield CheckResult("context", False, f"{size}, and {todo}")
    elif tokens < PAPER_TOKENS:
        left_out = "parts of longer papers are left out, and posts say which"
        todo = (
            left_out
            if configured
            else f"{HOW_TO_RAISE}, or set llm.context_tokens to {tokens}: {left_out}"
        )
        yield CheckResult(
            "context",
            True,
            f"{size}, and a paper of twenty pages needs {PAPER_TOKENS}; {todo}",
            warns=True,
        )
    else:
        yield CheckResult("context", True, size)


def _arxiv(settings: Settings) -> str:
    attempts = min(settings.arxiv.max_attempts, MAX_ARXIV_ATTEMPTS)
    asked = settings.arxiv.model_copy(update={"max_attempts": attempts})
    settings = settings.model_copy(update={"arxiv": asked})
    (topic,) = sources.resolve_topics(settings, ("LLM",))
    return (
        f"{redact_credentials(settings.arxiv.api_url)} answers: {describe_count(settings, topic)}"
    )
