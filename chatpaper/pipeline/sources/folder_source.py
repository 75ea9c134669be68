"""The papers of a folder of PDFs, which a person filled by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from chatpaper.domain import Paper, Topic
from chatpaper.domain.atomic_files import compute_digest
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.arxiv.query import build_search_query
from chatpaper.fetch.folder import FolderPaper, read_folder
from chatpaper.pipeline.selection import Candidate, SearchResult
from chatpaper.pipeline.sources.windows import DateRange
from chatpaper.storage.papers.identities import Identities


@dataclass(frozen=True, slots=True)
class FolderSource:
    """Offers the papers of a folder, or those of them that were submitted on the days asked for."""

    papers: tuple[FolderPaper, ...]
    days: DateRange
    is_range_asked: bool

    @classmethod
    def read(
        cls, folder: Path, identities: Identities, days: DateRange, *, is_range_asked: bool
    ) -> Self:
        """Read the folder and its metadata. Raises ConfigError where a file cannot be read."""
        papers = _identified(read_folder(folder), identities)
        return cls(papers, days, is_range_asked)

    def find(self, topic: Topic) -> SearchResult:
        """Offer the papers that metadata.json assigns to the topic or to none."""
        chosen = [
            Candidate(found.paper, found.pdf.absolute(), chosen=True)
            for found in self.papers
            if self._is_in_range(found.paper) and (not found.topics or topic.name in found.topics)
        ]
        return SearchResult(chosen, "folder")

    def describe(self, topic: Topic) -> str:
        """Return the query by which arXiv would be searched for the topic."""
        return build_search_query(topic, *self.days.bounds)

    def _is_in_range(self, paper: Paper) -> bool:
        return (
            not self.is_range_asked
            or paper.published is None
            or self.days.contains(paper.published)
        )


def _identified(papers: Sequence[FolderPaper], identities: Identities) -> tuple[FolderPaper, ...]:
    """Return the papers under the keys of their contents.

    Of two files with the same contents, the first is kept.
    """
    known: dict[str, FolderPaper] = {}
    for found in papers:
        paper = found.paper
        if paper.is_from_elsewhere:
            try:
                key = identities.assign_key(
                    compute_digest(found.pdf), paper.arxiv_id, str(found.pdf.absolute())
                )
            except OSError as error:
                raise ConfigError(f"{found.pdf} cannot be read: {error.strerror}.") from error
            found = replace(found, paper=replace(paper, arxiv_id=key))
        known.setdefault(found.paper.arxiv_id, found)
    return tuple(known.values())
