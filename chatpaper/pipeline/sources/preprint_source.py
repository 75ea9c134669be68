"""The papers of servers that cannot be searched: read whole, and looked through here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from chatpaper.domain import Paper, Topic
from chatpaper.fetch.topics.relevance import judge_relevance
from chatpaper.pipeline.selection import Candidate, SearchResult


@dataclass(frozen=True)
class PreprintSource:
    """Offers what a server has posted, read once for all topics.

    `name` is that of the server, and `scope` says what of it was read.
    """

    name: str
    scope: str
    fetch: Callable[[], Sequence[Paper]]

    @cached_property
    def _papers(self) -> tuple[Paper, ...]:
        return tuple(self.fetch())

    def find(self, topic: Topic) -> SearchResult:
        """Find the papers about a topic, as a search would. Raises UpstreamError."""
        if not topic.phrases and not topic.all_of:
            note = f"{self.name} knows no query of arXiv's: give the topic phrases"
            return SearchResult((), self.name, self.scope, notes=(note,))
        about = [
            Candidate(paper) for paper in self._papers if judge_relevance(topic, paper).relevant
        ]
        nothing = "" if self._papers else f"{self.name} has posted nothing"
        return SearchResult(about, self.name, self.scope, nothing_announced=nothing)

    def describe(self, topic: Topic) -> str:
        """Return what of the server is read."""
        return self.scope
