"""The papers of a range of days that a person asked for."""

from dataclasses import dataclass

from chatpaper.domain import Topic
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.arxiv.query import build_search_query
from chatpaper.pipeline.selection import Candidate, SearchResult
from chatpaper.pipeline.sources.windows import DateRange


@dataclass(frozen=True, slots=True)
class RangeSource:
    """Searches arXiv for papers that were submitted on some days; it moves no watermark."""

    api: ArxivApi
    days: DateRange

    def find(self, topic: Topic) -> SearchResult:
        """Find the papers of a topic. Raises UpstreamError."""
        found = self.api.search(topic, self.days.since, self.days.until)
        return SearchResult([Candidate(paper) for paper in found.papers], "arXiv API", found.query)

    def describe(self, topic: Topic) -> str:
        """Return the query of the topic."""
        return build_search_query(topic, *self.days.bounds)
