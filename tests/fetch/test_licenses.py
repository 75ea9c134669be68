"""Finding out licences: with how few requests, and what becomes of faults."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chatpaper.domain import Paper
from chatpaper.domain.clock import Clock
from chatpaper.fetch.arxiv.licenses import LicenseClient, LicenseResult
from chatpaper.fetch.arxiv.oai import OaiClient
from chatpaper.fetch.arxiv.rss import RssClient
from chatpaper.fetch.http.session import ThrottledSession
from tests.fakes.arxiv import OAI_PATH, FakeArxiv
from tests.fakes.arxiv_faults import html_page, status
from tests.fakes.arxiv_feed import FakePaper

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CC_BY = "http://creativecommons.org/licenses/by/4.0/"
ARXIV = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
RSS_PATH = "/rss/"


@pytest.fixture
def source(arxiv_server: FakeArxiv, session: ThrottledSession) -> LicenseClient:
    arxiv_server.papers = [
        FakePaper("2611.00001", "A", license=CC_BY, categories=("cs.CV", "cs.LG")),
        FakePaper("2611.00002", "B", version=2, categories=("cs.LG",)),
        FakePaper("2407.00003", "C", license=CC_BY, categories=("cs.CL",)),
        FakePaper("hep-th/9901001", "D", license="", categories=("hep-th",)),
    ]
    arxiv_server.announcement_day = date(2026, 11, 20)
    return LicenseClient(
        RssClient(session, arxiv_server.url),
        OaiClient(session, arxiv_server.oai_url),
        clock=Clock(now=lambda: NOW),
    )


def known(server: FakeArxiv, submitted: datetime = NOW - timedelta(days=1)) -> list[Paper]:
    """Return the papers of the server as the query API reports them."""
    return [
        Paper(
            each.arxiv_id,
            each.title,
            version=each.version,
            updated=submitted,
            primary_category=each.categories[0],
            categories=each.categories,
        )
        for each in server.papers
    ]


def licenses(answers: Iterable[LicenseResult]) -> dict[str, str | None]:
    return {answer.paper.idv: answer.license for answer in answers}


def found(source: LicenseClient, papers: list[Paper]) -> dict[str, str | None]:
    """Return what the feed says of the licences of the papers, and else their records."""
    announced = source.read_feed(papers)
    return {
        **announced,
        **licenses(source.fetch([paper for paper in papers if paper.idv not in announced])),
    }


def test_the_feed_answers_for_what_was_announced_and_records_for_the_rest(
    source: LicenseClient, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.announced = arxiv_server.papers[:2]
    assert found(source, known(arxiv_server)) == {
        "2611.00001v1": CC_BY,
        "2611.00002v2": ARXIV,
        "2407.00003v1": CC_BY,
        "hep-th/9901001v1": "",
    }
    assert (arxiv_server.count(RSS_PATH), arxiv_server.count(OAI_PATH)) == (1, 2)
    assert arxiv_server.requests[0].path == "/rss/cs.CL+cs.CV+cs.LG+hep-th"


def test_the_feed_is_not_asked_for_one_paper_or_for_old_ones(
    source: LicenseClient, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.announced = None
    found(source, known(arxiv_server)[:1])
    found(source, known(arxiv_server, NOW - timedelta(days=30)))
    found(source, [Paper("2611.00001", "", version=1), Paper("2611.00002", "", version=2)])
    assert arxiv_server.count(RSS_PATH) == 0
    assert arxiv_server.count(OAI_PATH) == 1 + 4 + 2


def test_the_feed_that_was_read_to_find_the_papers_serves_one_paper_too(
    arxiv_server: FakeArxiv, session: ThrottledSession, source: LicenseClient
) -> None:
    arxiv_server.announced = arxiv_server.papers[:2]
    feeds = RssClient(session, arxiv_server.url)
    feeds.read(["cs.*"])
    source = LicenseClient(
        feeds, OaiClient(session, arxiv_server.oai_url), clock=Clock(now=lambda: NOW)
    )
    assert source.read_feed([Paper("2611.00001", "", version=1)]) == {"2611.00001v1": CC_BY}
    assert source.read_feed(known(arxiv_server)[2:]) == {}
    assert arxiv_server.count() == 1


def test_a_licence_is_that_of_the_version(source: LicenseClient, arxiv_server: FakeArxiv) -> None:
    """What the feed or the records hold of another version says nothing of this one."""
    first, second = known(arxiv_server)[:2]
    swapped = "http://creativecommons.org/publicdomain/zero/1.0/"
    arxiv_server.announced = [
        replace(arxiv_server.papers[0], version=2, license=swapped),
        replace(arxiv_server.papers[1], version=1, license=swapped),
    ]
    assert found(source, [first, second]) == {"2611.00001v1": CC_BY, "2611.00002v2": ARXIV}
    arxiv_server.announced.clear()
    earlier, later = source.fetch([replace(second, version=1), replace(first, version=2)])
    assert earlier.license == ""
    assert later.license is None
    assert "no version 2 of 2611.00001 yet" in later.fault


def test_a_feed_that_falters_costs_a_request_a_paper_and_no_licence(
    source: LicenseClient, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.announced = None
    arxiv_server.always(html_page(), path=RSS_PATH)
    assert None not in found(source, known(arxiv_server)).values()
    assert arxiv_server.count(OAI_PATH) == 4


def test_records_that_falter_are_asked_for_one_paper_only(
    source: LicenseClient, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.always(status(503), path=OAI_PATH)
    answers = list(source.fetch(known(arxiv_server)))
    assert [answer.license for answer in answers] == [None] * 4
    assert all("HTTP 503" in answer.fault for answer in answers)
    assert arxiv_server.count(OAI_PATH) == 5  # the attempts of one request


def test_a_paper_without_a_record_leaves_the_others_theirs(
    source: LicenseClient, arxiv_server: FakeArxiv
) -> None:
    papers = [Paper("2611.09999", "", version=1), *known(arxiv_server)[2:3]]
    unknown, other = source.fetch(papers)
    assert (unknown.license, other.license) == (None, CC_BY)
    assert "idDoesNotExist" in unknown.fault
