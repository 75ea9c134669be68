"""Searching and looking up, against a server that speaks arXiv's feed and plays its faults."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from xml.sax.saxutils import escape

import pytest

from chatpaper.domain import ArxivId, Topic
from chatpaper.domain.errors import ConfigError, PaperNotFoundError, UpstreamError
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.http.session import ThrottledSession
from tests.fakes.arxiv import API_PATH, FakeArxiv
from tests.fakes.arxiv_faults import (
    Exchange,
    Fault,
    blank_body,
    body,
    broken_chunks,
    changed_total,
    empty_feed,
    error_entry,
    gzip_garbage,
    healthy,
    html_page,
    missing_field,
    missing_total,
    reset,
    shifted_start,
    short_page,
    status,
    truncated_xml,
    wrong_content_length,
)
from tests.fakes.arxiv_feed import FakePaper
from tests.fetch.conftest import FakeTime

DIFFUSION = Topic("Diffusion Models", phrases=("diffusion model",))
SINCE, UNTIL = date(2024, 7, 20), date(2024, 7, 26)
NEWEST_FIRST = ["2407.18125", "2407.17229", "2407.17571", "2407.16772"]

FAULTS = {
    "429": status(429),
    "429 with Retry-After": status(429, retry_after=3),
    "406": status(406),
    "403": status(403),
    "503": status(503),
    "web page": html_page(),
    "blank body": blank_body(),
    "truncated XML": truncated_xml(),
    "short page": short_page(),
    "page without entries but a total": short_page(2),
    "entry without published": missing_field("published"),
    "entry without title": missing_field("title"),
    "entry without id": missing_field("id"),
    "entry with a strange date": body(
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id><title>x</title><published>soon</published>'
        b"<updated>soon</updated></entry></feed>",
        "application/atom+xml",
    ),
    "feed without a total": missing_total(),
    "other XML": body(b"<rss/>", "application/atom+xml"),
    "feed served as a page": body(b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "text/html"),
    "page from elsewhere": shifted_start(7),
    "404": status(404),
    "broken chunks": broken_chunks(),
    "reset": reset(),
    "gzip garbage": gzip_garbage(),
    "wrong content length": wrong_content_length(),
}
# One entry that lacks something costs itself alone, however long it lasts.
LASTING = [
    pytest.param(fault, id=name)
    for name, fault in FAULTS.items()
    if not name.startswith("entry without")
]


def ids(papers: Any) -> list[str]:
    return [paper.arxiv_id for paper in papers]


def paper(number: int, **more: Any) -> FakePaper:
    moment = datetime(2024, 7, 21, tzinfo=UTC) + timedelta(minutes=number)
    return FakePaper(
        f"2407.{number:05d}", f"Diffusion model number {number}", published=moment, **more
    )


def test_a_search_reads_all_pages_newest_first(api: ArxivApi, arxiv_server: FakeArxiv) -> None:
    outcome = api.search(DIFFUSION, SINCE, UNTIL)
    assert ids(outcome.papers) == NEWEST_FIRST
    assert [each.query["start"] for each in arxiv_server.requests] == ["0", "2"]
    assert arxiv_server.requests[0].query["search_query"] == outcome.query
    assert "chatpaper/" in arxiv_server.requests[0].headers["User-Agent"]


def test_a_paper_is_what_arxiv_says_with_white_space_collapsed(
    api: ArxivApi, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.papers = [
        FakePaper(
            "hep-th/9901001",
            "Landmark   detection\n  in  diffusion model <images> & more",
            "A\n  diffusion  model.",
            ("Oğuzhan  Fatih Kar", "李 明"),
            version=3,
            published=datetime(2024, 7, 21, 1, 2, 3, tzinfo=UTC),
            updated=datetime(2024, 7, 22, tzinfo=UTC),
            categories=("hep-th", "cs.LG", "hep-th"),
            comment="12 pages,\n 3 figures",
            journal_ref="J. Phys. 1 (2024)",
            doi="10.1000/1",
            affiliations=("Somewhere",),
        )
    ]
    (found,) = api.search(DIFFUSION, SINCE, UNTIL).papers
    assert found.idv == "hep-th/9901001v3"
    assert found.title == "Landmark detection in diffusion model <images> & more"
    assert found.abstract == "A diffusion model."
    assert found.authors == ("Oğuzhan Fatih Kar", "李 明")
    assert (found.published, found.updated) == (
        datetime(2024, 7, 21, 1, 2, 3, tzinfo=UTC),
        datetime(2024, 7, 22, tzinfo=UTC),
    )
    assert (found.primary_category, found.categories) == ("hep-th", ("hep-th", "cs.LG"))
    assert (found.comment, found.journal_ref, found.doi) == (
        "12 pages, 3 figures",
        "J. Phys. 1 (2024)",
        "10.1000/1",
    )
    assert found.abs_url == "http://arxiv.org/abs/hep-th/9901001v3"
    assert found.pdf_url == f"{arxiv_server.url}/pdf/hep-th/9901001v3"
    assert (found.source, found.withdrawn) == ("arxiv", False)


@pytest.mark.parametrize("fault", [pytest.param(fault, id=name) for name, fault in FAULTS.items()])
def test_a_fault_on_any_page_costs_a_request_and_no_paper(
    api: ArxivApi, arxiv_server: FakeArxiv, fault: Fault
) -> None:
    arxiv_server.script(fault, healthy(), fault)
    assert ids(api.search(DIFFUSION, SINCE, UNTIL).papers) == NEWEST_FIRST
    assert arxiv_server.count() == 4


@pytest.mark.parametrize("place", range(len(NEWEST_FIRST)))
def test_an_entry_that_stays_unreadable_costs_itself_alone_and_is_told(
    api: ArxivApi, arxiv_server: FakeArxiv, place: int
) -> None:
    identifier = NEWEST_FIRST[place]
    (title,) = (paper.title for paper in arxiv_server.papers if paper.arxiv_id == identifier)

    def without_title(exchange: Exchange) -> None:
        content = exchange.reply.body.replace(f"<title>{escape(title)}</title>".encode(), b"")
        exchange.send(replace(exchange.reply, body=content))

    arxiv_server.always(without_title)
    found = api.search(DIFFUSION, SINCE, UNTIL)
    assert ids(found.papers) == [other for other in NEWEST_FIRST if other != identifier]
    (fault,) = found.unreadable
    assert f"/abs/{identifier}" in fault
    # Each page once, and once more the one with the entry.
    assert arxiv_server.count() == 3


@pytest.mark.parametrize("fault", LASTING)
def test_a_lasting_fault_is_never_a_quiet_day(
    api: ArxivApi, arxiv_server: FakeArxiv, fault: Fault
) -> None:
    arxiv_server.always(fault)
    with pytest.raises(UpstreamError):
        api.search(DIFFUSION, SINCE, UNTIL)


@pytest.mark.parametrize("fault", LASTING)
def test_a_lasting_fault_on_a_later_page_does_not_pass_for_the_end(
    api: ArxivApi, arxiv_server: FakeArxiv, fault: Fault
) -> None:
    arxiv_server.script(healthy())
    arxiv_server.always(fault)
    with pytest.raises(UpstreamError):
        api.search(DIFFUSION, SINCE, UNTIL)


def test_an_empty_first_page_is_asked_for_again(api: ArxivApi, arxiv_server: FakeArxiv) -> None:
    arxiv_server.script(empty_feed(), empty_feed())
    assert ids(api.search(DIFFUSION, SINCE, UNTIL).papers) == NEWEST_FIRST


def test_no_papers_are_believed_in_the_end(api: ArxivApi, arxiv_server: FakeArxiv) -> None:
    assert api.search(Topic("none", phrases=("perpetual motion",)), SINCE, UNTIL).papers == ()
    assert arxiv_server.count() == 3


def test_a_later_page_that_says_there_is_nothing_is_not_believed(
    api: ArxivApi, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.script(healthy(), empty_feed())
    assert ids(api.search(DIFFUSION, SINCE, UNTIL).papers) == NEWEST_FIRST


def test_a_total_that_grows_while_we_read_brings_all_papers(
    api: ArxivApi, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.script(changed_total(-1))
    assert ids(api.search(DIFFUSION, SINCE, UNTIL).papers) == NEWEST_FIRST


def test_papers_that_move_between_pages_are_neither_lost_nor_doubled(
    api: ArxivApi, arxiv_server: FakeArxiv
) -> None:
    def newcomer(exchange: Any) -> None:
        arxiv_server.papers.append(
            FakePaper(
                "2407.12345", "Diffusion model", published=datetime(2024, 7, 26, 10, 0, tzinfo=UTC)
            )
        )
        exchange.send(exchange.reply)

    arxiv_server.script(newcomer)
    found = ids(api.search(DIFFUSION, SINCE, UNTIL).papers)
    assert sorted(found) == sorted([*NEWEST_FIRST, "2407.12345"])


def test_a_total_that_never_agrees_with_what_comes_is_a_fault(
    api: ArxivApi, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.script(
        changed_total(+1), healthy(), short_page(0), changed_total(+1), healthy(), healthy()
    )
    with pytest.raises(UpstreamError, match=r"states 5 papers .* but sent 4"):
        api.search(DIFFUSION, SINCE, UNTIL)


def test_a_paper_that_arxiv_lists_twice_comes_once(api: ArxivApi, arxiv_server: FakeArxiv) -> None:
    arxiv_server.papers.append(arxiv_server.papers[0])
    assert ids(api.search(DIFFUSION, SINCE, UNTIL).papers) == NEWEST_FIRST


def test_a_window_with_more_papers_than_arxiv_pages_through_is_cut_into_halves(
    session: ThrottledSession,
) -> None:
    with FakeArxiv([paper(number) for number in range(1, 60)], deepest=20) as server:
        api = ArxivApi(
            session, api_url=server.api_url, site_url=server.url, page_size=8, deepest_result=20
        )
        found = api.search(DIFFUSION, SINCE, UNTIL).papers
        assert ids(found) == [f"2407.{number:05d}" for number in range(59, 0, -1)]
        assert all(int(each.query["start"]) < 20 for each in server.requests)


def test_more_papers_in_a_minute_than_can_be_read_is_said(session: ThrottledSession) -> None:
    moment = datetime(2024, 7, 21, tzinfo=UTC)
    crowd = [
        FakePaper(f"2407.{number:05d}", "Diffusion model", published=moment)
        for number in range(1, 10)
    ]
    with FakeArxiv(crowd, deepest=5) as server:
        api = ArxivApi(session, api_url=server.api_url, page_size=2, deepest_result=5)
        with pytest.raises(ConfigError, match="more than 5 papers a minute"):
            api.search(DIFFUSION, SINCE, UNTIL)


def test_the_window_holds_whole_days_in_gmt_both_included(
    api: ArxivApi, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.papers = [
        FakePaper(
            "2407.00001", "Diffusion model", published=datetime(2024, 7, 19, 23, 59, tzinfo=UTC)
        ),
        FakePaper(
            "2407.00002", "Diffusion model", published=datetime(2024, 7, 20, 0, 0, tzinfo=UTC)
        ),
        FakePaper(
            "2407.00003", "Diffusion model", published=datetime(2024, 7, 26, 23, 59, 59, tzinfo=UTC)
        ),
        FakePaper(
            "2407.00004", "Diffusion model", published=datetime(2024, 7, 27, 0, 0, tzinfo=UTC)
        ),
    ]
    assert ids(api.search(DIFFUSION, SINCE, UNTIL).papers) == ["2407.00003", "2407.00002"]


def test_times_of_another_zone_are_turned_into_gmt(api: ArxivApi) -> None:
    shanghai = timezone(timedelta(hours=8))
    query = api.search(
        DIFFUSION,
        datetime(2024, 7, 21, 3, 0, tzinfo=shanghai),
        datetime(2024, 7, 22, 3, 0, tzinfo=shanghai),
    ).query
    assert "submittedDate:[202407201900 TO 202407211900]" in query


def test_a_window_that_ends_before_it_begins_is_the_users_mistake(api: ArxivApi) -> None:
    with pytest.raises(ConfigError, match="ends"):
        api.search(DIFFUSION, UNTIL, SINCE)


def test_a_time_without_a_zone_is_a_mistake_of_the_caller(api: ArxivApi) -> None:
    with pytest.raises(ValueError, match="time zone"):
        api.search(DIFFUSION, datetime(2024, 7, 20), UNTIL)  # noqa: DTZ001 (that is the mistake)


def test_a_query_that_arxiv_refuses_names_the_topic(api: ArxivApi, arxiv_server: FakeArxiv) -> None:
    with pytest.raises(ConfigError, match=r"'Mine'.*unknown field"):
        api.search(Topic("Mine", query="nofield:x", builtin=False), SINCE, UNTIL)
    assert arxiv_server.count() == 1


def test_a_query_made_from_phrases_that_arxiv_refuses_is_no_mistake_of_the_user(
    api: ArxivApi, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.always(error_entry("cannot do that"))
    with pytest.raises(UpstreamError, match=r"'Diffusion Models'.*cannot do that"):
        api.search(DIFFUSION, SINCE, UNTIL)


def test_an_error_entry_on_a_later_page_is_one_too(api: ArxivApi, arxiv_server: FakeArxiv) -> None:
    arxiv_server.script(healthy(), error_entry("cannot do that"))
    with pytest.raises(UpstreamError, match="cannot do that"):
        api.search(DIFFUSION, SINCE, UNTIL)


def test_a_count_is_what_arxiv_states(api: ArxivApi, arxiv_server: FakeArxiv) -> None:
    assert api.count(DIFFUSION, SINCE, UNTIL) == 4
    assert arxiv_server.requests[0].query["max_results"] == "1"


def test_look_ups_take_one_request_and_keep_the_order(
    api: ArxivApi, arxiv_server: FakeArxiv
) -> None:
    wanted = [ArxivId("2407.16772"), ArxivId("2407.17229"), ArxivId("2407.17229", 1)]
    found = api.fetch_records(wanted)
    assert [each.idv for each in found.values()] == ["2407.16772v1", "2407.17229v2", "2407.17229v1"]
    assert list(found) == wanted
    assert arxiv_server.count() == 1


def test_a_look_up_by_an_old_id_with_a_subject_class_finds_the_paper(
    api: ArxivApi, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.papers = [FakePaper("math/0309136", "A map")]
    assert api.by_id(ArxivId("math.GT/0309136")).title == "A map"


@pytest.mark.parametrize(
    "wanted", [ArxivId("2407.99999"), ArxivId("2407.16772", 7), ArxivId("2413.00001")]
)
def test_an_unknown_paper_is_said_to_be_unknown(api: ArxivApi, wanted: ArxivId) -> None:
    with pytest.raises(PaperNotFoundError, match=wanted.idv):
        api.by_id(wanted)


def test_one_bad_id_does_not_spoil_the_others(api: ArxivApi) -> None:
    found = api.fetch_records([ArxivId("2413.00001"), ArxivId("2407.16772"), ArxivId("2407.99999")])
    assert list(found) == [ArxivId("2407.16772")]


def test_a_fault_in_a_look_up_is_not_an_unknown_paper(
    api: ArxivApi, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.always(html_page())
    with pytest.raises(UpstreamError):
        api.by_id(ArxivId("2407.16772"))


def test_no_ids_ask_nothing(api: ArxivApi, arxiv_server: FakeArxiv) -> None:
    assert api.fetch_records([]) == {}
    assert arxiv_server.count() == 0


def test_all_requests_of_a_search_are_paced(
    api: ArxivApi, fake_time: FakeTime, arxiv_server: FakeArxiv
) -> None:
    api.search(DIFFUSION, SINCE, UNTIL)
    assert arxiv_server.count(API_PATH) == 2
    assert fake_time.slept == [3.0]
