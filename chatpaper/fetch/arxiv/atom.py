"""The Atom feed of arXiv's query API, checked whole before anything believes it.

The `arxiv` package repairs broken XML and takes a web page for an empty result; a fault would look
like a quiet day. The form of the feed: info.arxiv.org/help/api/user-manual, "Details of Atom
results returned".
"""

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from chatpaper.domain import ARXIV_ID_PATTERN
from chatpaper.domain.errors import FetchError, UpstreamError
from chatpaper.fetch.http.strict_xml import parse_document

_ATOM = "{http://www.w3.org/2005/Atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_ERROR_ID = "arxiv.org/api/errors"
_ABSTRACT_PAGE = re.compile(rf"/abs/{ARXIV_ID_PATTERN}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of a query: the papers in all, where the page begins, and how many it holds.

    `unreadable` says of each entry that cannot be used what it is and what it lacks.
    """

    total: int
    start: int
    entries: int
    unreadable: tuple[str, ...] = ()


def read_feed(content: bytes, content_type: str, url: str) -> FeedPage:
    """Check that `content` is a whole feed, and count its entries.

    Raises UpstreamError for what is no such feed and for one without a single entry that can be
    used, FetchError where the feed says that the query is wrong.
    """
    root = parse_document(content, content_type, url, root=f"{_ATOM}feed", what="a feed")
    entries = root.findall(f"{_ATOM}entry")
    for entry in entries:
        if _ERROR_ID in _text(entry, "id"):
            raise FetchError(
                f"arXiv refuses the query: {_text(entry, 'summary')}", url=url, status=400
            )
    faults = tuple(fault for entry in entries if (fault := _entry_fault(entry)))
    if faults and len(faults) == len(entries):
        raise UpstreamError(f"arXiv sent {faults[0]}", url=url)
    return FeedPage(
        _number(root, "totalResults", url), _number(root, "startIndex", url), len(entries), faults
    )


def drop_unreadable_entries(content: bytes) -> bytes:
    """Take the entries that cannot be used out of a feed that `read_feed` has passed.

    The total becomes that of all up to the end of this page: who counts entries would ask for a
    next page otherwise.
    """
    root = etree.fromstring(content)
    start, left = int(root.findtext(f"{_OPENSEARCH}startIndex", "0")), 0
    for entry in root.findall(f"{_ATOM}entry"):
        if _entry_fault(entry):
            root.remove(entry)
        else:
            left += 1
    total = root.find(f"{_OPENSEARCH}totalResults")
    if total is not None:
        total.text = str(start + left)
    return etree.tostring(root)


def _entry_fault(entry: etree._Element) -> str:
    """Return what is wrong with an entry; empty where it can be used."""
    identifier = _text(entry, "id")
    what = identifier or "a paper"
    missing = [name for name in ("id", "title", "published", "updated") if not _text(entry, name)]
    if missing:
        return f"{what} without {', '.join(missing)}"
    if not _ABSTRACT_PAGE.search(identifier):
        return f"{what}, which is no arXiv id"
    for name in ("published", "updated"):
        try:
            datetime.fromisoformat(_text(entry, name))
        except ValueError:
            return f"{what} with {_text(entry, name)!r} for a date"
    return ""


def _text(entry: etree._Element, name: str) -> str:
    return (entry.findtext(f"{_ATOM}{name}") or "").strip()


def _number(root: etree._Element, name: str, url: str) -> int:
    text = (root.findtext(f"{_OPENSEARCH}{name}") or "").strip()
    if not (text.isascii() and text.isdigit()):
        raise UpstreamError(f"arXiv sent a feed without {name}", url=url)
    return int(text)
