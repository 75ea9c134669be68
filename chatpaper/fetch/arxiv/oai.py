"""arXiv's OAI-PMH service: the licence of a paper, which the query API does not tell.

One request per paper; its record is that of the current version, so the licence of an earlier one
stays unknown. Protocol: openarchives.org/OAI/openarchivesprotocol.html; its errors come with HTTP
200. Format: `arXivRaw`, the one that numbers the versions (info.arxiv.org/help/oa).
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from lxml import etree

from chatpaper.domain.errors import FetchError, PaperNotFoundError, UpstreamError
from chatpaper.fetch.http.session import Response, ThrottledSession, expect_status
from chatpaper.fetch.http.strict_xml import parse_document, read_text

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_RECORD = f"{_OAI}GetRecord/{_OAI}record"
_UNKNOWN_ID = "idDoesNotExist"
_VERSION = re.compile(r"v([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class OaiRecord:
    """A paper's current version, and the URI of that version's licence; empty if it has none."""

    arxiv_id: str
    version: int
    license: str


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


def _check(response: Response) -> None:
    expect_status(response, "arXiv's OAI-PMH service", "arxiv.oai_url")
    _parse_metadata(response)


def _parse_metadata(response: Response) -> etree._Element:
    root = parse_document(
        response.content,
        response.content_type,
        response.url,
        root=f"{_OAI}OAI-PMH",
        what="an OAI-PMH answer",
    )
    error = root.find(f"{_OAI}error")
    if error is not None:
        reason = " ".join((error.text or "").split())
        message = f"arXiv's OAI-PMH service refuses the request: {error.get('code')}: {reason}"
        kind = PaperNotFoundError if error.get("code") == _UNKNOWN_ID else FetchError
        raise kind(message, url=response.url)
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
