"""A day's list of papers, from a server that answers as Hugging Face does, with its faults."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.http.retries import parse_rate_limit
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.fetch.huggingface import PAGE_SIZE, HuggingFaceClient
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_faults import status
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.huggingface import SAMPLE_DAY, SAMPLE_PAPERS, DailyPaper, FakeHuggingFace
from tests.fakes.loopback import HTML, RESET, Reply
from tests.fetch.conftest import FakeTime, throttled_session

SUNDAY = date(2024, 8, 4)
BY_UPVOTES = ["2408.03326", "2408.02718", "2408.03178"]


def item(**changes: Any) -> dict[str, Any]:
    record = DailyPaper("2408.00001", "A").record(SAMPLE_DAY)
    return {**record, "paper": {**record["paper"], **changes}}


FAULTS = {
    "429": Reply(429, {"error": "Too many requests"}),
    "503": Reply(503, {"error": "Service Unavailable"}),
    "404": Reply(404, {"error": "Not Found"}),
    "web page": HTML,
    "reset": RESET,
    "broken off in transit": Reply(200, [item()], cut=True),
    "null": Reply(200, None),
    "an object": Reply(200, {"papers": []}),
    "an error with 200": Reply(200, {"error": "Internal error"}),
    "items that are no objects": Reply(200, ["2408.00001"]),
    "an item without a paper": Reply(200, [{"title": "A"}]),
    "a paper without an id": Reply(200, [item(id=None)]),
    "a paper without a title": Reply(200, [item(title="")]),
    "authors that are a string": Reply(200, [item(authors="Ada Lovelace")]),
    "upvotes that are a word": Reply(200, [item(upvotes="many")]),
    "a date that is none": Reply(200, [item(publishedAt="soon")]),
}


@pytest.fixture
def server() -> Iterator[FakeHuggingFace]:
    with FakeHuggingFace({SAMPLE_DAY: SAMPLE_PAPERS}, today=date(2024, 8, 9)) as server:
        yield server


@pytest.fixture
def source(
    server: FakeHuggingFace, arxiv_server: FakeArxiv, api: ArxivApi, fake_time: FakeTime
) -> Iterator[HuggingFaceClient]:
    arxiv_server.papers = [
        FakePaper(
            paper.id,
            f"{paper.title} as arXiv has it",
            version=2,
            comment="12 pages",
            categories=("cs.CV",),
        )
        for paper in SAMPLE_PAPERS
    ]
    with throttled_session(fake_time, delay_seconds=1.0) as session:
        yield HuggingFaceClient(session, api, server.url, arxiv_server.url)


def test_a_day_is_its_papers_with_arxivs_records_and_most_upvotes_first(
    source: HuggingFaceClient, server: FakeHuggingFace, arxiv_server: FakeArxiv
) -> None:
    found = source.fetch_papers(SAMPLE_DAY, SAMPLE_DAY)
    assert [daily.paper.arxiv_id for daily in found] == BY_UPVOTES
    assert [daily.paper.upvotes for daily in found] == [59, 58, 36]
    assert [daily.warning for daily in found] == ["", "", ""]
    paper = found[1].paper
    assert (paper.version, paper.comment, paper.categories, paper.source) == (
        2,
        "12 pages",
        ("cs.CV",),
        "arxiv",
    )
    assert paper.title.endswith("as arXiv has it")
    assert paper.links == ("https://mmiu-bench.github.io", "https://github.com/OpenGVLab/MMIU")
    assert arxiv_server.count() == 1
    assert [request.path for request in server.requests] == [
        f"/api/daily_papers?date=2024-08-07&limit={PAGE_SIZE}&p={page}" for page in (0, 1)
    ]
    assert server.requests[0].headers["user-agent"].startswith("chatpaper/")


def test_all_pages_of_a_long_day_are_read(
    source: HuggingFaceClient, server: FakeHuggingFace
) -> None:
    server.days[SAMPLE_DAY] = [
        DailyPaper(f"2408.{number:05d}", "A") for number in range(1, 2 * PAGE_SIZE + 2)
    ]
    assert len(source.fetch_day(SAMPLE_DAY)) == 2 * PAGE_SIZE + 1


def test_a_server_that_knows_no_pages_is_not_asked_for_ever(
    source: HuggingFaceClient, server: FakeHuggingFace
) -> None:
    server.always = Reply(200, [item()])
    assert len(source.fetch_day(SAMPLE_DAY)) == 1
    assert len(server.requests) == 2


def test_a_range_of_days_has_each_paper_once(
    source: HuggingFaceClient, server: FakeHuggingFace
) -> None:
    server.days[date(2024, 8, 8)] = [
        SAMPLE_PAPERS[0],
        DailyPaper("2408.00009", "Elsewhere", upvotes=100),
    ]
    found = source.fetch_papers(SAMPLE_DAY, date(2024, 8, 8))
    assert [daily.paper.arxiv_id for daily in found] == ["2408.00009", *BY_UPVOTES]


def test_where_arxiv_does_not_answer_the_records_are_hugging_faces_and_say_so(
    source: HuggingFaceClient, server: FakeHuggingFace, arxiv_server: FakeArxiv
) -> None:
    server.days[SAMPLE_DAY] = [
        DailyPaper(
            "2408.03178",
            "An Object\n is Worth",
            "One.\nTwo.",
            ("Xingguang Yan",),
            hidden_authors=("Yan",),
            upvotes=36,
            more={"projectPage": "javascript:alert(1)", "githubRepo": "https://github.com/a/b"},
        )
    ]
    arxiv_server.always(status(503))
    ((paper, warning),) = [
        (daily.paper, daily.warning) for daily in source.fetch_papers(SAMPLE_DAY, SAMPLE_DAY)
    ]
    assert "HTTP 503" in warning
    assert "without version, categories, comment and licence" in warning
    assert (paper.title, paper.abstract, paper.authors) == (
        "An Object is Worth",
        "One. Two.",
        ("Xingguang Yan",),
    )
    assert paper.published == datetime(2024, 8, 5, 17, 56, 41, tzinfo=UTC)
    assert (paper.version, paper.source, paper.links) == (
        None,
        "huggingface",
        ("https://github.com/a/b",),
    )
    assert paper.abs_url == "http://arxiv.org/abs/2408.03178"


def test_papers_that_arxiv_does_not_have_stay_with_a_warning(
    source: HuggingFaceClient, server: FakeHuggingFace, caplog: pytest.LogCaptureFixture
) -> None:
    server.days[SAMPLE_DAY] = [
        *SAMPLE_PAPERS,
        DailyPaper("2408.99999", "Lost"),
        DailyPaper("a-blog-post", "No paper"),
    ]
    found = {daily.paper.arxiv_id: daily for daily in source.fetch_papers(SAMPLE_DAY, SAMPLE_DAY)}
    assert len(found) == 5
    assert "arXiv has no such paper" in found["2408.99999"].warning
    assert "2408.99999: arXiv has no such paper" in caplog.text
    assert "arXiv has no such paper" in found["a-blog-post"].warning
    assert found["a-blog-post"].paper.pdf_url == ""
    assert found["a-blog-post"].paper.abs_url == f"{server.url}/papers/a-blog-post"
    assert found["2408.03178"].warning == ""


def test_a_day_without_papers_is_believed_when_it_is_told_twice(
    source: HuggingFaceClient, server: FakeHuggingFace, caplog: pytest.LogCaptureFixture
) -> None:
    assert source.fetch_papers(SUNDAY, SUNDAY) == ()
    assert "no daily papers for 2024-08-04, a Sunday" in caplog.text
    assert len(server.requests) == 2
    server.script(Reply(200, []))
    assert len(source.fetch_day(SAMPLE_DAY)) == 3


def test_a_day_that_has_not_begun_is_refused_with_what_to_do(
    source: HuggingFaceClient, server: FakeHuggingFace
) -> None:
    with pytest.raises(
        ConfigError,
        match=r"no daily papers of 2024-08-10.*less than or equal.*not later than today",
    ):
        source.fetch_papers(date(2024, 8, 10), date(2024, 8, 10))
    server.script(Reply(400, b"<html>Bad Request</html>"))
    with pytest.raises(ConfigError, match="it refuses the date"):
        source.fetch_day(SAMPLE_DAY)
    assert len(server.requests) == 2


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_asked_again_and_never_a_day_without_papers(
    fault: Reply, source: HuggingFaceClient, server: FakeHuggingFace
) -> None:
    server.script(fault)
    assert len(source.fetch_day(SAMPLE_DAY)) == 3
    server.always = fault
    with pytest.raises(UpstreamError):
        source.fetch_day(SAMPLE_DAY)


@pytest.mark.parametrize(
    "header", [{"Retry-After": "55"}, {"RateLimit": '"api";r=0;t=55'}], ids=["after", "limit"]
)
def test_it_waits_as_long_as_hugging_face_asks(
    header: dict[str, str], source: HuggingFaceClient, server: FakeHuggingFace, fake_time: FakeTime
) -> None:
    server.script(Reply(429, {"error": "Too many requests"}, headers=header))
    source.fetch_day(SAMPLE_DAY)
    assert max(fake_time.slept) == 55


def test_hugging_face_has_a_pace_of_its_own(
    server: FakeHuggingFace, api: ArxivApi, session: ThrottledSession, fake_time: FakeTime
) -> None:
    with throttled_session(fake_time, delay_seconds=1.0) as own:
        assert own.rate_limiter is not session.rate_limiter
        HuggingFaceClient(own, api, server.url).fetch_day(SAMPLE_DAY)
    assert fake_time.slept == [1.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ('"api";r=0;t=55', 55),
        ('"api" ; r=0; t=1', 1),
        ('"api";r=3;t=55', None),
        ("r=0;t=55", None),
        ("", None),
        (None, None),
        ('"api";r=٣;t=55', None),
    ],
)
def test_reading_a_rate_limit(header: str | None, seconds: float | None) -> None:
    assert parse_rate_limit(header) == seconds
