"""The command that adds a topic to the settings: topics add."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chatpaper.app import container, publishing
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.models.limits import limit_backend
from chatpaper.app.models.summarizers import require_backend
from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error
from chatpaper.cli.languages.speech import translate
from chatpaper.cli.topics.settings_file import append_table, format_topic, locate_settings_file
from chatpaper.domain import Paper, Topic
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import (
    BackendError,
    BudgetReachedError,
    ConfigError,
    ExitCode,
)
from chatpaper.domain.text.folding import collapse_spaces
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.topics.findable import is_findable_text
from chatpaper.fetch.topics.near_names import find_near_names, suggest_near_names
from chatpaper.fetch.topics.table import fold_topic_name, resolve_topic
from chatpaper.storage.store import Store
from chatpaper.summarize.topic_phrases import (
    TopicProposal,
    ask_for_phrases,
    clean_phrases,
    find_glossary_phrases,
)

# Long enough to tell a rare phrase from one that nobody writes.
PREVIEW_DAYS = 365
SHOWN_TITLES = 3


@dataclass(frozen=True, slots=True)
class PhrasePreview:
    """A phrase with the number of papers that have it, and the newest of them."""

    phrase: str
    papers: int
    newest: tuple[Paper, ...]


def add_topic(
    settings: Settings,
    name: str,
    phrases: Sequence[str],
    *,
    is_agreed: bool,
    clock: Clock = SYSTEM_CLOCK,
) -> ExitCode:
    """Propose phrases for a topic, show what they find, and write it: `chatpaper topics add NAME`.

    Nothing is written unless a person agrees, at the terminal or by `--yes`. Raises ConfigError
    for a topic that is there already, and where no phrase is known or none finds anything;
    UpstreamError where arXiv does not answer.
    """
    name = collapse_spaces(name)
    _refuse_known(settings, name, is_changed=bool(phrases))
    proposal = _propose(settings, name, phrases)
    previews = _preview(settings, proposal, clock)
    if proposal.categories and not any(preview.papers for preview in previews):
        echo_error(f"Nothing is found in {', '.join(proposal.categories)}: all are searched.")
        proposal = replace(proposal, categories=())
        previews = _preview(settings, proposal, clock)
    for preview in previews:
        for line in _describe(preview):
            echo(line)
    kept = tuple(preview.phrase for preview in previews if preview.papers)
    if not kept:
        raise ConfigError(
            f"None of these phrases finds a paper of the last {PREVIEW_DAYS} days: give others "
            f'by `chatpaper topics add "{name}" --phrase …`.'
        )
    table = format_topic(name, kept, proposal.categories)
    path = locate_settings_file(settings)
    echo(f"\n{table}")
    if not is_agreed and not _agree(f"Write this to {path}?"):
        echo_error("Nothing was written: --yes writes it without asking.")
        return ExitCode.DONE
    append_table(path, table)
    echo(f'Written to {path}. `chatpaper run --topic "{name}"` follows the topic.')
    return ExitCode.DONE


def _refuse_known(settings: Settings, name: str, *, is_changed: bool) -> None:
    """Raise ConfigError for a topic of the settings, or of the table unless it is to be changed."""
    wanted = fold_topic_name(name)
    for own in settings.user_topics:
        if fold_topic_name(own) == wanted:
            raise ConfigError(
                f'There is a topic {own!r} already: change [topics."{own}"] in '
                f"{locate_settings_file(settings)}."
            )
    known = resolve_topic(name)
    if known.builtin and not is_changed:
        raise ConfigError(
            f'{name!r} is in the table, as {known.name!r}: `chatpaper run --topic "{name}"` '
            "follows it. --phrase gives it other phrases."
        )


def _propose(settings: Settings, name: str, phrases: Sequence[str]) -> TopicProposal:
    """Return the phrases that a person gave, or those of the glossary and of the model."""
    if phrases:
        return _read_phrases(phrases)
    own = clean_phrases([name]) if is_findable_text(name) else ()
    known = find_glossary_phrases(name, publishing.load_prompts(settings).glossary.values())
    asked = _ask_model(settings, name)
    phrases = clean_phrases([*own, *known.of_the_name, *asked.phrases])
    if not phrases and known.of_parts:
        echo_error(f"Only a part of {name!r} is known: the phrases are more general than the name.")
        phrases = known.of_parts
    proposal = replace(asked, phrases=tuple(phrases))
    if not proposal.phrases:
        near = suggest_near_names(find_near_names(name, settings.user_topics))
        raise ConfigError(
            f"No English phrase is known for {name!r}.{near} Give some by "
            f'`chatpaper topics add "{name}" --phrase "…"`, or set a key, so that the model '
            "proposes them."
        )
    return proposal


def _read_phrases(phrases: Sequence[str]) -> TopicProposal:
    cleaned = clean_phrases(phrases)
    unusable = [phrase for phrase in phrases if not clean_phrases([phrase])]
    if unusable:
        raise ConfigError(
            f"{', '.join(unusable)} cannot be searched for: a phrase has a few English words."
        )
    return TopicProposal(cleaned)


def _ask_model(settings: Settings, name: str) -> TopicProposal:
    """Ask the configured model; report where there is none, or it does not answer."""
    try:
        backend = require_backend(settings)
        with Store(settings.state_dir) as store:
            calls = container.start_single_calls(settings, store)
            return ask_for_phrases(name, limit_backend(backend, settings, calls))
    except (ConfigError, BackendError, BudgetReachedError) as error:
        echo_error(f"No model proposes phrases: {error}")
        return TopicProposal()


def _preview(settings: Settings, proposal: TopicProposal, clock: Clock) -> list[PhrasePreview]:
    """Ask arXiv what each phrase finds. Raises UpstreamError."""
    api = ArxivClients(settings, clock).api
    now = clock.now()
    return [
        _preview_phrase(api, Topic("", (phrase,), categories=proposal.categories), now)
        for phrase in proposal.phrases
    ]


def _preview_phrase(api: ArxivApi, topic: Topic, now: datetime) -> PhrasePreview:
    found = api.preview(topic, now - timedelta(days=PREVIEW_DAYS), now, SHOWN_TITLES)
    return PhrasePreview(topic.phrases[0], found.total, found.newest)


def _describe(preview: PhrasePreview) -> Iterator[str]:
    papers = "1 paper" if preview.papers == 1 else f"{preview.papers} papers"
    yield f"{preview.phrase}: {papers} in the last {PREVIEW_DAYS} days"
    for paper in preview.newest:
        submitted = f"{paper.published:%Y-%m-%d}  " if paper.published else ""
        yield f"  {submitted}{paper.title}"


def _agree(question: str) -> bool:
    """Ask for confirmation at the terminal; without one, the answer is no."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    import typer

    return typer.confirm(translate(question))
