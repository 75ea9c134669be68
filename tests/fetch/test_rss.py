"""The feed of announcements, against a server that writes it as arXiv does and plays its faults."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.fetch.arxiv.rss import RssClient, parse_rss, split_author_names
from chatpaper.fetch.http.session import ThrottledSession
from tests.fakes import arxiv_rss as fake
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_faults import (
    Fault,
    blank_body,
    body,
    broken_chunks,
    gzipped,
    html_page,
    redirect,
    reset,
    status,
    truncated_xml,
)
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.arxiv_papers import SAMPLE_PAPERS

RSS_PATH = "/rss/"
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=ZoneInfo("America/New_York"))
CC_BY = "http://creativecommons.org/licenses/by/4.0/"

FAULTS = {
    "429": status(429),
    "503": status(503),
    "404": status(404),
    "web page": html_page(),
    "blank body": blank_body(),
    "truncated": truncated_xml(),
    "broken chunks": broken_chunks(),
    "reset": reset(),
    "other XML": body(b"<feed/>", fake.RSS),
    "no channel": body(b'<rss version="2.0"/>', fake.RSS),
    "no date": body(
        b'<rss version="2.0"><channel><title>cs updates</title></channel></rss>', fake.RSS
    ),
}


@pytest.fixture
def feeds(arxiv_server: FakeArxiv, session: ThrottledSession) -> RssClient:
    arxiv_server.announced = None
    arxiv_server.announcement_day = FRIDAY
    return RssClient(session, arxiv_server.url)


def test_one_request_brings_the_day_of_several_categories(
    feeds: RssClient, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.announced = [
        FakePaper(
            "2611.00001",
            "Diffusion\n  Models",
            "One & two,\n$a < b$.",
            categories=("cs.CV", "cs.LG"),
            license=CC_BY,
        ),
        FakePaper(
            "2611.00002",
            "Crossed",
            announce_type="cross",
            categories=("math.ST", "cs.LG"),
            doi="10.1000/1",
        ),
        FakePaper(
            "hep-th/9901001",
            "Old",
            version=3,
            announce_type="replace",
            categories=("hep-th",),
            license="",
        ),
        FakePaper("2611.00004", "Elsewhere", categories=("q-bio.NC",)),
    ]
    feed = feeds.read(["cs.LG", "hep-th", "cs.LG"])
    assert arxiv_server.count() == arxiv_server.count(RSS_PATH) == 1
    assert arxiv_server.requests[0].path == "/rss/cs.LG+hep-th"
    first, second, third = feed.items
    assert (first.arxiv_id, first.version, first.idv, first.announce_type) == (
        "2611.00001",
        1,
        "2611.00001v1",
        "new",
    )
    assert (first.title, first.abstract) == ("Diffusion Models", "One & two, $a < b$.")
    assert first.authors == ("Ada Lovelace", "Alan Turing")
    assert (first.categories, first.license) == (("cs.CV", "cs.LG"), CC_BY)
    assert first.announced_at == feed.announced_at == MIDNIGHT
    assert (second.announce_type, second.doi) == ("cross", "10.1000/1")
    assert (third.idv, third.announce_type, third.license) == ("hep-th/9901001v3", "replace", "")
    assert not feed.may_be_truncated


def test_a_weekend_is_an_empty_feed_and_no_fault(feeds: RssClient, arxiv_server: FakeArxiv) -> None:
    arxiv_server.announcement_day = SATURDAY
    feed = feeds.read(["cs"])
    assert feed.items == ()
    assert feed.announced_at.date() == SATURDAY
    assert arxiv_server.count(RSS_PATH) == 1


def test_a_whole_archive_may_be_asked_for(feeds: RssClient, arxiv_server: FakeArxiv) -> None:
    assert len(feeds.read(["cs.*"]).items) == len(SAMPLE_PAPERS)
    assert arxiv_server.requests[0].path == "/rss/cs"


def test_affiliations_are_no_authors(feeds: RssClient, arxiv_server: FakeArxiv) -> None:
    arxiv_server.announced = [FakePaper("2611.00001", "A", affiliations=("MIT (USA)", "EPFL"))]
    assert feeds.read(["cs.CV"]).items[0].authors == ("Ada Lovelace", "Alan Turing")


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_asked_again_and_never_an_empty_day(
    fault: Fault, feeds: RssClient, arxiv_server: FakeArxiv
) -> None:
    arxiv_server.script(fault, path=RSS_PATH)
    assert len(feeds.read(["cs.CV"]).items) == len(SAMPLE_PAPERS)
    assert arxiv_server.count(RSS_PATH) == 2
    arxiv_server.always(fault, path=RSS_PATH)
    with pytest.raises(UpstreamError):
        feeds.read(["cs.LG"])


def test_a_feed_is_asked_for_once_whether_it_answers_or_not(
    feeds: RssClient, arxiv_server: FakeArxiv
) -> None:
    assert not feeds.has_asked
    assert feeds.read(["cs.*", "cs.CV"]) is feeds.read(["cs.LG", "cs.*"])
    assert arxiv_server.requests[0].path == "/rss/cs"
    arxiv_server.always(status(503), path=RSS_PATH)
    for _ in range(2):
        with pytest.raises(UpstreamError):
            feeds.read(["hep-th"])
    assert arxiv_server.count(RSS_PATH) == 1 + 5  # the attempts of one request
    assert {each.arxiv_id for each in feeds.items} == {paper.arxiv_id for paper in SAMPLE_PAPERS}


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ('<guid isPermaLink="false">oai:arXiv.org:2407.18125v1</guid>', ""),
        ("oai:arXiv.org:2407.18125v1", "oai:arXiv.org:2407.18125"),
        (
            "<arxiv:announce_type>new</arxiv:announce_type>",
            "<arxiv:announce_type>gone</arxiv:announce_type>",
        ),
        ("Abstract:", "Summary:"),
        ("<pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>", "<pubDate>today</pubDate>"),
        (
            "<pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>",
            "<pubDate>Fri, 20 Nov 2026 00:00:00 -0000</pubDate>",
        ),
    ],
)
def test_an_item_that_is_not_whole_makes_the_feed_a_fault(whole: str, broken: str) -> None:
    xml = fake.rss(SAMPLE_PAPERS, ["cs.CV"], FRIDAY)
    assert whole in xml
    assert len(parse_rss(xml.encode(), fake.RSS, "").items) == len(SAMPLE_PAPERS)
    with pytest.raises(UpstreamError):
        parse_rss(xml.replace(whole, broken).encode(), fake.RSS, "")


def test_an_unknown_category_is_the_users_to_mend(
    feeds: RssClient, arxiv_server: FakeArxiv
) -> None:
    with pytest.raises(ConfigError, match=r"Bad archive 'nonsense\.XX'"):
        feeds.read(["nonsense.XX"])
    with pytest.raises(ConfigError, match="is not an arXiv category"):
        feeds.read(["../admin"])
    with pytest.raises(ConfigError, match="at least one category"):
        feeds.read([])
    assert arxiv_server.count(RSS_PATH) == 1


def test_a_compressed_or_moved_feed_is_read(feeds: RssClient, arxiv_server: FakeArxiv) -> None:
    arxiv_server.script(redirect("/rss/cs.CV"), gzipped(), path=RSS_PATH)
    assert len(feeds.read(["cs.cv"]).items) == len(SAMPLE_PAPERS)


def test_a_feed_as_long_as_they_get_says_so(feeds: RssClient, arxiv_server: FakeArxiv) -> None:
    arxiv_server.announced = [
        FakePaper(f"2611.{number:05d}", "A") for number in range(1, fake.MAX_ITEMS + 2)
    ]
    feed = feeds.read(["cs.CV"])
    assert len(feed.items) == fake.MAX_ITEMS
    assert feed.may_be_truncated


def test_the_fake_knows_what_has_been_read_already(
    arxiv_server: FakeArxiv, session: ThrottledSession
) -> None:
    first = session.read(f"{arxiv_server.url}/rss/cs.CV")
    etag = {"If-None-Match": first.headers["ETag"]}
    again = requests.get(f"{arxiv_server.url}/rss/cs.CV", headers=etag, timeout=10)
    assert again.status_code == 304


def test_brackets_that_are_not_paired_lose_no_name() -> None:
    assert split_author_names("Ann Lee (MIT, Bo Yu") == ("Ann Lee (MIT", "Bo Yu")
    assert split_author_names("Ann Lee) MIT, Bo Yu") == ("Ann Lee) MIT", "Bo Yu")
    assert split_author_names("") == ()


@given(
    st.lists(
        st.tuples(
            st.text("abÉ' .-", min_size=1).filter(str.strip),
            st.lists(st.text("xyz, ()").map(lambda t: t), max_size=2),
        ),
        max_size=5,
    )
)
def test_names_come_back_whatever_their_affiliations(people: list[tuple[str, list[str]]]) -> None:
    def balanced(text: str) -> str:
        return text.replace("(", "").replace(")", "")

    line = ", ".join(
        f"{name} ({', '.join(map(balanced, places))})" if places else name
        for name, places in people
    )
    assert split_author_names(line) == tuple(" ".join(name.split()) for name, _ in people)
