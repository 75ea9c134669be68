"""The day's announcements as a substitute for the query API: the feed, else the listing page.

Each has its own meaning.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from chatpaper.domain import Topic
from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.fetch.arxiv.announcements import AnnouncementReader, explain_unsupported_topic
from chatpaper.fetch.arxiv.listing_page import parse_listing
from chatpaper.fetch.arxiv.rss import RssClient
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.session import ThrottledSession
from tests.fakes import arxiv_faults as faults
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper
from tests.fakes.arxiv_listing import listing

NEW = FakePaper(
    "2611.00001",
    "Models of $x<y$ & more",
    "We ask\nwhether a < b.",
    authors=("José Núñez", "Ada Lovelace"),
    categories=("cs.CV", "cs.LG"),
    comment="9 pages",
)
CROSS = FakePaper(
    "2610.00002",
    "Old and crossed",
    version=3,
    categories=("stat.ML", "cs.CV"),
    announce_type="cross",
)
REPLACED = FakePaper("2501.00003", "Again", version=2, announce_type="replace")
REPLACED_CROSS = replace(
    REPLACED, arxiv_id="2501.00004", categories=("math.ST", "cs.CV"), announce_type="replace-cross"
)
PAPERS = [NEW, CROSS, REPLACED, REPLACED_CROSS]
DAY = date(2026, 11, 20)
HTML = "text/html; charset=utf-8"


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv() as server:
        server.announced = list(PAPERS)
        server.announcement_day = DAY
        yield server


def reader(arxiv: FakeArxiv, *topics: Topic) -> AnnouncementReader:
    session = ThrottledSession(delay_seconds=0, max_attempts=1, rate_limiter=RateLimiter())
    return AnnouncementReader(session, RssClient(session, arxiv.url), arxiv.url, topics)


def test_new_papers_and_cross_lists_are_candidates_and_replacements_are_not(
    arxiv: FakeArxiv,
) -> None:
    latest = reader(arxiv).read_latest(("cs.CV",))
    assert (latest.source, latest.day, latest.replacement_count, latest.is_complete) == (
        "RSS feed",
        DAY,
        2,
        True,
    )
    assert [paper.idv for paper in latest.papers] == ["2611.00001v1", "2610.00002v3"]
    assert latest.papers[0].authors == NEW.authors
    assert latest.papers[0].published is None


def test_the_listing_page_tells_the_same_but_for_versions(arxiv: FakeArxiv) -> None:
    arxiv.always(faults.status(503), path="/rss/")
    asked = reader(arxiv)
    latest = asked.read_latest(("cs.CV", "stat.*"))
    assert (latest.source, latest.day, latest.replacement_count, latest.is_complete) == (
        "listing page",
        DAY,
        2,
        True,
    )
    new, cross = latest.papers
    assert (new.idv, new.title, new.abstract) == (
        "2611.00001v1",
        NEW.title,
        "We ask whether a < b.",
    )
    assert (new.authors, new.categories, new.comment) == (NEW.authors, NEW.categories, "9 pages")
    assert (cross.arxiv_id, cross.version, cross.primary_category) == (
        "2610.00002",
        None,
        "stat.ML",
    )
    assert new.pdf_url == f"{arxiv.url}/pdf/2611.00001v1"
    # The same question is answered from memory.
    requests = len(arxiv.requests)
    assert asked.read_latest(("cs.CV", "stat.*")) == latest
    assert len(arxiv.requests) == requests


def test_a_page_that_says_that_it_shows_less_is_not_whole(arxiv: FakeArxiv) -> None:
    page = parse_listing(
        listing([NEW, replace(NEW, arxiv_id="2611.00009")], "cs.CV", DAY, most=1).encode(), HTML, ""
    )
    assert (len(page.papers), page.is_complete) == (1, False)


def test_a_feed_that_may_be_cut_is_read_category_by_category(
    arxiv: FakeArxiv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatpaper.fetch.arxiv.rss.MAX_ITEMS", 5)
    arxiv.announced = [*PAPERS, replace(NEW, arxiv_id="2611.00005", categories=("eess.IV",))]
    latest = reader(arxiv).read_latest(("cs.CV", "eess.*"))
    assert latest.is_complete
    assert [paper.arxiv_id for paper in latest.papers] == [
        "2611.00001",
        "2610.00002",
        "2611.00005",
    ]
    assert arxiv.count("/rss/") == 3


def test_where_neither_answers_it_is_a_fault(arxiv: FakeArxiv) -> None:
    arxiv.always(faults.status(500), path="/")
    with pytest.raises(UpstreamError, match="HTTP 500"):
        reader(arxiv).read_latest(("cs.CV",))


def test_a_category_that_there_is_not_spoils_the_feed_of_its_own_topic_alone(
    arxiv: FakeArxiv,
) -> None:
    asked = reader(
        arxiv,
        Topic("A", ("models",), categories=("cs.CV",)),
        Topic("B", ("models",), categories=("nonsense.XX",)),
    )
    assert [paper.arxiv_id for paper in asked.read_latest(("cs.CV",)).papers] == [
        "2611.00001",
        "2610.00002",
    ]
    with pytest.raises(ConfigError, match="check the categories"):
        asked.read_latest(("nonsense.XX",))


def test_a_day_without_updates_is_said_by_the_page() -> None:
    page = parse_listing(listing([], "cs.CV", DAY).encode(), HTML, "")
    assert (page.day, page.papers, page.is_complete) == (DAY, (), True)


GOOD = listing(PAPERS, "cs.CV", DAY)


@pytest.mark.parametrize(
    ("page", "content_type", "complaint"),
    [
        (GOOD, "application/pdf", "no web page"),
        ("", HTML, "no web page"),
        ("<html><body>Please log in</body></html>", HTML, "of which day"),
        (GOOD.replace("20 November 2026", "20 Nov"), HTML, "of which day"),
        (GOOD.replace("20 November 2026", "31 November 2026"), HTML, "of which day"),
        (GOOD.replace("articles", "items"), HTML, "without entries"),
        (GOOD.replace("New submissions (", "Hot submissions ("), HTML, "unknown section"),
        (GOOD.replace("showing 1 of 1", "showing 2 of 2", 1), HTML, "shows 1 papers"),
        (GOOD.replace('title="Abstract"', 'title="Paper"'), HTML, "without an id"),
        (GOOD.replace('id="2611.00001"', 'id="latest"'), HTML, "without an id"),
        (GOOD.replace("list-title", "title"), HTML, "without a title"),
        (GOOD[: GOOD.index("</dl>") + 5], HTML, "cut off"),
    ],
)
def test_what_is_no_listing_is_a_fault_and_no_empty_day(
    page: str, content_type: str, complaint: str
) -> None:
    with pytest.raises(UpstreamError, match=complaint):
        parse_listing(page.encode(), content_type, "https://arxiv.org/list/cs.CV/new")


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        (Topic("A", phrases=("a",)), "has no categories"),
        (Topic("A", query="au:Curie", categories=("cs.CV",)), "query of its own"),
        (Topic("A", phrases=("a",), query="au:Curie", categories=("cs.CV",)), "query of its own"),
        (Topic("A", phrases=("a",), categories=("cs.CV",)), "^$"),
    ],
)
def test_it_is_said_for_which_topics_no_feed_can_stand_in(topic: Topic, reason: str) -> None:
    assert re.search(reason, explain_unsupported_topic(topic))


def test_a_listing_is_held_against_the_total_that_it_states() -> None:
    page = listing(PAPERS, "cs.CV", DAY).encode()
    assert parse_listing(page, HTML, "u").is_complete
    # What is on another page is in the total alone.
    more = page.replace(b"Total of 4 entries", b"Total of 2004 entries")
    assert not parse_listing(more, HTML, "u").is_complete
    fewer = page.replace(b"Total of 4 entries", b"Total of 3 entries")
    with pytest.raises(UpstreamError, match="of 3 papers whose sections have 4"):
        parse_listing(fewer, HTML, "u")
