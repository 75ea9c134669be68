"""Add to tonight's papers where they were published and how often they are cited."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from chatpaper.domain import Paper
from chatpaper.domain.errors import UpstreamError
from chatpaper.fetch.openalex import Publication
from chatpaper.pipeline.selection import Candidate, TopicSelection

log = logging.getLogger(__name__)


class PublicationService(Protocol):
    """Looks papers up: `chatpaper.fetch.openalex.OpenAlexClient`."""

    def find(self, papers: Sequence[Paper]) -> Mapping[str, Publication]:
        """Return what is known of papers, by their keys. Raises UpstreamError."""


@dataclass(frozen=True, slots=True)
class PublicationLookup:
    """Looks up the papers that a run is about to summarize; without a service it changes nothing.

    A night does not wait for it: where the service fails, that is told once, and the papers stay as
    they are.
    """

    service: PublicationService | None = None

    def add(self, selections: Sequence[TopicSelection]) -> list[TopicSelection]:
        """Return the selections with what is known of their papers."""
        papers = {
            candidate.paper.arxiv_id: candidate.paper
            for selection in selections
            for candidate in selection.wanted
        }
        if self.service is None or not papers:
            return [*selections]
        try:
            known = self.service.find(tuple(papers.values()))
        except UpstreamError as error:
            log.warning("%s; going on without venues and citations", error)
            return [*selections]
        return [
            replace(
                selection,
                wanted=tuple(_complete(candidate, known) for candidate in selection.wanted),
            )
            for selection in selections
        ]


def _complete(candidate: Candidate, known: Mapping[str, Publication]) -> Candidate:
    found = known.get(candidate.paper.arxiv_id)
    if found is None:
        return candidate
    paper = candidate.paper
    return replace(
        candidate,
        paper=replace(paper, venue=paper.venue or found.venue, citations=found.citations),
    )
