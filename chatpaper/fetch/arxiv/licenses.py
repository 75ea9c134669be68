"""Under which licences papers are: from the day's feed where it has them, else record by record.

The feed that was read to find the papers answers for those that were announced last, or one request
does; each of the others costs a request of its own, at arXiv's pace of one in three seconds.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chatpaper.domain import Paper
from chatpaper.domain.errors import (
    BudgetReachedError,
    ChatPaperError,
    FetchError,
    UpstreamError,
)
from chatpaper.fetch.arxiv.oai import OaiRecords
from chatpaper.fetch.arxiv.rss import RssFeeds

_log = logging.getLogger(__name__)

# What is submitted on a Thursday afternoon stands in Monday's feed; a holiday adds a day, time
# zones another.
_LONGEST_IN_FEED = timedelta(days=6)
# A feed for one paper saves nothing over its record.
_FEWEST_FOR_FEED = 2


@dataclass(frozen=True, slots=True)
class LicenseAnswer:
    """What arXiv says of the licence of one version of a paper.

    `license` is its URI, empty where arXiv names none or names that of a later version alone, and
    None where arXiv has not answered, for the reason in `fault`.
    """

    paper: Paper
    license: str | None
    fault: str = ""


class LicenseSource:
    """Asks arXiv for licences, with as few requests as it takes."""

    def __init__(
        self,
        feeds: RssFeeds,
        records: OaiRecords,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._feeds = feeds
        self._records = records
        self._now = now

    def ask(self, papers: Sequence[Paper]) -> Iterator[LicenseAnswer]:
        """Ask record by record: one answer a paper, as they come in; each paper needs its version.

        Raises nothing: faults are answers. A service that does not answer once, after all its
        retries, is not asked for the other papers, nor when the run is asked to stop while it waits
        to try again.
        """
        down = ""
        for paper in papers:
            if down:
                yield LicenseAnswer(paper, None, down)
                continue
            try:
                yield LicenseAnswer(paper, self._in_record(paper))
            except (UpstreamError, BudgetReachedError) as error:
                down = str(error)
                yield LicenseAnswer(paper, None, down)
            except FetchError as error:
                yield LicenseAnswer(paper, None, str(error))

    def announced(self, papers: Sequence[Paper]) -> dict[str, str]:
        """The licences that stand in the day's feed, by the papers' ids with their versions.

        A feed is asked for only where none was in this run, and where it saves requests. Raises
        nothing.
        """
        if not self._feeds.was_asked:
            self._read_feed(papers)
        licenses = {each.idv: each.license for each in self._feeds.announcements if each.license}
        return {paper.idv: licenses[paper.idv] for paper in papers if paper.idv in licenses}

    def _read_feed(self, papers: Sequence[Paper]) -> None:
        since = self._now() - _LONGEST_IN_FEED
        recent = [
            paper
            for paper in papers
            if paper.categories and paper.updated and paper.updated >= since
        ]
        if len(recent) < _FEWEST_FOR_FEED:
            return
        try:
            self._feeds.read(
                sorted({paper.primary_category or paper.categories[0] for paper in recent})
            )
        except ChatPaperError as error:
            _log.warning("%s; asking for the licence of each paper instead", error)

    def _in_record(self, paper: Paper) -> str:
        record = self._records.get(paper.arxiv_id)
        version = paper.version or record.version
        if record.version < version:
            raise FetchError(f"arXiv's records know no version {version} of {paper.arxiv_id} yet")
        return record.license if record.version == version else ""
