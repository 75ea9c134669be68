"""At the announcement: a run waits for the listing, politely, and takes the batch from it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chatpaper.domain import Topic
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import BudgetReachedError
from chatpaper.fetch.arxiv.announcements import AnnouncementReader
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.arxiv.calendar import find_awaited_announcement, find_fresh_announcement
from chatpaper.fetch.arxiv.rss import RssClient
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.pipeline.selection import SearchResult
from chatpaper.pipeline.sources.announced_papers import AnnouncedPapersSource
from chatpaper.pipeline.sources.awaiting import POLL_SECONDS, await_announcement
from chatpaper.pipeline.sources.windows import SearchNight
from tests.fakes import arxiv_faults as faults
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper

TOPIC = Topic("Ice", phrases=("sea ice",), categories=("physics.ao-ph", "cs.CV"))
OTHER = replace(TOPIC, name="Snow", phrases=("snow",))
# A Thursday evening in New York, 20:00 there; its listing is that of Friday.
ANNOUNCED_AT = datetime(2026, 10, 16, 0, 0, tzinfo=UTC)
LISTED = date(2026, 10, 16)
NEW = FakePaper("2610.00001", "Models of sea ice", "Ice.", categories=("physics.ao-ph",))
CROSS = replace(NEW, arxiv_id="2610.00002", categories=("cs.LG", "cs.CV"), announce_type="cross")
REPLACED = replace(NEW, arxiv_id="2501.00003", version=2, announce_type="replace")
OFF_TOPIC = replace(NEW, arxiv_id="2610.00004", title="Models of mud", abstract="Mud.")


@dataclass
class Evening:
    """A clock that waiting advances, and an arXiv whose listing changes at a time."""

    arxiv: FakeArxiv
    now: datetime
    shown_at: datetime = ANNOUNCED_AT
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += timedelta(seconds=seconds)
        if self.now >= self.shown_at:
            self.arxiv.announcement_day = LISTED

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.now, sleep=self.sleep)

    def wait(self) -> str:
        return await_announcement((TOPIC,), read_announcements(self.arxiv), self.clock)


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv() as server:
        server.announced = [NEW, CROSS, REPLACED, OFF_TOPIC]
        server.announcement_day = LISTED - timedelta(1)
        yield server


def read_announcements(arxiv: FakeArxiv) -> AnnouncementReader:
    session = ThrottledSession(delay_seconds=0, max_attempts=1, rate_limiter=RateLimiter())
    return AnnouncementReader(session, RssClient(session, arxiv.url), arxiv.url)


def test_a_run_waits_for_the_hour_and_then_looks_every_two_minutes(arxiv: FakeArxiv) -> None:
    evening = Evening(arxiv, ANNOUNCED_AT - timedelta(hours=1), ANNOUNCED_AT + timedelta(minutes=7))
    assert evening.wait() == ""
    assert evening.pauses == [3600.0, *[POLL_SECONDS] * 4]
    assert evening.now - ANNOUNCED_AT == timedelta(minutes=8)
    assert arxiv.count("/list/") == 5
    assert arxiv.count() == 5


def test_a_listing_that_cannot_be_read_is_waited_for_like_one_that_is_late(
    arxiv: FakeArxiv,
) -> None:
    arxiv.script(faults.status(503), path="/list/")
    evening = Evening(arxiv, ANNOUNCED_AT, ANNOUNCED_AT + timedelta(minutes=1))
    assert evening.wait() == ""
    assert evening.pauses == [POLL_SECONDS]


def test_a_batch_that_does_not_come_is_not_waited_for_for_ever(arxiv: FakeArxiv) -> None:
    evening = Evening(arxiv, ANNOUNCED_AT, ANNOUNCED_AT + timedelta(days=1))
    told = evening.wait()
    assert told.startswith("arXiv's listing of 2026-10-16 did not come within 5 hours")
    assert evening.now - ANNOUNCED_AT == timedelta(hours=5)


@pytest.mark.parametrize(
    ("moment", "awaited"),
    [
        # From three hours before an announcement until all services show it.
        (ANNOUNCED_AT - timedelta(hours=3), date(2026, 10, 15)),
        (ANNOUNCED_AT - timedelta(hours=3, minutes=1), None),
        (ANNOUNCED_AT + timedelta(hours=5, minutes=59), date(2026, 10, 15)),
        (ANNOUNCED_AT + timedelta(hours=6), None),
        # Friday evening; then the eve of Thanksgiving, which may be put off.
        (ANNOUNCED_AT + timedelta(days=1), None),
        (datetime(2026, 11, 26, 1, tzinfo=UTC), None),
        # Winter time begins: 20:00 in New York is an hour later elsewhere.
        (datetime(2026, 11, 2, 0, 30, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 1, 30, tzinfo=UTC), date(2026, 11, 1)),
    ],
)
def test_only_what_is_sure_to_come_soon_is_awaited(moment: datetime, awaited: date | None) -> None:
    found = find_awaited_announcement(moment)
    assert (found.day if found else None) == awaited


def test_an_evening_that_may_be_put_off_is_looked_at_but_not_awaited() -> None:
    eve = datetime(2026, 11, 26, 2, tzinfo=UTC)
    assert find_awaited_announcement(eve) is None
    fresh = find_fresh_announcement(eve)
    assert fresh is not None
    assert fresh.day == date(2026, 11, 25)


def test_nothing_is_awaited_where_no_listing_could_tell(arxiv: FakeArxiv) -> None:
    clock = Evening(arxiv, ANNOUNCED_AT).clock
    reader = read_announcements(arxiv)
    queried = Topic("Own", query="all:ice")
    assert "No topic has categories" in await_announcement((queried,), reader, clock)
    assert arxiv.count() == 0


def test_a_run_that_is_stopped_waits_no_longer(arxiv: FakeArxiv) -> None:
    def stop(_: float) -> None:
        raise BudgetReachedError("The run was asked to stop.")

    with pytest.raises(BudgetReachedError):
        await_announcement(
            (TOPIC,), read_announcements(arxiv), Clock(now=lambda: ANNOUNCED_AT, sleep=stop)
        )


def find_fresh(
    arxiv: FakeArxiv, reader: AnnouncementReader, topic: Topic, minutes: int = 5
) -> list[str]:
    as_of = ANNOUNCED_AT + timedelta(minutes=minutes)
    session = ThrottledSession(delay_seconds=0, max_attempts=1, rate_limiter=RateLimiter())
    api = ArxivApi(session, api_url=arxiv.api_url, site_url=arxiv.url)
    source = AnnouncedPapersSource(api, reader, SearchNight(LISTED, as_of, 7, 30))
    found = source.add_fresh(topic, SearchResult(()))
    assert all(each.provisional for each in found.candidates)
    return [each.paper.arxiv_id for each in found.candidates]


def test_the_batch_of_the_evening_is_read_once_for_all_topics(arxiv: FakeArxiv) -> None:
    arxiv.announcement_day = LISTED
    reader = read_announcements(arxiv)
    assert find_fresh(arxiv, reader, TOPIC) == ["2610.00001", "2610.00002"]
    assert find_fresh(arxiv, reader, OTHER) == []
    assert arxiv.count("/list/") == len(TOPIC.categories)
    assert arxiv.count() == len(TOPIC.categories)


def test_neither_an_old_listing_nor_a_broken_one_nor_an_old_evening_adds_papers(
    arxiv: FakeArxiv,
) -> None:
    assert find_fresh(arxiv, read_announcements(arxiv), TOPIC) == []
    arxiv.announcement_day = LISTED
    arxiv.script(faults.html_page(), path="/list/")
    assert find_fresh(arxiv, read_announcements(arxiv), TOPIC) == []
    requests = arxiv.count()
    assert find_fresh(arxiv, read_announcements(arxiv), TOPIC, minutes=6 * 60) == []
    assert arxiv.count() == requests
