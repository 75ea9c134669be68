"""The licences of papers: from the day's feed where it has them, else record by record.

The feed that was read to find the papers has those of the last announcement, or one request reads
it; each of the others costs a request of its own, of which arXiv allows one in three seconds.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chatpaper.domain import Paper
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import (
    BudgetReachedError,
    ChatPaperError,
    FetchError,
    UpstreamError,
)
from chatpaper.fetch.arxiv.oai import OaiClient
from chatpaper.fetch.arxiv.rss import RssClient

_log = logging.getLogger(__name__)

# A paper of Thursday afternoon is in Monday's feed; a holiday adds a day, time zones another.
_LONGEST_IN_FEED = timedelta(days=6)
# For one paper a feed saves no request.
_MIN_PAPERS_FOR_FEED = 2


@dataclass(frozen=True, slots=True)
class LicenseResult:
    """What arXiv says about the licence of one version of a paper.

    `license` is its URI. It is empty where arXiv names none, or only that of a later version, and
    None where arXiv did not answer, for the reason in `fault`.
    """

    paper: Paper
    license: str | None
    fault: str = ""


class LicenseClient:
    """Looks licences up at arXiv with as few requests as possible."""

    def __init__(self, feeds: RssClient, records: OaiClient, clock: Clock = SYSTEM_CLOCK) -> None:
        self._feeds = feeds
        self._records = records
        self._clock = clock

    def fetch(self, papers: Sequence[Paper]) -> Iterator[LicenseResult]:
        """Fetch the licences record by record and yield one result per paper as it comes in.

        Each paper needs its version. Raises nothing: errors are results. Once the service failed
        after all retries, or the run was cancelled while it waited to try again, it is not asked
        about the remaining papers.
        """
        down = ""
        for paper in papers:
            if down:
                yield LicenseResult(paper, None, down)
                continue
            try:
                yield LicenseResult(paper, self._license_in_record(paper))
            except (UpstreamError, BudgetReachedError) as error:
                down = str(error)
                yield LicenseResult(paper, None, down)
            except FetchError as error:
                yield LicenseResult(paper, None, str(error))

    def read_feed(self, papers: Sequence[Paper]) -> dict[str, str]:
        """Read licences from the day's feed, by the papers' ids with their versions.

        A feed is requested only if none was in this run and if it saves requests. Raises nothing.
        """
        if not self._feeds.has_asked:
            self._request_feed(papers)
        licenses = {each.idv: each.license for each in self._feeds.items if each.license}
        return {paper.idv: licenses[paper.idv] for paper in papers if paper.idv in licenses}

    def _request_feed(self, papers: Sequence[Paper]) -> None:
        since = self._clock.now() - _LONGEST_IN_FEED
        recent = [
            paper
            for paper in papers
            if paper.categories and paper.updated and paper.updated >= since
        ]
        if len(recent) < _MIN_PAPERS_FOR_FEED:
            return
        try:
            self._feeds.read(
                sorted({paper.primary_category or paper.categories[0] for paper in recent})
            )
        except ChatPaperError as error:
            _log.warning("%s; asking for the licence of each paper instead", error)

    def _license_in_record(self, paper: Paper) -> str:
        record = self._records.get(paper.arxiv_id)
        version = paper.version or record.version
        if record.version < version:
            raise FetchError(f"arXiv's records know no version {version} of {paper.arxiv_id} yet")
        return record.license if record.version == version else ""
