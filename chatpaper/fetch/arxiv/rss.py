"""arXiv's RSS feed of the day's announcements: what is new, cross-listed and replaced, and under
which licences.

One request brings the announcements of many categories. The feed is built anew at midnight in New
York and holds one day; it is empty on days without an announcement (Saturday, Sunday, holidays).
Its form: info.arxiv.org/help/rss and /help/rss_specifications.
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
from chatpaper.fetch.http.session import Answer, ThrottledSession, expect_status
from chatpaper.fetch.http.strict_xml import parse_document, text_of
from chatpaper.fetch.record_text import record_text

_BAD_REQUEST = 400
# What the service puts into one feed at most.
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
class Announcement:
    """A paper as it was announced; `announced` is midnight in New York of the day, not the time of
    submission.

    `license` is the URI of the licence of this version, empty where the feed names none. The names
    of `authors` come from one line that is cut at its commas; the query API has them apart.
    """

    arxiv_id: str
    version: int
    announce_type: AnnounceType
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    license: str
    announced: datetime
    journal_ref: str = ""
    doi: str = ""

    @property
    def idv(self) -> str:
        """The id with its version: `2407.18125v2`."""
        return ArxivId(self.arxiv_id, self.version).idv


@dataclass(frozen=True, slots=True)
class RssFeed:
    """The announcements of one day; `announced` is midnight in New York of the day that the feed is
    of.
    """

    announced: datetime
    announcements: tuple[Announcement, ...]

    @property
    def may_be_cut(self) -> bool:
        """Whether the feed is as long as feeds get, so that papers may be missing from it."""
        return len(self.announcements) >= MAX_ITEMS


class RssFeeds:
    """Reads feeds at the pace of the session that it is given, each once: what failed is not asked
    for again either.
    """

    def __init__(self, session: ThrottledSession, rss_url: str = "https://rss.arxiv.org") -> None:
        self._session = session
        self._rss_url = rss_url.rstrip("/")
        self._answers: dict[tuple[str, ...], RssFeed | FetchError | ConfigError] = {}

    @property
    def was_asked(self) -> bool:
        """Whether any feed was asked for."""
        return bool(self._answers)

    @property
    def announcements(self) -> Iterator[Announcement]:
        """All that stands in the feeds that were read."""
        return (
            each
            for feed in self._answers.values()
            if isinstance(feed, RssFeed)
            for each in feed.announcements
        )

    def read(self, categories: Sequence[str]) -> RssFeed:
        """Read what was announced last in any of the categories; `cs.*` means all of `cs`.

        One request.

        Raises UpstreamError where the service does not give a whole feed, ConfigError where it
        knows no such category.
        """
        named = dict.fromkeys(map(_feed_name, categories))
        names = tuple(name for name in named if name.partition(".")[0] not in named.keys() - {name})
        if not names:
            raise ConfigError("A feed of arXiv needs at least one category, such as cs.CV")
        if names not in self._answers:
            try:
                self._answers[names] = self._ask(names)
            except (FetchError, ConfigError) as fault:
                self._answers[names] = fault
        answer = self._answers[names]
        if isinstance(answer, RssFeed):
            return answer
        raise answer

    def _ask(self, names: Sequence[str]) -> RssFeed:
        url = f"{self._rss_url}/rss/{quote('+'.join(names), safe='+')}"
        answer = self._session.read(url, check=_check)
        return read_rss(answer.content, answer.content_type, answer.url)


def read_rss(content: bytes, content_type: str, url: str) -> RssFeed:
    """Read a feed whole: one item that is not as it should be makes the feed a fault.

    Raises UpstreamError for what is no such feed, ConfigError where the feed says that the query is
    wrong.
    """
    root = parse_document(content, content_type, url, root="rss", what="an RSS feed")
    channel = root.find("channel")
    if channel is None:
        raise UpstreamError("arXiv sent an RSS feed without a channel", url=url)
    title = text_of(channel, "title")
    if title.startswith(_ERROR_TITLE):
        raise ConfigError(
            f"arXiv has no such feed: {text_of(channel, 'description')}: check the categories ({title})"
        )
    announced = _moment(text_of(channel, "pubDate"), url)
    return RssFeed(
        announced, tuple(_announcement(item, announced, url) for item in channel.findall("item"))
    )


def _feed_name(category: str) -> str:
    name = category.removesuffix(".*")
    if not _CATEGORY.fullmatch(name):
        raise ConfigError(f"{category!r} is not an arXiv category such as cs.CV or cs.*")
    return name


def _check(answer: Answer) -> None:
    expect_status(answer, "arXiv's RSS feed", "arxiv.rss_url", _BAD_REQUEST)
    read_rss(answer.content, answer.content_type, answer.url)
    if answer.status_code == _BAD_REQUEST:
        raise FetchError(
            "arXiv refuses the request for its RSS feed", url=answer.url, status=_BAD_REQUEST
        )


def _announcement(item: etree._Element, feed_announced: datetime, url: str) -> Announcement:
    guid = text_of(item, "guid")
    arxiv_id = _identifier(guid, url)
    announce_type = text_of(item, f"{_ARXIV}announce_type")
    described = _DESCRIPTION.fullmatch(text_of(item, "description"))
    title = text_of(item, "title")
    if not title or described is None:
        raise UpstreamError(
            f"arXiv announced {arxiv_id.idv} without a title or an abstract", url=url
        )
    moment = text_of(item, "pubDate")
    return Announcement(
        arxiv_id=arxiv_id.id,
        version=arxiv_id.version or 1,
        announce_type=_announce_type(announce_type, arxiv_id, url),
        title=title,
        abstract=described["abstract"],
        authors=author_names(text_of(item, f"{_DC}creator")),
        categories=tuple(
            dict.fromkeys(" ".join((each.text or "").split()) for each in item.findall("category"))
        ),
        license=text_of(item, f"{_DC}rights"),
        announced=_moment(moment, url) if moment else feed_announced,
        journal_ref=text_of(item, f"{_ARXIV}journal_reference"),
        doi=text_of(item, f"{_ARXIV}DOI"),
    )


def _identifier(guid: str, url: str) -> ArxivId:
    try:
        arxiv_id = ArxivId.parse(guid.removeprefix(_GUID_PREFIX))
    except ValueError as error:
        raise UpstreamError(
            f"arXiv announced a paper under {guid!r}, which is no arXiv id", url=url
        ) from error
    if arxiv_id.version is None:
        raise UpstreamError(f"arXiv announced {guid} without a version", url=url)
    return arxiv_id


def _announce_type(text: str, arxiv_id: ArxivId, url: str) -> AnnounceType:
    try:
        return _ANNOUNCE_TYPES.validate_python(text)
    except ValidationError as error:
        told = f"arXiv announced {arxiv_id.idv} as {text!r}, which is none of its announce types"
        raise UpstreamError(told, url=url) from error


def author_names(line: str) -> tuple[str, ...]:
    """Cut a line of authors at its commas, but not within brackets, and leave affiliations in
    brackets out.

    A line whose brackets are not paired is cut at every comma: a name too many is seen, a lost one
    is not.
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
    return tuple(cleaned for name in names if (cleaned := record_text(name)))


def _moment(text: str, url: str) -> datetime:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError as error:
        raise UpstreamError(f"arXiv sent {text!r} for a date", url=url) from error
    if moment.tzinfo is None:
        raise UpstreamError(f"arXiv sent {text!r} for a date, without a time zone", url=url)
    return moment
