"""Venues and citations of OpenAlex, looked up by DOIs; a night goes on without them."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest

from chatpaper.domain import Paper, Topic
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import UpstreamError
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.fetch.openalex import OpenAlexClient, Publication
from chatpaper.pipeline.selection import Candidate, SearchResult, TopicSelection
from chatpaper.pipeline.updates.publications import PublicationLookup
from chatpaper.write.formats import load_labels
from chatpaper.write.views.display import describe_publication
from tests.fakes.loopback import Reply
from tests.fakes.openalex import FakeOpenAlex

ARXIV = Paper("2106.15928", "An arXiv Paper")
OF_JOURNAL = Paper("10.1101/2026.11.20.600001", "A Preprint", doi="10.1101/2026.11.20.600001")
UNKNOWN = Paper("2611.00001", "A New One")


@pytest.fixture
def server() -> Iterator[FakeOpenAlex]:
    with FakeOpenAlex() as served:
        yield served


def make_client(served: FakeOpenAlex) -> OpenAlexClient:
    session = ThrottledSession(
        delay_seconds=0, timeout_seconds=5, max_attempts=1, rate_limiter=RateLimiter()
    )
    return OpenAlexClient(session, served.url, "ada@example.org")


def selection(*papers: Paper) -> TopicSelection:
    wanted = tuple(map(Candidate, papers))
    return TopicSelection(Topic("T"), SearchResult(wanted), wanted=wanted)


def test_papers_are_found_by_their_dois_in_one_request(server: FakeOpenAlex) -> None:
    found = make_client(server).find((ARXIV, OF_JOURNAL, UNKNOWN))
    assert found == {
        ARXIV.arxiv_id: Publication("", 7),
        OF_JOURNAL.arxiv_id: Publication("Nature", 1234),
    }
    (request,) = server.requests
    assert "mailto=ada%40example.org" in request.path


def test_many_papers_take_some_requests(server: FakeOpenAlex) -> None:
    papers = [Paper(f"2611.{number:05d}", "T") for number in range(120)]
    assert make_client(server).find(papers) == {}
    assert len(server.requests) == 3
    assert make_client(server).find((Paper("a-file", "T"),)) == {}
    assert len(server.requests) == 3


def test_a_service_that_is_slow_is_given_up(server: FakeOpenAlex) -> None:
    seconds = count(0.0, 3.0)
    papers = [Paper(f"2611.{number:05d}", "T") for number in range(200)]
    client = replace(
        make_client(server), deadline_seconds=5.0, clock=Clock(monotonic=lambda: next(seconds))
    )
    with pytest.raises(UpstreamError, match="takes longer than 5 s"):
        client.find(papers)
    assert len(server.requests) == 1


def test_tonights_papers_are_completed(server: FakeOpenAlex) -> None:
    (found,) = PublicationLookup(make_client(server)).add([selection(OF_JOURNAL, UNKNOWN)])
    first, second = (candidate.paper for candidate in found.wanted)
    assert (first.venue, first.citations) == ("Nature", 1234)
    assert second == UNKNOWN
    assert describe_publication(first, load_labels("zh")) == "Nature · 被引 1,234 次"
    assert describe_publication(second, load_labels("zh")) == ""


@pytest.mark.parametrize("reply", [Reply(503), Reply(429), Reply(body={"error": "x"}), Reply(404)])
def test_a_service_that_fails_is_told_of_once_and_holds_nothing_up(
    server: FakeOpenAlex, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    server.script(reply)
    night = [selection(ARXIV), selection(OF_JOURNAL)]
    with caplog.at_level(logging.WARNING, "chatpaper.pipeline"):
        assert PublicationLookup(make_client(server)).add(night) == night
    (said,) = caplog.messages
    assert said.endswith("going on without venues and citations")
    assert len(server.requests) == 1
    server.script(reply)
    with pytest.raises(UpstreamError):
        make_client(server).find((ARXIV,))


def test_without_a_service_nothing_changes() -> None:
    night = [selection(ARXIV)]
    assert PublicationLookup().add(night) == night
