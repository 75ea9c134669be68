"""Weeks of nights: the real search, ledger and pipeline against the fake arXiv.

There are no PDFs and no model.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from chatpaper.app.publishing import build_publisher
from chatpaper.app.settings import Settings
from chatpaper.backends.batches.interface import BatchBackend
from chatpaper.domain import Document, Paper, Summary, TokenEstimate, Topic
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import PdfUnavailableError
from chatpaper.fetch.arxiv.announcements import AnnouncementReader
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.arxiv.calendar import Announcement, list_announcements
from chatpaper.fetch.arxiv.licenses import LicenseResult
from chatpaper.fetch.arxiv.rss import RssClient
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.pipeline.batches.broker import BatchBroker
from chatpaper.pipeline.batches.collection import BatchCollector
from chatpaper.pipeline.documents import DocumentLoader
from chatpaper.pipeline.entries import EntryStore
from chatpaper.pipeline.execution.budget import Budget
from chatpaper.pipeline.execution.cancellation import CancellationToken
from chatpaper.pipeline.execution.controls import RunControls
from chatpaper.pipeline.execution.executor import PaperExecutor
from chatpaper.pipeline.execution.steps import PaperSteps
from chatpaper.pipeline.planning import Planner
from chatpaper.pipeline.recording import RunRecorder
from chatpaper.pipeline.report.run_report import PaperReport, RunReport, Stage
from chatpaper.pipeline.request import Limits, RunRequest
from chatpaper.pipeline.run import Pipeline
from chatpaper.pipeline.sources.arxiv_source import ArxivSource
from chatpaper.pipeline.sources.windows import SearchNight
from chatpaper.pipeline.updates.licenses import LicenseResolver
from chatpaper.pipeline.updates.record_backfill import RecordBackfill
from chatpaper.pipeline.updates.revisions import RevisionTracker
from chatpaper.pipeline.updates.updates import Updates
from chatpaper.storage.run_history import TopicRun
from chatpaper.storage.store import Store
from chatpaper.summarize.cost.prices import Prices
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper

ZONE = ZoneInfo("Asia/Shanghai")
TOPIC = Topic("Ice", phrases=("sea ice",), categories=("physics.*", "cs.CV"))


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, ZONE).astimezone(UTC)


def announced_on(evening: Announcement, *, held_days: int = 0) -> tuple[FakePaper, ...]:
    """Make two papers of the topic, one of them held back by moderation, and one off topic."""
    submitted = evening.submissions_opened.astimezone(UTC) + timedelta(minutes=5)
    number = int(f"{evening.day:%m%d}0")
    category = ("physics.ao-ph",)
    return (
        FakePaper(
            f"2611.{number + 1:05d}",
            "Thin sea ice",
            "We measure it.",
            published=submitted,
            categories=category,
        ),
        FakePaper(
            f"2611.{number + 2:05d}",
            "Old sea ice",
            "We drill it.",
            published=submitted - timedelta(held_days),
            categories=("cs.CV", "physics.ao-ph"),
            announce_type="cross",
        ),
        FakePaper(
            f"2611.{number + 3:05d}",
            "Clouds",
            "We look at them.",
            published=submitted,
            categories=category,
        ),
    )


class OnePerPaper:
    """Summarizes at once, but for the papers that it is told to fail for."""

    def __init__(self, failing: Callable[[Paper], Exception | None]) -> None:
        self._failing = failing
        self.asked: list[str] = []

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        return TokenEstimate(1, 1, 0.0)

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        error = self._failing(paper)
        if error is not None:
            raise error
        self.asked.append(paper.arxiv_id)
        return Summary({}, "zh", "fake", "fake", "f", llm_calls=1)

    def missing(self, summary: Summary, fields: tuple[str, ...]) -> tuple[str, ...]:
        return ()


class NoLicenses:
    """A service that has no licences, and is asked for none."""

    def read_feed(self, papers: Sequence[Paper]) -> dict[str, str]:
        return {}

    def fetch(self, papers: Sequence[Paper]) -> Iterable[LicenseResult]:
        return ()


def _no_batches(model: str) -> BatchBackend:
    raise AssertionError("no batch is sent")


class NoProgress:
    def begin(self, papers: int) -> None: ...
    def at(self, paper: Paper, stage: Stage) -> None: ...
    def finish(self, report: PaperReport, spent_usd: float | None) -> None: ...


@dataclass
class Observatory:
    """A chatpaper that is run night by night, and the arXiv that it looks at."""

    home: Path
    arxiv: FakeArxiv
    evenings: dict[Announcement, tuple[FakePaper, ...]]
    topic: Topic = TOPIC
    failing: Callable[[Paper], Exception | None] = lambda _paper: None
    catch_up_days: int = 30
    max_papers: int | None = None
    services: str = ""
    summarized: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.arxiv.has_others = False

    def let_arxiv_announce(self, until: datetime) -> None:
        """Let arXiv show what it has announced by then."""
        shown = [evening for evening in self.evenings if evening.visible_from <= until]
        self.arxiv.papers[:] = [
            replace(paper, announce_type="new")
            for evening in shown
            for paper in self.evenings[evening]
        ]
        if shown:
            self.arxiv.announced = list(self.evenings[shown[-1]])
            self.arxiv.announcement_day = shown[-1].listing_date

    def run(self, night: date) -> RunReport:
        """Run once for the post of this date, at the end of its day."""
        as_of = end_of(night)
        session = ThrottledSession(
            delay_seconds=0,
            max_attempts=1,
            timeout_seconds=5,
            rate_limiter=RateLimiter(),
            clock=Clock(sleep=lambda _: None),
        )
        api = ArxivApi(session, api_url=self.arxiv.api_url, site_url=self.arxiv.url)
        with Store(self.home / "state") as store:
            source = ArxivSource(
                api,
                AnnouncementReader(session, RssClient(session, self.arxiv.url), self.arxiv.url),
                store.history,
                SearchNight(night, as_of, window_days=7, catch_up_days=self.catch_up_days),
            )
            request = RunRequest(night, self.home / "posts", (), Limits(papers=self.max_papers))
            model = OnePerPaper(self.failing)
            report = self._pipeline(store, request, model, api).run([self.topic], source, request)
        self.summarized += model.asked
        return report

    def _pipeline(
        self, store: Store, request: RunRequest, model: OnePerPaper, api: ArxivApi
    ) -> Pipeline:
        entries = EntryStore(store.entries)
        revisions = RevisionTracker(store.outcomes, store.revisions, "ignore", 1, api)
        folders = Settings(state_dir=self.home / "state", cache_dir=self.home / "cache")
        loader = DocumentLoader(self.home / "cache", lambda _pdf, _folder: Document("", ""))
        return Pipeline(
            Planner(entries, revisions, model, ()),
            PaperExecutor(
                PaperSteps(loader, _no_pdf, model),
                RunControls(Budget(request.limits), CancellationToken(), NoProgress()),
                concurrency=1,
            ),
            RunRecorder(store, store.new_usage_log(), entries, services=self.services),
            build_publisher(folders, store),
            Updates(
                LicenseResolver(store.licenses, NoLicenses()),
                RecordBackfill(store, api),
                revisions,
            ),
            BatchCollector(BatchBroker(store, _no_batches), store.new_usage_log(), Prices()),
        )

    def nights(self) -> tuple[TopicRun, ...]:
        """Return the ledger, newest night first.

        Each night must add up, and so must its papers.
        """
        with Store(self.home / "state") as store:
            ledger = store.history
            nights = ledger.topic_runs(date.min)
            for night in nights:
                assert night.found == night.published + night.excluded + night.failed
                assert (
                    len(ledger.papers(night.topic, night.post_date)) == night.found - night.repeated
                )
        return nights

    def published(self) -> list[tuple[str, date]]:
        """Pair each paper with the date of its post, as often as the ledger has it published."""
        with Store(self.home / "state") as store:
            ledger = store.history
            return [
                (paper.arxiv_id, night.post_date)
                for night in ledger.topic_runs(date.min)
                for paper in ledger.papers(night.topic, night.post_date)
                if paper.status == "published"
            ]

    def of_topic(self, until: datetime) -> set[str]:
        """Return the papers of the topic that arXiv has announced by then."""
        shown = [
            papers for evening, papers in self.evenings.items() if evening.visible_from <= until
        ]
        return {paper.arxiv_id for papers in shown for paper in papers if "sea ice" in paper.title}


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(number) for number in range(count)]


def evenings_of(nights: Sequence[date]) -> Iterable[Announcement]:
    return list_announcements(end_of(nights[0] - timedelta(3)), end_of(nights[-1]))


def _no_pdf(paper: Paper) -> Path:
    raise PdfUnavailableError(f"{paper.idv} has none here")
