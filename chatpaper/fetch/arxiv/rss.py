"""arXiv's RSS feed of the day: what is new, cross-listed or replaced, and its licences.

One request reads the announcements of many categories. The feed is rebuilt at midnight in New York
and holds one day; it is empty on days without an announcement (Saturday, Sunday, holidays). Its
form: info.arxiv.org/help/rss and /help/rss_specifications.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import quote

from lxml import etree
from pydantic import TypeAdapter, ValidationError

from chatpaper.domain import ArxivId
from chatpaper.domain.errors import ConfigError, FetchError, UpstreamError
from chatpaper.fetch.http.session import Response, ThrottledSession, expect_status
from chatpaper.fetch.http.strict_xml import parse_document, read_text
from chatpaper.fetch.record_text import clean_record_text

_BAD_REQUEST = 400
# The most items that the service puts into one feed.
MAX_ITEMS = 2000

_ARXIV = "{http://arxiv.org/schemas/atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_GUID_PREFIX = "oai:arXiv.org:"
_DESCRIPTION = re.compile(r"arXiv:\S+ Announce Type: \S+ Abstract: (?P<abstract>.*)")
_ERROR_TITLE = "Feed error for query:"
_CATEGORY = re.compile(r"[a-zA-Z-]+(?:\.[a-zA-Z-]+)?")

AnnounceType = Literal["new", "cross", "replace", "replace-cross"]
_ANNOUNCE_TYPES: TypeAdapter[AnnounceType] = TypeAdapter(AnnounceType)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A paper as the feed announces it.

    `announced_at` is midnight in New York of the day, not the time of submission. `license` is the
    URI of the licence of this version, empty where the feed names none. `authors` come from one
    line that is split at its commas; the query API lists them one by one.
    """

    arxiv_id: str
    version: int
    announce_type: AnnounceType
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    license: str
    announced_at: datetime
    journal_ref: str = ""
    doi: str = ""

    @property
    def idv(self) -> str:
        """The id with its version: `2407.18125v2`."""
        return ArxivId(self.arxiv_id, self.version).idv


@dataclass(frozen=True, slots=True)
class RssFeed:
    """The announcements of one day; `announced_at` is its midnight in New York."""

    announced_at: datetime
    items: tuple[FeedItem, ...]

    @property
    def may_be_truncated(self) -> bool:
        """Whether the feed has as many items as one can have, so that papers may be missing."""
        return len(self.items) >= MAX_ITEMS


class RssClient:
    """Reads feeds through a session, each once; one that failed is not requested again either."""

    def __init__(self, session: ThrottledSession, rss_url: str = "https://rss.arxiv.org") -> None:
        self._session = session
        self._rss_url = rss_url.rstrip("/")
        self._results: dict[tuple[str, ...], RssFeed | FetchError | ConfigError] = {}

    @property
    def has_asked(self) -> bool:
        """Whether any feed was requested."""
        return bool(self._results)

    @property
    def items(self) -> Iterator[FeedItem]:
        """The items of all feeds that were read."""
        return (
            each
            for feed in self._results.values()
            if isinstance(feed, RssFeed)
            for each in feed.items
        )

    def read(self, categories: Sequence[str]) -> RssFeed:
        """Read what was announced last in any of the categories; `cs.*` means all of `cs`.

        Makes at most one request. Raises UpstreamError where the service does not send a complete
        feed, ConfigError where it knows no such category.
        """
        named = dict.fromkeys(map(_to_feed_name, categories))
        names = tuple(name for name in named if name.partition(".")[0] not in named.keys() - {name})
        if not names:
            raise ConfigError("A feed of arXiv needs at least one category, such as cs.CV")
        if names not in self._results:
            try:
                self._results[names] = self._request(names)
            except (FetchError, ConfigError) as error:
                self._results[names] = error
        result = self._results[names]
        if isinstance(result, RssFeed):
            return result
        raise result

    def _request(self, names: Sequence[str]) -> RssFeed:
        url = f"{self._rss_url}/rss/{quote('+'.join(names), safe='+')}"
        response = self._session.read(url, check=_check)
        return parse_rss(response.content, response.content_type, response.url)


def parse_rss(content: bytes, content_type: str, url: str) -> RssFeed:
    """Parse a feed strictly: one malformed item spoils it.

    Raises UpstreamError for anything that is not a complete feed, ConfigError where the feed says
    that the query is wrong.
    """
    root = parse_document(content, content_type, url, root="rss", what="an RSS feed")
    channel = root.find("channel")
    if channel is None:
        raise UpstreamError("arXiv sent an RSS feed without a channel", url=url)
    title = read_text(channel, "title")
    if title.startswith(_ERROR_TITLE):
        raise ConfigError(
            f"arXiv has no such feed: {read_text(channel, 'description')}: "
            f"check the categories ({title})"
        )
    announced_at = _parse_time(read_text(channel, "pubDate"), url)
    items = tuple(_parse_item(item, announced_at, url) for item in channel.findall("item"))
    return RssFeed(announced_at, items)


def _to_feed_name(category: str) -> str:
    name = category.removesuffix(".*")
    if not _CATEGORY.fullmatch(name):
        raise ConfigError(f"{category!r} is not an arXiv category such as cs.CV or cs.*")
    return name


def _check(response: Response) -> None:
    expect_status(response, "arXiv's RSS feed", "arxiv.rss_url", _BAD_REQUEST)
    parse_rss(response.content, response.content_type, response.url)
    if response.status_code == _BAD_REQUEST:
        raise FetchError(
            "arXiv refuses the request for its RSS feed", url=response.url, status=_BAD_REQUEST
        )


def _parse_item(item: etree._Element, feed_announced_at: datetime, url: str) -> FeedItem:
    guid = read_text(item, "guid")
    arxiv_id = _parse_guid(guid, url)
    announce_type = read_text(item, f"{_ARXIV}announce_type")
    described = _DESCRIPTION.fullmatch(read_text(item, "description"))
    title = read_text(item, "title")
    if not title or described is None:
        raise UpstreamError(
            f"arXiv announced {arxiv_id.idv} without a title or an abstract", url=url
        )
    moment = read_text(item, "pubDate")
    return FeedItem(
        arxiv_id=arxiv_id.id,
        version=arxiv_id.version or 1,
        announce_type=_parse_announce_type(announce_type, arxiv_id, url),
        title=title,
        abstract=described["abstract"],
        authors=split_author_names(read_text(item, f"{_DC}creator")),
        categories=tuple(
            dict.fromkeys(" ".join((each.text or "").split()) for each in item.findall("category"))
        ),
        license=read_text(item, f"{_DC}rights"),
        announced_at=_parse_time(moment, url) if moment else feed_announced_at,
        journal_ref=read_text(item, f"{_ARXIV}journal_reference"),
        doi=read_text(item, f"{_ARXIV}DOI"),
    )


def _parse_guid(guid: str, url: str) -> ArxivId:
    try:
        arxiv_id = ArxivId.parse(guid.removeprefix(_GUID_PREFIX))
    except ValueError as error:
        raise UpstreamError(
            f"arXiv announced a paper under {guid!r}, which is no arXiv id", url=url
        ) from error
    if arxiv_id.version is None:
        raise UpstreamError(f"arXiv announced {guid} without a version", url=url)
    return arxiv_id


def _parse_announce_type(text: str, arxiv_id: ArxivId, url: str) -> AnnounceType:
    try:
        return _ANNOUNCE_TYPES.validate_python(text)
    except ValidationError as error:
        message = f"arXiv announced {arxiv_id.idv} as {text!r}, which is none of its announce types"
        raise UpstreamError(message, url=url) from error


def split_author_names(line: str) -> tuple[str, ...]:
    """Split a line of authors at its commas and drop the affiliations in brackets.

    A line whose brackets are not paired is split at every comma: readers notice a name too many,
    but not one that is lost.

    >>> split_author_names("Ada Lovelace (London, UK), Alan Turing")
    ('Ada Lovelace', 'Alan Turing')
    """
    names = [""]
    depth = 0
    for character in line:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
        if depth == 0 and character == ",":
            names.append("")
        elif depth == 0 and character != ")":
            names[-1] += character
    if depth != 0:
        names = line.split(",")
    return tuple(cleaned for name in names if (cleaned := clean_record_text(name)))


def _parse_time(text: str, url: str) -> datetime:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError as error:
        raise UpstreamError(f"arXiv sent {text!r} for a date", url=url) from error
    if moment.tzinfo is None:
        raise UpstreamError(f"arXiv sent {text!r} for a date, without a time zone", url=url)
    return moment
