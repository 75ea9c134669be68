"""What arXiv announced last, which its query API does not tell: by the RSS feed of the day, else by
the listing page.

Both know what was announced and when, which the API does not, but only of one day: `new` and
`cross` are papers to consider; `replace` and `replace-cross` are new versions of papers that were
announced before, and no candidates. One feed is read for all the topics of a run.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from chatpaper.domain import Paper, Topic
from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.fetch.arxiv.calendar import NEW_YORK
from chatpaper.fetch.arxiv.listing_page import ListedPaper, ListingPage, read_listing
from chatpaper.fetch.arxiv.rss import Announcement, RssFeed, RssFeeds
from chatpaper.fetch.arxiv.withdrawal import is_withdrawn
from chatpaper.fetch.http.session import Answer, ThrottledSession
from chatpaper.fetch.topics.relevance import covers_any

_log = logging.getLogger(__name__)

_OK = 200
# As many entries as arXiv puts on one page.
_ENTRIES_A_PAGE = 2000
_CANDIDATES = frozenset({"new", "cross"})


@dataclass(frozen=True, slots=True)
class Mailing:
    """The papers that arXiv announced on `day`, a date in New York, in some categories; `source`
    names where it stood.

    `whole` is False where more was announced than was shown; `replaced` counts the new versions,
    which are left out.
    """

    source: str
    day: date
    papers: tuple[Paper, ...]
    replaced: int
    whole: bool


def why_no_mailing(topic: Topic) -> str:
    """Why a topic's papers cannot be picked out of the day's announcements; empty where they can."""
    if not topic.categories:
        return f"topic {topic.name!r} has no categories, by which feeds are asked for"
    if topic.query or not (topic.phrases or topic.all_of):
        return f"topic {topic.name!r} has a query of its own, which only arXiv's API can answer"
    return ""


class Mailings:
    """Reads the last announcements; a run that asks twice for the same categories is answered from
    memory.
    """

    def __init__(
        self, session: ThrottledSession, feeds: RssFeeds, site_url: str = "https://arxiv.org"
    ) -> None:
        self._session = session
        self._feeds = feeds
        self._site_url = site_url.rstrip("/")
        self._read: dict[tuple[str, ...], Mailing] = {}
        self._together: dict[str, None] = {}

    def expect(self, topics: Sequence[Topic]) -> None:
        """These topics will be asked about: whichever comes first, one request brings the feed for
        all of them.
        """
        self._together = dict.fromkeys(
            category
            for topic in topics
            if not why_no_mailing(topic)
            for category in topic.categories
        )

    def of_feed(self, categories: Sequence[str]) -> Mailing:
        """What the feed says was announced last in any of the categories.

        Raises UpstreamError where the feed fails, ConfigError where arXiv knows one of the
        categories not.
        """
        return self._by_feed(tuple(dict.fromkeys(categories)))

    def last(self, categories: Sequence[str]) -> Mailing:
        """What was announced last in any of the categories: by the feed, or by the listing pages if
        it fails.

        Raises UpstreamError where neither answers, ConfigError where arXiv knows one of the
        categories not.
        """
        key = tuple(dict.fromkeys(categories))
        if key not in self._read:
            self._read[key] = self._first_answer(key, (self._by_feed, self._by_listing))
        return self._read[key]

    def _first_answer(
        self, categories: tuple[str, ...], ways: Sequence[Callable[[tuple[str, ...]], Mailing]]
    ) -> Mailing:
        faults: list[UpstreamError] = []
        for way in ways:
            try:
                return way(categories)
            except UpstreamError as error:
                _log.warning("%s", error)
                faults.append(error)
        raise faults[-1]

    def _by_feed(self, categories: tuple[str, ...]) -> Mailing:
        feed = self._shared_feed(categories)
        whole = not feed.may_be_cut
        announced = list(feed.announcements)
        if not whole:
            apart = [self._feeds.read((category,)) for category in categories]
            whole = not any(each.may_be_cut for each in apart)
            announced = [announcement for each in apart for announcement in each.announcements]
        found = [each for each in announced if covers_any(categories, each.categories)]
        papers = {
            each.arxiv_id: self._announced(each)
            for each in found
            if each.announce_type in _CANDIDATES
        }
        replaced = {each.arxiv_id for each in found} - papers.keys()
        day = feed.announced.astimezone(NEW_YORK).date()
        return Mailing("RSS feed", day, tuple(papers.values()), len(replaced), whole)

    def _shared_feed(self, categories: tuple[str, ...]) -> RssFeed:
        """The feed of all topics, or that of these categories alone where another topic names one
        that there is not.
        """
        try:
            return self._feeds.read(tuple(self._together | dict.fromkeys(categories)))
        except ConfigError as error:
            _log.warning("the topics cannot share a feed: %s", error)
            return self._feeds.read(categories)

    def _by_listing(self, categories: tuple[str, ...]) -> Mailing:
        pages = [self._listing_page(category) for category in categories]
        found = [paper for page in pages for paper in page.papers]
        papers = {each.arxiv_id: self._listed(each) for each in found if each.kind in _CANDIDATES}
        replaced = {each.arxiv_id for each in found} - papers.keys()
        # Pages that are not of the same day were read while they changed: the older day is what all
        # of them show.
        same_day = len({page.day for page in pages}) == 1
        whole = same_day and all(page.whole for page in pages)
        return Mailing(
            "listing page",
            min(page.day for page in pages),
            tuple(papers.values()),
            len(replaced),
            whole,
        )

    def _listing_page(self, category: str) -> ListingPage:
        url = f"{self._site_url}/list/{quote(category.removesuffix('.*'))}/new?skip=0&show={_ENTRIES_A_PAGE}"
        answer = self._session.read(url, check=_check)
        return read_listing(answer.content, answer.content_type, answer.url)

    def _announced(self, announcement: Announcement) -> Paper:
        paper = Paper(
            arxiv_id=announcement.arxiv_id,
            version=announcement.version,
            title=announcement.title,
            authors=announcement.authors,
            abstract=announcement.abstract,
            primary_category=next(iter(announcement.categories), ""),
            categories=announcement.categories,
            journal_ref=announcement.journal_ref,
            doi=announcement.doi,
            license=announcement.license,
            withdrawn=is_withdrawn("", announcement.abstract),
        )
        return self._linked(paper)

    def _listed(self, listed: ListedPaper) -> Paper:
        paper = Paper(
            arxiv_id=listed.arxiv_id,
            version=1 if listed.kind == "new" else None,
            title=listed.title,
            authors=listed.authors,
            abstract=listed.abstract,
            primary_category=listed.categories[0],
            categories=listed.categories,
            comment=listed.comment,
            withdrawn=is_withdrawn(listed.comment, listed.abstract),
        )
        return self._linked(paper)

    def _linked(self, paper: Paper) -> Paper:
        abs_url, pdf_url = f"http://arxiv.org/abs/{paper.idv}", f"{self._site_url}/pdf/{paper.idv}"
        return replace(paper, abs_url=abs_url, pdf_url=pdf_url)


def _check(answer: Answer) -> None:
    if answer.status_code != _OK:
        raise UpstreamError(
            f"arXiv answered HTTP {answer.status_code} to a request for its listing page",
            url=answer.url,
            status=answer.status_code,
        )
    read_listing(answer.content, answer.content_type, answer.url)
