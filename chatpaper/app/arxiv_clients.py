"""Build the clients of arXiv's services from the settings."""

from collections.abc import Sequence
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.domain import Paper, Topic
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import PdfUnavailableError, UpstreamError
from chatpaper.fetch.arxiv.announcements import AnnouncementReader
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.arxiv.licenses import LicenseClient
from chatpaper.fetch.arxiv.oai import OaiClient
from chatpaper.fetch.arxiv.rss import RssClient
from chatpaper.fetch.http.cooldown import REFUSED, HostCooldown
from chatpaper.fetch.http.rate_limiter import RateLimiter
from chatpaper.fetch.http.retries import LONGEST_WAIT_SECONDS
from chatpaper.fetch.http.session import ThrottledSession
from chatpaper.fetch.pdf_cache import PdfCache
from chatpaper.storage.cooldowns import CooldownStore


class ArxivClients:
    """The clients of arXiv, or of the mirror that the settings name.

    They share one session, and with it one request rate.
    """

    def __init__(
        self, settings: Settings, clock: Clock = SYSTEM_CLOCK, topics: Sequence[Topic] = ()
    ) -> None:
        """Build the clients.

        `clock` waits before a failed request is repeated; `topics` are those of the run, which
        share one feed.
        """
        self.clock = clock
        self.session = ThrottledSession(
            contact=settings.arxiv.contact,
            delay_seconds=settings.arxiv.delay_seconds,
            timeout_seconds=settings.arxiv.timeout_seconds,
            max_attempts=settings.arxiv.max_attempts,
            clock=clock,
        )
        self.api = ArxivApi(
            self.session, api_url=settings.arxiv.api_url, site_url=settings.arxiv.site_url
        )
        self.pdfs = PdfCache(settings.cache_dir, self.session, settings.arxiv.site_url)
        # Other servers have a pace of their own, and are asked for each paper: a refusal says that
        # programs get no PDFs there, and not that they ask too often.
        self._preprint_pdfs = PdfCache(
            settings.cache_dir,
            ThrottledSession(
                contact=settings.arxiv.contact,
                delay_seconds=settings.preprints.delay_seconds,
                timeout_seconds=settings.arxiv.timeout_seconds,
                max_attempts=settings.arxiv.max_attempts,
                rate_limiter=RateLimiter(),
                clock=clock,
            ),
        )
        self.feeds = RssClient(self.session, settings.arxiv.rss_url)
        self.announcements = AnnouncementReader(
            self.session, self.feeds, settings.arxiv.site_url, topics
        )
        self.oai = OaiClient(self.session, settings.arxiv.oai_url)
        self.licenses = LicenseClient(self.feeds, self.oai, clock)

    def enable_cooldowns(self, cooldowns: CooldownStore, pause_seconds: float) -> None:
        """Respect the pauses that services asked earlier runs for, and record those of this one."""
        self.session.cooldown = HostCooldown(
            cooldowns,
            self.clock,
            pause_seconds=pause_seconds,
            longest_wait_seconds=LONGEST_WAIT_SECONDS,
        )

    def fetch_pdf(self, paper: Paper) -> Path:
        """Fetch the PDF of a paper, or take it from the cache; raises as `PdfCache.fetch` does."""
        if not paper.pdf_url:
            raise PdfUnavailableError(
                f"{paper.idv} is not on arXiv: it has no PDF that could be fetched"
            )
        if paper.source != "file":
            return self.pdfs.fetch(paper)
        if paper.abstract:
            return self._fetch_preprint(paper)
        return self.pdfs.fetch_url(paper.pdf_url)

    def _fetch_preprint(self, paper: Paper) -> Path:
        """Fetch the PDF of a paper that another server has listed with its abstract."""
        try:
            return self._preprint_pdfs.fetch_url(paper.pdf_url)
        except UpstreamError as error:
            if error.status != REFUSED:
                raise
            raise PdfUnavailableError(
                f"{paper.idv}: its server gives programs no PDF", url=paper.pdf_url, status=REFUSED
            ) from error
