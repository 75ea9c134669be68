"""Build the profile of a reader from settings, libraries and marks."""

import logging
from hashlib import sha256

from pydantic import TypeAdapter

from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.profiles.records import complete_papers, find_records
from chatpaper.app.settings import Settings
from chatpaper.domain.errors import UpstreamError
from chatpaper.domain.ranking import LibraryPaper, ReaderProfile
from chatpaper.fetch.arxiv.author_feed import ORCID, read_author_papers
from chatpaper.fetch.libraries.bibtex import read_bibtex
from chatpaper.fetch.libraries.zotero import ZoteroLibrary, read_zotero
from chatpaper.pipeline.ranking.night import LoadedProfile
from chatpaper.storage.store import Store
from chatpaper.write.files import write_atomically

_log = logging.getLogger(__name__)


def load_profile(settings: Settings, store: Store, arxiv: ArxivClients) -> LoadedProfile:
    """Load the profile of the run, with the records of the papers that it names by their ids.

    What arXiv does not give is said in a note. Raises ConfigError for a file that cannot be read.
    """
    chosen, name = settings.profile, settings.profile.name
    marks = store.marks.of_profile(name)
    ids = {kind: [m.arxiv_id for m in marks if m.kind == kind] for kind in ("like", "hide", "read")}
    library = [paper for path in chosen.bibtex for paper in read_bibtex(path)]
    from_zotero, faults = _read_zotero(settings)
    library += from_zotero
    named = [LibraryPaper("", arxiv_id=each) for each in (*chosen.papers, *ids["like"])]
    disliked = [LibraryPaper("", arxiv_id=each) for each in ids["hide"]]
    records, notes = find_records([*library, *named, *disliked], store, arxiv.api)
    by_orcid, unknown = _find_papers_by_orcid(settings, arxiv)
    profile = ReaderProfile(
        name,
        complete_papers([*library, *named], records),
        complete_papers(disliked, records),
        tuple(name for name in chosen.authors if not ORCID.fullmatch(name)),
        chosen.institutions,
        chosen.venues,
        chosen.wanted,
        chosen.unwanted,
        frozenset(ids["like"]),
        frozenset(ids["hide"]),
        frozenset(ids["read"]),
        by_orcid,
    )
    return LoadedProfile(profile, (*faults, *notes, *unknown))


def _find_papers_by_orcid(
    settings: Settings, arxiv: ArxivClients
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Find the papers of the authors who are named by ORCID, and what could not be found."""
    found: dict[str, str] = {}
    notes: list[str] = []
    for match in filter(None, map(ORCID.fullmatch, settings.profile.authors)):
        try:
            author = read_author_papers(arxiv.session, settings.arxiv.site_url, match[1].upper())
        except UpstreamError as error:
            _log.warning("%s", error)
            notes.append(str(error))
        else:
            found |= dict.fromkeys(author.arxiv_ids, author.name)
    return found, tuple(notes)


def _read_zotero(settings: Settings) -> tuple[tuple[LibraryPaper, ...], tuple[str, ...]]:
    """Read the Zotero library, if one is named, or else as it was when it last could be read."""
    chosen = settings.profile.zotero
    if not chosen.library_id:
        return (), ()
    key = chosen.api_key.get_secret_value() if chosen.api_key else None
    library = ZoteroLibrary(
        chosen.library_id, chosen.library_type, key, chosen.collection, chosen.base_url
    )
    place = "/".join((chosen.base_url, chosen.library_type, chosen.library_id, chosen.collection))
    copy = settings.cache_dir / "libraries" / f"{sha256(place.encode()).hexdigest()}.json"
    adapter = TypeAdapter(tuple[LibraryPaper, ...])
    try:
        papers = read_zotero(library)
    except UpstreamError as error:
        _log.warning("%s", error)
        if not copy.is_file():
            return (), (f"{error}; its papers do not count tonight",)
        return adapter.validate_json(copy.read_bytes()), (f"{error}; it counts as it was last",)
    copy.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(copy, adapter.dump_json(papers))
    return papers, ()
