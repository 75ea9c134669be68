"""A service that throttled us is left alone, by later runs too.

It is asked again when its pause is over.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import UpstreamError
from chatpaper.fetch.http.cooldown import HostCooldown
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.storage.store import Store
from tests.fakes import arxiv_faults as faults
from tests.fakes.arxiv import FakeArxiv


class Calendar:
    """What day and hour it is; the tests turn its pages."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 3, tzinfo=UTC)

    @property
    def clock(self) -> Clock:
        """A clock that shows the time of the calendar and never waits."""
        return Clock(lambda: self.now, sleep=lambda _: None)


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv() as server:
        yield server


def session(store: Store, calendar: Calendar) -> ThrottledSession:
    """Return a session as a new run has it."""
    polite = ThrottledSession(
        delay_seconds=0, max_attempts=2, rate_limiter=RateLimiter(), clock=calendar.clock
    )
    polite.cooldown = HostCooldown(
        store.cooldowns, calendar.clock, pause_seconds=3600, longest_wait_seconds=600
    )
    return polite


def test_a_pause_that_an_earlier_version_began_for_ever_is_over(
    arxiv: FakeArxiv, tmp_path: Path
) -> None:
    with Store(tmp_path) as store:
        store.cooldowns.begin(
            urlsplit(arxiv.url).netloc, datetime(9999, 12, 31, tzinfo=UTC), "HTTP 429"
        )
        with session(store, Calendar()) as polite:
            assert polite.read(f"{arxiv.url}/list/cs.CV/new").status_code == 200


@pytest.mark.parametrize(
    ("fault", "minutes"),
    [
        (faults.status(429), 60),
        (faults.status(406), 60),
        (faults.status(403), 60),
        (faults.status(503), 60),
        (faults.status(429, retry_after=7200), 120),
        (faults.status(500, retry_after=7200), 120),
    ],
)
def test_no_later_run_asks_before_the_pause_is_over(
    arxiv: FakeArxiv, tmp_path: Path, fault: faults.Fault, minutes: int
) -> None:
    calendar = Calendar()
    arxiv.always(fault, path="/abs/")
    with Store(tmp_path) as store:
        with pytest.raises(UpstreamError, match="HTTP"):
            session(store, calendar).read(f"{arxiv.url}/abs/1")
        asked = len(arxiv.requests)
        arxiv.heal()
        calendar.now += timedelta(minutes=minutes - 1)
        told = f"not asked before {calendar.now + timedelta(minutes=1):%Y-%m-%d %H:%M} UTC"
        with pytest.raises(UpstreamError, match=told):
            session(store, calendar).read(f"{arxiv.url}/abs/1")
        assert len(arxiv.requests) == asked
        calendar.now += timedelta(minutes=1)
        assert session(store, calendar).read(f"{arxiv.url}/abs/1").status_code == 404


def test_faults_that_are_no_throttling_begin_no_pause(arxiv: FakeArxiv, tmp_path: Path) -> None:
    calendar = Calendar()
    with Store(tmp_path) as store:
        for fault in (faults.status(500), faults.status(502), faults.reset()):
            arxiv.always(fault, path="/abs/")
            with pytest.raises(UpstreamError):
                session(store, calendar).read(f"{arxiv.url}/abs/1")
        arxiv.heal()
        assert session(store, calendar).read(f"{arxiv.url}/abs/1").status_code == 404


def test_one_file_that_is_not_there_for_now_says_nothing_about_the_others(
    arxiv: FakeArxiv, tmp_path: Path
) -> None:
    calendar = Calendar()
    arxiv.script(faults.status(503), faults.status(503), path="/pdf/")
    with Store(tmp_path) as store:
        polite = session(store, calendar)
        with pytest.raises(UpstreamError):
            polite.download(f"{arxiv.url}/pdf/1", tmp_path / "1.pdf")
        polite.download(f"{arxiv.url}/pdf/2", tmp_path / "2.pdf")
