"""bioRxiv, medRxiv and OpenReview: what of their lists becomes a paper, and when a list is none."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from chatpaper.domain import Topic
from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.fetch.preprints.biorxiv import BiorxivClient, Server
from chatpaper.fetch.preprints.openreview import OpenReviewClient
from chatpaper.fetch.topics.relevance import judge_relevance
from chatpaper.pipeline.sources.preprint_source import PreprintSource
from tests.fakes.loopback import Reply
from tests.fakes.preprints import FakePreprints, Note, Preprint

DAYS = (date(2026, 11, 15), date(2026, 11, 22))
FIRST = Preprint(
    "10.1101/2026.11.20.600001",
    "Graphs of  <i>Genes</i>",
    authors="Núñez, José; Lovelace, A. B.;  WHO Collaboration",
    license="cc_by_nc_nd",
)
VENUE = "ICLR.cc/2026/Conference"


@pytest.fixture
def server() -> Iterator[FakePreprints]:
    with FakePreprints([FIRST]) as served:
        yield served


def open_session() -> ThrottledSession:
    return ThrottledSession(
        delay_seconds=0, timeout_seconds=5, max_attempts=2, rate_limiter=RateLimiter()
    )


def read_details(served: FakePreprints, name: Server = "biorxiv") -> BiorxivClient:
    return BiorxivClient(open_session(), name, served.url, served.url)


def test_a_preprint_becomes_a_paper_under_its_doi(server: FakePreprints) -> None:
    (paper,) = read_details(server).fetch_papers(*DAYS)
    assert paper.arxiv_id == FIRST.doi
    assert paper.squashed_id == "10.1101_2026.11.20.600001"
    assert paper.authors == ("José Núñez", "A. B. Lovelace", "WHO Collaboration")
    assert paper.published == datetime(2026, 11, 20, tzinfo=UTC)
    assert (paper.version, paper.doi, paper.source) == (1, FIRST.doi, "file")
    assert paper.categories == ("biorxiv.cell_biology",)
    assert paper.license == "http://creativecommons.org/licenses/by-nc-nd/4.0/"
    assert paper.abs_url == f"{server.url}/content/{FIRST.doi}v1"
    assert paper.pdf_url == f"{server.url}/content/{FIRST.doi}v1.full.pdf"
    assert paper.is_from_elsewhere


def test_all_pages_are_read_and_revisions_of_older_preprints_are_not_new(
    server: FakePreprints,
) -> None:
    server.page_size = 2
    server.preprints[:] = [
        Preprint(f"10.1101/2026.11.20.60000{number}", f"Title {number}") for number in range(5)
    ]
    server.preprints += [
        Preprint("10.1101/2026.11.20.600001", "Title 1, Revised", date="2026-11-21", version=2),
        Preprint("10.1101/2025.01.01.500000", "An Older One", version=3),
        Preprint("10.1101/2026.11.20.700000", "Of Medicine", server="medrxiv"),
    ]
    papers = {paper.arxiv_id: paper for paper in read_details(server).fetch_papers(*DAYS)}
    assert len(papers) == 5
    revised = papers["10.1101/2026.11.20.600001"]
    assert (revised.title, revised.version) == ("Title 1, Revised", 2)
    assert revised.published == datetime(2026, 11, 20, tzinfo=UTC)
    assert len(server.requests) == 4
    (other,) = read_details(server, "medrxiv").fetch_papers(*DAYS)
    assert other.title == "Of Medicine"


def test_days_without_posts_are_none_and_no_fault(server: FakePreprints) -> None:
    assert read_details(server).fetch_papers(date(2026, 1, 1), date(2026, 1, 2)) == ()


@pytest.mark.parametrize(
    "body",
    [
        {"collection": []},
        {"messages": [{"status": "error: database"}], "collection": []},
        {"messages": [{"status": "ok", "total": "9"}], "collection": []},
        {"messages": [{"status": "ok", "total": 1}], "collection": [{"doi": "x", "title": "T"}]},
    ],
)
def test_a_list_that_is_not_whole_is_a_fault(server: FakePreprints, body: object) -> None:
    server.script(*[Reply(body=body)] * 4)
    with pytest.raises(UpstreamError):
        read_details(server).fetch_papers(*DAYS)


def test_what_passes_is_asked_again(server: FakePreprints) -> None:
    server.script(Reply(503))
    assert len(read_details(server).fetch_papers(*DAYS)) == 1


def test_a_venue_becomes_papers_under_keys_of_its_own(server: FakePreprints) -> None:
    server.notes[:] = [Note("7MPstNz66e", "Graph  Agents"), Note("AbCd_-123", "", pdate=None)]
    client = OpenReviewClient(open_session(), server.url, "https://openreview.net")
    (paper,) = client.fetch_papers(VENUE)
    assert (paper.arxiv_id, paper.title) == ("openreview.7MPstNz66e", "Graph Agents")
    assert paper.venue == "ICLR 2026 Oral"
    assert paper.published == datetime(2025, 11, 20, tzinfo=UTC)
    assert paper.pdf_url == "https://openreview.net/pdf?id=7MPstNz66e"
    assert paper.is_from_elsewhere


def test_a_venue_that_is_none_or_that_is_not_whole_says_so(server: FakePreprints) -> None:
    client = OpenReviewClient(open_session(), server.url, server.url)
    with pytest.raises(ConfigError, match="no papers of 'ICLR'"):
        client.fetch_papers("ICLR")
    server.notes[:] = [Note(f"note{number}", "T") for number in range(3)]
    server.page_size = 2
    with pytest.raises(UpstreamError, match="gave 2 of 3"):
        client.fetch_papers(VENUE)


def test_a_server_that_cannot_be_searched_is_looked_through(server: FakePreprints) -> None:
    fetched: list[int] = []

    def fetch() -> list[object]:
        fetched.append(1)
        return list(read_details(server).fetch_papers(*DAYS))

    source = PreprintSource("bioRxiv", "some days", fetch)  # type: ignore[arg-type]
    found = source.find(Topic("Graphs", ("graph",), categories=("cs.LG",)))
    assert [candidate.paper.arxiv_id for candidate in found.candidates] == [FIRST.doi]
    assert source.find(Topic("Whales", ("whale",))).candidates == []
    assert source.find(Topic("Own", query="cat:cs.CV")).notes != ()
    assert fetched == [1]


def test_categories_of_one_server_say_nothing_of_the_papers_of_another(
    server: FakePreprints,
) -> None:
    (paper,) = read_details(server).fetch_papers(*DAYS)
    phrases = ("graph",)
    assert judge_relevance(Topic("T", phrases, categories=("cs.LG",)), paper).relevant
    assert judge_relevance(Topic("T", phrases, categories=("biorxiv.*",)), paper).relevant
    assert not judge_relevance(Topic("T", phrases, categories=("biorxiv.zoology",)), paper).relevant
