"""Read bioRxiv and medRxiv by their API.

`/details/{server}/{since}/{until}/{cursor}/json` lists every version that was posted on these days,
some thirty a page; there is no search (api.biorxiv.org/details/biorxiv/help). A period without
posts is answered with HTTP 200, an empty list, and a status that says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatpaper.domain import Paper
from chatpaper.domain.errors import UpstreamError
from chatpaper.fetch.http.session import Response, ThrottledSession, expect_status
from chatpaper.fetch.record_text import clean_record_text

Server = Literal["biorxiv", "medrxiv"]

SERVER_NAMES: dict[Server, str] = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}
# Far beyond any month, so that a list that never comes to an end is noticed.
_MOST_PAGES = 2000
_OK = "ok"
# What stands in place of a value that is not there.
_NOTHING = "NA"
_WITHDRAWN = "withdrawn"
_LICENSES = {
    "cc0": "http://creativecommons.org/publicdomain/zero/1.0/",
    **{
        name: f"http://creativecommons.org/licenses/{name[3:].replace('_', '-')}/4.0/"
        for name in ("cc_by", "cc_by_nc", "cc_by_nd", "cc_by_nc_nd")
    },
}


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    status: str
    total: int = 0


class _Record(BaseModel):
    """A version of a preprint."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$")]
    title: Annotated[str, Field(min_length=1)]
    authors: str = ""
    date: date
    version: Annotated[int, Field(ge=1)]
    license: str = ""
    category: str = ""
    abstract: str = ""
    published: str = _NOTHING


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    messages: Annotated[tuple[_Message, ...], Field(min_length=1)]
    collection: tuple[_Record, ...] = ()


@dataclass(frozen=True, slots=True)
class BiorxivClient:
    """Reads what was posted to one of the two servers; it keeps the pace of its session.

    `api_url` is that of the API, `site_url` that of the pages and PDFs.
    """

    session: ThrottledSession
    server: Server
    api_url: str
    site_url: str

    def fetch_papers(self, since: date, until: date) -> tuple[Paper, ...]:
        """Return the preprints whose first version was posted from `since` to `until`.

        Each comes once, in its last version of these days, the newest first. Raises UpstreamError
        where the list is not whole.
        """
        versions: dict[str, list[_Record]] = {}
        for record in self._list_records(since, until):
            versions.setdefault(record.doi, []).append(record)
        papers = (
            self._make_paper(sorted(records, key=lambda record: record.version))
            for records in versions.values()
            if any(record.version == 1 for record in records)
        )
        return tuple(sorted(papers, key=lambda paper: paper.sort_key))

    def _list_records(self, since: date, until: date) -> Iterator[_Record]:
        cursor = 0
        for _ in range(_MOST_PAGES):
            page = self._read_page(since, until, cursor)
            yield from page.collection
            cursor += len(page.collection)
            total = page.messages[0].total
            if cursor >= total:
                return
            if not page.collection:
                raise UpstreamError(
                    f"{SERVER_NAMES[self.server]} gave {cursor} of {total} preprints: "
                    "run again later",
                    url=self.api_url,
                )
        raise UpstreamError(
            f"{SERVER_NAMES[self.server]} lists preprints without an end: run again later",
            url=self.api_url,
        )

    def _read_page(self, since: date, until: date, cursor: int) -> _Page:
        response = self.session.read(
            f"{self.api_url}/details/{self.server}/{since}/{until}/{cursor}/json", self._check
        )
        return _parse(response, self.server)

    def _check(self, response: Response) -> None:
        expect_status(response, SERVER_NAMES[self.server], "preprints.biorxiv_api_url")
        _parse(response, self.server)

    def _make_paper(self, versions: Sequence[_Record]) -> Paper:
        first, last = versions[0], versions[-1]
        address = f"{self.site_url}/content/{last.doi}v{last.version}"
        category = last.category.strip().casefold().replace(" ", "_")
        title = clean_record_text(last.title)
        return Paper(
            arxiv_id=last.doi,
            title=title,
            authors=tuple(_list_authors(last.authors)),
            abstract=clean_record_text(last.abstract),
            version=last.version,
            published=datetime.combine(first.date, time.min, UTC),
            updated=datetime.combine(last.date, time.min, UTC),
            primary_category=f"{self.server}.{category}" if category else "",
            categories=(f"{self.server}.{category}",) if category else (),
            journal_ref="" if last.published == _NOTHING else f"https://doi.org/{last.published}",
            doi=last.doi,
            abs_url=address,
            pdf_url=f"{address}.full.pdf",
            withdrawn=title.casefold().startswith(_WITHDRAWN),
            license=_LICENSES.get(last.license, ""),
            source="file",
        )


def _parse(response: Response, server: Server) -> _Page:
    """Return a page of the list. Raises UpstreamError for what is none."""
    try:
        page = _Page.model_validate_json(response.content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the list"
        raise UpstreamError(
            f"{SERVER_NAMES[server]} sent a list that is not whole, at {place}: {first['msg']}",
            url=response.url,
        ) from error
    status = page.messages[0].status
    # The words for an empty period have changed over the years: "no posts found" was one.
    if status != _OK and (page.collection or not status.startswith("no ")):
        raise UpstreamError(f"{SERVER_NAMES[server]} answered {status!r}", url=response.url)
    return page


def _list_authors(text: str) -> Iterator[str]:
    """Yield the names of "Lovelace, A.; Turing, A. M." as posts have them: A. Lovelace."""
    for each in text.split(";"):
        family, _, given = clean_record_text(each).partition(",")
        if name := f"{given.strip()} {family.strip()}".strip():
            yield name
