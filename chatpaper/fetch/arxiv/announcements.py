"""What arXiv announced last: from the RSS feed of the day, else from its listing pages.

Both tell what was announced and when, which the query API does not, but only for one day. `new` and
`cross` are papers to consider; `replace` and `replace-cross` are new versions of papers that were
announced before. One feed is read for all the topics of a run.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from chatpaper.domain import Paper, Topic
from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.fetch.arxiv.calendar import NEW_YORK
from chatpaper.fetch.arxiv.listing_page import ListedPaper, ListingPage, parse_listing
from chatpaper.fetch.arxiv.rss import FeedItem, RssClient, RssFeed
from chatpaper.fetch.arxiv.withdrawal import is_withdrawn
from chatpaper.fetch.http.session import Response, ThrottledSession
from chatpaper.fetch.topics.relevance import matches_any_category

_log = logging.getLogger(__name__)

_OK = 200
# As many entries as arXiv puts on one page.
_ENTRIES_PER_PAGE = 2000
_CANDIDATE_TYPES = frozenset({"new", "cross"})


@dataclass(frozen=True, slots=True)
class AnnouncedPapers:
    """The papers that arXiv announced on `day`, a date in New York, in some categories.

    `source` names the service. `is_complete` is False where more was announced than was shown;
    `replacement_count` counts the new versions of earlier papers, which are left out.
    """

    source: str
    day: date
    papers: tuple[Paper, ...]
    replacement_count: int
    is_complete: bool


def explain_unsupported_topic(topic: Topic) -> str:
    """Explain why a topic's papers cannot be selected from announcements; empty if they can."""
    if not topic.categories:
        return f"topic {topic.name!r} has no categories, by which feeds are asked for"
    if topic.query or not (topic.phrases or topic.all_of):
        return f"topic {topic.name!r} has a query of its own, which only arXiv's API can answer"
    return ""


class AnnouncementReader:
    """Reads the last announcements, each set of categories once.

    `topics` are those of the run: whichever is asked about first, one request reads the feed for
    all of them.
    """

    def __init__(
        self,
        session: ThrottledSession,
        feeds: RssClient,
        site_url: str = "https://arxiv.org",
        topics: Sequence[Topic] = (),
    ) -> None:
        self._session = session
        self._feeds = feeds
        self._site_url = site_url.rstrip("/")
        self._shared_categories = _share_categories(topics)
        self._latest: dict[tuple[str, ...], AnnouncedPapers] = {}
        self._pages: dict[str, ListingPage] = {}

    def read_feed(self, categories: Sequence[str]) -> AnnouncedPapers:
        """Read from the feed what was announced last in any of the categories.

        Raises UpstreamError where the feed fails, ConfigError where arXiv does not know one of the
        categories.
        """
        return self._from_feed(tuple(dict.fromkeys(categories)))

    def read_latest(self, categories: Sequence[str]) -> AnnouncedPapers:
        """Read what was announced last in any of the categories from the feed, else from listings.

        Raises UpstreamError where neither answers, ConfigError where arXiv does not know one of the
        categories.
        """
        key = tuple(dict.fromkeys(categories))
        if key not in self._latest:
            self._latest[key] = self._read_anew(key)
        return self._latest[key]

    def read_batch(self, categories: Sequence[str], day: date) -> AnnouncedPapers:
        """Read what the listing pages of some categories show, which is hoped to be that of a day.

        A page that shows that day is read once for all topics, any other anew each time. Raises
        UpstreamError where a page cannot be read.
        """
        names = dict.fromkeys(categories)
        for name in names:
            shown = self._pages.get(name)
            if shown is None or shown.day < day:
                self._pages[name] = self._listing_page(name)
        return self._combine([self._pages[name] for name in names])

    def _read_anew(self, categories: tuple[str, ...]) -> AnnouncedPapers:
        try:
            return self._from_feed(categories)
        except UpstreamError as error:
            _log.warning("%s", error)
        return self._from_listings(categories)

    def _from_feed(self, categories: tuple[str, ...]) -> AnnouncedPapers:
        feed = self._shared_feed(categories)
        is_complete = not feed.may_be_truncated
        items = list(feed.items)
        if not is_complete:
            feeds = [self._feeds.read((category,)) for category in categories]
            is_complete = not any(each.may_be_truncated for each in feeds)
            items = [item for each in feeds for item in each.items]
        items = [item for item in items if matches_any_category(categories, item.categories)]
        papers = {
            item.arxiv_id: self._paper_of_item(item)
            for item in items
            if item.announce_type in _CANDIDATE_TYPES
        }
        replaced = {item.arxiv_id for item in items} - papers.keys()
        day = feed.announced_at.astimezone(NEW_YORK).date()
        return AnnouncedPapers("RSS feed", day, tuple(papers.values()), len(replaced), is_complete)

    def _shared_feed(self, categories: tuple[str, ...]) -> RssFeed:
        """Read the feed of all topics.

        If another topic names a category that arXiv does not know, read that of these categories.
        """
        try:
            return self._feeds.read(tuple(self._shared_categories | dict.fromkeys(categories)))
        except ConfigError as error:
            _log.warning("the topics cannot share a feed: %s", error)
            return self._feeds.read(categories)

    def _from_listings(self, categories: tuple[str, ...]) -> AnnouncedPapers:
        return self._combine([self._listing_page(category) for category in categories])

    def _combine(self, pages: Sequence[ListingPage]) -> AnnouncedPapers:
        listed = [paper for page in pages for paper in page.papers]
        papers = {
            each.arxiv_id: self._paper_of_listing(each)
            for each in listed
            if each.kind in _CANDIDATE_TYPES
        }
        replaced = {each.arxiv_id for each in listed} - papers.keys()
        # Pages of different days were read while they changed: all of them show the older day.
        days = {page.day for page in pages}
        is_complete = len(days) == 1 and all(page.is_complete for page in pages)
        return AnnouncedPapers(
            "listing page", min(days), tuple(papers.values()), len(replaced), is_complete
        )

    def _listing_page(self, category: str) -> ListingPage:
        name = quote(category.removesuffix(".*"))
        response = self._session.read(
            f"{self._site_url}/list/{name}/new?skip=0&show={_ENTRIES_PER_PAGE}", check=_check
        )
        return parse_listing(response.content, response.content_type, response.url)

    def _paper_of_item(self, item: FeedItem) -> Paper:
        return self._with_links(
            Paper(
                arxiv_id=item.arxiv_id,
                version=item.version,
                title=item.title,
                authors=item.authors,
                abstract=item.abstract,
                primary_category=next(iter(item.categories), ""),
                categories=item.categories,
                journal_ref=item.journal_ref,
                doi=item.doi,
                license=item.license,
                withdrawn=is_withdrawn("", item.abstract),
            )
        )

    def _paper_of_listing(self, listed: ListedPaper) -> Paper:
        return self._with_links(
            Paper(
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
        )

    def _with_links(self, paper: Paper) -> Paper:
        pdf_url = f"{self._site_url}/pdf/{paper.idv}"
        return replace(paper, abs_url=f"http://arxiv.org/abs/{paper.idv}", pdf_url=pdf_url)


def _check(response: Response) -> None:
    if response.status_code != _OK:
        raise UpstreamError(
            f"arXiv answered HTTP {response.status_code} to a request for its listing page",
            url=response.url,
            status=response.status_code,
        )
    parse_listing(response.content, response.content_type, response.url)


def _share_categories(topics: Sequence[Topic]) -> dict[str, None]:
    """Return the categories of all topics that feeds can serve, each once, in their order."""
    return dict.fromkeys(
        category
        for topic in topics
        if not explain_unsupported_topic(topic)
        for category in topic.categories
    )
