"""arXiv's OAI-PMH service: licences, which the query API does not tell, and records in bulk.

A record is that of the current version, so the licence of an earlier one stays unknown. Lists are
by the day on which a record changed last, which is never before its submission. Protocol:
openarchives.org/OAI/openarchivesprotocol.html; its errors come with HTTP
200. Format: `arXivRaw`, the one that numbers the versions (info.arxiv.org/help/oa).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from lxml import etree

from chatpaper.domain import Paper
from chatpaper.domain.errors import FetchError, PaperNotFoundError, UpstreamError
from chatpaper.fetch.arxiv.rss import split_author_names
from chatpaper.fetch.arxiv.snapshot import read_record
from chatpaper.fetch.http.session import Response, ThrottledSession, expect_status
from chatpaper.fetch.http.strict_xml import parse_document, read_text

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_RECORD = f"{_OAI}GetRecord/{_OAI}record"
_LIST = f"{_OAI}ListRecords"
_UNKNOWN_ID = "idDoesNotExist"
# What an empty list is, and a token that has expired: it lives for a day.
_NO_RECORDS, _OLD_TOKEN = "noRecordsMatch", "badResumptionToken"
# Archives that are subsets of the set of physics; the others are sets of their own.
_OF_PHYSICS = frozenset(
    {
        "astro-ph",
        "cond-mat",
        "gr-qc",
        "hep-ex",
        "hep-lat",
        "hep-ph",
        "hep-th",
        "math-ph",
        "nlin",
        "nucl-ex",
        "nucl-th",
        "physics",
        "quant-ph",
    }
)
_AND = re.compile(r",?\s+and\s+")
_VERSION = re.compile(r"v([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class OaiRecord:
    """A paper's current version, and the URI of that version's licence; empty if it has none."""

    arxiv_id: str
    version: int
    license: str


@dataclass(frozen=True, slots=True)
class OaiPage:
    """A page of a list: its papers, and the token that asks for the next page; empty at the end.

    `unreadable` says of each record that cannot be used what is wrong with it.
    """

    papers: tuple[Paper, ...]
    token: str = ""
    unreadable: tuple[str, ...] = ()


class ExpiredTokenError(FetchError):
    """A list cannot be gone on with: it has to be begun anew."""


class OaiClient:
    """Requests records through a session."""

    def __init__(
        self, session: ThrottledSession, oai_url: str = "https://oaipmh.arxiv.org/oai"
    ) -> None:
        self._session = session
        self._oai_url = oai_url

    def get(self, arxiv_id: str) -> OaiRecord:
        """Request the record of a paper by its id without a version.

        Raises PaperNotFoundError where arXiv has no such paper, UpstreamError where it does not
        send a complete record, FetchError where it refuses the request.
        """
        arguments = {
            "verb": "GetRecord",
            "identifier": f"oai:arXiv.org:{arxiv_id}",
            "metadataPrefix": "arXivRaw",
        }
        response = self._session.read(f"{self._oai_url}?{urlencode(arguments)}", check=_check)
        return _parse_record(response, arxiv_id)

    def list_changed(self, since: date, until: date, archive: str = "") -> OaiPage:
        """Request the first page of the records that changed on some days, both included.

        Without an archive (`cs`, `hep-th`) those of all. Errors as for `get`.
        """
        arguments = {
            "verb": "ListRecords",
            "metadataPrefix": "arXivRaw",
            "from": since.isoformat(),
            "until": until.isoformat(),
        }
        if archive:
            arguments["set"] = f"physics:{archive}" if archive in _OF_PHYSICS else archive
        return self._list(arguments)

    def resume(self, token: str) -> OaiPage:
        """Request the next page of a list.

        Raises ExpiredTokenError where the list has to be begun anew; else errors as for `get`.
        """
        return self._list({"verb": "ListRecords", "resumptionToken": token})

    def _list(self, arguments: Mapping[str, str]) -> OaiPage:
        response = self._session.read(f"{self._oai_url}?{urlencode(arguments)}", check=_check_list)
        return _parse_list(response)


def _check_list(response: Response) -> None:
    expect_status(response, "arXiv's OAI-PMH service", "arxiv.oai_url")
    _parse_list(response)


def _parse_list(response: Response) -> OaiPage:
    root = _parse_answer(response)
    error = root.find(f"{_OAI}error")
    if error is not None and error.get("code") == _NO_RECORDS:
        return OaiPage(())
    _refuse_error(root, response)
    listed = root.find(_LIST)
    if listed is None:
        raise UpstreamError("arXiv's OAI-PMH service sent no list", url=response.url)
    papers, unreadable = [], []
    for record in listed.findall(f"{_OAI}record"):
        header, metadata = record.find(f"{_OAI}header"), record.find(f".//{_RAW}arXivRaw")
        if header is not None and header.get("status") == "deleted":
            continue
        try:
            papers.append(_read_paper(metadata))
        except ValueError as fault:
            name = "" if header is None else read_text(header, f"{_OAI}identifier")
            unreadable.append(f"{name or 'a record'}: {' '.join(str(fault).split())}")
    return OaiPage(tuple(papers), read_text(listed, f"{_OAI}resumptionToken"), tuple(unreadable))


def _read_paper(metadata: etree._Element | None) -> Paper:
    """Return the paper of a record. Raises ValueError where that is none."""
    if metadata is None:
        raise ValueError("no metadata")
    names = ("id", "title", "abstract", "categories", "comments", "journal-ref", "doi", "license")
    fields = {name: metadata.findtext(f"{_RAW}{name}") for name in names}
    versions = [
        {"version": each.get("version"), "created": each.findtext(f"{_RAW}date")}
        for each in metadata.findall(f"{_RAW}version")
    ]
    paper = read_record({**fields, "versions": versions})
    authors = _AND.sub(", ", read_text(metadata, f"{_RAW}authors"))
    return replace(paper, authors=split_author_names(authors))


def _check(response: Response) -> None:
    expect_status(response, "arXiv's OAI-PMH service", "arxiv.oai_url")
    _parse_metadata(response)


def _parse_answer(response: Response) -> etree._Element:
    return parse_document(
        response.content,
        response.content_type,
        response.url,
        root=f"{_OAI}OAI-PMH",
        what="an OAI-PMH answer",
    )


def _refuse_error(root: etree._Element, response: Response) -> None:
    """Raise what the service says is wrong with a request, if it says so."""
    error = root.find(f"{_OAI}error")
    if error is None:
        return
    reason = " ".join((error.text or "").split())
    code = error.get("code") or ""
    message = f"arXiv's OAI-PMH service refuses the request: {code}: {reason}"
    kinds = {_UNKNOWN_ID: PaperNotFoundError, _OLD_TOKEN: ExpiredTokenError}
    raise kinds.get(code, FetchError)(message, url=response.url)


def _parse_metadata(response: Response) -> etree._Element:
    root = _parse_answer(response)
    _refuse_error(root, response)
    metadata = root.find(f"{_RECORD}/{_OAI}metadata/{_RAW}arXivRaw")
    if metadata is None:
        raise UpstreamError("arXiv's OAI-PMH service sent no record", url=response.url)
    return metadata


def _parse_record(response: Response, arxiv_id: str) -> OaiRecord:
    metadata = _parse_metadata(response)
    found = read_text(metadata, f"{_RAW}id")
    numbers = [
        _VERSION.fullmatch(each.get("version", "")) for each in metadata.findall(f"{_RAW}version")
    ]
    versions = [int(number[1]) for number in numbers if number]
    if found != arxiv_id or not versions:
        raise UpstreamError(
            f"arXiv's OAI-PMH service sent the record of {found or 'no paper'}, "
            f"with {len(versions)} versions, for {arxiv_id}",
            url=response.url,
        )
    return OaiRecord(arxiv_id, max(versions), read_text(metadata, f"{_RAW}license"))
