"""The papers that arXiv knows as an author's own, by ORCID.

A paper is there as soon as it is announced if the author has submitted it, and otherwise once the
author has claimed it (info.arxiv.org/help/author_identifiers).
"""

import re
from collections import Counter
from dataclasses import dataclass

from chatpaper.domain import ARXIV_ID_PATTERN
from chatpaper.fetch.http.session import ThrottledSession, expect_status
from chatpaper.fetch.http.strict_xml import parse_document, read_text

ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])", re.IGNORECASE)

_ATOM = "{http://www.w3.org/2005/Atom}"
_ID = re.compile(rf"/abs/{ARXIV_ID_PATTERN}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AuthorPapers:
    """The name of an author as most of the papers write it, or else the ORCID, and their ids."""

    name: str
    arxiv_ids: frozenset[str]


def read_author_papers(session: ThrottledSession, site_url: str, orcid: str) -> AuthorPapers:
    """Read which papers are an author's.

    Raises UpstreamError where arXiv does not say, as for an ORCID that it does not know.
    """
    url = f"{site_url}/a/{orcid}.atom2"
    response = session.read(
        url, lambda each: expect_status(each, f"arXiv's page of {orcid}", "profile.authors")
    )
    content_type = response.headers.get("Content-Type", "")
    feed = parse_document(
        response.content, content_type, url, root=f"{_ATOM}feed", what="an author's feed"
    )
    names: Counter[str] = Counter()
    ids: set[str] = set()
    for entry in feed.iter(f"{_ATOM}entry"):
        if found := _ID.search(read_text(entry, f"{_ATOM}id")):
            ids.add(found["id"])
        names.update(read_text(author, f"{_ATOM}name") for author in entry.iter(f"{_ATOM}author"))
    most = max(names.values(), default=0)
    on_most = [name for name in names if names[name] == most]
    # The co-authors of a single paper are on as many.
    return AuthorPapers(on_most[0] if len(on_most) == 1 else orcid, frozenset(ids))
