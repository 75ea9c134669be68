from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from chatpaper.domain.clock import Clock
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.session import ThrottledSession
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_papers import SAMPLE_PAPERS


@dataclass
class FakeTime:
    """A clock that only sleeping moves."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        """What is handed in; its dates are those of the machine."""
        return Clock(sleep=self.sleep, monotonic=lambda: self.now)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def arxiv_server() -> Iterator[FakeArxiv]:
    with FakeArxiv(SAMPLE_PAPERS) as server:
        yield server


@pytest.fixture
def session(fake_time: FakeTime) -> Iterator[ThrottledSession]:
    """Provide a session whose pauses take no time; `fake_time.slept` records them."""
    with throttled_session(fake_time) as session:
        yield session


@pytest.fixture
def api(arxiv_server: FakeArxiv, session: ThrottledSession) -> ArxivApi:
    return ArxivApi(session, api_url=arxiv_server.api_url, site_url=arxiv_server.url, page_size=2)


def throttled_session(fake_time: FakeTime, **settings: object) -> ThrottledSession:
    defaults: dict[str, object] = {
        "contact": "someone@example.org",
        "delay_seconds": 3.0,
        "timeout_seconds": 5.0,
        "rate_limiter": RateLimiter(fake_time.clock),
        "clock": fake_time.clock,
    }
    return ThrottledSession(**(defaults | settings))  # type: ignore[arg-type]
