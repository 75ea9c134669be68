"""Read the papers of a venue of OpenReview by its API, version 2.

`/notes?content.venueid=...&limit=...&offset=...` lists the notes that a venue has accepted, each
value of their content within an object (docs.openreview.net). What a venue calls itself ("ICLR 2026
Oral") stands with each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from chatpaper.domain import Paper
from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.fetch.http.session import Response, ThrottledSession, expect_status
from chatpaper.fetch.record_text import clean_record_text

# The most that the API gives at once.
PAGE_SIZE = 1000
_MOST_PAGES = 50
# Keeps the keys of notes apart from ids of arXiv and names of files.
KEY_PREFIX = "openreview."
_MILLISECONDS = 1000
_NAME = "OpenReview"


def _unwrap(value: Any) -> Any:
    return value.get("value") if isinstance(value, dict) else value


def _unwrap_text(value: Any) -> Any:
    return _unwrap(value) or ""


def _unwrap_list(value: Any) -> Any:
    return _unwrap(value) or ()


_Text = Annotated[str, BeforeValidator(_unwrap_text)]


class _Content(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    title: _Text = ""
    authors: Annotated[tuple[str, ...], BeforeValidator(_unwrap_list)] = ()
    abstract: _Text = ""
    venue: _Text = ""
    pdf: _Text = ""


class _Note(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[str, Field(pattern=r"^[\w-]{4,40}$")]
    pdate: int | None = None
    cdate: int | None = None
    mdate: int | None = None
    content: _Content


class _Notes(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    notes: tuple[_Note, ...]
    count: int | None = None


@dataclass(frozen=True, slots=True)
class OpenReviewClient:
    """Reads the papers of venues; it keeps the pace of its session.

    `api_url` is that of the API, `site_url` that of the pages and PDFs.
    """

    session: ThrottledSession
    api_url: str
    site_url: str

    def fetch_papers(self, venue: str) -> tuple[Paper, ...]:
        """Return the papers of a venue by its id, such as `ICLR.cc/2026/Conference`.

        Raises UpstreamError where the list is not whole, ConfigError for a venue without any.
        """
        notes = {note.id: note for note in self._list_notes(venue)}
        if not notes:
            raise ConfigError(
                f"OpenReview has no papers of {venue!r}: give the id of a venue as its address "
                "has it, such as ICLR.cc/2026/Conference."
            )
        papers = (self._make_paper(note) for note in notes.values() if note.content.title)
        return tuple(sorted(papers, key=lambda paper: paper.sort_key))

    def _list_notes(self, venue: str) -> Iterator[_Note]:
        offset = 0
        for _ in range(_MOST_PAGES):
            query = {"content.venueid": venue, "limit": PAGE_SIZE, "offset": offset}
            response = self.session.read(f"{self.api_url}/notes?{urlencode(query)}", _check)
            page = _parse(response)
            yield from page.notes
            offset += len(page.notes)
            if len(page.notes) < PAGE_SIZE:
                break
        if page.count is not None and offset < page.count:
            raise UpstreamError(
                f"{_NAME} gave {offset} of {page.count} papers: run again later", url=self.api_url
            )

    def _make_paper(self, note: _Note) -> Paper:
        content = note.content
        posted = _to_time(note.pdate or note.cdate)
        return Paper(
            arxiv_id=f"{KEY_PREFIX}{note.id}",
            title=clean_record_text(content.title),
            authors=tuple(clean_record_text(name) for name in content.authors),
            abstract=clean_record_text(content.abstract),
            published=posted,
            updated=_to_time(note.mdate) or posted,
            venue=clean_record_text(content.venue),
            abs_url=f"{self.site_url}/forum?id={note.id}",
            pdf_url=f"{self.site_url}/pdf?id={note.id}" if content.pdf else "",
            source="file",
        )


def _to_time(milliseconds: int | None) -> datetime | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / _MILLISECONDS, UTC)


def _check(response: Response) -> None:
    expect_status(response, _NAME, "preprints.openreview_api_url")
    _parse(response)


def _parse(response: Response) -> _Notes:
    """Return a page of notes. Raises UpstreamError for what is none."""
    try:
        return _Notes.model_validate_json(response.content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the list"
        raise UpstreamError(
            f"{_NAME} sent a list of papers that is not whole, at {place}: {first['msg']}",
            url=response.url,
        ) from error
