"""The commands by which a reader says what papers are to be found: like, hide, read."""

from collections.abc import Sequence

from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error
from chatpaper.cli.papers.names import get_key
from chatpaper.domain import ArxivId
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ConfigError, ExitCode
from chatpaper.pipeline.selection import candidate_from_json
from chatpaper.storage.papers.marks import Mark, MarkKind
from chatpaper.storage.store import Store


def mark_papers(
    settings: Settings,
    kind: MarkKind,
    ids: Sequence[str],
    *,
    undo: bool,
    clock: Clock = SYSTEM_CLOCK,
) -> ExitCode:
    """Mark papers, or take their marks away; without ids, list those that have the mark.

    Raises ConfigError for a paper that is neither of arXiv nor known.
    """
    name = settings.profile.name
    with Store(settings.state_dir) as store:
        if not ids:
            return _list_marked(store, Mark(name, "", kind))
        marks = [Mark(name, key, kind) for key in dict.fromkeys(map(get_key, ids))]
        for mark in marks:
            _refuse_unknown(mark.arxiv_id, store)
        if undo:
            removed = store.marks.remove(marks)
            if removed < len(marks):
                echo_error(f"{len(marks) - removed} of the papers had no such mark.")
        else:
            store.marks.set(marks, clock.now())
        for mark in marks:
            echo(_describe(mark.arxiv_id, store))
    return ExitCode.DONE


def _list_marked(store: Store, wanted: Mark) -> ExitCode:
    kind = wanted.kind
    found = [mark for mark in store.marks.of_profile(wanted.profile) if mark.kind == kind]
    for mark in found:
        echo(_describe(mark.arxiv_id, store))
    if not found:
        echo_error(f"No paper has this mark yet: `chatpaper {kind} 2407.18125` sets it.")
    return ExitCode.DONE


def _refuse_unknown(key: str, store: Store) -> None:
    try:
        ArxivId.parse(key)
    except ValueError:
        if store.records.find(key) is None:
            raise ConfigError(
                f"{key!r} is no paper of arXiv, and not known here: give an arXiv id, or a name as "
                "`chatpaper search` shows it."
            ) from None


def _describe(key: str, store: Store) -> str:
    record = store.records.find(key)
    paper = candidate_from_json(record).paper if record else store.library.find(key)
    return f"{key}  {paper.title}" if paper else key
