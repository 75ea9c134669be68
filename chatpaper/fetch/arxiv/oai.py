"""arXiv's OAI-PMH service: the licence of a paper, which the query API does not tell.

One request a paper; the record is of the current version, so that the licence of an earlier one stays unknown.
Protocol: openarchives.org/OAI/openarchivesprotocol.html; its errors come with HTTP 200. Format: `arXivRaw`, the one
that numbers the versions (info.arxiv.org/help/oa).

"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from lxml import etree

from chatpaper.domain.errors import FetchError, PaperNotFoundError, UpstreamError
from chatpaper.fetch.http.session import Answer, ThrottledSession, expect_status
from chatpaper.fetch.http.strict_xml import parse_document, text_of

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_RECORD = f"{_OAI}GetRecord/{_OAI}record"
_UNKNOWN_ID = "idDoesNotExist"
_VERSION = re.compile(r"v([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class OaiRecord:
    """What the service tells of a paper: its current version, and the URI of that version's
    licence, if it has one.
    """

    arxiv_id: str
    version: int
    license: str


class OaiRecords:
    """Asks for records at the pace of the session that it is given."""

    def __init__(
        self, session: ThrottledSession, oai_url: str = "https://oaipmh.arxiv.org/oai"
    ) -> None:
        self._session = session
        self._oai_url = oai_url

    def get(self, arxiv_id: str) -> OaiRecord:
        """The record of a paper, by its id without a version.

        One request.

        Raises PaperNotFoundError where arXiv has no such paper, UpstreamError where it does not
        give a whole record, FetchError where it refuses the request.
        """
        arguments = {
            "verb": "GetRecord",
            "identifier": f"oai:arXiv.org:{arxiv_id}",
            "metadataPrefix": "arXivRaw",
        }
        answer = self._session.read(f"{self._oai_url}?{urlencode(arguments)}", check=_check)
        return _record(answer, arxiv_id)


def _check(answer: Answer) -> None:
    expect_status(answer, "arXiv's OAI-PMH service", "arxiv.oai_url")
    _metadata(answer)


def _metadata(answer: Answer) -> etree._Element:
    root = parse_document(
        answer.content,
        answer.content_type,
        answer.url,
        root=f"{_OAI}OAI-PMH",
        what="an OAI-PMH answer",
    )
    error = root.find(f"{_OAI}error")
    if error is not None:
        message = f"arXiv's OAI-PMH service refuses the request: {error.get('code')}: {' '.join((error.text or '').split())}"
        kind = PaperNotFoundError if error.get("code") == _UNKNOWN_ID else FetchError
        raise kind(message, url=answer.url)
    metadata = root.find(f"{_RECORD}/{_OAI}metadata/{_RAW}arXivRaw")
    if metadata is None:
        raise UpstreamError("arXiv's OAI-PMH service sent no record", url=answer.url)
    return metadata


def _record(answer: Answer, arxiv_id: str) -> OaiRecord:
    metadata = _metadata(answer)
    found = text_of(metadata, f"{_RAW}id")
    numbers = [
        _VERSION.fullmatch(each.get("version", "")) for each in metadata.findall(f"{_RAW}version")
    ]
    versions = [int(number[1]) for number in numbers if number]
    if found != arxiv_id or not versions:
        raise UpstreamError(
            f"arXiv's OAI-PMH service sent the record of {found or 'no paper'}, with {len(versions)} versions, "
            f"for {arxiv_id}",
            url=answer.url,
        )
    return OaiRecord(arxiv_id, max(versions), text_of(metadata, f"{_RAW}license"))
