"""Records of single papers, against a server that speaks OAI-PMH and plays its faults."""

from dataclasses import replace

import pytest

from chatpaper.domain.errors import FetchError, PaperNotFoundError, UpstreamError
from chatpaper.fetch.arxiv.oai import OaiClient, OaiRecord
from chatpaper.fetch.http.session import ThrottledSession
from tests.fakes.arxiv import OAI_PATH, FakeArxiv
from tests.fakes.arxiv_faults import (
    Fault,
    blank_body,
    body,
    html_page,
    reset,
    status,
    truncated_xml,
)
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.arxiv_oai import XML

CC_BY = "http://creativecommons.org/licenses/by/4.0/"

FAULTS = {
    "503 with Retry-After": status(503, retry_after=3),
    "429": status(429),
    "404": status(404),
    "web page": html_page(),
    "blank body": blank_body(),
    "truncated": truncated_xml(),
    "reset": reset(),
    "other XML": body(b"<rss/>", XML),
    "no record": body(b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"/>', XML),
}


@pytest.fixture
def records(arxiv_server: FakeArxiv, session: ThrottledSession) -> OaiClient:
    return OaiClient(session, arxiv_server.oai_url)


def test_a_record_tells_version_and_licence_in_one_request(
    records: OaiClient, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.papers = [
        FakePaper("2407.00012", "A", version=12, license=CC_BY),
        FakePaper("hep-th/9901001", "Old", license=""),
    ]
    assert records.get("2407.00012") == OaiRecord("2407.00012", 12, CC_BY)
    assert records.get("hep-th/9901001") == OaiRecord("hep-th/9901001", 1, "")
    assert arxiv_server.count(OAI_PATH) == arxiv_server.count() == 2


def test_an_error_of_the_protocol_comes_with_200_and_is_not_asked_again(
    records: OaiClient, arxiv_server: FakeArxiv
) -> None:
    with pytest.raises(PaperNotFoundError, match="idDoesNotExist"):
        records.get("2407.99999")
    assert arxiv_server.count(OAI_PATH) == 1
    error = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="badArgument">No\n '
        b"such</error></OAI-PMH>"
    )
    arxiv_server.script(body(error, XML), path=OAI_PATH)
    with pytest.raises(FetchError, match="badArgument: No such"):
        records.get("2407.18125")
    assert arxiv_server.count(OAI_PATH) == 2


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_asked_again_and_then_told(
    fault: Fault, records: OaiClient, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.script(fault, path=OAI_PATH)
    assert records.get("2407.18125").version == 1
    arxiv_server.always(fault, path=OAI_PATH)
    with pytest.raises(UpstreamError):
        records.get("2407.18125")


def test_the_record_of_another_paper_is_a_fault(
    records: OaiClient, arxiv_server: FakeArxiv
) -> None:
    other = replace(arxiv_server.papers[0], arxiv_id="2407.00001")
    arxiv_server.papers = [other]
    with FakeArxiv([other]) as elsewhere, pytest.raises(PaperNotFoundError):
        OaiClient(records._session, elsewhere.oai_url).get("2407.18125")
    swapped = body(
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><metadata>'
        b'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2407.00001</id><version '
        b'version="v1"/></arXivRaw>'
        b"</metadata></record></GetRecord></OAI-PMH>",
        XML,
    )
    arxiv_server.always(swapped, path=OAI_PATH)
    with pytest.raises(UpstreamError, match=r"2407\.00001"):
        records.get("2407.18125")
