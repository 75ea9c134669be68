"""Look up in OpenAlex where papers were published and how often they are cited.

`/works?filter=doi:a|b` takes some fifty DOIs at once (developers.openalex.org/guides/filtering). A
preprint of arXiv has the DOI `10.48550/arxiv.{id}` there.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatpaper.domain import ArxivId, Paper
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import UpstreamError
from chatpaper.fetch.http.session import Response, ThrottledSession, expect_status
from chatpaper.fetch.record_text import clean_record_text

# The most that one filter takes.
DOIS_PER_REQUEST = 50
_ARXIV_DOI = "10.48550/arxiv."
_DOI_SITE = "https://doi.org/"
_NAME = "OpenAlex"
# What a paper was published in; a repository is where a preprint lies.
_VENUES = frozenset({"journal", "conference", "book series"})


@dataclass(frozen=True, slots=True)
class Publication:
    """Where a paper was published (empty where that is not known), and how often it is cited."""

    venue: str
    citations: int


class _Source(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    display_name: str | None = None
    type: str | None = None


class _Location(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    source: _Source | None = None


class _Work(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    doi: str | None = None
    cited_by_count: Annotated[int, Field(ge=0)] = 0
    locations: tuple[_Location, ...] | None = None


class _Works(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    results: tuple[_Work, ...]


@dataclass(frozen=True, slots=True)
class OpenAlexClient:
    """Looks papers up by their DOIs; `contact` is a mail address that OpenAlex likes to know.

    No request is begun later than `deadline_seconds` after the first.
    """

    session: ThrottledSession
    base_url: str
    contact: str = ""
    deadline_seconds: float = math.inf
    clock: Clock = SYSTEM_CLOCK

    def find(self, papers: Sequence[Paper]) -> dict[str, Publication]:
        """Return what is known of papers, by their keys; of most new ones nothing is.

        Raises UpstreamError.
        """
        keys = {doi: paper.arxiv_id for paper in papers for doi in list_dois(paper)}
        found: dict[str, Publication] = {}
        begun = self.clock.monotonic()
        for dois in _split(tuple(keys)):
            if self.clock.monotonic() - begun > self.deadline_seconds:
                raise UpstreamError(
                    f"{_NAME} takes longer than {self.deadline_seconds:g} s", url=self.base_url
                )
            for work in self._read(dois):
                doi = (work.doi or "").removeprefix(_DOI_SITE).casefold()
                if doi in keys:
                    found[keys[doi]] = _join(found.get(keys[doi]), work)
        return found

    def _read(self, dois: Sequence[str]) -> tuple[_Work, ...]:
        query: Mapping[str, str | int] = {
            "filter": f"doi:{'|'.join(dois)}",
            "select": "doi,cited_by_count,locations",
            "per-page": len(dois),
            **({"mailto": self.contact} if self.contact else {}),
        }
        response = self.session.read(f"{self.base_url}/works?{urlencode(query)}", _check)
        return _parse(response)


def list_dois(paper: Paper) -> Iterator[str]:
    """Yield the DOIs by which a paper may be known, in lower case."""
    with suppress(ValueError):  # a key of another kind
        yield f"{_ARXIV_DOI}{ArxivId.parse(paper.arxiv_id).id}".casefold()
    if paper.doi:
        yield paper.doi.casefold()


def _split(dois: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(dois), DOIS_PER_REQUEST):
        yield dois[start : start + DOIS_PER_REQUEST]


def _join(known: Publication | None, work: _Work) -> Publication:
    """Return what a work tells, with what another work on the same paper has told."""
    sources = (location.source for location in work.locations or ())
    venue = next(
        (
            clean_record_text(source.display_name)
            for source in sources
            if source is not None and source.type in _VENUES and source.display_name
        ),
        "",
    )
    if known is None:
        return Publication(venue, work.cited_by_count)
    return Publication(venue or known.venue, max(work.cited_by_count, known.citations))


def _check(response: Response) -> None:
    expect_status(response, _NAME, "publications.base_url")
    _parse(response)


def _parse(response: Response) -> tuple[_Work, ...]:
    try:
        return _Works.model_validate_json(response.content).results
    except ValidationError as error:
        raise UpstreamError(
            f"{_NAME} sent something that is no list of works", url=response.url
        ) from error
