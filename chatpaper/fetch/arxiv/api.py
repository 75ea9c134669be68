"""Search arXiv's query API through the `arxiv` package.

Topic and dates go in, papers come out, and none is lost in silence.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import arxiv

from chatpaper.domain import ArxivId, Paper, Topic
from chatpaper.domain.errors import (
    ConfigError,
    FetchError,
    PaperNotFoundError,
    UpstreamError,
)
from chatpaper.fetch.arxiv.atom import FeedPage
from chatpaper.fetch.arxiv.feed_pages import BAD_REQUEST, FeedPages
from chatpaper.fetch.arxiv.query import build_date_clause, build_search_query
from chatpaper.fetch.http.session import ThrottledSession

_log = logging.getLogger(__name__)

# arXiv allows 2000; smaller pages fail less often.
DEFAULT_PAGE_SIZE = 200
# The service answers HTTP 500 to anything deeper, whatever total it states.
DEEPEST_RESULT = 10_000
# Keeps the URL of a look-up well below what web servers accept.
_IDS_PER_REQUEST = 100
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """The papers that arXiv has for a query, newest first, each once.

    `unreadable` says what is wrong with the records that arXiv sent and that cannot be used.
    """

    query: str
    papers: tuple[Paper, ...]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPreview:
    """How many papers arXiv has for a query, and the newest of them."""

    total: int
    newest: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class _Listing:
    """What one reading of all pages of a query brought.

    `steady` says whether all pages stated the same total.
    """

    papers: dict[str, Paper]
    unreadable: frozenset[str]
    total: int
    steady: bool

    @property
    def entries(self) -> int:
        """How many records came, be they usable or not."""
        return len(self.papers) + len(self.unreadable)

    def joined(self, other: "_Listing") -> "_Listing":
        """Return what both readings brought; total and steadiness are those of the other."""
        return replace(
            other, papers=self.papers | other.papers, unreadable=self.unreadable | other.unreadable
        )


class ArxivApi:
    """Searches arXiv and looks papers up, at the pace of the session that it is given."""

    def __init__(
        self,
        session: ThrottledSession,
        *,
        api_url: str = "https://export.arxiv.org/api/query",
        site_url: str = "https://arxiv.org",
        page_size: int = DEFAULT_PAGE_SIZE,
        deepest_result: int = DEEPEST_RESULT,
    ) -> None:
        self._api_url, self._site_url = api_url, site_url.rstrip("/")
        self._pages = FeedPages(session, self._api_url, self._site_url)
        self._page_size = page_size
        self._deepest_result = deepest_result

    def search(self, topic: Topic, since: date | datetime, until: date | datetime) -> SearchOutcome:
        """Find the papers of a topic first submitted from `since` to `until`, both included.

        A date is a whole day in GMT. Whether a paper is about the topic is for `relevance` to say.
        Raises UpstreamError when arXiv does not give the whole list, ConfigError when it refuses a
        query of the user's.
        """
        start, end = _window(since, until)
        with _refusal_of(topic):
            found = self._listing_between(topic, start, end)
        papers = tuple(sorted(found.papers.values(), key=_newest_first))
        return SearchOutcome(
            build_search_query(topic, start, end), papers, tuple(sorted(found.unreadable))
        )

    def count(self, topic: Topic, since: date | datetime, until: date | datetime) -> int:
        """Return how many papers arXiv states for the topic in that time.

        Errors as for `search`.
        """
        query = build_search_query(topic, *_window(since, until))
        with _refusal_of(topic):
            return self._pages.read_first(arxiv.Search(query), size=1)[0].total

    def preview(
        self, topic: Topic, since: date | datetime, until: date | datetime, size: int
    ) -> SearchPreview:
        """Return how many papers arXiv states for the topic in that time, and a few of them.

        Errors as for `search`.
        """
        query = build_search_query(topic, *_window(since, until))
        search = arxiv.Search(query, sort_by=arxiv.SortCriterion.SubmittedDate)
        with _refusal_of(topic):
            page, papers = self._pages.read_first(search, size)
        return SearchPreview(page.total, tuple(papers))

    def count_all(self, since: datetime, until: datetime) -> int:
        """Return how many papers of all topics arXiv states for that time. Raises UpstreamError."""
        return self._pages.read_first(arxiv.Search(build_date_clause(since, until)), size=1)[
            0
        ].total

    def by_id(self, arxiv_id: ArxivId) -> Paper:
        """Look one paper up.

        Raises PaperNotFoundError where arXiv has none of that id and version.
        """
        found = self.fetch_records([arxiv_id])
        if arxiv_id not in found:
            raise PaperNotFoundError(
                f"arXiv has no paper {arxiv_id.idv}: check the number",
                url=f"{self._site_url}/abs/{arxiv_id.idv}",
            )
        return found[arxiv_id]

    def fetch_records(self, arxiv_ids: Sequence[ArxivId]) -> dict[ArxivId, Paper]:
        """Look several papers up at once, in the order asked for.

        Ids that arXiv does not have are left out.
        """
        wanted = list(dict.fromkeys(arxiv_ids))
        found: dict[ArxivId, Paper] = {}
        for first in range(0, len(wanted), _IDS_PER_REQUEST):
            found |= self._look_up(wanted[first : first + _IDS_PER_REQUEST])
        return found

    def _look_up(self, wanted: Sequence[ArxivId]) -> dict[ArxivId, Paper]:
        search = arxiv.Search(id_list=[each.idv for each in wanted])
        try:
            papers = self._pages.read_first(search, size=len(wanted))[1]
        except FetchError as error:
            if error.status != BAD_REQUEST:
                raise
            # One id that arXiv cannot read spoils the answer for all the others.
            return {} if len(wanted) == 1 else self._look_up_singly(wanted)
        oldest_first = sorted(papers, key=lambda paper: paper.version or 0)
        by_key = {key: paper for paper in oldest_first for key in (paper.arxiv_id, paper.idv)}
        return {each: by_key[_key(each)] for each in wanted if _key(each) in by_key}

    def _look_up_singly(self, wanted: Sequence[ArxivId]) -> dict[ArxivId, Paper]:
        return {
            arxiv_id: paper for each in wanted for arxiv_id, paper in self._look_up([each]).items()
        }

    def _listing_between(self, topic: Topic, start: datetime, end: datetime) -> _Listing:
        search = arxiv.Search(
            build_search_query(topic, start, end), sort_by=arxiv.SortCriterion.SubmittedDate
        )
        first = self._pages.read_first(search, size=self._page_size)
        if first[0].total <= self._deepest_result:
            return self._whole_listing(search, first)
        if end - start < 2 * _MINUTE:
            raise ConfigError(
                f"Topic {topic.name!r} has more than {self._deepest_result} papers a minute: "
                "narrow its phrases"
            )
        middle = start + (end - start) // 2
        later = self._listing_between(topic, _next_minute(middle), end)
        return later.joined(self._listing_between(topic, start, middle))

    def _whole_listing(self, search: arxiv.Search, first: tuple[FeedPage, list[Paper]]) -> _Listing:
        """Read all pages, and once more where papers moved between pages while we read."""
        listing = self._read_pages(search, first)
        if listing.entries >= listing.total:
            return listing
        found = listing.joined(
            self._read_pages(search, self._pages.read(search, 0, self._page_size))
        )
        if found.entries < found.total and not found.steady:
            raise UpstreamError(
                f"arXiv states {found.total} papers for {search.query!r} "
                f"but sent {found.entries}: run again later",
                url=self._api_url,
            )
        if found.entries < found.total:
            _log.warning(
                "arXiv lists %d papers twice for %s", found.total - found.entries, search.query
            )
        return found

    def _read_pages(self, search: arxiv.Search, first: tuple[FeedPage, list[Paper]]) -> _Listing:
        page, papers = first
        totals, unreadable = {page.total}, set(page.unreadable)
        found = {paper.arxiv_id: paper for paper in papers}
        start = self._page_size
        while start < min(max(totals), self._deepest_result):
            page, papers = self._pages.read(search, start, self._page_size)
            totals.add(page.total)
            unreadable |= set(page.unreadable)
            found |= {paper.arxiv_id: paper for paper in papers}
            start += self._page_size
        return _Listing(found, frozenset(unreadable), max(totals), steady=len(totals) == 1)


@contextmanager
def _refusal_of(topic: Topic) -> Iterator[None]:
    """Turn arXiv's refusal of a query that the user wrote into a ConfigError.

    A query made from phrases is never what is wrong.
    """
    try:
        yield
    except FetchError as error:
        if error.status != BAD_REQUEST:
            raise
        if topic.query:
            raise ConfigError(f"Topic {topic.name!r}: {error}") from error
        raise UpstreamError(
            f"Topic {topic.name!r}: {error}: run again later", url=error.url
        ) from error


def _newest_first(paper: Paper) -> tuple[float, str]:
    return (-paper.published.timestamp() if paper.published else 0.0, paper.arxiv_id)


def _key(arxiv_id: ArxivId) -> str:
    """Return the name under which arXiv answers: `math/0309136` for `math.GT/0309136`."""
    return re.sub(r"^([a-z-]+)\.[a-z]{2}/", r"\1/", arxiv_id.idv, flags=re.IGNORECASE)


def _window(since: date | datetime, until: date | datetime) -> tuple[datetime, datetime]:
    start, end = _moment(since, time.min), _moment(until, time(23, 59))
    if start > end:
        raise ConfigError(f"The time to search ends ({until}) before it begins ({since})")
    return start, end


def _moment(when: date | datetime, time_of_day: time) -> datetime:
    if not isinstance(when, datetime):
        return datetime.combine(when, time_of_day, UTC)
    if when.tzinfo is None:
        raise ValueError(f"a time without a time zone: {when}")
    return when.astimezone(UTC)


def _next_minute(moment: datetime) -> datetime:
    """Return the beginning of the next minute.

    Dates of a query count whole minutes, so the two halves of a window must not share one.
    """
    return moment.replace(second=0, microsecond=0) + _MINUTE
