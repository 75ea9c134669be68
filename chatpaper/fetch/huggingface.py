"""Read Hugging Face's daily papers.

They are papers of arXiv that its community put on one day's list, with their upvotes.

The API is `/api/daily_papers` with `date`, `limit` and `p`, the page, counted from 0
(huggingface.co/docs/hub/api). It answers 400 for a day that has not begun in UTC, and an empty list
for one without papers, as weekends often are.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from chatpaper.domain import ArxivId, Paper, Topic
from chatpaper.domain.errors import ConfigError, FetchError, UpstreamError
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.arxiv.withdrawal import is_withdrawn
from chatpaper.fetch.http.session import Response, ThrottledSession, expect_status
from chatpaper.fetch.record_text import clean_record_text

_log = logging.getLogger(__name__)

_BAD_REQUEST = 400
# The most that the API gives at once; a day has seldom more.
PAGE_SIZE = 100
# Far beyond any day, so that a service that never comes to an end is noticed.
_MOST_PAGES = 20
# A list may be empty by a fault; twice in a row it is believed.
_ASKS_BEFORE_EMPTY_IS_BELIEVED = 2

# The topic of a day's list as a whole: without phrases, every paper is about it.
DAILY_PAPERS = Topic("Daily Papers")


@dataclass(frozen=True, slots=True)
class DailyPaper:
    """A paper of a day's list.

    `warning` says what of its record could not be had from arXiv, where that is so.
    """

    paper: Paper
    warning: str = ""


class _Author(BaseModel):
    """An author; Hugging Face does not show `hidden` ones, which were entered by mistake."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str
    hidden: bool = False


class _Record(BaseModel):
    """What is read of `paper`.

    Of everything else that Hugging Face says, arXiv knows better or we say nothing.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[str, Field(min_length=1)]
    title: Annotated[str, Field(min_length=1)]
    summary: str = ""
    authors: tuple[_Author, ...] = ()
    published: datetime | None = Field(default=None, alias="publishedAt")
    upvotes: Annotated[int, Field(ge=0)] | None = None
    project_page: str | None = Field(default=None, alias="projectPage")
    code: str | None = Field(default=None, alias="githubRepo")

    @field_validator("published")
    @classmethod
    def _in_some_zone(cls, moment: datetime | None) -> datetime | None:
        return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    paper: _Record


class _Refusal(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    error: str = ""


_ITEMS = TypeAdapter(tuple[_Item, ...])


class HuggingFaceClient:
    """Reads lists of daily papers and completes them from arXiv.

    It keeps the pace of the session that it is given.
    """

    def __init__(
        self,
        session: ThrottledSession,
        arxiv: ArxivApi,
        base_url: str,
        arxiv_site_url: str = "https://arxiv.org",
    ) -> None:
        self._session = session
        self._arxiv = arxiv
        self._base_url = base_url
        self._arxiv_site_url = arxiv_site_url

    def fetch_papers(self, since: date, until: date) -> tuple[DailyPaper, ...]:
        """Return the papers of the days from `since` to `until`, both included.

        Each comes once, those with most upvotes first. Their records are arXiv's, but for upvotes
        and links; where arXiv does not answer, they are Hugging Face's, and a warning says so.
        Raises UpstreamError where Hugging Face does not give a whole list, ConfigError where it
        refuses a day.
        """
        found: dict[str, Paper] = {}
        day = since
        while day <= until:
            for paper in self.fetch_day(day):
                found.setdefault(paper.arxiv_id, paper)
            day += timedelta(days=1)
        return self._completed(sorted(found.values(), key=lambda paper: -(paper.upvotes or 0)))

    def fetch_day(self, day: date) -> tuple[Paper, ...]:
        """Return the list of one day, as Hugging Face has it; errors as for `fetch_papers`."""
        found: dict[str, Paper] = {}
        for page in range(_MOST_PAGES):
            papers = self._first_page(day) if page == 0 else self._page(day, page)
            new = {paper.arxiv_id: paper for paper in papers if paper.arxiv_id not in found}
            if not new:
                break
            found |= new
        else:
            raise UpstreamError(
                f"Hugging Face lists more than {_MOST_PAGES * PAGE_SIZE} papers for {day}: "
                "run again later",
                url=self._base_url,
            )
        if not found:
            _log.warning("Hugging Face lists no daily papers for %s, a %s", day, f"{day:%A}")
        return tuple(found.values())

    def _first_page(self, day: date) -> tuple[Paper, ...]:
        for _ in range(_ASKS_BEFORE_EMPTY_IS_BELIEVED):
            papers = self._page(day, 0)
            if papers:
                break
        return papers

    def _page(self, day: date, page: int) -> tuple[Paper, ...]:
        query = urlencode({"date": day.isoformat(), "limit": PAGE_SIZE, "p": page})
        try:
            response = self._session.read(
                f"{self._base_url}/api/daily_papers?{query}", check=_check
            )
        except FetchError as error:
            if error.status != _BAD_REQUEST:
                raise
            raise ConfigError(f"Hugging Face has no daily papers of {day}: {error}") from error
        return tuple(self._paper(item.paper) for item in _items(response))

    def _paper(self, record: _Record) -> Paper:
        """Return the paper as Hugging Face describes it.

        One that is not on arXiv has no PDF that could be fetched.
        """
        is_arxivs = _arxiv_id(record.id) is not None
        return Paper(
            arxiv_id=record.id,
            title=clean_record_text(record.title),
            authors=tuple(
                clean_record_text(author.name) for author in record.authors if not author.hidden
            ),
            abstract=clean_record_text(record.summary),
            published=record.published,
            updated=record.published,
            abs_url=f"http://arxiv.org/abs/{record.id}"
            if is_arxivs
            else f"{self._base_url}/papers/{record.id}",
            pdf_url=f"{self._arxiv_site_url}/pdf/{record.id}" if is_arxivs else "",
            withdrawn=is_withdrawn("", record.summary),
            upvotes=record.upvotes,
            links=tuple(
                link for link in (record.project_page, record.code) if link and _is_web_page(link)
            ),
            source="huggingface",
        )

    def _completed(self, papers: Sequence[Paper]) -> tuple[DailyPaper, ...]:
        ids = {
            paper.arxiv_id: arxiv_id
            for paper in papers
            if (arxiv_id := _arxiv_id(paper.arxiv_id)) is not None
        }
        try:
            records = self._arxiv.fetch_records(tuple(ids.values()))
        except UpstreamError as error:
            _log.warning("%s; going on with what Hugging Face tells of the papers", error)
            return tuple(DailyPaper(paper, _incomplete(str(error))) for paper in papers)
        return tuple(
            _merged(paper, records.get(ids[paper.arxiv_id]) if paper.arxiv_id in ids else None)
            for paper in papers
        )


def _merged(paper: Paper, record: Paper | None) -> DailyPaper:
    if record is None:
        _log.warning(
            "%s: arXiv has no such paper; going on with what Hugging Face tells of it",
            paper.arxiv_id,
        )
        return DailyPaper(paper, _incomplete("arXiv has no such paper"))
    return DailyPaper(replace(record, upvotes=paper.upvotes, links=paper.links))


def _incomplete(reason: str) -> str:
    return (
        f"the record is Hugging Face's, without version, categories, comment and licence: {reason}"
    )


def _check(response: Response) -> None:
    if response.status_code == _BAD_REQUEST:
        raise FetchError(_refusal(response), url=response.url, status=_BAD_REQUEST)
    expect_status(response, "Hugging Face", "huggingface.base_url")
    _items(response)


def _items(response: Response) -> tuple[_Item, ...]:
    if response.content_type != "application/json":
        kind = response.content_type or "something without a type"
        raise UpstreamError(
            f"Hugging Face sent {kind} instead of a list of papers", url=response.url
        )
    try:
        return _ITEMS.validate_json(response.content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the list"
        raise UpstreamError(
            f"Hugging Face sent a list of papers that is not whole, at {place}: {first['msg']}",
            url=response.url,
        ) from error


def _refusal(response: Response) -> str:
    try:
        reason = _Refusal.model_validate_json(response.content).error
    except ValidationError:
        reason = ""
    return f"{reason or 'it refuses the date'}; give a day that is not later than today in UTC"


def _arxiv_id(text: str) -> ArxivId | None:
    try:
        return ArxivId.parse(text)
    except ValueError:
        return None


def _is_web_page(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
