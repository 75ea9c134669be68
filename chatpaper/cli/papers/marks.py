"""The commands by which a reader says what papers are to be found: like, hide, read."""

from collections.abc import Sequence

from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_error
from chatpaper.cli.papers.names import find_key
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
            return _list_marked(store, name, kind)
        marked = {mark.arxiv_id for mark in _find_marked(store, name, kind)} if undo else set()

        def is_stored(key: str) -> bool:
            return key in marked or (store.records.find(key) is not None)

        keys = dict.fromkeys(find_key(store, each, is_stored) for each in ids)
        marks = [Mark(name, key, kind) for key in keys]
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


def _list_marked(store: Store, profile: str, kind: MarkKind) -> ExitCode:
    found = _find_marked(store, profile, kind)
    for mark in found:
        echo(_describe(mark.arxiv_id, store))
    if not found:
        echo_error(f"No paper has this mark yet: `chatpaper {kind} 2407.18125` sets it.")
    return ExitCode.DONE


def _find_marked(store: Store, profile: str, kind: MarkKind) -> list[Mark]:
    return [mark for mark in store.marks.of_profile(profile) if mark.kind == kind]


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
    if entries := store.entries.of_paper(key):
        # The record of a PDF is older than its reading, and has no title.
        return f"{key}  {entries[0].entry.paper.title}"
    record = store.records.find(key)
    paper = candidate_from_json(record).paper if record else store.library.find(key)
    return f"{key}  {paper.title}" if paper else key
