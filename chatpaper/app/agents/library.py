"""What the tools of agents work on, and how they find a paper and its text in it.

Agents name papers by arXiv id or by the name of a stored paper, and by nothing else: a path or an
address that a paper slipped to an agent would make this machine read its files, or fetch from
whatever server.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chatpaper.app import container
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.paper_lookup import load_document, load_stored_document, resolve_paper
from chatpaper.app.settings import Settings
from chatpaper.domain import Document, Paper, PostEntry
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ConfigError
from chatpaper.extract.worker import Extractor
from chatpaper.fetch.paper_reference import ArxivReference, Reference, parse_reference
from chatpaper.storage.store import Store

MAX_NAME_CHARACTERS = 300


class UnknownNameError(ConfigError):
    """There is no paper, section or topic of the name that was given."""


@dataclass(frozen=True, slots=True)
class Library:
    """The summarized papers, arXiv, and what reads PDFs; may be shared by threads.

    `is_visible` tells whether papers of a topic are shown; None stands for no topic. `visitors` has
    summaries that visitors of the page asked for.
    """

    settings: Settings
    store: Store
    arxiv: ArxivClients
    workers: Extractor
    is_visible: Callable[[str | None], bool] = lambda topic: True
    visitors: Store | None = None


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """A paper and its text; `abstract_only` where nothing else could be read."""

    paper: Paper
    document: Document
    abstract_only: bool = False


@contextmanager
def open_library(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> Iterator[Library]:
    """Open the database and the processes that read PDFs, and close them behind it."""
    with (
        Store(settings.state_dir) as store,
        container.build_extractor(settings, settings.extract.workers) as workers,
    ):
        arxiv = ArxivClients(settings, clock)
        arxiv.enable_cooldowns(store.cooldowns, settings.arxiv.backoff_seconds)
        yield Library(settings, store, arxiv, workers)


def find_entry(library: Library, name: str) -> PostEntry | None:
    """Return the stored summary of a paper, or None if that version has none."""
    reference = parse_name(name)
    if isinstance(reference, str):
        key, version, stem = reference, None, reference
    else:
        arxiv_id = reference.arxiv_id
        key, version, stem = arxiv_id.id, arxiv_id.version, arxiv_id.idv

    def find(each: str) -> PostEntry | None:
        # What arXiv has no version of came as a file, whose name may tell it.
        wanted = None if each.startswith(f"{stem}-") else version
        return _find_version(library, each, wanted)

    identities = library.store.identities
    return find(identities.choose_key(key, stem, lambda each: find(each) is not None))


def _find_version(library: Library, key: str, version: int | None) -> PostEntry | None:
    for stored in library.store.entries.of_paper(key):
        if library.is_visible(stored.topic) and version in (None, stored.entry.paper.version):
            return stored.entry
    own = library.visitors.entries.find(None, key) if library.visitors else None
    return own if own is not None and version in (None, own.paper.version) else None


def read_paper(library: Library, name: str) -> ReadPaper:
    """Read a paper: a stored one, or else one of arXiv, whose PDF is fetched.

    Raises ConfigError for a name of neither, and as `load_document` does.
    """
    entry = find_entry(library, name)
    if entry is not None:
        document = load_stored_document(
            entry, library.settings, library.arxiv, library.workers, library.store.records
        )
        return ReadPaper(entry.paper, document, not document.sections)
    reference = parse_name(name)
    if isinstance(reference, str):
        raise UnknownNameError(
            f"There is no paper {name!r}: give an arXiv id such as 2407.18125, or a name that "
            "search_papers finds."
        )
    return _read_unknown_paper(library, reference)


def read_any_paper(library: Library, ref: str) -> ReadPaper:
    """Read a paper for a person, who may also name a PDF file or the URL of one.

    Raises ConfigError for what names no paper, and as `load_document` does.
    """
    if find_entry(library, ref) is not None:
        return read_paper(library, ref)
    return _read_unknown_paper(library, parse_reference(ref))


def _read_unknown_paper(library: Library, reference: Reference) -> ReadPaper:
    candidate = resolve_paper(reference, library.arxiv)
    reading = load_document(candidate, library.settings, library.arxiv, library.workers)
    return ReadPaper(reading.paper, reading.document, reading.abstract_only is not None)


def parse_name(name: str) -> ArxivReference | str:
    """Read an arXiv id or URL; anything else is the name of a stored paper, or of none."""
    try:
        reference = parse_reference(name[:MAX_NAME_CHARACTERS])
    except ConfigError:
        return name
    return reference if isinstance(reference, ArxivReference) else name
