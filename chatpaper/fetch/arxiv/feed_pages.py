"""Single pages of arXiv's query API, whole and checked, through the `arxiv` package."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import arxiv

from chatpaper.domain import ArxivId, Paper
from chatpaper.domain.errors import FetchError, UpstreamError
from chatpaper.fetch.arxiv.atom import FeedPage, drop_unreadable_entries, read_feed
from chatpaper.fetch.arxiv.withdrawal import is_withdrawn
from chatpaper.fetch.http.session import Response, ThrottledSession, expect_status
from chatpaper.fetch.record_text import clean_record_text

_log = logging.getLogger(__name__)

BAD_REQUEST = 400

# arXiv is known to answer "0 results" now and then to a query that has some.
_ASKS_BEFORE_EMPTY_IS_BELIEVED = 3


class FeedPages:
    """Reads the pages of queries, at the pace of the session that it is given."""

    def __init__(self, session: ThrottledSession, api_url: str, site_url: str) -> None:
        self._feeds = _FeedSession(session)
        self._api_url, self._site_url = api_url, site_url

    def read_first(self, search: arxiv.Search, size: int) -> tuple[FeedPage, list[Paper]]:
        """Ask for the first page, and again where it is empty."""
        for _ in range(_ASKS_BEFORE_EMPTY_IS_BELIEVED):
            page, papers = self.read(search, 0, size)
            if papers:
                break
        return page, papers

    def read(self, search: arxiv.Search, start: int, size: int) -> tuple[FeedPage, list[Paper]]:
        """Ask for exactly one page.

        The package stops after `start + size` papers and so asks for no second page.
        """
        client = arxiv.Client(page_size=size, delay_seconds=0, num_retries=0)
        client._session = self._feeds
        client.query_url_format = self._api_url.replace("{", "{{").replace("}", "}}") + "?{}"
        bounded = arxiv.Search(
            search.query, search.id_list, start + size, search.sort_by, arxiv.SortOrder.Descending
        )
        papers = [_paper(each, self._site_url) for each in client.results(bounded, offset=start)]
        return self._feeds.last_page, papers


class _FeedSession:
    """Replaces the package's requests session and gives the package only whole, checked pages."""

    def __init__(self, session: ThrottledSession) -> None:
        self._session = session
        self.last_page = FeedPage(0, 0, 0)
        self._refused = self.last_page

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Response:
        """Read one page.

        The package's own headers carry only its User-Agent, in whose place ours is sent.

        A page with a record that cannot be used is asked for once more; if the record stays as it
        is, it is left out.
        """
        response = self._session.read(url, check=self._check)
        if not self.last_page.unreadable:
            return response
        for fault in self.last_page.unreadable:
            _log.warning("arXiv sent %s: this record is left out", fault)
        return replace(response, content=drop_unreadable_entries(response.content))

    def _check(self, response: Response) -> None:
        expect_status(response, "arXiv", "arxiv.api_url", BAD_REQUEST)
        page = read_feed(response.content, response.content_type, response.url)
        if response.status_code == BAD_REQUEST:
            raise FetchError("arXiv refuses the query", url=response.url, status=BAD_REQUEST)
        self.last_page = _whole_page(page, response.url)
        if page.unreadable and page != self._refused:
            self._refused = page
            raise UpstreamError(f"arXiv sent {page.unreadable[0]}", url=response.url)


def _whole_page(page: FeedPage, url: str) -> FeedPage:
    """Check that a page is the one that was asked for, and as full as arXiv says.

    Raises UpstreamError where it is not.
    """
    asked = parse_qs(urlsplit(url).query)
    start, size = int(asked["start"][0]), int(asked["max_results"][0])
    if page.start != start:
        raise UpstreamError(f"arXiv sent the page at {page.start} instead of {start}", url=url)
    due = min(size, max(0, page.total - start))
    if page.entries < due:
        raise UpstreamError(f"arXiv sent {page.entries} of {due} papers of a page", url=url)
    return page


def _paper(record: Any, site_url: str) -> Paper:
    arxiv_id = ArxivId.parse(record.entry_id.split("/abs/")[-1])
    comment = clean_record_text(record.comment)
    abstract = clean_record_text(record.summary)
    return Paper(
        arxiv_id=arxiv_id.id,
        version=arxiv_id.version,
        title=clean_record_text(record.title),
        authors=tuple(clean_record_text(author.name) for author in record.authors),
        abstract=abstract,
        published=record.published,
        updated=record.updated,
        primary_category=record.primary_category,
        categories=tuple(dict.fromkeys(record.categories)),
        comment=comment,
        journal_ref=clean_record_text(record.journal_ref),
        doi=clean_record_text(record.doi),
        abs_url=f"http://arxiv.org/abs/{arxiv_id.idv}",
        pdf_url=f"{site_url}/pdf/{arxiv_id.idv}",
        withdrawn=is_withdrawn(comment, abstract),
    )
