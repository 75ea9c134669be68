"""Read the papers of a Zotero library, or of one of its collections, by Zotero's API.

The API is that of zotero.org or of a Zotero on this machine, which answers at
http://127.0.0.1:23119/api.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.domain.ranking import LibraryPaper
from chatpaper.fetch.libraries.bibtex import find_named_id

# What Zotero keeps beside papers.
_NO_PAPERS = ("attachment", "note", "annotation")
_PLACES_OF_IDS = ("archiveID", "DOI", "url", "extra", "repository")


@dataclass(frozen=True, slots=True)
class ZoteroLibrary:
    """Where a library is; without a collection, the whole of it is meant."""

    library_id: str
    library_type: Literal["user", "group"] = "user"
    api_key: str | None = None
    collection: str = ""
    base_url: str = "https://api.zotero.org"


def read_zotero(library: ZoteroLibrary) -> tuple[LibraryPaper, ...]:
    """Return the papers of a library, each once.

    Raises ConfigError where the library may not be read, or is not there, and UpstreamError where
    Zotero does not answer.
    """
    try:
        from httpx2 import HTTPError
        from pyzotero import zotero
        from pyzotero.errors import PyZoteroError, ResourceNotFoundError, UserNotAuthorisedError
    except ImportError as error:
        raise ConfigError(
            "Reading a Zotero library needs `pip install 'chatpaper[zotero]'`."
        ) from error
    client = zotero.Zotero(library.library_id, library.library_type, library.api_key)
    client.endpoint = library.base_url
    try:
        first = (
            client.collection_items_top(library.collection) if library.collection else client.top()
        )
        items = client.everything(first)
    except UserNotAuthorisedError as error:
        raise ConfigError(
            f"Zotero does not let the library {library.library_id} be read: set "
            "profile.zotero.api_key to a key that may."
        ) from error
    except ResourceNotFoundError as error:
        raise ConfigError(
            f"Zotero has no library {library.library_id}, or no such collection in it: correct "
            "profile.zotero."
        ) from error
    except (PyZoteroError, HTTPError, ValueError) as error:
        raise UpstreamError(
            f"Zotero did not give the library {library.library_id}: {type(error).__name__}",
            url=library.base_url,
        ) from error
    return to_papers(items)


def to_papers(items: Iterable[Mapping[str, Any]]) -> tuple[LibraryPaper, ...]:
    """Return the papers among the items of a library, each once, in the order of their keys."""
    known = sorted(items, key=lambda item: str(item.get("key", "")))
    papers = (_to_paper(item.get("data", {})) for item in known)
    return tuple(dict.fromkeys(paper for paper in papers if paper is not None))


def _to_paper(data: Mapping[str, Any]) -> LibraryPaper | None:
    title = " ".join(str(data.get("title") or "").split())
    if not title or data.get("itemType") in _NO_PAPERS:
        return None
    abstract = " ".join(str(data.get("abstractNote") or "").split())
    places = (str(data.get(place) or "") for place in _PLACES_OF_IDS)
    return LibraryPaper(title, abstract, find_named_id(text for text in places))
