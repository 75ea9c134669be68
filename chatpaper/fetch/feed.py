"""The Atom feed of arXiv's query API, checked whole before anything believes it.

The `arxiv` package repairs broken XML and takes a web page for an empty result; a fault would look like a quiet
day. The form of the feed: info.arxiv.org/help/api/user-manual, "Details of Atom results returned".
"""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from chatpaper.errors import FetchError, UpstreamError
from chatpaper.fetch.strict_xml import parse_document

_ATOM = "{http://www.w3.org/2005/Atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_ERROR_ID = "arxiv.org/api/errors"


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of a query: how many papers the query has in all, where the page begins, how many it holds."""

    total: int
    start: int
    entries: int


def read_feed(content: bytes, content_type: str, url: str) -> FeedPage:
    """Check that `content` is a whole feed of usable entries, and count them.

    Raises UpstreamError for what is no such feed, FetchError where the feed says that the query is wrong.
    """
    root = parse_document(content, content_type, url, root=f"{_ATOM}feed", what="a feed")
    entries = root.findall(f"{_ATOM}entry")
    for entry in entries:
        _check_entry(entry, url)
    return FeedPage(
        total=_number(root, "totalResults", url), start=_number(root, "startIndex", url), entries=len(entries)
    )


def _check_entry(entry: etree._Element, url: str) -> None:
    identifier = _text(entry, "id")
    if _ERROR_ID in identifier:
        raise FetchError(f"arXiv refuses the query: {_text(entry, 'summary')}", url=url, status=400)
    missing = [name for name in ("id", "title", "published", "updated") if not _text(entry, name)]
    if missing:
        what = identifier or "a paper"
        raise UpstreamError(f"arXiv sent {what} without {', '.join(missing)}", url=url)
    for name in ("published", "updated"):
        _check_time(_text(entry, name), url)


def _check_time(text: str, url: str) -> None:
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise UpstreamError(f"arXiv sent {text!r} for a date", url=url) from error


def _text(entry: etree._Element, name: str) -> str:
    return (entry.findtext(f"{_ATOM}{name}") or "").strip()


def _number(root: etree._Element, name: str, url: str) -> int:
    text = (root.findtext(f"{_OPENSEARCH}{name}") or "").strip()
    if not (text.isascii() and text.isdigit()):
        raise UpstreamError(f"arXiv sent a feed without {name}", url=url)
    return int(text)
