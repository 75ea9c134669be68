"""The daily papers of Hugging Face."""

from dataclasses import dataclass
from functools import cached_property

from chatpaper.domain import Topic
from chatpaper.fetch.huggingface import HuggingFaceClient
from chatpaper.pipeline.selection import Candidate, SearchResult
from chatpaper.pipeline.sources.windows import DateRange


@dataclass(frozen=True)
class DailyPapersSource:
    """Offers the lists of some days; `base_url` is where a person finds them.

    They are read once for all topics, each of which takes the papers that are about it.
    """

    hugging_face: HuggingFaceClient
    days: DateRange
    base_url: str

    @cached_property
    def _offer(self) -> SearchResult:
        candidates = [
            Candidate(daily.paper, warnings=(daily.warning,) if daily.warning else ())
            for daily in self.hugging_face.fetch_papers(self.days.since, self.days.until)
        ]
        nothing = "" if candidates else "Hugging Face lists no papers"
        return SearchResult(candidates, "huggingface", nothing_announced=nothing)

    def find(self, topic: Topic) -> SearchResult:
        """Offer all papers of the lists. Raises UpstreamError."""
        return self._offer

    def describe(self, topic: Topic) -> str:
        """Return the address of the lists."""
        since, until = self.days.since, self.days.until
        to = "" if since == until else f" to {until}"
        return f"{self.base_url}/papers/date/{since}{to}"
